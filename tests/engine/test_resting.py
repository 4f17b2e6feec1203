"""What rests on an assessment is evaluated anew where the assessment is tried out, and nothing else is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cleiss_rules.determination import engine_in_use
from cleiss_rules.engine.resting import Resting
from cleiss_rules.engine.ruleset import RuleSet

SENDING = frozenset({"eu-987-2009/14-2"})


@pytest.fixture
def regulation() -> RuleSet:
    engine = engine_in_use()
    instrument = engine.law.instruments["eu-883-2004"]
    relation = next(one for one in instrument.relations if one.id == "eu")
    return engine.get(instrument, relation, date(2026, 1, 1), date(2026, 11, 23))


@pytest.mark.parametrize(
    "key",
    [
        "eu-987-2009/14-2",
        ("eu-883-2004/12-1", 1, "item"),  # names the assessment
        ("eu-883-2004/13-counted-employed", 1),  # asks whether that rule is met
        "eu-883-2004/11-3-a-states",  # counts what is
        "count(work_states) is 1",
    ],
)
def test_what_rests_on_an_assessment_is_left_out(regulation: RuleSet, key: Any) -> None:
    assert Resting(regulation).apart_from(SENDING, {key: 1}) == {}


@pytest.mark.parametrize(
    "key", ["eu-987-2009/11-1", ("place_of_work", 1), ("fictions", 1, "all"), "person.residence in territory"]
)
def test_what_does_not_is_taken_over(regulation: RuleSet, key: Any) -> None:
    assert Resting(regulation).apart_from(SENDING, {key: 1}) == {key: 1}


def test_what_is_not_known_by_name_is_left_out(regulation: RuleSet) -> None:
    assert Resting(regulation).apart_from(SENDING, {("time_share", "['fact', 'person.residence']"): 1}) == {}
