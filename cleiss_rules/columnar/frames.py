"""Which States a row names, in which roles, and what sets them apart before the law.

Two rows whose States play the same roles, and have the same place in every text that can concern them, can differ in the
names in their answers only. A frame is the part of a row that names States; its *figure* is what is left of it once the
names are taken out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar.days import EPOCH, FIRST, LAST
from cleiss_rules.columnar.thresholds import enumerated_in, expressions, states_in
from cleiss_rules.engine.changes import groups_in
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.model import Instrument, Law

Roles = tuple[int, ...]
#: a group of States by its name, or States that a rule spells out
Group = str | frozenset[str]
#: a text of two States names each of them; in one of more, it is being a party that counts
TWO_PARTIES = 2
#: of frames with more States than this, everything is told apart at once
MOST_ROLES = 8


@dataclass(frozen=True, slots=True)
class Setting:
    """What the law makes of some States on a day: a number for the texts that concern them, one for the place of each.

    ``first``: those that decide, for their name, which State is tried where one is unknown (the first that is not named).
    """

    content: int
    kinds: Mapping[str, int]
    first: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """The States of a row: by column (several in some, none where unknown), and all of them as they come (the roles)."""

    columns: tuple[tuple[str, ...] | None, ...]
    roles: tuple[str, ...]
    cuts: tuple[date, ...]
    changes: tuple[date, ...]


class Frames:
    """What the law of an engine makes of States."""

    def __init__(self, engine: RuleSets) -> None:
        self.engine = engine
        self._all = sorted(engine.law.states)
        self._state_numbers = {state: number for number, state in enumerate(self._all, 1)}
        self._on = lru_cache(maxsize=65536)(lambda group, day: engine.law.groups[group].on(day))
        self._by_name = lru_cache(maxsize=4096)(self._by_name_of)
        self._setting = lru_cache(maxsize=65536)(self._setting_of)
        self._calendar = lru_cache(maxsize=65536)(self._calendar_of)
        self._numbers: dict[object, int] = {}
        self._wordings: dict[tuple[str, int, tuple[str, ...]], _Wording] = {}
        days = numbered(day for changes in engine.changes.values() for day in changes)
        self.all_changes = sorted({day for day in days if FIRST < day <= LAST})

    def frame(self, columns: Sequence[tuple[str, ...] | None], named: frozenset[str]) -> Frame:
        """A frame; ``named`` are the States whose texts cut the period of a case."""
        roles = dict.fromkeys(state for states in columns for state in states or ())
        return Frame(tuple(columns), tuple(roles), *self._calendar(named, frozenset(roles)))

    def figure(self, frame: Frame, day: date) -> tuple[object, ...]:
        """What determines an answer, of a frame on a day, other than the names of its States.

        But for what is only told where an answer looks at it: States and groups of States that a rule names, the order
        by name, the States that stand first by name.
        """
        setting = self.setting(frame, day)
        number = {state: position for position, state in enumerate(frame.roles)}
        places = tuple(None if states is None else tuple(number[state] for state in states) for states in frame.columns)
        return setting.content, tuple(setting.kinds[state] for state in frame.roles), places

    def setting(self, frame: Frame, day: date) -> Setting:
        """What the law makes of the States of a frame on a day."""
        return self._setting(frozenset(frame.roles), self.stretch(day))

    def stretch(self, day: date) -> int:
        """Between which changes of law a day lies, counted from 0."""
        return bisect_right(self.all_changes, (day - EPOCH).days)

    def numbers(self, frame: Frame) -> list[int]:
        """The States of a frame by number, as many as are told apart one by one; 0 for none."""
        found = [self._state_numbers[state] for state in frame.roles[:MOST_ROLES]]
        return found + [0] * (MOST_ROLES - len(found))

    def belongs(self, group: Group, stretch: int) -> npt.NDArray[np.bool_]:
        """Which States belong to a group between two changes of law, by their numbers."""
        day = day_of(self.all_changes[stretch - 1] if stretch else FIRST)
        members = self._on(group, day) if isinstance(group, str) else group
        return np.array([False, *(state in members for state in self._all)])

    def _wording(self, instrument: Instrument, day: date, linked: tuple[str, ...]) -> _Wording:
        """The rules and values in force on a day of the relations of an instrument; two stretches of days can share them."""
        key = instrument.id, bisect_right(self.engine.changes[instrument.id], day), linked
        if key not in self._wordings:
            self._wordings[key] = _wording(self.engine.law, instrument, day, linked)
        return self._wordings[key]

    def _linked(self, instrument: Instrument, roles: frozenset[str], day: date) -> tuple[str, ...]:
        """The relations of an instrument that may bind between some States: no answer looks at the others.

        The first group of each is its home. An instrument without relations has a nameless one.
        """
        if not instrument.relations:
            return ("",) if day in instrument.valid.span else ()
        return tuple(
            relation.id
            for relation in instrument.relations
            if day in relation.valid.span and all(roles & self._on(group, day) for group in relation.territory[1:])
        )

    def _setting_of(self, roles: frozenset[str], interval: int) -> Setting:
        """The same on the days between two changes of law."""
        day = day_of(self.all_changes[interval - 1] if interval else FIRST)
        looked_at = [one for one in self.engine.concerning(roles) if not self.engine.ruled_out(one, roles)]
        linked = [(one, self._linked(one, roles, day)) for one in looked_at]
        concerned = [one for one, relations in linked if relations]
        wordings = [self._wording(one, day, relations) for one, relations in linked if relations]
        first = self._first_by_name(roles, wordings, day)
        few = len(roles) <= MOST_ROLES
        spelt = frozenset[str]().union(*(one.sides if few else one.named for one in wordings))
        groups = sorted(frozenset[str]().union(*(one.territory if few else one.groups for one in wordings)))
        lists = [members for one in wordings for members in (one.circles if few else one.circles + one.lists)]
        kinds = {
            state: self._number(
                (
                    state if state in spelt or (state in first and not few) else None,
                    *(state in self._on(group, day) for group in groups),
                    *(state in members for members in lists),
                )
            )
            for state in roles
        }
        content = tuple((one.id, wording.content) for one, wording in zip(concerned, wordings, strict=True))
        return Setting(self._number(content), kinds, first)

    def _calendar_of(self, named: frozenset[str], roles: frozenset[str]) -> tuple[tuple[date, ...], tuple[date, ...]]:
        """The days that cut a period in which States are named, and those on which a text of any of them changes."""
        (cuts, _), (changes, _) = self.engine.dates(named), self.engine.dates(roles)
        return tuple(dict.fromkeys(cuts)), tuple(sorted({*cuts, *changes}))

    def _number(self, told: object) -> int:
        return self._numbers.setdefault(told, len(self._numbers))

    def _first_by_name(self, roles: frozenset[str], wordings: Iterable[_Wording], day: date) -> frozenset[str]:
        found: set[str] = set()
        for territory in {one for wording in wordings for one in wording.territories(self._on, day)}:
            for names in self._by_name(territory):
                found.update(takewhile(roles.__contains__, names))
        return frozenset(found)

    def _by_name_of(self, territory: frozenset[str]) -> tuple[list[str], list[str]]:
        """The States of a territory, and all others, in the order of their names."""
        return sorted(territory), [state for state in self._all if state not in territory]


@dataclass(frozen=True, slots=True)
class _Wording:
    """What is in force of an instrument: which rules and values, the States it spells out, the groups it speaks of.

    ``sides`` are the parties of texts of two States, ``circles`` those of texts of many; ``lists`` are groups without a
    name, of States that a condition enumerates.
    """

    content: tuple[object, ...]
    sides: frozenset[str]
    circles: tuple[frozenset[str], ...]
    spelt: frozenset[str]
    lists: tuple[frozenset[str], ...]
    territory: frozenset[str]
    groups: frozenset[str]
    parties: frozenset[str]
    relations: tuple[tuple[str, ...], ...]

    @property
    def named(self) -> frozenset[str]:
        """Every State that it names."""
        return self.sides.union(self.spelt, *self.circles)

    def territories(self, on: Callable[[str, date], frozenset[str]], day: date) -> Iterator[frozenset[str]]:
        """The territory of each relation."""
        for relation in self.relations or ((),):
            yield frozenset[str]().union(*(on(group, day) for group in relation)) or self.parties


def _wording(law: Law, instrument: Instrument, day: date, linked: tuple[str, ...]) -> _Wording:
    family = (instrument, *(law.instruments[used] for used in instrument.uses))
    relations = [one for one in instrument.relations if one.id in linked]
    sides = [one.id for one in relations] or [""]
    rules = [
        (rule.key, rule.line, tuple(side for side in sides if rule.valid.covers(side, day)))
        for member in family
        for rule in (*member.binds, *member.rules)
    ]
    values = [
        (member.id, name, tuple(str(parameter.at(side, day)) for side in sides))
        for member in family
        for name, parameter in member.parameters.items()
    ]
    in_force = {(key, line) for key, line, where in rules if where}
    used = [rule for member in family for rule in (*member.binds, *member.rules) if (rule.key, rule.line) in in_force]
    expressions_used = [expr for rule in used for expr in expressions(rule)]
    territory = frozenset(group for relation in relations for group in relation.territory)
    parties = [frozenset(member.states) for member in family if member.states]
    enumerated = [members for expr in expressions_used for members in enumerated_in(expr)]
    return _Wording(
        content=(day in instrument.valid.span, tuple(sides), tuple(rule for rule in rules if rule[2]), tuple(values)),
        sides=frozenset[str]().union(*(members for members in parties if len(members) <= TWO_PARTIES)),
        circles=tuple(dict.fromkeys(one for one in parties if len(one) > TWO_PARTIES)),
        spelt=frozenset[str]().union(*(states_in(expr) for expr in expressions_used)),
        lists=tuple(dict.fromkeys(enumerated)),
        territory=territory,
        groups=territory.union(*(groups_in(expr) for expr in expressions_used)),
        parties=frozenset(instrument.states),
        relations=tuple(tuple(one.territory) for one in relations),
    )


def numbered(days: Iterable[date]) -> list[int]:
    """Days as numbers."""
    return [(day - EPOCH).days for day in days]


def day_of(number: int) -> date:
    """The day with a number."""
    return EPOCH + timedelta(days=number)
