"""The rule sets of the law decided by durable-rules: their conditions, the items they speak of, and their exceptions.

What is computed beforehand are the facts, the comparisons with thresholds and the notions that conditions rest on, each as
one of four truths; what follows from them is fired by durable-rules (``program``). A condition behind one that settles a
rule is not looked at, as in the reference engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.defeats import Defeats
from cleiss_rules.engine.durable.process import Job, process
from cleiss_rules.engine.durable.program import (
    MOST_INPUTS,
    MOST_NODES,
    NOT_LOOKED_AT,
    STRENGTHS,
    TRUTHS,
    Leaf,
    Node,
    Operator,
    Program,
    RuleNodes,
    program,
    rule_nodes,
)
from cleiss_rules.engine.ruleset import ONE_IS_ENOUGH, CompiledRule, Finding, ItemFinding, RuleSet, finding_of
from cleiss_rules.engine.truth import FALSE, Truth, all_of, any_of

_SETTLES = 3
_WIDTHS = [(f"{operator}.{size}", size) for operator in STRENGTHS for size in range(1, MOST_INPUTS + 1)]
_COMBINED = {"and": all_of, "or": any_of}


class DurableRuleSet(RuleSet):
    """The rules of one instrument, relation and day, decided by durable-rules."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        every = [*self.by_key.values(), *self.scope]
        self._nodes: dict[str, RuleNodes] = {one.rule.key: rule_nodes(one.rule, self.compiler) for one in every}
        self._programs = dict(_programs(every, self._nodes))
        self.defeaters = DurableDefeats(self.defeaters)

    def findings(self, question: str, env: Env) -> list[Finding]:
        """How every rule of a question fares."""
        return self._found(self.questions.get(question, ()), env)

    def live(self, question: str, env: Env) -> list[Finding]:
        """How those rules of a question fare that do not fail."""
        return [finding for finding in self.findings(question, env) if finding.truth != FALSE]

    def finding(self, key: str, env: Env) -> Finding:
        """How one rule fares. Raises KeyError."""
        return self._found([self.by_key[key]], env)[0]

    def scope_findings(self, env: Env) -> list[Finding]:
        """How the rules fare that say whether the instrument binds at all."""
        return self._found(self.scope, env)

    def _found(self, rules: Sequence[CompiledRule], env: Env) -> list[Finding]:
        sheets: dict[str, Sheet] = {}
        asked: list[tuple[CompiledRule, Sheet, Asked]] = []
        for one in rules:
            rule_program = self._programs[one.rule.key]
            sheet = sheets.setdefault(rule_program.name, Sheet(rule_program))
            items = [None] if one.rule.each is None else env.sit.items(one.rule.each)
            asked.append((one, sheet, Asked(one, self._nodes[one.rule.key], items, env, sheet)))
        for sheet in sheets.values():
            sheet.run()
        return [one.finding(sheet, env) for _, sheet, one in asked]


def _programs(rules: Iterable[CompiledRule], nodes: Mapping[str, RuleNodes]) -> Iterator[tuple[str, Program]]:
    """For each rule, the rule set of durable-rules that it is part of: as many rules together as one can hold."""
    held: list[tuple[str, list[Node]]] = []
    size = len(_WIDTHS)
    for key in dict.fromkeys(one.rule.key for one in rules):
        own = [node for node in (nodes[key].where, nodes[key].when) if node is not None]
        more = sum(_count(node) for node in own)
        if held and size + more > MOST_NODES:
            yield from _together(held)
            held, size = [], len(_WIDTHS)
        held.append((key, own))
        size += more
    if held:
        yield from _together(held)


def _together(held: Sequence[tuple[str, list[Node]]]) -> Iterator[tuple[str, Program]]:
    made = program([node for _, own in held for node in own], widths=_WIDTHS)
    yield from ((key, made) for key, _ in held)


def _count(node: Node) -> int:
    return 1 + sum(_count(part) for part in node.parts if isinstance(part, Node))


class Sheet:
    """The jobs of one rule set of durable-rules, and their results once it was run."""

    def __init__(self, of: Program) -> None:
        self._program = of
        self.jobs: list[Job] = []
        self._results: list[int] = []

    def add(self, name: str, inputs: list[Any]) -> int:
        """The place of a new job."""
        self.jobs.append((name, inputs))
        return len(self.jobs) - 1

    def run(self) -> None:
        """Lets durable-rules decide all jobs."""
        self._results = process().run(self._program, self.jobs) if self.jobs else []

    def truth(self, place: int, operator: Operator) -> Truth:
        """What a job of an operator came to."""
        return TRUTHS[operator][self._results[place]]

    def result(self, place: int) -> int:
        """How strong a job came out."""
        return self._results[place]

    def node(self, node: Node, env: Env) -> tuple[int, Truth]:
        """The job of a node; and its truth, which only tells what need not be looked at any more."""
        inputs: list[Any] = []
        truths: list[Truth] = []
        settled = False
        for part in node.parts:
            if settled:
                inputs.append(NOT_LOOKED_AT)
                continue
            if isinstance(part, Leaf):
                found = part.truth(env)
                inputs.append(STRENGTHS[node.operator][found])
            else:
                place, found = self.node(part, env)
                inputs.append([place, part.operator != node.operator])
            truths.append(found)
            settled = STRENGTHS[node.operator][found] == _SETTLES
        return self.add(node.name, inputs), _COMBINED[node.operator](truths)

    def combined(self, operator: Operator, inputs: Sequence[Any]) -> int:
        """The job of a conjunction or disjunction of earlier jobs or known strengths, in groups where there are many."""
        held: list[Any] = list(inputs)
        while len(held) > MOST_INPUTS:
            groups = [held[start : start + MOST_INPUTS] for start in range(0, len(held), MOST_INPUTS)]
            held = [[self.add(f"{operator}.{len(group)}", group), False] for group in groups]
        return self.add(f"{operator}.{len(held)}", held)


class Asked:
    """One rule put to durable-rules: a job for each of its items, and one for all of them together."""

    def __init__(self, compiled: CompiledRule, nodes: RuleNodes, items: Sequence[Any], env: Env, sheet: Sheet) -> None:
        self._compiled = compiled
        self._items: list[tuple[Any, int | None, int, int | None]] = []
        before = env.item
        for item in items:
            env.item = item
            where, applies = sheet.node(nodes.where, env) if nodes.where is not None else (None, None)
            if applies == FALSE and where is not None:
                self._items.append((item, where, sheet.combined("and", [[where, False]]), None))
                continue
            when, _ = sheet.node(nodes.when, env)
            both = [[one, False] for one in (where, when) if one is not None]
            self._items.append((item, where, sheet.combined("and", both), when))
        env.item = before
        self._whole = self._of_all(sheet) if compiled.rule.each is not None and self._items else None

    def _of_all(self, sheet: Sheet) -> tuple[int, Operator]:
        """One document is enough for a rule on documents; every activity that a rule concerns has to fit it."""
        if self._compiled.rule.each in ONE_IS_ENOUGH:
            return sheet.combined("or", [[rule, True] for _, _, rule, _ in self._items]), "or"
        concerned = [[where, True] if where is not None else _SETTLES for _, where, _, _ in self._items]
        some = sheet.combined("or", concerned)
        implied: list[list[Any]] = []
        for _, where, _, when in self._items:
            ways = [*([[where, False]] if where is not None else []), *([[when, True]] if when is not None else [])]
            implied.append([sheet.combined("or", ways), True])  # what a rule does not concern need not meet it
        return sheet.combined("and", [[some, True], *implied]), "and"

    def finding(self, sheet: Sheet, env: Env) -> Finding:
        """What durable-rules found."""
        rule = self._compiled.rule
        items: list[ItemFinding] = []
        for item, where, met, _ in self._items:
            applies = sheet.truth(where, "and") if where is not None else all_of(())
            if rule.each is None or applies != FALSE:
                items.append(ItemFinding.told(self._compiled, env, item, (applies, sheet.truth(met, "and"))))
        result = sheet.truth(*self._whole) if self._whole is not None else all_of(one.truth for one in items)
        if rule.each is not None and not items:
            return Finding(rule, FALSE, ())
        if result == FALSE and rule.each is None:
            return Finding(rule, FALSE, tuple(items))
        return finding_of(rule, result, items)


class DurableDefeats(Defeats):
    """Exceptions decided by durable-rules."""

    def standing(self, truths: Mapping[str, Sequence[Truth]]) -> Mapping[str, tuple[bool, bool]]:
        """For every rule that may be met, whether it surely stands and whether it possibly does."""
        names = {key: f"{_name(key)}.stands" for key in truths}
        sheet = Sheet(program((), rivals=sorted(names.values()), widths=_WIDTHS))
        places: dict[str, int] = {}

        def place(key: str) -> int:
            if key not in places:
                met = sheet.combined("or", [STRENGTHS["or"][value] for value in truths[key]])
                rivals = [[place(rival), False] for rival in self.get(key, ()) if rival in truths]
                beaten: Any = [sheet.combined("or", rivals), False] if rivals else 0
                places[key] = sheet.add(names[key], [[met, False], beaten])
            return places[key]

        for key in truths:
            place(key)
        sheet.run()
        return {key: _stands(sheet, at) for key, at in places.items()}


def _name(key: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in key)


def _stands(sheet: Sheet, place: int) -> tuple[bool, bool]:
    result = sheet.result(place)
    return result == _SETTLES, result > 0
