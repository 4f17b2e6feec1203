"""Whether two wordings of a text, in force one after the other, say the same on the questions that are asked of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.law.model import Expr, Rule


def alike(one: RuleSet, two: RuleSet, questions: Collection[str]) -> bool:
    """Whether two rule sets of one instrument and relation hold the same rules and values as far as questions reach."""
    return (
        one.instrument is two.instrument
        and one.relation is two.relation
        and _same(_rules(one), _rules(two))
        and one.wording.parameters == two.wording.parameters
        and one.wording.territory == two.wording.territory
        and all(_members(one, group) == _members(two, group) for group in _groups(one, questions))
    )


def _rules(rules: RuleSet) -> list[Rule]:
    compiled = [*rules.by_key.values(), *rules.scope]
    return [*(one.rule for one in compiled), *rules.wording.definitions.values()]


def _same(one: list[Rule], two: list[Rule]) -> bool:
    return len(one) == len(two) and all(first is second for first, second in zip(one, two, strict=True))


def _members(rules: RuleSet, group: str) -> frozenset[str]:
    return rules.wording.groups[group].on(rules.wording.day)


def _groups(rules: RuleSet, questions: Collection[str]) -> set[str]:
    """The groups of States that the rules on these questions name, and those of rules that others speak of."""
    every = _rules(rules)
    spoken_of = {name for rule in every for kind, name in _named_by(rule) if kind == "meets"}
    asked = (
        rule
        for rule in every
        if rule.kind != "rule" or rule.question in questions or rule.id in spoken_of or rule in rules.instrument.binds
    )
    return {name for rule in asked for kind, name in _named_by(rule) if kind == "group"}


def _named_by(rule: Rule) -> Iterator[tuple[str, str]]:
    for expr in _expressions(rule):
        yield from _named(expr)


def _expressions(rule: Rule) -> Iterator[Expr]:
    conditions = [condition.expr for condition in (rule.where, *rule.when) if condition is not None]
    then = rule.then
    found = [*conditions, rule.value, then.value, then.besides, *then.decided_by]
    found += [document.only_if for document in then.documents]
    if rule.assess is not None:
        found += [rule.assess.yes, rule.assess.no, rule.assess.body]
    return (expr for expr in found if expr is not None)


def _named(expr: Any) -> Iterator[tuple[str, str]]:
    """The groups of States and the rules that an expression names."""
    if not isinstance(expr, list):
        return
    if expr[:1] == ["group"]:
        yield "group", expr[1]
    elif expr[:2] == ["call", "meets"]:
        yield "meets", expr[2][2]
    for part in expr:
        yield from _named(part)
