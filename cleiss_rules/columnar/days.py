"""Days as numbers, and lengths of time told apart by the limits of the law, for whole columns at once.

A day is the number of days since 1 January 1970; ``UNKNOWN`` stands for one that nobody stated, ``FAR`` for no end. The
convention for months is that of ``calendar``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.lookups import gather

Days = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int32]

EPOCH = date(1970, 1, 1)
UNKNOWN = np.int32(-(2**30))
FAR = np.int32(2**30)
#: days outside these are looked at one case at a time
FIRST, LAST = (date(1900, 1, 1) - EPOCH).days, (date(2199, 12, 31) - EPOCH).days
_LARGEST_TABLE = 1 << 24


def number_of(day: date) -> int:
    """The number of a day."""
    return (day - EPOCH).days


def last_days(starts: Days, months: int | npt.NDArray[np.int64], unit: str = "months") -> Days:
    """The last day of a period that begins on each of ``starts``."""
    if unit == "days":
        ended: Days = (starts + months - 1).astype(np.int32)
        return ended
    days = starts.astype("M8[D]")
    month = days.astype("M8[M]")
    within = (days - month.astype("M8[D]")).astype(np.int64)
    target = month + months
    first = target.astype("M8[D]").astype(np.int64)
    length = (target + 1).astype("M8[D]").astype(np.int64) - first
    found: Any = np.where(within < length, first + within - 1, first + length - 1)
    days_found: Days = found.astype(np.int32)
    return days_found


def beside(days: Days, marks: Sequence[int]) -> Codes:
    """Where each day stands among ``marks``: two codes a mark, so before, on and after it differ; 0 for unknown."""
    if not len(days) or not marks:
        return np.zeros(len(days), np.int32)
    low, high = int(days.min()), int(days.max())
    at = np.asarray(marks)
    if low == high:
        return np.full(len(days), 0 if low == UNKNOWN else int(_beside(np.array([low], np.int32), at)[0]), np.int32)
    if low > at[-1]:
        return np.full(len(days), 2 * len(marks) + 1, np.int32)
    if low > UNKNOWN and high - low < _LARGEST_TABLE:
        return _beside(np.arange(low, high + 1, dtype=np.int32), at)[days - low]
    return np.where(days == UNKNOWN, np.int32(0), _beside(days, at))


def _beside(days: Days, at: npt.NDArray[Any]) -> Codes:
    left = np.searchsorted(at, days, "left")
    return (1 + left + np.searchsorted(at, days, "right")).astype(np.int32)


def around(marks: Iterable[date]) -> list[int]:
    """Each day and its eve, in order."""
    return sorted({number_of(mark) - eve for mark in marks for eve in (0, 1)})


class Lengths:
    """Spans of days told apart by a list of periods: shorter, just as long, longer than each of them."""

    def __init__(self, periods: Iterable[Period]) -> None:
        self.periods = sorted(set(periods), key=lambda one: one.count * (30.4375 if one.unit == "months" else 1))
        self.width = 2 * len(self.periods) + 2
        self.longest = 2 + max((p.count * (31 if p.unit == "months" else 1) for p in self.periods), default=0)
        self._table: tuple[int, int, npt.NDArray[np.uint8]] | None = None

    def codes(self, starts: Days, ends: Days) -> Codes:
        """The code of each span, from 1 on; 0 where the start is unknown. An empty span is shorter than every period."""
        if not len(starts):
            return np.zeros(0, np.int32)
        unknown = starts == UNKNOWN
        if unknown.any():
            found = np.zeros(len(starts), np.int32)
            known = ~unknown
            found[known] = self.codes(starts[known], ends[known])
            return found
        low, high = int(starts.min()), int(starts.max())
        lengths = np.clip(ends - starts + 1, 0, self.longest)
        if (high - low + 1) * (self.longest + 1) > _LARGEST_TABLE:
            whole, place = np.unique(starts, return_inverse=True)
            if len(whole) * (self.longest + 1) > _LARGEST_TABLE:
                half = len(starts) // 2
                parts = (slice(0, half), slice(half, None))
                return np.concatenate([self.codes(starts[part], ends[part]) for part in parts])
            scattered: Codes = self._made(whole)[place, lengths].astype(np.int32)
            return scattered
        first, _, table = self._covering(low, high)
        near: Codes = table.ravel()[(starts - first) * np.int32(self.longest + 1) + lengths].astype(np.int32)
        return near

    def _covering(self, low: int, high: int) -> tuple[int, int, npt.NDArray[np.uint8]]:
        known = self._table
        if known is not None and known[0] <= low and high <= known[1]:
            return known
        if known is not None and (max(high, known[1]) - min(low, known[0]) + 1) * (self.longest + 1) <= _LARGEST_TABLE:
            low, high = min(low, known[0]), max(high, known[1])
        self._table = low, high, self._made(np.arange(low, high + 1, dtype=np.int32))
        return self._table

    def _made(self, starts: Days) -> npt.NDArray[np.uint8]:
        """For each start and each length (plus one), the code."""
        steps = np.zeros((len(starts), self.longest + 2), np.uint8)
        rows = np.arange(len(starts))
        for period in self.periods:
            just = last_days(starts, period.count, period.unit) - starts + 1
            np.add.at(steps, (rows, just), 1)
            np.add.at(steps, (rows, just + 1), 1)
        codes = 1 + np.cumsum(steps[:, : self.longest + 1], axis=1, dtype=np.uint8)
        return codes.astype(np.uint8)


class LastDays:
    """The last day of a period that begins on a day, for whole columns of days."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._table: tuple[int, Days] = 0, np.zeros(0, np.int32)

    def __call__(self, starts: Days) -> Days:
        """The last day of the period that begins on each day."""
        if not len(starts):
            return starts
        low, high = int(starts.min()), int(starts.max())
        if high - low > _LARGEST_TABLE:
            return last_days(starts, self._period.count, self._period.unit)
        first, table = self._table
        if low < first or high >= first + len(table):
            if len(table):
                low, high = min(low, first), max(high, first + len(table) - 1)
            days = np.arange(low, high + 1, dtype=np.int32)
            self._table = first, table = low, last_days(days, self._period.count, self._period.unit)
        found: Days = gather(table, starts - np.int32(first))
        return found
