"""What the law compares numbers, days and lengths of time with: two values between the same thresholds can't differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cleiss_rules.calendar import Period
from cleiss_rules.law.model import Expr, Instrument, Law, Rule

_ORDERED = frozenset({"<", "<=", ">", ">="})
_MEASURED = frozenset({"number", "percent", "date", "span"})


@dataclass(slots=True)
class Thresholds:
    """By the name of a fact: the values it is compared with. ``days`` are all days that any rule or fact is given,
    ``since`` those from which a posting is counted, ``published`` those on which texts became known.
    """

    numbers: dict[str, set[float]] = field(default_factory=dict)
    periods: dict[str, set[Period]] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    published: set[date] = field(default_factory=set)
    since: set[date] = field(default_factory=set)


def thresholds(law: Law) -> Thresholds:
    """All thresholds of a law, whatever their date. Raises ValueError where two facts are measured by each other."""
    found = Thresholds()
    for instrument in law.instruments.values():
        if instrument.valid.published_on is not None:
            found.published.add(instrument.valid.published_on)
        for rule in (*instrument.binds, *instrument.rules):
            if rule.valid.published_on is not None:
                found.published.add(rule.valid.published_on)
            for expr in expressions(rule):
                _read(expr, law, found, rule.key)
        for parameter in instrument.parameters.values():
            found.days |= {value.value for value in parameter.values if isinstance(value.value, date)}
    return found


def expressions(rule: Rule) -> Iterator[Expr]:
    """Every expression of a rule that an answer can turn on."""
    yield from (condition.expr for condition in (rule.where, *rule.when) if condition is not None)
    if rule.assess is not None:
        yield from (rule.assess.yes, rule.assess.no)
        if rule.assess.body is not None:
            yield rule.assess.body
    then = rule.then
    yield from (expr for expr in (rule.value, then.value, then.besides, *then.decided_by) if expr is not None)
    yield from (document.only_if for document in then.documents if document.only_if is not None)


def states_spelt_out(instrument: Instrument, law: Law) -> frozenset[str]:
    """The States that an instrument, or one that it uses, names."""
    members = (instrument, *(law.instruments[used] for used in instrument.uses))
    found = {state for member in members for state in member.states}
    for member in members:
        for rule in (*member.rules, *member.binds):
            for expr in expressions(rule):
                found |= {node[2] for node in _nodes(expr) if node[0] == "lit" and node[1] == "state"}
    return frozenset(found)


def _nodes(expr: Any) -> Iterator[Any]:
    if isinstance(expr, (list, tuple)) and expr and isinstance(expr[0], str):
        yield expr
        for part in expr[1:]:
            yield from _nodes(part)


def _read(expr: Expr, law: Law, found: Thresholds, rule: str) -> None:
    for node in _nodes(expr):
        if node[0] == "lit" and node[1] == "date":
            found.days.add(date.fromisoformat(node[2]))
        if node[0] == "fact" and node[1] == "posting_since" and node[2][0] != "fact":
            found.since |= set(_constants(node[2], law) or ())
        if node[0] != "cmp" or node[2][0] != "fact":
            if node[0] == "cmp" and node[1] in _ORDERED and node[2][:2] != ["call", "count"]:
                raise ValueError(f"{rule}: only facts and counts can be measured, not {node[2]}")
            continue
        fact, constants = node[2][1], _constants(node[3], law)
        if law.facts[fact].type not in _MEASURED:
            continue
        if constants is None:
            raise ValueError(f"{rule}: {fact} is measured by what differs from case to case: {node[3]}")
        for value in constants:
            if isinstance(value, Period):
                found.periods.setdefault(fact, set()).add(value)
            elif isinstance(value, date):
                found.days.add(value)
            else:
                found.numbers.setdefault(fact, set()).add(float(value))


def _constants(expr: Expr, law: Law) -> list[Any] | None:
    if expr[0] == "param":
        values = law.instruments[expr[1]].parameters[expr[2]].values
        return [value.value for value in values if value.value is not None]
    if expr[0] != "lit":
        return None
    _, type_, value = expr
    if type_ == "period":
        return [Period(value[0], value[1])]
    return [date.fromisoformat(value) if type_ == "date" else value]
