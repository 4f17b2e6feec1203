"""Whose legislation applies in each branch (*par branche*), where an answer does not hold for all of them alike.

An agreement that keeps a posted worker under the legislation of home does so for the branches that it covers. What it
leaves out is left to each State's own law: the State of work may insure, and the home State too (double cover), or
neither. Where no source tells whether a branch is covered, the answer says so and names the article to read.
"""

from __future__ import annotations

from cleiss_rules.answers import cited
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.truth import TRUE, UNKNOWN
from cleiss_rules.explain.citations import in_language, with_article
from cleiss_rules.law.model import BRANCHES, GRADES, Coverage, Instrument
from cleiss_rules.own_law import places, views
from cleiss_rules.result import BranchAnswer, Segment, Words

_SETTLED = frozenset(("determined", "bound"))


def by_branch(segment: Segment) -> tuple[BranchAnswer, ...]:
    """One entry for each branch; none where the legislation named governs all of them, or none is named."""
    proof = segment.proof_graph()
    if segment.outcome not in _SETTLED or len(segment.legislation) != 1:
        return ()
    instrument = proof.rules.instrument
    if instrument.law_of is not None:
        return tuple(_left_to_national_law(branch, proof, None) for branch in BRANCHES)
    state, works_in = segment.legislation[0], places(proof)
    if all(place == state for place in works_in):
        return ()  # the law of the place of work governs its own branches
    coverage = _coverage(proof, state)
    if coverage is not None and len(coverage.covers) == len(BRANCHES):
        return ()
    return tuple(_answer(branch, coverage, state, proof) for branch in BRANCHES)


def _coverage(proof: Proof, state: str) -> Coverage | None:
    """What the text says of its branches for this answer: of the rules that carry it, or of all its rules."""
    rules = proof.rules
    standing = {finding.rule.key for finding in proof.resolution.standing}
    family = (rules.instrument, *(rules.law.instruments[used] for used in rules.instrument.uses))
    return next(
        (
            one
            for member in family
            for one in member.branches
            if one.kept in (None, state)
            and (not one.rules or standing & set(one.rules))
            and one.valid.covers(rules.relation.id, rules.day)
        ),
        None,
    )


def _answer(branch: str, coverage: Coverage | None, state: str, proof: Proof) -> BranchAnswer:
    instrument = proof.rules.instrument
    if coverage is not None and branch in coverage.covers:
        return BranchAnswer.made(
            branch=branch, legislation=(state,), by="instrument", cites=(_cite(instrument, coverage.cite),),
            grade=coverage.source.grade,
        )  # fmt: skip
    if coverage is not None and branch in (*coverage.outside, *coverage.host):
        return _left_to_national_law(branch, proof, coverage)
    cite = coverage.cite if coverage is not None else "scope"
    hint = instrument.hint("branches")
    return BranchAnswer.made(
        branch=branch, possible=tuple(dict.fromkeys((state, *places(proof)))), by="unknown",
        message=Words.made(
            fr=f"aucune source disponible ne dit si le texte vaut pour cette branche : lire {with_article(instrument.name.fr, 'fr')}, "
            f"{in_language(cite, 'fr')}",
            en=f"no available source tells whether the text holds for this branch: read {with_article(instrument.name.en, 'en')}, "
            f"{in_language(cite, 'en')}",
        ),
        hint=Words.made(fr=hint.fr, en=hint.en) if hint is not None else None,
    )  # fmt: skip


def _left_to_national_law(branch: str, proof: Proof, coverage: Coverage | None) -> BranchAnswer:
    """Each State's own law decides: those that insure, and those of which it is not known."""
    law = proof.rules.law
    found = views(proof)
    states = dict.fromkeys(view.state for view in found if view.told[branch] == TRUE)
    rules = [rule for view in found for rule in view.rules_for(branch, law)]
    cites = [cited(law, rule) for rule in rules]
    grades = [rule.source.grade for rule in rules]
    if coverage is not None:
        cites.append(_cite(proof.rules.instrument, coverage.cite))
        grades.append(coverage.source.grade)
        if branch in coverage.host:
            states = dict.fromkeys((*places(proof), *states))
    possible = (view.state for view in found if view.told[branch] == UNKNOWN and view.state not in states)
    return BranchAnswer.made(
        branch=branch, legislation=tuple(states), possible=tuple(possible), by="national_law",
        cites=tuple(dict.fromkeys(cites)), grade=max(grades, key=GRADES.index) if grades else None,
    )  # fmt: skip


def _cite(instrument: Instrument, cite: str) -> str:
    """The citation with the name of its text, as a basis of the answer has it."""
    return cite if cite.startswith(("Regulation", "Agreement")) else f"{instrument.name.en}, {cite}"
