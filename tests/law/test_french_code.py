"""The lengths and conditions of the French code are those of its articles R761-1, R761-2, L767-2 and D767-1."""

from __future__ import annotations

from datetime import date

import pytest

from cleiss_rules.calendar import Period
from cleiss_rules.law.store import the_law

YEARS = {
    "elapsed_initial": 3, "renewal": 3, "elapsed_total": 6, "waiting_period": 2,
    "pension_exemption": 3, "pension_exemption_clean_years": 5,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(YEARS))
def test_lengths_in_years(name: str) -> None:
    value = the_law().instruments["fr-css"].parameters[name].at("", date(2026, 11, 23))
    assert value is not None
    assert value.value == Period(12 * YEARS[name], "months")


@pytest.mark.parametrize(("name", "told"), [("renewals", 1), ("pension_exemption_minimum", 20000)])
def test_numbers(name: str, told: int) -> None:
    value = the_law().instruments["fr-css"].parameters[name].at("", date(2026, 11, 23))
    assert value is not None
    assert value.value == told


def test_every_partner_of_the_fact_files_has_its_instrument_even_where_no_text_was_found() -> None:
    law = the_law()
    assert {name for name, one in law.instruments.items() if one.status == "none_found"} == {"fr-al", "fr-wf"}
    assert not any(law.instruments[name].binds or law.instruments[name].rules for name in ("fr-al", "fr-wf"))
