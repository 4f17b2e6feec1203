"""Every engine says what the reference engine says: on all fixtures, on the limits of the law, on cases drawn at random.

``CLEISS_RULES_DRAWN`` sets how many cases are drawn (10 000 by default; continuous integration draws 100 000; a million
is drawn by ``CLEISS_RULES_DRAWN=1000000``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.checks.mutants import mutants
from cleiss_rules.columnar.table import Columnar
from cleiss_rules.determination import engine_in_use
from cleiss_rules.engine.durable.rules import DurableRuleSet
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.facts.case import Case
from cleiss_rules.law.store import the_law
from cleiss_rules.testing import generate
from cleiss_rules.testing.collect import cases_under
from cleiss_rules.testing.conformance import (
    Answer,
    Difference,
    answers_under,
    columnar,
    columnar_with,
    differences,
    durable,
    reference,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"
DRAWN = int(os.environ.get("CLEISS_RULES_DRAWN", "10000"))
PARTS = 10
ENGINES = {"columnar": columnar, "durable": durable}
Engine = Callable[[Sequence[Case]], list[list[Answer]]]


def _told(found: list[Difference]) -> str:
    return "\n".join(f"{one.case.id}: expected {one.expected}, got {one.got}" for one in found[:3])


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "durable":
        pytest.importorskip("durable")
    chosen: Engine = ENGINES[request.param]
    return chosen


def test_all_fixtures(engine: Engine) -> None:
    cases = [filed.case for filed in cases_under([str(FIXTURES)])]
    assert len(cases) > 1000
    found = list(differences(cases, engine))
    assert not found, _told(found)


def test_the_limits_of_every_parameter(engine: Engine) -> None:
    found = list(differences(generate.on_the_limits(), engine))
    assert not found, _told(found)


@pytest.mark.parametrize("seed", range(PARTS))
def test_cases_drawn_at_random(engine: Engine, seed: int) -> None:
    found = list(differences(generate.cases(DRAWN // PARTS, seed), engine))
    assert not found, _told(found)


def test_an_assessment_that_only_one_engine_looks_at_decides_nothing() -> None:
    """14(8) of Regulation (EC) No 987/2009 is unknown here, and no rule that is open rests on it: every fact is there."""
    pytest.importorskip("durable")
    day = "2013-02-01"
    data: Any = {
        "format": 1, "id": "drawn-7-9353", "known_on": "2026-11-23", "period": {"from": day, "to": day},
        "person": {"nationalities": ["FR"], "insured": [{"from": "2013-01-04", "to": "2013-01-31", "state": "FR"}]},
        "activities": [
            {
                "from": day, "to": "2013-04-29", "id": "work0", "kind": "self_employed", "state": "ES",
                "posting": {
                    "from_state": "FR", "direct_relationship": True, "replaces_posted_person": False,
                    "recruited_for_posting": False, "similar_activity": True, "lent_on": False,
                    "infrastructure_kept": True, "health_cover": True, "to_affiliate": True,
                    "affiliate_agreement": False, "contributions_undertaken": True,
                },
            }
        ],
    }  # fmt: skip
    case = Case.model_validate(data)
    found = list(differences([case], durable))
    assert not found, _told(found)
    (segment,) = cr.determine(case).segments
    assert (segment.outcome, set(segment.legislation), segment.missing) == ("discretionary", {"ES", "FR"}, ())


@pytest.mark.parametrize("rule", ["eu-883-2004/12-1", "eu-883-2004/12-2"])
def test_a_planted_difference_is_found(rule: str) -> None:
    """A columnar engine whose law has one condition of a rule the other way round."""
    law = the_law()
    flipped = next(one for one in mutants(law) if one.where.endswith(rule) and "condition 4 flipped" in one.what)
    planted = Columnar(RuleSets(flipped.law))
    answers: Any = partial(planted.answers)
    cases = [filed.case for filed in cases_under([str(FIXTURES)])]
    assert any(differences(cases, lambda asked: columnar_with(answers, asked)))


def test_a_planted_difference_of_the_durable_engine_is_found() -> None:
    """Rules fired by durable-rules with one condition the other way round."""
    pytest.importorskip("durable")
    flipped = next(
        one
        for one in mutants(the_law())
        if one.where.endswith("eu-883-2004/12-1") and "condition 4 flipped" in one.what
    )
    planted = RuleSets(flipped.law, rule_set=DurableRuleSet)
    posted = [filed.case for filed in cases_under([str(FIXTURES / "examples" / "paris-turin-posting.yaml")])]
    assert not list(differences(posted, durable))
    assert list(differences(posted, lambda asked: answers_under(planted, asked)))


def test_a_difference_tells_case_and_both_answers() -> None:
    def wrong(cases: Sequence[Case]) -> list[list[Answer]]:
        return [[replace(one, outcome="conflict") for one in answers] for answers in reference(cases)]

    case = next(iter(generate.cases(1)))
    (found,) = differences([case], wrong)
    assert found.case == case
    assert {one.outcome for one in found.got} == {"conflict"}
    assert "conflict" not in {one.outcome for one in found.expected}


def test_what_is_drawn_is_the_same_every_time_and_meets_much_of_the_law() -> None:
    drawn = list(islice(generate.cases(400, 7), 400))
    assert drawn == list(generate.cases(400, 7))
    assert drawn != list(generate.cases(400, 8))
    met = {rule for answers in reference(drawn) for one in answers for rule in one.rule}
    assert len(met) > 40
    assert engine_in_use().law.digest
