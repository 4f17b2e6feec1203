"""The steps after an answer: who acts, with which document and process, by which day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cleiss_rules as cr


def steps(data: dict[str, Any], **procedure: str) -> dict[str, Any]:
    case = cr.Case.model_validate({**data, "procedure": procedure} if procedure else data)
    return {step.step: step for step in cr.determine(case).segments[0].procedure}


def test_a_posting_is_told_to_the_sending_state(posted: dict[str, Any]) -> None:
    (step,) = steps(posted).values()
    assert (step.step, step.actor, step.documents, step.process) == (
        "eu-987-2009/15-1", "FR", ("A1", "A009"), "LA_BUC_04",
    )  # fmt: skip
    assert step.due is None


def test_work_in_several_states_goes_through_the_state_of_residence(spread: dict[str, Any]) -> None:
    found = steps(spread)
    assert list(found) == [f"eu-987-2009/{name}" for name in ("16-1", "16-2", "16-3", "16-5")]
    assert found["eu-987-2009/16-2"].actor == "FR"
    assert found["eu-987-2009/16-2"].documents == ("A003",)


@pytest.mark.parametrize(
    ("told", "due"),
    [("2026-03-15", date(2026, 5, 15)), ("2025-12-30", date(2026, 2, 28)), ("2026-12-31", date(2027, 2, 28))],
)
def test_two_months_run_from_the_day_after_the_others_were_told(spread: dict[str, Any], told: str, due: date) -> None:
    assert steps(spread, others_informed_on=told)["eu-987-2009/16-3"].due == due


def test_an_objection_ends_the_silence(spread: dict[str, Any]) -> None:
    found = steps(spread, others_informed_on="2026-03-15", objection_on="2026-04-01")
    assert "eu-987-2009/16-3" not in found
    assert "eu-987-2009/16-4" in found


def test_a_contested_document_opens_the_dialogue(posted: dict[str, Any]) -> None:
    document = {"kind": "A1", "issuer": "FR", "legislation": "FR", "status": "contested"}
    found = steps({**posted, "documents": [document]}, dialogue_requested_on="2026-03-31")
    assert found["eu-987-2009/5-2"].actor == "FR"
    assert found["eu-987-2009/A1-1"].due == date(2026, 6, 30)
    assert found["eu-987-2009/5-4"].due == date(2026, 4, 30)


def test_a_valid_document_opens_no_dialogue(posted: dict[str, Any]) -> None:
    document = {"kind": "A1", "issuer": "FR", "legislation": "FR", "status": "valid"}
    assert steps({**posted, "documents": [document]}) == {}


@pytest.mark.parametrize(
    ("states", "residence", "provisional", "state"),
    [(("IT", "IT"), "FR", "6-1-a", "IT"), (("FR", "DE"), "FR", "6-1-b", "FR"), (("ES", "DE"), "FR", "6-1-c", "DE")],
)
def test_provisional_legislation_in_the_order_of_article_6(
    spread: dict[str, Any], states: tuple[str, str], residence: str, provisional: str, state: str
) -> None:
    spread["person"]["residence"] = residence
    for activity, where in zip(spread["activities"], states, strict=True):
        activity["state"] = where
    found = steps(spread, disagreement_on="2026-03-15", first_informed="DE")
    named = [name for name in found if name.startswith("eu-987-2009/6-1-")]
    assert named == [f"eu-987-2009/{provisional}"]
    assert found[named[0]].actor == state
    assert found["eu-987-2009/6-3"].due == date(2026, 4, 15)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_full_explanation_tells_the_steps(spread: dict[str, Any], lang: Any) -> None:
    case = cr.Case.model_validate({**spread, "procedure": {"others_informed_on": "2026-03-15"}})
    text = cr.determine(case).explain(lang, "full")
    assert "LA_BUC_02" in text
    assert ("15 mai 2026" if lang == "fr" else "15 May 2026") in text


def test_the_stages_of_decision_a1_are_days(posted: dict[str, Any]) -> None:
    document = {"kind": "A1", "issuer": "FR", "legislation": "FR", "status": "contested"}
    found = steps(
        {**posted, "documents": [document]},
        dialogue_requested_on="2026-03-31", second_stage_on="2026-10-01", referred_on="2026-12-15",
    )  # fmt: skip
    due = {name.removeprefix("eu-987-2009/A1-"): step.due for name, step in found.items() if "/A1-" in name}
    assert due == {
        "ack": date(2026, 4, 14), "1": date(2026, 6, 30), "1-longest": date(2026, 9, 30), "2-contacts": date(2026, 10, 15),
        "2": date(2026, 11, 12), "3": date(2027, 6, 15),
    }  # fmt: skip


def test_a_stage_that_was_not_opened_sets_no_deadline(posted: dict[str, Any]) -> None:
    found = steps(posted, dialogue_requested_on="2026-03-31")
    assert [name for name in found if "/A1-" in name] == ["eu-987-2009/A1-ack", "eu-987-2009/A1-1-longest"]
