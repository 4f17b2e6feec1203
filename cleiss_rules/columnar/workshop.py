"""Runs recipes on blocks of rows: the registers they work on are used again, block after block. Needs numba."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar import search
from cleiss_rules.columnar.days import Codes, Days
from cleiss_rules.columnar.program import EIGHT
from cleiss_rules.columnar.recipe import BYTE, DAY, ROOM, Ready
from cleiss_rules.columnar.sheet import AS_THEY_ARE, Source

Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Marks = npt.NDArray[np.uint8]
#: what columns have to have in common, and whether it holds
Checks = tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]
#: what was kept of rows: a column, or what all of them have
Kept = dict[str, Any]
#: registers that nobody uses; to ask the system for memory anew costs as much as a tenth of a run
_free: list[_Registers] = []
_KINDS = np.uint8, np.int32, np.float64
NO_ROWS: Rows = np.zeros(0, np.int64)
_NO_DAYS: Days = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Made:
    """What a recipe tells of rows: the words of each, how it is marked (0: not), and what was kept."""

    words: Words
    slow: Marks
    kept: Kept


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many rows as a piece each, then pieces of rows that are cut, with their rows; first and last days of all.

    Where each row is one piece, that may be the days that all have.
    """

    count: int
    rows: Rows
    starts: Days | int
    ends: Days | int

    def rows_of(self, which: Rows) -> Rows:
        """The rows of some pieces."""
        if not len(self.rows):
            return which
        if not self.count:
            return self.rows[which]
        further = which >= self.count
        found = which.copy()
        found[further] = self.rows[which[further] - self.count]
        return found

    def part(self, which: Rows) -> tuple[Rows, Days, Days]:
        """Some pieces: their rows, first and last days."""
        starts, ends = (
            np.full(len(which), held, np.int32) if isinstance(held, int) else held[which]
            for held in (self.starts, self.ends)
        )
        return self.rows_of(which), starts, ends


@dataclass(frozen=True, slots=True)
class Searched:
    """The answers of the pieces of a block's rows (``MISSING`` for template where none is known); of slow rows, nothing.

    ``missing``: the pieces without an answer, with their words; ``cut``: the rows that their own facts cut, with what was
    kept of them.
    """

    pieces: Pieces
    template: Codes
    legislation: Codes
    slow: Marks
    missing: Rows
    words: Words
    cut: Rows
    kept: Kept
    #: whether any piece has several answers at a time, or is known to go the long way
    special: bool


class _Registers:
    """What one thread works on; of a recipe for rows, and of one for their pieces."""

    def __init__(self) -> None:
        self._files: list[list[Any]] = [[np.zeros((0, ROOM), kind) for kind in _KINDS] for _ in range(2)]
        self._kept: list[list[Any]] = [[np.zeros((0, ROOM), kind) for kind in (np.int32, np.uint8)] for _ in range(2)]
        self._words: list[Words] = [np.zeros((0, ROOM), np.uint64) for _ in range(2)]
        self.raw = np.zeros(ROOM, np.uint64)
        self.taken_up, self.marks = np.zeros(ROOM, np.uint64), np.zeros(ROOM, np.uint8)
        self.columns = np.zeros(ROOM, np.uint64)

    def files(self, ready: Ready, which: int) -> list[Any]:
        """The registers of a recipe, in which is written down what all rows have."""
        files = self._files[which]
        for place, wanted in enumerate(ready.registers):
            if len(files[place]) < wanted:
                files[place] = np.zeros((wanted, ROOM), files[place].dtype)
        for file, same in zip(files, ready.same, strict=True):
            for register, value in same:
                file[register] = value
        return files

    def kept(self, days: int, marks: int, which: int) -> tuple[Any, Any]:
        """Room for what is kept of rows, or of pieces of them."""
        kept = self._kept[which]
        for place, wanted in enumerate((days, marks)):
            if len(kept[place]) < wanted:
                kept[place] = np.zeros((wanted, ROOM), kept[place].dtype)
        return kept[0][:days], kept[1][:marks]

    def words(self, ready: Ready, which: int) -> Words:
        """Room for the words of rows or pieces."""
        if len(self._words[which]) < ready.words:
            self._words[which] = np.zeros((ready.words, ROOM), np.uint64)
        return self._words[which][: ready.words]


@contextmanager
def _registers() -> Iterator[_Registers]:
    try:
        registers = _free.pop()
    except IndexError:
        registers = _Registers()
    try:
        yield registers
    finally:
        _free.append(registers)


def made(ready: Ready, sources: Sequence[Source], count: int, at: Rows | None = None) -> Made:
    """Takes all steps of a recipe for the rows of a batch; ``at``: for some of them."""
    kept: Kept = {}
    addresses: dict[str, int] = {}
    for name, where in ready.kept.items():
        if isinstance(where, int):
            kept[name] = where
            continue
        kept[name] = np.empty(count, np.int32 if where[0] == DAY else np.uint8)
        addresses[name] = kept[name].ctypes.data
    words = np.empty((ready.words, count), np.uint64)
    slow = np.full(count, ready.slow, np.uint8)
    with _registers() as registers:
        recipe = _recipe(ready, _steps(ready, sources), addresses, registers.files(ready, 0))
        search.steps_taken(recipe, slow, words, registers.raw, NO_ROWS if at is None else at)
    return Made(words, slow, kept)


@dataclass(frozen=True, slots=True)
class Search:
    """Looks up the pieces of the rows of blocks of one kind.

    ``names``: the sources of the recipe for pieces; ``until``: for every day, when the stretch ends at which rows are cut;
    ``said``: the number of what each template and each legislation says, by which neighbours are found to say the same;
    ``days``: the first and last day, where all rows have the same and no text changes between them.
    """

    of_row: Ready
    of_piece: Ready
    names: Sequence[str]
    until: Days
    said: tuple[Codes, Codes]
    days: tuple[int, int] | None

    def of(self, sources: Sequence[Source]) -> Columns:
        """The same, for a batch with these columns."""
        days, marks = self._names_kept()
        return Columns(self, _steps(self.of_row, sources), days, marks)

    def _names_kept(self) -> tuple[list[str], list[str]]:
        """The names of the days and of the marks that are kept of rows; of what all have, of the first and last day only."""
        days = ["start", "last", "end"]
        others = [name for name in self.of_row.kept if name not in days and not isinstance(self.of_row.kept[name], int)]
        of_kind = {name: self.of_row.kept[name][0] for name in others}  # type: ignore[index]
        return [*days, *(n for n in others if of_kind[n] == DAY)], [n for n in others if of_kind[n] == BYTE]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a batch, whose rows are looked up block by block.

    ``steps``: those of rows, with where each finds its column; ``days``, ``marks``: the names of what is kept of rows.
    """

    search: Search
    steps: npt.NDArray[np.int64]
    days: Sequence[str]
    marks: Sequence[str]

    def answers(self, first: int, count: int, table: Words, checks: Checks) -> Searched:
        """The answers in the entries of a memory to the rows of a block, ``first`` the number of its first row in the batch.

        ``checks``: what the columns have to have in common, and whether it holds; if not, the answers are none.
        """
        room = 0 if self.search.days else count
        with _registers() as registers:
            while True:
                found, searched = self._found((first, count), (table, checks), registers, room)
                if found <= room:
                    return searched
                room = found

    def _found(
        self, rows: tuple[int, int], by: tuple[Words, Checks], registers: _Registers, room: int
    ) -> tuple[int, Searched]:
        first, count = rows
        of_row, of_piece, days = self.search.of_row, self.search.of_piece, self.search.days
        kept = [registers.kept(len(self.days), len(self.marks), which) for which in range(2)]
        whole = count + room
        slow = np.full(count, of_row.slow, np.uint8)
        template, legislation = np.empty(whole, np.int32), np.empty(whole, np.int32)
        if days:
            starts, ends = _NO_DAYS, np.array(days[1:], np.int32)
        else:
            starts, ends = np.empty(whole, np.int32), np.empty(whole, np.int32)
        further = np.empty(room, np.int64), starts[count:], ends[count:]
        missing = np.empty(whole, np.int64), np.empty((of_row.words + of_piece.words, whole), np.uint64)
        cut = np.empty(count, np.int64), *(np.empty((len(held), count), held.dtype) for held in kept[0])
        found, lacking, parted, special = search.run(
            self._recipes(registers, kept), by[1], first, NO_ROWS, slow, registers.words(of_row, 0),
            (EIGHT, registers.raw), (by[0], self.search.until, *self.search.said), (kept[0], kept[1]),
            (registers.taken_up, registers.words(of_piece, 1), registers.marks, registers.columns),
            (starts[:count], ends[:count], further), (template[:count], legislation[:count], template[count:], legislation[count:]),
            missing, cut,
        )  # fmt: skip
        end = count + found
        pieces = Pieces(count, NO_ROWS, *days) if days else Pieces(count, further[0][:found], starts[:end], ends[:end])
        return found, Searched(
            pieces, template[:end], legislation[:end], slow, missing[0][:lacking], missing[1][:, :lacking],
            cut[0][:parted], self._kept_of(cut, parted), special > 0,
        )  # fmt: skip

    def _recipes(self, registers: _Registers, kept: Sequence[tuple[Any, Any]]) -> Any:
        """The recipes of rows, of rows as pieces and of pieces of rows, with where each finds what it reads."""
        of_row, of_piece = self.search.of_row, self.search.of_piece
        own = []
        for days, marks in kept:
            found: dict[str, int] = {}
            for held, names in zip((days, marks), (self.days, self.marks), strict=True):
                for line, name in zip(held, names, strict=True):
                    found[name] = line.ctypes.data
                    same = of_row.kept.get(name)
                    if isinstance(same, int):
                        line[:] = same
            own.append(found)
        rows = _recipe(of_row, self.steps, own[0], registers.files(of_row, 0))
        files = registers.files(of_piece, 1)
        pieces = [_steps(of_piece, [_at(held[name]) for name in self.search.names]) for held in own]
        return (rows, *(_recipe(of_piece, steps, {}, files) for steps in pieces))

    def _kept_of(self, cut: Sequence[Any], count: int) -> Kept:
        """What was kept of the rows that their own facts cut."""
        found: Kept = dict(self.search.of_row.kept)
        for held, names in zip(cut[1:], (self.days, self.marks), strict=True):
            for line, name in zip(held, names, strict=True):
                found[name] = line[:count]
        return found


def _steps(ready: Ready, sources: Sequence[Source]) -> npt.NDArray[np.int64]:
    """The steps of a recipe, with where each finds its column."""
    steps = ready.steps.copy()
    for line, place, part in ready.parts:
        if part.source >= 0:
            steps[line, place] = sources[part.source].part(part.name)
    return steps


def _recipe(ready: Ready, steps: npt.NDArray[np.int64], kept: Mapping[str, int], files: Sequence[Any]) -> Any:
    """A recipe for certain columns, with its registers and where it puts what is kept."""
    if kept:
        steps = steps.copy()
        for line, place, part in ready.parts:
            if part.source < 0:
                steps[line, place] = kept[part.name]
    return (steps, ready.more, *files, ready.constants)


def _at(address: int) -> Source:
    """Days or marks of our own."""
    return Source("", 0, 0, values=address, width=1, tables=(AS_THEY_ARE,))
