"""The short explanation of a segment: a paragraph for a letter, with the article, the facts, what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cleiss_rules.engine import truth
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.explain import alternatives, countries, own_laws, phrases, sentences, values
from cleiss_rules.explain.sentences import capital, cite, fill, of_states, say, states
from cleiss_rules.law.model import Text
from cleiss_rules.request_filing import bodies_of
from cleiss_rules.result import Missing, Segment

_SETTLED = frozenset(("determined", "bound"))
_MOST_LEADS = 4


def segment_lines(segment: Segment, lang: str) -> list[str]:
    """The explanation of one segment, one paragraph to a line."""
    return [line for line in _lines(segment, lang) if line]


def heading(segment: Segment, lang: str) -> str:
    """When, and what: *Du 1er janvier 2026 au 30 juin 2027 : législation applicable : celle de la France.*"""
    when = capital(values.days(segment.from_, segment.to, lang))
    outcome = phrases.OUTCOMES[segment.outcome]
    said = fill(outcome, lang, of=of_states(segment.legislation, lang)) if "{" in outcome.fr else outcome.in_(lang)
    return f"{when}, {said}."


def _lines(segment: Segment, lang: str) -> Iterator[str]:
    yield heading(segment, lang)
    proof: Proof | None = segment._proof
    if segment.causes:
        causes = phrases.SEMICOLON.in_(lang).join(_pick(cause, lang) for cause in segment.causes)
        yield _line(phrases.CAUSES, causes, lang)
    if proof is not None:
        yield from _why(segment, proof, lang)
    elif segment.basis:
        yield _line(phrases.BASIS, "; ".join(basis.cite for basis in segment.basis), lang)
    yield from _open(segment, proof, lang)
    yield from own_laws.branch_lines(segment, lang)
    if own_laws.shown_at_once(segment):
        yield from own_laws.own_law_lines(segment, lang)
    for note in (*segment.passed_over, *segment.notes):
        yield _line(phrases.NOTE, _pick(note, lang), lang)
    yield _document(segment, lang)
    if segment.assumptions:
        texts = dict.fromkeys(_pick(assumed.message, lang) for assumed in segment.assumptions)
        yield _line(phrases.ASSUMED, phrases.SEMICOLON.in_(lang).join(texts), lang)
    if segment.grade is not None:
        yield _line(phrases.SOURCE, phrases.GRADES[segment.grade].in_(lang), lang)


def _why(segment: Segment, proof: Proof, lang: str) -> Iterator[str]:
    settled = segment.outcome in _SETTLED
    standing = proof.resolution.standing if settled or segment.outcome == "conflict" else ()
    reasons = [sentences.reason(proof, finding, lang) for finding in (*standing, *proof.places)]
    if standing:
        yield " ".join(dict.fromkeys(reasons))
        cites = dict.fromkeys(cite(proof, finding, lang) for finding in (*standing, *proof.places))
        yield _line(phrases.BASIS, phrases.SEMICOLON.in_(lang).join(cites), lang)
        met = [
            say(condition, lang) for finding in standing for _, condition in sentences.conditions(finding, truth.TRUE)
        ]
        if len(met) > 1:
            yield _line(phrases.MET, phrases.SEMICOLON.in_(lang).join(dict.fromkeys(met)), lang)
    if segment.outcome == "determined":
        yield from _otherwise(proof, lang)


def _otherwise(proof: Proof, lang: str) -> Iterator[str]:
    said = [*_if_not_met(proof, lang), *_near(proof, lang)]
    if said:
        yield _line(phrases.OTHERWISE, phrases.SEMICOLON.in_(lang).join(said), lang)


def _if_not_met(proof: Proof, lang: str) -> Iterator[str]:
    instead = alternatives.without_standing(proof)
    standing = proof.resolution.standing
    if instead is None or set(instead.states) == set(proof.resolution.states) or not instead.states:
        return
    told = [say(one, lang) for finding in standing for one in sentences.measured(finding)]
    cites = phrases.SEMICOLON.in_(lang).join(
        cite(proof, finding, lang) for finding in (*instead.standing, *instead.open)
    )
    result = fill(phrases.WOULD_APPLY, lang, of=_of_any(instead.states, lang), cite=cites)
    example = (
        fill(phrases.EXAMPLE, lang, conditions=phrases.SEMICOLON.in_(lang).join(dict.fromkeys(told))) if told else ""
    )
    yield fill(phrases.OTHERWISE_MET, lang, example=example, result=result)


def _of_any(codes: Sequence[str], lang: str) -> str:
    joint = " ou " if lang == "fr" else " or "
    return joint.join(of_states((code,), lang) for code in codes)


def _near(proof: Proof, lang: str) -> Iterator[str]:
    for finding, item, condition, state in alternatives.near_misses(proof):
        known = sentences.facts(proof, condition, item, lang, known_only=True)
        said = cite(proof, finding, lang)
        yield fill(
            phrases.OTHERWISE_NEAR, lang, cite=said, ending="ent" if _several(said) else "t", title=finding.rule.title.in_(lang),
            states=states((state,), lang), condition=say(condition, lang),
            facts=f" ({phrases.SEMICOLON.in_(lang).join(known)})" if known else "",
        )  # fmt: skip


def _open(segment: Segment, proof: Proof | None, lang: str) -> Iterator[str]:
    if segment.outcome in ("undetermined", "discretionary") and (segment.legislation or segment.unbounded):
        names = [countries.the(code, lang) for code in segment.legislation]
        if segment.unbounded:
            names.append((phrases.ANOTHER if names else phrases.NO_STATE_YET).in_(lang))
        yield _line(phrases.POSSIBLE, ", ".join(names), lang)
    if segment.missing:
        asked = [
            f"{index}. {_question(segment, missing, lang)}" for index, missing in enumerate(segment.missing, start=1)
        ]
        yield "\n".join(
            [phrases.QUESTIONS.in_(lang) + phrases.COLON.in_(lang).rstrip(), *(f"  {line}" for line in asked)]
        )
    for one in segment.discretion:
        yield _assessed(one, lang)
    for gap in segment.gaps:
        yield _line(phrases.GAPS, sentences.inside(_pick(gap.message, lang)), lang)
        if gap.hint is not None:
            yield _line(phrases.HINT, _pick(gap.hint, lang), lang)
    if proof is not None and segment.outcome in ("undetermined", "discretionary"):
        leads = [text for finding in proof.resolution.open if (text := _lead(proof, finding, lang))]
        if leads:
            yield _line(phrases.LEADS, phrases.SEMICOLON.in_(lang).join(leads[:_MOST_LEADS]), lang)


def _question(segment: Segment, missing: Missing, lang: str) -> str:
    """The question, with the place in the case where the same one is asked of several activities."""
    question = _pick(missing.question, lang)
    same = [other for other in segment.missing if other.question == missing.question]
    return f"{question} ({missing.path})" if len(same) > 1 else question


def _lead(proof: Proof, finding: Finding, lang: str) -> str:
    open_ = [say(one, lang) for _, one in sentences.conditions(finding, truth.UNKNOWN, truth.DISCRETION)]
    if not open_ or not finding.values:
        return ""
    said = cite(proof, finding, lang)
    return fill(
        phrases.LEAD_TO, lang, cite=said, leads=phrases.LEADS_TO[_several(said)].in_(lang), title=finding.rule.title.in_(lang),
        states=states(finding.values, lang), conditions=f" {phrases.AND.in_(lang)} ".join(open_),
    )  # fmt: skip


def _several(cited: str) -> bool:
    """Whether a citation is the plural subject of its sentence."""
    return cited.startswith("articles ")


def _assessed(one: object, lang: str) -> str:
    criterion, evidence, body = (getattr(one, name) for name in ("criterion", "evidence", "body"))
    text = phrases.ASSESSED.in_(lang)
    if body is not None:
        text += fill(phrases.ASSESSED_BY, lang, of=of_states((body,), lang), state=countries.the(body, lang))
    text += phrases.COLON.in_(lang) + _pick(criterion, lang)
    if evidence is not None:
        text += f" ({phrases.EVIDENCE.in_(lang)}{phrases.COLON.in_(lang)}{_pick(evidence, lang)})"
    return f"{text}."


def _document(segment: Segment, lang: str) -> str:
    if not segment.documents:
        return ""
    papers = ", ".join(phrases.paper(name, lang) for name in segment.documents)
    proof: Proof | None = segment._proof
    issued = proof is not None and any(finding.rule.each == "document" for finding in proof.resolution.standing)
    if not segment.decided_by or issued:
        return _line(phrases.DOCUMENT, papers, lang)
    # what both sides decide, the State whose legislation applies certifies
    joint = len(segment.decided_by) > 1 and len(segment.legislation) == 1
    asked = segment.legislation if joint else segment.decided_by
    body = _body(segment, proof, lang) if joint and proof is not None else ""
    text = fill(
        phrases.ISSUED_BY_BODY if body else phrases.ISSUED_BY, lang, documents=papers,
        of=of_states(asked, lang), state=states(asked, lang, phrases.AND), body=body,
    )  # fmt: skip
    return _line(phrases.DOCUMENT, text, lang)


def _body(segment: Segment, proof: Proof, lang: str) -> str:
    """The bodies with which the State whose legislation is kept has an exception asked for."""
    known_on = proof.env.sit.case.known_on or date.today()
    instrument = proof.rules.instrument
    found = bodies_of(proof.rules.law, instrument, segment.legislation[0], "exceptional_maintenance", known_on)
    return f" {phrases.OR.in_(lang)} ".join(body.name.in_(lang) for body in found)


def _line(label: Text, text: str, lang: str) -> str:
    """A labelled line that ends as a sentence."""
    end = "" if text.endswith((".", "?", "…")) else "."
    return f"{label.in_(lang)}{phrases.COLON.in_(lang)}{text}{end}"


def _pick(words: object, lang: str) -> str:
    text: str = getattr(words, lang)
    return text
