"""Which States a row names, in which roles, and what sets them apart before the law.

Two rows whose States play the same roles, and have the same place in every text that can concern them, can differ in the
names in their answers only. A frame is the part of a row that names States; its *figure* is what is left of it once the
names are taken out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from cleiss_rules.columnar.days import EPOCH, FIRST, LAST
from cleiss_rules.columnar.thresholds import states_spelt_out
from cleiss_rules.engine.rulesets import RuleSets, groups_of
from cleiss_rules.law.model import Instrument

Roles = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The States of a row: by column (several in some, none where unknown), and all of them by name (the roles)."""

    columns: tuple[tuple[str, ...] | None, ...]
    roles: tuple[str, ...]
    cuts: tuple[date, ...]
    changes: tuple[date, ...]


class Frames:
    """What the law of an engine makes of States."""

    def __init__(self, engine: RuleSets) -> None:
        self.engine = engine
        law = engine.law
        self._spelt = {one.id: states_spelt_out(one, law) for one in law.instruments.values()}
        self._groups = {one.id: sorted(groups_of(law, one)) for one in law.instruments.values()}
        self._on = lru_cache(maxsize=65536)(lambda group, day: law.groups[group].on(day))
        self._all = sorted(law.states)
        days = numbered(day for changes in engine.changes.values() for day in changes)
        self.all_changes = sorted({day for day in days if FIRST < day <= LAST})

    def frame(self, columns: Sequence[tuple[str, ...] | None], named: frozenset[str]) -> Frame:
        """A frame; ``named`` are the States whose texts cut the period of a case."""
        roles = frozenset(state for states in columns for state in states or ())
        cuts, _ = self.engine.dates(named)
        changes, _ = self.engine.dates(roles)
        return Frame(tuple(columns), tuple(sorted(roles)), tuple(dict.fromkeys(cuts)), tuple(sorted({*cuts, *changes})))

    def figure(self, frame: Frame, day: date) -> tuple[object, ...]:
        """What determines an answer, of a frame on a day, other than the names of its States."""
        concerned = self.engine.concerning(frozenset(frame.roles))
        versions = tuple((one.id, bisect_right(self.engine.changes[one.id], day)) for one in concerned)
        spelt = frozenset[str]().union(*(self._spelt[one.id] for one in concerned))
        groups = sorted({group for one in concerned for group in self._groups[one.id]})
        spelt |= self._first_by_name(frame, concerned, day)
        kinds = tuple(
            state if state in spelt else tuple(state in self._on(group, day) for group in groups)
            for state in frame.roles
        )
        number = {state: position for position, state in enumerate(frame.roles)}
        places = tuple(None if states is None else tuple(number[state] for state in states) for states in frame.columns)
        return versions, kinds, places

    def _first_by_name(self, frame: Frame, concerned: Iterable[Instrument], day: date) -> frozenset[str]:
        """States that stand so early in a list of names that naming them decides which State is tried for an unknown one."""
        territories = {
            frozenset[str]().union(*(self._on(group, day) for group in relation.territory))
            for one in concerned
            for relation in one.relations
        }
        territories |= {frozenset(one.states) for one in concerned if one.states}
        many = len(frame.roles) + 1
        found: set[str] = set()
        for territory in territories:
            found |= {*sorted(territory)[:many], *[state for state in self._all if state not in territory][:many]}
        return frozenset(found & set(frame.roles))


def numbered(days: Iterable[date]) -> list[int]:
    """Days as numbers."""
    return [(day - EPOCH).days for day in days]


def day_of(number: int) -> date:
    """The day with a number."""
    return EPOCH + timedelta(days=number)
