"""From a proof to a segment of the result: what the contract tells callers, taken from the proof and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

from cleiss_rules.calendar import ONE_DAY
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.questions import Assumption, LawGap, MissingFact, Open, OpenAssessment, Questioner
from cleiss_rules.engine.reference import Outcome, Resolution
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.engine.truth import FALSE, TRUE
from cleiss_rules.explain import countries
from cleiss_rules.explain.citations import in_language, in_prose, with_article
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.paths import case_path
from cleiss_rules.facts.situation import Situation, states_involved
from cleiss_rules.facts.timeline import Slice
from cleiss_rules.law.model import GRADES, Law, Rule, Text
from cleiss_rules.result import Assumed, Basis, Discretion, Gap, GradeName, Missing, RoleName, Segment, Words


def answer_segment(part: Slice, proof: Proof, case: Case) -> Segment:
    """The answer of one instrument that binds."""
    resolution = proof.resolution
    rules = proof.rules
    if resolution.outcome is None:
        return _nothing_says(part, proof)
    settled = resolution.outcome in (Outcome.DETERMINED, Outcome.BOUND, Outcome.CONFLICT)
    basis = _basis(proof, resolution)
    standing = resolution.standing
    questioner = Questioner.of(rules, proof.env)
    opens = [] if settled else questioner.open(resolution.open)
    return _segment(
        part,
        proof,
        outcome=resolution.outcome.value,
        legislation=(*resolution.states, *_besides(standing, resolution.states, proof))
        if settled
        else resolution.states,
        unbounded=resolution.unbounded and not settled,
        instrument=rules.instrument.id,
        relation=rules.relation.id or None,
        basis=basis,
        grade=weakest(basis),
        documents=_documents((*standing, *proof.places), proof) if settled else (),
        decided_by=_deciders(standing if settled else resolution.open, proof),
        assumptions=_assumptions(questioner, proof, case) if settled else (),
        notes=_notes(proof),
        **open_parts(opens, proof, case),
    )


def open_text_segment(part: Slice, proofs: Sequence[Proof], case: Case) -> Segment:
    """It is not known which text binds, or by which relation: what each would say, and what would settle it."""
    states: dict[str, None] = {}
    opens: dict[Open, Proof] = {}
    unbounded = False
    for proof in proofs:
        states.update((state, None) for state in proof.resolution.states)
        unbounded = unbounded or proof.resolution.unbounded
        questioner = Questioner.of(proof.rules, proof.env)
        for found in (*questioner.open(proof.scope), *questioner.open(proof.resolution.open)):
            opens.setdefault(found, proof)
    first = proofs[0]
    one_text = len({proof.rules.instrument.id for proof in proofs}) == 1
    return _segment(
        part,
        first,
        outcome=Outcome.UNDETERMINED.value,
        legislation=tuple(states),
        unbounded=unbounded,
        instrument=first.rules.instrument.id if one_text else None,
        relation=(first.rules.relation.id or None) if len(proofs) == 1 else None,
        notes=() if one_text and len(proofs) > 1 else (_WHICH_TEXT,),
        **open_parts(list(opens), first, case),
    )


_WHICH_TEXT = Words(
    fr="Les faits connus ne permettent pas de dire quel texte s'applique.",
    en="The known facts do not tell which text applies.",
)


def no_text_segment(part: Slice, situation: Situation) -> Segment:
    """No instrument covers the situation."""
    states = sorted(str(state) for state in states_involved(situation).must)
    if len(states) <= 1:
        names = {lang: "".join(countries.name(state, lang) for state in states) for lang in ("fr", "en")}
        note = Words(
            fr=f"La situation ne concerne qu'un seul État ({names['fr'] or 'non précisé'}) : son droit interne s'applique seul.",
            en=f"The situation concerns a single State ({names['en'] or 'not stated'}): its national law alone applies.",
        )
    else:
        names = {lang: countries.list_of(tuple(states), lang, joint) for lang, joint in (("fr", "et"), ("en", "and"))}
        note = Words(
            fr=f"Aucun texte encodé ne coordonne {names['fr']} pour cette personne à cette date : "
            "le droit interne de chaque État s'applique.",
            en=f"No encoded text coordinates {names['en']} for this person on that date: each State's national law applies.",
        )
    return _segment(part, None, outcome=Outcome.OUT_OF_SCOPE.value, notes=(note,))


def _nothing_says(part: Slice, proof: Proof) -> Segment:
    name = proof.rules.instrument.name
    french, english = with_article(name.fr, "fr"), with_article(name.en, "en")
    notes = (
        Words(
            fr=f"{_capital(french)} s'applique, mais aucune de ses règles ne désigne de législation pour cette situation.",
            en=f"{_capital(english)} applies, but none of its rules names a legislation for this situation.",
        ),
        *_notes(proof),
    )
    return _segment(
        part, proof, outcome=Outcome.OUT_OF_SCOPE.value, instrument=proof.rules.instrument.id,
        relation=proof.rules.relation.id or None, notes=notes,
    )  # fmt: skip


def _segment(part: Slice, proof: Proof | None, **fields: Any) -> Segment:
    return Segment.made({"_proof": proof}, from_=part.span.start, to=part.span.end, **fields)


def weakest(basis: Iterable[Basis]) -> str | None:
    """The grade of an answer: that of its weakest source."""
    grades = [entry.grade for entry in basis]
    return max(grades, key=GRADES.index) if grades else None


def cited(law: Law, rule: Rule) -> str:
    """A citation that stands by itself: the text's name and the article."""
    instrument = law.instruments[rule.instrument]
    name = instrument.name.en
    if instrument.law_of == "*" or instrument.shared:
        return rule.cite
    own_name = any(word in rule.cite for word in ("Regulation", "Decision", "Agreement", "agreement", "C-", "Code,"))
    return rule.cite if own_name and not rule.cite.startswith("art") else f"{name}, {rule.cite}"


_BASIS: dict[tuple[int, RoleName], tuple[Rule, Basis]] = {}


def basis_entry(law: Law, rule: Rule, role: RoleName) -> Basis:
    """The entry of one rule; made once, since it says the same in every answer."""
    known = _BASIS.get((id(rule), role))
    if known is not None:
        return known[1]
    source = rule.source
    entry = Basis.made(
        rule=rule.key,
        cite=cited(law, rule),
        grade=cast("GradeName", source.grade),
        source=source.url,
        read_on=source.read_on,
        role=role,
        cases=rule.cases,
    )
    _BASIS[(id(rule), role)] = (rule, entry)
    return entry


def _basis(proof: Proof, resolution: Resolution) -> tuple[Basis, ...]:
    law = proof.rules.law
    entries: list[tuple[Rule, RoleName]] = [(finding.rule, "decides") for finding in resolution.standing]
    entries += [(finding.rule, "place_of_work") for finding in proof.places]
    entries += [(finding.rule, "applies") for finding in proof.scope if finding.truth != FALSE]
    found: dict[str, Basis] = {}
    for rule, role in entries:
        if rule.key not in found:
            found[rule.key] = basis_entry(law, rule, role)
    return tuple(found.values()) if resolution.standing else ()


def _besides(findings: Sequence[Finding], states: Sequence[str], proof: Proof) -> tuple[str, ...]:
    """The legislations that the text itself keeps next to the one it names."""
    found: dict[str, None] = {}
    for finding in findings:
        expr = finding.rule.then.besides
        for item in finding.items if expr is not None else ():
            state = proof.rules.evaluate(expr, proof.env, item.item) if item.truth != FALSE else None
            if state is not None and state not in states:
                found[state] = None
    return tuple(found)


def _documents(findings: Sequence[Finding], proof: Proof) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for finding in findings:
        for document in finding.rule.then.documents:
            if document.only_if is None or any(
                proof.rules.evaluate(document.only_if, proof.env, item.item, boolean=True) == TRUE
                for item in finding.items
                if item.truth != FALSE
            ):
                found[document.name] = None
    return tuple(found)


def _deciders(findings: Sequence[Finding], proof: Proof) -> tuple[str, ...]:
    return deciders_of(findings, proof.rules, proof.env)


def deciders_of(findings: Sequence[Finding], rules: RuleSet, env: Env) -> tuple[str, ...]:
    """The States whose institutions decide under the rules that were found."""
    found: dict[str, None] = {}
    for finding in findings:
        for expr in finding.rule.then.decided_by:
            for item in finding.items or ():
                state = rules.evaluate(expr, env, item.item)
                if state is not None:
                    found[state] = None
    return tuple(found)


def _notes(proof: Proof) -> tuple[Words, ...]:
    notes = [
        words_of(finding.rule.then.note) for finding in proof.resolution.standing if finding.rule.then.note is not None
    ]
    by_rules = proof.by_rules
    if by_rules is not None and by_rules.outcome is not None:
        fr, en = (countries.list_of(by_rules.states, lang, joint) for lang, joint in (("fr", "ou"), ("en", "or")))
        law = proof.rules.law
        cites = {lang: _list(in_prose(law, f.rule, lang) for f in by_rules.standing) for lang in ("fr", "en")}
        notes.append(
            Words(
                fr=f"Sans ce qui est déjà fixé, les règles {f'désigneraient {fr}' if fr else 'ne désigneraient rien de certain'}"
                + (f" ({cites['fr']})." if cites["fr"] else "."),
                en=f"Without what is already fixed, the rules would lead to {en or 'no State for certain'}"
                + (f" ({cites['en']})." if cites["en"] else "."),
            )
        )
    return tuple(notes)


def open_parts(opens: Sequence[Open], proof: Proof, case: Case) -> dict[str, object]:
    """What keeps an answer open: missing facts, gaps in the sources, assessments."""
    facts = proof.rules.wording.facts
    missing: dict[tuple[str, str], Missing] = {}
    gaps: dict[str, Gap] = {}
    discretion: dict[str, Discretion] = {}
    for found in opens:
        if isinstance(found, MissingFact):
            path = case_path(case, found.path, found.item)
            missing[(found.path, path)] = _missing(found.path, path, facts[found.path].question)
        elif isinstance(found, LawGap):
            gaps[found.instrument + found.cite + found.what] = gap_of(found, proof.rules.law)
        elif isinstance(found, OpenAssessment):
            discretion[found.rule.key] = _discretion(found, proof)
    return {"missing": tuple(missing.values()), "gaps": tuple(gaps.values()), "discretion": tuple(discretion.values())}


def gap_of(found: LawGap, law: Law) -> Gap:
    """A gap in the sources, with the article that has to be read."""
    instrument = law.instruments[found.instrument]
    name, hint = instrument.name, instrument.hint(found.key)
    fr, en = (
        (f"{_capital(found.text.fr)} – a", f"{_capital(found.text.en)} – n") if found.text is not None else ("A", "N")
    )
    return Gap(
        instrument=found.instrument, what=found.what, article=found.cite,
        message=Words(
            fr=f"{fr}ucune source disponible ne le dit ; lire {with_article(name.fr, 'fr')}, {in_language(found.cite, 'fr')}.",
            en=f"{en}o available source tells; read {with_article(name.en, 'en')}, {in_language(found.cite, 'en')}.",
        ),
        hint=words_of(hint) if hint is not None else None,
    )  # fmt: skip


def _discretion(found: OpenAssessment, proof: Proof) -> Discretion:
    assessment = found.rule.assess
    assert assessment is not None
    body = proof.rules.evaluate(assessment.body, proof.env, found.item) if assessment.body is not None else None
    return Discretion(
        rule=found.rule.key, cite=cited(proof.rules.law, found.rule), criterion=words_of(assessment.criterion),
        evidence=words_of(assessment.evidence) if assessment.evidence is not None else None, body=body,
    )  # fmt: skip


_LISTS = {
    "activities": Text(fr="aucune activité n'est indiquée", en="no activity is stated"),
    "documents": Text(
        fr="aucune attestation (A1 ou équivalent) n'est indiquée", en="no certificate (A1 or equivalent) is stated"
    ),
    "agreements": Text(
        fr="aucun accord entre autorités n'est indiqué", en="no agreement between authorities is stated"
    ),
    "person.benefits": Text(fr="aucune prestation n'est indiquée", en="no benefit is stated"),
    "posting.previous": Text(fr="aucun détachement antérieur n'est indiqué", en="no earlier posting is stated"),
}


@lru_cache(maxsize=4096)
def _missing(fact: str, path: str, question: Text) -> Missing:
    return Missing.made(fact=fact, path=path, question=words_of(question))


@lru_cache(maxsize=4096)
def _assumed(fact: str, path: str, text: Text) -> Assumed:
    return Assumed.made(fact=fact, path=path, message=words_of(text))


def _assumptions(questioner: Questioner, proof: Proof, case: Case) -> tuple[Assumed, ...]:
    facts = proof.rules.wording.facts
    found: dict[str, Assumed] = {}
    for assumption in questioner.assumptions((*proof.resolution.standing, *_beaten(proof))):
        spec = facts[assumption.path]
        path = case_path(case, assumption.path, assumption.item)
        if spec.assumed is not None:
            found[path] = _assumed(spec.path, path, spec.assumed)
    for name in _lists_left_out(proof, case):
        found[name] = _assumed(name, name, _LISTS[name])
    return tuple(found.values())


def _beaten(proof: Proof) -> tuple[Finding, ...]:
    """Rules an answer rests on because they are not met, the exceptions to what stands: those that presume something."""
    rules = proof.rules
    rivals = [key for standing in proof.resolution.standing for key in rules.defeaters.get(standing.rule.key, ())]
    telling = [key for key in dict.fromkeys(rivals) if rules.presumed(rules.by_key[key].rule)]
    return tuple(finding for key in telling if (finding := rules.finding(key, proof.env)).items)


def _lists_left_out(proof: Proof, case: Case) -> list[str]:
    names = [name for name in ("activities", "documents", "agreements") if name not in case.model_fields_set]
    if proof.by_rules is not None:
        names = []
    if case.person.benefits is None and not proof.env.sit.activities:
        names.append("person.benefits")
    for activity in proof.env.sit.activities:
        if activity.posting is not None and activity.posting.previous is None:
            names.append("posting.previous")
    return list(dict.fromkeys(names))


def merged(segments: Sequence[Segment]) -> list[Segment]:
    """Neighbours with the same answer become one; side by side answers of several instruments stay apart."""
    done: list[Segment] = []
    for segment in segments:
        for position in range(len(done) - 1, -1, -1):
            before = done[position]
            if before.to is not None and before.to + ONE_DAY == segment.from_ and _same(before, segment):
                done[position] = before.model_copy(update={"to": segment.to})
                break
        else:
            done.append(segment)
    return done


def with_causes(segments: Iterable[Segment], parts: Iterable[Slice]) -> Iterator[Segment]:
    """The answers, each with what changed on its first day.

    Of the texts that change on that day those are named that answer on it or on its eve; all of them where none does.
    """
    causes = {part.span.start: part.causes for part in parts if part.causes}
    told = list(segments)
    for segment in told:
        found = causes.get(segment.from_)
        if not found:
            yield segment
            continue
        eve = segment.from_ - ONE_DAY
        answering = {one.instrument for one in told if one.from_ == segment.from_ or one.to == eve} | {None}
        named = [cause for cause in found if cause.instrument in answering] or found
        yield segment.model_copy(update={"causes": tuple(words_of(cause.text) for cause in named)})


_COMPARED = (
    "outcome", "legislation", "unbounded", "instrument", "relation", "basis", "documents", "decided_by", "missing",
    "gaps", "discretion", "notes", "passed_over", "assumptions",
)  # fmt: skip


def _same(one: Segment, two: Segment) -> bool:
    """Whether two answers are equal; the order in which they tell their parts does not matter."""
    return all(_alike(getattr(one, name, None), getattr(two, name, None)) for name in _COMPARED)


def _alike(one: object, two: object) -> bool:
    if one == two:
        return True
    if not (isinstance(one, tuple) and isinstance(two, tuple) and len(one) == len(two)):
        return False
    return all(part in two for part in one)


@lru_cache(maxsize=4096)
def words_of(text: Text) -> Words:
    """A text of the law as part of an answer; made once, since it says the same in every answer."""
    return Words.made(fr=text.fr, en=text.en)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = [
    "Assumption",
    "answer_segment",
    "cited",
    "merged",
    "no_text_segment",
    "open_text_segment",
    "weakest",
    "with_causes",
]
