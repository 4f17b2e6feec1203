"""Where a piece of a row ends, and how long and how large everything is on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.codes import Buckets, Mask
from cleiss_rules.columnar.days import FAR, UNKNOWN, Codes, Days, LastDays, last_days, number_of
from cleiss_rules.columnar.encode import ActivityDays, Coded, Encoded, InsuredDays

Rows = npt.NDArray[np.int64]
#: where only months are known, lengths are counted from the first day of a month
_ANY_DAY = number_of(date(2001, 1, 1))
_SHORTEST_MONTH = 28
_INSIDE, _OTHER_KIND = 1, 2


@dataclass(slots=True)
class Piece:
    """Parts of the rows ``at`` of a block, from ``start`` to ``end``, on which nothing changes."""

    made: Encoded
    at: Any
    start: Days
    end: Days
    #: by activity: whether its days cover the piece (None: it has none), and what tells its days apart
    active: list[Mask | None]
    days_apart: list[Coded]
    #: by row, the number of its States on its first day
    figure: Codes = field(default_factory=lambda: np.zeros(0, np.int32))
    _stated: dict[object, Any] = field(default_factory=dict)

    def once(self, key: object, made: Callable[[], Any]) -> Any:
        """What several features are computed from, computed once."""
        if key not in self._stated:
            self._stated[key] = made()
        return self._stated[key]

    def part(self, rows: Rows) -> Piece:
        """Some of its rows."""
        return Piece(
            made=self.made,
            at=rows if isinstance(self.at, slice) else self.at[rows],
            start=self.start[rows],
            end=self.end[rows],
            active=[None if mask is None else mask[rows] for mask in self.active],
            days_apart=[(codes[rows], size) for codes, size in self.days_apart],
            figure=self.figure[rows],
        )


def piece_of(made: Encoded, at: Any, days: tuple[Days, Days, Days], limits: Sequence[Period]) -> Piece:
    """The pieces that begin on the first of ``days`` and end at the latest on the second, of rows that last to the third."""
    start, end, last = days
    found: list[Coded] = []
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
            end = _until_limit(activity, at, (start, end, last), limits)
    for spell in made.insured:
        since = spell.start[at]
        end = np.where(since > start, np.minimum(end, since - np.int32(1)), end)
    found += [((spell.start[at] <= start).astype(np.int32), 2) for spell in made.insured]
    return Piece(made, at, start, end, active, found)


def _until_limit(activity: ActivityDays, at: Any, days: tuple[Days, Days, Days], limits: Sequence[Period]) -> Days:
    """A piece ends where a limit that runs from the start of a posting is reached."""
    start, end, last = days
    since, until = activity.start[at], activity.end[at]
    assert activity.posted is not None
    within = np.minimum(last, until)
    for limit in limits:
        least = limit.count * (_SHORTEST_MONTH if limit.unit == "months" else 1)
        near = np.flatnonzero(activity.posted[at] & (since != UNKNOWN) & (within - since >= least))
        if len(near):
            reached = last_days(since[near], limit.count, limit.unit)
            cut = (reached >= start[near]) & (reached < within[near])
            end[near[cut]] = np.minimum(end[near[cut]], reached[cut])
    return end


def known_length(piece: Piece, activity: ActivityDays) -> Codes:
    """Whether the length of a posting is known; 0 where it is not, or where nobody is posted."""
    since, _ = planned(piece, activity)
    found: Codes = (posted(activity, piece.at) & (since != UNKNOWN)).astype(np.int32)
    return found


def length_beside(piece: Piece, activity: ActivityDays, kind: str, day: date | None, just: LastDays) -> Codes:
    """1 where a length of a posting is shorter than a period, 2 just as long, 3 longer; 0 unknown or not posted."""
    since, until = planned(piece, activity)
    known = posted(activity, piece.at) & (since != UNKNOWN)
    if kind == "elapsed":
        until = np.where(activity.start[piece.at] == UNKNOWN, until, piece.end)
    elif kind == "since":
        since = np.maximum(since, piece.start if day is None else np.int32(number_of(day)))
    reached = just(np.where(known, since, np.int32(_ANY_DAY)))
    found: Codes = np.where(known, 1 + (until >= reached) + (until > reached), 0).astype(np.int32)
    return found


def posted(activity: ActivityDays, at: Any) -> Mask:
    """Which rows have a posting for an activity."""
    if activity.posted is None:
        nobody: Mask = np.zeros(len(activity.start[at]), np.bool_)
        return nobody
    found: Mask = activity.posted[at]
    return found


def insured_beside(piece: Piece, spell: InsuredDays, activity: ActivityDays, period: tuple[LastDays, int]) -> Codes:
    """The unbroken insurance that ends on the eve of an activity: 1 where it is shorter than a period, 2 just as long, 3 longer.

    ``period``: its last days, and how many days it has at most. 0 where the first day of the activity is not known.
    """
    just, longest = period
    begins, since, until = activity.start[piece.at], spell.start[piece.at], spell.end[piece.at]
    eve = begins - np.int32(1)
    known = begins != UNKNOWN
    covers = known & (since < begins) & (until >= eve)
    first = np.where(covers, np.maximum(since, begins - np.int32(longest + 1)), np.int32(_ANY_DAY))
    reached = just(first)
    found: Codes = np.where(covers, 1 + (eve >= reached) + (eve > reached), known).astype(np.int32)
    return found


def roles_of_shares(activities: int) -> list[tuple[int, ...]]:
    """Every way in which activities can lie in a State: inside it, elsewhere, or of another kind."""
    return [roles for roles in product((0, _INSIDE, _OTHER_KIND), repeat=activities) if _INSIDE in roles]


def here_with_shares(piece: Piece, activity: int) -> Mask:
    """Whether a row has an activity that its days cover."""
    covers = piece.active[activity]
    there: Mask = piece.made.present[activity][piece.at]
    return there if covers is None else there & covers


def share_beside(piece: Piece, measure: str, roles: tuple[int, ...], bucket: Buckets) -> Codes:
    """The share that a State has, told apart by the law's thresholds, if the activities lie as ``roles`` say.

    The single share that is not stated is what the others leave.
    """
    values: list[Any] = piece.once(measure, lambda: _completed(piece, measure))
    inside = sum(value for role, value in zip(roles, values, strict=True) if role == _INSIDE)
    others = [value for role, value in zip(roles, values, strict=True) if role == _OTHER_KIND]
    if not others:  # nothing is taken off the whole
        return bucket.codes(inside)
    whole = 100.0 - sum(others)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(whole > 0, inside * 100.0 / whole, np.where(np.isnan(whole), np.nan, 0.0))
    return bucket.codes(share)


def _completed(piece: Piece, measure: str) -> list[Any]:
    stated, at = piece.made.shares[measure], piece.at
    values = [np.where(here_with_shares(piece, number), column[at], 0.0) for number, column in enumerate(stated)]
    unknown = [np.isnan(value) for value in values]
    single = np.sum(unknown, axis=0, dtype=np.int8) == 1
    if not single.any():
        return values
    known_sum = sum(np.where(lacks, 0.0, value) for value, lacks in zip(values, unknown, strict=True))
    left = np.maximum(0.0, 100.0 - known_sum)
    return [np.where(lacks & single, left, value) for value, lacks in zip(values, unknown, strict=True)]


def planned(piece: Piece, activity: ActivityDays) -> tuple[Days, Days]:
    """From when to when a posting is planned; its start is UNKNOWN where nothing tells how long it is."""
    found: tuple[Days, Days] = piece.once(("planned", id(activity)), lambda: _planned(activity, piece.at))
    return found


def _planned(activity: ActivityDays, at: Any) -> tuple[Days, Days]:
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
