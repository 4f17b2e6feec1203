"""Every provision of the European research is encoded where the table says, or named with the reason why not."""

from __future__ import annotations

from pathlib import Path

import yaml

from cleiss_rules.law.store import the_law

DOCS = Path(__file__).parents[2] / "docs"
TOLD: dict[str, list[str] | str] = yaml.safe_load((DOCS / "eu-provisions.yaml").read_text(encoding="utf-8"))
RESEARCH: dict[str, dict[str, list[str] | str]] = yaml.safe_load(
    (DOCS / "eu-research.yaml").read_text(encoding="utf-8")
)
RULINGS = (Path(__file__).parent / "rulings.txt").read_text(encoding="utf-8").split()
PAGE = (DOCS / "coverage.md").read_text(encoding="utf-8")


def _keys() -> set[str]:
    instruments = the_law().instruments.values()
    rules = {rule.key for instrument in instruments for rule in (*instrument.rules, *instrument.binds)}
    return rules | {step.key for instrument in instruments for step in instrument.procedure}


def _entries() -> list[tuple[str, list[str] | str]]:
    return [(name, told) for part in RESEARCH.values() for name, told in part.items()]


def _cited() -> set[str]:
    rules = [rule for one in the_law().instruments.values() for rule in (*one.rules, *one.binds)]
    return {case for rule in rules for case in rule.cases}


def test_none_of_the_128_is_lost() -> None:
    assert len(TOLD) == 128


def test_what_is_said_to_be_encoded_is() -> None:
    named = {key for keys in TOLD.values() if isinstance(keys, list) for key in keys}
    assert named - _keys() == set()
    assert all(TOLD.values())


def test_the_page_names_every_one_of_them() -> None:
    assert [name for name in TOLD if f"| {name} |" not in PAGE] == []


def test_every_ruling_stands_at_a_rule_or_says_why_not() -> None:
    assert len(RULINGS) == 69
    left = set(RESEARCH["rulings_left_out"])
    assert set(RULINGS) - _cited() - left == set()
    assert left - set(RULINGS) == set()


def test_deadlines_conflicts_and_assessments_name_what_is_there() -> None:
    assert [len(RESEARCH[part]) for part in ("deadlines", "conflicts", "officer_only")] == [13, 12, 10]
    assert {key for _, told in _entries() if isinstance(told, list) for key in told} - _keys() == set()
    assert all(told for _, told in _entries())


def test_what_officers_assess_names_the_criterion_the_evidence_and_the_body() -> None:
    named = {key for told in RESEARCH["officer_only"].values() if isinstance(told, list) for key in told}
    found = [rule for one in the_law().instruments.values() for rule in one.rules if rule.key in named]
    assert {rule.key for rule in found} == named
    for rule in found:
        assert rule.assess is not None, rule.key
        assert rule.assess.criterion.fr, rule.key
        assert rule.assess.criterion.en, rule.key
        assert rule.assess.evidence is not None, rule.key
        assert rule.assess.body is not None, rule.key


def test_the_page_names_what_the_research_holds_besides() -> None:
    assert [name for name, _ in _entries() if f"| {name} |" not in PAGE] == []
