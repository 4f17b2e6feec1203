"""What each State's own law would say by itself (*chaque droit pris isolément*): the view of the two States.

National law says whom it insures, never whether the other State does too; so two States may both insure a person
(*double affiliation*), or neither. France's law stands in its own file, what sources tell of other States in another:
both are marked ``law_of``. A State of which no source tells is unknown, which is never "does not insure".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from cleiss_rules.answers import basis_entry, open_parts
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.reference import resolve
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.engine.truth import FALSE, TRUE, UNKNOWN, Truth
from cleiss_rules.explain import countries
from cleiss_rules.law.model import BRANCHES, Coverage, Instrument, Law, Rule, Text
from cleiss_rules.result import EachAlone, OwnLaw, Words

INSURES = ("applicable_legislation", "binding", "own_law")
EXEMPTS = "own_law_exempts"
VOLUNTARY = "voluntary"
#: kinds of instruments between two States; a regulation leaves no room for the law of each alone
_BETWEEN_TWO = frozenset(("bilateral", "decree", "national"))
_NO_SOURCE = Text(
    "aucune source disponible ne dit ce que prévoit le droit {of} : le lire",
    "no available source tells what the law of {state} provides: read it",
)
Insures = Literal["yes", "partly", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class View:
    """One State's own law on a situation: the rules that speak, and for each branch whether it insures."""

    state: str
    insuring: tuple[Finding, ...]
    exempting: tuple[Finding, ...]
    voluntary: tuple[Finding, ...]
    told: dict[str, Truth]
    proofs: tuple[tuple[Proof, tuple[Finding, ...]], ...]

    @property
    def insures(self) -> Insures:
        """Whether the law insures in every branch, in some (those told), in none, or it is not known."""
        truths = set(self.told.values())
        if TRUE in truths:
            return "yes" if truths == {TRUE} else "partly"
        return "no" if truths == {FALSE} else "unknown"

    def rules_for(self, branch: str, law: Law) -> list[Rule]:
        """The rules that surely insure against a branch, or surely exempt from it."""
        sure = (finding.rule for finding in (*self.insuring, *self.exempting) if finding.truth == TRUE)
        return [rule for rule in sure if rule.then.gap is None and branch in _covered(rule, law)]


def each_alone(proof: Proof) -> EachAlone | None:
    """The view of every State concerned; None where a regulation binds, or a single State is concerned."""
    if "each_alone" not in proof.env.memo:
        proof.env.memo["each_alone"] = _each_alone(proof)
    known: EachAlone | None = proof.env.memo["each_alone"]
    return known


def _each_alone(proof: Proof) -> EachAlone | None:
    found = views(proof)
    if len(found) < 2:
        return None
    told = {branch: [view.told[branch] for view in found] for branch in BRANCHES}
    twice = tuple(branch for branch, truths in told.items() if truths.count(TRUE) > 1)
    nowhere = tuple(branch for branch, truths in told.items() if set(truths) == {FALSE})
    conclusion: Literal["double", "single", "none", "open"] = "single"
    if twice:
        conclusion = "double"
    elif len(nowhere) == len(BRANCHES):
        conclusion = "none"
    elif any(UNKNOWN in truths for truths in told.values()):
        conclusion = "open"
    states = tuple(_own_law(view, proof) for view in found)
    return EachAlone.made(conclusion=conclusion, twice=twice, nowhere=nowhere, states=states)


def views(proof: Proof) -> tuple[View, ...]:
    """What each State's law says by itself, France first; computed once for a proof."""
    known: tuple[View, ...] | None = proof.env.memo.get("own_laws")
    if known is None:
        known = proof.env.memo["own_laws"] = tuple(_view(state, proof) for state in _states(proof))
    return known


def looked_at(proof: Proof) -> Iterator[Finding]:
    """How every rule fares that only tells what a State's own law says, those that fail included: for coverage."""
    if not _states(proof):
        return
    for instrument in _engine(proof).law.instruments.values():
        if instrument.law_of is not None:
            own = _evaluated(instrument, proof)
            for question in ("own_law", EXEMPTS, VOLUNTARY):
                yield from own.rules.findings(question, own.env)


def places(proof: Proof) -> list[str]:
    """The States where the work counts as done, as far as they are known."""
    found = (proof.env.place_of(activity) for activity in proof.env.sit.activities)
    return list(dict.fromkeys(state for state in found if state is not None))


def _states(proof: Proof) -> list[str]:
    instrument = proof.rules.instrument
    if instrument.kind not in _BETWEEN_TWO:
        return []
    sit = proof.env.sit
    sent = [activity.posting.from_state for activity in sit.activities if activity.posting is not None]
    linked = {state for state in (*places(proof), *sent, sit.residence) if state is not None} | {"FR"}
    if instrument.states:
        linked &= set(instrument.states)
    return sorted(linked, key=lambda state: (state != "FR", state))


def _view(state: str, proof: Proof) -> View:
    insuring: list[Finding] = []
    exempting: list[Finding] = []
    voluntary: list[Finding] = []
    proofs: list[tuple[Proof, tuple[Finding, ...]]] = []
    complete = False
    for instrument in _engine(proof).law.instruments.values():
        if instrument.law_of not in (state, "*"):
            continue
        complete = complete or instrument.law_of == state
        own = _evaluated(instrument, proof)
        says = [f for question in INSURES for f in _live(question, own, state) if _of(state, f, instrument)]
        insuring += says
        exempting += [finding for finding in _live(EXEMPTS, own, state) if state in finding.values]
        voluntary += [finding for finding in _live(VOLUNTARY, own, state) if state in finding.values]
        proofs.append((own, tuple(finding for finding in says if finding.truth != TRUE or finding.rule.then.gap)))
    told = _told(insuring, exempting, _engine(proof).law, complete=complete)
    return View(state, tuple(insuring), tuple(exempting), tuple(voluntary), told, tuple(proofs))


def _live(question: str, own: Proof, state: str) -> list[Finding]:
    """The rules of a question that may stand; those of other States are not looked at."""
    if own.rules.instrument.law_of == state:
        return own.rules.live(question, own.env)
    keys = [
        one.rule.key for one in own.rules.questions.get(question, ()) if one.rule.then.value == ["lit", "state", state]
    ]
    findings = [own.rules.finding(key, own.env) for key in keys]
    return [finding for finding in findings if finding.truth != FALSE]


def _of(state: str, finding: Finding, instrument: Instrument) -> bool:
    return state in finding.values or (finding.rule.then.gap is not None and instrument.law_of == state)


def _told(insuring: Sequence[Finding], exempting: Sequence[Finding], law: Law, *, complete: bool) -> dict[str, Truth]:
    """For each branch whether the law insures. A law that is wholly written down insures nobody whom no rule may insure."""
    exempt = {branch for one in exempting if one.truth == TRUE for branch in _covered(one.rule, law)}
    told: dict[str, Truth] = {}
    for branch in BRANCHES:
        insured = [_insures(finding, branch, law) for finding in insuring]
        if TRUE in insured:
            told[branch] = TRUE
        else:
            told[branch] = FALSE if branch in exempt or (complete and UNKNOWN not in insured) else UNKNOWN
    return told


def _insures(finding: Finding, branch: str, law: Law) -> Truth:
    """Whether a rule that may stand insures against a branch, as far as its file tells what it insures against."""
    coverage = coverage_of(finding.rule, law)
    if coverage is None:
        return UNKNOWN
    if branch in coverage.covers:
        return TRUE if finding.truth == TRUE and finding.rule.then.gap is None else UNKNOWN
    return FALSE if branch in coverage.outside else UNKNOWN


def coverage_of(rule: Rule, law: Law) -> Coverage | None:
    """What a rule of a State's own law insures against, as far as its file tells."""
    return next((one for one in law.instruments[rule.instrument].branches if rule.key in one.rules), None)


def _covered(rule: Rule, law: Law) -> Sequence[str]:
    coverage = coverage_of(rule, law)
    return coverage.covers if coverage is not None else ()


def _evaluated(instrument: Instrument, proof: Proof) -> Proof:
    """The own law on the situation of a proof; one evaluation for all its States."""
    if proof.rules.instrument is instrument:
        return proof
    key = ("own_law", instrument.id)
    known: Proof | None = proof.env.memo.get(key)
    if known is None:
        sit = proof.env.sit
        rules = _engine(proof).get(instrument, None, sit.span.start, sit.case.known_on or date.today())
        known = proof.env.memo[key] = Proof(rules, rules.env(sit, _engine(proof)), (), (), resolve((), {}))
    return known


def _engine(proof: Proof) -> RuleSets:
    """The rule sets that the proof was made with: those in use, a scenario's, a mutant's."""
    engine: RuleSets = proof.env.engine
    return engine


def _own_law(view: View, proof: Proof) -> OwnLaw:
    law = _engine(proof).law
    sure = [f.rule for f in (*view.insuring, *view.exempting) if f.truth == TRUE and f.rule.then.gap is None]
    parts = _open_parts(view, proof) if UNKNOWN in view.told.values() else {}
    message = None
    if view.insures == "unknown" and not (view.insuring or view.exempting):
        message = _no_source(view.state)
    chosen = next((finding.rule for finding in view.voluntary), None) if view.insures != "yes" else None
    return OwnLaw.made(
        state=view.state, insures=view.insures,
        branches=tuple(branch for branch, truth in view.told.items() if truth == TRUE),
        not_insured=tuple(branch for branch, truth in view.told.items() if truth == FALSE),
        basis=tuple(basis_entry(law, rule, "decides") for rule in sure),
        message=message, voluntary=_words(chosen.then.note) if chosen is not None and chosen.then.note else None,
        **parts,
    )  # fmt: skip


def _open_parts(view: View, proof: Proof) -> dict[str, Any]:
    from cleiss_rules.engine.questions import Questioner

    missing: list[Any] = []
    gaps: list[Any] = []
    for own, findings in view.proofs:
        found = open_parts(Questioner(own.rules, own.env).open(findings), own, proof.env.sit.case)
        missing += found["missing"]  # type: ignore[arg-type]
        gaps += found["gaps"]  # type: ignore[arg-type]
    return {"missing": tuple(missing), "gaps": tuple(gaps)}


def _no_source(state: str) -> Words:
    return Words.made(
        fr=_NO_SOURCE.fr.format(of=countries.of(state)), en=_NO_SOURCE.en.format(state=countries.the(state, "en"))
    )


def _words(text: Text) -> Words:
    return Words.made(fr=text.fr, en=text.en)
