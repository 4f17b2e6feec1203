"""The shapes that expressions have most often, each as one function: a call that is not made costs nothing.

They say what the general functions of ``compile`` say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cleiss_rules.engine.truth import DISCRETION, FALSE, NEGATION, TRUE, UNKNOWN, Truth
from cleiss_rules.facts.sets import NONE, KnownSet

if TYPE_CHECKING:
    from cleiss_rules.engine.compile import Env

Function = Callable[["Env"], Any]
#: where a situation keeps the items of a domain
LISTS = {"activity": "activities", "benefit": "benefits", "document": "documents", "agreement": "agreements"}


def conjunction(parts: Sequence[Function]) -> Function:
    """All of them: one false makes it false, else one unknown makes it unknown."""
    if len(parts) == 2:
        return _both(*parts)

    def every(env: Env) -> Truth:
        result = TRUE
        for part in parts:
            value = part(env)
            if value == FALSE:
                return FALSE
            if value == UNKNOWN or (value == DISCRETION and result == TRUE):
                result = value
        return result

    return every


def _both(one: Function, two: Function) -> Function:
    def both(env: Env) -> Truth:
        first = one(env)
        if first == FALSE:
            return FALSE
        second: Truth = two(env)
        if first == UNKNOWN and second != FALSE:
            return UNKNOWN
        return DISCRETION if first == DISCRETION and second == TRUE else second

    return both


def disjunction(parts: Sequence[Function]) -> Function:
    """One of them: one true makes it true, else one unknown makes it unknown."""
    if len(parts) == 2:
        return _either(*parts)

    def some(env: Env) -> Truth:
        result = FALSE
        for part in parts:
            value = part(env)
            if value == TRUE:
                return TRUE
            if value == UNKNOWN or (value == DISCRETION and result == FALSE):
                result = value
        return result

    return some


def _either(one: Function, two: Function) -> Function:
    def either(env: Env) -> Truth:
        first = one(env)
        if first == TRUE:
            return TRUE
        second: Truth = two(env)
        if first == UNKNOWN and second != TRUE:
            return UNKNOWN
        return DISCRETION if first == DISCRETION and second == FALSE else second

    return either


def read_off(attribute: str, constant: Any) -> Function:
    """Whether an attribute of the item is a value."""

    def equals(env: Env) -> Truth:
        value = getattr(env.item, attribute)
        if value is None:
            return UNKNOWN
        return TRUE if value == constant else FALSE

    return equals


def by_table(attribute: str, table: Mapping[bool | None, Truth]) -> Function:
    """The truth by what stands in an attribute of the item."""
    return lambda env: table[getattr(env.item, attribute)]


def of_part(part: str, attribute: str) -> Function:
    """An attribute of a part of the item; unknown of an item that has no such part."""

    def read(env: Env) -> Any:
        held = getattr(env.item, part)
        return None if held is None else getattr(held, attribute)

    return read


def read_off_part(part: str, attribute: str, constant: Any) -> Function:
    """Whether an attribute of a part of the item is a value."""

    def equals(env: Env) -> Truth:
        held = getattr(env.item, part)
        value = None if held is None else getattr(held, attribute)
        if value is None:
            return UNKNOWN
        return TRUE if value == constant else FALSE

    return equals


def read_by(read: Callable[[Any], Any], constant: Any) -> Function:
    """Whether what a function tells of the item is a value."""

    def equals(env: Env) -> Truth:
        value = read(env.item)
        if value is None:
            return UNKNOWN
        return TRUE if value == constant else FALSE

    return equals


def of_employer(attribute: str) -> Function:
    """An attribute of the employer of the item; unknown where none is stated."""

    def read(env: Env) -> Any:
        employer = env.sit.employers[id(env.item)]
        return None if employer is None else getattr(employer, attribute)

    return read


def of_situation(attribute: str) -> Function:
    """An attribute of the situation."""
    return lambda env: getattr(env.sit, attribute)


def negation(inner: Function) -> Function:
    """What is false where the other is true."""
    return lambda env: NEGATION[inner(env)]


def shown(inner: Function, *, negated: bool) -> Function:
    """Whether something is surely so, or the contrary of that; what is open is not."""
    if negated:
        return lambda env: FALSE if inner(env) == TRUE else TRUE
    return lambda env: TRUE if inner(env) == TRUE else FALSE


def one_of(item: Function, found: KnownSet, attribute: str | None) -> Function:
    """Whether a value is in a set that is the same in every evaluation."""
    members, unknown = found.must, UNKNOWN if found.may else FALSE

    def holds(env: Env) -> Truth:
        value = item(env)
        if value is None:
            return unknown
        return TRUE if value in members else FALSE

    def read(env: Env) -> Truth:
        value = getattr(env.item, attribute)  # type: ignore[arg-type]
        if value is None:
            return unknown
        return TRUE if value in members else FALSE

    return holds if attribute is None else read


def collected(domain: str, value: Function, chosen: Function | None) -> Function:
    """``set(activity: … where …)``."""
    items_of = LISTS[domain]

    def collect(env: Env) -> KnownSet:
        must: list[Any] = []
        perhaps: list[Any] = []
        unknown = 0
        before = env.item
        for item in getattr(env.sit, items_of):
            env.item = item
            taken = TRUE if chosen is None else chosen(env)
            if taken == FALSE:
                continue
            member = value(env)
            if member is None:
                unknown += 1
            elif taken == TRUE:
                must.append(member)
            else:
                perhaps.append(member)
        env.item = before
        known = frozenset(must) if must else NONE
        if not (perhaps or unknown):
            return KnownSet(known, known)
        may = known.union(perhaps) if perhaps else known
        return KnownSet(known, may, unknown > 0, len(may) + unknown)

    return collect


def counted(members: Function, operator: str, number: float, within: KnownSet | None) -> Function:
    """``count(within(set, …)) >= 2``, for a number and a second set that are the same in every evaluation."""
    if within is None:

        def count(env: Env) -> Truth:
            found = members(env)
            if found is None:
                return count_compared(0, None, operator, number)
            return count_compared(len(found.must), found.highest, operator, number)

        return count
    other = within.may

    def count_within(env: Env) -> Truth:
        found = members(env)
        if found is None:
            return count_compared(0, None, operator, number)
        must, may = found.must, found.may
        low = len(must & other)
        if found.open:
            return count_compared(low, min(len(other), found.most), operator, number)
        return count_compared(low, low if may is must else min(len(may & other), found.most), operator, number)

    return count_within


def count_compared(low: int, high: int | None, operator: str, number: float) -> Truth:
    """Whether a count that is at least ``low`` and at most ``high`` (None: without bound) compares with a number."""
    if operator == "is":
        if low == high:
            return TRUE if low == number else FALSE
        return UNKNOWN if low <= number and (high is None or number <= high) else FALSE
    least = number if operator in ("<", ">=") else number + 1
    reached = TRUE if low >= least else (FALSE if high is not None and high < least else UNKNOWN)
    return reached if operator in (">", ">=") else NEGATION[reached]
