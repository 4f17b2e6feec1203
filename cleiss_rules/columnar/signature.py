"""What tells two pieces of rows apart, as small codes: pieces with the same signature have the same answer.

A signature holds all that the long way (``plan``) could tell apart: every code and State, what is known at all, and what
was ever looked at of numbers, days and lengths. A row that its own facts cut, or that holds what no column can, has none:
it is marked slow. Needs numba.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.calendar import Period
from cleiss_rules.columnar import kernels, sheet
from cleiss_rules.columnar import program as steps
from cleiss_rules.columnar.columns import Column
from cleiss_rules.columnar.days import EPOCH, FAR, FIRST, LAST, Days, Lengths, beside, last_days, number_of
from cleiss_rules.columnar.encode import MEASURES, MOST_DAYS, MOST_MONTHS, MOST_SHARED, Encoder
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.program import NO_DAY
from cleiss_rules.columnar.reads import Length, Mark
from cleiss_rules.columnar.recipe import BYTE, DAY, NUMBER, Part, Recipe, Value
from cleiss_rules.columnar.sheet import ALL, NONE, OWN, SAME, Dictionaries, Source

Bytes = npt.NDArray[np.uint8]
LookedAt = Sequence[tuple[object, int]]
#: for each source of a block what its bits and its values have in common, what its words are like, its one value, and the
#: number of its dictionary
State = tuple[tuple[int, int, Any, Any, Any], ...]
_WHOLE = 100.0
_BYTE = 255
_EVERY_DAY: Days = np.arange(FIRST, LAST + 1, dtype=np.int32)
_YES = 2
#: what is kept of activities: from when to when as stated, as planned, and whether they are postings
OF_ACTIVITY = ("begins", "ends", "since", "until", "posted")


@dataclass(slots=True)
class _Activity:
    """Of an activity, its first and last day as stated and as planned, and whether it is a posting."""

    begins: Value
    ends: Value
    since: Value
    until: Value
    dated: bool
    posted: Value
    months: Value | None = None
    may_be_posted: bool = False
    there: Value = field(default_factory=lambda: Value(BYTE))
    active: Value = field(default_factory=lambda: Value(BYTE))


@dataclass(slots=True)
class _Told:
    """What was read of a row."""

    start: Value
    last: Value
    activities: list[_Activity] = field(default_factory=list)
    codes: dict[str, Value] = field(default_factory=dict)
    numbers: dict[str, Value] = field(default_factory=dict)
    days: dict[str, Value] = field(default_factory=dict)
    history: list[Value] = field(default_factory=list)
    spells: list[Value] = field(default_factory=list)
    #: by measure, the shares of rows with several activities (that of one follows from its own share); and those rows
    shares: dict[str, Sequence[Value]] = field(default_factory=dict)
    several: Value | None = None


class Signatures:
    """How the rows of tables with certain columns are signed. Safe under threads: what it makes is the same each time."""

    def __init__(
        self, encoder: Encoder, features: Features, limits: Sequence[Period], between: npt.NDArray[np.int32]
    ) -> None:
        self._encoder, self._features = encoder, features
        self._dictionaries, self._names = Dictionaries(), sheet.Names()
        self._between = _tables(between)
        self._reached: dict[Period, Days] = {}
        self._limits = [self._last_day(limit) for limit in limits]
        self.limits = np.array(self._limits, np.int32).reshape(-1, len(_EVERY_DAY))
        self._insured = np.array([self._last_day(period) for period in features.insured.periods], np.int32)
        self._looked_back = _tables(beside(_EVERY_DAY, encoder.history))
        self._known_by = _tables(np.searchsorted(encoder.published, _EVERY_DAY, "right"))
        months = _EVERY_DAY.astype("M8[D]").astype("M8[M]").astype(np.int64)
        self._month_of = (months - months[0]).astype(np.int32)
        first = (np.arange(self._month_of[-1] + MOST_MONTHS + 3) + months[0]).astype("M8[M]").astype("M8[D]")
        self._first_of = (first - np.datetime64(EPOCH)).astype(np.int32)
        employers = [
            name for n in range(1, encoder.activities + 1) if (name := f"activity{n}.employer") in encoder.columns
        ]
        self._pairs = [(one, two) for two, one in combinations(employers, 2)]
        self._number = {name: place for place, name in enumerate(encoder.columns)}

    def looked_at(self) -> LookedAt:
        """What answers have looked at so far of numbers, days and lengths; it only grows."""
        return self._features.looked_at()

    # ---- sources ----------------------------------------------------------------------------------------------------

    def sources(self, block: pa.RecordBatch) -> tuple[list[Source], list[Any]]:
        """The columns of a block and which activities share an employer, in the order of their numbers in recipes."""
        sources: list[Source] = []
        likes: list[Any] = []
        for column in self._encoder.columns.values():
            source, like = self._source(block.column(column.name), column)
            sources.append(source)
            likes.append(like)
        for one, two in self._pairs:
            for source, like in self._pair(one, two, block):
                sources.append(source)
                likes.append(like)
        return sources, likes

    def _source(self, values: Any, column: Column) -> tuple[Source, Any]:
        code = self._encoder.code_of(column)
        if column.kind == "bool":
            return sheet.flags(values), None
        if code is not None:
            return sheet.words(values, column.name, self._dictionaries, code, self._encoder.size_of(column))
        if column.kind in ("number", "int"):
            source = sheet.numbers(values)
            return source, source.first
        if column.kind == "date" and _is_read(column):
            return sheet.days(values), None
        return sheet.given(values), None

    def _pair(self, one: str, two: str, block: pa.RecordBatch) -> list[tuple[Source, Any]]:
        """Two columns of names of employers by their words, or, where these are too many, which rows have the same in both."""
        columns = block.column(one), block.column(two)
        if self._names.fit(*columns):
            code, size = self._names.code, _BYTE
            return [
                sheet.words(held, f"{name} of a pair", self._dictionaries, code, size)
                for held, name in zip(columns, (one, two), strict=True)
            ]
        return [(sheet.flags_of_pair(*columns), None), (sheet.given(columns[0]), None)]

    @staticmethod
    def state(sources: Sequence[Source], likes: Sequence[Any], common: sheet.Common | None) -> State:
        """Of what kind a block is: what its columns have in common (without ``common``: nothing is looked into)."""
        if common is None:
            return tuple((OWN, OWN, like, None, None) for like in likes)
        bits, values = common.of(sources)
        return tuple(
            (
                told,
                value,
                like,
                common.value(one) if value == SAME and one.how != sheet.GIVEN else None,
                common.dictionary(place, one),
            )
            for place, (one, told, value, like) in enumerate(zip(sources, bits, values, likes, strict=True))
        )

    # ---- what holds throughout each row -----------------------------------------------------------------------------

    def rows(
        self, state: State, sources: Sequence[Source], looked_at: LookedAt, today: int,
        *, own_days: bool = False, keeps: Collection[str] | None = None,
    ) -> Recipe:  # fmt: skip
        """What holds throughout each row. ``own_days``: its first and last day are two more sources.

        ``keeps`` names what is kept beside the first and last day: of activities ``begins1``, ``ends1`` as stated,
        ``since1``, ``until1`` as planned, ``posted1``, and ``spell1`` of insurance; all of it by default.
        """
        made = _Rows(self, self._encoder, state, sources, own_days, today, keeps)
        return made.recipe(looked_at)

    def pieces(self, given: Mapping[str, int | str], looked_at: LookedAt) -> tuple[Recipe, list[str]]:
        """What differs between the pieces of a row; and the names of its sources, in order.

        ``given``: of the first and last days of pieces (``start``, ``end``) and of what was kept of rows, what all have;
        for others ``own`` where there is one for each piece, ``row`` where there is one for each row.
        """
        made, names = Recipe(), list[str]()

        def of(name: str, kind: int) -> Value:
            return _of_piece(made, given[name], name, kind, names)

        start = of("start", DAY)
        looked_back = self._looked_back if any(key == "history" for key, _ in looked_at) else []
        for table, size in (*self._between, *looked_back):
            made.field(made.take(steps.OF_DAY, (start,), (made.at(table),))[0], size)
        for key, size in looked_at:
            if isinstance(key, Mark) and isinstance(key.value, date) and key.column == "from":
                made.field(made.take(steps.BESIDE_DAY, (start,), (number_of(key.value),))[0], size)
            elif isinstance(key, Length) and not _of_row(key):
                made.field(self._length_to(key, made, of), 4)
        return made, names

    def _length_to(self, key: Length, made: Recipe, of: Callable[[str, int], Value]) -> Value:
        """A length that runs to the end of a piece, or from its start."""
        assert key.period is not None
        since, until = of(f"since{key.activity}", DAY), of(f"until{key.activity}", DAY)
        if key.kind == "elapsed":
            held = of(f"begins{key.activity}", DAY), until, of("end", DAY)
            (until,) = made.take(steps.TO_THE_END, held, outs=(DAY,))
        else:
            (since,) = made.take(steps.FROM_THE_START, (since, of("start", DAY)), outs=(DAY,))
        reached = made.at(self._last_day(key.period))
        return made.take(steps.LENGTH, (of(f"posted{key.activity}", BYTE), since, until), (reached,))[0]

    @staticmethod
    def lengths_of_pieces(looked_at: LookedAt) -> list[int]:
        """The activities of which pieces look at lengths that differ within a row."""
        return sorted({key.activity for key, _ in looked_at if isinstance(key, Length) and not _of_row(key)})

    def kept_for_pieces(self, looked_at: LookedAt) -> frozenset[str]:
        """What has to be kept of rows for what differs between their pieces."""
        return frozenset(f"{name}{number}" for number in self.lengths_of_pieces(looked_at) for name in OF_ACTIVITY)

    @property
    def activities(self) -> list[tuple[int, bool]]:
        """The activities of the columns by number, and whether any of their days are told."""
        columns = self._encoder.columns
        numbers = range(1, self._encoder.activities + 1)
        return [(n, f"activity{n}.from" in columns or f"activity{n}.to" in columns) for n in numbers]

    @property
    def insured(self) -> int:
        """How many spells of insurance the columns tell of."""
        return self._encoder.insured

    def _last_day(self, period: Period) -> Days:
        """The last day of the period that begins on each day."""
        if period not in self._reached:
            self._reached[period] = last_days(_EVERY_DAY, period.count, period.unit)
        return self._reached[period]


class _Rows:
    """The recipe of what holds throughout each row of blocks of one kind."""

    def __init__(
        self, of: Signatures, encoder: Encoder, state: State, sources: Sequence[Source], own_days: bool, today: int,
        keeps: Collection[str] | None,
    ) -> None:  # fmt: skip
        self._of, self._encoder, self._state, self._sources = of, encoder, state, sources
        self._own_days, self._today, self._keeps = own_days, today, keeps
        self._made = Recipe()

    def recipe(self, looked_at: LookedAt) -> Recipe:
        """All of it."""
        start, last = self._row_days()
        self._told = told = _Told(start, last)
        self._published()
        self._activities()
        self._others()
        self._posted()
        self._employers()
        self._spells()
        self._shared()
        for key, size in looked_at:
            self._looked_at(key, size)
        self._left_out()
        self._keep(told)
        return self._made

    # ---- columns ----------------------------------------------------------------------------------------------------

    def _there(self, source: int) -> Value:
        """Which values of a source are there."""
        bits = self._state[source][0]
        if bits in (ALL, NONE):
            return self._made.same(BYTE, bits == ALL)
        at = source if bits == OWN else bits
        fixed = Part(at, "bits"), Part(at, "offset")
        return self._made.mark(self._made.source(steps.SPREAD, (), fixed, BYTE, marks=False))

    def _values(self, source: int) -> tuple[int, int | None]:
        """The source whose values stand for those of this one, and the one value that all of them are."""
        _, values, _, one, _ = self._state[source]
        return (values if values >= 0 else source), one

    def _flags(self, source: int) -> Value:
        """0 unknown, 1 false, 2 true."""
        made, there = self._made, self._there(source)
        at, one = self._values(source)
        if one is not None:
            return made.chosen(BYTE, there, 1 + one, 0)
        fixed = Part(at, "values"), Part(at, "first")
        told = made.mark(made.source(steps.SPREAD, (), fixed, BYTE, marks=False))
        (found,) = made.take(steps.FLAGS, (there, told))
        if found.step is not None:
            found.nonzero = there
        return found

    def _placed(self, at: int, there: Value, width: int, table: sheet.Table, dictionary: int) -> Value:
        """The places of words in their dictionary, counted from 1: as good as codes, as long as it is the same one."""
        made = self._made
        fixed = Part(at, "values"), width
        code = made.source(steps.PLACES, (there,), fixed, BYTE, marks=False)
        code.nonzero, code.size, code.dictionary = there, table.words + 1, dictionary
        for place in table.refused:
            made.take(steps.REFUSED, (code,), (place + 1,), outs=(), marks=True)
        return code

    def _codes(self, source: int, size: int, *, by_place: bool = False) -> list[Value]:
        """The codes of a column of words, byte by byte; ``by_place``: nothing else looks at them."""
        made, there = self._made, self._there(source)
        at, one = self._values(source)
        width, all_told, refused = self._state[source][2]
        parts, table = range(len(sheet.bytes_of(size))), self._sources[source].tables[0]
        if one is not None and (not refused or one not in table.refused):
            codes = [self._sources[source].tables[part][one] for part in parts]
            return [made.chosen(BYTE, there, code, 0) for code in codes]
        dictionary = self._state[source][4]
        if dictionary is not None and by_place:
            return [self._placed(at, there, width, table, dictionary)]
        found = []
        for part in parts:
            fixed = Part(at, "values"), width, Part(at, f"table{part}"), Part(at, f"size{part}")
            code = made.source(steps.WORDS, (there,), fixed, BYTE, marks=False)
            if all_told and len(parts) == 1:
                code.nonzero = there
            found.append(code)
        if refused:
            made.take(steps.REFUSED, (found[-1],), (kernels.REFUSED,), outs=(), marks=True)
        return found

    def _days(self, name: str) -> tuple[Value, Value]:
        """The days of a column, and which are known."""
        made = self._made
        if name not in self._of._number:
            return made.same(DAY, NO_DAY), made.same(BYTE, 0)
        source = self._of._number[name]
        there = self._there(source)
        at, one = self._values(source)
        if one is not None:
            day = one - (1 << 32) if one >> 31 else one
            if FIRST <= day <= LAST:
                return made.chosen(DAY, there, day, NO_DAY), there
        return made.source(steps.DAYS, (there,), (Part(at, "values"),), DAY, marks=True), there

    def _numbers(self, source: int, most: float, whole: bool) -> tuple[Value, Value]:
        """The numbers of a column, and which are known; larger, negative and, where wanted, broken ones go the long way."""
        made, there = self._made, self._there(source)
        at, one = self._values(source)
        kind = self._state[source][2]
        if one is not None:
            value = (
                struct.unpack("<d", one.to_bytes(8, "little"))[0] if kind == 0 else _signed(one, 4 if kind > 1 else 8)
            )
            if 0 <= value <= most and not (whole and value % 1):
                return made.chosen(NUMBER, there, value, np.nan), there
        fixed = Part(at, "values"), kind, made.constant(most), int(whole)
        found = made.source(steps.NUMBERS, (there,), fixed, NUMBER, marks=True)
        return found, made.mark(made.take(steps.KNOWN_NUMBER, (found,))[0]) if kind == 0 else there

    def _row_days(self) -> tuple[Value, Value]:
        made = self._made
        (start, knows_start), (stated, knows_end) = self._days("from"), self._days("to")
        for name, known in (("from", knows_start), ("to", knows_end)):
            if name in self._of._number:
                made.field(known, 2)
        if self._own_days:
            count = len(self._state)
            start, stated = (
                made.source(steps.DAYS, (made.same(BYTE, 1),), (Part(count + at, "values"),), DAY, marks=True)
                for at in range(2)
            )
        (last,) = made.take(steps.SPAN, (start, stated), outs=(DAY,), marks=True)
        return start, last

    def _published(self) -> None:
        """Which texts were known on the day of decision."""
        made = self._made
        known_on = self._days("known_on")[0]
        (known_on,) = made.take(steps.OTHERWISE, (known_on,), (self._today,), (DAY,))
        self._of_day(known_on, self._of._known_by)

    def _of_day(self, day: Value, told: Sequence[tuple[Bytes, int]]) -> None:
        for table, size in told:
            self._made.field(self._made.take(steps.OF_DAY, (day,), (self._made.at(table),))[0], size)

    def _activities(self) -> None:
        made, told, columns = self._made, self._told, self._encoder.columns
        for number in range(1, self._encoder.activities + 1):
            prefix = f"activity{number}."
            (since, knows_start), (stated, knows_end) = self._days(f"{prefix}from"), self._days(f"{prefix}to")
            for name, known in (("from", knows_start), ("to", knows_end)):
                if f"{prefix}{name}" in columns:
                    made.field(known, 2)
            dated = f"{prefix}from" in columns or f"{prefix}to" in columns
            if dated:
                told.history += [since, stated]
                told.days[f"{prefix}from"] = since
            (until,) = made.take(steps.SPAN, (since, stated), outs=(DAY,), marks=True)
            activity = _Activity(since, until, since, until, dated, made.same(BYTE, 0))
            days = since, until, told.start, told.last
            to_come, over, active = made.take(steps.STRETCH, days, outs=(BYTE, BYTE, BYTE), marks=True)
            made.field(to_come, 2)
            made.field(over, 2)
            activity.active = made.mark(active)
            told.activities.append(activity)

    def _others(self) -> None:
        """Every column but the days of the row, of activities and of insurance."""
        for column in self._encoder.columns.values():
            source = self._of._number[column.name]
            if column.slot in ("activity", "insured") and column.leaf in ("from", "to"):
                if column.slot == "activity":  # the signature tells already which days are known
                    self._is_there(column, self._there(source))
                continue
            for code in self._column(source, column):
                if column.slot == "activity":
                    self._is_there(column, code)
                    self._of_posting(column, code)

    def _is_there(self, column: Column, code: Value) -> None:
        activity = self._told.activities[column.number - 1]
        activity.there = self._made.either(activity.there, code)

    def _of_posting(self, column: Column, code: Value) -> None:
        activity = self._told.activities[column.number - 1]
        if column.leaf.startswith("posting"):
            activity.may_be_posted = True
            made = self._made
            if column.leaf == "posting":
                found = made.take(steps.IS, (code,), (_YES,))[0]
                code = made.mark(found)
            activity.posted = made.either(activity.posted, code)

    def _column(self, source: int, column: Column) -> list[Value]:
        """Puts a column into the signature: its codes, in which 0 is none; none where nothing is looked at."""
        name, encoder, made, told = column.name, self._encoder, self._made, self._told
        if column.kind == "bool":
            return [made.field(self._flags(source), 3)]
        if encoder.code_of(column) is not None:
            size = encoder.size_of(column)
            codes = self._codes(source, size, by_place=column.slot != "insured" or encoder.insured == 1)
            told.codes[name] = codes[0]
            return [made.field(code, wide) for code, wide in zip(codes, sheet.bytes_of(size), strict=True)]
        if column.kind in ("number", "int"):
            return [self._numbered(source, column)]
        if not column.slot:
            return []
        if name == "person.uk_situation_since":
            told.days[name], known = self._days(name)
            return [made.field(known, 2)]
        return [made.field(self._there(source), 2)]

    def _numbered(self, source: int, column: Column) -> Value:
        made, told = self._made, self._told
        if column.leaf == "posting.planned_months":
            found, known = self._numbers(source, np.inf, False)
            most = made.constant(MOST_MONTHS)
            (months,) = made.take(steps.MONTHS, (found,), (most,), (DAY,), marks=True)
            told.activities[column.number - 1].months = months
            return made.field(known, 2)
        whole = column.kind == "int"
        told.numbers[column.name], known = self._numbers(source, MOST_DAYS if whole else _WHOLE, whole)
        return made.field(known, 2)

    def _posted(self) -> None:
        """Whether activities are postings, and from when to when they are planned."""
        made, told = self._made, self._told
        for activity in told.activities:
            if activity.may_be_posted and activity.dated:
                days = activity.since, activity.until, told.start, told.last
                for reached in self._of._limits:
                    made.take(steps.LIMITED, (activity.posted, *days), (made.at(reached),), outs=(), marks=True)
            if activity.months is not None:
                activity.since, activity.until = self._planned(activity.since, activity.until, activity.months)

    def _planned(self, since: Value, until: Value, months: Value) -> tuple[Value, Value]:
        made, of = self._made, self._of
        if since.is_same and since.yes != NO_DAY and until.is_same and until.yes == FAR:
            if months.is_same or months.mark is not None:
                pass
            else:  # the start of all is known and the end of none: the months alone tell it
                first = int(since.yes)
                ended = last_days(np.full(MOST_MONTHS + 1, first, np.int32), np.arange(MOST_MONTHS + 1))
                fixed = made.at(ended.astype(np.int32)), len(ended), int(FAR)
                return since, made.take(steps.PLANNED_FROM, (months,), fixed, (DAY,))[0]
        calendar = made.at(of._month_of), made.at(of._first_of), len(of._first_of)
        begins, ends = made.take(steps.PLANNED, (since, until, months), calendar, (DAY, DAY))
        return begins, ends

    def _employers(self) -> None:
        """Which activities share an employer; whether each has one is told by its column."""
        made = self._made
        for place in range(len(self._of._pairs)):
            one = len(self._encoder.columns) + 2 * place
            if self._state[one][2] is None:
                made.field(self._flags(one), 3)
                continue
            there = made.both(self._there(one), self._there(one + 1))
            words = self._codes(one, _BYTE)[0], self._codes(one + 1, _BYTE)[0]
            made.field(made.take(steps.EQUAL, (*words, there))[0], 3)

    def _spells(self) -> None:
        made, told = self._made, self._told
        states: list[Value] = []
        lengths: Lengths = self._of._features.insured
        for number in range(1, self._encoder.insured + 1):
            (since, knows_start), (stated, knows_end) = (
                self._days(f"insured{number}.{name}") for name in ("from", "to")
            )
            for name, known in (("from", knows_start), ("to", knows_end)):
                if f"insured{number}.{name}" in self._encoder.columns:
                    made.field(known, 2)
            for found in (since, stated):
                self._of_day(found, self._of._looked_back)
            (until,) = made.take(steps.SPAN, (since, stated), outs=(DAY,), marks=True)
            told.spells.append(since)
            days = since, told.start, told.last
            made.field(made.take(steps.BEGUN, days, marks=True)[0], 2)
            for activity in told.activities:
                if activity.dated:
                    fixed = made.at(self._of._insured), len(self._of._insured), lengths.longest
                    held = activity.begins, since, until
                    made.field(made.take(steps.INSURED, held, fixed)[0], lengths.width)
            mine = told.codes.get(f"insured{number}.state")
            if mine is not None:
                for other in states:
                    made.take(steps.BOTH, (mine, other), outs=(), marks=True)
                states.append(mine)

    # ---- what was looked at -----------------------------------------------------------------------------------------

    def _shared(self) -> None:
        """The shares of all activities, completed; an activity is there where a later one is."""
        made, told = self._made, self._told
        marks, numbers = self._encoder.shared.marks, range(1, self._encoder.activities + 1)
        stated = [one for one in MEASURES if any(f"activity{n}.{one}" in told.numbers for n in numbers)]
        if not stated:
            return
        for place in range(len(told.activities) - 1, 0, -1):
            before, later = told.activities[place - 1], told.activities[place]
            before.there = made.either(before.there, later.there)
        present = [made.both(made.nonzero(one.there), made.nonzero(one.active)) for one in told.activities]
        for measure in stated:
            nothing = made.same(NUMBER, np.nan)
            held = [told.numbers.get(f"activity{number}.{measure}", nothing) for number in numbers]
            first, told.several, *told.shares[measure] = made.shares(held, present)
            bucket = made.take(steps.BUCKET, (first,), (made.at(marks), len(marks)))[0]
            made.field(bucket, self._encoder.shared.size)

    def _looked_at(self, key: object, size: int) -> None:
        """What was ever looked at of numbers, days and lengths that are those of the whole row."""
        made, told = self._made, self._told
        if isinstance(key, Mark) and isinstance(key.value, date):
            if key.column != "from":
                day = told.days[key.column]
                made.field(made.take(steps.BESIDE_DAY, (day,), (number_of(key.value),))[0], size)
        elif isinstance(key, Mark) and not isinstance(key.value, date):
            number = told.numbers[key.column]
            made.field(made.take(steps.BESIDE, (number,), (made.constant(key.value),))[0], size)
        elif isinstance(key, Length):
            if _of_row(key):
                self._length(key)
        elif isinstance(key, tuple) and key[0] == "history":
            self._of_day(told.history[key[1]], self._of._looked_back)
        elif isinstance(key, tuple) and key[0] in told.shares:
            roles, marks = np.array(key[1], np.int64), self._encoder.shared.marks
            assert told.several is not None
            where = made.at(roles), len(roles), made.at(marks), len(marks)
            made.field(made.share(told.several, told.shares[key[0]][: len(roles)], where), size)

    def _length(self, key: Length) -> None:
        made, activity = self._made, self._told.activities[key.activity - 1]
        since, until = activity.since, activity.until
        if key.period is None:
            made.field(made.take(steps.LENGTH_KNOWN, (activity.posted, since))[0], 2)
            return
        if key.day is not None:
            (since,) = made.take(steps.LATER, (since,), (number_of(key.day),), (DAY,))
        reached = self._of._last_day(key.period)
        if since.is_same and FIRST <= since.yes <= LAST:
            fixed = (int(reached[int(since.yes) - FIRST]),)
            made.field(made.take(steps.LENGTH_FROM, (activity.posted, until), fixed)[0], 4)
            return
        made.field(made.take(steps.LENGTH, (activity.posted, since, until), (made.at(reached),))[0], 4)

    def _left_out(self) -> None:
        """Rows that no signature tells whole: with facts in ``rest``, without a first day, with shares of too many."""
        made, told = self._made, self._told
        slow = made.same(BYTE, 0)
        if "rest" in self._of._number:
            slow = made.either(slow, self._there(self._of._number["rest"]))
        unknown = made.take(steps.BESIDE_DAY, (told.start,), (0,))[0]
        slow = made.either(slow, made.take(steps.IS, (unknown,), (0,))[0])
        if len(told.activities) > MOST_SHARED and told.shares:
            slow = made.either(slow, told.activities[MOST_SHARED].there)
        made.slow_where(slow)

    def _keep(self, told: _Told) -> None:
        held = {"start": told.start, "last": told.last}
        for number, activity in enumerate(told.activities, 1):
            held |= {f"{name}{number}": getattr(activity, name) for name in OF_ACTIVITY}
        held |= {f"spell{number}": since for number, since in enumerate(told.spells, 1)}
        for name, value in held.items():
            if self._keeps is None or name in ("start", "last") or name in self._keeps:
                self._made.keep(name, value)


def _of_piece(made: Recipe, held: int | str, name: str, kind: int, names: list[str]) -> Value:
    """A day or a mark of pieces: what all have, or a source of their own or of their rows, which ``names`` numbers."""
    if isinstance(held, int):
        return made.same(kind, held)

    def source(name: str) -> int:
        if name not in names:
            names.append(name)
        return names.index(name)

    at, there = source(name), made.same(BYTE, 1)
    if held == "row":
        loop = steps.TAKEN_DAY if kind == DAY else steps.TAKEN_BYTE
        fixed: tuple[int | Part, ...] = Part(at, "values"), Part(source("rows"), "values"), Part(at, "count")
        return made.mark(made.source(loop, (), fixed, kind, marks=False))
    if kind == DAY:
        return made.source(steps.DAYS, (there,), (Part(at, "values"),), DAY, marks=False)
    fixed = Part(at, "values"), 1, Part(at, "table0"), Part(at, "size0")
    return made.mark(made.source(steps.WORDS, (there,), fixed, BYTE, marks=False))


def _is_read(column: Column) -> bool:
    """Whether the days of a column are looked at, and not only whether they are there."""
    if column.slot in ("activity", "insured"):
        return column.leaf in ("from", "to")
    return column.name in ("from", "to", "known_on", "person.uk_situation_since")


def _of_row(key: Length) -> bool:
    """Whether a length is the same in every piece of a row."""
    return key.period is None or key.kind == "whole" or (key.kind == "since" and key.day is not None)


def _signed(value: int, width: int) -> int:
    return value - (1 << (8 * width)) if value >> (8 * width - 1) else value


def _tables(told: npt.NDArray[Any]) -> list[tuple[Bytes, int]]:
    """What is told of each day from the first to the last one, with how many values it has; of many values, byte by byte."""
    most = int(told.max())
    if most <= _BYTE:
        return [(told.astype(np.uint8), most + 1)]
    return [((told & _BYTE).astype(np.uint8), _BYTE + 1), ((told >> 8).astype(np.uint8), (most >> 8) + 1)]
