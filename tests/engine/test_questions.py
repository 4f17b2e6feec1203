"""What an open answer asks for."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from cleiss_rules.determination import determine
from cleiss_rules.facts.case import Case
from cleiss_rules.testing import generate

OPEN = ("undetermined", "discretionary")


@pytest.mark.parametrize("seed", range(4))
def test_an_open_answer_says_what_it_turns_on(seed: int) -> None:
    for case in islice(generate.cases(1000, seed), 1000):
        for segment in determine(case).segments:
            if segment.outcome in OPEN:
                assert segment.missing or segment.gaps or segment.discretion, f"{case.id}, {segment.from_}"


@pytest.fixture
def perhaps_denmark() -> dict[str, Any]:
    """A civil servant working in Denmark, of an administration nobody names, with a certificate of Luxembourg."""
    return {
        "format": 1, "id": "perhaps-denmark", "known_on": "2026-11-23", "period": {"from": "2015-01-02", "to": "2015-01-02"},
        "person": {"nationalities": ["TH"], "residence": "IS", "legal_residence": ["LU"]},
        "activities": [{"id": "work", "kind": "civil_servant", "state": "DK"}],
        "documents": [{"kind": "A1", "issuer": "LU", "legislation": "LU", "status": "provisional"}],
    }  # fmt: skip


def test_the_administration_of_a_civil_servant_is_asked_for_where_it_would_be_one_more_state(
    perhaps_denmark: dict[str, Any],
) -> None:
    (segment,) = determine(Case.model_validate(perhaps_denmark)).segments
    assert segment.outcome == "undetermined"
    assert [missing.path for missing in segment.missing] == ["activities[0].administration"]
    assert segment.passed_over == ()  # the regulation may apply to nationals of third countries


@pytest.mark.parametrize(("state", "outcome"), [("FR", "bound"), ("DK", "out_of_scope")])
def test_the_administration_settles_it(perhaps_denmark: dict[str, Any], state: str, outcome: str) -> None:
    perhaps_denmark["activities"][0]["administration"] = state
    (segment,) = determine(Case.model_validate(perhaps_denmark)).segments
    assert (segment.outcome, segment.missing) == (outcome, ())


@pytest.mark.parametrize(
    ("work", "asked"),
    [
        ({"kind": "employed", "employer": "one", "place": {"kind": "vessel", "flag": "DE"}}, "place.pay_state"),
        ({"kind": "employed", "employer": "one", "place": {"kind": "aircraft"}}, "place.home_base"),
        ({"kind": "civil_servant", "state": "IT"}, "administration"),
    ],
)
def test_one_activity_is_done_in_one_state_even_where_nobody_knows_in_which(work: dict[str, Any], asked: str) -> None:
    """So its share of all work is not asked for, nor what becomes of work in several States."""
    told = {
        "format": 1, "id": "one-activity", "known_on": "2026-11-23", "period": {"from": "2025-01-01", "to": "2025-12-31"},
        "person": {"nationalities": ["FR"], "residence": "FR"},
        "employers": {"one": {"seat": "DE", "decision_centre": "DE"}}, "activities": [{"id": "one", **work}],
    }  # fmt: skip
    (segment,) = determine(Case.model_validate(told)).segments
    assert segment.outcome == "undetermined"
    assert [missing.path for missing in segment.missing] == [f"activities[0].{asked}"]
    assert segment.gaps == ()
