"""What the remembered values of an evaluation rest on, so that what is tried out leaves all others as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cleiss_rules.facts.shares import NEED_PLACES
from cleiss_rules.law.model import Rule

if TYPE_CHECKING:
    from cleiss_rules.engine.ruleset import RuleSet

_PLACE = "place_of_work"


class Resting:
    """For one rule set, by the names under which values are remembered: which of them rest on a notion."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._uses: dict[object, set[str]] = {}
        places = [compiled.rule for compiled in rules.questions.get(_PLACE, ())]
        for name in (_PLACE, "fictions"):
            self._note(name, (part for rule in places for part in _parts(rule)))
        for key, rule in rules.wording.definitions.items():
            self._note(key, _parts(rule))
        for compiled in (*rules.by_key.values(), *rules.scope):
            rule = compiled.rule
            self._note(rule.key, _parts(rule))
            for condition in rule.when:  # by its text a condition on the whole situation is remembered
                self._note(condition.text, (condition.expr,))
            if not compiled.whole:
                for gate, _ in compiled.gates:
                    self._note(gate, _parts(rule))
        self._apart: dict[frozenset[str], frozenset[object]] = {}
        self._on: dict[frozenset[str], frozenset[object]] = {}

    def apart_from(self, notions: frozenset[str], memo: Mapping[Any, Any]) -> dict[Any, Any]:
        """What is remembered and can't differ where one of these notions is answered otherwise."""
        names = self._apart.get(notions)
        if names is None:
            names = self._apart[notions] = frozenset(self._uses) - self.on(notions)
        return {key: value for key, value in memo.items() if (key[0] if type(key) is tuple else key) in names}

    def on(self, notions: frozenset[str]) -> frozenset[object]:
        """The names of all that rests on one of these notions, that of a rule is its key."""
        known = self._on.get(notions)
        if known is None:
            found: set[object] = set(notions)
            before = 0
            while len(found) > before:
                before = len(found)
                found |= {name for name, used in self._uses.items() if used & found}
            known = self._on[notions] = frozenset(found)
        return known

    def _note(self, name: object, parts: Iterable[Any]) -> None:
        self._uses.setdefault(name, set()).update(used for part in parts for used in self._used(part))

    def _used(self, expr: Any) -> Iterator[str]:
        """The notions, the rules and the places of work that an expression names."""
        if not isinstance(expr, list) or not expr:
            return
        if expr[0] == "def":
            yield expr[1]
        elif expr[:2] == ["call", "meets"]:
            yield from (compiled.rule.key for compiled in self._rules.ending(expr[2][2]))
        elif expr[0] == "answer" or (expr[0] == "fact" and expr[1] in NEED_PLACES):
            yield _PLACE
        for part in expr[1:]:
            yield from self._used(part)


def _parts(rule: Rule) -> Iterator[Any]:
    """The expressions that decide a rule or a notion."""
    yield from (condition.expr for condition in (rule.where, *rule.when) if condition is not None)
    yield from (rule.value, rule.then.value)
    if rule.assess is not None:
        yield from (rule.assess.yes, rule.assess.no)
