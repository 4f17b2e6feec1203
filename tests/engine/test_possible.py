"""The States an open answer can still lead to."""

from __future__ import annotations

from typing import Any

import pytest

from cleiss_rules.determination import determine
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.paths import with_value
from cleiss_rules.result import Segment

RESIDENCE_FR = "eu-883-2004/13-1-a"
SEAT = "eu-883-2004/13-1-b-i"


def only(data: dict[str, Any]) -> Segment:
    (segment,) = determine(Case.model_validate(data)).segments
    return segment


def deciding(segment: Segment) -> set[str]:
    return {one.rule for one in segment.basis if one.role == "decides"}


@pytest.fixture
def either_side(spread: dict[str, Any]) -> dict[str, Any]:
    """Work in France and Germany whose time is below 25 % in France, the State of residence, and whose pay is above."""
    at_home, abroad = spread["activities"]
    at_home.update(working_time=20, remuneration=30)
    abroad.update(working_time=80, remuneration=70)
    return spread


def seated(data: dict[str, Any], state: str) -> dict[str, Any]:
    data["employers"]["one"].update(seat=state, decision_centre=state)
    return data


def test_an_assessment_that_can_not_matter_leaves_the_answer_determined(either_side: dict[str, Any]) -> None:
    segment = only(seated(either_side, "FR"))
    assert (segment.outcome, segment.legislation, segment.unbounded) == ("determined", ("FR",), False)
    assert deciding(segment) == {RESIDENCE_FR, SEAT}
    assert (segment.missing, segment.discretion) == ((), ())


def test_each_outcome_of_that_assessment_gives_the_same_state(either_side: dict[str, Any]) -> None:
    seated(either_side, "FR")
    at_home, abroad = either_side["activities"]
    for share, rule in ((24, SEAT), (26, RESIDENCE_FR)):
        at_home.update(working_time=share, remuneration=share)
        abroad.update(working_time=100 - share, remuneration=100 - share)
        segment = only(either_side)
        assert (segment.outcome, segment.legislation, deciding(segment)) == ("determined", ("FR",), {rule})


@pytest.mark.parametrize("state", ["DE", "LU"])
def test_an_assessment_between_two_states_is_for_the_institution(either_side: dict[str, Any], state: str) -> None:
    segment = only(seated(either_side, state))
    assert (segment.outcome, set(segment.legislation), segment.unbounded) == ("discretionary", {"FR", state}, False)
    assert [(one.rule, one.body) for one in segment.discretion] == [("eu-987-2009/14-8", "FR")]
    assert segment.missing == ()


def test_several_assessments_together(either_side: dict[str, Any]) -> None:
    either_side["employers"]["one"].update(seat="LU", decision_centre="DE")
    segment = only(either_side)
    assert segment.outcome == "discretionary"
    assert set(segment.legislation) == {"FR", "LU", "DE"}
    assert {one.rule for one in segment.discretion} == {"eu-987-2009/14-8", "eu-987-2009/14-5a"}


def test_one_activity_or_two_leads_to_the_same_state(spread: dict[str, Any]) -> None:
    at_home, abroad = spread["activities"]
    at_home.update(working_time=96, remuneration=94)
    abroad.update(working_time=4, remuneration=6)
    segment = only(spread)
    assert (segment.outcome, segment.legislation) == ("determined", ("FR",))
    assert deciding(segment) == {"eu-883-2004/11-3-a", RESIDENCE_FR}


def test_a_missing_fact_goes_before_an_assessment(either_side: dict[str, Any]) -> None:
    del either_side["employers"]["one"]["seat"]
    segment = only(either_side)
    assert segment.outcome == "undetermined"
    assert "employers.one.seat" in [one.path for one in segment.missing]
    assert "FR" in segment.legislation
    assert segment.unbounded


def plain(posted: dict[str, Any]) -> dict[str, Any]:
    """Work in Italy of a person from France, without a posting."""
    del posted["activities"][0]["posting"]
    return posted


def test_a_missing_status_lists_the_states_that_each_status_leads_to(posted: dict[str, Any]) -> None:
    activity = plain(posted)["activities"][0]
    del activity["kind"]
    activity["administration"] = "FR"
    segment = only(posted)
    assert segment.outcome == "undetermined"
    assert [one.path for one in segment.missing] == ["activities[0].kind"]
    assert (set(segment.legislation), segment.unbounded) == ({"FR", "IT"}, False)
    for kind, state in (("employed", "IT"), ("civil_servant", "FR")):
        activity["kind"] = kind
        assert only(posted).legislation == (state,)


def test_a_missing_state_lists_those_of_the_case_and_another(posted: dict[str, Any]) -> None:
    plain(posted)["activities"][0]["kind"] = "civil_servant"
    segment = only(posted)
    assert segment.outcome == "undetermined"
    assert [one.path for one in segment.missing] == ["activities[0].administration"]
    assert (set(segment.legislation), segment.unbounded) == ({"FR", "IT"}, True)
    for state in ("FR", "IT", "LU"):
        posted["activities"][0]["administration"] = state
        assert (only(posted).outcome, only(posted).legislation) == ("determined", (state,))


def test_a_missing_yes_or_no_lists_both_states(posted: dict[str, Any]) -> None:
    posting = posted["activities"][0]["posting"]
    del posting["direct_relationship"]
    segment = only(posted)
    assert segment.outcome == "undetermined"
    assert (set(segment.legislation), segment.unbounded) == ({"FR", "IT"}, False)
    for value, state in ((True, "FR"), (False, "IT")):
        posting["direct_relationship"] = value
        assert only(posted).legislation == (state,)


def test_every_value_of_a_missing_fact_leads_to_a_state_that_was_listed(posted: dict[str, Any]) -> None:
    del plain(posted)["activities"][0]["kind"]
    case = Case.model_validate(posted)
    (open_,) = determine(case).segments
    assert open_.outcome == "undetermined"
    assert open_.unbounded
    for kind in ("employed", "self_employed", "civil_servant", "military_service", "not_active"):
        for state in ("FR", "IT", "LU"):
            told = with_value(with_value(case, "activities[0].kind", kind), "activities[0].administration", state)
            for segment in determine(told).segments:
                assert set(segment.legislation) <= {*open_.legislation, "LU"}, (kind, state)


@pytest.mark.parametrize("state", ["DZ", "US"])
def test_between_two_states_no_third_one_is_possible(posted: dict[str, Any], state: str) -> None:
    activity = posted["activities"][0]
    activity["state"] = state
    del activity["posting"]["from_state"]
    segment = only(posted)
    assert segment.instrument == f"fr-{state.lower()}"
    assert segment.outcome == "undetermined"
    assert (set(segment.legislation), segment.unbounded) == ({"FR", state}, False)


def test_an_unknown_place_of_work_is_asked_for(posted: dict[str, Any]) -> None:
    del plain(posted)["activities"][0]["state"]
    (segment,) = determine(Case.model_validate(posted)).segments
    assert segment.outcome == "undetermined"
    assert "activities[0].state" in [one.path for one in segment.missing]


def without_residence(spread: dict[str, Any]) -> dict[str, Any]:
    return {**spread, "person": {"nationalities": ["FR"]}}


def test_wherever_the_person_lives_the_state_is_the_same(spread: dict[str, Any]) -> None:
    for state in ("FR", "DE", "IT", "LU"):
        spread["person"]["residence"] = state
        assert only(spread).legislation == ("DE",)
    segment = only(without_residence(spread))
    assert (segment.legislation, segment.unbounded) == (("DE",), False)


def test_a_fact_that_can_not_change_the_state_is_not_asked_for(spread: dict[str, Any]) -> None:
    assert only(without_residence(spread)).outcome == "determined"


def test_trying_out_leaves_the_case_as_it_was(posted: dict[str, Any]) -> None:
    del plain(posted)["activities"][0]["kind"]
    case = Case.model_validate(posted)
    before = case.model_dump()
    determine(case)
    assert case.model_dump() == before
