"""The rule sets of the law decided by durable-rules: their conditions, the items they speak of, and their exceptions.

What is computed beforehand are the facts, the comparisons with thresholds and the notions that conditions rest on, each as
one of four truths; what follows from them is fired by durable-rules (``program``). A condition behind one that settles a
rule is not looked at, as in the reference engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.defeats import Defeats
from cleiss_rules.engine.durable.process import Input, Job, process
from cleiss_rules.engine.durable.program import (
    MOST_INPUTS,
    NOT_LOOKED_AT,
    OTHER,
    STRENGTHS,
    TRUTHS,
    Address,
    Leaf,
    Node,
    Operator,
    Program,
    RuleNodes,
    logic,
    name_of,
    programs,
    rule_nodes,
    stands,
    together,
)
from cleiss_rules.engine.findings import ONE_IS_ENOUGH, CompiledRule, Finding, ItemFinding, finding_of
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.engine.truth import FALSE, TRUE, Truth, all_of, any_of

_SETTLES = 3
_COMBINED = {"and": all_of, "or": any_of}


class DurableRuleSet(RuleSet):
    """The rules of one instrument, relation and day, decided by durable-rules."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        every = {one.rule.key: one.rule for one in (*self.by_key.values(), *self.scope)}
        held: dict[str, Program] = {}
        for text in (self.instrument, *(self.law.instruments[used] for used in self.instrument.uses)):
            held |= programs([rule for rule in (*text.rules, *text.binds) if rule.kind == "rule"])
        self._programs = {key: held[key] for key in every}
        self._nodes = {key: rule_nodes(rule, self.compiler.boolean) for key, rule in every.items()}
        self.defeaters = DurableDefeats(self.defeaters, {key: (held[key], name_of(every[key])) for key in every})

    def findings(self, question: str, env: Env) -> list[Finding]:
        """How every rule of a question fares."""
        return self._found(self.questions.get(question, ()), env)

    def _live(self, rules: Sequence[CompiledRule], env: Env) -> list[Finding]:
        return self._found(rules, env, failing=False)

    def finding(self, key: str, env: Env) -> Finding:
        """How one rule fares. Raises KeyError."""
        return self._found([self.by_key[key]], env)[0]

    def scope_findings(self, env: Env) -> list[Finding]:
        """How the rules fare that say whether the instrument binds at all."""
        return self._found(self.scope, env)

    def _found(self, rules: Sequence[CompiledRule], env: Env, *, failing: bool = True) -> list[Finding]:
        sheet = Sheet()
        asked: list[Asked] = []
        for one in rules:
            key = one.rule.key
            items = [None] if one.rule.each is None else env.sit.items(one.rule.each)
            asked.append(Asked(one, self._programs[key], self._nodes[key], items, env, sheet))
        sheet.run()
        return [one.finding(sheet, env) for one in asked if failing or not one.fails(sheet)]


class Sheet:
    """What durable-rules is asked at once, and the results once it was."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self._results: list[int] = []

    def add(self, of: Program, address: Address, inputs: Sequence[Input]) -> int:
        """The place of a new job."""
        self.jobs.append((of, address, inputs))
        return len(self.jobs) - 1

    def run(self) -> None:
        """Lets durable-rules decide all jobs."""
        self._results = process().run(self.jobs) if self.jobs else []

    def truth(self, given: Input, operator: Operator) -> Truth:
        """What an input of an operator came to."""
        if isinstance(given, int):
            return TRUTHS[operator][given]
        place, turned = given
        return TRUTHS[OTHER[operator] if turned else operator][self._results[place]]

    def result(self, place: int) -> int:
        """How strong a job came out."""
        return self._results[place]

    def node(self, of: Program, node: Node, env: Env) -> tuple[int, Truth]:
        """The job of a node; and its truth, which only tells what need not be looked at any more."""
        strengths = STRENGTHS[node.operator]
        inputs: list[Input] = []
        truths: list[Truth] = []
        for part in node.parts:
            if isinstance(part, Leaf):
                found = part.truth(env)
                inputs.append(strengths[found])
            else:
                place, found = self.node(of, part, env)
                inputs.append((place, part.operator != node.operator))
            truths.append(found)
            if strengths[found] == _SETTLES:
                inputs += [NOT_LOOKED_AT] * (len(node.parts) - len(inputs))
                break
        return self.add(of, node.at, inputs), _COMBINED[node.operator](truths)

    def combined(self, operator: Operator, inputs: Sequence[Input]) -> Input:
        """A conjunction or disjunction of earlier jobs or known strengths, in groups where there are many.

        One alone is what it is: there is nothing to ask.
        """
        held = list(inputs)
        while len(held) > MOST_INPUTS:
            groups = [held[start : start + MOST_INPUTS] for start in range(0, len(held), MOST_INPUTS)]
            held = [self.combined(operator, group) for group in groups]
        if len(held) == 1:
            return held[0]
        return self.add(logic(), together(operator, len(held)), held), False


class Asked:
    """One rule put to durable-rules: a job for each of its items, and one for all of them together."""

    def __init__(
        self, compiled: CompiledRule, of: Program, nodes: RuleNodes, items: Sequence[Any], env: Env, sheet: Sheet
    ) -> None:
        self._compiled = compiled
        self._items: list[tuple[Any, Input | None, Input, Input | None]] = []
        before = env.item
        for item in items:
            env.item = item
            where: Input | None = None
            if nodes.where is not None:
                place, applies = sheet.node(of, nodes.where, env)
                where = place, False
                if applies == FALSE:
                    self._items.append((item, where, where, None))
                    continue
            when = sheet.node(of, nodes.when, env)[0], False
            met = when if where is None else sheet.combined("and", [where, when])
            self._items.append((item, where, met, when))
        env.item = before
        self._whole = self._of_all(sheet)

    def _of_all(self, sheet: Sheet) -> tuple[Input, Operator]:
        """One document is enough for a rule on documents; every activity that a rule concerns has to fit it."""
        if self._compiled.rule.each is None:
            return self._items[0][2], "and"
        if not self._items:
            return STRENGTHS["and"][FALSE], "and"
        some = sheet.combined("or", [_turned(met) for _, _, met, _ in self._items])
        if self._compiled.rule.each in ONE_IS_ENOUGH:
            return some, "or"
        implied: list[Input] = []
        for _, where, _, when in self._items:  # what a rule does not concern need not meet it
            ways = [*([where] if where is not None else []), *([_turned(when)] if when is not None else [])]
            implied.append(_turned(sheet.combined("or", ways)))
        return sheet.combined("and", [_turned(some), *implied]), "and"

    def fails(self, sheet: Sheet) -> bool:
        """Whether durable-rules found that the rule is not met."""
        return sheet.truth(*self._whole) == FALSE

    def finding(self, sheet: Sheet, env: Env) -> Finding:
        """What durable-rules found."""
        rule = self._compiled.rule
        items: list[ItemFinding] = []
        for item, where, met, _ in self._items:
            applies = sheet.truth(where, "and") if where is not None else TRUE
            if rule.each is None or applies != FALSE:
                items.append(ItemFinding.told(self._compiled, env, item, (applies, sheet.truth(met, "and"))))
        result = sheet.truth(*self._whole)
        if not items or (result == FALSE and rule.each is None):
            return Finding(rule, FALSE, tuple(items))
        return finding_of(rule, result, items)


def _turned(given: Input) -> Input:
    """The same as an input of the other operator, which asks for its negation or takes it as it is."""
    if isinstance(given, int):
        return _SETTLES - given if given in (0, _SETTLES) else given
    return given[0], not given[1]


class DurableDefeats(Defeats):
    """Exceptions decided by durable-rules; each rule under its name in the rule set that it is part of."""

    def __init__(self, beaten_by: Mapping[str, tuple[str, ...]], named: Mapping[str, tuple[Program, str]]) -> None:
        super().__init__(beaten_by)
        self._named = named

    def standing(self, truths: Mapping[str, Sequence[Truth]]) -> Mapping[str, tuple[bool, bool]]:
        """For every rule that may be met, whether it surely stands and whether it possibly does."""
        sheet = Sheet()
        places: dict[str, int] = {}

        def place(key: str) -> int:
            if key not in places:
                met = sheet.combined("or", [STRENGTHS["or"][value] for value in truths[key]])
                rivals: list[Input] = [(place(rival), False) for rival in self.get(key, ()) if rival in truths]
                of, name = self._named[key]
                places[key] = sheet.add(of, stands(name), [met, sheet.combined("or", rivals) if rivals else 0])
            return places[key]

        for key in truths:
            place(key)
        sheet.run()
        return {key: _stands(sheet, at) for key, at in places.items()}


def _stands(sheet: Sheet, place: int) -> tuple[bool, bool]:
    result = sheet.result(place)
    return result == _SETTLES, result > 0
