"""Why an answer is open: the facts that are missing, the assessments that are an institution's, the gaps in the sources.

The walk follows only what is undecided, so a fact that can't change the outcome is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.findings import Finding, ItemFinding
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.engine.truth import DISCRETION, FALSE, TRUE, UNKNOWN, Truth
from cleiss_rules.engine.walks import OPEN
from cleiss_rules.facts.shares import NEED_PLACES
from cleiss_rules.facts.situation import unstated_links
from cleiss_rules.law.model import Expr, Rule, Text


@dataclass(slots=True, eq=False)
class MissingFact:
    """A fact of the vocabulary that is unknown, and the item (activity, document …) it belongs to."""

    path: str
    item: Any = None


@dataclass(slots=True, eq=False)
class LawGap:
    """A value that no source tells: the rule or parameter, and the article that has to be read."""

    instrument: str
    what: str
    cite: str
    text: Text | None = None
    key: str = ""


@dataclass(slots=True, eq=False)
class OpenAssessment:
    """An assessment that the law leaves to an institution."""

    rule: Rule
    item: Any = None


@dataclass(slots=True, eq=False)
class _Assessed:
    """An assessment that was come by, by what an evaluation remembers it under; what else is found tells why it is open."""

    key: Any
    truth: Truth


Open = MissingFact | LawGap | OpenAssessment
_Found = list[Open | _Assessed]
_QUESTIONER = "questioner"


@dataclass(slots=True, eq=False)
class Assumption:
    """A fact that nobody stated and that a rule only counts when it is shown."""

    path: str
    item: Any = None


class Questioner:
    """Walks the undecided parts of one evaluation, those that several rules share once.

    What is open is one object however often it is come by, so that what is found can be told apart at no cost.
    """

    def __init__(self, rules: RuleSet, env: Env) -> None:
        self.rules, self.env = rules, env
        self.facts = rules.wording.facts
        self._walked: dict[tuple[str | int, int], _Found] = {}
        self._missing: dict[tuple[str, int], MissingFact] = {}
        self._gaps: dict[tuple[str, str, str], LawGap] = {}
        self._told: tuple[Sequence[Finding], list[Open]] = (), []
        self._assessed: dict[Any, Truth] = {}

    @classmethod
    def of(cls, rules: RuleSet, env: Env) -> Questioner:
        """The one of an evaluation, which is asked more than once."""
        known: Questioner | None = env.memo.get(_QUESTIONER)
        if known is None:
            known = env.memo[_QUESTIONER] = cls(rules, env)
        return known

    def open(self, findings: Sequence[Finding]) -> list[Open]:
        """Everything that keeps these rules undecided; what keeps most of them undecided comes first."""
        if findings is not self._told[0]:
            self._walked, self._assessed = {}, {}
            self._told = findings, self._by_weight(findings)
        return self._told[1]

    def assessments(self, findings: Sequence[Finding]) -> Mapping[Any, Truth]:
        """The assessments that keep these rules undecided and how open each is, by what an evaluation remembers it under.

        What an engine happened to look at beyond them decides nothing.
        """
        self.open(findings)
        return self._assessed

    def _by_weight(self, findings: Sequence[Finding]) -> list[Open]:
        weight: dict[Open, int] = {}
        for finding in findings:
            opens: _Found = []
            self._of_rule(finding, opens)
            for found in dict.fromkeys(opens):
                if isinstance(found, _Assessed):
                    self._assessed[found.key] = found.truth
                else:
                    weight[found] = weight.get(found, 0) + 1
        return sorted(weight, key=lambda found: -weight[found])

    def assumptions(self, findings: Iterable[Finding]) -> list[Assumption]:
        """What the rules of an answer took as not shown because nobody stated it."""
        found: dict[tuple[str, int], Assumption] = {}
        env = self.env
        for finding in findings:
            for leaf, function in self.rules.presumed(finding.rule):
                items = env.sit.items(leaf.domain) if leaf.domain else [item.item for item in finding.items]
                if leaf.domain and len(items) == 1:
                    continue  # nothing to leave out where there is only one
                for item in items:
                    env.item = item
                    if function(env) is None:
                        path = leaf.expr[1]
                        owner = item if self.facts[path].domain not in ("person", "case") else None
                        found.setdefault((path, id(owner)), Assumption(path, owner))
        env.item = None
        return list(found.values())

    def _of_rule(self, finding: Finding, out: _Found) -> None:
        rule = finding.rule
        for item in finding.items:
            if item.truth == FALSE:
                self._whether_it_applies(rule, item, out)
                continue
            self._of_item(rule, item, out)
            if item.value is None and rule.then.value is not None:
                self._value(rule.then.value, item.item, out)
        if rule.then.gap is not None and finding.truth != FALSE:
            shared = self.rules.law.instruments[rule.instrument].shared
            instrument = self.rules.instrument.id if shared else rule.instrument
            out.append(self._gap(instrument, rule.title.en, rule.cite, rule.then.gap, rule.id))

    def _whether_it_applies(self, rule: Rule, item: ItemFinding, out: _Found) -> None:
        """An item that would fail the rule keeps it undecided as long as it may not be concerned."""
        if rule.where is not None and item.applies in OPEN:
            self._walk(rule.where.expr, item.item, out)

    def _of_item(self, rule: Rule, item: ItemFinding, out: _Found) -> None:
        self._whether_it_applies(rule, item, out)
        for condition, value in zip(rule.when, item.conditions, strict=True):
            if value in OPEN:
                self._once((condition.text, id(item.item)), self._walk, condition.expr, item.item, out)

    def _once(
        self, key: tuple[str | int, int], walk: Callable[[Any, Any, _Found], object], what: Any, item: Any, out: _Found
    ) -> None:
        """What a walk finds, which is walked once however many rules come by."""
        known = self._walked.get(key)
        if known is None:
            known = self._walked[key] = []
            walk(what, item, known)
        out += known

    def _walk(self, expr: Expr, item: Any, out: _Found) -> Truth:
        """The truth of a condition; where it is not settled, its open leaves are found."""
        env = self.env
        before, env.item = env.item, item
        value = self.rules.walks.through(expr)(env, self._leaf, out)
        env.item = before
        return value

    def _leaf(self, expr: Expr, item: Any, out: _Found) -> None:
        head = expr[0]
        if head == "def":
            self._definition(expr[1], item, out)
        elif head == "cmp":
            self._value(expr[2], item, out)
            self._value(expr[3], item, out)
        elif head == "fact":
            self._value(expr, item, out)
        elif head in ("some", "every"):
            self._quantified(expr, out)
        elif head == "if":
            self._choice(expr, item, out)
        elif head == "call" and expr[1] == "meets":
            self._meets(expr[2][2], item, out)

    def _quantified(self, expr: Expr, out: _Found) -> None:
        _, domain, filter_, body = expr
        for each in self.env.sit.items(domain):
            if filter_ is None or self._walk(filter_, each, out) != FALSE:
                self._walk(body, each, out)

    def _definition(self, key: str, item: Any, out: _Found) -> None:
        self._once((key, id(item)), self._of_definition, key, item, out)

    def _of_definition(self, key: str, item: Any, out: _Found) -> None:
        rule = self.rules.wording.definitions.get(key)
        if rule is None:
            out.append(self._gap(key.split("/", 1)[0], key, key.split("/", 1)[1]))
        elif rule.assess is not None:
            found = self.rules.notion(key, self.env, item)
            if found in OPEN:
                out.append(_Assessed(key if rule.each is None else (key, id(item)), found))
            if found == DISCRETION:
                out.append(OpenAssessment(rule, item))
                return
            for side in (rule.assess.yes, rule.assess.no):
                before = len(out)
                if self._walk(side, item, out) != UNKNOWN:
                    del out[before:]
        elif rule.value is not None:
            (self._walk if rule.type == "bool" else self._value)(rule.value, item, out)

    def _meets(self, rule_id: str, item: Any, out: _Found) -> None:
        for compiled in self.rules.ending(rule_id):
            self._of_item(compiled.rule, self.rules._find_item(compiled, self.env, item), out)

    def _choice(self, expr: Expr, item: Any, out: _Found) -> None:
        settled = self._walk(expr[1], item, out)
        if settled not in OPEN:
            self._value(expr[2] if settled == TRUE else expr[3], item, out)

    def _value(self, expr: Expr, item: Any, out: _Found) -> None:
        """The open leaves of a value that is not known."""
        head = expr[0]
        if head == "fact":
            self._once((self.rules.walks.number(expr), id(item)), self._fact, expr, item, out)
        elif head == "param":
            if self.rules.evaluate(expr, self.env, item) is None:
                out.append(self._unknown_value(expr))
        elif head == "def":
            self._definition(expr[1], item, out)
        elif head == "answer":
            self._place(item, out)
        elif head == "collect":
            self._collected(expr, out)
        elif head == "if":
            self._choice(expr, item, out)
        elif head == "list":
            for part in expr[1:]:
                self._value(part, item, out)
        elif head == "call" and expr[1] != "shown":
            for part in expr[2:]:
                self._value(part, item, out)

    def _unknown_value(self, expr: Expr) -> LawGap:
        instrument, name = expr[1], expr[2]
        parameter = self.rules.law.instruments[instrument].parameters[name]
        found = self.rules.wording.parameters.get((instrument, name))
        cite = found.cite if found else parameter.values[0].cite
        return self._gap(instrument, parameter.title.en, cite, parameter.title, name)

    def _gap(self, instrument: str, what: str, cite: str, text: Text | None = None, key: str = "") -> LawGap:
        known = self._gaps.get((instrument, what, key))
        if known is None:
            known = self._gaps[instrument, what, key] = LawGap(instrument, what, cite, text, key)
        return known

    def _fact_missing(self, path: str, item: Any) -> MissingFact:
        known = self._missing.get((path, id(item)))
        if known is None:
            known = self._missing[path, id(item)] = MissingFact(path, item)
        return known

    def _fact(self, expr: Expr, item: Any, out: _Found) -> None:
        path = expr[1]
        if len(expr) > 2 and self.rules.evaluate(expr[2], self.env, item) is None:
            self._value(expr[2], item, out)
        value = self.rules.evaluate(expr, self.env, item)
        if value is not None and not getattr(value, "open", False):
            return
        if path in NEED_PLACES:
            self._shares(path, out)
            return
        if path == "case.states_involved":
            for link, linked in unstated_links(self.env.sit):
                out.append(self._fact_missing(link, linked))
            return
        if path in ("insured_before", "worked_before") and item.from_ is None:
            path = "activity.start"
        domain = self.facts[path].domain
        out.append(self._fact_missing(path, item if domain not in ("person", "case") else None))

    def _shares(self, path: str, out: _Found) -> None:
        own = "activity.working_time" if path.endswith("time_share") else "activity.remuneration"
        name = own.split(".")[1]
        for activity in self.env.sit.activities:
            if activity.kind is None:
                out.append(self._fact_missing("activity.kind", activity))
            if getattr(activity, name) is None:
                out.append(self._fact_missing(own, activity))

    def _place(self, item: Any, out: _Found) -> None:
        if self.env.place_of(item) is not None:
            return
        found = False
        if item.state is None and item.place is None:  # work on land comes before what is special
            out.append(self._fact_missing("activity.state", item))
            return
        for compiled in self.rules.questions.get("place_of_work", ()):
            finding = self.rules._find_item(compiled, self.env, item)
            if finding.truth == FALSE:
                continue
            found = True
            self._of_item(compiled.rule, finding, out)
            if finding.value is None and compiled.rule.then.value is not None:
                self._value(compiled.rule.then.value, item, out)
        if not found:
            out.append(self._fact_missing("activity.state", item))

    def _collected(self, expr: Expr, out: _Found) -> None:
        _, domain, value, filter_ = expr
        if filter_ is not None:
            filter_ = self.rules.walks.whether_given_or_not(filter_, value)
        for each in self.env.sit.items(domain):
            if filter_ is not None and self._walk(filter_, each, out) == FALSE:
                continue
            if self.rules.evaluate(value, self.env, each) is None:
                self._value(value, each, out)
