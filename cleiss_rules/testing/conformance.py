"""Whether two engines give the same answers: the same days, outcome, legislation, instrument and rules for every case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cleiss_rules.determination import engine_in_use, engine_named, segments_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.facts.case import Case


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """What every engine has to say of a stretch of days."""

    first: date
    last: date
    outcome: str
    legislation: frozenset[str]
    instrument: str
    rule: frozenset[str]


#: cases → the answers to each of them, in the same order
Engine = Callable[[Sequence[Case]], list[list[Answer]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A case on which an engine differs from what is expected."""

    case: Case
    expected: tuple[Answer, ...]
    got: tuple[Answer, ...]


def differences(
    cases: Iterable[Case], engine: Engine, than: Engine | None = None, block: int = 4096
) -> Iterator[Difference]:
    """The cases on which ``engine`` says something else ``than`` the other (by default the reference engine)."""
    held: list[Case] = []
    for case in cases:
        held.append(case)
        if len(held) == block:
            yield from _compared(held, engine, than or reference)
            held = []
    if held:
        yield from _compared(held, engine, than or reference)


def _compared(cases: Sequence[Case], engine: Engine, than: Engine) -> Iterator[Difference]:
    for case, expected, got in zip(cases, than(cases), engine(cases), strict=True):
        if expected != got:
            yield Difference(case, tuple(expected), tuple(got))


def reference(cases: Sequence[Case]) -> list[list[Answer]]:
    """The authoritative engine."""
    return answers_under(engine_in_use(), cases)


def durable(cases: Sequence[Case]) -> list[list[Answer]]:
    """The law in use fired by durable-rules; needs ``cleiss-rules[durable]``."""
    return answers_under(engine_named("durable"), cases)


def answers_under(engine: RuleSets, cases: Sequence[Case]) -> list[list[Answer]]:
    """What rule sets say of each case."""
    return [
        joined(
            Answer(
                one.from_, one.to or date.max, one.outcome, frozenset(one.legislation), one.instrument or "",
                frozenset(basis.rule for basis in one.basis if basis.role == "decides"),
            )
            for one in segments_of(case, engine)
        )
        for case in cases
    ]  # fmt: skip


def columnar(cases: Sequence[Case]) -> list[list[Answer]]:
    """The columnar engine on the law in use; needs ``cleiss-rules[columnar]``."""
    from cleiss_rules.columnar.table import answers_of

    return columnar_with(answers_of, cases)


def columnar_with(answers_of: Callable[[Any], tuple[Any, Sequence[Any]]], cases: Sequence[Case]) -> list[list[Answer]]:
    """The same by another function from a table of situations to its answers."""
    from cleiss_rules.columnar.table import situations

    numbered = [case.model_copy(update={"id": str(place)}) for place, case in enumerate(cases)]
    answers, rejected = answers_of(situations(numbered))
    if rejected:
        raise ValueError(f"{len(rejected)} cases were rejected, the first for {rejected[0].faults[0]}")
    found: list[list[Answer]] = [[] for _ in cases]
    for row in answers.select(["case", "from", "to", "outcome", "legislation", "instrument", "rule"]).to_pylist():
        found[int(row["case"])].append(
            Answer(
                row["from"], row["to"] or date.max, row["outcome"], frozenset((row["legislation"] or "").split()),
                row["instrument"] or "", frozenset((row["rule"] or "").split()),
            )
        )  # fmt: skip
    return [joined(one) for one in found]


def joined(answers: Iterable[Answer]) -> list[Answer]:
    """Neighbouring stretches of days that say the same as one, in order."""
    done: list[Answer] = []
    for answer in sorted(answers, key=lambda one: (one.first, one.instrument, one.outcome, sorted(one.rule))):
        for place, before in enumerate(done):
            follows = before.last < date.max and before.last + timedelta(days=1) == answer.first
            if follows and _says(before) == _says(answer):
                done[place] = Answer(before.first, answer.last, *_says(answer))
                break
        else:
            done.append(answer)
    return sorted(done, key=lambda one: (one.first, one.last, one.instrument, one.outcome, sorted(one.rule)))


def _says(answer: Answer) -> tuple[str, frozenset[str], str, frozenset[str]]:
    return answer.outcome, answer.legislation, answer.instrument, answer.rule
