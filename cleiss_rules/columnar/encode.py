"""A block of rows as codes and numbers: the States apart, the facts that hold throughout a row, and its days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from cleiss_rules.columnar import codes
from cleiss_rules.columnar.codes import WRONG, Buckets, Mask
from cleiss_rules.columnar.columns import Column
from cleiss_rules.columnar.days import FAR, UNKNOWN, Codes, Days, around, beside, number_of
from cleiss_rules.columnar.reads import HISTORY
from cleiss_rules.columnar.thresholds import Thresholds, expressions
from cleiss_rules.law.model import Law

Coded = tuple[Codes, int]
Numbers = npt.NDArray[np.float64]
#: what activities share in, how many of them with shares are told apart, and the most that a column of months or days holds
MEASURES = ("working_time", "remuneration")
_SHARES = ("time_share", "pay_share", "self_employed_time_share", "self_employed_income_share")
MOST_SHARED = 3
MOST_MONTHS = 1200
MOST_DAYS = 366
_TRUE = 2
#: of lists of States, as many are told apart without a walk
MOST_LISTS = 1 << 15


@dataclass(slots=True)
class ActivityDays:
    """From when to when an activity lasts, and whether it is a posting, with the months planned (0: not stated)."""

    start: Days
    end: Days
    posted: Mask | None
    dated: bool
    months: Codes | None


@dataclass(slots=True)
class InsuredDays:
    """A spell of insurance."""

    start: Days
    end: Days


@dataclass(slots=True)
class Encoded:
    """A block of rows. ``employers``: who works for whom; ``single``: rows that have to be looked at one by one.

    ``always``: what tells every two rows apart; ``codes``, ``numbers`` and ``days`` by the column's name; ``history``:
    where the days of activities lie among those on which the law looks back, ``insured_history``: those of insurance.
    """

    start: Days
    end: Days
    states: list[tuple[Codes, int, bool]] = field(default_factory=list)
    employers: list[Coded] = field(default_factory=list)
    always: list[Coded] = field(default_factory=list)
    codes: dict[str, Coded] = field(default_factory=dict)
    numbers: dict[str, Numbers] = field(default_factory=dict)
    days: dict[str, Days] = field(default_factory=dict)
    history: list[Coded] = field(default_factory=list)
    insured_history: list[Coded] = field(default_factory=list)
    activities: list[ActivityDays] = field(default_factory=list)
    insured: list[InsuredDays] = field(default_factory=list)
    shares: dict[str, list[Numbers]] = field(default_factory=dict)
    present: list[Mask] = field(default_factory=list)
    single: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))


class Encoder:
    """How the columns of a table are read. Columns that no rule looks at are passed over."""

    def __init__(self, columns: Sequence[Column], law: Law, marks: Thresholds) -> None:
        self.columns = {column.name: column for column in columns}
        self.frame = [column for column in columns if column.kind in ("state", "states")]
        self.activities = max((c.number for c in columns if c.slot == "activity"), default=0)
        self.insured = max((c.number for c in columns if c.slot == "insured"), default=0)
        self._states = {state: number for number, state in enumerate(sorted(law.states), 1)}
        self._named = sorted(law.states)
        self._lists: dict[str, int] = {}
        self._listed: list[tuple[str, ...]] = []
        self._lock = Lock()
        self._sectors = _texts(law)
        self.history = around(_days(marks, *HISTORY))
        self.published = sorted(number_of(day) for day in marks.published)
        shared = set[float]().union(*(marks.numbers.get(fact, set()) for fact in _SHARES))
        self.shared = Buckets(shared)

    def encode(self, block: Any, today: int) -> Encoded:
        """The codes of a block of rows (an Arrow record batch or table whose chunks were put together)."""
        count = block.num_rows
        made = Encoded(self._days(block, "from", count), self._days(block, "to", count))
        single = (made.start == UNKNOWN) | codes.beyond(made.start) | codes.beyond(made.end)
        made.end = np.where(made.end == UNKNOWN, FAR, made.end)
        single |= made.end < made.start
        if "rest" in self.columns:
            single |= _given(block.column("rest"))
        made.single = single
        for column in self.frame:
            found = self._state_codes(block, column, made)
            several = column.kind == "states"
            made.states.append((found, len(self._lists if several else self._states) + 1, several))
        self._plain(block, made)
        self._employers(block, made)
        self._work(block, made)
        self._spells(block, made)
        made.single |= _too_much(made)
        if "known_on" in self.columns:
            known_on = codes.days(block.column("known_on"))
            known_on = np.where(known_on == UNKNOWN, np.int32(today), known_on)
        else:
            known_on = np.full(count, today, np.int32)
        if self.published:
            made.always.append((_at(known_on, self.published), len(self.published) + 1))
        made.always += [(made.codes.pop("insured"))] if "insured" in made.codes else []
        made.always += [(mask.astype(np.int32), 2) for mask in self._there(block)]
        return made

    def _there(self, block: Any) -> list[Mask]:
        """Which parts of a case a row has, as far as a part is there or not for all the facts in it."""
        found: dict[str, Mask] = {}
        for column in self.columns.values():
            head, _, leaf = column.name.partition(".")
            if column.slot and column.number:
                given = _given(block.column(column.name))
                for part in (head, f"{head}.employer") if leaf.startswith("employer") else (head,):
                    found[part] = given if part not in found else found[part] | given
        return list(found.values())

    def _days(self, block: Any, name: str, count: int) -> Days:
        if name not in self.columns:
            return np.full(count, UNKNOWN, np.int32)
        return codes.days(block.column(name))

    def _state_codes(self, block: Any, column: Column, made: Encoded) -> Codes:
        values = block.column(column.name)
        found = codes.words(values, codes.from_list(self._states) if column.kind == "state" else self._list)
        wrong = found < 0
        if wrong.any():
            made.single |= wrong
            found = np.where(wrong, 0, found)
        return found

    def _list(self, text: str) -> int:
        members = " ".join(text.split())
        if any(state not in self._states for state in members.split()):
            return WRONG
        with self._lock:
            return self._lists.setdefault(members, len(self._lists) + 1)

    def states_of(self, made: Encoded, row: int) -> list[tuple[str, ...] | None]:
        """The States of a row by column (several in some, none where unknown)."""
        return [self._members(int(found[row]), several) for found, _, several in made.states]

    def _members(self, code: int, several: bool) -> tuple[str, ...] | None:
        if code == 0:
            return None
        if several:
            while len(self._listed) < code:
                self._listed = [tuple(text.split()) for text in self._lists]
            return self._listed[code - 1]
        return (self._named[code - 1],)

    @property
    def lists(self) -> list[str]:
        """The lists of States met so far, in the order of their codes."""
        return list(self._lists)

    def know_lists(self, lists: Sequence[str]) -> None:
        """Takes up the codes of lists from an earlier run, before any row is met."""
        with self._lock:
            self._lists = {members: number for number, members in enumerate(lists, 1)}
            self._listed = []

    def code_of(self, column: Column) -> Callable[[str], int] | None:
        """The codes of a column of words; None for any other column."""
        if column.kind == "state":
            return codes.from_list(self._states)
        if column.kind == "states":
            return self._list
        if column.kind == "enum":
            return codes.from_list({word: number for number, word in enumerate(column.values, 1)})
        return self._sector if column.leaf == "sector" else None

    def size_of(self, column: Column) -> int:
        """How many codes a column of words has; one of several States can have more at any time."""
        if column.kind == "state":
            return len(self._states) + 1
        if column.kind == "enum":
            return len(column.values) + 1
        return len(self._sectors) + 2 if column.leaf == "sector" else MOST_LISTS

    def _plain(self, block: Any, made: Encoded) -> None:
        for column in self.columns.values():
            if column.kind == "bool":
                told = codes.flags(block.column(column.name)), 3
                if column.leaf == "employer.actual":
                    made.employers.append(told)
                else:
                    made.codes[column.name] = told
            elif column.kind == "enum":
                known = {word: number for number, word in enumerate(column.values, 1)}
                self._worded(block, column, known, made)
            elif column.leaf == "sector":
                found = codes.words(block.column(column.name), self._sector)
                made.codes[column.name] = found, len(self._sectors) + 2
            elif column.kind in ("number", "int") and column.leaf != "posting.planned_months":
                self._number(block, column, made)
            elif column.name == "person.uk_situation_since":
                made.days[column.name] = days = codes.days(block.column(column.name))
                made.single |= codes.beyond(days)

    def _sector(self, word: str) -> int:
        return self._sectors.get(word, len(self._sectors) + 1)

    def _worded(self, block: Any, column: Column, known: dict[str, int], made: Encoded) -> None:
        found = codes.words(block.column(column.name), codes.from_list(known))
        wrong = found < 0
        if wrong.any():
            made.single |= wrong
            found = np.where(wrong, 0, found)
        made.codes[column.name] = found, len(known) + 1

    def _number(self, block: Any, column: Column, made: Encoded) -> None:
        values = codes.numbers(block.column(column.name))
        most = MOST_DAYS if column.kind == "int" else 100.0
        made.single |= (values < 0) | (values > most)
        if column.kind == "int":
            made.single |= (values % 1) > 0
        made.numbers[column.name] = values

    def looked_back(self, days: Days) -> Coded:
        """Where days lie among those on which the law looks back."""
        return beside(days, self.history), 2 * len(self.history) + 2

    def _employers(self, block: Any, made: Encoded) -> None:
        """Which activities have an employer by name, and which share one."""
        named = [n for n in range(1, self.activities + 1) if f"activity{n}.employer" in self.columns]
        columns = [block.column(f"activity{number}.employer") for number in named]
        for position, column in enumerate(columns):
            code = _given(column).astype(np.int32)
            for earlier in range(position):
                same = pc.equal(_plain_text(column), _plain_text(columns[earlier])).fill_null(False)
                code[np.asarray(same.to_numpy(zero_copy_only=False)) & (code == 1)] = earlier + 2
            made.employers.append((code, len(named) + 2))

    def _work(self, block: Any, made: Encoded) -> None:
        count = block.num_rows
        for number in range(1, self.activities + 1):
            prefix = f"activity{number}."
            dated = f"{prefix}from" in self.columns or f"{prefix}to" in self.columns
            start, end = self._days(block, f"{prefix}from", count), self._days(block, f"{prefix}to", count)
            if dated:
                made.single |= codes.beyond(start) | codes.beyond(end)
                made.days[f"{prefix}from"] = start
                made.history += [self.looked_back(start), self.looked_back(end)]
                made.always.append(((start == UNKNOWN).astype(np.int32), 2))
                end = np.where(end == UNKNOWN, FAR, end)
                made.single |= end < start
            else:
                end = np.full(count, FAR, np.int32)
            months, posted = self._months(block, f"{prefix}posting.planned_months", made), self._posted(block, prefix)
            made.always += [(posted.astype(np.int32), 2)] if posted is not None else []
            made.activities.append(ActivityDays(start, end, posted, dated, months))
        self._measured(block, made)

    def _months(self, block: Any, name: str, made: Encoded) -> Codes | None:
        if name not in self.columns:
            return None
        values = codes.numbers(block.column(name))
        whole = np.nan_to_num(values).astype(np.int32)
        wrong = (whole < 1) | (whole > MOST_MONTHS) | (whole != values)
        made.single |= wrong & ~np.isnan(values)
        found: Codes = np.where(wrong, np.int32(0), whole)
        return found

    def _posted(self, block: Any, prefix: str) -> Mask | None:
        found: Mask | None = None
        for name in self.columns:
            if name.startswith(f"{prefix}posting"):
                column = block.column(name)
                mask = codes.flags(column) == _TRUE if name == f"{prefix}posting" else _given(column)
                found = mask if found is None else found | mask
        return found

    def _measured(self, block: Any, made: Encoded) -> None:
        """The shares of every activity, where any is stated, and which activities there are at all."""
        count = block.num_rows
        used = False
        for measure in MEASURES:
            names = [f"activity{number}.{measure}" for number in range(1, self.activities + 1)]
            if any(name in self.columns for name in names):
                used = True
                made.shares[measure] = [
                    made.numbers[name] if name in made.numbers else np.full(count, np.nan) for name in names
                ]
        later = np.zeros(count, np.bool_)
        for number in range(self.activities, 0, -1) if used else ():
            for name in self.columns:
                if name.startswith(f"activity{number}."):
                    later = later | _given(block.column(name))
            made.present.insert(0, later)

    def _spells(self, block: Any, made: Encoded) -> None:
        states: list[Any] = []
        for number in range(1, self.insured + 1):
            start = self._days(block, f"insured{number}.from", block.num_rows)
            end = self._days(block, f"insured{number}.to", block.num_rows)
            made.single |= codes.beyond(start) | codes.beyond(end)
            made.insured_history += [self.looked_back(start), self.looked_back(end)]
            end = np.where(end == UNKNOWN, FAR, end)
            made.single |= end < start
            made.insured.append(InsuredDays(start, end))
            name = f"insured{number}.state"
            if name in self.columns:
                at = next(place for place, column in enumerate(self.frame) if column.name == name)
                states.append(made.states[at][0])
        for one, two in combinations(states, 2):
            made.single |= (one == two) & (one > 0)


def _too_much(made: Encoded) -> Mask:
    """Rows whose shares add up to more than all, or that have more activities with shares than are told apart."""
    wrong = np.zeros(len(made.start), np.bool_)
    for stated in made.shares.values():
        total = np.nansum(np.where(np.isnan(stated), 0.0, stated), axis=0)
        wrong |= total > 100.0
        if len(stated) > MOST_SHARED:
            wrong |= made.present[MOST_SHARED]
    return wrong


def _at(days: Days, marks: Sequence[int]) -> Codes:
    """How many of the marks are past on each day."""
    low, high = int(days.min()), int(days.max())
    if low == high:
        return np.full(len(days), np.searchsorted(marks, low, "right"), np.int32)
    return np.searchsorted(marks, days, "right").astype(np.int32)


def _given(column: Any) -> Mask:
    found = codes.given(column)
    return np.ones(len(column), np.bool_) if found is None else found


def _plain_text(column: Any) -> Any:
    return column.dictionary_decode() if hasattr(column, "dictionary_decode") else column


def _days(marks: Thresholds, *facts: str) -> set[date]:
    return set[date]().union(*(marks.days.get(fact, set()) for fact in facts))


def _texts(law: Law) -> dict[str, int]:
    found: set[str] = set()
    for instrument in law.instruments.values():
        for rule in (*instrument.binds, *instrument.rules):
            for expr in expressions(rule):
                found |= _text_literals(expr)
    return {text: number for number, text in enumerate(sorted(found), 1)}


def _text_literals(expr: Any) -> set[str]:
    if not isinstance(expr, list):
        return set()
    own = {expr[2]} if expr[:1] == ["lit"] and isinstance(expr[2], str) else set()
    return own.union(*(_text_literals(part) for part in expr))
