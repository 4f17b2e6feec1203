"""Which rules and conditions the fixtures exercise, and on which sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cleiss_rules.determination import Run, runs_of
from cleiss_rules.engine import truth
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.reference import resolve
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Law, Rule
from cleiss_rules.own_law import looked_at

_QUESTIONS = ("applicable_legislation", "binding", "transition", "place_of_work", "besides")
_OF_REQUESTS = ("telework_exception", "exemption")


@dataclass(slots=True)
class Exercised:
    """How often a condition of a rule was met, failed, or stayed open. ``condition`` 0 is ``where``, then ``when``."""

    rule: str
    line: int
    file: str
    condition: int
    text: str
    counts: Counter[int] = field(default_factory=Counter)

    @property
    def both_sides(self) -> bool:
        """Whether it was once met and once not; what an institution has to decide stands for one of the two."""
        sides = (truth.TRUE, truth.FALSE, truth.DISCRETION)
        return sum(self.counts[side] > 0 for side in sides) > 1


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a set of cases exercises of the law; ``standing`` tells in how many cases each rule stood."""

    conditions: tuple[Exercised, ...]
    standing: Counter[str]
    rules: tuple[str, ...]

    @property
    def one_sided(self) -> list[Exercised]:
        """Conditions that were never met, or never failed."""
        return [condition for condition in self.conditions if not condition.both_sides]

    @property
    def never_stood(self) -> list[str]:
        """Rules that no case met."""
        return [key for key in self.rules if not self.standing[key]]


def coverage(cases: Iterable[Case], engine: RuleSets) -> Coverage:
    """What the cases exercise of all rules of the law."""
    known = {(one.rule, one.line, one.condition): one for one in _conditions(engine.law)}
    standing: Counter[str] = Counter()
    for case in cases:
        stood: set[str] = set()  # once per case, however many slices a change elsewhere in the law cuts it into
        for run in runs_of(case, engine):
            for finding in _findings(run):
                if finding.truth == truth.TRUE:
                    stood.add(finding.rule.key)
                _count(finding, run, known)
        standing.update(stood)
    rules = tuple(dict.fromkeys(rule.key for rule in _rules(engine.law)))
    return Coverage(tuple(known.values()), standing, rules)


def _rules(law: Law) -> Iterator[Rule]:
    for instrument in law.instruments.values():
        for rule in (*instrument.binds, *instrument.rules):
            if rule.kind == "rule":
                yield rule


def _conditions(law: Law) -> Iterator[Exercised]:
    for rule in _rules(law):
        file = law.instruments[rule.instrument].file
        for index, condition in enumerate((rule.where, *rule.when)):
            if condition is not None:
                yield Exercised(rule.key, rule.line, file, index, condition.text)


def _findings(run: Run) -> Iterator[Finding]:
    yield from run.scope
    if run.binds == truth.FALSE:
        return
    asked = run.env.sit.case.request is not None
    for question in (*_QUESTIONS, *(_OF_REQUESTS if asked else ())):
        yield from run.rules.findings(question, run.env)
    yield from looked_at(Proof(run.rules, run.env, run.scope, (), resolve((), {})))


def _count(finding: Finding, run: Run, known: dict[tuple[str, int, int], Exercised]) -> None:
    rule = finding.rule
    if (
        rule.where is not None and rule.each is not None
    ):  # a finding leaves out the items that the rule does not concern
        others = len(run.env.sit.items(rule.each)) - len(finding.items)
        known[(rule.key, rule.line, 0)].counts[truth.FALSE] += others
    for item in finding.items:
        if rule.where is not None:
            known[(rule.key, rule.line, 0)].counts[item.applies] += 1
        if item.applies == truth.FALSE:
            continue
        for index, value in enumerate(item.conditions, start=1):
            known[(rule.key, rule.line, index)].counts[value] += 1
