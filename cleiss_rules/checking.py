"""Comparing what a regression case expects with what was determined.

Pure: no file is read, nothing is printed. The command line, the pytest plugin and anyone's own suite show the verdicts
in their own way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cleiss_rules.facts.case import Case, Expectation
from cleiss_rules.result import Result, Segment

NO_DECISION = "no decision is made by this version"
NO_SEGMENT = "no segment matches"
NOTHING_EXPECTED = "the entry expects nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as expected. ``what`` is the key of the expectation; ``segment`` is None for a decision.

    ``expected`` and ``got`` are sorted where order does not matter.
    """

    what: str
    expected: tuple[str, ...]
    got: tuple[str, ...]
    segment: tuple[date, date | None] | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one entry of ``expect``; it holds when there is no difference."""

    index: int
    expectation: Expectation
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as expected."""
        return not self.differences


def check(case: Case, result: Result) -> tuple[Verdict, ...]:
    """A verdict on each entry of ``case.expect``, in its order."""
    return tuple(
        Verdict(index, expectation, tuple(_differences(expectation, result)))
        for index, expectation in enumerate(case.expect)
    )


def matching(expectation: Expectation, segments: Sequence[Segment]) -> list[Segment]:
    """The segments that an expectation speaks of: those with its day and its instrument, where it names them."""
    return [
        segment
        for segment in segments
        if (expectation.on is None or _holds_day(segment, expectation.on))
        and expectation.instrument in (None, segment.instrument)
    ]


def _holds_day(segment: Segment, day: date) -> bool:
    return segment.from_ <= day and (segment.to is None or day <= segment.to)


def _differences(expectation: Expectation, result: Result) -> Iterator[Difference]:
    if not stated(expectation):
        yield Difference("expect", (), (), remark=NOTHING_EXPECTED)
        return
    if expectation.request is not None:
        yield from _decision_differences(expectation, result.decision)
        if not _speaks_of_segments(expectation):
            return
    segments = matching(expectation, result.segments)
    if not segments:
        found = tuple(dict.fromkeys(segment.instrument or "no instrument" for segment in result.segments))
        yield Difference("segment", _selection(expectation), found, remark=NO_SEGMENT)
    for segment in segments:
        yield from _segment_differences(expectation, segment)


def stated(expectation: Expectation) -> dict[str, Any]:
    """The keys that the entry states, as plain data in the spelling of the case file."""
    return expectation.model_dump(mode="json", by_alias=True, exclude_none=True)


def _speaks_of_segments(expectation: Expectation) -> bool:
    """Whether an entry about a decision also says something about the determination."""
    return bool(stated(expectation).keys() - {"request", "decided_by", "basis", "not_basis"})


def _selection(expectation: Expectation) -> tuple[str, ...]:
    return tuple(str(value) for value in (expectation.on, expectation.instrument) if value is not None)


def _segment_differences(expectation: Expectation, segment: Segment) -> Iterator[Difference]:
    days = (segment.from_, segment.to)
    if expectation.outcome not in (None, segment.outcome):
        yield Difference("outcome", (str(expectation.outcome),), (segment.outcome,), days)
    yield from _sets(expectation, segment, days)
    missing = [name for item in segment.missing for name in (item.fact, item.path)]
    if not set(expectation.missing or ()) <= set(missing):
        facts = tuple(item.fact for item in segment.missing)
        yield Difference("missing", expectation.missing or (), facts, days)
    yield from _own_laws(expectation, segment, days)
    if expectation.request is None:
        yield from _basis(expectation, segment.basis, days)


def _own_laws(expectation: Expectation, segment: Segment, days: tuple[date, date | None]) -> Iterator[Difference]:
    """Branch by branch, the answer itself where it holds for every branch; and what each State's own law says."""
    told = {one.branch: one.legislation for one in segment.branches} if expectation.branches else {}
    for branch, states in (expectation.branches or {}).items():
        got = told.get(branch, segment.legislation)
        if set(got) != set(states):
            yield Difference(f"branches.{branch}", tuple(sorted(states)), tuple(sorted(got)), days)
    if expectation.each_alone is not None:
        conclusion = segment.each_alone.conclusion if segment.each_alone is not None else "not told"
        if conclusion != expectation.each_alone:
            yield Difference("each_alone", (expectation.each_alone,), (conclusion,), days)


def _sets(expectation: Expectation, segment: Segment, days: tuple[date, date | None]) -> Iterator[Difference]:
    for what in ("legislation", "documents", "decided_by"):
        # With ``request`` in the entry, decided_by tells who takes that decision.
        if what == "decided_by" and expectation.request is not None:
            continue
        expected, got = getattr(expectation, what), getattr(segment, what)
        if expected is not None and set(expected) != set(got):
            yield Difference(what, tuple(sorted(set(expected))), tuple(sorted(set(got))), days)


def _basis(
    expectation: Expectation, basis: Sequence[Any], days: tuple[date, date | None] | None
) -> Iterator[Difference]:
    got = tuple(dict.fromkeys(item.rule for item in basis))
    expected = _listed(expectation.basis)
    if not set(expected) <= set(got):
        yield Difference("basis", expected, got, days)
    unwanted = tuple(rule for rule in _listed(expectation.not_basis) if rule in got)
    if unwanted:
        yield Difference("not_basis", _listed(expectation.not_basis), unwanted, days)


def _listed(rules: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (rules,) if isinstance(rules, str) else rules or ()


def _decision_differences(expectation: Expectation, decision: Any) -> Iterator[Difference]:
    request = expectation.request or ""
    if decision is None:
        yield Difference("request", (request,), (), remark=NO_DECISION)
        return
    if decision.outcome != request:
        yield Difference("request", (request,), (decision.outcome,))
    expected = expectation.decided_by
    if expected is not None and set(expected) != set(decision.decided_by):
        yield Difference("decided_by", tuple(sorted(set(expected))), tuple(sorted(set(decision.decided_by))))
    yield from _basis(expectation, decision.basis, None)
