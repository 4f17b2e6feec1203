"""Days on which a text changes for some only: for one of its relations, or in which States stand on a list.

A change for one relation (the Union and Switzerland) concerns those whose case has a link with each of its groups of
States. That a State comes to a list, such as the signatories of an agreement on exceptions, or leaves it, concerns those
whose case names it: a condition asks whether a State of the case stands on the list. A State that a case does not name is
asked for where it stands for all others (``possible``): that is the first one by name, so its coming and going concerns
everybody. The lists that make up the territory of a text are none of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from cleiss_rules.calendar import ONE_DAY
from cleiss_rules.engine.changes import edges, expressions, validities
from cleiss_rules.law.model import Instrument, Law, Relation

#: facts whose States are links of a case, so that the case names them
_LINKS = frozenset(
    {
        "case.states_linked", "person.residence", "activity.state", "activity.flag", "activity.pay_state",
        "activity.home_base", "activity.shelf_state", "activity.administration", "activity.option_state", "employer.seat",
        "employer.decision_centre", "posting.from_state", "posting.via_state", "document.legislation",
        "agreement.legislation", "benefit.state",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Some:
    """Whom the changes of a day concern: those with a link to these relations, or to these States."""

    relations: frozenset[str]
    states: frozenset[str]


def changes_for_some(law: Law, instrument: Instrument, groups: AbstractSet[str]) -> dict[date, Some]:
    """The days on which an instrument changes for some only. ``groups``: the groups of States that it names."""
    lists = {group for group in groups if _is_list(law, instrument, group)}
    for_all, by_relation = validities(law, instrument)
    for group in groups - lists:
        for spans in law.groups[group].members.values():
            for_all |= edges(spans)
    for relation in instrument.relations:
        if len(relation.territory) == 1:
            for_all |= by_relation.get(relation.id, set())
    relations, states = dict[date, set[str]](), dict[date, set[str]]()
    for name, days in by_relation.items():
        for day in days - for_all:
            relations.setdefault(day, set()).add(name)
    for group in lists:
        for state, spans in law.groups[group].members.items():
            for day in edges(spans) - for_all:
                states.setdefault(day, set()).add(state)
    return {
        day: Some(frozenset(relations.get(day, ())), frozenset(states.get(day, ())))
        for day in relations.keys() | states.keys()
    }


def concerns(law: Law, instrument: Instrument, states: AbstractSet[object], day: date, some: Some) -> bool:
    """Whether what changes on a day for some concerns a case that names these States."""
    if states & some.states:
        return True
    if any(relation.id in some.relations and _is_linked(law, relation, states) for relation in instrument.relations):
        return True
    return any(_stands_for_others(law, instrument, states, day, one) for one in some.states)


def _is_linked(law: Law, relation: Relation, states: AbstractSet[object]) -> bool:
    """Whether a case may have a link with each group of States of a relation, but for the first, which is its home."""
    return all(states & law.groups[group].members.keys() for group in relation.territory[1:])


def _stands_for_others(law: Law, instrument: Instrument, states: AbstractSet[object], day: date, state: str) -> bool:
    """Whether a State is the first by name that a case does not name, of those of the territory or of those outside it."""
    for territory in _territories(law, instrument, day):
        alike = territory if state in territory else law.states.keys() - territory
        if not any(other < state and other not in states for other in alike):
            return True
    return False


def _territories(law: Law, instrument: Instrument, day: date) -> Iterator[frozenset[str]]:
    """What each relation of an instrument covers before a day and from it on."""
    if not instrument.relations:
        yield frozenset(instrument.states)
    for relation in instrument.relations:
        for one in (day - ONE_DAY, day):
            yield frozenset[str]().union(*(law.groups[group].on(one) for group in relation.territory))


def _is_list(law: Law, instrument: Instrument, group: str) -> bool:
    """Whether all that is asked of a group of States is whether some links of the case belong to it."""
    family = (instrument, *(law.instruments[used] for used in instrument.uses))
    if any(group in relation.territory for member in family for relation in member.relations):
        return False
    rules = (rule for member in family for rule in (*member.rules, *member.binds))
    asked = [left for rule in rules for expr in expressions(rule) for left in _asked(expr, group)]
    return all(left is not None and _is_of_links(law, left, frozenset()) for left in asked)


def _asked(expr: Any, group: str) -> Iterator[Any]:
    """What is asked whether it belongs to a group; None where something else is asked of it."""
    if not isinstance(expr, list):
        return
    right = ["group", group]
    if expr == right:
        yield None
    elif (expr[:2] == ["cmp", "in"] or expr[:2] == ["call", "within"]) and expr[3:4] == [right]:
        yield expr[2]
        yield from _asked(expr[2], group)
    else:
        for part in expr:
            yield from _asked(part, group)


def _is_of_links(law: Law, expr: Any, seen: frozenset[str]) -> bool:
    """Whether all States that an expression can tell of are links of the case."""
    if not isinstance(expr, list):
        return True
    if expr[:1] in (["answer"], ["run"], ["group"]):
        return False
    if expr[:1] == ["fact"]:
        return "state" not in law.facts[expr[1]].type or expr[1] in _LINKS
    if expr[:1] == ["def"]:
        name = expr[1]
        return name in seen or all(_is_of_links(law, part, seen | {name}) for part in expressions(law.rule(name)))
    return all(_is_of_links(law, part, seen) for part in expr)
