"""Calendar months: the one convention for periods, used by facts and engines alike.

Regulation 1182/71, article 3(2)(c): a period of n months whose first day is D ends on the eve of the day with
the same number n months later; where that month has no such day, on its last day. This module knows no law
besides that convention.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)
Unit = Literal["days", "months"]


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time of the law: calendar days, or calendar months (years are twelve months)."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit[:-1]}"


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are stated, first and last one included; ``end`` None means open-ended."""

    start: date
    end: date | None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a day."""
        return (other.end is None or self.start <= other.end) and (self.end is None or other.start <= self.end)


def month_after(day: date) -> date:
    """The first day of the month after that of ``day``; the last day of all has none and stands for itself."""
    if (day.year, day.month) == (date.max.year, date.max.month):
        return date.max
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@lru_cache(maxsize=65536)
def last_day(start: date, period: Period) -> date:
    """The last day of a period that begins on ``start``.

    24 months from 15 March 2024 end on 14 March 2026, from 29 February 2024 on 28 February 2026; one month
    from 31 January 2025 ends on 28 February 2025. Raises OverflowError beyond year 9999.
    """
    if period.unit == "days":
        return start + timedelta(days=period.count - 1)
    try:
        same_day = start + relativedelta(months=period.count)
    except ValueError as error:
        raise OverflowError(f"{start} plus {period} lies beyond the calendar") from error
    return same_day - ONE_DAY if same_day.day == start.day else same_day


def fits(span: Span, period: Period) -> bool:
    """Whether the span is no longer than the period counted from the span's first day."""
    return span.end is not None and span.end <= last_day(span.start, period)


def reaches(span: Span, period: Period) -> bool:
    """Whether the span is at least as long as the period counted from the span's first day."""
    return span.end is None or span.end >= last_day(span.start, period)


def whole_months(span: Span) -> tuple[int, int]:
    """A closed span as calendar months and days left over: 1 March to 2 May is (2, 2)."""
    if span.end is None:
        raise ValueError("an open span has no length")
    months = max(0, (span.end.year - span.start.year) * 12 + span.end.month - span.start.month - 1)
    while last_day(span.start, Period(months + 1, "months")) <= span.end:
        months += 1
    if months == 0:
        return 0, (span.end - span.start).days + 1
    return months, (span.end - last_day(span.start, Period(months, "months"))).days


def add_up(spans: list[Span]) -> Span:
    """Several spans laid end to end from the first day of the first one, each keeping its months and days.

    So a sum of postings is compared with a limit by the same convention as a single one.
    """
    ordered = sorted(spans, key=lambda span: span.start)
    end: date | None = None
    for span in ordered:
        if span.end is None:
            return Span(ordered[0].start, None)
        if end is None:
            end = span.end
            continue
        months, days = whole_months(span)
        start = end + ONE_DAY
        end = last_day(start, Period(months, "months")) if months else end
        end += timedelta(days=days)
    return Span(ordered[0].start, end)
