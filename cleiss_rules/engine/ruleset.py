"""One version of an instrument in one relation, compiled: which rules it has on a day and how they are evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cleiss_rules.engine import truth
from cleiss_rules.engine.compile import Compiler, Env, Function, Wording
from cleiss_rules.engine.truth import FALSE, TRUE, UNKNOWN, Truth
from cleiss_rules.facts.situation import Situation
from cleiss_rules.law.model import Instrument, Law, Relation, Rule, Text, Validity
from cleiss_rules.calendar import Span

#: domains whose items each decide for themselves: one document is enough, whereas every activity has to fit
_ONE_IS_ENOUGH = frozenset({"document", "agreement", "benefit"})
_WHOLE = Relation("", Text("", ""), (), Validity(Span(date.min, None)))


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """How a rule fares for one item (an activity, a document); ``item`` None for a rule about the whole situation."""

    item: Any
    applies: Truth
    conditions: tuple[Truth, ...]
    truth: Truth
    value: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """How a rule fares: its truth, and the States it leads to (``values``); ``value_open``: a State is not known."""

    rule: Rule
    truth: Truth
    items: tuple[ItemFinding, ...]
    values: tuple[str, ...]
    value_open: bool


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    where: Function | None
    when: tuple[Function, ...]
    value: Function | None


class RuleSet:
    """The rules of one instrument, relation and day, ready to be evaluated on situations."""

    def __init__(self, law: Law, instrument: Instrument, relation: Relation | None, day: date) -> None:
        self.law = law
        self.instrument = instrument
        self.relation = relation or _WHOLE
        self.day = day
        family = [instrument, *(law.instruments[used] for used in instrument.uses)]
        rules = [rule for member in family for rule in member.rules if rule.valid.covers(self.relation.id, day)]
        territory = frozenset[str]().union(*(law.groups[group].on(day) for group in self.relation.territory))
        self.wording = Wording(
            facts=law.facts,
            groups=law.groups,
            parameters={
                (member.id, name): parameter.at(self.relation.id, day)
                for member in family
                for name, parameter in member.parameters.items()
            },
            definitions={rule.key: rule for rule in rules if rule.kind != "rule"},
            relation=self.relation.id,
            territory=territory or frozenset(instrument.states),
            day=day,
        )
        self.compiler = Compiler(self.wording, self._rule_truth)
        self.by_key = {rule.key: self._compile(rule) for rule in rules if rule.kind == "rule"}
        binds = [rule for rule in instrument.binds if rule.valid.covers(self.relation.id, day)]
        self.scope = [self._compile(rule) for rule in binds]
        self.questions: dict[str, list[_Compiled]] = {}
        for compiled in self.by_key.values():
            self.questions.setdefault(compiled.rule.question, []).append(compiled)
        self.defeaters = _defeaters(self.by_key.values())

    def env(self, situation: Situation) -> Env:
        """A fresh evaluation of a situation."""
        return Env(situation, self.place_of_work)

    def findings(self, question: str, env: Env) -> list[Finding]:
        """How every rule of a question fares."""
        return [self._find(compiled, env) for compiled in self.questions.get(question, ())]

    def scope_findings(self, env: Env) -> list[Finding]:
        """How the rules fare that say whether the instrument binds at all."""
        return [self._find(compiled, env) for compiled in self.scope]

    def place_of_work(self, env: Env) -> str | None:
        """The State where the activity looked at counts as pursued: fictions first, else where the work is done."""
        key = ("place_of_work", id(env.item))
        if key not in env.memo:
            env.memo[key] = self._place_of_work(env)
        found: str | None = env.memo[key]
        return found

    def _place_of_work(self, env: Env) -> str | None:
        findings = [self._find_item(c, env, env.item) for c in self.questions.get("place_of_work", ())]
        rules = [compiled.rule for compiled in self.questions.get("place_of_work", ())]
        states = dict(zip((rule.key for rule in rules), findings, strict=True))
        standing = [
            finding
            for rule, finding in zip(rules, findings, strict=True)
            if finding.truth != FALSE and not any(states[d].truth == TRUE for d in self.defeaters.get(rule.key, ()) if d in states)
        ]
        if not standing:
            state: str | None = env.item.state
            return state
        values = {finding.value for finding in standing}
        if all(finding.truth == TRUE for finding in standing) and len(values) == 1:
            return values.pop()
        return None

    def places_used(self, env: Env) -> list[Finding]:
        """The fictions that moved an activity of the situation to another State."""
        used: list[Finding] = []
        for compiled in self.questions.get("place_of_work", ()):
            for item in env.sit.activities:
                finding = self._find_item(compiled, env, item)
                if finding.truth == TRUE and finding.value is not None and finding.value == env.place_of(item):
                    used.append(Finding(compiled.rule, TRUE, (finding,), (finding.value,), value_open=False))
        return used

    def evaluate(self, expr: Any, env: Env, item: Any = None, *, boolean: bool = False) -> Any:
        """The value of one expression, for explanations."""
        env.item = item
        function = self.compiler.boolean(expr) if boolean else self.compiler.compile(expr)
        try:
            return function(env)
        finally:
            env.item = None

    def _compile(self, rule: Rule) -> _Compiled:
        return _Compiled(
            rule,
            self.compiler.boolean(rule.where.expr) if rule.where is not None else None,
            tuple(self.compiler.boolean(condition.expr) for condition in rule.when),
            self.compiler.compile(rule.then.value) if rule.then.value is not None else None,
        )

    def _rule_truth(self, rule_id: str) -> Function:
        """``meets("12-1")``: whether the activity looked at meets the conditions of a rule."""
        suffix = f"/{rule_id}"

        def meets(env: Env) -> Truth:
            compiled = next((c for key, c in self.by_key.items() if key.endswith(suffix)), None)
            if compiled is None:
                return FALSE
            return self._find_item(compiled, env, env.item).truth

        return meets

    def _find_item(self, compiled: _Compiled, env: Env, item: Any) -> ItemFinding:
        key = (compiled.rule.key, id(item), "item")
        known: ItemFinding | None = env.memo.get(key)
        if known is not None:
            return known
        before, env.item = env.item, item
        try:
            applies = TRUE if compiled.where is None else compiled.where(env)
            if applies == FALSE:
                finding = ItemFinding(item, FALSE, (), FALSE, None)
            else:
                conditions = tuple(condition(env) for condition in compiled.when)
                value = compiled.value(env) if compiled.value is not None else None
                finding = ItemFinding(item, applies, conditions, truth.all_of((applies, *conditions)), value)
        finally:
            env.item = before
        env.memo[key] = finding
        return finding

    def _find(self, compiled: _Compiled, env: Env) -> Finding:
        rule = compiled.rule
        if rule.each is None:
            item = self._find_item(compiled, env, None)
            items = [item]
            result = item.truth
        else:
            items = [self._find_item(compiled, env, item) for item in env.sit.items(rule.each)]
            items = [item for item in items if item.applies != FALSE]
            if rule.each in _ONE_IS_ENOUGH:
                result = truth.any_of(item.truth for item in items)
            else:
                some = truth.any_of(item.applies for item in items)
                result = truth.all_of((some, *(_implied(item) for item in items)))
        live = [item for item in items if item.truth != FALSE]
        values = tuple(dict.fromkeys(item.value for item in live if item.value is not None))
        open_ = result != FALSE and (rule.then.gap is not None or any(item.value is None for item in live))
        return Finding(rule, result, tuple(items), values, open_)


def _implied(item: ItemFinding) -> Truth:
    return truth.any_of((truth.NEGATION[item.applies], truth.all_of(item.conditions)))


def _defeaters(rules: Iterable[_Compiled]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for compiled in rules:
        for target in compiled.rule.defeats:
            found.setdefault(target, []).append(compiled.rule.key)
    return {key: tuple(names) for key, names in found.items()}


class RuleSets:
    """Compiled rule sets, made when first asked for and kept; one per instrument, relation and stretch of days."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.changes = {instrument.id: _changes(law, instrument) for instrument in law.instruments.values()}
        self.made: dict[tuple[str, str, date], RuleSet] = {}

    def get(self, instrument: Instrument, relation: Relation | None, day: date) -> RuleSet:
        """The rule set in force on a day."""
        since = max((change for change in self.changes[instrument.id] if change <= day), default=date.min)
        key = (instrument.id, relation.id if relation else "", since)
        made = self.made.get(key)
        if made is None:
            made = self.made[key] = RuleSet(self.law, instrument, relation, max(since, date(1945, 1, 1)))
        return made


def _changes(law: Law, instrument: Instrument) -> list[date]:
    """The days on which a wording, a parameter or the membership of a group changes for an instrument."""
    days: set[date] = set()
    for member in (instrument, *(law.instruments[used] for used in instrument.uses)):
        validities = [rule.valid for rule in (*member.rules, *member.binds)]
        validities += [value.valid for parameter in member.parameters.values() for value in parameter.values]
        validities += [relation.valid for relation in member.relations]
        for validity in (member.valid, *validities):
            for span in (validity.span, *validity.by_relation.values()):
                days |= _edges(span)
    groups = {group for relation in instrument.relations for group in relation.territory} | set(law.groups)
    for group in groups:
        for spans in law.groups[group].members.values():
            for span in spans:
                days |= _edges(span)
    return sorted(days)


def _edges(span: Span) -> set[date]:
    from datetime import timedelta

    return {span.start} | ({span.end + timedelta(days=1)} if span.end is not None else set())


Resolver = Callable[[list[Finding]], Any]
__all__ = ["Finding", "ItemFinding", "RuleSet", "RuleSets", "UNKNOWN"]
