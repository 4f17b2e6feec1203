"""Coverage counts sides of conditions; mutation finds what no expectation notices."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.checks.coverage import Exercised, coverage
from cleiss_rules.checks.mutants import mutants
from cleiss_rules.checks.mutation import survey
from cleiss_rules.determination import engine_in_use
from cleiss_rules.engine.truth import DISCRETION, TRUE, UNKNOWN
from cleiss_rules.law.store import the_law


def _case(base: dict[str, Any], last: str, state: str) -> cr.Case:
    activity = {**base["activities"][0], "to": last}
    return cr.Case.model_validate(
        {
            **base,
            "period": {"from": activity["from"], "to": last},
            "activities": [activity],
            "expect": [{"outcome": "determined", "legislation": [state]}],
        }
    )


@pytest.fixture
def both_sides(posted: dict[str, Any]) -> list[cr.Case]:
    return [_case(posted, "2027-12-31", "FR"), _case(posted, "2028-01-01", "IT")]


def test_a_threshold_is_exercised_on_both_sides(both_sides: list[cr.Case]) -> None:
    found = coverage(both_sides, engine_in_use())
    (length,) = [one for one in found.conditions if one.rule == "eu-883-2004/12-1" and "longest_posting" in one.text]
    assert length.both_sides
    one_side = coverage(both_sides[:1], engine_in_use())
    assert any("longest_posting" in one.text for one in one_side.one_sided if one.rule == "eu-883-2004/12-1")


def test_rules_that_stood_are_counted(both_sides: list[cr.Case]) -> None:
    found = coverage(both_sides, engine_in_use())
    accepted = coverage(both_sides[:1], engine_in_use())
    assert found.standing["eu-883-2004/12-1"] == accepted.standing["eu-883-2004/12-1"] > 0
    assert "eu-883-2004/13-4" in found.never_stood


def test_work_that_a_rule_does_not_concern_is_its_other_side(posted: dict[str, Any], both_sides: list[cr.Case]) -> None:
    def where(cases: list[cr.Case]) -> bool:
        found = coverage(cases, engine_in_use()).conditions
        return next(one.both_sides for one in found if one.rule == "eu-883-2004/12-1" and one.condition == 0)

    abroad = {**posted["activities"][0], "id": "abroad", "state": "BE"}
    del abroad["posting"]
    assert not where(both_sides)
    assert where([*both_sides, cr.Case.model_validate({**posted, "activities": [abroad]})])


def test_an_assessment_is_a_side() -> None:
    assert Exercised("r", 1, "f", 1, "c", Counter({TRUE: 1, DISCRETION: 1})).both_sides
    assert not Exercised("r", 1, "f", 1, "c", Counter({TRUE: 3, UNKNOWN: 2})).both_sides
    assert not Exercised("r", 1, "f", 1, "c", Counter({DISCRETION: 1})).both_sides


def test_a_shifted_threshold_is_noticed_only_where_a_case_stands_on_it(both_sides: list[cr.Case]) -> None:
    def unnoticed(cases: list[cr.Case]) -> set[str]:
        found = survey(cases, engine_in_use(), only="eu-883-2004")
        return {mutant.what for mutant in found.survivors if "longest_posting" in mutant.where}

    assert unnoticed(both_sides) == set()
    assert unnoticed(both_sides[:1]) == {"24 months becomes 25 months"}


def test_every_mutant_differs_from_the_law_in_one_instrument() -> None:
    law = the_law()
    made = list(mutants(law))
    assert made
    for mutant in made:
        changed = [name for name, one in mutant.law.instruments.items() if one is not law.instruments[name]]
        assert changed == [mutant.instrument]
    assert len({mutant.name for mutant in made}) == len(made)
