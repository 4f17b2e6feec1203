"""The answers of a block of rows: rows that agree on all that an answer has looked at are a class, answered once.

A class is determined by the reference engine on one of its rows, which writes down what it looks at (``reads``); every
other row of it gets the same answer with its own States in their roles (``frames``). So the engines can't differ but where
something is looked at that is not written down. An answer lasts until a fact changes, a text enters into force or a limit
is reached; the days after that are a piece of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar.classes import Classes
from cleiss_rules.columnar.columns import Column
from cleiss_rules.columnar.days import FAR, FIRST, LAST, Codes, Days
from cleiss_rules.columnar.encode import Coded, Encoded, Encoder
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.figures import Figures
from cleiss_rules.columnar.frames import Frame, Frames, day_of, numbered
from cleiss_rules.columnar.kept import Kept
from cleiss_rules.columnar.lookups import gather
from cleiss_rules.columnar.measures import Piece, piece_of
from cleiss_rules.columnar.numbering import Numbering, packed
from cleiss_rules.columnar.rows import case_data
from cleiss_rules.columnar.templates import Growing, Templates
from cleiss_rules.columnar.thresholds import Thresholds
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.errors import Fault, InvalidCase
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.situation import states_named

_MOST_PACKED = 1 << 13
Rows = npt.NDArray[np.int64]


@dataclass(slots=True)
class Pieces:
    """Parts of rows with their answers: ``row`` in the block, first and last day, template, legislation (by number).

    Where each row has one answer, their numbers may be a range.
    """

    row: Any
    start: Days
    end: Days
    place: Codes
    template: Codes
    legislation: Codes


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows that are answered alike on all of their days, and the last day on which the law leaves it so.

    Several answers at a time stand as one (``Templates.beside``).
    """

    rows: Rows
    template: Codes
    legislation: Codes
    until: Days


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is no situation: its number from 0, and what is wrong with it."""

    row: int
    faults: tuple[Fault, ...]


#: the answers to a block of rows, and those that are no situation
Block = tuple[Pieces, list[Rejected]]


class Plan:
    """How tables with certain columns are answered, and every class met so far. Safe under threads."""

    def __init__(
        self,
        engine: RuleSets,
        columns: Sequence[Column],
        marks: Thresholds,
        frames: Frames,
        told: Templates,
        lock: RLock,
    ) -> None:
        self._frames, self._lock, self.told = frames, lock, told
        self.encoder = Encoder(columns, engine.law, marks)
        self._figures = Figures(frames)
        self._features = Features(self.encoder, marks, self._figures)
        self._classes = Classes(engine, self._features, told, lock)
        self._limits = [limit for limit, _ in engine.limits]
        self._steps: dict[tuple[str, int], Numbering] = {}
        self._frame: list[Frame] = []
        self._names = [_names(column, min(engine.law.states)) for column in self.encoder.frame]
        self._all_changes = frames.all_changes
        days = np.arange(FIRST, LAST + 1)
        self._between = np.searchsorted(self._all_changes, days, "right").astype(np.int32)
        self._place, self._until = Growing(), Growing()
        self._calendar_numbers: dict[tuple[tuple[date, ...], tuple[date, ...]], int] = {}
        self._calendar_of, self._said = Growing(), Growing()
        self._cuts: list[int] = []

    def kept(self) -> Kept | None:
        """What the short way has learnt, to be kept; nothing while it has still to learn what answers look at."""
        sizes, entries, cuts = self.lane.known
        reads, lists = self._features.reads(), self.encoder.lists
        if not self.lane.is_settled():
            return None
        return Kept(entries, sizes, reads, lists, cuts, list(self.told.templates), list(self.told.legislations))

    def know(self, kept: Kept, empty: Any) -> None:
        """Takes up what an earlier run has learnt of the same columns; ``empty``: a block with a row of nulls."""
        made = self.encoder.encode(empty, 0)
        piece = Piece(made, slice(None), made.start, made.end, [None] * len(made.activities), [])
        self.encoder.know_lists(kept.lists)
        for read in kept.reads:
            self._features.of((read,), piece)
        with self._lock:
            templates = np.array([self.told.number(one) for one in kept.templates] or [0], np.int64)
            said = np.array([self.told.legislation(one) for one in kept.legislations] or [0], np.int64)
        self.lane.know(kept.sizes, kept.renumbered(templates, said), kept.cuts)

    @property
    def cuts(self) -> list[int]:
        """The days on which a text changes that cuts rows met so far."""
        return self._cuts

    @cached_property
    def lane(self) -> Any:
        """The short way for the same tables, where numba is installed; None otherwise."""
        try:
            from cleiss_rules.columnar.lane import Lane
            from cleiss_rules.columnar.signature import Signatures
        except ImportError:
            return None
        return Lane(Signatures(self.encoder, self._features, self._limits, self._between), self.told)

    @property
    def classes(self) -> int:
        """How many classes were met so far."""
        return self._classes.count.size

    def with_helpers(self, count: int) -> None:
        """How many processes can determine rows beside this one."""
        self._classes.helpers = count

    def settled(self, block: Any, today: int, days: tuple[Days, Days]) -> Settled:
        """The rows that are answered alike on all of the days given, from the first to the last one of each row."""
        made = self.encoder.encode(block, today)
        rows = np.flatnonzero(~made.single)
        start, last = days[0][rows], days[1][rows]
        frame = self._frame_numbers(made, rows, rows)
        number, until, piece = self._classified(block, made, (rows, rows), frame, (start, last))
        at = np.flatnonzero((number >= 0) & (piece.end >= last))
        found = self._pieces(number[at], frame[at], np.arange(len(at)), start[at], last[at])
        template, legislation = self._as_one(found, len(at))
        return Settled(rows[at], template, legislation, until[at])

    def _as_one(self, found: Pieces, count: int) -> tuple[Codes, Codes]:
        """Template and legislation of so many rows, several answers of one as one."""
        first = np.searchsorted(found.row, np.arange(count))
        template, legislation = found.template[first], found.legislation[first]
        for row in np.flatnonzero(np.bincount(found.row, minlength=count) > 1).tolist():
            mine = slice(*np.searchsorted(found.row, [row, row + 1]))
            answers = zip(found.template[mine].tolist(), found.legislation[mine].tolist(), strict=True)
            with self._lock:
                template[row], legislation[row] = self.told.beside(tuple(answers)), 0
        return template, legislation

    def answer(self, block: Any, today: int) -> tuple[Pieces, Rows]:
        """The pieces of a block's rows, and the rows that have to be looked at one by one."""
        made = self.encoder.encode(block, today)
        rows = np.flatnonzero(~made.single)
        whole = len(rows) == block.num_rows
        at: Any = slice(None) if whole else rows
        frame = self._frame_numbers(made, at, rows)
        start, last = made.start[at], made.end[at]
        found: list[Pieces] = []
        alone = [np.flatnonzero(made.single)]
        while len(rows):
            number, _, piece = self._classified(block, made, (at, rows), frame, (start, last))
            answered = np.flatnonzero(number >= 0)
            alone.append(rows[number < 0])
            end = piece.end
            all_answered = len(answered) == len(rows)
            pick: Any = slice(None) if all_answered else answered
            found.append(self._pieces(number[pick], frame[pick], rows[pick], start[pick], end[pick]))
            more = np.flatnonzero(end < last)
            rows, frame = rows[more], frame[more]
            start, last = end[more] + np.int32(1), last[more]
            at = rows
        return self._joined(found, np.unique(np.concatenate(alone)))

    def _classified(
        self, block: Any, made: Encoded, at: tuple[Any, Rows], frame: Codes, days: tuple[Days, Days]
    ) -> tuple[Codes, Days, Piece]:
        """The class of what begins on the first of the days; until when the law leaves it so; and how far it goes."""
        start, last = days
        place, until = self._intervals(frame, start)
        piece = piece_of(made, at[0], (start, np.minimum(last, until), last), self._limits)
        piece.figure = self._figure_numbers(frame, place, start)
        number = self._classes.of(block, piece, self._roots(piece), (self._frame, frame), at[1])
        return number, until, piece

    # ---- numbers: what rows have in common ---------------------------------------------------------------------------

    def _chain(
        self, name: str, count: int, columns: Sequence[Coded], made: Callable[[int], None] | None = None
    ) -> Codes:
        """One number for each combination of codes; ``made`` is told a row of each new one."""
        nothing = np.zeros(count, np.int32), 1
        found, size = nothing
        for place, (codes, wide) in enumerate(columns or [nothing]):
            numbering = self._steps.get((name, place)) or self._steps.setdefault((name, place), Numbering(self._lock))
            last = place >= len(columns) - 1
            found = numbering(codes, found, (wide, size), made if last and made is not None else _nothing)
            size = max(numbering.size, 1)
        return found

    def _frame_numbers(self, made: Encoded, at: Any, rows: Rows) -> Codes:
        one = [(codes[at], size) for codes, size, several in made.states if not several]
        several = [(codes[at], size) for codes, size, several in made.states if several]
        employers = [(codes[at], size) for codes, size in made.employers]
        columns = [*packed([*one, *employers], _MOST_PACKED), *several]
        return self._chain("frame", len(rows), columns, lambda row: self._learn_frame(made, int(rows[row])))

    def _figure_numbers(self, frame: Codes, place: Codes, start: Days) -> Codes:
        sizes = len(self._frame), len(self._all_changes) + 2
        return self._chain(
            "figure",
            len(frame),
            ((frame, sizes[0]), (place, sizes[1])),
            lambda row: self._figures.learn(self._frame[int(frame[row])], day_of(int(start[row]))),
        )

    def _roots(self, piece: Piece) -> Codes:
        """What tells pieces apart before anything is looked at."""
        always = packed(self._features.always(piece), _MOST_PACKED)
        figure = gather(self._figures.of, piece.figure)
        return self._chain("root", len(figure), [*always, (figure, self._figures.size)])

    def _intervals(self, frame: Codes, start: Days) -> tuple[Codes, Days]:
        """Between which changes of law each day lies, and the last day before the law cuts a period."""
        between = gather(self._between, start - np.int32(FIRST))
        at = gather(self._calendar_of.column, frame) * np.int32(len(self._all_changes) + 1) + between
        return gather(self._place.column, at), gather(self._until.column, at)

    def _learn_calendar(self, cuts: Sequence[date], changes: Sequence[date]) -> None:
        """For each stretch between any two changes of law: where it lies among ``changes``, and the day before a cut."""
        cut_days, change_days = numbered(cuts), numbered(changes)
        for first in (FIRST, *self._all_changes):
            following = bisect_right(cut_days, first)
            self._place.add(bisect_right(change_days, first))
            reached = following < len(cut_days) and cut_days[following] <= LAST
            self._until.add(cut_days[following] - 1 if reached else int(FAR))

    def _pieces(self, number: Codes, frame: Codes, rows: Rows, start: Days, end: Days) -> Pieces:
        told = self._classes
        count = gather(told.count.column, number)
        first = gather(told.first.column, number)
        place = np.zeros(len(number), np.int32)
        if (count != 1).any():
            picked = np.repeat(np.arange(len(number)), count)
            place = (np.arange(len(picked)) - np.repeat(np.cumsum(count) - count, count)).astype(np.int32)
            first, frame, rows, start, end = (
                first[picked] + place,
                frame[picked],
                rows[picked],
                start[picked],
                end[picked],
            )
        named = gather(told.named.column, first)
        said = self._chain(
            "legislation",
            len(frame),
            ((frame, len(self._frame)), (named, len(told.states_said))),
            lambda row: self._learn_legislation(int(frame[row]), int(named[row])),
        )
        return Pieces(rows, start, end, place, gather(told.template.column, first), gather(self._said.column, said))

    def _joined(self, pieces: Sequence[Pieces], alone: Rows) -> tuple[Pieces, Rows]:
        """All pieces by row and day; a row that is looked at singly has none."""
        if not pieces:
            empty = np.zeros(0, np.int32)
            return Pieces(np.zeros(0, np.int64), empty, empty, empty, empty, empty), alone
        if len(pieces) == 1 and not len(alone) and not pieces[0].place.any():
            return pieces[0], alone
        columns = [np.concatenate([getattr(piece, name) for piece in pieces]) for name in Pieces.__slots__]
        if len(alone):
            kept = ~np.isin(columns[0], alone)
            columns = [column[kept] for column in columns]
        row = columns[0]
        often = np.bincount(row) > 1
        several = often[row]
        once = Pieces(*(column[~several] for column in columns))
        more = merged(Pieces(*(column[several] for column in columns)), self.told)
        columns = [np.concatenate([getattr(once, name), getattr(more, name)]) for name in Pieces.__slots__]
        order = np.argsort(columns[0], kind="stable")
        return Pieces(*(column[order] for column in columns)), alone

    # ---- what is learnt from one row of each kind --------------------------------------------------------------------

    def _learn_frame(self, made: Encoded, row: int) -> None:
        columns = self.encoder.states_of(made, row)
        named = frozenset(
            state for states, names in zip(columns, self._names, strict=True) if names for state in states or ()
        )
        frame = self._frames.frame(columns, named)
        key = (frame.cuts, frame.changes)
        if key not in self._calendar_numbers:
            self._learn_calendar(*key)
            self._cuts = sorted({*self._cuts, *(day for day in numbered(frame.cuts) if FIRST < day <= LAST)})
            self._calendar_numbers[key] = len(self._calendar_numbers)
        self._calendar_of.add(self._calendar_numbers[key])
        self._frame.append(frame)

    def _learn_legislation(self, frame: int, named: int) -> None:
        roles = self._frame[frame].roles
        states = list(self._classes.states_said)[named]
        self._said.add(self.told.legislation(" ".join(roles[s] if isinstance(s, int) else s for s in states)))


def merged(pieces: Pieces, told: Templates) -> Pieces:
    """Neighbouring pieces of a row that say the same are one; in the order of rows, days and places."""
    if not len(pieces.row):
        return pieces
    alike, same = told.alike.column[pieces.template], told.same_states.column[pieces.legislation]
    order = np.lexsort((pieces.start, same, alike, pieces.row))
    row, start, end, place, template, legislation = (getattr(pieces, name)[order] for name in Pieces.__slots__)
    alike, same = alike[order], same[order]
    follows = np.zeros(len(row), np.bool_)
    follows[1:] = (
        (row[1:] == row[:-1]) & (alike[1:] == alike[:-1]) & (same[1:] == same[:-1]) & (start[1:] == end[:-1] + 1)
    )
    heads = np.flatnonzero(~follows)
    tails = np.append(heads[1:], len(row)) - 1
    row, start, place, template, legislation = (column[heads] for column in (row, start, place, template, legislation))
    end = end[tails]
    order = np.lexsort((place, start, row))
    return Pieces(*(column[order] for column in (row, start, end, place, template, legislation)))


def _nothing(_row: int) -> None:
    pass


def _names(column: Column, state: str) -> bool:
    """Whether the States of a column are links of the case, whose texts cut its period."""
    try:
        return bool(states_named(Case.model_validate(case_data({column.name: state}))))
    except InvalidCase:  # more cuts than needed change no answer
        return True
