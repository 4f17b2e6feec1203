"""What holds throughout each row of blocks of one kind, as codes: a part of ``signature``. Needs numba."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from cleiss_rules.columnar import kernels, sheet
from cleiss_rules.columnar import program as steps
from cleiss_rules.columnar.calendars import Calendars, Told
from cleiss_rules.columnar.columns import Column
from cleiss_rules.columnar.days import FAR, FIRST, LAST, last_days, number_of
from cleiss_rules.columnar.encode import MEASURES, MOST_DAYS, MOST_MONTHS, MOST_SHARED, Encoder
from cleiss_rules.columnar.program import NO_DAY
from cleiss_rules.columnar.reads import Length, Mark
from cleiss_rules.columnar.recipe import BYTE, DAY, NUMBER, Part, Recipe, Value
from cleiss_rules.columnar.sheet import ALL, NONE, OWN, Source

LookedAt = Sequence[tuple[object, int]]
#: for each source of a block what its bits and its values have in common, what its words are like, its one value, and the
#: number of its dictionary
State = tuple[tuple[int, int, Any, Any, Any], ...]
#: what is kept of activities: from when to when as stated, as planned, and whether they are postings
OF_ACTIVITY = ("begins", "ends", "since", "until", "posted")
_WHOLE = 100.0
_BYTE, _YES = 255, 2


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
class _Held:
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


class Rows:
    """The recipe of what holds throughout each row of blocks of one kind."""

    def __init__(
        self,
        encoder: Encoder,
        calendars: Calendars,
        pairs: Sequence[tuple[str, str]],
        block: tuple[State, Sequence[Source]],
        today: int,
        *,
        own_days: bool,
        keeps: Collection[str] | None,
    ) -> None:
        self._encoder, self._calendars, self._pairs = encoder, calendars, pairs
        self._state, self._sources = block
        self._own_days, self._today, self._keeps = own_days, today, keeps
        self._number = {name: place for place, name in enumerate(encoder.columns)}
        self._made = Recipe()

    def recipe(self, looked_at: LookedAt) -> Recipe:
        """All of it."""
        start, last = self._row_days()
        self._told = told = _Held(start, last)
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

    def _values(self, source: int) -> tuple[int, Any]:
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
        if one is not None:
            return [made.chosen(BYTE, there, code, 0) for code in one]
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
        if name not in self._number:
            return made.same(DAY, NO_DAY), made.same(BYTE, 0)
        source = self._number[name]
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
            value = float(np.frombuffer(one.to_bytes(sheet.KINDS[kind].itemsize, "little"), sheet.KINDS[kind])[0])
            if 0 <= value <= most and not (whole and value % 1):
                return made.chosen(NUMBER, there, value, np.nan), there
        fixed = Part(at, "values"), kind, made.constant(most), int(whole)
        found = made.source(steps.NUMBERS, (there,), fixed, NUMBER, marks=True)
        return found, made.mark(made.take(steps.KNOWN_NUMBER, (found,))[0]) if sheet.KINDS[kind].kind == "f" else there

    def _row_days(self) -> tuple[Value, Value]:
        made = self._made
        (start, knows_start), (stated, knows_end) = self._days("from"), self._days("to")
        for name, known in (("from", knows_start), ("to", knows_end)):
            if name in self._number:
                made.field(known, 2)
        if self._own_days:
            count = len(self._state)
            start, stated = (
                made.source(steps.DAYS, (made.same(BYTE, 1),), (Part(count + at, "values"), 1), DAY, marks=True)
                for at in range(2)
            )
        (last,) = made.take(steps.SPAN, (start, stated), outs=(DAY,), marks=True)
        return start, last

    def _published(self) -> None:
        """Which texts were known on the day of decision."""
        made = self._made
        known_on = self._days("known_on")[0]
        (known_on,) = made.take(steps.OTHERWISE, (known_on,), (self._today,), (DAY,))
        self._of_day(known_on, self._calendars.known_by)

    def _of_day(self, day: Value, told: Told) -> None:
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
            source = self._number[column.name]
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
                for reached in self._calendars.limits:
                    made.take(steps.LIMITED, (activity.posted, *days), (made.at(reached),), outs=(), marks=True)
            if activity.months is not None:
                activity.since, activity.until = self._planned(activity.since, activity.until, activity.months)

    def _planned(self, since: Value, until: Value, months: Value) -> tuple[Value, Value]:
        made, calendars = self._made, self._calendars
        if since.is_same and since.yes != NO_DAY and until.is_same and until.yes == FAR:
            if months.is_same or months.mark is not None:
                pass
            else:  # the start of all is known and the end of none: the months alone tell it
                first = int(since.yes)
                ended = last_days(np.full(MOST_MONTHS + 1, first, np.int32), np.arange(MOST_MONTHS + 1))
                ended[0] = FAR  # no months are told
                fixed = made.at(ended.astype(np.int32)), len(ended)
                return since, made.take(steps.PLANNED_FROM, (months,), fixed, (DAY,))[0]
        calendar = made.at(calendars.month_of), made.at(calendars.first_of), len(calendars.first_of)
        begins, ends = made.take(steps.PLANNED, (since, until, months), calendar, (DAY, DAY))
        return begins, ends

    def _employers(self) -> None:
        """Which activities share an employer; whether each has one is told by its column."""
        made = self._made
        for place in range(len(self._pairs)):
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
        for number in range(1, self._encoder.insured + 1):
            (since, knows_start), (stated, knows_end) = (
                self._days(f"insured{number}.{name}") for name in ("from", "to")
            )
            for name, known in (("from", knows_start), ("to", knows_end)):
                if f"insured{number}.{name}" in self._encoder.columns:
                    made.field(known, 2)
            for found in (since, stated):
                self._of_day(found, self._calendars.looked_back)
            (until,) = made.take(steps.SPAN, (since, stated), outs=(DAY,), marks=True)
            told.spells.append(since)
            days = since, told.start, told.last
            made.field(made.take(steps.BEGUN, days, marks=True)[0], 2)
            for activity in told.activities:
                if activity.dated:
                    fixed = made.at(self._calendars.insured), len(self._calendars.insured), self._calendars.longest
                    held = activity.begins, since, until
                    made.field(made.take(steps.INSURED, held, fixed)[0], self._calendars.width)
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
            if of_row(key):
                self._length(key)
        elif isinstance(key, tuple) and key[0] == "history":
            self._of_day(told.history[key[1]], self._calendars.looked_back)
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
        reached = self._calendars.last_day(key.period)
        if since.is_same and FIRST <= since.yes <= LAST:
            fixed = (int(reached[int(since.yes) - FIRST]),)
            made.field(made.take(steps.LENGTH_FROM, (activity.posted, until), fixed)[0], 4)
            return
        made.field(made.take(steps.LENGTH, (activity.posted, since, until), (made.at(reached),))[0], 4)

    def _left_out(self) -> None:
        """Rows that no signature tells whole: with facts in ``rest``, without a first day, with shares of too many."""
        made, told = self._made, self._told
        slow = made.same(BYTE, 0)
        if "rest" in self._number:
            slow = made.either(slow, self._there(self._number["rest"]))
        unknown = made.take(steps.BESIDE_DAY, (told.start,), (0,))[0]
        slow = made.either(slow, made.take(steps.IS, (unknown,), (0,))[0])
        if len(told.activities) > MOST_SHARED and told.shares:
            slow = made.either(slow, told.activities[MOST_SHARED].there)
        made.slow_where(slow)

    def _keep(self, told: _Held) -> None:
        held = {"start": told.start, "last": told.last}
        for number, activity in enumerate(told.activities, 1):
            held |= {f"{name}{number}": getattr(activity, name) for name in OF_ACTIVITY}
        held |= {f"spell{number}": since for number, since in enumerate(told.spells, 1)}
        for name, value in held.items():
            if self._keeps is None or name in ("start", "last") or name in self._keeps:
                self._made.keep(name, value)


def of_row(key: Length) -> bool:
    """Whether a length is the same in every piece of a row."""
    return key.period is None or key.kind == "whole" or (key.kind == "since" and key.day is not None)
