"""What rows can be told apart by, as columns of small numbers that are computed when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.codes import Buckets
from cleiss_rules.columnar.days import UNKNOWN, Codes, LastDays, Lengths, number_of
from cleiss_rules.columnar.encode import MEASURES, Coded, Encoder
from cleiss_rules.columnar.figures import Figures
from cleiss_rules.columnar.frames import MOST_ROLES
from cleiss_rules.columnar.measures import (
    Piece,
    insured_beside,
    known_length,
    length_beside,
    roles_of_shares,
    share_beside,
)
from cleiss_rules.columnar.reads import (
    OF_INSURANCE,
    First,
    Group,
    History,
    Insured,
    Length,
    Mark,
    Order,
    Read,
    Shares,
    Spelt,
)
from cleiss_rules.columnar.thresholds import Thresholds

Small = npt.NDArray[np.uint8]
Compute = Callable[[Piece], Codes]
_KNOWN_DAYS = 2
_BESIDE = 4
_ONE_BYTE = 256
_LONGEST_MONTH = 31
#: States of a group that one feature tells, and the bytes of the number of an order
_ROLES, _ORDERS = 4, 2


class Features:
    """The features of tables with certain columns, by number, in the order in which they were first asked for."""

    def __init__(self, encoder: Encoder, marks: Thresholds, figures: Figures) -> None:
        self.encoder, self._figures = encoder, figures
        self.sizes: list[int] = []
        self._computed: list[Compute] = []
        #: by number: what tells a feature by the figure alone; none for one that differs from row to row
        self._of_figure: list[Callable[[], Codes] | None] = []
        self._tables: tuple[tuple[int, int], Codes, npt.NDArray[np.uint8]] | None = None
        self._numbers: dict[object, tuple[int, ...]] = {}
        #: the features of what was read; in rows with few States, the first feature tells all of a group
        self._read: dict[Read, tuple[int, ...]] = {}
        self._read_of_few: dict[Read, tuple[int, ...]] = {}
        self._last_days: dict[Period, LastDays] = {}
        self.insured = Lengths({period for path in OF_INSURANCE for period in marks.periods.get(path, ())})

    def always(self, piece: Piece) -> list[Coded]:
        """What tells any two rows apart, whatever is read of them."""
        made = piece.made
        found = [(codes[piece.at], size) for codes, size in (*made.always, *made.employers)]
        found += piece.days_apart
        return found

    def of(self, reads: Iterable[Read], piece: Piece, roles: int = MOST_ROLES) -> list[int]:
        """The features that have to be equal for what was read to be equal, between rows with as many States (``roles``)."""
        found: list[int] = []
        held = self._read if roles > _ROLES else self._read_of_few
        for read in reads:
            if read not in self._read:
                told = self._read[read] = tuple(self._told(read, piece))
                self._read_of_few[read] = told[:1] if isinstance(read, (Group, Spelt)) else told
            found += held[read]
        return found

    def looked_at(self) -> list[tuple[object, int]]:
        """What was looked at of numbers, days and lengths, in the order in which it first was, with its size."""
        return [
            (key, self.sizes[numbers[0]])
            for key, numbers in list(self._numbers.items())
            if isinstance(key, (Mark, Length)) or _is_history(key) or (isinstance(key, tuple) and key[0] in MEASURES)
        ]

    def reads(self) -> list[Read]:
        """What was read of numbers, days and lengths, in the order in which it first was."""
        return [read for read in list(self._read) if isinstance(read, (Mark, Length, Shares, History))]

    def of_figures(self) -> tuple[Codes, npt.NDArray[np.uint8]]:
        """The features that figures tell: of each feature its column in a table, or -1; and the table, a row a figure."""
        met, known = self._figures.met, len(self._of_figure)
        held = self._tables
        if held is None or held[0][0] < met or held[0][1] < known:
            place = np.full(known, -1, np.int32)
            told = [number for number, one in enumerate(self._of_figure[:known]) if one is not None]
            table = np.empty((met, len(told)), np.uint8)
            for row, number in enumerate(told):
                compute = self._of_figure[number]
                assert compute is not None
                place[number], table[:, row] = row, compute()[:met]
            held = self._tables = (met, known), place, table
        return held[1], held[2]

    def compute(self, feature: int, piece: Piece) -> Small:
        """A feature of every row of a piece."""
        return self._computed[feature](piece).astype(np.uint8, copy=False)

    def _number_of_figure(self, key: object, size: int, told: Callable[[], Codes]) -> tuple[int, ...]:
        """The number of a feature that the figure alone tells."""
        return self._number(key, size, lambda piece: told()[piece.figure], told)

    def _number(
        self, key: object, size: int, compute: Compute, of_figure: Callable[[], Codes] | None = None
    ) -> tuple[int, ...]:
        """The number of a feature; one of more values than a byte holds is two."""
        known = self._numbers.get(key)
        if known is None and size > _ONE_BYTE:
            low = self._number((key, "low"), _ONE_BYTE, lambda piece: compute(piece) & (_ONE_BYTE - 1))
            high = self._number((key, "high"), (size >> 8) + 1, lambda piece: compute(piece) >> 8)
            known = self._numbers[key] = (*low, *high)
        if known is None:
            known = self._numbers[key] = (len(self.sizes),)
            self._computed.append(compute)
            self.sizes.append(size)
            self._of_figure.append(of_figure)  # the last one: a feature is known to others once it stands here
        return known

    def _told(self, read: Read, piece: Piece) -> Iterator[int]:
        if isinstance(read, str):
            yield from self._of_column(read, piece)
        elif isinstance(read, Mark):
            yield from self._marked(read, piece)
        elif isinstance(read, Length):
            yield from self._length(read, piece)
        elif isinstance(read, Insured):
            yield from self._insured(read, piece)
        elif isinstance(read, Shares):
            yield from self._shares(read.measure, piece)
        elif isinstance(read, History):
            yield from self._history(piece)
        elif isinstance(read, (Group, Spelt)):
            members = self._figures.members(read.name if isinstance(read, Group) else read.states)
            for low in range(0, MOST_ROLES, _ROLES):
                yield from self._number_of_figure((read, low), 1 << _ROLES, _bits(members, low))
        elif isinstance(read, (Order, First)):
            told = self._figures.orders if isinstance(read, Order) else self._figures.first
            for place in range(_ORDERS):
                yield from self._number_of_figure((read, place), _ONE_BYTE, _byte(told, place))

    def _of_column(self, name: str, piece: Piece) -> Iterator[int]:
        """A column; where the name is that of a part of a case, all columns of the part."""
        made = piece.made
        if name.endswith((".posting", ".employer")):  # whether these are there tells any two rows apart
            inner: tuple[str, ...] = (name,)
        elif name.endswith(".employer.activity"):
            stem = name.removesuffix("activity")
            inner = tuple(stem + leaf for leaf in ("turnover_share", "assignments_share", "internal_management_only"))
        else:
            inner = (name, *(one for one in (*made.codes, *made.numbers) if one.startswith(f"{name}.")))
        for one in inner:
            if one in made.codes:
                size = made.codes[one][1]
                yield from self._number(one, size, _coded(one))
            elif one in made.numbers:
                yield from self._number((one, "known"), 2, _number_known(one))
            elif one in made.days:
                yield from self._number((one, "known"), _KNOWN_DAYS, _day_known(one))

    def _marked(self, read: Mark, piece: Piece) -> Iterator[int]:
        name, made = read.column, piece.made
        if isinstance(read.value, date):
            mark = np.int32(number_of(read.value))
            if name == "from":
                yield from self._number(read, _BESIDE, lambda p: _beside(p.start, mark, p.start == UNKNOWN))
            elif name in made.days:
                yield from self._number(
                    read,
                    _BESIDE,
                    lambda p: _beside(days := p.made.days[name][p.at], mark, days == UNKNOWN),
                )
        elif name in made.numbers:
            value = read.value
            yield from self._number(
                read,
                _BESIDE,
                lambda p: _beside(held := p.made.numbers[name][p.at], value, np.isnan(held)),
            )

    def _length(self, read: Length, piece: Piece) -> Iterator[int]:
        place, period = read.activity - 1, read.period
        if piece.made.activities[place].posted is None:
            return
        if period is None:
            yield from self._number(read, 2, lambda p: known_length(p, p.made.activities[place]))
            return
        just = self._just(period)
        yield from self._number(
            read,
            _BESIDE,
            lambda p: length_beside(p, p.made.activities[place], read.kind, read.day, just),
        )

    def _just(self, period: Period) -> LastDays:
        return self._last_days.get(period) or self._last_days.setdefault(period, LastDays(period))

    def _insured(self, read: Insured, piece: Piece) -> Iterator[int]:
        """How long each spell of insurance lasted before an activity: one State's spells never follow each other in a row."""
        place = read.activity - 1
        if not piece.made.activities[place].dated:
            return
        count = read.period.count * (_LONGEST_MONTH if read.period.unit == "months" else 1)
        period = self._just(read.period), count
        for number in range(len(piece.made.insured)):
            yield from self._number((read, number), _BESIDE, _insured_beside(number, place, period))

    def _shares(self, measure: str, piece: Piece) -> Iterator[int]:
        stated = piece.made.shares.get(measure)
        bucket = self.encoder.shared
        for roles in roles_of_shares(len(stated)) if stated is not None else ():
            yield from self._number((measure, roles), bucket.size, _share(measure, roles, bucket))

    def _history(self, piece: Piece) -> Iterator[int]:
        looked_back = self.encoder.looked_back
        yield from self._number("history", looked_back(piece.start)[1], lambda p: looked_back(p.start)[0])
        for place, (_, size) in enumerate(piece.made.history):
            yield from self._number(("history", place), size, _history(place))
        for place, (_, size) in enumerate(piece.made.insured_history):
            yield from self._number(("insured", place), size, _insured_history(place))


def _is_history(key: object) -> bool:
    return key == "history" or (isinstance(key, tuple) and key[0] == "history")


def _beside(values: Any, mark: Any, unknown: Any) -> Codes:
    """1 below a mark, 2 on it, 3 above it; 0 unknown."""
    found: Any = (np.uint8(1) + (values >= mark) + (values > mark)) * ~unknown
    coded: Codes = found
    return coded


def _bits(members: Callable[[], Codes], low: int) -> Callable[[], Codes]:
    return lambda: (members() >> low) & ((1 << _ROLES) - 1)


def _byte(orders: Callable[[], Codes], place: int) -> Callable[[], Codes]:
    return lambda: (orders() >> (8 * place)) & (_ONE_BYTE - 1)


def _history(place: int) -> Compute:
    return lambda piece: piece.made.history[place][0][piece.at]


def _insured_history(place: int) -> Compute:
    return lambda piece: piece.made.insured_history[place][0][piece.at]


def _insured_beside(spell: int, activity: int, period: tuple[LastDays, int]) -> Compute:
    return lambda piece: insured_beside(piece, piece.made.insured[spell], piece.made.activities[activity], period)


def _coded(name: str) -> Compute:
    return lambda piece: piece.made.codes[name][0][piece.at]


def _number_known(name: str) -> Compute:
    return lambda piece: (~np.isnan(piece.made.numbers[name][piece.at])).astype(np.int32)


def _day_known(name: str) -> Compute:
    return lambda piece: (piece.made.days[name][piece.at] != UNKNOWN).astype(np.int32)


def _share(measure: str, roles: tuple[int, ...], bucket: Buckets) -> Compute:
    return lambda piece: share_beside(piece, measure, roles, bucket)
