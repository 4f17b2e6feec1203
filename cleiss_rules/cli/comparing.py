"""``clauses`` and ``sheet``: instruments side by side, and one by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from html import escape
from typing import Any

from cleiss_rules import clauses
from cleiss_rules.calendar import Period
from cleiss_rules.clauses import Row
from cleiss_rules.cli.words import Lang
from cleiss_rules.explain import countries, phrases
from cleiss_rules.explain.citations import in_language
from cleiss_rules.law.model import Text

_MOST_PARTNERS = 6
_LETTERS = {"primary": "P", "verified": "V", "official-summary": "O", "secondary": "S", "recalled": "R"}
_WORDS = {
    Lang.fr: ("partenaire", "point", "source", "article", "ce que dit le texte"),
    Lang.en: ("partner", "point", "grade", "article", "what the text says"),
}
_LONG = {
    Lang.fr: ("partenaire", "texte", "point", "possible", "durée", "congés", "décide", "formulaire", "article", "source",
              "ce que dit le texte", "note", "souvenir non confirmé"),
    Lang.en: ("partner", "instrument", "point", "allowed", "length", "leave", "decides", "form", "article", "grade",
              "what the text says", "note", "unconfirmed memory"),
}  # fmt: skip
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def table(found: Sequence[Row], clause: str | None, partner_asked: str | None, lang: Lang) -> Table:
    """What is shown in a terminal: one clause of every text, every clause of one partner, or the main clauses of all."""
    one, point, grade, article, says = _WORDS[lang]
    if clause is not None:
        return (one, grade, article, says), [(partner(row, lang), *_told(row, lang)) for row in found]
    if partner_asked is not None:
        several = len({row.instrument.id for row in found}) > 1
        lines = [((row.instrument.id,) if several else ()) + (_name(row, lang), *_told(row, lang)) for row in found]
        return (*((_LONG[lang][1],) if several else ()), point, grade, article, says), lines
    return _overview(found, lang)


def _overview(found: Sequence[Row], lang: Lang) -> Table:
    lines: dict[str, dict[str, str]] = {}
    partners: dict[str, str] = {}
    for row in found:
        lines.setdefault(row.instrument.id, {})[row.clause.id] = _short(row, lang)
        partners[row.instrument.id] = partner(row, lang)
    names = tuple(clauses.NAMES[name].in_(lang.value) for name in clauses.MAIN)
    shown = [(partners[name], *(cells.get(one, "–") for one in clauses.MAIN)) for name, cells in lines.items()]
    return (_WORDS[lang][0], *names), shown


def _short(row: Row, lang: Lang) -> str:
    """The length, or whether it is possible at all, with the letter of its grade: *3 ans [O]*."""
    allowed = row.clause.allowed
    told = row.length(lang.value) if allowed == "yes" else ""
    return f"{told or clauses.ANSWERS[allowed].in_(lang.value)} [{_LETTERS[row.grade]}]"


def _told(row: Row, lang: Lang) -> tuple[str, str, str]:
    said = row.summary(lang.value)
    if row.clause.note is not None:
        said += f" – {row.clause.note.in_(lang.value)}"
    if row.hint is not None:
        said += f" ({phrases.HINT.in_(lang.value).lower()}{phrases.COLON.in_(lang.value)}{row.hint.in_(lang.value)})"
    return f"[{_LETTERS[row.grade]}]", in_language(row.clause.cite, lang.value), said


def legend(lang: Lang) -> str:
    """What the letters of the grades mean, and how to see more."""
    grades = " ; ".join(f"[{_LETTERS[grade]}] {text.in_(lang.value)}" for grade, text in phrases.GRADES.items())
    more = {
        Lang.fr: "Un point en entier : --clause posting. Tous les points d'un partenaire : --partner DZ.",
        Lang.en: "One point in full: --clause posting. Every point of one partner: --partner DZ.",
    }[lang]
    return f"{grades}.\n{more}"


def long(found: Sequence[Row], lang: Lang) -> Table:
    """Every point of every text with all that is told of it, one to a line."""
    return _LONG[lang], [_details(row, lang) for row in found]


def matrix(found: Sequence[Row], lang: Lang) -> Table:
    """Texts by points, each cell with its grade."""
    shown = [name for name in clauses.NAMES if any(row.clause.id == name for row in found)]
    cells: dict[str, dict[str, str]] = {}
    partners: dict[str, str] = {}
    for row in found:
        cells.setdefault(row.instrument.id, {})[row.clause.id] = f"{row.summary(lang.value)} [{row.grade}]"
        partners[row.instrument.id] = partner(row, lang)
    head = (_LONG[lang][0], _LONG[lang][1], *(clauses.NAMES[name].in_(lang.value) for name in shown))
    return head, [(partners[name], name, *(own.get(one, "–") for one in shown)) for name, own in cells.items()]


def partner(row: Row, lang: Lang) -> str:
    """The State or States on the other side; the text's name where it has none of its own."""
    others = [countries.name(code, lang.value) for code in row.instrument.states if code != "FR"]
    return ", ".join(others) if 0 < len(others) <= _MOST_PARTNERS else row.instrument.name.in_(lang.value)


def _name(row: Row, lang: Lang) -> str:
    return clauses.NAMES[row.clause.id].in_(lang.value)


def _details(row: Row, lang: Lang) -> tuple[str, ...]:
    clause = row.clause
    leave = clauses.LEAVE[clause.leave_counted].in_(lang.value) if clause.leave_counted in clauses.LEAVE else "–"
    decides = clauses.DECIDERS[clause.decided_by].in_(lang.value) if clause.decided_by else "–"
    return (
        partner(row, lang), row.instrument.id, _name(row, lang), clauses.ANSWERS[clause.allowed].in_(lang.value),
        row.length(lang.value) or "–", leave, decides, row.form(lang.value) or "–", in_language(clause.cite, lang.value), row.grade,
        row.summary(lang.value), clause.note.in_(lang.value) if clause.note is not None else "",
        row.hint.in_(lang.value) if row.hint is not None else "",
    )  # fmt: skip


def as_data(found: Sequence[Row]) -> list[dict[str, Any]]:
    """Plain data, one entry per clause of an instrument."""
    return [
        {
            "instrument": row.instrument.id, "states": list(row.instrument.states), "clause": row.clause.id,
            "allowed": row.clause.allowed,
            "longest": _length(row.longest), "leave_counted": row.clause.leave_counted,
            "decided_by": row.clause.decided_by, "form": row.form("en") or None, "cite": row.clause.cite,
            "grade": row.grade, "source": row.clause.source.url,
            "text": _both(row.text), "note": _both(row.clause.note), "hint": _both(row.hint),
        }
        for row in found
    ]  # fmt: skip


def _both(text: Text | None) -> dict[str, str] | None:
    return {"fr": text.fr, "en": text.en} if text is not None else None


def _length(value: Period | str | None) -> str | None:
    if isinstance(value, Period):
        return f"P{value.count}{'M' if value.unit == 'months' else 'D'}"
    return value


def as_csv(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Comma-separated values; a cell that a spreadsheet would take for a formula is quoted as text."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(["'" + cell if cell[:1] in "=+-@" else cell for cell in line] for line in lines)
    return file.getvalue().rstrip("\n")


def as_html(headings: Sequence[str], lines: Sequence[Sequence[str]], lang: Lang) -> str:
    """A page with the table."""
    title = "Clauses des accords" if lang is Lang.fr else "Clauses of the agreements"
    head = "".join(f"<th>{escape(name)}</th>" for name in headings)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    legend = "".join(
        f"<li>{grade}{phrases.COLON.in_(lang.value)}{escape(text.in_(lang.value))}</li>"
        for grade, text in phrases.GRADES.items()
    )
    return (
        f'<!doctype html><html lang="{lang.value}"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font-family:sans-serif}table{border-collapse:collapse}td,th{border:1px solid #cbd5e0;padding:.3em .5em;"
        "text-align:left;vertical-align:top}th{position:sticky;top:0;background:#edf2f7}</style>"
        f"<h1>{title}</h1><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><ul>{legend}</ul></html>"
    )
