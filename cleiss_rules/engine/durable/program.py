"""From the rules of a text of law to a rule set of durable-rules.

Every conjunction and disjunction of the law becomes a *node* with up to twelve inputs and four durable rules, one for
each truth it can have. The inputs are numbers: how strongly one of them decides the node, which is 3 for what settles it
alone (false in a conjunction, true in a disjunction), 2 for unknown, 1 for discretion, 0 for what leaves it to the
others, 4 for what was not looked at because the node is settled. A node is worth its strongest input. Negations are
carried down to the facts. An exception is a node too: its inputs are the rules that defeat a rule.

A rule set holds every wording of the rules of one text, so that it is defined once, whatever day is asked about.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from cleiss_rules.engine.compile import Env, Function
from cleiss_rules.engine.truth import DISCRETION, FALSE, NEGATION, TRUE, UNKNOWN, Truth
from cleiss_rules.errors import CleissRulesError
from cleiss_rules.law.model import Expr, Rule

Operator = Literal["and", "or"]
#: how a rule set finds a node: the rule it is of, the part of the rule, and how many inputs it has
Address = tuple[str, str, int]
#: by operator: how strongly each truth decides a node, and back
STRENGTHS: dict[Operator, dict[Truth, int]] = {
    "and": {TRUE: 0, DISCRETION: 1, UNKNOWN: 2, FALSE: 3},
    "or": {FALSE: 0, DISCRETION: 1, UNKNOWN: 2, TRUE: 3},
}
TRUTHS: dict[Operator, tuple[Truth, ...]] = {
    operator: tuple(sorted(strengths, key=lambda truth: strengths[truth])) for operator, strengths in STRENGTHS.items()
}
NOT_LOOKED_AT = 4
#: durable-rules takes 32 terms in a condition; the longest one here has two for each input and eight more
MOST_INPUTS = 12
#: durable-rules answers no more with some 510 different values in the conditions on one property; a rule has a node at least
MOST_NODES = 480
_STANDS = "stands"
OTHER: dict[Operator, Operator] = {"and": "or", "or": "and"}


class TooLarge(CleissRulesError):
    """A rule set that durable-rules can't hold."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An end of a condition: the function that gives its truth, and whether its negation counts."""

    function: Function
    negated: bool

    def truth(self, env: Env) -> Truth:
        """Its truth in an evaluation."""
        found: Truth = self.function(env)
        return NEGATION[found] if self.negated else found


@dataclass(frozen=True, slots=True)
class Node:
    """A conjunction or disjunction, under the names it has in the rule set."""

    at: Address
    operator: Operator
    parts: tuple[Leaf | Node, ...]


@dataclass(frozen=True, slots=True)
class RuleNodes:
    """A rule: whether it concerns an item (``where``), whether its conditions are met (``when``)."""

    where: Node | None
    when: Node


def name_of(rule: Rule) -> str:
    """The name of a rule as durable-rules can take it."""
    return re.sub(r"\W", "_", rule.key)


def told(address: Address) -> tuple[str, str]:
    """The two names by which a fact is on a node: durable-rules looks through all values of a property, so they are few."""
    rule, part, size = address
    return rule, f"{part} {size}"


def stands(rule: str) -> Address:
    """Where it is decided whether a rule stands, once its exceptions are counted."""
    return rule, _STANDS, 2


def rule_nodes(rule: Rule, compile_: Callable[[Expr], Function]) -> RuleNodes:
    """The nodes of a rule of the law."""
    name = name_of(rule)
    where = _node(name, "where", "and", [_tree(rule.where.expr, compile_, False)]) if rule.where is not None else None
    when = _node(name, "when", "and", [_tree(condition.expr, compile_, False) for condition in rule.when])
    return RuleNodes(where, when)


_Tree = Leaf | tuple[Operator, list[Any]]


def _tree(expr: Expr, compile_: Callable[[Expr], Function], negated: bool) -> _Tree:
    """A condition with its negations at the leaves."""
    head = expr[0]
    if head == "not":
        return _tree(expr[1], compile_, not negated)
    if head in OTHER:
        operator: Operator = "and" if (head == "and") is not negated else "or"
        return operator, [_tree(part, compile_, negated) for part in expr[1:]]
    return Leaf(compile_(expr), negated)


def _node(rule: str, part: str, operator: Operator, trees: Iterable[_Tree]) -> Node:
    """A node with what is of its own kind taken in, in the order of the text; where that is too much, in groups."""
    parts: list[Leaf | Node] = []
    for number, tree in enumerate(_flat(operator, trees)):
        parts.append(tree if isinstance(tree, Leaf) else _node(rule, f"{part}.{number}", tree[0], tree[1]))
    if len(parts) > MOST_INPUTS:
        groups = [tuple(parts[start : start + MOST_INPUTS]) for start in range(0, len(parts), MOST_INPUTS)]
        parts = [Node((rule, f"{part}.g{n}", len(group)), operator, group) for n, group in enumerate(groups)]
    return Node((rule, part, len(parts)), operator, tuple(parts))


def _flat(operator: Operator, trees: Iterable[_Tree]) -> Iterator[_Tree]:
    for tree in trees:
        if isinstance(tree, tuple) and tree[0] == operator:
            yield from _flat(operator, tree[1])
        else:
            yield tree


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A rule set of durable-rules; the name follows from its content."""

    name: str
    rules: dict[str, Any]


def programs(rules: Iterable[Rule]) -> Iterator[tuple[str, Program]]:
    """For each rule of a text, by key, the rule set that it is part of: as many rules together as one can hold."""
    addresses: dict[str, list[Address]] = {}
    names: dict[str, str] = {}
    for rule in rules:
        names[rule.key] = name_of(rule)
        addresses.setdefault(names[rule.key], []).extend(_addresses(rule))
    of: dict[str, Program] = {}
    for held in _held_together(addresses):
        made = program(tuple(address for name in held for address in dict.fromkeys(addresses[name])))
        of |= dict.fromkeys(held, made)
    yield from ((key, of[name]) for key, name in names.items())


def _held_together(addresses: dict[str, list[Address]]) -> Iterator[list[str]]:
    held: list[str] = []
    size = 0
    for name, own in addresses.items():
        if held and size + len(own) > MOST_NODES:
            yield held
            held, size = [], 0
        held.append(name)
        size += len(own)
    if held:
        yield held


def _addresses(rule: Rule) -> Iterator[Address]:
    """The nodes of a rule, whatever its facts are computed by."""
    nodes = rule_nodes(rule, lambda _: _nothing)
    for node in (nodes.where, nodes.when):
        if node is not None:
            yield from _below(node)
    yield stands(name_of(rule))


def _nothing(_env: Env) -> Truth:
    return UNKNOWN


def _below(node: Node) -> Iterator[Address]:
    yield node.at
    for part in node.parts:
        if isinstance(part, Node):
            yield from _below(part)


def together(operator: Operator, size: int) -> Address:
    """Where results of other nodes are put together, whatever rule they are of."""
    return operator, "together", size


@lru_cache(maxsize=1)
def logic() -> Program:
    """The rule set of what belongs to no rule: results of other nodes together, in any number that a node holds."""
    return program(tuple(together(operator, size) for operator in STRENGTHS for size in range(2, MOST_INPUTS + 1)))


@lru_cache(maxsize=512)
def program(addresses: tuple[Address, ...]) -> Program:
    """The rule set with these nodes."""
    rules: dict[str, Any] = {}
    for address in addresses:
        rules |= _stands(address) if address[1] == _STANDS else _strongest(address)
    _check(addresses)
    digest = hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()
    return Program(f"law_{digest[:24]}", rules)


def _strongest(address: Address) -> dict[str, Any]:
    """A node worth its strongest input; one without inputs is worth 0."""
    inputs = [f"c{number}" for number in range(address[2])]
    name = " ".join(map(str, address))
    rules = {f"{name} 0": _rule(address, [{one: 0} for one in inputs], 0)}
    if not inputs:
        return rules
    for result in (1, 2):
        weaker = [{"$lte": {one: result}} for one in inputs]
        rules[f"{name} {result}"] = _rule(address, [*weaker, _one_is(inputs, result)], result)
    rules[f"{name} 3"] = _rule(address, [_one_is(inputs, 3)], 3)
    return rules


def _one_is(inputs: list[str], value: int) -> dict[str, Any]:
    tests: list[dict[str, Any]] = [{one: value} for one in inputs]
    return tests[0] if len(tests) == 1 else {"$or": tests}


def _stands(address: Address) -> dict[str, Any]:
    """A rule under its exceptions. ``c0``: its truth as in a disjunction; ``c1``: the strongest of what defeats it.

    3: it stands, 2: it may, 0: it is defeated. What surely stands defeats it, what may stand leaves it open.
    """
    undecided = {"$or": [{"c0": 1}, {"c0": 2}]}
    name = f"{address[0]} {address[1]}"
    return {
        f"{name} 3": _rule(address, [{"c0": 3}, {"c1": 0}], 3),
        f"{name} 2 by a rival": _rule(address, [{"c0": 3}, {"c1": 2}], 2),
        f"{name} 2": _rule(address, [undecided, {"$lte": {"c1": 2}}], 2),
        f"{name} 0": _rule(address, [{"c1": 3}], 0),
    }


def _rule(address: Address, tests: list[dict[str, Any]], result: int) -> dict[str, Any]:
    """A durable rule. Its tests begin with the node: first the rule, which is the same for several, then the part."""
    rule, part = told(address)
    return {"all": [{"m": {"$and": [{"rule": rule}, {"part": part}, *tests]}}], "run": str(result)}


def _check(addresses: tuple[Address, ...]) -> None:
    """What durable-rules would get wrong without a word, or end the process for."""
    if len(addresses) > MOST_NODES:
        raise TooLarge(f"{len(addresses)} nodes in one rule set: durable-rules holds {MOST_NODES}")
    names = {"sid", "id", "rule", "part", *(f"c{number}" for number in range(MOST_INPUTS))}
    names |= {name for address in addresses for name in told(address)}
    hashes: dict[int, str] = {}
    for name in sorted(names):
        other = hashes.setdefault(fnv1a(name), name)
        if other != name:
            raise TooLarge(f"durable-rules can't tell the names {other!r} and {name!r} apart")


def fnv1a(text: str) -> int:
    """The hash by which durable-rules knows names: FNV-1a, 32 bits."""
    found = 2166136261
    for byte in text.encode():
        found = ((found ^ byte) * 16777619) & 0xFFFFFFFF
    return found
