"""The draft of a position on a request that authorities decide: what is asked, what speaks for it and against it, a proposal.

A draft decides nothing. It proposes what the findings suggest, and leaves the decision to whoever signs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleiss_rules.explain import countries, phrases, values
from cleiss_rules.explain.citations import in_language
from cleiss_rules.facts.case import Activity, Case
from cleiss_rules.law.model import Law, Text
from cleiss_rules.result import Consideration, Decision, Words

_DRAFTED = ("needs_agreement", "discretionary")
_SUBJECT = Text("Objet : {what} (législation {of})", "Subject: {what} (legislation of {of})")
_BASIS = Text("Texte : {}", "Text: {}")
_PERIOD = Text("Période demandée : {}", "Period asked for: {}")
_PERSON = Text(
    "Personne – nationalité : {nationality} ; résidence : {residence}",
    "Person – nationality: {nationality}; residence: {residence}",
)
_WORK = Text("Travail : {}", "Work: {}")
_UNKNOWN = Text("non indiquée", "not stated")
_SINCE = Text("{state} depuis le {day}", "{state} since {day}")
_SIDES = {
    "for": Text("En faveur de la demande :", "In favour of the request:"),
    "against": Text("En défaveur :", "Against it:"),
    "open": Text("À établir avant de décider :", "To be established before deciding:"),
}
_PROPOSALS = {
    "against": Text(
        "Proposition : avis réservé, au vu des éléments défavorables ci-dessus ; la décision appartient aux autorités.",
        "Proposal: reserved, for what is held against it above; the decision is that of the authorities.",
    ),
    "open": Text(
        "Proposition : compléter le dossier sur les points à établir avant de se prononcer.",
        "Proposal: have the file completed on what has to be established before taking a position.",
    ),
    "for": Text(
        "Proposition : avis favorable, sous réserve de l'accord {of}.",
        "Proposal: in favour, subject to the agreement of {of}.",
    ),
}  # fmt: skip


def draft(decision: Decision, case: Case, law: Law) -> Words | None:
    """The draft in French and English; None where the decision is not one that authorities take."""
    if decision.outcome not in _DRAFTED or case.request is None:
        return None
    return Words.made(fr="\n".join(_lines(decision, case, law, "fr")), en="\n".join(_lines(decision, case, law, "en")))


def _lines(decision: Decision, case: Case, law: Law, lang: str) -> Iterator[str]:
    request = case.request
    assert request is not None
    state = decision.legislation or ""
    of = countries.of(state) if lang == "fr" else countries.the(state, "en")
    yield _SUBJECT.in_(lang).format(what=phrases.REQUESTS[decision.request].in_(lang), of=of)
    instrument = law.instruments.get(decision.instrument or "")
    if instrument is not None:
        yield _BASIS.in_(lang).format(
            ", ".join([instrument.name.in_(lang), *_cites(decision, instrument.name.en, lang)])
        )
    if request.from_ is not None:
        yield _PERIOD.in_(lang).format(values.days(request.from_, request.to, lang))
    yield _PERSON.in_(lang).format(
        nationality=_named(case.person.nationalities, lang), residence=_residence(case, lang)
    )
    work = [_worked(one, lang) for one in case.activities if one.state is not None]
    if work:
        yield _WORK.in_(lang).format("; ".join(work) if lang == "en" else " ; ".join(work))
    for side, label in _SIDES.items():
        said = [one for one in decision.considerations if one.speaks == side]
        if said:
            yield label.in_(lang)
            yield from (f"- {getattr(one.text, lang)} {_seen_at(one, lang)}" for one in said)
    others = tuple(one for one in decision.decided_by if one != state)
    asked = others or decision.decided_by
    partners = (
        " et ".join(countries.of(one) for one in asked) if lang == "fr" else countries.list_of(asked, lang, "and")
    )
    yield _PROPOSALS[_side(decision.considerations)].in_(lang).format(of=partners)


def _worked(activity: Activity, lang: str) -> str:
    """In which State, and when as far as it is known."""
    state, first = countries.in_(activity.state or "", lang), activity.from_
    if first is None:
        return state
    if activity.to is None:
        return _SINCE.in_(lang).format(state=state, day=values.day(first, lang))
    return f"{state} {values.days(first, activity.to, lang)}"


def _seen_at(one: Consideration, lang: str) -> str:
    """The grade and the address of the source of a finding."""
    grade = phrases.GRADES[one.grade].in_(lang)
    return f"[{grade}{phrases.COLON.in_(lang)}{one.source}]" if one.source else f"[{grade}]"


def _side(found: Sequence[Consideration]) -> str:
    sides = {one.speaks for one in found}
    return "against" if "against" in sides else "open" if "open" in sides else "for"


def _cites(decision: Decision, name: str, lang: str) -> list[str]:
    cites = [entry.cite.removeprefix(f"{name}, ") for entry in decision.basis if entry.role == "decides"]
    return list(dict.fromkeys(in_language(cite, lang) for cite in cites))


def _named(states: Sequence[str] | None, lang: str) -> str:
    return ", ".join(countries.name(state, lang) for state in states) if states else _UNKNOWN.in_(lang)


def _residence(case: Case, lang: str) -> str:
    stated = case.person.residence
    if isinstance(stated, tuple):
        stated = stated[-1].state if stated else None
    return countries.name(stated, lang) if stated is not None else _UNKNOWN.in_(lang)
