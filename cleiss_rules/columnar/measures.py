"""Where a piece of a row ends, and how long and how large everything is on it, told apart by the limits of the law."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

import numpy as np

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.codes import Buckets, Mask
from cleiss_rules.columnar.days import FAR, UNKNOWN, Days, Lengths, beside, last_days, number_of
from cleiss_rules.columnar.encode import ActivityDays, Coded, Encoded, Encoder, InsuredDays
from cleiss_rules.columnar.thresholds import Thresholds

#: where only months are known, lengths are counted from the first day of a month
_ANY_DAY = number_of(date(2001, 1, 1))
_SHORTEST_MONTH = 28
_INSIDE, _OTHER_KIND = 1, 2
#: lengths of a posting under all their names are told apart by the same limits
_NOT_OF_POSTINGS = ("insured_before", "request.length", "request.total", "request.reach_back")


class Measures:
    """The lengths and shares of a law."""

    def __init__(self, marks: Thresholds, limits: Sequence[Period], encoder: Encoder) -> None:
        apart = (*_NOT_OF_POSTINGS, "elapsed_posting", "posting_since")
        whole = (periods for fact, periods in marks.periods.items() if fact not in apart)
        self._posting = Lengths(set[Period]().union(*whole, marks.periods.get("posting_since", set())))
        self._elapsed = Lengths(marks.periods.get("elapsed_posting", set()))
        self._from_a_day = Lengths(marks.periods.get("posting_since", set()))
        self._insured = Lengths(marks.periods.get("insured_before", set()))
        self._limits = limits
        self._since = sorted(number_of(day) for day in marks.days.get("posting_since", set()))
        self._encoder = encoder

    def piece(self, made: Encoded, at: Any, start: Days, end: Days, last: Days) -> tuple[Days, list[Coded]]:
        """The last day of the piece that begins on ``start``, and what is measured on it."""
        marks = self._encoder.first_days
        found: list[Coded] = [(beside(start, marks), 2 * len(marks) + 2)]
        active: list[Mask | None] = []
        for activity in made.activities:
            if not activity.dated:
                active.append(None)
                continue
            since, until = activity.start[at], activity.end[at]
            to_come, over = since > start, until < start
            end = np.where(to_come, np.minimum(end, since - np.int32(1)), end)
            end = np.where(over, end, np.minimum(end, until))
            found += [(to_come.astype(np.int32), 2), (over.astype(np.int32), 2)]
            active.append(~(to_come | over))
        for activity in made.activities:
            if activity.posted is not None and activity.dated:
                end = self._until_limit(activity, at, start, end, last)
        for activity in made.activities:
            if activity.posted is not None:
                found += self._posting_lengths(activity, at, start, end)
        for spell in made.insured:
            found.append(((spell.start[at] <= start).astype(np.int32), 2))
            found += [self._insured_before(spell, one, at) for one in made.activities if one.dated]
        found += _shares(made, active, self._encoder.shared, at)
        return end, found

    def _until_limit(self, activity: ActivityDays, at: Any, start: Days, end: Days, last: Days) -> Days:
        """A piece ends where a limit that runs from the start of a posting is reached."""
        since, until = activity.start[at], activity.end[at]
        assert activity.posted is not None
        within = np.minimum(last, until)
        for limit in self._limits:
            least = limit.count * (_SHORTEST_MONTH if limit.unit == "months" else 1)
            near = np.flatnonzero(activity.posted[at] & (since != UNKNOWN) & (within - since >= least))
            if len(near):
                reached = last_days(since[near], limit.count, limit.unit)
                cut = (reached >= start[near]) & (reached < within[near])
                end[near[cut]] = np.minimum(end[near[cut]], reached[cut])
        return end

    def _posting_lengths(self, activity: ActivityDays, at: Any, start: Days, end: Days) -> list[Coded]:
        assert activity.posted is not None
        posted = activity.posted[at]
        since, until = _planned(activity, at)
        if posted.all():
            return self._lengths_of(activity.start[at], (since, until), (start, end))
        some = np.flatnonzero(posted)
        told = self._lengths_of(activity.start[at][some], (since[some], until[some]), (start[some], end[some]))
        found: list[Coded] = []
        for codes, width in told:
            spread = np.zeros(len(start), np.int32)
            spread[some] = codes
            found.append((spread, width))
        return found

    def _lengths_of(self, stated: Days, planned: tuple[Days, Days], piece: tuple[Days, Days]) -> list[Coded]:
        """The whole posting; what has passed of it; what is left of it, from the piece on and from fixed days on."""
        (since, until), (start, end) = planned, piece
        unknown = since == UNKNOWN
        elapsed = self._elapsed.codes(np.where(unknown, UNKNOWN, stated), end)
        undated = (stated == UNKNOWN) & ~unknown
        if undated.any():
            elapsed = np.where(undated, self._elapsed.codes(since, until), elapsed)
        found = [(self._posting.codes(since, until), self._posting.width), (elapsed, self._elapsed.width)]
        fixed_days: list[Any] = [np.int32(day) for day in self._since]
        for day in (start, *fixed_days):
            left = self._from_a_day.codes(np.where(unknown, UNKNOWN, np.maximum(since, day)), until)
            found.append((left, self._from_a_day.width))
        return found

    def _insured_before(self, spell: InsuredDays, activity: ActivityDays, at: Any) -> Coded:
        """The unbroken insurance that ends on the eve of an activity; without one, the shortest."""
        begins, since, until = activity.start[at], spell.start[at], spell.end[at]
        eve = begins - np.int32(1)
        covers = (begins != UNKNOWN) & (since < begins) & (until >= eve)
        found = np.where(begins == UNKNOWN, 0, 1).astype(np.int32)
        if covers.any():
            longest = np.int32(self._insured.longest + 2)
            first = np.maximum(since[covers], begins[covers] - longest)
            found[covers] = self._insured.codes(first, eve[covers])
        return found, self._insured.width


def _shares(made: Encoded, active: Sequence[Mask | None], bucket: Buckets, at: Any) -> list[Coded]:
    """The shares that any State can have, by which of the activities lie there and which are of another kind.

    The single share that is not stated is what the others leave.
    """
    found: list[Coded] = []
    for stated in made.shares:
        if not stated:
            continue
        many = len(stated)
        here = [made.present[n][at] if active[n] is None else made.present[n][at] & active[n] for n in range(many)]
        values = [np.where(here[n], stated[n][at], 0.0) for n in range(many)]
        unknown = [np.isnan(value) for value in values]
        missing = np.sum(unknown, axis=0)
        known_sum = np.zeros(len(missing))
        for value, lacks in zip(values, unknown, strict=True):
            known_sum += np.where(lacks, 0.0, value)
        left = np.maximum(0.0, 100.0 - known_sum)
        values = [np.where(lacks & (missing == 1), left, value) for value, lacks in zip(values, unknown, strict=True)]
        for roles in product((0, _INSIDE, _OTHER_KIND), repeat=many):
            if _INSIDE not in roles:
                continue
            inside, others = np.zeros(len(missing)), np.zeros(len(missing))
            for role, value in zip(roles, values, strict=True):
                if role == _INSIDE:
                    inside = inside + value
                elif role == _OTHER_KIND:
                    others = others + value
            whole = 100.0 - others
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.where(whole > 0, inside * 100.0 / whole, np.where(np.isnan(whole), np.nan, 0.0))
            found.append((bucket.codes(share), bucket.size))
    return found


def _planned(activity: ActivityDays, at: Any) -> tuple[Days, Days]:
    """From when to when a posting is planned; its start is UNKNOWN where nothing tells how long it is."""
    start, end = activity.start[at], activity.end[at]
    if activity.months is None:
        return start, end
    months = activity.months[at]
    by_months = (months > 0) & ((start == UNKNOWN) | (end == FAR))
    if not by_months.any():
        return start, end
    start = np.where(by_months & (start == UNKNOWN), np.int32(_ANY_DAY), start)
    end = end.copy()
    end[by_months] = last_days(start[by_months], months[by_months].astype(np.int64))
    return start, end
