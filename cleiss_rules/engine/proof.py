"""The proof of one answer: which rules were looked at, what each condition gave on which facts, what defeats what.

The one object that words, HTML, diagrams and JSON are rendered from. Values of facts are read when a node is opened, so
that an answer whose proof nobody opens costs little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from cleiss_rules.calendar import Period, Span
from cleiss_rules.engine import truth
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.reference import Resolution
from cleiss_rules.engine.ruleset import Finding, ItemFinding, RuleSet
from cleiss_rules.facts.paths import case_path
from cleiss_rules.facts.sets import KnownSet
from cleiss_rules.law.model import Expr


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that a condition looked at: vocabulary name, arguments, place in the case, value (None: unknown)."""

    name: str
    argument: Any
    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class NotionUsed:
    """A definition, assessment or parameter that a condition looked at, with its value and its article."""

    key: str
    cite: str
    value: Any


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything behind one answer."""

    rules: RuleSet
    env: Env
    scope: tuple[Finding, ...]
    binding: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    places: tuple[Finding, ...]
    resolution: Resolution
    by_rules: Resolution | None = None

    def state_of(self, finding: Finding) -> str:
        """How a rule fares: stands, defeated, open, or fails."""
        key = finding.rule.key
        if any(key == standing.rule.key for standing in self.resolution.standing):
            return "stands"
        if key in self.resolution.defeated:
            return "defeated"
        return "fails" if finding.truth == truth.FALSE else "open"

    def facts_of(self, expr: Expr, item: Any) -> list[FactUsed]:
        """The facts that an expression looks at, those of its definitions included, each once."""
        found: dict[tuple[str, str, str], FactUsed] = {}
        for used in self._used(expr, item, frozenset()):
            if isinstance(used, FactUsed):
                found.setdefault((used.name, str(used.argument), used.path), used)
        return list(found.values())

    def notions_of(self, expr: Expr, item: Any) -> list[NotionUsed]:
        """The definitions, assessments and parameters that an expression looks at."""
        found: dict[str, NotionUsed] = {}
        for used in self._used(expr, item, frozenset()):
            if isinstance(used, NotionUsed):
                found.setdefault(used.key, used)
        return list(found.values())

    def _used(self, expr: Any, item: Any, seen: frozenset[str]) -> Iterator[FactUsed | NotionUsed]:
        head = expr[0]
        if head == "fact":
            yield self._fact(expr, item)
            for argument in expr[2:]:
                yield from self._used(argument, item, seen)
        elif head == "param":
            value = self.rules.wording.parameters.get((expr[1], expr[2]))
            if value is not None:
                yield NotionUsed(f"{expr[1]}/{expr[2]}", value.cite, value.value)
        elif head == "answer":
            yield FactUsed(
                "activity.state", None, case_path(self.env.sit.case, "activity.state", item), self.env.place_of(item)
            )
        elif head == "def":
            yield from self._definition(expr, item, seen)
        else:
            items = self.env.sit.items(expr[1]) if head in ("some", "every", "collect") else [item]
            parts = [part for part in expr[1:] if isinstance(part, list) and part and isinstance(part[0], str)]
            for each, part in product(items, parts):
                yield from self._used(part, each, seen)

    def _definition(self, expr: Expr, item: Any, seen: frozenset[str]) -> Iterator[FactUsed | NotionUsed]:
        key = expr[1]
        rule = self.rules.wording.definitions.get(key)
        if rule is None or key in seen:
            return
        value = self.rules.evaluate(expr, self.env, item)
        yield NotionUsed(key, rule.cite, value)
        for part in [rule.assess.yes, rule.assess.no] if rule.assess else [rule.value]:
            if part is not None:
                yield from self._used(part, item, seen | {key})

    def _fact(self, expr: Expr, item: Any) -> FactUsed:
        name = expr[1]
        argument = self.rules.evaluate(expr[2], self.env, item) if len(expr) > 2 else None
        value = self.rules.evaluate(expr, self.env, item)
        return FactUsed(name, argument, case_path(self.env.sit.case, name, item), value)

    def as_dict(self) -> dict[str, Any]:
        """The proof as plain JSON values."""
        resolution = self.resolution
        return {
            "instrument": self.rules.instrument.id,
            "relation": self.rules.relation.id or None,
            "text_in_force_since": self.rules.day.isoformat(),
            "applies": [self._finding(finding) for finding in self.scope if finding.truth != truth.FALSE],
            "already_fixed": [self._finding(finding) for finding in self.binding],
            "places_of_work": [self._finding(finding) for finding in self.places],
            "rules": [self._finding(finding) for finding in self.findings],
            "defeated": {key: list(by) for key, by in resolution.defeated.items()},
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        rule = finding.rule
        return {
            "rule": rule.key,
            "cite": rule.cite,
            "title": {"fr": rule.title.fr, "en": rule.title.en},
            "grade": rule.source.grade,
            "state": self.state_of(finding),
            "truth": truth.NAMES[finding.truth],
            "legislation": list(finding.values),
            "items": [self._item(finding, item) for item in finding.items],
        }

    def _item(self, finding: Finding, item: ItemFinding) -> dict[str, Any]:
        conditions = zip(finding.rule.when, item.conditions, strict=False)
        return {
            "item": case_path(self.env.sit.case, "", item.item) or None,
            "truth": truth.NAMES[item.truth],
            "conditions": [
                {
                    "if": condition.text,
                    "truth": truth.NAMES[value],
                    "facts": [
                        {"fact": used.name, "path": used.path, "value": plain(used.value)}
                        for used in self.facts_of(condition.expr, item.item)
                    ],
                }
                for condition, value in conditions
            ],
        }


def plain(value: Any) -> Any:
    """A value of the engine as JSON."""
    if isinstance(value, KnownSet):
        return sorted(str(item) for item in value.may)
    if isinstance(value, Span):
        return {"from": value.start.isoformat(), "to": value.end.isoformat() if value.end else None}
    if isinstance(value, Period):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
