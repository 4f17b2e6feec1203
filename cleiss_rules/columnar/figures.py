"""The figures met so far: what sets the States of rows apart on a day, by number, and what else is told of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from cleiss_rules.columnar.days import Codes
from cleiss_rules.columnar.frames import Frame, Frames, Group
from cleiss_rules.columnar.templates import Growing

_MOST = 1 << 16


class Figures:
    """Frames on days, numbered as they come; several can have the same figure."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._met: list[tuple[Frame, date]] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        self._of, self._order, self._first = Growing(), Growing(), Growing()
        self._orders: dict[tuple[int, ...], int] = {}
        self._firsts: dict[tuple[str | None, ...], int] = {}
        self._groups: dict[Group, Growing] = {}

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
        self._met.append((frame, day))
        for group, found in self._groups.items():
            found.add(self._frames.members(frame, group, day))
        self._of.add(self._numbers.setdefault(figure, len(self._numbers)))

    @property
    def of(self) -> Codes:
        """The figure of each frame on a day."""
        return self._of.column

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
        """For each, which of its States belong to a group."""
        if group not in self._groups:
            found = Growing()
            for frame, day in self._met:
                found.add(self._frames.members(frame, group, day))
            self._groups[group] = found
        held = self._groups[group]
        return lambda: held.column


def _number_of(kept: Any, numbers: dict[Any, int]) -> int:
    return numbers.setdefault(kept, len(numbers))
