"""Every rule set of the law, and which of them a situation calls for by its States and its day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from cleiss_rules.calendar import ONE_DAY, Period, Span, last_day
from cleiss_rules.engine.alike import alike
from cleiss_rules.engine.changes import GroupsNamed, days_of_change, edges, named_changes
from cleiss_rules.engine.compile import Compiler
from cleiss_rules.engine.concerning import Some, changes_for_some, concerns
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.facts.timeline import Cause
from cleiss_rules.law.model import Expr, Instrument, Law, Relation, Text

_FIRST_DAY = date(1945, 1, 1)
_MOST_REMEMBERED = 4096
#: what is asked to tell the legislation; what other questions say changes no answer
QUESTIONS = frozenset({"applicable_legislation", "besides", "binding", "place_of_work", "transition"})
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instrument, in one of its relations, that may bind; ``residual`` ones yield to every other.

    ``ruled_out``: it never binds without a link to one more State.
    """

    instrument: Instrument
    relation: Relation | None
    span: Span
    residual: bool
    ruled_out: bool


@dataclass(frozen=True, slots=True)
class _Concerned:
    """What concerns some States: what may bind, the days on which some of it turns, those on which some was published."""

    candidates: tuple[Candidate, ...]
    turns: Sequence[date]
    published: Sequence[date]


class RuleSets:
    """Compiled rule sets, made when first asked for and kept; one per instrument, relation and stretch of days."""

    def __init__(self, law: Law, compiler: type[Compiler] = Compiler, rule_set: type[RuleSet] = RuleSet) -> None:
        self.law, self._compiler, self._rule_set = law, compiler, rule_set
        self._named = GroupsNamed(law)
        self.changes = {one.id: days_of_change(law, one, self._named) for one in law.instruments.values()}
        self._for_some: dict[str, dict[date, Some]] = {}
        self.limits = _limits(law)
        self._links = {one.id: _links_asked_for(one) for one in law.instruments.values()}
        self._published = {instrument.id: _published(law, instrument) for instrument in law.instruments.values()}
        self._made: dict[tuple[str, str, date, int], RuleSet] = {}
        self._members: dict[tuple[str, date], frozenset[str]] = {}
        self._concerned: dict[AbstractSet[object], _Concerned] = {}
        self._in_force: dict[tuple[AbstractSet[object], int, int, bool, bool], tuple[RuleSet, ...]] = {}
        self._limits_from: dict[date, tuple[tuple[date, Cause], ...]] = {}
        self._alike: dict[tuple[int, int], tuple[bool, RuleSet, RuleSet]] = {}
        self._dates: dict[AbstractSet[object], tuple[Sequence[date], Sequence[Cause]]] = {}

    def under(self, law: Law, changed: str) -> RuleSets:
        """The rule sets of a law that differs from this one in one instrument only; the others are taken over."""
        other = RuleSets(law, self._compiler, self._rule_set)
        other._made = {
            key: made
            for key, made in self._made.items()
            if key[0] != changed and changed not in self.law.instruments[key[0]].uses
        }
        return other

    def in_force(
        self, states: frozenset[object], day: date, known_on: date, *, residual: bool, ruled_out: bool = False
    ) -> tuple[RuleSet, ...]:
        """What may bind between these States on a day, as far as it was published by the day of decision.

        ``ruled_out``: also the texts that never bind without a link to one more State than these. The same between two
        days on which something turns for these States, and so only put together once for them.
        """
        known = self._concerned.get(states)
        if known is None:
            known = self._concerning(states)
            _remember(self._concerned, states, known)
        key = (states, bisect_right(known.turns, day), bisect_right(known.published, known_on), residual, ruled_out)
        found = self._in_force.get(key)
        if found is None:
            found = tuple(
                self.get(one.instrument, one.relation, day, known_on)
                for one in known.candidates
                if one.residual is residual
                and (ruled_out or not one.ruled_out)
                and day in one.span
                and one.instrument.valid.known(known_on)
                and (one.relation is None or self._linked(one.relation, states, day))
            )
            _remember(self._in_force, key, found)
        return found

    def limits_from(self, start: date) -> Sequence[tuple[date, Cause]]:
        """The first days after the limits that run from the start of a posting, and what is over by then."""
        known = self._limits_from.get(start)
        if known is None:
            known = tuple(_reached(start, self.limits))
            _remember(self._limits_from, start, known)
        return known

    def dates(self, states: AbstractSet[object]) -> tuple[Sequence[date], Sequence[Cause]]:
        """The days on which a text that concerns these States changes, in order, and what changes."""
        known = self._dates.get(states)
        if known is None:
            found = sorted(
                (
                    (day, change)
                    for instrument in self.concerning(states)
                    for day, change in named_changes(self.law, instrument, states, self._days(instrument, states))
                ),
                key=lambda change: change[0],
            )
            known = [day for day, _ in found], [change for _, change in found]
            _remember(self._dates, states, known)
        return known

    def _days(self, instrument: Instrument, states: AbstractSet[object]) -> Iterator[date]:
        """The days on which an instrument changes for these States."""
        for_some = self._for_some.get(instrument.id)
        if for_some is None:
            for_some = changes_for_some(self.law, instrument, self._named.by(instrument))
            self._for_some[instrument.id] = for_some
        for day in self.changes[instrument.id]:
            if day not in for_some or concerns(self.law, instrument, states, day, for_some[day]):
                yield day

    def get(self, instrument: Instrument, relation: Relation | None, day: date, known_on: date) -> RuleSet:
        """The rule set in force on a day, as it was known on the day of decision."""
        changes = self.changes[instrument.id]
        position = bisect_right(changes, day)
        since = changes[position - 1] if position else date.min
        known = bisect_right(self._published[instrument.id], known_on)
        key = (instrument.id, relation.id if relation else "", since, known)
        made = self._made.get(key)
        if made is None:
            first = max(since, _FIRST_DAY)
            made = self._made[key] = self._rule_set(self.law, instrument, relation, first, known_on, self._compiler)
        return made

    def alike(self, one: RuleSet, two: RuleSet) -> bool:
        """Whether two rule sets say the same about the legislation, whatever else was changed in between."""
        if one is two:
            return True
        key = (id(one), id(two))
        known = self._alike.get(key)
        if known is None:  # both are kept, so that their identities stay their own
            known = alike(one, two, QUESTIONS), one, two
            _remember(self._alike, key, known)
        return known[0]

    def concerning(self, states: AbstractSet[object]) -> list[Instrument]:
        """The instruments that some of these States are parties to, or that concern everybody."""
        return [
            instrument
            for instrument in self.law.instruments.values()
            if instrument.binds and instrument.status != "signed_not_in_force" and _concerns(instrument, states)
        ]

    def _concerning(self, states: AbstractSet[object]) -> _Concerned:
        instruments = self.concerning(states)
        candidates = tuple(one for instrument in instruments for one in self._candidates(instrument, states))
        turns = {day for instrument in instruments for day in self.changes[instrument.id]}
        for one in candidates:
            turns |= edges((one.span,))
            for group in one.relation.territory if one.relation is not None else ():
                turns |= edges(span for spans in self.law.groups[group].members.values() for span in spans)
        published = {day for instrument in instruments for day in self._published[instrument.id]}
        published |= {day for one in instruments if (day := one.valid.published_on) is not None}
        return _Concerned(candidates, sorted(turns), sorted(published))

    def ruled_out(self, instrument: Instrument, states: AbstractSet[object]) -> bool:
        """Whether an instrument never binds without a link to a State that is none of these."""
        return not self._links[instrument.id] <= states

    def _candidates(self, instrument: Instrument, states: AbstractSet[object]) -> Iterator[Candidate]:
        residual, ruled_out = "*" in instrument.yields_to, self.ruled_out(instrument, states)
        for relation in instrument.relations or (None,):
            span = (relation or instrument).valid.span
            yield Candidate(instrument, relation, span, residual, ruled_out)

    def _linked(self, relation: Relation, states: AbstractSet[object], day: date) -> bool:
        """Whether a link is known with each group of States of a relation, but for the first, which is its home."""
        return all(states & self._members_on(group, day) for group in relation.territory[1:])

    def _members_on(self, group: str, day: date) -> frozenset[str]:
        key = (group, day)
        known = self._members.get(key)
        if known is None:
            known = self.law.groups[group].on(day)
            _remember(self._members, key, known)
        return known


def _remember(memory: dict[K, V], key: K, value: V) -> None:
    """Keeps a value that follows from the law alone; a memory that grows too large starts afresh."""
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[key] = value


def _links_asked_for(instrument: Instrument) -> frozenset[str]:
    """The States with which every rule on who is covered asks for a link, in so many words: ``GB in case.states_linked``."""
    asked = [
        frozenset(
            part[2][2] for condition in rule.when for part in _conjuncts(condition.expr) if _is_link_asked_for(part)
        )
        for rule in instrument.binds
    ]
    return frozenset[str].intersection(*asked) if asked else frozenset()


def _conjuncts(expr: Expr) -> Iterator[Expr]:
    if expr[0] == "and":
        for part in expr[1:]:
            yield from _conjuncts(part)
    else:
        yield expr


def _is_link_asked_for(expr: Expr) -> bool:
    return expr[:2] == ["cmp", "in"] and expr[2][:2] == ["lit", "state"] and expr[3] == ["fact", "case.states_linked"]


def _concerns(instrument: Instrument, states: AbstractSet[object]) -> bool:
    """Whether the States named are those of the instrument; one without States of its own concerns everybody."""
    return not instrument.states or len(states & set(instrument.states)) >= min(2, len(instrument.states))


def _published(law: Law, instrument: Instrument) -> list[date]:
    """The days on which wordings of an instrument, and of those it uses, were published."""
    members = (instrument, *(law.instruments[used] for used in instrument.uses))
    days = {rule.valid.published_on for member in members for rule in (*member.rules, *member.binds)}
    return sorted(day for day in days if day is not None)


def _limits(law: Law) -> tuple[tuple[Period, Text], ...]:
    """Limits that run from the first day of a posting, by the name of their parameter (``elapsed_…``)."""
    return tuple(
        (value.value, parameter.title)
        for instrument in law.instruments.values()
        for name, parameter in instrument.parameters.items()
        if name.startswith("elapsed_")
        for value in parameter.values
        if isinstance(value.value, Period)
    )


def _reached(start: date, limits: Sequence[tuple[Period, Text]]) -> Iterator[tuple[date, Cause]]:
    for limit, name in limits:
        try:
            day = last_day(start, limit) + ONE_DAY
        except OverflowError:
            continue
        yield day, Cause(Text(f"fin : {name.fr}", f"{name.en} is over"))
