"""The short way to answers: by the signatures of rows, where rows of their kind were answered before.

A block of rows is first looked up by what tells its rows apart, which is little where its columns have much in common; what
is not found so is looked up by whole signatures, which serve blocks of every kind and are kept between runs. What those
don't know either is left to the long way (``plan``), whose answers are remembered. Needs numba (extra ``fast``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.columnar import keys, memo, sheet
from cleiss_rules.columnar.days import FAR, FIRST, LAST, UNKNOWN, Codes, Days
from cleiss_rules.columnar.memo import Memo, Words, distinct
from cleiss_rules.columnar.recipe import Ready
from cleiss_rules.columnar.row_codes import LookedAt, State
from cleiss_rules.columnar.sheet import Source
from cleiss_rules.columnar.signature import Signatures
from cleiss_rules.columnar.templates import MANY, Templates
from cleiss_rules.columnar.workshop import Columns, Kept, Made, Pieces, Search, Searched, made

Rows = npt.NDArray[np.int64]
Sizes = tuple[tuple[int, ...], ...]
#: what pieces have that is the same for all of them, by name
Same = tuple[tuple[str, int | str], ...]
T = TypeVar("T")
#: kinds of blocks that are remembered at once, and recipes
_MOST_KINDS, _MOST_RECIPES = 16, 64


@dataclass(frozen=True, slots=True)
class Kind:
    """What a recipe is for: how much answers have looked at, the day, whole signatures or what tells rows apart, days of
    its own, and whether it keeps all it takes to cut rows."""

    looked_at: int
    today: int
    whole: bool
    own_days: bool
    keeps: bool


@dataclass(slots=True)
class Sought:
    """The pieces of a block's rows that are not slow, with the answers that are known (``MISSING`` where none is)."""

    pieces: Pieces
    template: Codes
    legislation: Codes
    #: of a block: the rows that have to be looked at the long way
    slow: npt.NDArray[np.uint8]
    #: the pieces without an answer, each with the number of its kind; of each kind one of its pieces: its row, its days,
    #: and its whole signature
    missing: Rows
    kind: Rows
    rows: Rows
    starts: Days
    ends: Days
    words: Words
    memo: Memo
    #: by what tells its rows apart: the memory of the block's kind, and the words of the kinds that are missing
    near: tuple[Memo, Words] | None
    #: how much that answers look at is in the signatures
    looked_at: int
    #: whether any piece may have several answers at a time, or go the long way
    special: bool

    def answered(self, template: Codes, legislation: Codes, until: Days) -> None:
        """Takes up the answers to the kinds of pieces that were missing."""
        self.special |= len(self.missing) > 0
        self.template[self.missing], self.legislation[self.missing] = template[self.kind], legislation[self.kind]
        if self.near is not None:
            near, words = self.near
            known = template != keys.MISSING
            near.remember(words[:, known], template[known], legislation[known], until[known])


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the blocks of a batch of rows share: its columns, what they have in common, and how rows are looked up by them."""

    sources: Sequence[Source]
    likes: Sequence[Any]
    today: int
    looked_at: LookedAt
    beliefs: sheet.Beliefs
    columns: Columns
    near: Memo
    #: whether it keeps what it takes to cut rows by their own facts
    keeps: bool
    rows: int


class Lane:
    """Answers by signature, for tables with certain columns. Safe under threads."""

    def __init__(self, signatures: Signatures, told: Templates) -> None:
        self._signatures, self._told = signatures, told
        self._lock = Lock()
        self._kept: tuple[Sizes, Memo] = (), Memo(1)
        self._near: dict[object, Memo] = {}
        self._common = sheet.Common()
        self._cuts: tuple[int, ...] = ()
        self._more_cuts: tuple[int, ...] = ()
        self._looked_at = 0
        self._until: Days = np.full(LAST - FIRST + 1, FAR, np.int32)
        self._recipes: dict[object, Any] = {}
        self._cuts_rows = False

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
        """What it knows: the fields of the signatures, those with one answer at a time, and where rows are cut."""
        sizes, held = self._kept
        return sizes, held.entries(below=MANY), self._cuts

    def know(self, sizes: Sizes, entries: Words, cuts: Sequence[int]) -> None:
        """Takes up what an earlier run knew."""
        self._kept, self._more_cuts = (sizes, Memo.of(entries)), tuple(cuts)
        self._looked_at = len(self._signatures.looked_at())

    def is_whole(self, sought: Sought) -> bool:
        """Whether its signatures tell all that answers have looked at by now."""
        return sought.looked_at == len(self._signatures.looked_at())

    def cuts_at(self, days: Sequence[int]) -> bool:
        """Whether it cuts rows on all of these days."""
        return set(days) <= set(self._cuts)

    def is_settled(self) -> bool:
        """Whether the signatures it knows tell all that answers have looked at by now."""
        return self._looked_at == len(self._signatures.looked_at())

    # ---- what is sought ---------------------------------------------------------------------------------------------

    def prepared(self, batch: pa.RecordBatch, today: int) -> Prepared:
        """What it takes to look up the rows of a batch."""
        looked_at, keeps = self._signatures.looked_at(), self._cuts_rows
        sources, likes = self._signatures.sources(batch)
        beliefs = self._common.believed(sources)
        state = self._signatures.state(sources, likes, self._common, beliefs)
        kind = Kind(len(looked_at), today, whole=False, own_days=False, keeps=keeps)
        search = self._search(self._recipe(state, sources, looked_at, kind), looked_at)
        near = self._near_memo(
            (search.of_row.shown, search.of_piece.shown), search.of_row.words + search.of_piece.words
        )
        return Prepared(
            sources, likes, today, looked_at, beliefs, search.of(sources), near, keeps, batch.num_rows
        )  # fmt: skip

    def sought(self, batch: Prepared, first: int, count: int) -> tuple[Sought, Sought | None] | None:
        """The pieces of the rows of a block, with the answers to those whose like was met before.

        Those of rows that their own facts cut stand apart. ``first``: the first row of the block in its batch, a multiple of
        ``sheet.ALIGNED``. None where the batch is not as it was prepared for; it has to be prepared anew.
        """
        checks = batch.beliefs.checks_of(first, count if first + count < batch.rows else None)
        holds = np.ones(len(checks), np.bool_)
        with batch.near.reading() as entries:
            found = batch.columns.answers(first, count, entries, (checks, holds))
        if not holds.all():
            self._common.give_up(batch.beliefs, holds)
            return None
        if len(found.cut) and not batch.keeps:  # from now on, batches keep what it takes to cut rows
            self._cuts_rows = True
            return None
        one = self._near_by(found, batch, first)
        return one, self._cut_by_facts(found, batch, (first, count)) if len(found.cut) else None

    def _near_by(self, found: Searched, batch: Prepared, first_row: int) -> Sought:
        """The answers by what tells the rows of the batch apart; those of kinds that are new, by whole signatures."""
        missing, pieces, near = found.missing, found.pieces, batch.near
        if near.is_full and 2 * len(missing) > len(found.template):  # full of other rows than these
            near.forget()
        first, kind = distinct(found.words)
        words = np.ascontiguousarray(found.words[:, first])
        rows, starts, ends = pieces.part(missing[first])
        sought = Sought(
            pieces, found.template, found.legislation, found.slow, missing, kind, rows, starts, ends,
            np.zeros((0, len(rows)), np.uint64), self._kept[1], (near, words), len(batch.looked_at), found.special,
        )  # fmt: skip
        if len(missing):
            signed, sizes = self._signed(batch, rows + first_row, (starts, ends), own_days=False)
            self._look_up(sought, signed.words, sizes, batch.looked_at)
        self._mark_long(sought)
        return sought

    def _look_up(self, sought: Sought, words: Words, sizes: Sizes, looked_at: LookedAt) -> None:
        whole = self._memo(sizes, len(words), len(looked_at))
        known = whole.answers(words, sought.ends)
        template = known.template
        sought.answered(template, known.legislation, known.until)
        left = np.flatnonzero(template == keys.MISSING)
        still = template[sought.kind] == keys.MISSING
        renumbered = np.cumsum(template == keys.MISSING) - 1
        sought.missing, sought.kind = sought.missing[still], renumbered[sought.kind[still]]
        sought.rows, sought.starts, sought.ends = sought.rows[left], sought.starts[left], sought.ends[left]
        sought.words, sought.memo = np.ascontiguousarray(words[:, left]), whole
        if sought.near is not None:
            sought.near = sought.near[0], np.ascontiguousarray(sought.near[1][:, left])

    def _signed(self, batch: Prepared, rows: Rows, days: tuple[Days, Days], *, own_days: bool) -> tuple[Made, Sizes]:
        """The whole signatures of pieces, with the row of each in the batch and its days."""
        state, looked_at = self._signatures.state(batch.sources, batch.likes, None), batch.looked_at
        kind = Kind(len(looked_at), batch.today, whole=True, own_days=own_days, keeps=False)
        ready = self._recipe(state, batch.sources, looked_at, kind)
        own = [sheet.held(np.where(held == FAR, UNKNOWN, held)) for held in days] if own_days else []
        found = made(ready, [*batch.sources, *own], len(rows), rows)
        ready_more, more = self._of_pieces(found.kept, days, looked_at)
        return Made(np.concatenate([found.words, more]), found.slow, found.kept), (ready.sizes, ready_more.sizes)

    def _cut_by_facts(self, found: Searched, batch: Prepared, block: tuple[int, int]) -> Sought:
        """The answers to the rows that their own facts cut, piece by piece."""
        first, count = block
        place, starts, ends = self._own_pieces(found.kept, len(found.cut))
        rows = found.cut[place]
        signed, sizes = self._signed(batch, rows + first, (starts, ends), own_days=True)
        marked = np.zeros(count, np.uint8)
        marked[rows[signed.slow != 0]] = 1
        pieces = len(rows)
        everything = np.arange(pieces)
        sought = Sought(
            Pieces(0, rows, starts, ends), np.full(pieces, keys.MISSING, np.int32), np.zeros(pieces, np.int32), marked,
            everything, everything, rows, starts, ends, signed.words, self._kept[1], None, len(batch.looked_at), False,
        )  # fmt: skip
        self._look_up(sought, signed.words, sizes, batch.looked_at)
        self._mark_long(sought)
        return sought

    @staticmethod
    def _mark_long(sought: Sought) -> None:
        """Rows of which it is known that the short way does not serve them."""
        if sought.special:
            long = np.flatnonzero(sought.template == keys.LONG)
            sought.slow[sought.pieces.rows_of(long)] |= 1

    # ---- pieces -----------------------------------------------------------------------------------------------------

    def _days_of_all(self, kept: Mapping[str, Any]) -> tuple[int, int] | None:
        """The first and last day, where all rows have the same and no text changes between them."""
        start, last = kept["start"], kept["last"]
        if not (isinstance(start, int) and isinstance(last, int) and FIRST <= start <= LAST):
            return None
        return (start, last) if self._until[start - FIRST] >= last else None

    def _own_pieces(self, kept: Kept, count: int) -> tuple[Rows, Days, Days]:
        """Rows that their own facts cut, piece by piece."""

        def column(name: str) -> Any:
            held = kept[name]
            return np.full(count, held, np.int32) if isinstance(held, int) else held

        days, posted = [column("start"), column("last")], []
        for number, dated in self._signatures.activities:
            days += [column(f"begins{number}"), column(f"ends{number}")] if dated else days[:2]
            posted.append(column(f"posted{number}").astype(np.uint8) & np.uint8(dated))
        spells = [column(f"spell{number}") for number in range(1, self._signatures.insured + 1)]
        if not posted:
            days, posted = days * 2, [np.zeros(count, np.uint8)]
        held = np.stack(days), np.stack(spells) if spells else np.zeros((0, count), np.int32), np.stack(posted)
        room = 4 * count
        while True:
            place, starts, ends = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.int32)
            found = keys.cut_pieces(*held, self._signatures.limits, self._until, place, starts, ends)
            if found <= room:
                return place[:found], starts[:found], ends[:found]
            room = found

    def _of_pieces(self, kept: Kept, days: tuple[Days, Days], looked_at: LookedAt) -> tuple[Ready, Words]:
        """What differs between pieces, as whole words; each has its row's."""
        columns: Kept = {"start": days[0], "end": days[1]}
        columns |= {name: kept[name] for name in self._signatures.kept_for_pieces(looked_at)}
        ready, names = self._recipe_of_pieces(tuple((name, "own") for name in sorted(columns)), looked_at, whole=True)
        count = len(days[0])
        return ready, made(ready, [_source(name, columns[name], count) for name in names], count).words

    # ---- recipes and memories ---------------------------------------------------------------------------------------

    def _search(self, of_row: Ready, looked_at: LookedAt) -> Search:
        """How the pieces of rows of one kind are looked up by what tells them apart."""
        days = self._days_of_all(of_row.kept)
        given: dict[str, int | str] = {"start": "own", "end": "own"}
        if days is not None:
            given = {"start": days[0], "end": days[1]}
        for name in self._signatures.kept_for_pieces(looked_at):
            held = of_row.kept[name]
            given[name] = held if isinstance(held, int) else "own"
        of_piece, names = self._recipe_of_pieces(tuple(sorted(given.items())), looked_at, whole=False)
        said = self._told.alike.column, self._told.same_states.column
        return Search(of_row, of_piece, names, self._until, said, days)

    def _recipe(self, state: State, sources: Sequence[Source], looked_at: LookedAt, kind: Kind) -> Ready:
        def ready() -> Ready:
            keeps = None if kind.keeps else self._signatures.kept_for_pieces(looked_at)
            recipe = self._signatures.rows(state, sources, looked_at, kind.today, own_days=kind.own_days, keeps=keeps)
            return recipe.ready(whole=kind.whole)

        return self._remembered((state, kind), ready)

    def _recipe_of_pieces(self, same: Same, looked_at: LookedAt, *, whole: bool) -> tuple[Ready, list[str]]:
        def ready() -> tuple[Ready, list[str]]:
            recipe, names = self._signatures.pieces(dict(same), looked_at)
            return recipe.ready(whole=whole), names

        return self._remembered((same, len(looked_at), whole), ready)

    def _remembered(self, key: object, make: Callable[[], T]) -> T:
        """A recipe, which is the same whoever makes it."""
        known = self._recipes.get(key)
        if known is None:
            if len(self._recipes) >= _MOST_RECIPES:
                self._recipes.clear()
            known = self._recipes[key] = make()
        found: T = known
        return found

    def _memo(self, sizes: Sizes, words: int, looked_at: int) -> Memo:
        """The memory for signatures of these fields; for other ones it starts afresh."""
        with self._lock:
            known, held = self._kept
            if known != sizes:
                held = Memo(words)
                self._kept, self._looked_at = (sizes, held), looked_at
            return held

    def _near_memo(self, key: object, words: int) -> Memo:
        """The memory for blocks of one kind. All of them together hold no more than one can."""
        with self._lock:
            known = self._near.get(key)
            if known is None:
                if len(self._near) >= _MOST_KINDS or sum(one.size for one in self._near.values()) >= memo.MOST:
                    self._near.clear()
                known = self._near[key] = Memo(words)
            return known


def _source(name: str, held: Any, count: int) -> Source:
    """Days or marks of pieces as a source."""
    kind = np.uint8 if name.startswith("posted") else np.int32
    column: Any = np.full(count, held, kind) if isinstance(held, int) else held
    return sheet.marks(column) if kind is np.uint8 else sheet.held(column)
