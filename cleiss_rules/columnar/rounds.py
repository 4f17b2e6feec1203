"""The answers to a round of rows: by the short way where rows of their kind were met before, by the long way otherwise.

The long way is asked once for each kind of piece that the short way does not know; what it answers is remembered. Rows
that their own facts cut, or that hold what no column can, go the long way whole. Needs numba (extra ``fast``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.columnar import keys
from cleiss_rules.columnar.days import FAR
from cleiss_rules.columnar.kernels import IN_PIECES
from cleiss_rules.columnar.lane import Lane, Prepared, Sought
from cleiss_rules.columnar.memo import distinct
from cleiss_rules.columnar.plan import Block, Pieces, Plan, Rejected, Settled, merged
from cleiss_rules.columnar.templates import MANY
from cleiss_rules.columnar.threads import Spread
from cleiss_rules.columnar.workshop import NO_ROWS

Rows = npt.NDArray[np.int64]
#: marks rows that have several answers at a time
_SEVERAL = 4
Long = Callable[[pa.RecordBatch], Block]
#: what is sought for a block: for its rows, and for those that their own facts cut; and its answers, where all are known
_Pair = tuple[Sought, Sought | None]
_Found = tuple[_Pair, Pieces | None]


@dataclass(frozen=True, slots=True)
class _BlockOf:
    """A block: its batch, its first row there, how many rows, and the number of the first one in the round."""

    batch: int
    first: int
    count: int
    row: int


class _Preparing:
    """Batches, each prepared for the first of its blocks. Safe under threads."""

    def __init__(self, lane: Lane, batches: Sequence[pa.RecordBatch], today: int) -> None:
        self._lane, self._batches, self._today = lane, batches, today
        self._locks = [Lock() for _ in batches]
        self._held: dict[int, Prepared] = {}

    def of(self, at: int) -> Prepared:
        """A batch by its number."""
        with self._locks[at]:
            if at not in self._held:
                self._held[at] = self._lane.prepared(self._batches[at], self._today)
            return self._held[at]


class Round:
    """A round of rows in blocks of ``size``, a multiple of ``sheet.ALIGNED``.

    ``spread`` maps over threads, ``long`` answers a block the long way; ``first``: the number of the first row.
    """

    def __init__(self, plan: Plan, today: int, size: int, spread: Spread, long: Long, first: int) -> None:
        lane = plan.lane
        assert lane is not None
        self._plan, self._lane, self._today, self._size, self._first = plan, lane, today, size, first
        self._spread, self._long = spread, long

    def answers(self, table: pa.Table) -> list[Block]:
        """The answers to each block of a table."""
        self._batches = _in_batches(table, self._size)
        self._begins = np.cumsum([0, *(batch.num_rows for batch in self._batches)])
        self._blocks = [
            _BlockOf(at, first, min(self._size, batch.num_rows - first), int(self._begins[at]) + first)
            for at, batch in enumerate(self._batches)
            for first in range(0, batch.num_rows, self._size)
        ]
        learnt = False
        while not learnt:
            self._lane.cut_at(self._plan.cuts)
            found = self._all_sought()
            sought: list[_Pair] = [pair for pair, _ in found]
            learnt = self._seek(sought)
        left = [
            np.flatnonzero(_left(*pair)) + block.row
            for (pair, done), block in zip(found, self._blocks, strict=True)
            if done is None
        ]
        return self._all_together(found, np.concatenate([*left, NO_ROWS]))

    def _all_together(self, found: Sequence[_Found], left: Rows) -> list[Block]:
        """The answers to each block; ``left``: the rows that the short way can't answer."""
        more, rejected = self._the_long_way(left)

        def together(at: int) -> Block:
            pair, done = found[at]
            if done is not None:
                return done, []
            first = self._blocks[at].row
            begin, end = (int(place) for place in np.searchsorted(left, [first, first + self._blocks[at].count]))
            mine = _part(more, begin, end)
            mine.row = left[mine.row] - first
            places = (bisect_left(rejected, place, key=attrgetter("row")) for place in (begin, end))
            refused = [Rejected(int(left[no.row]) + self._first, no.faults) for no in rejected[slice(*places)]]
            return self._answered(pair, mine, first), refused

        spread = map if all(done is not None for _, done in found) else self._spread
        return list(spread(together, range(len(found))))

    def _all_sought(self) -> list[_Found]:
        """What is sought for each block; a batch that is not as it was prepared for is prepared anew."""
        found: dict[int, _Found] = {}
        while open_ := [at for at in range(len(self._blocks)) if at not in found]:
            told = self._spread(partial(self._sought, _Preparing(self._lane, self._batches, self._today)), open_)
            found |= {at: one for at, one in zip(open_, told, strict=True) if one is not None}
        return [found[at] for at in range(len(self._blocks))]

    def _sought(self, prepared: _Preparing, at: int) -> _Found | None:
        """What is sought for a block; and its answers, where all of them were met before."""
        block = self._blocks[at]
        pair = self._lane.sought(prepared.of(block.batch), block.first, block.count)
        if pair is None:
            return None
        one, cut = pair
        if len(one.missing) or (cut is not None and len(cut.missing)) or _left(one, cut).any():
            return pair, None
        return pair, self._answered(pair, _nothing(), block.row)

    def _answered(self, pair: _Pair, mine: Pieces, first: int) -> Pieces:
        """The answers to a block, of which ``mine`` are those of the rows that went the long way."""
        one, cut = pair
        for held in (one, cut) if cut is not None else (one,):
            mine = _merged(self._several(held), mine)
        beside = mine if cut is None else _merged(self._in_pieces(cut), mine)
        return self._together(one, beside, self._first + first)

    def _seek(self, sought: Sequence[_Pair]) -> bool:
        """Learns what the short way did not know; rows of which it can't are left to the long way.

        False where an answer has looked at more than the signatures tell, or a text changes on more days than rows are cut at:
        then they have to be made anew.
        """
        every = [(at, one) for at, pair in enumerate(sought) for one in pair if one is not None and len(one.missing)]
        for _, group in groupby(every, key=lambda entry: id(entry[1].memo)):
            if not self._has_room(found := list(group)):
                continue
            if not self._learnt(found):
                return False
        for _, one in every:
            unknown = one.missing[one.template[one.missing] < 0]
            one.slow[one.pieces.rows_of(unknown)] |= 1
        return True

    @staticmethod
    def _has_room(group: Sequence[tuple[int, Sought]]) -> bool:
        """Whether what is missing can be remembered; a full memory of other rows than these starts afresh."""
        memo = group[0][1].memo
        lacking, all_ = (sum(len(held(one)) for _, one in group) for held in (_missing, _templates))
        if memo.is_full and 2 * lacking > all_:
            memo.forget()
        return not memo.is_full

    def _learnt(self, group: Sequence[tuple[int, Sought]]) -> bool:
        words = np.concatenate([one.words for _, one in group], axis=1)
        for _, one in group:
            one.words = one.words[:, :0].copy()  # of rows that nobody met before, these are large
        rows = np.concatenate([one.rows + self._blocks[at].row for at, one in group])
        starts, ends = (np.concatenate([getattr(one, name) for _, one in group]) for name in ("starts", "ends"))
        memo, (new, _) = group[0][1].memo, distinct(words)
        taken = self._taken(rows[new])

        def settled(at: int) -> Settled:
            block = combined(taken.slice(at, self._size))
            part = new[at : at + self._size]
            return self._plan.settled(block, self._today, (starts[part], ends[part]))

        parts = range(0, len(new), self._size)
        answered: list[Settled] = list(self._spread(settled, parts))
        if not self._lane.is_whole(group[0][1]) or not self._lane.cuts_at(self._plan.cuts):
            return False
        for at, found in zip(parts, answered, strict=True):
            memo.remember(words[:, new[at + found.rows]], found.template, found.legislation, found.until)
            open_ = np.setdiff1d(np.arange(at, min(at + self._size, len(new))), at + found.rows)
            nothing = np.zeros(len(open_), np.int32)
            memo.remember(words[:, new[open_]], nothing + keys.LONG, nothing, nothing + FAR)
        known, first = memo.answers(words, ends), 0
        for _, one in group:
            part = slice(first, first + len(one.rows))
            one.answered(known.template[part], known.legislation[part], known.until[part])
            first += len(one.rows)
        return True

    def _taken(self, rows: Rows) -> pa.Table:
        """Some rows. Each batch is asked for its own: to ask a table of several copies all of it."""
        batch = np.searchsorted(self._begins, rows, "right") - 1
        order = np.argsort(batch, kind="stable")
        ordered, cuts = rows[order], np.searchsorted(batch[order], np.arange(len(self._batches) + 1))
        parts = [
            held.take(pa.array(ordered[begin:end] - self._begins[at]))
            for at, (held, begin, end) in enumerate(zip(self._batches, cuts[:-1], cuts[1:], strict=True))
            if end > begin
        ]
        found = pa.Table.from_batches(parts, self._batches[0].schema)
        if (np.diff(batch) >= 0).all():
            return found
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return found.take(pa.array(back))

    def _the_long_way(self, left: Rows) -> tuple[Pieces, list[Rejected]]:
        """The answers to the rows that are left, counted among them."""
        if not len(left):
            return _nothing(), []
        rest = self._taken(left)
        blocks = [combined(rest.slice(at, self._size)) for at in range(0, rest.num_rows, self._size)]
        found: list[Block] = list(self._spread(self._long, blocks))
        rejected = [Rejected(self._size * at + no.row, no.faults) for at, (_, bad) in enumerate(found) for no in bad]
        return _joined([pieces for pieces, _ in found], self._size), rejected

    def _several(self, one: Sought) -> Pieces:
        """The answers to rows that have several at a time; they are marked, so that no others are told of them."""
        if not one.special:
            return _nothing()
        many, told, pieces = np.flatnonzero(one.template >= MANY), self._plan.told, one.pieces
        rows = np.unique(pieces.rows_of(many))
        rows = rows[(one.slow[rows] & ~np.uint8(IN_PIECES)) == 0]
        further = pieces.count + _places(pieces.rows, rows)
        at = np.concatenate([rows[one.slow[rows] == 0], further]) if pieces.count else further
        one.slow[rows] |= _SEVERAL
        row, starts, ends = pieces.part(at)
        answers = [
            (row_, start, end, place, *answer)
            for row_, start, end, template, legislation in zip(
                *(held.tolist() for held in (row, starts, ends, one.template[at], one.legislation[at])), strict=True
            )
            for place, answer in enumerate(
                told.several[template - MANY] if template >= MANY else [(template, legislation)]
            )
        ]
        columns = np.array(answers, np.int64).reshape(-1, len(Pieces.__slots__)).T
        return merged(Pieces(columns[0], *columns[1:].astype(np.int32)), told)

    def _in_pieces(self, one: Sought) -> Pieces:
        """The answers to rows that were looked up in pieces."""
        count, pieces, told = one.pieces.count, one.pieces, self._plan.told
        if not len(pieces.rows):
            return _nothing()
        assert not isinstance(pieces.starts, int)
        assert not isinstance(pieces.ends, int)
        rows, starts, ends = pieces.rows, pieces.starts[count:], pieces.ends[count:]
        template, legislation = one.template[count:], one.legislation[count:]
        said = told.alike.column, told.same_states.column
        to = keys.all_joined((rows, starts, ends), (template, legislation), said, one.slow)
        return Pieces(rows[:to], starts[:to], ends[:to], _none(to), template[:to], legislation[:to])

    def _together(self, one: Sought, beside: Pieces, first: int) -> Pieces:
        """The answers to the rows of a block, and those beside them, in the order of the rows."""
        count, pieces = one.pieces.count, one.pieces
        more = _merged(self._in_pieces(one), beside)
        starts, ends = pieces.starts, pieces.ends
        if isinstance(starts, int) and not len(more.row) and not one.slow.any():
            start, end = (np.broadcast_to(np.asarray(held, np.int32), count) for held in (starts, ends))
            return Pieces(range(first, first + count), start, end, _none(count), one.template, one.legislation)
        columns = np.stack([more.start, more.end, more.template, more.legislation]).astype(np.int32, copy=False)
        room = count + len(more.row)
        out, beside_rows = np.empty(room, np.int64), np.empty((len(columns), room), np.int32)
        count = keys.together(
            first, np.atleast_1d(np.asarray(starts, np.int32)), np.atleast_1d(np.asarray(ends, np.int32)),
            one.template[:count], one.legislation[:count], one.slow, more.row, columns, out, beside_rows,
        )  # fmt: skip
        start, end, template, legislation = beside_rows[:, :count]
        return Pieces(out[:count], start, end, _none(count), template, legislation)


def _places(ordered: Rows, wanted: Rows) -> Rows:
    """Where some rows stand in a list of rows in order, in which a row may come several times."""
    begin, end = (np.searchsorted(ordered, wanted, side) for side in ("left", "right"))
    count = end - begin
    return np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())


def _nothing() -> Pieces:
    """No answers."""
    return Pieces(np.zeros(0, np.int64), *(np.zeros(0, np.int32) for _ in Pieces.__slots__[1:]))


def _none(count: int) -> Any:
    """No place among the answers of a day, for all of them."""
    return np.broadcast_to(np.int32(0), count)


def _missing(one: Sought) -> Any:
    return one.missing


def _templates(one: Sought) -> Any:
    return one.template


def _left(one: Sought, cut: Sought | None) -> Any:
    """The rows of a block that the short way can't answer."""
    return (one.slow & 1) if cut is None else (one.slow | cut.slow) & 1


def _merged(one: Pieces, two: Pieces) -> Pieces:
    """Two parts of a block's answers in the order of the rows."""
    if not len(two.row):
        return one
    names = Pieces.__slots__[1:]
    columns, more = (
        np.stack([getattr(part, name).astype(np.int32, copy=False) for name in names]) for part in (one, two)
    )
    rows = np.empty(len(one.row) + len(two.row), np.int64)
    whole = np.empty((len(names), len(rows)), np.int32)
    keys.interleaved(one.row, columns, two.row, more, rows, whole)
    return Pieces(rows, *whole)


def _in_batches(table: pa.Table, size: int) -> list[pa.RecordBatch]:
    """The rows of a table as they lie; where they lie in many pieces smaller than a block, these are put together."""
    batches: list[pa.RecordBatch] = table.to_batches()
    if len(batches) > 2 * -(-table.num_rows // size):
        batches = table.combine_chunks().to_batches()
    return batches


def combined(block: pa.Table) -> pa.RecordBatch:
    """A table as one batch of rows."""
    batches = block.to_batches()
    return batches[0] if len(batches) == 1 else block.combine_chunks().to_batches()[0]


def _joined(parts: Sequence[Pieces], size: int) -> Pieces:
    """Blocks of ``size`` rows as one."""
    names = Pieces.__slots__[1:]
    if not parts:
        return _nothing()
    rows = np.concatenate([part.row + size * at for at, part in enumerate(parts)])
    return Pieces(rows, *(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _part(whole: Pieces, first: int, last: int) -> Pieces:
    """From a row to before another."""
    begin, end = np.searchsorted(whole.row, [first, last])
    return Pieces(*(getattr(whole, name)[begin:end] for name in Pieces.__slots__))
