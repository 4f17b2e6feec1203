"""Determinations by durable-rules: the same answer with the same proof, through the same function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("durable")

import cleiss_rules as cr
from cleiss_rules.determination import ENGINES, determine_under
from cleiss_rules.engine.durable import rules as rules_module
from cleiss_rules.engine.durable.process import Job, process
from cleiss_rules.engine.durable.program import Program
from cleiss_rules.engine.durable.rules import DurableRuleSet
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.store import the_law

EXAMPLES = sorted((Path(__file__).parents[3] / "fixtures" / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_answer_and_its_explanation_are_those_of_the_reference_engine(path: Path) -> None:
    case = cr.read_case(path)
    plain, fired = cr.determine(case), cr.determine(case, engine="durable")
    assert fired.model_dump(exclude={"receipt"}) == plain.model_dump(exclude={"receipt"})
    for lang in ("fr", "en"):
        assert fired.explain(lang=lang, detail="full") == plain.explain(lang=lang, detail="full")


def test_another_name_is_refused() -> None:
    case = cr.read_case(EXAMPLES[0])
    with pytest.raises(ValueError, match="'quick' is no engine; accepted: reference, durable"):
        cr.determine(case, engine="quick")
    assert ENGINES == ("reference", "durable")


class _Contrary:
    """The process of durable-rules with other rules for one part of one rule: whatever its facts, it comes out as told."""

    def __init__(self, part: str, result: int) -> None:
        self._begin, self._result = f"eu_883_2004_12_1 {part} ", str(result)
        self._made: dict[str, Program] = {}

    def run(self, jobs: Sequence[Job]) -> list[int]:
        return process().run([(self._altered(of), address, inputs) for of, address, inputs in jobs])

    def _altered(self, of: Program) -> Program:
        if of.name not in self._made:
            rules = {
                name: {**told, "run": self._result} if name.startswith(self._begin) else told
                for name, told in of.rules.items()
            }
            self._made[of.name] = of if rules == of.rules else Program(f"{of.name}_{self._begin}", rules)
        return self._made[of.name]


@pytest.mark.parametrize(("part", "result"), [("when", 3), ("stands", 0)])
def test_what_durable_rules_fires_is_what_is_answered(monkeypatch: pytest.MonkeyPatch, part: str, result: int) -> None:
    case = cr.read_case(next(path for path in EXAMPLES if path.stem == "paris-turin-posting"))
    fired = RuleSets(the_law(), rule_set=DurableRuleSet)
    assert "eu-883-2004/12-1" in _rules(determine_under(case, fired))
    contrary = _Contrary(part, result)
    monkeypatch.setattr(rules_module, "process", lambda: contrary)
    assert "eu-883-2004/12-1" not in _rules(determine_under(case, fired))


def _rules(result: cr.Result) -> set[str]:
    return {one.rule for segment in result.segments for one in segment.basis if one.role == "decides"}
