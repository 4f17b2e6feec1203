"""Numbers for combinations of codes, given as the combinations first appear: a whole column in one look-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar.lookups import gather_pairs

Codes = npt.NDArray[np.int32]
#: a table of this many cells is held in memory; combinations that need more are looked up by sorting
_LARGEST_TABLE = 1 << 25


class Numbering:
    """Pairs of codes → numbers from 0 on; for each new number ``made(row)`` is called once, with a row that shows it.

    Safe under threads: a number is seen by others only after ``made`` is done with it.
    """

    def __init__(self, lock: RLock) -> None:
        self.size = 0
        self._lock = lock
        #: the table with its rows and width, always replaced together; none once it would be too large
        self._table: tuple[Codes, int, int] | None = np.zeros(0, np.int32), 0, 0
        self._sparse: dict[int, int] = {}

    def __call__(self, first: Codes, second: Codes, sizes: tuple[int, int], made: Callable[[int], None]) -> Codes:
        """The number of each pair; ``sizes``: both codes are smaller than these."""
        held = self._table
        if held is not None and (sizes[0] > held[1] or sizes[1] > held[2]):
            held = self._grown(sizes)
        if held is None:
            return self._by_sorting(first, second, made)
        table, _, width = held
        found = gather_pairs(table, width, first, second)
        if found.size and found.min() < 0:
            at = np.flatnonzero(found < 0)
            self._number(first[at], second[at], at, made)
            return self(first, second, sizes, made)
        return found

    def _number(self, first: Codes, second: Codes, at: npt.NDArray[Any], made: Callable[[int], None]) -> None:
        with self._lock:
            if self._table is None:
                return
            table, _, width = self._table
            keys, rows = np.unique(first.astype(np.int64) * width + second, return_index=True)
            for key, row in zip(keys.tolist(), at[rows].tolist(), strict=True):
                if table[key] < 0:
                    made(row)
                    table[key] = self.size
                    self.size += 1

    def _grown(self, sizes: tuple[int, int]) -> tuple[Codes, int, int] | None:
        with self._lock:
            held = self._table
            if held is None or (sizes[0] <= held[1] and sizes[1] <= held[2]):
                return held
            old, *had = held
            for ask in (
                (_room(sizes[0], had[0]), _room(sizes[1], had[1])),
                (max(sizes[0], had[0]), max(sizes[1], had[1])),
            ):
                if ask[0] * ask[1] <= _LARGEST_TABLE:
                    table = np.full(ask, -1, np.int32)
                    table[: had[0], : had[1]] = old.reshape(had)
                    self._table = table.ravel(), *ask
                    return self._table
            used = np.flatnonzero(old >= 0)
            width = max(had[1], 1)
            keys = (used // width) << 32 | used % width
            self._sparse = dict(zip(keys.tolist(), old[used].tolist(), strict=True))
            self._table = None
            return None

    def _by_sorting(self, first: Codes, second: Codes, made: Callable[[int], None]) -> Codes:
        pairs = first.astype(np.int64) << 32 | second
        keys, rows, place = np.unique(pairs, return_index=True, return_inverse=True)
        numbers = np.empty(len(keys), np.int32)
        with self._lock:
            for position, (key, row) in enumerate(zip(keys.tolist(), rows.tolist(), strict=True)):
                known = self._sparse.get(key)
                if known is None:
                    made(row)
                    known = self._sparse[key] = self.size
                    self.size += 1
                numbers[position] = known
        return numbers[place]


def _room(size: int, had: int) -> int:
    return had if size <= had else max(size, had + had // 2, 1)


def packed(codes: Sequence[tuple[Codes, int]], most: int) -> list[tuple[Codes, int]]:
    """Codes with their sizes, joined into as few as possible of at most ``most`` values."""
    groups: list[tuple[Any, int]] = []
    for code, size in sorted(codes, key=lambda one: -one[1]):
        if size <= 1:
            continue
        for position, (joined, total) in enumerate(groups):
            if total * size <= most:
                groups[position] = joined * np.int32(size) + code, total * size
                break
        else:
            groups.append((code.astype(np.int32, copy=False), size))
    return groups
