"""A time limit that ends on a day off runs to the next working day, and not a day longer (Regulation 1182/71 art. 3(4))."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleiss_rules.working_days import holidays_of, working_day_from

DAYS = st.dates(date(2010, 1, 1), date(2035, 12, 31))
STATES = st.sampled_from(["FR", "DE", "IT", "CH", "GB", "NC", "CA-QC", "XX"])


@given(DAYS, STATES)
def test_the_first_day_that_is_neither_weekend_nor_holiday(day: date, state: str) -> None:
    found = working_day_from(day, state)
    assert found >= day
    assert found.weekday() < 5
    assert found not in holidays_of(state, found.year)
    skipped = [day + timedelta(days=count) for count in range((found - day).days)]
    assert all(one.weekday() >= 5 or one in holidays_of(state, one.year) for one in skipped)
    assert working_day_from(found, state) == found


@pytest.mark.parametrize(
    ("day", "state", "found"),
    [
        (date(2026, 11, 23), "FR", date(2026, 11, 23)),  # a Monday stays
        (date(2026, 11, 21), "FR", date(2026, 11, 23)),  # Saturday
        (date(2026, 11, 22), "XX", date(2026, 11, 23)),  # Sunday, in a State whose holidays are not known
    ],
)
def test_weekends(day: date, state: str, found: date) -> None:
    assert working_day_from(day, state) == found


def test_a_public_holiday_and_the_weekend_after_it() -> None:
    pytest.importorskip("holidays")
    assert working_day_from(date(2027, 1, 1), "FR") == date(2027, 1, 4)  # New Year's Day is a Friday
    assert working_day_from(date(2026, 7, 14), "FR") == date(2026, 7, 15)
    assert working_day_from(date(2026, 7, 14), "DE") == date(2026, 7, 14)


def test_a_state_that_is_not_known_has_no_holidays() -> None:
    assert date(2026, 1, 1) not in holidays_of("XX", 2026)
