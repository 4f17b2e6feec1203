"""What tells two pieces of rows apart, as small codes: pieces with the same signature have the same answer.

A signature holds all that the long way (``plan``) could tell apart: every code and State, what is known at all, and what
was ever looked at of numbers, days and lengths. A row that its own facts cut, or that holds what no column can, has none:
it is marked slow. Needs numba.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleiss_rules.calendar import Period
from cleiss_rules.columnar import keys, sheet
from cleiss_rules.columnar import program as steps
from cleiss_rules.columnar.columns import Column
from cleiss_rules.columnar.days import EPOCH, FAR, FIRST, LAST, UNKNOWN, Days, Lengths, beside, last_days, number_of
from cleiss_rules.columnar.encode import MEASURES, MOST_DAYS, MOST_MONTHS, MOST_SHARED, Encoder
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.layout import Layout
from cleiss_rules.columnar.program import Bytes, Program, Words
from cleiss_rules.columnar.reads import Length, Mark
from cleiss_rules.columnar.sheet import Dictionaries

Rows = npt.NDArray[np.int64]
LookedAt = Sequence[tuple[object, int]]
_WHOLE = 100.0
_BYTE = 255
_EVERY_DAY: Days = np.arange(FIRST, LAST + 1, dtype=np.int32)


@dataclass(slots=True)
class _Activity:
    """Of an activity, the numbers of its rows of days and marks in a program; -1 where it has none."""

    begins: int
    ends: int
    since: int
    until: int
    dated: bool
    posted: int
    months: int = -1
    may_be_posted: bool = False


@dataclass(slots=True)
class Read:
    """Where what was read of a block stands in its program. ``there`` and ``active``: a mask for each activity."""

    start: int
    last: int
    there: int
    active: int
    activities: list[_Activity] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    history: list[int] = field(default_factory=list)
    spells: list[int] = field(default_factory=list)
    #: by measure: the completed shares; and the rows with several activities (that of one follows from its own share)
    shares: dict[str, int] = field(default_factory=dict)
    several: int = -1


class Signatures:
    """How the rows of tables with certain columns are signed. Safe under threads, with a program for each."""

    def __init__(
        self, encoder: Encoder, features: Features, limits: Sequence[Period], between: npt.NDArray[np.int32]
    ) -> None:
        self._encoder, self._features = encoder, features
        self._dictionaries = Dictionaries()
        self._between = _tables(between)
        self._reached: dict[Period, Days] = {}
        self._limits = np.array([self._last_day(limit) for limit in limits], np.int32).reshape(-1, len(_EVERY_DAY))
        self._layouts: dict[tuple[int, ...], Layout] = {}
        self._insured = np.array([self._last_day(period) for period in features.insured.periods], np.int32)
        self._looked_back = _tables(beside(_EVERY_DAY, encoder.history))
        self._known_by = _tables(np.searchsorted(encoder.published, _EVERY_DAY, "right"))
        months = _EVERY_DAY.astype("M8[D]").astype("M8[M]").astype(np.int64)
        self._month_of = (months - months[0]).astype(np.int32)
        first = (np.arange(self._month_of[-1] + MOST_MONTHS + 3) + months[0]).astype("M8[M]").astype("M8[D]")
        self._first_of = (first - np.datetime64(EPOCH)).astype(np.int32)

    def looked_at(self) -> LookedAt:
        """What answers have looked at so far of numbers, days and lengths; it only grows."""
        return self._features.looked_at()

    def rows(
        self,
        block: pa.RecordBatch,
        today: int,
        looked_at: LookedAt,
        made: Program,
        days: tuple[Days, Days] | None = None,
    ) -> tuple[Read, Words]:
        """What holds throughout each row, as words; ``days``: the first and last ones, where they are not the row's own."""
        made.begin(block.num_rows)
        count = self._encoder.activities
        start, stated = (self._days(block, name, made) for name in ("from", "to"))
        if days is not None:
            start, stated = (_held(np.where(held == FAR, UNKNOWN, held), made) for held in days)
        read = Read(start, made.day(), made.mask(count), made.mask(count))
        made.do(steps.SPAN, start, stated, read.last)
        self._published(block, today, made)
        self._activities(block, read, made)
        self._others(block, read, made)
        self._posted(read, made)
        self._employers(block, made)
        self._spells(block, read, made)
        self._shared(read, made)
        for key, size in looked_at:
            self._looked_at(key, size, read, made)
        rest = made.mask()
        if "rest" in self._encoder.columns:
            sheet.given(block.column("rest"), made, mask=rest)
        words = made.run(self._layout(made))
        made.slow |= made.masks(rest)
        made.slow |= made.days(start) == UNKNOWN
        if count > MOST_SHARED and read.shares:
            made.slow |= made.masks(read.there + MOST_SHARED)
        return read, words

    def own_pieces(self, read: Read, of_rows: Program, rows: Rows, until: Days) -> tuple[Rows, Days, Days]:
        """Rows that their own facts cut, piece by piece; ``until``: where the law cuts, from each day on."""
        named = [read.start, read.last]
        for activity in read.activities:
            named += [activity.begins, activity.ends] if activity.dated else [read.start, read.last]
        days, spells = (
            np.stack([of_rows.days(one)[rows] for one in held]) if held else np.zeros((0, len(rows)), np.int32)
            for held in (named, read.spells)
        )
        posted = np.stack(
            [of_rows.masks(one.posted)[rows] & np.uint8(one.dated) for one in read.activities]
            or [np.zeros(len(rows), np.uint8)]
        )
        if not read.activities:
            days = np.concatenate([days, days])
        room = 4 * len(rows)
        while True:
            place, starts, ends = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.int32)
            count = keys.cut_pieces(days, spells, posted, self._limits, until, place, starts, ends)
            if count <= room:
                return rows[place[:count]], starts[:count], ends[:count]
            room = count

    def _layout(self, made: Program) -> Layout:
        """How the codes of a program are put together."""
        sizes = tuple(made.sizes)
        known = self._layouts.get(sizes)
        if known is None:
            known = self._layouts[sizes] = Layout(sizes)
        return known

    def pieces(
        self, of: tuple[Read, Program], looked_at: LookedAt, days: tuple[Rows, Days, Days], made: Program
    ) -> Words:
        """What differs between the pieces of a row, as words: ``days`` are their rows, starts and ends."""
        rows, starts, _ = days
        made.begin(len(rows))
        start = _held(starts, made)
        self._of_day(start, self._between, made)
        for key, size in looked_at:
            if key == "history":
                self._of_day(start, self._looked_back, made)
            elif isinstance(key, Mark) and isinstance(key.value, date) and key.column == "from":
                made.do(steps.BESIDE_DAY, made.field(size), start, number_of(key.value))
            elif isinstance(key, Length) and not _of_row(key):
                self._length_to(key, of, days, made)
        return made.run(self._layout(made))

    def _last_day(self, period: Period) -> Days:
        """The last day of the period that begins on each day."""
        if period not in self._reached:
            self._reached[period] = last_days(_EVERY_DAY, period.count, period.unit)
        return self._reached[period]

    def _days(self, block: pa.RecordBatch, name: str, made: Program) -> int:
        if name in self._encoder.columns:
            return sheet.days(block.column(name), made, known=made.field(2))
        out = made.day()
        made.do(steps.SAME_DAY, out, int(UNKNOWN))
        return out

    def _published(self, block: pa.RecordBatch, today: int, made: Program) -> None:
        """Which texts were known on the day of decision."""
        if "known_on" in self._encoder.columns:
            known_on = sheet.days(block.column("known_on"), made, known=-1)
            made.do(steps.OTHERWISE, known_on, today)
        else:
            made.do(steps.SAME_DAY, known_on := made.day(), today)
        self._of_day(known_on, self._known_by, made)

    @staticmethod
    def _of_day(day: int, told: Sequence[tuple[Bytes, int]], made: Program) -> None:
        for table, size in told:
            made.do(steps.OF_DAY, made.field(size), day, made.at(table))

    # ---- columns ----------------------------------------------------------------------------------------------------

    def _activities(self, block: pa.RecordBatch, read: Read, made: Program) -> None:
        for number in range(1, self._encoder.activities + 1):
            prefix, columns = f"activity{number}.", self._encoder.columns
            since, stated = (self._days(block, f"{prefix}{name}", made) for name in ("from", "to"))
            dated = f"{prefix}from" in columns or f"{prefix}to" in columns
            if dated:
                read.history += [since, stated]
                read.days[f"{prefix}from"] = since
            until = made.day()
            activity = _Activity(since, until, since, until, dated, made.mask())
            made.do(steps.SPAN, since, stated, activity.until)
            days = since, activity.until, read.start, read.last
            active = read.active + number - 1
            made.do(steps.STRETCH, *days, made.field(2), made.field(2), active)
            read.activities.append(activity)

    def _others(self, block: pa.RecordBatch, read: Read, made: Program) -> None:
        """Every column but the days of the row, of activities and of insurance."""
        for column in self._encoder.columns.values():
            values = block.column(column.name)
            if column.slot in ("activity", "insured") and column.leaf in ("from", "to"):
                if column.slot == "activity":  # the signature tells already which days are known
                    sheet.given(values, made, mask=(known := made.mask()))
                    made.do(steps.EITHER, read.there + column.number - 1, known, True)
                continue
            there = self._column(values, column, read, made)
            if there >= 0 and column.slot == "activity":
                made.do(steps.EITHER, read.there + column.number - 1, there)
                self._of_posting(column, there, read, made)

    @staticmethod
    def _of_posting(column: Column, there: int, read: Read, made: Program) -> None:
        activity = read.activities[column.number - 1]
        if column.leaf.startswith("posting"):
            activity.may_be_posted = True
            made.do(steps.POSTED if column.leaf == "posting" else steps.EITHER, activity.posted, there)

    def _column(self, values: Any, column: Column, read: Read, made: Program) -> int:
        """Puts a column into the signature: its field, in which 0 is none; -1 where nothing is looked at."""
        name, encoder = column.name, self._encoder
        if column.kind == "bool":
            return sheet.flags(values, made)
        code = encoder.code_of(column)
        if code is not None:
            size = encoder.size_of(column)
            read.codes[name] = sheet.words(values, name, self._dictionaries, code, size, made)
            if size > _BYTE + 1 and column.slot == "activity":
                made.do(steps.EITHER, read.there + column.number - 1, read.codes[name] + 1)
            return read.codes[name]
        if column.kind in ("number", "int"):
            return self._number(values, column, read, made)
        if not column.slot:
            return -1
        if name == "person.uk_situation_since":
            out = made.field(2)
            read.days[name] = sheet.days(values, made, known=out)
            return out
        return sheet.given(values, made)

    def _number(self, values: Any, column: Column, read: Read, made: Program) -> int:
        known = made.field(2)
        if column.leaf == "posting.planned_months":
            found = sheet.numbers(values, np.inf, False, made, known=known)
            months = read.activities[column.number - 1].months = made.day()
            made.do(steps.MONTHS, found, made.constant(MOST_MONTHS), months)
            return known
        whole = column.kind == "int"
        read.numbers[column.name] = sheet.numbers(values, MOST_DAYS if whole else _WHOLE, whole, made, known=known)
        return known

    def _posted(self, read: Read, made: Program) -> None:
        """Whether activities are postings, and from when to when they are planned."""
        for activity in read.activities:
            if activity.may_be_posted and activity.dated:
                days = activity.since, activity.until, read.start, read.last
                for reached in self._limits:
                    made.do(steps.LIMITED, activity.posted, *days, made.at(reached))
            if activity.months >= 0:
                stated = activity.since, activity.until
                activity.since, activity.until = made.day(), made.day()
                calendar = made.at(self._month_of), made.at(self._first_of), len(self._first_of)
                made.do(steps.PLANNED, *stated, activity.months, activity.since, activity.until, *calendar)

    def _employers(self, block: pa.RecordBatch, made: Program) -> None:
        """Which activities share an employer; whether each has one is told by its column."""
        named = [
            block.column(name)
            for number in range(1, self._encoder.activities + 1)
            if (name := f"activity{number}.employer") in self._encoder.columns
        ]
        for place, values in enumerate(named):
            for earlier in named[:place]:
                sheet.flags(_equal(values, earlier), made)

    def _spells(self, block: pa.RecordBatch, read: Read, made: Program) -> None:
        states: list[int] = []
        lengths: Lengths = self._features.insured
        for number in range(1, self._encoder.insured + 1):
            since, stated = (self._days(block, f"insured{number}.{name}", made) for name in ("from", "to"))
            until = made.day()
            for found in (since, stated):
                self._of_day(found, self._looked_back, made)
            made.do(steps.SPAN, since, stated, until)
            read.spells.append(since)
            made.do(steps.BEGUN, made.field(2), since, read.start, read.last)
            for activity in read.activities:
                if activity.dated:
                    periods = made.at(self._insured), len(self._insured), lengths.longest
                    made.do(steps.INSURED, made.field(lengths.width), activity.begins, since, until, *periods)
            mine = read.codes.get(f"insured{number}.state")
            if mine is not None:
                for other in states:
                    made.do(steps.BOTH, mine, other)
                states.append(mine)

    # ---- what was looked at -----------------------------------------------------------------------------------------

    def _shared(self, read: Read, made: Program) -> None:
        """The shares of all activities, completed; an activity is there where a later one is."""
        count, marks = self._encoder.activities, self._encoder.shared.marks
        numbers = range(1, count + 1)
        stated = [one for one in MEASURES if any(f"activity{n}.{one}" in read.numbers for n in numbers)]
        if not stated:
            return
        for later in range(read.there + count - 1, read.there, -1):
            made.do(steps.EITHER, later - 1, later, True)
        present = made.mask(count)
        for place in range(count):
            made.do(steps.EITHER, present + place, read.there + place, True)
            made.do(steps.ALSO, present + place, read.active + place)
        read.several = made.day()
        for measure in stated:
            first = made.number(count)
            for number in numbers:
                held = read.numbers.get(f"activity{number}.{measure}", -1)
                made.do(steps.COPY if held >= 0 else steps.NO_NUMBER, first + number - 1, held)
            read.shares[measure] = made.number(count)
            made.do(steps.SHARES, first, present, count, read.several, read.shares[measure])
            made.do(steps.BUCKET, made.field(self._encoder.shared.size), first, made.at(marks), len(marks))

    def _looked_at(self, key: object, size: int, read: Read, made: Program) -> None:
        """What was ever looked at of numbers, days and lengths that are those of the whole row."""
        if isinstance(key, Mark) and isinstance(key.value, date):
            if key.column != "from":
                made.do(steps.BESIDE_DAY, made.field(size), read.days[key.column], number_of(key.value))
        elif isinstance(key, Mark) and not isinstance(key.value, date):
            made.do(steps.BESIDE, made.field(size), read.numbers[key.column], made.constant(key.value))
        elif isinstance(key, Length):
            if _of_row(key):
                self._length(key, read, made)
        elif isinstance(key, tuple) and key[0] == "history":
            self._of_day(read.history[key[1]], self._looked_back, made)
        elif isinstance(key, tuple) and key[0] in read.shares:
            roles, marks = np.array(key[1], np.int64), self._encoder.shared.marks
            where = made.at(roles), len(roles), made.at(marks), len(marks), read.several
            made.do(steps.SHARE, made.field(size), read.shares[key[0]], *where)

    def _length(self, key: Length, read: Read, made: Program) -> None:
        activity = read.activities[key.activity - 1]
        since = activity.since
        if key.period is None:
            made.do(steps.LENGTH_KNOWN, made.field(2), activity.posted, since)
            return
        if key.day is not None:
            since = made.day()
            made.do(steps.LATER, since, activity.since, number_of(key.day))
        reached = made.at(self._last_day(key.period))
        made.do(steps.LENGTH, made.field(4), activity.posted, since, activity.until, reached)

    def _length_to(self, key: Length, of: tuple[Read, Program], pieces: tuple[Rows, Days, Days], made: Program) -> None:
        """A length that runs to the end of a piece, or from its start."""
        assert key.period is not None
        (read, of_rows), (rows, starts, ends) = of, pieces
        activity = read.activities[key.activity - 1]
        posted = of_rows.masks(activity.posted)[rows]
        since, until = (of_rows.days(one)[rows] for one in (activity.since, activity.until))
        if key.kind == "elapsed":
            until = np.where(of_rows.days(activity.begins)[rows] == UNKNOWN, until, ends)
        else:
            since = np.where(since == UNKNOWN, since, np.maximum(since, starts))
        mask = made.mask()
        made.do(steps.MASK, mask, made.at(posted))
        reached = made.at(self._last_day(key.period))
        made.do(steps.LENGTH, made.field(4), mask, _held(since, made), _held(until, made), reached)


def _held(days: Days, made: Program) -> int:
    """A row of days in a program."""
    out = made.day()
    made.do(steps.DAYS, out, made.at(np.ascontiguousarray(days, np.int32)), -1, 0, 0)
    return out


def _of_row(key: Length) -> bool:
    """Whether a length is the same in every piece of a row."""
    return key.period is None or key.kind == "whole" or (key.kind == "since" and key.day is not None)


def _tables(told: npt.NDArray[Any]) -> list[tuple[Bytes, int]]:
    """What is told of each day from the first to the last one, with how many values it has; of many values, byte by byte."""
    most = int(told.max())
    if most <= _BYTE:
        return [(told.astype(np.uint8), most + 1)]
    return [((told & _BYTE).astype(np.uint8), _BYTE + 1), ((told >> 8).astype(np.uint8), (most >> 8) + 1)]


def _equal(one: Any, two: Any) -> Any:
    """Which rows have the same word in both columns; neither yes nor no where one has none."""
    if pa.types.is_dictionary(one.type) and pa.types.is_dictionary(two.type) and one.dictionary.equals(two.dictionary):
        one, two = one.indices, two.indices
    else:
        one, two = (v.dictionary_decode() if pa.types.is_dictionary(v.type) else v for v in (one, two))
    return pc.equal(one, two)
