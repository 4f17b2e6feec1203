"""A decision in words: what is granted or not and why, what can be had instead, where and when to file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cleiss_rules.explain import phrases, values
from cleiss_rules.explain.citations import in_language
from cleiss_rules.explain.sentences import capital, inside, of_states, states
from cleiss_rules.law.model import Text
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Basis, Consideration, Deadline, Decision, FiledWith

_OUTCOMES = {
    "granted": Text("accordée", "granted"),
    "refused": Text("refusée", "refused"),
    "needs_agreement": Text("soumise à l'accord des autorités", "needs the agreement of the authorities"),
    "needs_facts": Text("à compléter", "to be completed"),
    "discretionary": Text("à apprécier par l'institution", "for the institution to assess"),
    "not_needed": Text("sans objet", "not needed"),
}
_LEGISLATION = Text("législation demandée : celle {of}", "legislation asked for: that {of}")
_DECIDED_BY = Text("Qui décide", "Decided by")
_ALTERNATIVES = Text("Ce qui est possible à la place", "What is possible instead")
_CONSIDERED = {
    "for": Text("En faveur de la demande", "In favour of the request"),
    "against": Text("Contre la demande", "Against the request"),
    "open": Text("À établir", "To be established"),
}
_FILED = Text("À déposer auprès de", "To be filed with")
_WHEN = Text("Délais", "Time limits")
_FORMS = Text("Document", "Document")
_CLOSED = ("refused", "not_needed")
_EXCHANGE = Text("Échange entre institutions", "Exchange between institutions")
_AGREED_WITH = Text("Accord à obtenir de", "Agreement to be obtained from")
_FILED_BY = Text("Qui dépose", "Filed by")
_LACKING = Text("Il manque au dossier", "Still to be told in the file")
_PAPERS = Text("Pièces utiles", "Papers that help")
_AFTER = Text("Suites", "What follows")
_EXCHANGED = re.compile(r"A\d{3}$")  # messages between institutions, which nobody else files
_KEPT = {
    ("first", True): Text("premier jour de dépôt : {day}", "first day for filing: {day}"),
    ("first", False): Text(
        "premier jour de dépôt : {day} ; la demande a été déposée avant",
        "first day for filing: {day}; the request was filed before it",
    ),
    ("last", True): Text("dernier jour de dépôt : {day}", "last day for filing: {day}"),
    ("last", False): Text(
        "dernier jour de dépôt : {day} ; la demande a été déposée après",
        "last day for filing: {day}; the request was filed after it",
    ),
}
_WITHOUT = Text("Ce qui s'applique sans cela", "What applies without it")
_TEXT = Text("Texte qui décide", "Text that decides")
_LATEST = Text("Fin possible au plus tard", "Latest possible end")


def decision_lines(decision: Decision, lang: str) -> list[str]:
    """The decision, one paragraph to a line."""
    return [line for line in _lines(decision, lang) if line]


def _lines(decision: Decision, lang: str) -> Iterator[str]:
    colon = phrases.COLON.in_(lang)
    head = f"{capital(phrases.REQUESTS[decision.request].in_(lang))}{colon}{_OUTCOMES[decision.outcome].in_(lang)}"
    if decision.granted is not None:
        head += f" {values.days(decision.granted.from_, decision.granted.to, lang)}"
    if decision.legislation is not None:
        asked = _LEGISLATION.in_(lang).format(of=of_states((decision.legislation,), lang))
        head += f" ({asked})"
    yield f"{head}."
    yield " ".join(getattr(reason, lang) for reason in decision.reasons)
    yield _line(_LATEST, [values.day(decision.latest_end, lang)] if decision.latest_end is not None else [], lang)
    yield _line(phrases.BASIS, [_cite(entry, lang) for entry in decision.basis if entry.role == "decides"], lang)
    yield _line(_WITHOUT, _instead(decision, lang), lang)
    if decision.instrument is not None and all(entry.role != "decides" for entry in decision.basis):
        yield _line(_TEXT, [the_law().instruments[decision.instrument].name.in_(lang)], lang)
    for one in decision.passed_over:
        yield _line(phrases.NOTE, [getattr(one, lang)], lang)
    if decision.outcome != "needs_agreement":  # the reason says whose agreement it needs
        yield _line(_DECIDED_BY, [states(decision.decided_by, lang, phrases.AND)], lang)
    for side, label in _CONSIDERED.items():
        yield _line(label, [_weighed(one, lang) for one in decision.considerations if one.speaks == side], lang)
    if decision.missing:
        questions = [
            f"  {number}. {getattr(one.question, lang)}" for number, one in enumerate(decision.missing, start=1)
        ]
        yield "\n".join([phrases.QUESTIONS.in_(lang) + colon.rstrip(), *questions])
    yield _line(phrases.GAPS, [inside(getattr(gap.message, lang)) for gap in decision.gaps], lang)
    yield _line(phrases.HINT, [getattr(gap.hint, lang) for gap in decision.gaps if gap.hint is not None], lang)
    yield _line(_ALTERNATIVES, [inside(getattr(one.text, lang)) for one in decision.alternatives], lang)
    yield from _filing(decision, lang)
    yield _line(_AFTER, [_deadline(one, lang) for one in decision.follow_up], lang)
    if decision.grade is not None:
        yield _line(phrases.SOURCE, [phrases.GRADES[decision.grade].in_(lang)], lang)


def _filing(decision: Decision, lang: str) -> Iterator[str]:
    """On which form, where, by whom, with what and by when it is filed."""
    file = decision.admissibility
    form = [file.form] if file is not None and file.form is not None and decision.outcome not in _CLOSED else []
    exchanged = [one for one in form if _EXCHANGED.match(one)]
    forms = dict.fromkeys((*decision.documents, *(one for one in form if one not in exchanged)))
    yield _line(_FORMS, [phrases.paper(name, lang) for name in forms], lang)
    yield _line(_FILED, [_body(body, lang) for body in decision.filed_with], lang)
    yield _line(_AGREED_WITH, [_body(body, lang) for body in decision.agreed_with], lang)
    yield _line(_EXCHANGE, exchanged, lang)
    if file is not None:
        yield _line(_FILED_BY, [getattr(file.filed_by, lang)], lang)
        yield _line(_LACKING, [getattr(one.what, lang) for one in file.lacking], lang)
        yield _line(_PAPERS, [getattr(one, lang) for one in file.papers], lang)
    yield _line(_WHEN, [_deadline(one, lang) for one in decision.deadlines], lang)


def _instead(decision: Decision, lang: str) -> list[str]:
    """Whose legislation applies without what is refused, and by which articles."""
    cites = dict.fromkeys(_cite(entry, lang) for entry in decision.basis if entry.role == "instead")
    if not decision.instead:
        return list(cites)
    of = phrases.LEGISLATION.in_(lang).format(of=of_states(decision.instead, lang))
    return [f"{of} ({phrases.SEMICOLON.in_(lang).join(cites)})" if cites else of]


def _cite(entry: Basis, lang: str) -> str:
    """The citation with the name of its text in the language."""
    instrument = the_law().instruments.get(entry.rule.split("/", 1)[0])
    name = instrument.name.en if instrument is not None else ""
    article = entry.cite.removeprefix(f"{name}, ")
    if instrument is None or article == entry.cite:
        return in_language(entry.cite, lang)
    return f"{instrument.name.in_(lang)}, {in_language(article, lang)}"


def _weighed(one: Consideration, lang: str) -> str:
    text: str = getattr(one.text, lang)
    return text


def _body(body: FiledWith, lang: str) -> str:
    role: str = getattr(body.role, lang)
    name = getattr(body.called, lang) if body.called is not None else body.name
    return f"{name} – {role}" if name else role


def _deadline(one: Deadline, lang: str) -> str:
    text = f"{getattr(one.what, lang)} ({in_language(one.cite, lang)})"
    if one.day is None:
        return text
    if one.limit is None:  # a step to take, not a time limit for filing
        return f"{text}{phrases.COLON.in_(lang)}{values.days(one.day, one.day, lang)}"
    said = _KEPT[(one.limit, one.kept is not False)].in_(lang).format(day=values.day(one.day, lang))
    return f"{text}{phrases.COLON.in_(lang)}{said}"


def _line(label: Text, parts: Iterable[str], lang: str) -> str:
    told = phrases.SEMICOLON.in_(lang).join(dict.fromkeys(parts))
    if not told:
        return ""
    return f"{label.in_(lang)}{phrases.COLON.in_(lang)}{told}{'' if told.endswith('.') else '.'}"
