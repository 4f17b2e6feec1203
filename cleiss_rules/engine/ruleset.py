"""One version of an instrument in one relation, compiled: which rules it has on a day and how they are evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any, cast

from cleiss_rules.calendar import Span
from cleiss_rules.engine.compile import Compiler, Env, Function, Wording
from cleiss_rules.engine.defeats import Defeats
from cleiss_rules.engine.findings import CompiledRule, Finding, ItemFinding, finding_of, of_items
from cleiss_rules.engine.leaves import Leaf, leaves_of
from cleiss_rules.engine.resting import Resting
from cleiss_rules.engine.shapes import LISTS
from cleiss_rules.engine.truth import FALSE, TRUE, Truth
from cleiss_rules.engine.walks import Walks
from cleiss_rules.facts.getters import OF_ITEMS
from cleiss_rules.facts.situation import Situation
from cleiss_rules.law.defeaters import defeaters
from cleiss_rules.law.model import Expr, Instrument, Law, Relation, Rule, Text, Validity

#: the question of the rules that say whether an instrument binds at all
SCOPE = "scope"
_ABSENT: Any = object()
_kind_of_place = OF_ITEMS["activity.place"]
_WHOLE = Relation("", Text("", ""), (), Validity(Span(date.min, None)))


class RuleSet:
    """The rules of one instrument, relation and day, ready to be evaluated on situations."""

    def __init__(
        self,
        law: Law,
        instrument: Instrument,
        relation: Relation | None,
        day: date,
        known_on: date = date.max,
        compiler: type[Compiler] = Compiler,
    ) -> None:
        self.law = law
        self.instrument = instrument
        self.relation = relation or _WHOLE
        self.day = day
        family = [instrument, *(law.instruments[used] for used in instrument.uses)]
        rules = [
            rule
            for member in family
            for rule in member.rules
            if rule.valid.covers(self.relation.id, day) and rule.valid.known(known_on)
        ]
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
        self.compiler = compiler(self.wording, self._rule_truth)
        #: by the identity of an expression, which is kept so that the identity stays its own
        self._presumed: dict[str, tuple[tuple[Leaf, Function], ...]] = {}
        self._leaves: dict[int, tuple[tuple[Leaf, ...], Expr]] = {}
        self._ends: dict[tuple[tuple[str, str | None, bool], ...], tuple[Leaf, ...]] = {}
        self._made: dict[tuple[int, bool], tuple[Function, Any]] = {}
        self._gates: dict[tuple[str, str], Function] = {}
        self._by_place: dict[str | None, Sequence[CompiledRule]] = {}
        self._again: dict[tuple[str, frozenset[str]], tuple[CompiledRule, ...]] = {}
        self.walks = Walks(self.compiler.boolean)
        self.by_key = {rule.key: self._compile(rule) for rule in rules if rule.kind == "rule"}
        binds = [rule for rule in instrument.binds if rule.valid.covers(self.relation.id, day)]
        self.scope = [self._compile(rule) for rule in binds]
        self.questions: dict[str, list[CompiledRule]] = {SCOPE: self.scope}
        for compiled in self.by_key.values():
            self.questions.setdefault(compiled.rule.question, []).append(compiled)
        self._may_hold = {
            question: tuple(one for one in compiled if not self._never_holds(one.rule))
            for question, compiled in self.questions.items()
        }
        self.assessed = frozenset(key for key, rule in self.wording.definitions.items() if rule.assess is not None)
        self.defeaters = Defeats(defeaters([compiled.rule for compiled in self.by_key.values()]))

    @cached_property
    def by_name(self) -> tuple[Sequence[str], Sequence[str]]:
        """The States of the territory, and those outside it, in the order of their names."""
        territory = self.wording.territory
        return sorted(territory), sorted(state for state in self.law.states if state not in territory)

    def env(self, situation: Situation, engine: Any = None) -> Env:
        """A fresh evaluation of a situation; ``engine`` are the rule sets that this one is used with."""
        return Env(situation, self.place_of_work, engine)

    def apart_from(self, notions: frozenset[str], env: Env) -> dict[Any, Any]:
        """What an evaluation remembers that does not rest on some notions."""
        return self._rest.apart_from(notions, env.memo)

    @cached_property
    def _rest(self) -> Resting:
        return Resting(self)

    def findings(self, question: str, env: Env) -> list[Finding]:
        """How every rule of a question fares."""
        env.item = None
        return [self._looked_at(compiled, env) for compiled in self.questions.get(question, ())]

    def live(self, question: str, env: Env) -> list[Finding]:
        """How those rules of a question fare that do not fail: all that an answer needs."""
        return self._live(self._may_hold.get(question, ()), env)

    def live_again(self, question: str, env: Env, before: Sequence[Finding], notions: frozenset[str]) -> list[Finding]:
        """The same where only these notions are answered otherwise than ``before``: only what rests on them is looked at."""
        rules = self._again.get((question, notions))
        if rules is None:
            resting = self._rest.on(notions)
            rules = tuple(one for one in self.questions.get(question, ()) if one.rule.key in resting)
            self._again[question, notions] = rules
        keys = {one.rule.key for one in rules}
        found = [finding for finding in before if finding.rule.key not in keys] + self._live(rules, env)
        return sorted(found, key=lambda finding: self._places[finding.rule.key]) if len(found) > 1 else found

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.by_key)}

    def _live(self, rules: Sequence[CompiledRule], env: Env) -> list[Finding]:
        found: list[Finding] = []
        memo, env.item = env.memo, None
        for compiled in rules:
            for key, gate in compiled.gates:  # a rule that visibly fails: nothing is written down about it
                known = memo.get(key)
                if known is None:
                    known = memo[key] = gate(env)
                if known == FALSE:
                    break
            else:
                finding = self._not_failed(compiled, env) if compiled.whole else self._find(compiled, env)
                if finding.truth != FALSE:
                    found.append(finding)
        return found

    def _looked_at(self, compiled: CompiledRule, env: Env) -> Finding:
        """How a rule fares; one that visibly fails is looked at no further."""
        memo = env.memo
        for place, (key, gate) in enumerate(compiled.gates, start=1):
            known = memo.get(key)
            if known is None:
                known = memo[key] = gate(env)
            if known == FALSE:
                truths = [memo[name] for name, _ in compiled.gates[:place]]
                items = (ItemFinding.failed(compiled, env, truths),) if compiled.whole else ()
                return Finding(compiled.rule, FALSE, items)
        return self._not_failed(compiled, env) if compiled.whole else self._find(compiled, env)

    def _not_failed(self, compiled: CompiledRule, env: Env) -> Finding:
        """How a rule about the whole situation fares of which every condition was looked at, and none fails."""
        memo = env.memo
        item = ItemFinding.known(compiled, env, tuple([memo[key] for key, _ in compiled.gates]))
        return finding_of(compiled.rule, item.truth, (item,))

    def finding(self, key: str, env: Env) -> Finding:
        """How one rule fares. Raises KeyError."""
        return self._find(self.by_key[key], env)

    def scope_findings(self, env: Env) -> list[Finding]:
        """How the rules fare that say whether the instrument binds at all."""
        return self.findings(SCOPE, env)

    def place_of_work(self, env: Env) -> str | None:
        """The State where the activity looked at counts as pursued: fictions first, else where the work is done."""
        key = ("place_of_work", id(env.item))
        known: str | None = env.memo.get(key, _ABSENT)
        if known is _ABSENT:
            known = env.memo[key] = self._place_of_work(env)
        return known

    def _place_of_work(self, env: Env) -> str | None:
        moving = self._fictions(env)
        if not moving:
            return cast(str | None, env.item.state)
        live = [(compiled.rule.key, one) for compiled, one in moving if one.truth != FALSE]
        met = {key for key, one in live if one.truth == TRUE}
        standing = [one for key, one in live if not any(rival in met for rival in self.defeaters.get(key, ()))]
        if not standing:
            return cast(str | None, env.item.state)
        values = {finding.value for finding in standing}
        if all(finding.truth == TRUE for finding in standing) and len(values) == 1:
            return values.pop()
        return None

    def _fictions(self, env: Env) -> Sequence[tuple[CompiledRule, ItemFinding]]:
        """The rules that may move the activity looked at to another State; most work is on land, and none does."""
        key = ("fictions", id(env.item), "all")
        known: Sequence[tuple[CompiledRule, ItemFinding]] | None = env.memo.get(key)
        if known is None:
            item = env.item
            known = env.memo[key] = [
                (compiled, self._find_item(compiled, env, item))
                for compiled in self._moving(_kind_of_place(item))
                if not compiled.when or compiled.when[0](env) != FALSE
            ]
        return known

    def _moving(self, place: str | None) -> Sequence[CompiledRule]:
        """The rules that may move work at such a place (on land, on board a ship …; None: unknown) to another State."""
        known = self._by_place.get(place)
        if known is None:
            rules = self.questions.get("place_of_work", ())
            known = tuple(one for one in rules if place is None or _place_asked_for(one.rule) in (None, place))
            self._by_place[place] = known
        return known

    def places_used(self, env: Env) -> list[Finding]:
        """The fictions that moved an activity of the situation to another State."""
        moved: list[tuple[CompiledRule, ItemFinding]] = []
        for item in env.sit.activities:
            env.item = item
            moved += self._fictions(env)
        if not moved:
            return []
        order = [one.rule.key for one in self.questions["place_of_work"]]
        return [
            Finding(compiled.rule, TRUE, (one,), (one.value,))
            for compiled, one in sorted(moved, key=lambda found: order.index(found[0].rule.key))
            if one.truth == TRUE and one.value is not None and one.value == env.place_of(one.item)
        ]

    def evaluate(self, expr: Any, env: Env, item: Any = None, *, boolean: bool = False) -> Any:
        """The value of one expression, for explanations."""
        key = (id(expr), boolean)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = (self.compiler.boolean(expr) if boolean else self.compiler.compile(expr), expr)
        before, env.item = env.item, item
        value = made[0](env)
        env.item = before
        return value

    def notion(self, key: str, env: Env, item: Any) -> Any:
        """The value of a notion or of an assessment."""
        before, env.item = env.item, item
        value = self.compiler.compile(["def", key])(env)
        env.item = before
        return value

    def leaves(self, expr: Expr) -> tuple[Leaf, ...]:
        """What an expression looks at in the end; the very same for expressions that look at the same."""
        known = self._leaves.get(id(expr))
        if known is None:
            found = leaves_of(expr, self.wording)
            found = self._ends.setdefault(tuple((leaf.name, leaf.domain, leaf.shown) for leaf in found), found)
            known = self._leaves[id(expr)] = (found, expr)
        return known[0]

    def presumed(self, rule: Rule) -> tuple[tuple[Leaf, Function], ...]:
        """The facts that a rule only counts when they are shown, each with its function."""
        known = self._presumed.get(rule.key)
        if known is None:
            conditions = (*((rule.where,) if rule.where else ()), *rule.when)
            leaves = (leaf for condition in conditions for leaf in self.leaves(condition.expr))
            found = {
                f"{leaf.name}{leaf.domain}": leaf
                for leaf in leaves
                if leaf.shown and leaf.expr[0] == "fact" and self.law.facts[leaf.expr[1]].assumed is not None
            }
            known = self._presumed[rule.key] = tuple(
                (leaf, self.compiler.compile(leaf.expr)) for leaf in found.values()
            )
        return known

    def _never_holds(self, rule: Rule) -> bool:
        """Whether a rule asks for another relation than this one."""
        asked = (expr for condition in rule.when if (expr := condition.expr)[:3] == ["cmp", "is", ["run", "relation"]])
        return any(expr[3][0] == "lit" and expr[3][2] != self.relation.id for expr in asked)

    def _compile(self, rule: Rule) -> CompiledRule:
        where = self.compiler.boolean(rule.where.expr) if rule.where is not None else None
        functions = [self.compiler.boolean(condition.expr) for condition in rule.when]
        whole = rule.each is None  # what is said of the whole situation is evaluated once, however many rules say it
        texts = [condition.text for condition in rule.when]
        return CompiledRule(
            rule,
            where,
            tuple(map(_once, texts, functions) if whole else functions),
            self.compiler.compile(rule.then.value) if rule.then.value is not None else None,
            tuple(zip(texts, functions, strict=True)) if whole and where is None else self._gate(rule, where),
            whole and where is None,
        )

    def _gate(self, rule: Rule, where: Function | None) -> tuple[tuple[object, Function], ...]:
        """Whether the situation has an item that a rule may concern; rules that concern the same ones share the answer."""
        if rule.each is None:
            return ()
        key = (rule.each, repr(rule.where.expr) if rule.where is not None else "")
        gate = self._gates.setdefault(key, _concerned(rule.each, where))
        return ((gate, gate),)

    def _rule_truth(self, rule_id: str) -> Function:
        """``meets("12-1")``: whether the activity looked at meets the conditions of a rule."""
        found: list[CompiledRule | None] = []

        def meets(env: Env) -> Truth:
            if not found:  # rules may speak of each other, so the other one is looked up when first asked
                found.append(next(self.ending(rule_id), None))
            other = found[0]
            if other is None or (other.where is not None and other.where(env) == FALSE):
                return FALSE
            return self._find_item(other, env, env.item).truth

        return meets

    def ending(self, rule_id: str) -> Iterator[CompiledRule]:
        """The rules in force whose number this is, in this text and those that it uses."""
        return (compiled for key, compiled in self.by_key.items() if key.endswith(f"/{rule_id}"))

    def _find_item(self, compiled: CompiledRule, env: Env, item: Any) -> ItemFinding:
        key = (compiled.rule.key, id(item), "item")
        known: ItemFinding | None = env.memo.get(key)
        if known is not None:
            return known
        finding = env.memo[key] = ItemFinding(compiled, env, item)
        return finding

    def _find(self, compiled: CompiledRule, env: Env) -> Finding:
        rule = compiled.rule
        if rule.each is not None:
            return of_items(rule, [self._find_item(compiled, env, item) for item in env.sit.items(rule.each)])
        item = ItemFinding(compiled, env, None)
        return Finding(rule, FALSE, (item,)) if item.truth == FALSE else finding_of(rule, item.truth, (item,))


def _place_asked_for(rule: Rule) -> str | None:
    """The kind of place of work that a rule asks for before all else, if any."""
    first = rule.when[0].expr if rule.when else []
    if first[:3] != ["cmp", "is", ["fact", "activity.place"]] or first[3][0] != "lit":
        return None
    return cast(str, first[3][2])


def _once(key: str, function: Function) -> Function:
    def once(env: Env) -> Truth:
        memo = env.memo
        known: Truth | None = memo.get(key)
        if known is None:
            known = memo[key] = function(env)
        return known

    return once


def _concerned(domain: str, where: Function | None) -> Function:
    items_of = LISTS[domain]

    def concerned(env: Env) -> Truth:
        items = getattr(env.sit, items_of)
        if where is None:
            return TRUE if items else FALSE
        result = FALSE
        for item in items:
            env.item = item
            if where(env) != FALSE:
                result = TRUE
                break
        env.item = None
        return result

    return concerned
