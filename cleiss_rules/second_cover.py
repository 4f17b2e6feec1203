"""A second legislation that a text which yields keeps next to the one another text names (*double affiliation*).

French law is the case: where an agreement puts a posted employee under the other State's legislation, the French cover can
be kept on top by the employer's undertaking (article R761-1 of the Code, second paragraph). The agreement's answer stays
what it is; the second legislation comes after it, with the rule that keeps it and a note that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleiss_rules.answers import basis_entry, weakest
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.reference import Outcome, resolve
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.engine.truth import TRUE
from cleiss_rules.facts.case import Case
from cleiss_rules.result import Segment, Words

#: the question of the rules that keep a legislation next to that of another text
QUESTION = "besides"


def with_second_cover(segment: Segment, residual: Iterable[tuple[RuleSet, Env]]) -> Segment:
    """The segment with the legislation that a text which yields keeps besides; the same segment where none does."""
    for rules, env in residual:
        kept = resolve(rules.live(QUESTION, env), rules.defeaters)
        if kept.outcome is not Outcome.DETERMINED or kept.states[0] in segment.legislation:
            continue
        return _joined(segment, rules, kept.states[0], kept.standing)
    return segment


def may_have_second_cover(segment: Segment, case: Case) -> bool:
    """Whether it is worth asking: only a determined answer on a posting of the case can be joined by a second cover."""
    return segment.outcome == Outcome.DETERMINED.value and any(activity.posting for activity in case.activities)


def keeps_some(rules: RuleSet) -> bool:
    """Whether a text has rules that keep a legislation besides that of another text."""
    return QUESTION in rules.questions


def _joined(segment: Segment, rules: RuleSet, state: str, standing: Sequence[Finding]) -> Segment:
    said = [finding.rule for finding in standing if finding.truth == TRUE]
    basis = (*segment.basis, *(basis_entry(rules.law, rule, "decides") for rule in said))
    notes = [rule.then.note for rule in said if rule.then.note is not None]
    documents = [document.name for rule in said for document in rule.then.documents]
    return segment.model_copy(
        update={
            "legislation": (*segment.legislation, state),
            "basis": basis,
            "grade": weakest(basis),
            "documents": tuple(dict.fromkeys((*segment.documents, *documents))),
            "decided_by": tuple(dict.fromkeys((*segment.decided_by, state))),
            "notes": (*segment.notes, *(Words.made(fr=note.fr, en=note.en) for note in notes)),
        }
    )
