"""What is told of every day from the first to the last one that is looked at in bulk, as tables. Needs no numba."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.days import EPOCH, FIRST, LAST, Days, Lengths, beside, last_days
from cleiss_rules.columnar.encode import MOST_MONTHS, Encoder

Bytes = npt.NDArray[np.uint8]
#: tables of bytes, each with how many values it has; of what has many values, byte by byte
Told = Sequence[tuple[Bytes, int]]
_BYTE = 255
EVERY_DAY: Days = np.arange(FIRST, LAST + 1, dtype=np.int32)


class Calendars:
    """Where each day lies among those on which the law changes or looks back, and when periods end that begin on it.

    ``between``: between which changes of law; ``limits``: periods that cut rows; ``lengths``: those of insurance.
    """

    def __init__(
        self, encoder: Encoder, limits: Sequence[Period], lengths: Lengths, between: npt.NDArray[np.int32]
    ) -> None:
        self._reached: dict[Period, Days] = {}
        self.between = _tables(between)
        self.looked_back = _tables(beside(EVERY_DAY, encoder.history))
        self.known_by = _tables(np.searchsorted(encoder.published, EVERY_DAY, "right"))
        self.limits = [self.last_day(limit) for limit in limits]
        self.longest = lengths.longest
        self.width = lengths.width
        self.insured = np.array([self.last_day(period) for period in lengths.periods], np.int32)
        months = EVERY_DAY.astype("M8[D]").astype("M8[M]").astype(np.int64)
        self.month_of = (months - months[0]).astype(np.int32)
        first = (np.arange(self.month_of[-1] + MOST_MONTHS + 3) + months[0]).astype("M8[M]").astype("M8[D]")
        self.first_of = (first - np.datetime64(EPOCH)).astype(np.int32)

    def last_day(self, period: Period) -> Days:
        """The last day of the period that begins on each day."""
        if period not in self._reached:
            self._reached[period] = last_days(EVERY_DAY, period.count, period.unit)
        return self._reached[period]


def _tables(told: npt.NDArray[Any]) -> list[tuple[Bytes, int]]:
    most = int(told.max())
    if most <= _BYTE:
        return [(told.astype(np.uint8), most + 1)]
    return [((told & _BYTE).astype(np.uint8), _BYTE + 1), ((told >> 8).astype(np.uint8), (most >> 8) + 1)]
