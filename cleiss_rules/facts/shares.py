"""Shares of work in a State: of all working time and all pay, third countries included (C-743/23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cleiss_rules.facts.case import Activity
from cleiss_rules.facts.situation import GETTERS, Getter, Situation


def _share(
    sit: Situation, state: str | None, measure: str, kind: str, place: Callable[[Activity], str | None]
) -> float | None:
    """The share of the work of one kind that is done in a State, as a percentage of all work of that kind.

    The shares of a case are of all work of any kind; a single share that is not stated follows from the others.
    """
    if state is None:
        return None
    shares: list[float | None] = [getattr(activity, measure) for activity in sit.activities]
    if shares.count(None) == 1:
        shares[shares.index(None)] = max(0.0, 100.0 - sum(share for share in shares if share is not None))
    inside = total_other = 0.0
    for activity, share in zip(sit.activities, shares, strict=True):
        if activity.kind is None:
            return None
        where = place(activity) if activity.kind == kind else None
        if activity.kind != kind:
            if share is None:
                return None
            total_other += share
        elif where is None or (where == state and share is None):
            return None
        elif where == state:
            inside += share or 0.0
    whole = 100.0 - total_other
    return inside * 100.0 / whole if whole > 0 else 0.0


def share_getter(measure: str, kind: str) -> Getter:
    """A fact ``<measure>_share(state)``; the engine passes the place of work of each activity as the last argument."""

    def getter(sit: Situation, _item: Any, state: str | None, place: Callable[[Activity], str | None]) -> float | None:
        return _share(sit, state, measure, kind, place)

    return getter


GETTERS["time_share"] = share_getter("working_time", "employed")
GETTERS["pay_share"] = share_getter("remuneration", "employed")
GETTERS["self_employed_time_share"] = share_getter("working_time", "self_employed")
GETTERS["self_employed_income_share"] = share_getter("remuneration", "self_employed")
#: facts whose getter needs to know where each activity counts as pursued
NEED_PLACES = frozenset(
    {"time_share", "pay_share", "self_employed_time_share", "self_employed_income_share", "work_ended_since"}
)
