"""Conditions as functions that settle them and come by the leaves that keep them open.

A walk goes through the parts of a condition until they settle it; what was come by on the way is then forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cleiss_rules.engine.compile import Env, Function
from cleiss_rules.engine.truth import DISCRETION, FALSE, NEGATION, TRUE, UNKNOWN, Truth
from cleiss_rules.law.model import Expr

#: what is found, and who is told of an open leaf of a condition on the item looked at
Found = list[Any]
Leaf = Callable[[Expr, Any, Found], None]
#: the truth of a condition in an evaluation
Walk = Callable[[Env, Leaf, Found], Truth]
OPEN = (UNKNOWN, DISCRETION)


class Walks:
    """The walks through the conditions of one rule set, each made when first gone."""

    def __init__(self, truth_of: Callable[[Expr], Function]) -> None:
        self._truth_of = truth_of
        #: by the identity of an expression, which is kept so that the identity stays its own
        self._made: dict[int, tuple[Walk, Expr]] = {}
        self._regardless: dict[int, tuple[Expr, Expr]] = {}
        self._numbers: dict[str, int] = {}
        self._number_of: dict[int, tuple[int, Expr]] = {}

    def through(self, expr: Expr) -> Walk:
        """The walk through a condition."""
        known = self._made.get(id(expr))
        if known is None:
            known = self._made[id(expr)] = self._walk(expr), expr
        return known[0]

    def number(self, expr: Expr) -> int:
        """The same for every expression that says the same."""
        known = self._number_of.get(id(expr))
        if known is None:
            known = self._number_of[id(expr)] = self._numbers.setdefault(repr(expr), len(self._numbers)), expr
        return known[0]

    def whether_given_or_not(self, chosen: Expr, value: Expr) -> Expr:
        """What chooses the members of a set (``where … and x is given``), but for whether the member is stated.

        A set that takes only what is stated tells nothing where it is not; so that is what has to be asked for.
        """
        known = self._regardless.get(id(chosen))
        if known is None:
            given = ["given", value]
            parts = [part for part in chosen if part != given] if chosen[0] == "and" else chosen
            known = self._regardless[id(chosen)] = parts, chosen
        return known[0]

    def _walk(self, expr: Expr) -> Walk:
        head = expr[0]
        if head == "and":
            return _all([self._walk(part) for part in expr[1:]], FALSE)
        if head == "or":
            return _all([self._walk(part) for part in expr[1:]], TRUE)
        if head == "not":
            return _negated(self._walk(expr[1]))
        return _leaf(expr, self._truth_of(expr))


def _all(parts: Sequence[Walk], settling: Truth) -> Walk:
    """Several conditions, of which one may settle all: then nothing is open."""
    neutral = NEGATION[settling]

    def walk(env: Env, leaf: Leaf, out: Found) -> Truth:
        before, result = len(out), neutral
        for part in parts:
            value = part(env, leaf, out)
            if value == settling:
                del out[before:]
                return value
            if value == UNKNOWN or (value == DISCRETION and result == neutral):
                result = value
        return result

    return walk


def _negated(inner: Walk) -> Walk:
    return lambda env, leaf, out: NEGATION[inner(env, leaf, out)]


def _leaf(expr: Expr, function: Function) -> Walk:
    def walk(env: Env, leaf: Leaf, out: Found) -> Truth:
        value: Truth = function(env)
        if value in OPEN:
            leaf(expr, env.item, out)
        return value

    return walk
