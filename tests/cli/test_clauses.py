"""Clauses side by side and fact sheets: they say what the rules and their sources say, in both languages."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from cleiss_rules.calendar import Period
from cleiss_rules.clauses import DERIVED, MAIN, NAMES, rows
from cleiss_rules.cli import comparing
from cleiss_rules.cli.words import Lang
from cleiss_rules.law.model import GRADES
from cleiss_rules.law.store import the_law
from cleiss_rules.sheet import sheet

TODAY = date(2026, 11, 23)
WITH_CLAUSES = [name for name, instrument in the_law().instruments.items() if instrument.clauses]


def test_a_length_is_that_of_the_parameter_the_rule_uses() -> None:
    (row,) = rows(the_law(), clause="posting", partner="DZ", on=TODAY)
    assert row.longest == Period(36, "months")
    assert row.summary("fr") == "oui : 3 ans, congés compris ; institution d'envoi seule ; SE 352-01"
    assert row.summary("en") == "yes: 3 years, leave included; sending institution alone; SE 352-01"


def test_what_is_not_in_force_on_the_day_is_not_shown() -> None:
    assert rows(the_law(), partner="DZ", on=date(1981, 1, 1)) == []
    assert all(row.instrument.status != "signed_not_in_force" for row in rows(the_law(), on=TODAY))


def test_every_cell_has_a_grade_and_every_unknown_stays_unknown() -> None:
    for row in rows(the_law(), on=TODAY):
        assert row.grade in GRADES
        if row.clause.allowed == "unknown":
            assert row.summary("en").startswith("unknown")


def test_every_point_is_there_for_every_text() -> None:
    """A text whose file does not tell a point has it as unknown, never as missing."""
    found: dict[str, list[str]] = {}
    for row in rows(the_law(), on=TODAY):
        found.setdefault(row.instrument.id, []).append(row.clause.id)
    assert {"eu-883-2004", "uk-tca", "fr-dz", "fr-nc", "fr-css"} <= set(found)
    for name, points in found.items():
        assert set(points) == set(NAMES), name


def test_a_point_made_from_the_rest_of_the_file_says_the_same() -> None:
    (branches,) = rows(the_law(), clause="branches", partner="IN", on=TODAY)
    assert branches.summary("en").startswith("invalidity, old age, survivors; outside the text: maternity, death")
    assert "au lieu de travail : maladie, accidents du travail, famille" in branches.summary("fr")
    (leave,) = rows(the_law(), clause="leave", partner="DZ", on=TODAY)
    assert leave.summary("en") == "counted in the length of the posting"
    (bodies,) = rows(the_law(), clause="bodies", partner="DZ", on=TODAY)
    assert "CNAS" in bodies.summary("fr")
    assert "CPAM" not in bodies.summary("fr")  # competent until 31 December 2021
    (forms,) = rows(the_law(), clause="forms", partner="DZ", on=TODAY)
    assert forms.summary("fr") == "SE 352-01"
    (third,) = rows(the_law(), clause="third_state", partner="DZ", on=TODAY)
    assert third.clause.allowed == "unknown"
    for row in rows(the_law(), on=TODAY):
        if row.clause.id in DERIVED and row.text is not None:
            assert row.text.fr
            assert row.text.en


def test_a_hint_stands_only_next_to_what_no_source_tells(run: Any) -> None:
    hinted = [row for row in rows(the_law(), on=TODAY) if row.hint is not None]
    assert {row.instrument.id for row in hinted} >= {"fr-sn", "fr-tg", "fr-il"}
    for row in hinted:
        assert "unknown" in (row.clause.allowed, row.longest)
    told = " ".join(run("clauses", "--clause", "posting", "--partner", "SN", "--lang", "en").stdout.split())
    assert "length unknown" in told
    assert "unconfirmed memory, no part of the answer: three years" in told
    fact_sheet = sheet(the_law(), "fr-sn", "fr", TODAY)
    assert "## Souvenirs non confirmés, sans effet sur les réponses" in fact_sheet


@pytest.mark.parametrize("lang", list(Lang))
def test_the_overview_fits_a_narrow_terminal(lang: Lang) -> None:
    headings, lines = comparing.table(rows(the_law(), on=TODAY), None, None, lang)
    assert len(headings) == len(MAIN) + 1
    for line in lines:
        assert len(line) == len(headings)
        assert all(len(cell) <= 30 and max(map(len, cell.split())) <= 15 for cell in line[1:]), line


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", WITH_CLAUSES)
def test_a_sheet_tells_every_rule_clause_and_body(name: str, lang: str) -> None:
    instrument = the_law().instruments[name]
    text = sheet(the_law(), name, lang, TODAY)
    assert text.startswith(f"# {instrument.title.in_(lang)}\n")
    for rule in instrument.rules:
        if rule.kind == "rule" and TODAY in rule.valid.span:
            assert f"**{rule.title.in_(lang)}**" in text
    for body in instrument.bodies:
        assert body.name.in_(lang) in text
    for one in (*instrument.covers, *instrument.history):
        assert (one.value if hasattr(one, "value") else one.text).in_(lang) in text
    assert "None" not in text


def test_the_command_line_writes_every_shape(run: Any) -> None:
    table = run("clauses", "--clause", "prolongation", "--partner", "DZ", "--lang", "en").stdout
    assert "24 months" in table
    cells = list(csv.reader(io.StringIO(run("clauses", "--format", "csv", "--lang", "fr").stdout)))
    assert len({len(line) for line in cells}) == 1
    assert "fr-dz" in [line[1] for line in cells]
    data = json.loads(run("clauses", "--partner", "DZ", "--format", "json").stdout)
    assert {"clause": "prolongation", "longest": "P24M"}.items() <= next(
        one for one in data if one["clause"] == "prolongation"
    ).items()
    page = run("clauses", "--format", "html", "--lang", "fr").stdout
    assert "<table>" in page
    assert "SE 352-01" in page
    assert run("sheet", "fr-dz", "--lang", "fr").stdout == sheet(the_law(), "fr-dz", "fr")


@pytest.mark.parametrize(
    "arguments", [("clauses", "--clause", "nothing"), ("clauses", "--partner", "ZZ"), ("sheet", "fr-zz")]
)
def test_what_does_not_exist_is_named_with_what_does(run: Any, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "accepted:" in " ".join(result.stderr.split())


def test_a_sheet_says_a_date_once_and_in_words() -> None:
    text = sheet(the_law(), "fr-ml", "fr")
    assert "- texte d'application : arrangement administratif complémentaire nº 2 du 21 mars 1986\n" in text
    assert "- remarque : entrée en vigueur, avec les deux protocoles (1er juin 1983)\n" in text


@pytest.mark.parametrize(
    ("lang", "who"), [("fr", "- prolongation : qui décide"), ("en", "- prolongation: who decides")]
)
def test_a_sheet_begins_with_postings_and_says_whose_decision_no_source_tells(lang: str, who: str) -> None:
    text = sheet(the_law(), "fr-kr", lang, TODAY)
    told = [line for line in text.splitlines() if line.startswith("- **")]
    first = {"fr": "détachement", "en": "posting"}[lang]
    places = [index for index, line in enumerate(told) if line.startswith(f"- **{first}** ")]
    further = [index for index, line in enumerate(told) if line.startswith("- **prolongation** ")]
    assert places[0] < further[0]
    assert who in text
    assert {"fr": "**missions courtes** :", "en": "**short assignments**:"}[lang] in text  # no article is known
