"""The figures met so far: what sets the States of rows apart on a day, by number, and what else is told of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from cleiss_rules.columnar.days import Codes
from cleiss_rules.columnar.frames import MOST_ROLES, Frame, Frames, Group
from cleiss_rules.columnar.templates import Growing

_MOST = 1 << 16


class Figures:
    """Frames on days, numbered as they come; several can have the same figure."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        #: of each, its States by number and the stretch of days between two changes of law
        self._states: list[list[int]] = []
        self._stretch = Growing()
        self._numbers: dict[tuple[object, ...], int] = {}
        self._of, self._order, self._first = Growing(), Growing(), Growing()
        self._orders: dict[tuple[int, ...], int] = {}
        self._firsts: dict[tuple[str | None, ...], int] = {}
        self._groups: dict[Group, Codes] = {}
        self._belongs = lru_cache(maxsize=4096)(frames.belongs)

    def learn(self, frame: Frame, day: date) -> None:
        """One more frame on a day."""
        figure = self._frames.figure(frame, day)
        order = tuple(sorted(range(len(frame.roles)), key=frame.roles.__getitem__))
        foremost = self._frames.setting(frame, day).first
        first = tuple(state if state in foremost else None for state in frame.roles)
        for kept, number, numbers in ((order, self._order, self._orders), (first, self._first, self._firsts)):
            at = _number_of(kept, numbers)
            if at >= _MOST:  # so many are told apart at once
                figure, at = (*figure, kept), 0
            number.add(at)
        self._states.append(self._frames.numbers(frame))
        self._stretch.add(self._frames.stretch(day))
        self._of.add(self._numbers.setdefault(figure, len(self._numbers)))

    @property
    def of(self) -> Codes:
        """The figure of each frame on a day."""
        return self._of.column

    @property
    def met(self) -> int:
        """How many frames on days were met."""
        return self._of.size

    @property
    def size(self) -> int:
        """How many figures there are."""
        return len(self._numbers)

    def orders(self) -> Codes:
        """The order by name of the States of each."""
        return self._order.column

    def first(self) -> Codes:
        """Which States of each stand first by name where one is sought that it does not name, by number."""
        return self._first.column

    def members(self, group: Group) -> Callable[[], Codes]:
        """For each, which of its States belong to a group, a bit for each of the first ``MOST_ROLES``."""
        return lambda: self._members(group)

    def _members(self, group: Group) -> Codes:
        known, met = self._groups.get(group, _NOBODY), self._of.size
        if len(known) >= met:
            return known
        states = np.array(self._states[len(known) : met], np.int32)
        stretch = self._stretch.column[len(known) : met]
        found = np.zeros(len(stretch), np.int32)
        for one in np.unique(stretch).tolist():
            at = np.flatnonzero(stretch == one)
            found[at] = self._belongs(group, one)[states[at]] @ _BITS
        whole = self._groups[group] = np.concatenate([known, found])
        return whole


_NOBODY = np.zeros(0, np.int32)
_BITS = np.int32(1) << np.arange(MOST_ROLES, dtype=np.int32)


def _number_of(kept: Any, numbers: dict[Any, int]) -> int:
    return numbers.setdefault(kept, len(numbers))
