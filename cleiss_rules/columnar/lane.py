"""The short way to answers: by the signatures of rows, where rows of their kind were answered before.

Needs numba (extra ``fast``). What it does not know is left to the long way (``plan``), whose answers it remembers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.columnar import kernels, keys
from cleiss_rules.columnar.days import FAR, FIRST, LAST, Codes, Days
from cleiss_rules.columnar.memo import Memo, Words
from cleiss_rules.columnar.program import Program
from cleiss_rules.columnar.signature import Signatures

Rows = npt.NDArray[np.int64]
Sizes = tuple[tuple[int, ...], ...]
#: programs that nobody runs, with the memory they have: to ask the system for it anew costs as much as a tenth of a run
_free: list[tuple[Program, Program]] = []


@dataclass(slots=True)
class Sought:
    """The pieces of a block's rows that are not slow, with the answers that are known (``MISSING`` where none is)."""

    rows: Rows
    starts: Days
    ends: Days
    template: Codes
    legislation: Codes
    #: of a block: the rows that have to be looked at the long way
    slow: npt.NDArray[np.uint8]
    #: the pieces without an answer, with their signatures
    missing: Rows
    words: Words
    memo: Memo
    #: how much that answers look at is in the signatures
    looked_at: int


class Lane:
    """Answers by signature, for tables with certain columns. Safe under threads."""

    def __init__(self, signatures: Signatures) -> None:
        self._signatures = signatures
        self._kept: tuple[Sizes, Memo] = (), Memo(1)
        self._cuts: tuple[int, ...] = ()
        self._more_cuts: tuple[int, ...] = ()
        self._looked_at = 0
        self._until: Days = np.full(LAST - FIRST + 1, FAR, np.int32)

    def cut_at(self, days: Sequence[int]) -> None:
        """From now on rows are cut on these days: those on which a text changes that concerns some of them."""
        cuts = tuple(sorted({*days, *self._more_cuts}))
        if self._cuts != cuts:
            until = np.full(LAST - FIRST + 1, FAR, np.int32)
            for day in reversed(cuts):
                until[: day - FIRST] = day - 1
            self._cuts, self._until = cuts, until

    @property
    def size(self) -> int:
        """How many signatures it knows."""
        return self._kept[1].size

    @property
    def known(self) -> tuple[Sizes, Words, tuple[int, ...]]:
        """What it knows: the fields of the signatures, the signatures with their answers, and where rows are cut."""
        sizes, memo = self._kept
        return sizes, memo.entries(), self._cuts

    def know(self, sizes: Sizes, entries: Words, cuts: Sequence[int]) -> None:
        """Takes up what an earlier run knew."""
        self._kept, self._more_cuts = (sizes, Memo.of(entries)), tuple(cuts)
        self._looked_at = len(self._signatures.looked_at())

    def sought(self, block: Any, today: int) -> tuple[Sought, Sought | None]:
        """The pieces of a block's rows, with the answers to those whose like was met before.

        Those of rows that their own facts cut stand apart.
        """
        try:
            programs = _free.pop()
        except IndexError:
            programs = Program(), Program()
        try:
            return self._sought(block, today, programs)
        finally:
            _free.append(programs)

    def _sought(self, block: Any, today: int, programs: tuple[Program, Program]) -> tuple[Sought, Sought | None]:
        of_rows, of_pieces = programs
        looked_at = self._signatures.looked_at()
        read, words = self._signatures.rows(block, today, looked_at, of_rows)
        pieces = self._pieces(of_rows.days(read.start), of_rows.days(read.last), of_rows.slow)
        more = self._signatures.pieces((read, of_rows), looked_at, pieces, of_pieces)
        found = self._looked_up(of_rows, of_pieces, (words, pieces[0], more), pieces, of_rows.slow, len(looked_at))
        cut = np.flatnonzero(of_rows.slow == kernels.CUT)
        if not len(cut):
            return found, None
        rows, starts, ends = self._signatures.own_pieces(read, of_rows, cut, self._until)
        part, place = block.take(pa.array(rows)), np.arange(len(rows))
        read, words = self._signatures.rows(part, today, looked_at, of_rows, (starts, ends))
        more = self._signatures.pieces((read, of_rows), looked_at, (place, starts, ends), of_pieces)
        slow = np.zeros(block.num_rows, np.uint8)
        slow[rows[of_rows.slow != 0]] = 1
        return found, self._looked_up(
            of_rows, of_pieces, (words, place, more), (rows, starts, ends), slow, len(looked_at)
        )

    def _looked_up(
        self,
        of_rows: Program,
        of_pieces: Program,
        signed: tuple[Words, Rows, Words],
        pieces: tuple[Rows, Days, Days],
        slow: Any,
        looked_at: int,
    ) -> Sought:
        words, place, more = signed
        memo = self._memo(tuple(of_rows.sizes), tuple(of_pieces.sizes), len(words) + len(more), looked_at)
        template, legislation = memo.answers(words, place, more, pieces[2])
        missing = np.flatnonzero(template == keys.MISSING)
        slow[pieces[0][np.flatnonzero(template == keys.LONG)]] |= 1
        left = np.concatenate([words[:, place[missing]], more[:, missing]])
        return Sought(*pieces, template, legislation, slow, missing, left, memo, looked_at)

    def is_whole(self, sought: Sought) -> bool:
        """Whether its signatures tell all that answers have looked at by now."""
        return sought.looked_at == len(self._signatures.looked_at())

    def is_settled(self) -> bool:
        """Whether the signatures it knows tell all that answers have looked at by now."""
        return self._looked_at == len(self._signatures.looked_at())

    def _pieces(self, start: Days, last: Days, slow: Any) -> tuple[Rows, Days, Days]:
        room = 2 * len(start)
        while True:
            rows = np.empty(room, np.int64)
            starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
            count = keys.pieces(start, last, slow, self._until, rows, starts, ends)
            if count <= room:
                return rows[:count], starts[:count], ends[:count]
            room = count

    def _memo(self, of_rows: tuple[int, ...], of_pieces: tuple[int, ...], words: int, looked_at: int) -> Memo:
        """The memory for signatures of these fields; for other ones it starts afresh."""
        known, memo = self._kept
        if known != (of_rows, of_pieces):
            memo = Memo(words)
            self._kept, self._looked_at = ((of_rows, of_pieces), memo), looked_at
        return memo
