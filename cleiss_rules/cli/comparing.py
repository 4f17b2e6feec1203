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

_MOST_PARTNERS = 6
_ONE = {
    Lang.fr: ("partenaire", "texte", "possible", "durée", "congés", "décide", "formulaire", "article", "source"),
    Lang.en: ("partner", "instrument", "allowed", "length", "leave", "decides", "form", "article", "grade"),
}


def table(found: Sequence[Row], clause: str | None, lang: Lang) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headings and rows: every detail of one clause, or the main clauses of each instrument."""
    if clause is not None:
        return _ONE[lang], [_details(row, lang) for row in found]
    names = tuple(clauses.NAMES[name].in_(lang.value) for name in clauses.MAIN)
    lines: dict[str, dict[str, str]] = {}
    partners: dict[str, str] = {}
    for row in found:
        lines.setdefault(row.instrument.id, {})[row.clause.id] = f"{row.summary(lang.value)} [{row.grade}]"
        partners[row.instrument.id] = partner(row, lang)
    return (
        (_ONE[lang][0], _ONE[lang][1], *names),
        [(partners[name], name, *(cells.get(one, "–") for one in clauses.MAIN)) for name, cells in lines.items()],
    )


def partner(row: Row, lang: Lang) -> str:
    """The State or States on the other side; the text's name where it has none of its own."""
    others = [countries.name(code, lang.value) for code in row.instrument.states if code != "FR"]
    return ", ".join(others) if 0 < len(others) <= _MOST_PARTNERS else row.instrument.name.in_(lang.value)


def _details(row: Row, lang: Lang) -> tuple[str, ...]:
    clause = row.clause
    leave = clauses.LEAVE[clause.leave_counted].in_(lang.value) if clause.leave_counted in clauses.LEAVE else "–"
    decides = clauses.DECIDERS[clause.decided_by].in_(lang.value) if clause.decided_by else "–"
    return (
        partner(row, lang), row.instrument.id, clauses.ANSWERS[clause.allowed].in_(lang.value), row.length(lang.value) or "–",
        leave, decides, clause.form or "–", in_language(clause.cite, lang.value), row.grade,
    )  # fmt: skip


def as_data(found: Sequence[Row]) -> list[dict[str, Any]]:
    """Plain data, one entry per clause of an instrument."""
    return [
        {
            "instrument": row.instrument.id, "states": list(row.instrument.states), "clause": row.clause.id,
            "allowed": row.clause.allowed,
            "longest": _length(row.longest), "leave_counted": row.clause.leave_counted,
            "decided_by": row.clause.decided_by, "form": row.clause.form, "cite": row.clause.cite,
            "grade": row.grade, "source": row.clause.source.url,
        }
        for row in found
    ]  # fmt: skip


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
