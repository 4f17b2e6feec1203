"""The answers of rows by their signature: one look-up in place of the walk, for a row whose like was answered before.

Needs numba (extra ``fast``). Signatures are compared whole, so no two different ones can be taken for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar import keys
from cleiss_rules.columnar.days import FAR, Codes, Days

Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
#: entries that are kept at most, so that memory stays flat
MOST = 1 << 20
#: words in a line of the cache
_LINE = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Template and legislation of pieces, and how long the law leaves it so.

    For template ``MISSING`` where none is known, ``LONG`` for pieces that the short way does not serve.
    """

    template: Codes
    legislation: Codes
    until: Days


class Memo:
    """Answers by signature: template, legislation, and the last day on which the law leaves it so. Safe under threads."""

    def __init__(self, words: int) -> None:
        self.words, self.size = words, 0
        self._turn = Condition()
        self._readers = 0
        self._table: Any = _empty(1 << 12, words)

    def answers(self, words: Words, ends: Days) -> Found:
        """The answers of pieces by their words, a column each, as far as the law leaves them so to the last day of each."""
        count = words.shape[1]
        template, legislation = np.empty(count, np.int32), np.empty(count, np.int32)
        until = np.full(count, FAR, np.int32)
        with self.reading() as table:
            keys.looked_up(words, ends, table, template, legislation, until)
        return Found(template, legislation, until)

    def remember(self, words: Words, template: Codes, legislation: Codes, until: Days) -> None:
        """Keeps answers by the words of their pieces, a column each, as far as there is room."""
        with self._alone():
            left = MOST - self.size
            words, template = words[:, :left], template[:left]
            room = len(self._table)
            while 2 * (self.size + len(template)) > room:
                room *= 2
            if room > len(self._table):
                larger = _empty(room, self.words)
                keys.moved(self._table, larger, self.words)
                self._table = larger
            self.size += int(keys.put_down(words, template, legislation, until, self._table))

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more."""
        return self.size >= MOST

    def forget(self) -> None:
        """Starts afresh, in the room that it has."""
        with self._alone():
            self._table.fill(0)
            self.size = 0

    def entries(self, below: int = keys.MOST_TEMPLATES) -> Words:
        """What is known, a row each: the words of a signature, then its answer; only those with a template below this."""
        with self.reading() as table:
            told = table[:, self.words]
            found: Words = table[(told != 0) & (told < keys.first_told(below))][:, : self.words + 1]
            return found

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """Its entries, while others may read too."""
        with self._turn:
            self._readers += 1
        try:
            yield self._table
        finally:
            with self._turn:
                self._readers -= 1
                self._turn.notify_all()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While nobody reads or writes."""
        with self._turn:
            self._turn.wait_for(lambda: not self._readers)
            yield

    @classmethod
    def of(cls, entries: Words) -> Memo:
        """What an earlier run knew."""
        found = cls(entries.shape[1] - 1)
        table = _empty(1 << max(12, (2 * len(entries)).bit_length()), found.words)
        keys.moved(entries, table, found.words)
        found._table, found.size = table, len(entries)
        return found


def _empty(entries: int, words: int) -> Words:
    """A table for signatures of so many words; where an entry fills a line of the cache, it lies in one."""
    width = _LINE if _LINE // 2 < words + 1 < _LINE else words + 1
    whole = np.zeros(entries * width + _LINE, np.uint64)
    skipped = -(whole.ctypes.data // whole.itemsize) % _LINE
    return whole[skipped : skipped + entries * width].reshape(entries, width)


def distinct(words: Words) -> tuple[Rows, Rows]:
    """The first of each kind of column, and the kind of each."""
    count = words.shape[1]
    first, kind = np.empty(count, np.int64), np.empty(count, np.int64)
    kinds = keys.distinct(words, np.full(1 << (2 * count).bit_length(), -1, np.int64), first, kind)
    return first[:kinds], kind
