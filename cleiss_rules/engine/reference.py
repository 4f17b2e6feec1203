"""The authoritative engine: from the findings of all rules to one answer, with exceptions by explicit edges.

A rule stands when it is met and nothing that defeats it can stand. Two standing rules with the same State merge;
with different States they are a conflict. Order in a file decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cleiss_rules.engine.defeats import Defeats
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.truth import DISCRETION, FALSE, TRUE, Truth


class Outcome(StrEnum):
    """The outcomes of a segment, as the contract names them."""

    DETERMINED = "determined"
    UNDETERMINED = "undetermined"
    DISCRETIONARY = "discretionary"
    BOUND = "bound"
    CONFLICT = "conflict"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(slots=True, eq=False)
class Resolution:
    """What follows from the findings of one question.

    ``standing`` are the rules the answer rests on, ``open`` those that could still stand, ``defeated`` maps a met rule
    to the rules that defeat it, ``possible`` are the States still possible and ``unbounded`` says that one of them
    can't be named. ``outcome`` None: no rule of the question speaks.
    """

    outcome: Outcome | None
    states: tuple[str, ...]
    standing: tuple[Finding, ...]
    open: tuple[Finding, ...]
    defeated: Mapping[str, tuple[str, ...]]
    unbounded: bool = False


_SILENT = Resolution(None, (), (), (), {})


def resolve(findings: Sequence[Finding], defeaters: Mapping[str, tuple[str, ...]]) -> Resolution:
    """The answer to one question."""
    findings = [finding for finding in findings if finding.truth != FALSE]
    if not findings:
        return _SILENT
    truths: dict[str, list[Truth]] = {}
    for finding in findings:
        truths.setdefault(finding.rule.key, []).append(finding.truth)
    if not isinstance(defeaters, Defeats):
        defeaters = Defeats(defeaters)
    stands = defeaters.standing(truths)
    standing: list[Finding] = []
    possible: list[Finding] = []
    defeated: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        key = finding.rule.key
        surely, possibly = stands[key]
        if possibly:
            possible.append(finding)
        if finding.truth == TRUE:
            if surely:
                standing.append(finding)
            else:
                rivals = defeaters.get(key, ())
                defeated[key] = tuple(rival for rival in rivals if rival in truths and stands[rival][1])
    return _answer(standing, possible, defeated)


def _answer(
    standing: Sequence[Finding], possible: Sequence[Finding], defeated: Mapping[str, tuple[str, ...]]
) -> Resolution:
    if not possible:
        return Resolution(None, (), (), (), defeated)
    states = tuple(dict.fromkeys(state for finding in possible for state in finding.values))
    unbounded = any(finding.value_open for finding in possible)
    met = [finding for finding in possible if finding.truth == TRUE]
    if met and len(states) == 1 and not unbounded:
        return Resolution(Outcome.DETERMINED, states, tuple(standing or met), (), defeated)
    sure_states = tuple(dict.fromkeys(state for finding in standing for state in finding.values))
    if len(sure_states) > 1 and not any(finding.value_open for finding in standing):
        return Resolution(Outcome.CONFLICT, sure_states, tuple(standing), (), defeated)
    open_ = tuple(finding for finding in possible if finding not in standing or finding.value_open)
    uncertain = [finding for finding in possible if finding.truth != TRUE or finding.value_open]
    only_assessment = all(
        finding.truth == DISCRETION and (not finding.value_open or finding.rule.then.gap is not None)
        for finding in uncertain
    )
    outcome = Outcome.DISCRETIONARY if uncertain and only_assessment else Outcome.UNDETERMINED
    return Resolution(outcome, states, tuple(standing), open_, defeated, unbounded)
