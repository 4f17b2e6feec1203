from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleiss_rules.calendar import Period, Span, add_up, fits, last_day, reaches, whole_months

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(1, 120)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 3, 15), 24, date(2026, 3, 14)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 3, 1), 24, date(2026, 2, 28)),
        (date(2023, 3, 1), 12, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
    ],
)
def test_a_period_ends_on_the_eve_of_the_same_day(start: date, months: int, end: date) -> None:
    assert last_day(start, Period(months, "months")) == end


def test_days_are_calendar_days() -> None:
    assert last_day(date(2026, 1, 31), Period(30, "days")) == date(2026, 3, 1)


@given(DAYS, MONTHS)
def test_the_limit_itself_fits_and_a_day_more_does_not(start: date, months: int) -> None:
    period = Period(months, "months")
    end = last_day(start, period)
    assert fits(Span(start, end), period)
    assert reaches(Span(start, end), period)
    assert not fits(Span(start, end + timedelta(days=1)), period)
    assert not reaches(Span(start, end - timedelta(days=1)), period)


@given(DAYS, MONTHS)
def test_whole_months_of_a_period_are_its_months(start: date, months: int) -> None:
    assert whole_months(Span(start, last_day(start, Period(months, "months")))) == (months, 0)


@given(DAYS, MONTHS, st.integers(0, 27))
def test_months_and_days_come_back(start: date, months: int, days: int) -> None:
    end = last_day(start, Period(months, "months")) + timedelta(days=days)
    assert whole_months(Span(start, end)) == (months, days)


def test_postings_add_up_without_the_break_between_them() -> None:
    first, second = Span(date(2023, 1, 1), date(2023, 12, 31)), Span(date(2024, 3, 1), date(2025, 2, 28))
    assert add_up([second, first]) == Span(date(2023, 1, 1), date(2024, 12, 31))
    assert fits(add_up([first, second]), Period(24, "months"))


def test_a_sum_with_an_open_end_is_open() -> None:
    assert add_up([Span(date(2023, 1, 1), date(2023, 2, 1)), Span(date(2024, 1, 1), None)]).end is None


def test_an_open_span_fits_nothing_and_reaches_everything() -> None:
    assert not fits(Span(date(2023, 1, 1), None), Period(1200, "months"))
    assert reaches(Span(date(2023, 1, 1), None), Period(1200, "months"))


def test_beyond_the_calendar_is_an_error() -> None:
    with pytest.raises(OverflowError):
        last_day(date(9999, 1, 1), Period(24, "months"))
