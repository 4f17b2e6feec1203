"""No value of an agreement differs from what its sources tell: the table holds what was read, one value a line."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cleiss_rules.calendar import Period
from cleiss_rules.law.model import Instrument
from cleiss_rules.law.store import the_law

TABLE = Path(__file__).with_name("sourced_values.csv")
with TABLE.open(encoding="utf-8") as file:
    ROWS = [(row["instrument"], row["value"], row["told"]) for row in csv.DictReader(file)]
INSTRUMENTS = sorted({name for name, _, _ in ROWS})
_ALLOWED = {"True": "yes", "False": "no", "none": "no"}
_UNBOUNDED = {"until_completion", "indefinite", "not_limited"}
_DECIDED = {"none": {None, "not_applicable"}, "not_applicable": {None, "not_applicable"}, "unknown": {None, "unknown"}}


def _period(text: str) -> Period | None:
    count, unit = text[1:-1], text[-1]
    if not (text.startswith("P") and count.isdigit() and unit in "YM"):
        return None
    return Period(int(count) * (12 if unit == "Y" else 1), "months")


def _differs(instrument: Instrument, value: str, told: str) -> bool:
    if value == "status":
        return instrument.status != told
    if value == "in_force":
        return told != "unknown" and instrument.valid.span.start.isoformat() != told
    if value == "signed":
        return told != "unknown" and instrument.signed != told
    if value == "ended":
        return str(instrument.valid.span.end) != told
    if value == "published":
        return str(instrument.valid.published_on) != told
    if value == "nationality":
        (cover,) = [one for one in instrument.covers if one.what == "nationality"]
        return any(word not in cover.value.en for word in told.split())
    name, _, part = value.partition(".")
    part, _, day = part.partition("@")
    if day:
        (longest,) = [one.longest for one in instrument.clauses if one.id == name]
        held = instrument.parameters[longest or ""].at("", date.fromisoformat(day))
        return held is None or held.value != _period(told)
    (clause,) = [one for one in instrument.clauses if one.id == name]
    return _clause_differs(instrument, clause, part, told)


def _clause_differs(instrument: Instrument, clause: Any, part: str, told: str) -> bool:
    if part == "allowed":
        return bool(clause.allowed != _ALLOWED.get(told, told))
    if part == "leave_counted":
        return bool((clause.leave_counted == "yes") != (told == "True"))
    if part == "decided_by":
        return clause.allowed != "no" and clause.decided_by not in _DECIDED.get(told, {told})
    if part == "form":
        return bool(clause.forms) and told not in ", ".join(one.name for one in clause.forms)
    parameter = instrument.parameters.get(clause.longest or "")
    if told in _UNBOUNDED and clause.allowed == "yes":
        return bool(clause.longest != told)
    if clause.allowed not in ("yes", "once_in_force"):
        return parameter is not None
    assert parameter is not None, f"{instrument.id}: {clause.id} has no length"
    held = parameter.at("", date.max)
    return held is None or held.value != _period(told)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_what_is_encoded_is_what_the_sources_tell(name: str) -> None:
    instrument = the_law().instruments[name]
    wrong = [(value, told) for key, value, told in ROWS if key == name and _differs(instrument, value, told)]
    assert wrong == []


def test_every_agreement_of_france_is_in_the_table_or_told_why() -> None:
    encoded = {
        name
        for name, instrument in the_law().instruments.items()
        if instrument.kind in ("bilateral", "decree") and instrument.binds
    }
    written_by_hand = {"fr-ca-1979"}
    conventions_of_the_union = {name for name in encoded if name.startswith("uk-")}
    assert encoded - written_by_hand - conventions_of_the_union == set(INSTRUMENTS)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_no_answer_rests_on_recalled_facts(name: str) -> None:
    instrument = the_law().instruments[name]
    sources = [rule.source for rule in (*instrument.rules, *instrument.binds)]
    sources += [value.source for parameter in instrument.parameters.values() for value in parameter.values]
    assert all(source.grade != "recalled" for source in sources)
