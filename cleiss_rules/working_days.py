"""The end of a time limit: one that falls on a Saturday, a Sunday or a public holiday runs to the end of the next working day.

Regulation 1182/71, article 3(4). Public holidays are those of the package ``holidays`` (an extra); without it, or for a
State that it does not know, only the weekend is left out.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import lru_cache

from cleiss_rules.calendar import ONE_DAY

_SATURDAY = 5
#: territories with holidays of their own, as the package names them
_PARTS = {"NC": ("FR", "NC"), "PF": ("FR", "PF"), "PM": ("FR", "PM"), "YT": ("FR", "YT"), "CA-QC": ("CA", "QC")}


def working_day_from(day: date, state: str) -> date:
    """The day itself, or the first working day after it in a State."""
    holidays = holidays_of(state, day.year), holidays_of(state, day.year + 1)
    while day.weekday() >= _SATURDAY or any(day in known for known in holidays):
        day += ONE_DAY
    return day


@lru_cache(maxsize=512)
def holidays_of(state: str, year: int) -> Container[date]:
    """The public holidays of a State in a year, as far as they are known."""
    try:
        import holidays
    except ImportError:
        return frozenset()
    country, part = _PARTS.get(state, (state, None))
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part, years=year))
    except NotImplementedError:
        return frozenset()
