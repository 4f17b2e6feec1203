"""On which days a text changes for some States, and what changes then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from cleiss_rules.calendar import ONE_DAY, Span
from cleiss_rules.facts.timeline import Cause
from cleiss_rules.law.model import Expr, Instrument, Law, Rule, Text

_STARTS = Text(fr="entrée en vigueur", en="enters into force")
_ENDS = Text(fr="n'est plus applicable", en="no longer applies")
_AMENDED = Text(fr="modification", en="amended")


class GroupsNamed:
    """Which groups of States the instruments of a law name; each is read once."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._known: dict[str, set[str]] = {}

    def by(self, instrument: Instrument) -> set[str]:
        """The groups of States of an instrument's relations, and those that its rules or the ones it uses name."""
        found = {group for relation in instrument.relations for group in relation.territory}
        for member in (instrument.id, *instrument.uses):
            if member not in self._known:
                one = self._law.instruments[member]
                exprs = (expr for rule in (*one.rules, *one.binds) for expr in expressions(rule))
                self._known[member] = set[str]().union(*(groups_in(expr) for expr in exprs))
            found |= self._known[member]
        return found


def days_of_change(law: Law, instrument: Instrument, named: GroupsNamed | None = None) -> list[date]:
    """The days on which a wording, a parameter or the membership of a group changes for an instrument."""
    for_all, by_relation = validities(law, instrument)
    days = for_all.union(*by_relation.values())
    for group in (named or GroupsNamed(law)).by(instrument):
        for spans in law.groups[group].members.values():
            days |= edges(spans)
    return sorted(days)


def validities(law: Law, instrument: Instrument) -> tuple[set[date], dict[str, set[date]]]:
    """The days on which a wording, a parameter or a relation of an instrument, or of those it uses, begins or has ended.

    And those on which they do so for one relation only, by its name.
    """
    days: set[date] = set()
    by_relation: dict[str, set[date]] = {}
    for member in (instrument, *(law.instruments[used] for used in instrument.uses)):
        found = [rule.valid for rule in (*member.rules, *member.binds)]
        found += [value.valid for parameter in member.parameters.values() for value in parameter.values]
        for validity in (member.valid, *found):
            days |= edges((validity.span,))
            for relation, span in validity.by_relation.items():
                by_relation.setdefault(relation, set()).update(edges((span,)))
        for one in member.relations:
            days |= edges((one.valid.span, *one.valid.by_relation.values()))
    return days, by_relation


def named_changes(
    law: Law, instrument: Instrument, states: AbstractSet[object], days: Iterable[date]
) -> Iterator[tuple[date, Cause]]:
    """What changes on each of these days for an instrument: it starts, it ends, a State comes or goes, it is amended."""
    told = {**_of_members(law, instrument, states), **_of_relations(instrument), **_of_itself(instrument)}
    for day in days:
        yield day, Cause(_said(instrument, told.get(day, _AMENDED)), instrument.id)


def _of_itself(instrument: Instrument) -> dict[date, Text]:
    span = instrument.valid.span
    return {**({span.end + ONE_DAY: _ENDS} if span.end is not None else {}), span.start: _STARTS}


def _of_relations(instrument: Instrument) -> dict[date, Text]:
    found: dict[date, Text] = {}
    for relation in instrument.relations:
        span = instrument.valid.by_relation.get(relation.id, relation.valid.span)
        for day, what in ((span.end + ONE_DAY if span.end is not None else None, _ENDS), (span.start, _STARTS)):
            if day is not None:
                found[day] = _beside(what, relation.title)
    return found


def _of_members(law: Law, instrument: Instrument, states: AbstractSet[object]) -> dict[date, Text]:
    """The days on which one of these States comes under the text, or leaves it."""
    found: dict[date, Text] = {}
    for group in {group for relation in instrument.relations for group in relation.territory}:
        for state, spans in law.groups[group].members.items():
            if state in states:
                name = law.states[state]
                found |= {span.end + ONE_DAY: _beside(_ENDS, name) for span in spans if span.end is not None}
                found |= {span.start: _beside(_STARTS, name) for span in spans}
    return found


def _beside(what: Text, whom: Text) -> Text:
    return Text(f"{what.fr} ({whom.fr})", f"{what.en} ({whom.en})")


def _said(instrument: Instrument, what: Text) -> Text:
    return Text(f"{instrument.name.fr} : {what.fr}", f"{instrument.name.en}: {what.en}")


def expressions(rule: Rule) -> Iterator[Expr]:
    """The conditions and values of a rule, and those of a notion."""
    yield from (condition.expr for condition in (rule.where, *rule.when) if condition is not None)
    if rule.assess is not None:
        yield from (rule.assess.yes, rule.assess.no)
    yield from (expr for expr in (rule.value, rule.then.value, rule.then.besides) if expr is not None)


def groups_in(expr: Any) -> set[str]:
    """The groups of States that an expression names."""
    if not isinstance(expr, list):
        return set()
    if expr[:1] == ["group"]:
        return {expr[1]}
    return set[str]().union(*(groups_in(part) for part in expr))


def edges(spans: Iterable[Span]) -> set[date]:
    """The first days of spans, and those that follow their ends."""
    return {day for span in spans for day in (span.start, span.end and span.end + ONE_DAY) if day is not None}
