"""Features as a program for the compiled walk: for each, an operation and where the columns that it works on stand."""

from __future__ import annotations

from threading import RLock
from typing import Any

import numpy as np

from cleiss_rules.calendar import Period
from cleiss_rules.columnar import compiled as ops
from cleiss_rules.columnar.days import FIRST, LAST, UNKNOWN, Codes, last_days, number_of
from cleiss_rules.columnar.encode import Encoded
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.measures import Piece, here_with_shares, planned, posted, roles_of_shares
from cleiss_rules.columnar.paths import Paths
from cleiss_rules.columnar.reads import Length

_TYPES = (np.int32, np.int32, np.int32, np.float64)
_KINDS = {"whole": ops.LENGTH_WHOLE, "elapsed": ops.LENGTH_ELAPSED, "since": ops.LENGTH_FROM_START}


class Program:
    """The compiled walk through the paths of tables with certain columns."""

    def __init__(self, features: Features, lock: RLock) -> None:
        self._features, self._lock = features, lock
        self._steps: list[tuple[int, int, int, float]] = []
        self._of_piece: list[int] = []
        self._periods: dict[Period, int] = {}
        self._last_days = np.zeros((0, LAST - FIRST + 1), np.int32)
        self._tables: list[Any] = []
        self._compiled: tuple[Any, ...] | None = None

    def columns(self, made: Encoded) -> Columns:
        """A block's columns, made ready."""
        return Columns(made)

    def walk(self, paths: Paths, piece: Piece, figure: Codes, block: Columns) -> Codes:
        """The answer of each row of a piece; -1 where no path is known."""
        nodes = paths.arrays()
        program = self._program(block)
        found: Codes = ops.walk(
            nodes,
            program,
            (block.rows(piece), figure, piece.figure),
            (piece.start, piece.end),
            (block.codes, self._computed(piece), block.numbers, block.days),
            (*_postings(piece), FIRST, self._last_days),
            (block.here(piece), block.roles, self._features.encoder.shared.marks),
            self._of_figures(),
        )
        return found

    def _program(self, block: Columns) -> tuple[Any, ...]:
        with self._lock:
            wanted = len(self._features.sizes)
            if self._compiled is None or len(self._steps) < wanted:
                for feature in range(len(self._steps), wanted):
                    self._steps.append(self._step(feature, block))
                columns = zip(*self._steps, strict=True) if self._steps else ((),) * len(_TYPES)
                self._compiled = tuple(np.array(column, kind) for column, kind in zip(columns, _TYPES, strict=True))
            return self._compiled

    def _step(self, feature: int, block: Columns) -> tuple[int, int, int, float]:
        origin = self._features.origins[feature]
        if origin is None:
            self._of_piece.append(feature)
            return ops.OF_PIECE, len(self._of_piece) - 1, 0, 0.0
        name, what = origin
        if name == "code":
            return ops.CODE, block.place_of_code[what], 0, 0.0
        if name == "number known":
            return ops.NUMBER_KNOWN, block.place_of_number[what], 0, 0.0
        if name == "number":
            return ops.NUMBER_BESIDE, block.place_of_number[what[0]], 0, float(what[1])
        if name == "day known":
            return ops.DAY_KNOWN, block.place_of_day[what], 0, 0.0
        if name == "day":
            return ops.DAY_BESIDE, block.place_of_day[what[0]], int(what[1]), 0.0
        if name == "start":
            return ops.START_BESIDE, 0, int(what), 0.0
        if name == "share":
            roles = roles_of_shares(block.roles.shape[1]).index(what[1])
            return ops.SHARE, block.place_of_number[what[0]], roles, 0.0
        if name == "figure":
            members, shift, size = what
            self._tables.append(members)
            return ops.OF_FIGURE, len(self._tables) - 1, shift, float(size - 1)
        return self._length(what)

    def _length(self, read: Length) -> tuple[int, int, int, float]:
        place = read.activity - 1
        if read.period is None:
            return ops.LENGTH_KNOWN, place, 0, 0.0
        if read.period not in self._periods:
            self._periods[read.period] = len(self._periods)
            days = np.arange(FIRST, LAST + 1, dtype=np.int32)
            self._last_days = np.vstack([self._last_days, last_days(days, read.period.count, read.period.unit)])
        kind = ops.LENGTH_FROM_DAY if read.day is not None else _KINDS[read.kind]
        return kind, place, self._periods[read.period], float(number_of(read.day)) if read.day is not None else 0.0

    def _computed(self, piece: Piece) -> Any:
        """The features that the walk does not compute by itself, a row of numbers each."""
        found = [self._features.compute(feature, piece) for feature in self._of_piece]
        return np.stack(found) if found else np.zeros((1, 1), np.uint8)

    def _of_figures(self) -> Any:
        """What is told of the States of each figure, a row of numbers for each table."""
        columns = [members() for members in self._tables]
        if not columns:
            return np.zeros((1, 1), np.int32)
        least = min(len(column) for column in columns)
        return np.stack([column[:least] for column in columns])


class Columns:
    """The columns of a block as the compiled walk reads them."""

    def __init__(self, made: Encoded) -> None:
        coded = [
            *((("history", place), coded) for place, coded in enumerate(made.history)),
            *made.codes.items(),
        ]
        self._count = len(made.start)
        self.place_of_code: dict[Any, int] = {key: place for place, (key, _) in enumerate(coded)}
        self.codes = self._stacked([codes for _, (codes, _) in coded], np.uint8)
        self.place_of_number = {name: place for place, name in enumerate(made.numbers)}
        numbers = list(made.numbers.values())
        for measure, stated in made.shares.items():
            self.place_of_number[measure] = len(numbers)
            numbers += stated
        self.numbers = self._stacked(numbers, np.float64)
        self.place_of_day = {name: place for place, name in enumerate(made.days)}
        self.days = self._stacked(list(made.days.values()), np.int32)
        many = max((len(stated) for stated in made.shares.values()), default=1)
        self.roles = np.array(roles_of_shares(many), np.int32)
        self._shared = bool(made.shares)

    def rows(self, piece: Piece) -> Any:
        """Where each row of a piece stands in the block."""
        return np.arange(self._count) if isinstance(piece.at, slice) else piece.at

    def here(self, piece: Piece) -> Any:
        """Which activities each row of a piece has, as far as shares are counted."""
        if not self._shared:
            return np.zeros((1, 1), np.bool_)
        return np.stack([here_with_shares(piece, activity) for activity in range(self.roles.shape[1])])

    def _stacked(self, columns: list[Any], kind: Any) -> Any:
        found = np.zeros((max(len(columns), 1), self._count), kind)
        for place, column in enumerate(columns):
            found[place] = column
        return found


def _postings(piece: Piece) -> tuple[Any, Any, Any]:
    """By activity: from when to when a posting is planned (UNKNOWN where nothing tells), and its stated first day."""
    activities = piece.made.activities
    shape = (max(len(activities), 1), len(piece.start))
    since, until, stated = np.full(shape, UNKNOWN, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for place, activity in enumerate(activities):
        if activity.posted is not None:
            begins, ends = planned(activity, piece.at)
            since[place] = np.where(posted(activity, piece.at), begins, UNKNOWN)
            until[place], stated[place] = ends, activity.start[piece.at]
    return since, until, stated
