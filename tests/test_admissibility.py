"""What a file has to hold and what follows its decision, by the law of the State that is asked and no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Decision


def decided(sender: str, host: str, request: dict[str, Any], **person: Any) -> Decision:
    case = {
        "format": 1,
        "known_on": "2026-11-23",
        "person": {"nationalities": [sender], "residence": sender, **person},
        "employers": {"e": {"seat": sender}},
        "activities": [
            {"kind": "employed", "state": host, "employer": "e", "from": "2026-01-01", "to": "2028-12-31",
             "posting": {"from_state": sender, "direct_relationship": True}},
        ],
        "request": {"legislation": sender, "filed_on": "2025-11-03", **request},
    }  # fmt: skip
    decision = cr.determine(cr.Case.model_validate(case)).decision
    assert decision is not None
    return decision


def test_what_a_case_tells_does_not_lack() -> None:
    decision = decided("FR", "DZ", {"kind": "prolongation", "from": "2029-01-01", "to": "2030-12-31"})
    assert decision.admissibility is not None
    lacking = {one.what.en for one in decision.admissibility.lacking}
    assert {"consent of the worker", "reason for the request"} <= lacking
    assert not {"nationality", "employer and its seat", "State of work", "first and last day asked for"} & lacking
    assert decision.admissibility.form == "SE 352-01"


def test_a_consent_refused_is_told_all_the_same() -> None:
    request = {"kind": "prolongation", "from": "2029-01-01", "to": "2030-12-31", "worker_consents": False}
    decision = decided("FR", "DZ", request)
    assert decision.admissibility is not None
    assert "consent of the worker" not in {one.what.en for one in decision.admissibility.lacking}


def test_a_french_refusal_can_be_appealed() -> None:
    decision = decided("FR", "DZ", {"kind": "posting", "from": "2026-01-01", "to": "2029-01-01"})
    assert decision.outcome == "refused"
    assert [one.cite for one in decision.follow_up] == ["CSS art. R142-1"]


@pytest.mark.parametrize("sender", ["DZ", "US"])
def test_the_french_appeal_is_none_of_another_state(sender: str) -> None:
    decision = decided(sender, "FR", {"kind": "posting", "from": "2026-01-01", "to": "2032-01-01"})
    assert decision.outcome == "refused"
    assert decision.follow_up == ()
    assert decision.admissibility is None


def test_a_reminder_falls_on_a_working_day() -> None:
    request = {"kind": "exceptional_maintenance", "from": "2026-01-01", "to": "2028-12-31", "filed_on": "2026-01-02"}
    decision = decided("FR", "IT", request)
    assert decision.outcome == "needs_agreement"
    (reminder,) = [one for one in decision.follow_up if one.day is not None]
    assert reminder.day == date(2026, 3, 2)  # two months end on Sunday 1 March
    assert (reminder.what.fr, reminder.what.en) == (
        "sans réponse de l'autre autorité, relance (X009)",
        "without an answer of the other authority, a reminder (X009)",
    )


def test_the_self_employed_are_not_asked_for_an_employer() -> None:
    goes = {"kind": "self_employed", "state": "BE", "from": "2026-03-01", "to": "2028-02-29",
            "posting": {"from_state": "FR", "similar_activity": True}}  # fmt: skip
    case = {
        "format": 1, "known_on": "2026-11-23", "person": {"nationalities": ["FR"], "residence": "FR"},
        "activities": [goes], "request": {"kind": "posting", "legislation": "FR"},
    }  # fmt: skip
    decision = cr.determine(cr.Case.model_validate(case)).decision
    assert decision is not None
    assert decision.admissibility is not None
    asked = {one.what.en: one.known for one in decision.admissibility.asked}
    assert not {"employer and its seat", "whether the link with the employer is kept"} & set(asked)
    assert asked["similar work done before in the sending State"] is True
    assert asked["means kept in the sending State to go on with the work there"] is False


@pytest.mark.parametrize(
    ("sender", "host", "last", "form"),
    [("CA", "FR", "2028-12-31", "CPT52"), ("FR", "CA", "2028-12-31", None), ("KR", "FR", "2028-12-31", "KOR/FR1"),
     ("FR", "KR", "2028-12-31", "SE 237-1"), ("FR", "DZ", "2028-12-31", "SE 352-01")],
)  # fmt: skip
def test_the_form_is_that_of_the_day_and_of_the_side_that_issues_it(
    sender: str, host: str, last: str, form: str | None
) -> None:
    law = the_law()
    clause = next(
        one
        for text in law.instruments.values()
        if {sender, host} == set(text.states) and text.valid.span.end is None
        for one in text.clauses
        if one.id == "posting"
    )
    assert [one.name for one in clause.forms_on(date.fromisoformat(last), sender)] == ([form] if form else [])


def test_a_number_of_a_form_begins_with_its_day() -> None:
    (clause,) = (one for one in the_law().instruments["fr-sn"].clauses if one.id == "prolongation")
    assert [len(clause.forms_on(day)) for day in (date(1999, 7, 26), date(1999, 7, 27))] == [0, 1]
