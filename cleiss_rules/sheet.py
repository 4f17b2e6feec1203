"""A fact sheet of one instrument, made from the same data as the answers: what it is, whom it covers, what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cleiss_rules import clauses
from cleiss_rules.explain import countries, phrases, values
from cleiss_rules.explain.citations import in_language
from cleiss_rules.law.load import BEGINNING
from cleiss_rules.law.model import Hint, Instrument, Law, Rule, Text
from cleiss_rules.scope_rows import derived

_STATUS = {
    "in_force": Text("en vigueur", "in force"),
    "ended": Text("terminé", "ended"),
    "none_found": Text("aucun texte trouvé : rien n'est appliqué", "no text found: nothing is applied"),
    "signed_not_in_force": Text("signé, pas en vigueur : n'est pas appliqué", "signed, not in force: not applied"),
}
_COVERS = {
    "nationality": Text("nationalité", "nationality"),
    "employed": Text("salariés", "employed persons"),
    "self_employed": Text("non-salariés", "self-employed persons"),
    "civil_servants": Text("agents publics", "civil servants"),
    "students": Text("étudiants", "students"),
    "unemployed": Text("chômeurs", "unemployed persons"),
    "non_active": Text("personnes sans activité", "persons without work"),
    "refugees_stateless": Text("réfugiés et apatrides", "refugees and stateless persons"),
    "third_country_nationals": Text("ressortissants de pays tiers", "third-country nationals"),
    "territory": Text("territoire", "territory"),
    "branches": Text("branches", "branches"),
    "unemployment": Text("assurance chômage", "unemployment insurance"),
    "kept_by_posting": Text("branches maintenues par le détachement", "branches kept by a posting"),
}
_HISTORY = {
    "publication": Text("publication", "publication"),
    "amendment": Text("modification", "amendment"),
    "replaces": Text("remplace", "replaces"),
    "implementing": Text("texte d'application", "implementing text"),
    "conflict": Text("sources contradictoires", "sources that disagree"),
    "status": Text("remarque", "remark"),
}
_WHO = Text("qui décide", "who decides")
_PARTS = {
    "text": Text("Le texte", "The text"),
    "who": Text("Champ", "Scope"),
    "rules": Text("Législation applicable", "Applicable legislation"),
    "branches": Text("Branches maintenues avec la législation d'envoi", "Branches kept with the sending legislation"),
    "clauses": Text("Détachement et dérogations", "Postings and derogations"),
    "bodies": Text("Organismes", "Institutions"),
    "unknown": Text("Ce qu'aucune source ne dit", "What no source tells"),
    "hints": Text(
        "Souvenirs non confirmés, sans effet sur les réponses : à vérifier dans le texte",
        "Unconfirmed memories, no part of any answer: to be checked in the text",
    ),
}


def sheet(law: Law, name: str, lang: str, on: date | None = None) -> str:
    """The fact sheet of an instrument in Markdown. Raises KeyError for one that does not exist."""
    instrument = law.instruments[name]
    day = on or date.today()
    return "\n".join(_lines(instrument, lang, day)) + "\n"


def _lines(instrument: Instrument, lang: str, day: date) -> Iterator[str]:
    yield f"# {instrument.title.in_(lang)}"
    yield from _part("text", _text(instrument, lang), lang)
    yield from _part("who", [_labelled(_COVERS[c.what], c.value, lang) for c in instrument.covers], lang)
    yield from _part("rules", _rules(instrument, lang, day), lang)
    yield from _part("branches", _branches(instrument, lang, day), lang)
    yield from _part("clauses", _clauses(instrument, lang, day), lang)
    yield from _part("bodies", _bodies(instrument, lang), lang)
    yield from _part("unknown", _unknown(instrument, lang, day), lang)
    yield from _part("hints", [_hint(instrument, hint, lang) for hint in instrument.hints], lang)


def _part(name: str, lines: list[str], lang: str) -> Iterator[str]:
    if lines:
        yield ""
        yield f"## {_PARTS[name].in_(lang)}"
        yield ""
        yield from (f"- {line}" for line in lines)


def _labelled(label: Text, value: Text, lang: str) -> str:
    return f"{label.in_(lang)}{phrases.COLON.in_(lang)}{value.in_(lang)}"


def _text(instrument: Instrument, lang: str) -> list[str]:
    colon = phrases.COLON.in_(lang)
    span = instrument.valid.span
    lines = [_STATUS[instrument.status].in_(lang)]
    if instrument.status in ("in_force", "ended"):
        lines[0] += f", {values.days(span.start, span.end, lang)}"
    if instrument.signed:
        lines.append(f"{'signature' if lang == 'fr' else 'signed'}{colon}{_dated(instrument.signed, lang)}")
    for one in instrument.history:
        told, day = one.text.in_(lang), _dated(one.date, lang) if one.date else ""
        lines.append(f"{_HISTORY[one.what].in_(lang)}{colon}{told}" + (f" ({day})" if day and day not in told else ""))
    source = instrument.source
    lines.append(f"source{colon}{phrases.GRADES[source.grade].in_(lang)}" + (f", {source.url}" if source.url else ""))
    return lines


def _dated(told: str, lang: str) -> str:
    """A date as far as sources tell it: a day in words, a month or a year as it stands."""
    return values.day(date.fromisoformat(told), lang) if len(told) == 10 else told


def _rules(instrument: Instrument, lang: str, day: date) -> list[str]:
    return [_rule(rule, lang) for rule in instrument.rules if rule.kind == "rule" and day in rule.valid.span]


def _rule(rule: Rule, lang: str) -> str:
    said = rule.when or ([rule.where] if rule.where is not None else [])  # without conditions: whom it concerns
    conditions = [one.say.in_(lang) for one in said if one.say is not None]
    gap = f" – {phrases.GAPS.in_(lang)}{phrases.COLON.in_(lang)}{rule.then.gap.in_(lang)}" if rule.then.gap else ""
    return (
        f"**{rule.title.in_(lang)}** ({in_language(rule.cite, lang)}){phrases.COLON.in_(lang)}"
        f"{phrases.SEMICOLON.in_(lang).join(conditions)}{gap} [{phrases.GRADES[rule.source.grade].in_(lang)}]"
    )


def _clauses(instrument: Instrument, lang: str, day: date) -> list[str]:
    lines: list[str] = []
    order = list(clauses.NAMES)
    told = sorted(instrument.clauses, key=lambda clause: order.index(clause.id))
    for row in (clauses.row(instrument, clause, day) for clause in told):
        note = f" – {row.clause.note.in_(lang)}" if row.clause.note is not None else ""
        name = clauses.NAMES[row.clause.id].in_(lang)
        grade = phrases.GRADES[row.grade].in_(lang)
        lines.append(
            f"**{name}**{_at(name, row.clause.cite, lang)}{phrases.COLON.in_(lang)}{row.summary(lang)}{note} [{grade}]"
        )
    return lines


def _bodies(instrument: Instrument, lang: str) -> list[str]:
    lines: list[str] = []
    for body in instrument.bodies:
        start = body.span.start if body.span.start > BEGINNING else date.min
        days = f", {values.days(start, body.span.end, lang)}" if start > date.min or body.span.end is not None else ""
        where = countries.name(body.state, lang)
        lines.append(f"{where}{phrases.COLON.in_(lang)}{body.name.in_(lang)} – {body.role.in_(lang)}{days}")
    return lines


def _unknown(instrument: Instrument, lang: str, day: date) -> list[str]:
    lines = [
        f"{parameter.title.in_(lang)} ({in_language(value.cite, lang)})"
        for parameter in instrument.parameters.values()
        if (value := parameter.at("", day)) is not None and value.value is None
    ]
    lines += [
        f"{name}{_at(name, clause.cite, lang)}"
        for clause in instrument.clauses
        if clause.allowed == "unknown" and (name := clauses.NAMES[clause.id].in_(lang))
    ]
    lines += [
        f"{clauses.NAMES[clause.id].in_(lang)}{phrases.COLON.in_(lang)}{_WHO.in_(lang)} ({in_language(clause.cite, lang)})"
        for clause in instrument.clauses
        if clause.id in clauses.DECIDED and clause.allowed == "yes" and clause.decided_by in (None, "unknown")
    ]
    return lines


def _at(name: str, cite: str, lang: str) -> str:
    """Where a point stands in the text; nothing where no article is known and the point itself is named instead."""
    spelled = in_language(cite, lang)
    return "" if spelled == name else f" ({spelled})"


def _branches(instrument: Instrument, lang: str, day: date) -> list[str]:
    row = derived(instrument, "branches", day)
    if row.text is None:
        return []
    notes = [one.note.in_(lang) for one in instrument.branches if one.note is not None and day in one.valid.span]
    said = phrases.SEMICOLON.in_(lang).join([row.text.in_(lang), *dict.fromkeys(notes)])
    return [f"{said} ({in_language(row.clause.cite, lang)}) [{phrases.GRADES[row.grade].in_(lang)}]"]


def _hint(instrument: Instrument, hint: Hint, lang: str) -> str:
    names = dict.fromkeys(_about(instrument, name).in_(lang) for name in hint.on)
    return f"{', '.join(names)}{phrases.COLON.in_(lang)}{hint.text.in_(lang)}"


def _about(instrument: Instrument, name: str) -> Text:
    """What a clause, a parameter or a rule is about."""
    if name in clauses.NAMES:
        return clauses.NAMES[name]
    if name in instrument.parameters:
        return instrument.parameters[name].title
    return next(rule.title for rule in (*instrument.binds, *instrument.rules) if rule.id == name)
