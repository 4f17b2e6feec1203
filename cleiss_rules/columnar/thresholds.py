"""What the law compares numbers, days and lengths of time with: two values between the same thresholds can't differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cleiss_rules.calendar import Period
from cleiss_rules.law.model import Expr, Law, Rule

_ORDERED = frozenset({"<", "<=", ">", ">="})
_MEASURED = frozenset({"number", "percent", "date", "span"})


@dataclass(slots=True)
class Thresholds:
    """By the name of a fact: the values it is compared with. ``days`` also holds the days that a fact is given,
    ``published`` those on which texts became known.
    """

    numbers: dict[str, set[float]] = field(default_factory=dict)
    periods: dict[str, set[Period]] = field(default_factory=dict)
    days: dict[str, set[date]] = field(default_factory=dict)
    published: set[date] = field(default_factory=set)


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


def states_in(expr: Expr) -> frozenset[str]:
    """The States that an expression names one by one; of those it enumerates, only whether one is among them counts."""
    apart = {id(part) for listed in _enumerations(expr) for part in listed[1:]}
    return frozenset(
        node[2] for node in _nodes(expr) if node[0] == "lit" and node[1] == "state" and id(node) not in apart
    )


def enumerated_in(expr: Expr) -> Iterator[frozenset[str]]:
    """The lists of States of which an expression asks whether one is among them."""
    for listed in _enumerations(expr):
        yield frozenset(part[2] for part in listed[1:])


def _enumerations(expr: Expr) -> Iterator[Expr]:
    for node in _nodes(expr):
        listed = node[3] if node[:2] == ["cmp", "in"] else node[3] if node[:2] == ["call", "within"] else None
        if listed is not None and listed[0] == "list" and all(part[:2] == ["lit", "state"] for part in listed[1:]):
            yield listed


def _nodes(expr: Any) -> Iterator[Any]:
    if isinstance(expr, (list, tuple)) and expr and isinstance(expr[0], str):
        yield expr
        for part in expr[1:]:
            yield from _nodes(part)


def _read(expr: Expr, law: Law, found: Thresholds, rule: str) -> None:
    for node in _nodes(expr):
        if node[0] == "fact" and len(node) > 2 and law.facts[node[1]].takes == ("date",):
            given = _constants(node[2], law)
            if given is None and node[1:] != ["posting_since", ["fact", "case.day"]]:
                raise ValueError(f"{rule}: {node[1]} is given a day that differs from case to case: {node[2]}")
            found.days.setdefault(node[1], set()).update(given or ())
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
                found.days.setdefault(fact, set()).add(value)
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
