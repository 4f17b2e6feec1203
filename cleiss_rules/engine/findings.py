"""How a rule fares on a situation: its truth, for each item that it concerns, and the States it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cleiss_rules.engine import truth
from cleiss_rules.engine.compile import Env, Function
from cleiss_rules.engine.truth import DISCRETION, FALSE, TRUE, UNKNOWN, Truth
from cleiss_rules.law.model import Rule

#: domains whose items each decide for themselves: one document is enough, whereas every activity has to fit
ONE_IS_ENOUGH = frozenset({"document", "agreement", "benefit"})


class ItemFinding:
    """How a rule fares for one item (an activity, a document); ``item`` None for a rule about the whole situation.

    Conditions behind the first false one decide nothing; they are evaluated when somebody looks at them.
    """

    __slots__ = ("_compiled", "_conditions", "_env", "_until_false", "applies", "item", "truth", "value")

    def __init__(self, compiled: CompiledRule, env: Env, item: Any) -> None:
        self._compiled, self._env, self.item = compiled, env, item
        self._conditions: tuple[Truth, ...] | None = None
        self._until_false: Sequence[Truth] | None = None
        self.value: str | None = None
        before, env.item = env.item, item
        self.applies: Truth = TRUE if compiled.where is None else compiled.where(env)
        self.truth: Truth = self._decide(compiled, env)
        if self.truth != FALSE and compiled.value is not None:
            self.value = compiled.value(env)
        env.item = before

    @classmethod
    def told(cls, compiled: CompiledRule, env: Env, item: Any, truths: tuple[Truth, Truth]) -> ItemFinding:
        """The same as another engine found it: whether the rule concerns the item, and whether it is met."""
        found = cls.__new__(cls)
        found._compiled, found._env, found.item = compiled, env, item
        found.applies, found.truth = truths
        found._conditions, found.value = (() if found.applies == FALSE else None), None
        found._until_false = None
        if found.truth != FALSE and compiled.value is not None:
            before, env.item = env.item, item
            found.value = compiled.value(env)
            env.item = before
        return found

    @classmethod
    def known(cls, compiled: CompiledRule, env: Env, truths: tuple[Truth, ...]) -> ItemFinding:
        """The finding on the whole situation where the truth of its conditions is known, and none of them is false."""
        found = cls.__new__(cls)
        found._compiled, found._env, found.item = compiled, env, None
        found.applies, found._until_false, found._conditions = TRUE, truths, truths
        found.truth = UNKNOWN if UNKNOWN in truths else DISCRETION if DISCRETION in truths else TRUE
        found.value = compiled.value(env) if compiled.value is not None else None
        return found

    @classmethod
    def failed(cls, compiled: CompiledRule, env: Env, truths: Sequence[Truth]) -> ItemFinding:
        """The same where the last condition whose truth is known is false."""
        found = cls.__new__(cls)
        found._compiled, found._env, found.item = compiled, env, None
        found.applies, found.truth, found.value = TRUE, FALSE, None
        found._until_false, found._conditions = truths, None
        return found

    def _decide(self, compiled: CompiledRule, env: Env) -> Truth:
        result = self.applies
        if result == FALSE:
            self._conditions = ()
            return FALSE
        values: list[Truth] = []
        for condition in compiled.when:
            value = condition(env)
            values.append(value)
            if value == FALSE:
                self._until_false = values
                return FALSE
            if value == UNKNOWN or (value == DISCRETION and result == TRUE):
                result = value
        self._conditions = tuple(values)
        return result

    @property
    def conditions(self) -> tuple[Truth, ...]:
        """The truth of every condition of ``when``; none where the rule does not concern the item."""
        if self._conditions is None:
            env = self._env
            before, env.item = env.item, self.item
            self._conditions = tuple(condition(env) for condition in self._compiled.when)
            env.item = before
        return self._conditions

    @property
    def until_false(self) -> Sequence[Truth]:
        """The truth of the conditions up to the first that is false, which is as far as they decide something."""
        if self._until_false is None:
            known = self.conditions
            self._until_false = known[: known.index(FALSE) + 1] if FALSE in known else known
        return self._until_false

    def only_missed(self) -> int | None:
        """The place of the condition that fails where all others are met; none where that is not so."""
        known = self.until_false
        place = len(known) - 1
        if self.applies != TRUE or FALSE not in known or known.count(TRUE) != place:
            return None
        env = self._env
        before, env.item = env.item, self.item
        others_met = all(condition(env) == TRUE for condition in self._compiled.when[place + 1 :])
        env.item = before
        return place if others_met else None


@dataclass(slots=True, eq=False)
class Finding:
    """How a rule fares: its truth, and the States it leads to (``values``); ``value_open``: a State is not known."""

    rule: Rule
    truth: Truth
    items: tuple[ItemFinding, ...]
    values: tuple[str, ...] = ()
    value_open: bool = False


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its conditions and its value as functions.

    ``gates``: functions of which one that gives false lets the rule fail, each with the key by which it is remembered;
    ``whole``: they are all that the rule asks, of the whole situation.
    """

    rule: Rule
    where: Function | None
    when: tuple[Function, ...]
    value: Function | None
    gates: tuple[tuple[object, Function], ...] = ()
    whole: bool = False


def of_items(rule: Rule, looked_at: Sequence[ItemFinding]) -> Finding:
    """How a rule that each item decides for itself fares: with one that is enough, or where every one has to fit.

    In both cases one has to be concerned and fit: one that would not fit if it were concerned does not count as concerned.
    """
    items = [item for item in looked_at if item.applies != FALSE]
    if not items:
        return Finding(rule, FALSE, ())
    some = truth.any_of(item.truth for item in items)
    if rule.each in ONE_IS_ENOUGH:
        return finding_of(rule, some, items)
    return finding_of(rule, truth.all_of((some, *(_implied(item) for item in items))), items)


def finding_of(rule: Rule, result: Truth, items: Sequence[ItemFinding]) -> Finding:
    """A rule's finding from those of its items: the States it leads to, and whether one of them is not known."""
    if len(items) == 1 and items[0].truth != FALSE:
        value = items[0].value
        open_ = result != FALSE and (value is None or rule.then.gap is not None)
        return Finding(rule, result, tuple(items), () if value is None else (value,), open_)
    live = [item for item in items if item.truth != FALSE]
    values = tuple(dict.fromkeys(item.value for item in live if item.value is not None))
    open_ = result != FALSE and (rule.then.gap is not None or any(item.value is None for item in live))
    if len(values) > 1 and any(item.truth != result for item in live):
        open_ = True  # which of the items the rule concerns, and so which State it names, is not settled
    return Finding(rule, result, tuple(items), values, open_)


def _implied(item: ItemFinding) -> Truth:
    if item.applies == TRUE:
        return item.truth
    return truth.any_of((truth.NEGATION[item.applies], truth.all_of(item.conditions)))
