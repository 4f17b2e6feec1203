"""Requests as a caseworker lives them, from the first filing to the last prolongation, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.explain.decision import decision_lines
from cleiss_rules.result import Decision

REQUEST = {"filed_on": "2025-12-01", "worker_consents": True, "employer_consents": True, "reasons": ["project"]}


def decided(posting: dict[str, Any], request: dict[str, Any], **person: Any) -> Decision:
    stay = {"id": "stay", "kind": "employed", "employer": "sender", **posting}
    case = {
        "format": 1, "known_on": "2026-11-23",
        "person": {"nationalities": [posting["posting"]["from_state"]], "residence": "FR", **person},
        "employers": {"sender": {"seat": posting["posting"]["from_state"]}},
        "activities": [stay], "request": {**REQUEST, **request},
    }  # fmt: skip
    decision = cr.determine(cr.Case.model_validate(case)).decision
    assert decision is not None
    return decision


def algiers(first: str, last: str, **request: Any) -> Decision:
    posting = {"state": "DZ", "from": first, "to": last, "posting": {"from_state": "FR", "direct_relationship": True}}
    return decided(posting, {"legislation": "FR", **request})


def told(decision: Decision, lang: str) -> str:
    text = "\n".join(decision_lines(decision, lang))
    assert "None" not in text
    assert "{" not in text
    return text


def test_algeria_filed_prolonged_to_five_years_then_asked_to_go_to_six() -> None:
    filed = algiers("2026-01-01", "2028-12-31", kind="posting")
    assert (filed.outcome, filed.decided_by, filed.documents) == ("granted", ("FR",), ("SE 352-01",))
    prolonged = algiers("2026-01-01", "2028-12-31", kind="prolongation", **{"from": "2029-01-01", "to": "2030-12-31"})
    assert (prolonged.outcome, prolonged.decided_by) == ("needs_agreement", ("FR", "DZ"))
    sixth = algiers("2026-01-01", "2030-12-31", kind="prolongation", **{"from": "2031-01-01", "to": "2031-12-31"})
    assert (sixth.outcome, sixth.latest_end) == ("refused", date(2030, 12, 31))
    assert [one.kind for one in sixth.alternatives] == ["exceptional_maintenance", "voluntary_insurance"]
    exception = algiers(
        "2026-01-01", "2030-12-31", kind="exceptional_maintenance", **{"from": "2031-01-01", "to": "2031-12-31"}
    )
    assert exception.outcome == "needs_agreement"
    assert any("five years" in one.text.en for one in exception.considerations if one.speaks == "against")
    assert "SE 352-01" in told(prolonged, "en")
    assert "Urssaf" in told(prolonged, "fr")
    assert "1er octobre 2028" in told(prolonged, "fr")


@pytest.mark.parametrize(("share", "outcome"), [(24, "not_needed"), (25, "granted"), (49, "granted"), (50, "refused")])
def test_telework_between_france_and_germany(spread: dict[str, Any], share: int, outcome: str) -> None:
    home, office = spread["activities"]
    home.update({"working_time": share, "remuneration": share, "telework": True})
    office.update({"working_time": 100 - share, "remuneration": 100 - share})
    request = {**REQUEST, "kind": "telework_exception", "legislation": "DE", "from": "2026-01-01", "to": "2026-12-31"}
    decision = cr.determine(cr.Case.model_validate({**spread, "request": request})).decision
    assert decision is not None
    assert decision.outcome == outcome
    if outcome == "granted":
        assert f"{share} %" in decision.reasons[0].fr
        assert [window.day for window in decision.deadlines] == [date(2026, 4, 1)]
    if outcome == "refused":
        assert "50%" in decision.reasons[0].en
        assert "What applies without it" in told(decision, "en")


@pytest.mark.parametrize(("filed", "outcome"), [("2026-04-01", "granted"), ("2026-04-02", "refused")])
def test_telework_reaches_back_three_months(spread: dict[str, Any], filed: str, outcome: str) -> None:
    home, office = spread["activities"]
    home.update({"working_time": 40, "remuneration": 40, "telework": True})
    office.update({"working_time": 60, "remuneration": 60})
    request = {"kind": "telework_exception", "legislation": "DE", "from": "2026-01-01", "to": "2028-12-31"}
    case = cr.Case.model_validate({**spread, "request": {**REQUEST, **request, "filed_on": filed}})
    decision = cr.determine(case).decision
    assert decision is not None
    assert decision.outcome == outcome


def test_an_american_manager_comes_to_france_for_six_years() -> None:
    stay = {"state": "FR", "from": "2027-01-01", "to": "2032-12-31",
            "posting": {"from_state": "US", "direct_relationship": True, "health_cover": True}}  # fmt: skip
    exemption = decided(stay, {"kind": "exemption", "legislation": "US"})
    assert exemption.outcome == "refused"
    assert [(one.kind, one.latest_end) for one in exemption.alternatives] == [
        ("exemption", date(2031, 12, 31)),
        ("exceptional_maintenance", None),
    ]
    exception = decided(
        stay, {"kind": "exceptional_maintenance", "legislation": "US", "from": "2027-01-01", "to": "2032-12-31"}
    )
    assert (exception.outcome, exception.decided_by) == ("needs_agreement", ("FR", "US"))
    assert exception.draft is not None
    assert "bsv.admin.ch" in exception.draft.fr  # each finding with its source
    assert "official summary" in exception.draft.en
    assert "Social Security Administration" in told(exemption, "fr")


def test_a_korean_posting_prolonged_names_the_clause_to_read() -> None:
    stay = {"state": "FR", "from": "2024-01-01", "to": "2026-12-31",
            "posting": {"from_state": "KR", "direct_relationship": True, "health_cover": True,
                        "replaces_posted_person": False}}  # fmt: skip
    request = {"kind": "prolongation", "legislation": "KR", "from": "2027-01-01"}
    within = decided(stay, {**request, "to": "2029-12-31"})
    assert within.outcome == "needs_facts"
    assert "prolongation" in told(within, "en")
    assert decided(stay, {**request, "to": "2030-01-01"}).outcome == "refused"
    assert "National Pension Service" in told(within, "fr")


def test_a_prolongation_that_begins_late_counts_the_days_between() -> None:
    late = algiers("2026-01-01", "2028-12-31", kind="prolongation", **{"from": "2029-02-01", "to": "2031-01-31"})
    assert (late.outcome, late.latest_end) == ("refused", date(2030, 12, 31))


def test_a_new_posting_after_the_waiting_time_is_offered() -> None:
    stay = {"state": "US", "from": "2031-01-01", "to": "2032-12-31",
            "posting": {"from_state": "FR", "direct_relationship": True,
                        "previous": [{"from": "2026-01-01", "to": "2030-12-31"}]}}  # fmt: skip
    decision = decided(stay, {"kind": "posting", "legislation": "FR"})
    assert decision.outcome == "refused"
    assert date(2032, 1, 1) in [one.earliest_start for one in decision.alternatives]


@pytest.mark.parametrize(
    ("filed", "body"),
    [("2021-06-01", "CPAM"), ("2022-05-01", "Cleiss"), ("2022-08-01", "Urssaf")],
)
def test_the_body_by_the_day_and_kind_of_request(filed: str, body: str) -> None:
    kind = "posting" if body == "CPAM" else "exceptional_maintenance"
    stay = {"state": "IT", "from": "2023-01-01", "to": "2026-12-31", "posting": {"from_state": "FR"}}
    decision = decided(stay, {"kind": kind, "legislation": "FR", "filed_on": filed})
    names = " ".join(one.name for one in decision.filed_with)
    assert [known for known in ("CPAM", "Cleiss", "Urssaf") if known in names] == [body]


def test_a_prolongation_two_months_ahead_is_late_the_day_after() -> None:
    stay = {"state": "FR", "from": "2026-01-01", "to": "2028-12-31",
            "posting": {"from_state": "MA", "direct_relationship": True}}  # fmt: skip
    request = {"kind": "prolongation", "legislation": "MA", "from": "2029-01-01", "to": "2029-12-31"}
    kept = [
        next(window.kept for window in decided(stay, {**request, "filed_on": day}).deadlines if window.limit == "last")
        for day in ("2028-10-31", "2028-11-01")
    ]
    assert kept == [True, False]


@pytest.mark.parametrize(
    ("first", "outcome"), [("2026-07-01", "refused"), ("2026-07-31", "refused"), ("2026-08-01", "needs_facts")]
)
def test_a_new_posting_in_the_union_after_two_months(first: str, outcome: str) -> None:
    """From the day on on which the break is long enough, only what the employer does at home is left to ask."""
    stay = {"state": "IT", "from": first, "to": "2027-12-31",
            "posting": {"from_state": "FR", "direct_relationship": True, "replaces_posted_person": False,
                        "recruited_for_posting": False, "lent_on": False,
                        "previous": [{"from": "2024-06-01", "to": "2026-05-31"}]}}  # fmt: skip
    home = {"residence": "FR", "insured": [{"state": "FR", "from": "2015-01-01", "basis": "employment"}]}
    decision = decided(stay, {"kind": "posting", "legislation": "FR"}, **home)
    assert decision.outcome == outcome
    if outcome == "refused":
        assert "La même demande" not in told(decision, "fr")
        assert [one.earliest_start for one in decision.alternatives] == [date(2026, 8, 1), None]
        assert "un nouveau détachement peut commencer le 1er août 2026" in told(decision, "fr")
