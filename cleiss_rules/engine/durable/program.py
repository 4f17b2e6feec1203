"""From the rules of a question to a rule set of durable-rules.

Every conjunction and disjunction of the law becomes a *node* with up to twelve inputs and four durable rules, one for
each truth it can have. The inputs are numbers: how strongly one of them decides the node, which is 3 for what settles it
alone (false in a conjunction, true in a disjunction), 2 for unknown, 1 for discretion, 0 for what leaves it to the
others, 4 for what was not looked at because the node is settled. A node is worth its strongest input. Negations are
carried down to the facts. An exception is a node too: its inputs are the rules that defeat a rule.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from cleiss_rules.engine.compile import Compiler, Env, Function
from cleiss_rules.engine.truth import DISCRETION, FALSE, NEGATION, TRUE, UNKNOWN, Truth
from cleiss_rules.errors import CleissRulesError
from cleiss_rules.law.model import Expr, Rule

Operator = Literal["and", "or"]
#: by operator: how strongly each truth decides a node, and back
STRENGTHS: dict[Operator, dict[Truth, int]] = {
    "and": {TRUE: 0, DISCRETION: 1, UNKNOWN: 2, FALSE: 3},
    "or": {FALSE: 0, DISCRETION: 1, UNKNOWN: 2, TRUE: 3},
}
TRUTHS: dict[Operator, tuple[Truth, ...]] = {
    operator: tuple(sorted(strengths, key=lambda truth: strengths[truth])) for operator, strengths in STRENGTHS.items()
}
NOT_LOOKED_AT = 4
#: durable-rules takes 32 terms in a condition; the longest one here has two for each input and seven more
MOST_INPUTS = 12
#: durable-rules answers no more with some 510 different values in the conditions on one property
MOST_NODES = 480
_OTHER: dict[Operator, Operator] = {"and": "or", "or": "and"}


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
    """A conjunction or disjunction, under the name it has in the rule set."""

    name: str
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


def rule_nodes(rule: Rule, compiler: Compiler) -> RuleNodes:
    """The nodes of a rule of the law."""
    name = name_of(rule)
    where = _node(f"{name}.where", "and", [_tree(rule.where.expr, compiler)]) if rule.where is not None else None
    when = _node(f"{name}.when", "and", [_tree(condition.expr, compiler) for condition in rule.when])
    return RuleNodes(where, when)


_Tree = Leaf | tuple[Operator, list[Any]]


def _tree(expr: Expr, compiler: Compiler, *, negated: bool = False) -> _Tree:
    """A condition with its negations at the leaves."""
    head = expr[0]
    if head == "not":
        return _tree(expr[1], compiler, negated=not negated)
    if head in _OTHER:
        operator: Operator = "and" if (head == "and") is not negated else "or"
        return operator, [_tree(part, compiler, negated=negated) for part in expr[1:]]
    return Leaf(compiler.boolean(expr), negated)


def _node(name: str, operator: Operator, trees: Iterable[_Tree]) -> Node:
    """A node with what is of its own kind taken in, in the order of the text; where that is too much, in groups."""
    parts: list[Leaf | Node] = []
    for number, tree in enumerate(_flat(operator, trees)):
        parts.append(tree if isinstance(tree, Leaf) else _node(f"{name}.{number}", tree[0], tree[1]))
    if len(parts) <= MOST_INPUTS:
        return Node(name, operator, tuple(parts))
    groups = [tuple(parts[start : start + MOST_INPUTS]) for start in range(0, len(parts), MOST_INPUTS)]
    return Node(name, operator, tuple(Node(f"{name}.g{n}", operator, group) for n, group in enumerate(groups)))


def _flat(operator: Operator, trees: Iterable[_Tree]) -> Iterator[_Tree]:
    for tree in trees:
        if isinstance(tree, tuple) and tree[0] == operator:
            yield from _flat(operator, tree[1])
        else:
            yield tree


@dataclass(frozen=True, slots=True)
class Program:
    """A rule set of durable-rules; the name follows from its content."""

    name: str
    rules: dict[str, Any]


def program(nodes: Iterable[Node], rivals: Iterable[str] = (), widths: Iterable[tuple[str, int]] = ()) -> Program:
    """The rule set with these nodes, with the exceptions of the rules named, and with nodes of other widths."""
    sizes: dict[str, int] = {}
    for node in nodes:
        for one in _below(node):
            sizes[one.name] = len(one.parts)
    sizes |= dict(widths)
    rules: dict[str, Any] = {}
    for name, size in sizes.items():
        rules |= _strongest(name, size)
    for name in rivals:
        rules |= _stands(name)
    _check(rules, len(sizes) + len(tuple(rivals)))
    digest = hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()
    return Program(f"law_{digest[:24]}", rules)


def _below(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        if isinstance(part, Node):
            yield from _below(part)


def _strongest(name: str, size: int) -> dict[str, Any]:
    """A node worth its strongest input; one without inputs is worth 0."""
    inputs = [f"c{number}" for number in range(size)]
    rules = {f"{name} 0": _rule(name, [{one: 0} for one in inputs], 0)}
    if not inputs:
        return rules
    for result in (1, 2):
        weaker = [{"$lte": {one: result}} for one in inputs]
        rules[f"{name} {result}"] = _rule(name, [*weaker, _one_is(inputs, result)], result)
    rules[f"{name} 3"] = _rule(name, [_one_is(inputs, 3)], 3)
    return rules


def _one_is(inputs: list[str], value: int) -> dict[str, Any]:
    tests: list[dict[str, Any]] = [{one: value} for one in inputs]
    return tests[0] if len(tests) == 1 else {"$or": tests}


def _stands(name: str) -> dict[str, Any]:
    """A rule under its exceptions. ``c0``: its truth as in a disjunction; ``c1``: the strongest of what defeats it.

    3: it stands, 2: it may, 0: it is defeated. What surely stands defeats it, what may stand leaves it open.
    """
    undecided = {"$or": [{"c0": 1}, {"c0": 2}]}
    return {
        f"{name} 3": _rule(name, [{"c0": 3}, {"c1": 0}], 3),
        f"{name} 2 by a rival": _rule(name, [{"c0": 3}, {"c1": 2}], 2),
        f"{name} 2": _rule(name, [undecided, {"$lte": {"c1": 2}}], 2),
        f"{name} 0": _rule(name, [{"c1": 3}], 0),
    }


def _rule(name: str, tests: list[dict[str, Any]], result: int) -> dict[str, Any]:
    return {"all": [{"m": {"$and": [{"node": name}, *tests]}}], "run": str(result)}


def _check(rules: dict[str, Any], nodes: int) -> None:
    """What durable-rules would get wrong without a word, or end the process for."""
    if nodes > MOST_NODES:
        raise TooLarge(f"{nodes} nodes in one rule set: durable-rules holds {MOST_NODES}")
    names = {"sid", "id", "node", *(f"c{number}" for number in range(MOST_INPUTS))}
    names |= {rule["all"][0]["m"]["$and"][0]["node"] for rule in rules.values()}
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
