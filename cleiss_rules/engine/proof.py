"""The proof of one answer: which rules were looked at, what each condition gave on which facts, what defeats what.

The one object that words, HTML, diagrams and JSON are rendered from. Values of facts are read when a node is opened, so
that an answer whose proof nobody opens costs little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cleiss_rules.calendar import Period, Span
from cleiss_rules.engine import truth
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.findings import Finding, ItemFinding
from cleiss_rules.engine.leaves import Leaf
from cleiss_rules.engine.reference import Resolution
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.facts.paths import case_path
from cleiss_rules.facts.sets import KnownSet
from cleiss_rules.law.model import Expr

#: what is JSON as it stands
_PLAIN = frozenset({type(None), bool, str, int, float})


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact that a condition looked at: vocabulary name, arguments, place in the case, value (None: unknown).

    ``dated``: whether a length of time is one of known days, and not only of a stated number of months. ``owner``: the
    name of the activity it belongs to, where there are several.
    """

    name: str
    argument: Any
    path: str
    value: Any
    dated: bool = True
    owner: str | None = None


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
    places: tuple[Finding, ...]
    resolution: Resolution
    by_rules: Resolution | None = None

    @property
    def findings(self) -> list[Finding]:
        """How every rule on the applicable legislation fares, those that fail included."""
        return self._all("applicable_legislation")

    @property
    def binding(self) -> list[Finding]:
        """How every rule fares that tells what is already fixed."""
        return [*self._all("binding"), *self._all("transition")]

    def _all(self, question: str) -> list[Finding]:
        key = ("findings", question, "all")
        known: list[Finding] | None = self.env.memo.get(key)
        if known is None:
            known = self.env.memo[key] = self.rules.findings(question, self.env)
        return known

    def state_of(self, finding: Finding) -> str:
        """How a rule fares: stands, defeated, open, or fails."""
        key = finding.rule.key
        if key in [standing.rule.key for standing in self.resolution.standing]:
            return "stands"
        if key in self.resolution.defeated:
            return "defeated"
        return "fails" if finding.truth == truth.FALSE else "open"

    def facts_of(self, expr: Expr, item: Any) -> Sequence[FactUsed]:
        """The facts that an expression looks at, those of its definitions included, each once."""
        leaves = self.rules.leaves(expr)
        memo, key = self.env.memo, ("facts", id(leaves), id(item))
        known: Sequence[FactUsed] | None = memo.get(key)
        if known is None:
            found: dict[str, FactUsed] = {}
            for leaf in leaves:
                if leaf.expr[0] in ("fact", "answer"):
                    for name, used in self._told(leaf, item):
                        found.setdefault(name, used)
            known = memo[key] = tuple(found.values())
        return known

    def notions_of(self, expr: Expr, item: Any) -> list[NotionUsed]:
        """The definitions, assessments and parameters that an expression looks at."""
        found: dict[str, NotionUsed] = {}
        for leaf in self.rules.leaves(expr):
            for each in self.env.sit.items(leaf.domain) if leaf.domain is not None else (item,):
                notion = self._notion(leaf.expr, each)
                if notion is not None:
                    found.setdefault(notion.key, notion)
        return list(found.values())

    def _notion(self, expr: Expr, item: Any) -> NotionUsed | None:
        wording = self.rules.wording
        if expr[0] == "param":
            value = wording.parameters.get((expr[1], expr[2]))
            return None if value is None else NotionUsed(f"{expr[1]}/{expr[2]}", value.cite, value.value)
        rule = wording.definitions.get(expr[1]) if expr[0] == "def" else None
        return None if rule is None else NotionUsed(rule.key, rule.cite, self.rules.evaluate(expr, self.env, item))

    def _told(self, leaf: Leaf, item: Any) -> Sequence[tuple[str, FactUsed]]:
        """A fact for every item it is looked at for, with what tells it from others; many conditions look at the same."""
        memo, key = self.env.memo, ("fact", leaf.name, leaf.domain or id(item))
        known: Sequence[tuple[str, FactUsed]] | None = memo.get(key)
        if known is None:
            items = self.env.sit.items(leaf.domain) if leaf.domain is not None else (item,)
            told = [self._fact(leaf.expr, each) for each in items]
            known = memo[key] = tuple((f"{used.name}\n{used.argument}\n{used.path}", used) for used in told)
        return known

    def _fact(self, expr: Expr, item: Any) -> FactUsed:
        case = self.env.sit.case
        if expr[0] == "answer":
            path = case_path(case, "activity.state", item)
            return FactUsed(
                "activity.state", None, path, self.env.place_of(item), owner=self._owner("activity.state", item)
            )
        argument = self.rules.evaluate(expr[2], self.env, item) if len(expr) > 2 else None
        value = self.rules.evaluate(expr, self.env, item)
        dated = getattr(item, "from_", None) is not None
        path = case_path(case, expr[1], item)
        return FactUsed(expr[1], argument, path, value, dated, self._owner(expr[1], item))

    def _owner(self, name: str, item: Any) -> str | None:
        several = len(self.env.sit.activities) > 1
        concerns_one = self.rules.law.facts[name].domain not in ("person", "case")
        return case_path(self.env.sit.case, "", item) if several and concerns_one and item is not None else None

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
        # what fails is shown up to where it fails
        values = item.until_false if item.truth == truth.FALSE else item.conditions
        return {
            "item": case_path(self.env.sit.case, "", item.item) or None,
            "truth": truth.NAMES[item.truth],
            "conditions": [
                {
                    "if": condition.text,
                    "truth": truth.NAMES[value],
                    "facts": [
                        {
                            "fact": used.name,
                            "path": used.path,
                            "value": used.value if type(used.value) in _PLAIN else plain(used.value),
                        }
                        for used in self.facts_of(condition.expr, item.item)
                    ],
                }
                for condition, value in zip(finding.rule.when, values, strict=False)
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
