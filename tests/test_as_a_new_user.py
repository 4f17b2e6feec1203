"""Questions as they are asked at a counter: the answer, the body, the form and the day are told, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.result import Result

#: words of a caseworker's answer that belong to one language only
FRENCH = ("législation", "Fondement", "Demande de", "Qui décide", "Délais", "applicable :", "Il faut savoir")
ENGLISH = ("legislation", "Legal basis", "Request for", "Decided by", "Time limits", "States still possible")


def asked(sender: str, host: str, first: str, last: str, *, nationality: str = "", **more: Any) -> Result:
    """Someone sent from one State to another by an undertaking of the first, with an insurance there since 2015."""
    data = {
        "format": 1,
        "known_on": "2026-11-23",
        "person": {
            "nationalities": [nationality or sender],
            "residence": sender,
            "insured": [{"state": sender, "from": "2015-01-01", "basis": "employment"}],
        },
        "employers": {"acme": {"seat": sender, "kind": "undertaking"}},
        "activities": [
            {"kind": "employed", "state": host, "employer": "acme", "from": first, "to": last,
             "posting": {"from_state": sender, "direct_relationship": True, "health_cover": True}},
        ],
        **more,
    }  # fmt: skip
    result = cr.determine(cr.Case.model_validate(data))
    french, english = result.explain(lang="fr"), result.explain(lang="en")
    assert french
    assert english
    assert not [word for word in ENGLISH if word in french]
    assert not [word for word in FRENCH if word in english]
    return result


def request(kind: str, state: str, first: str, last: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "legislation": state, "from": first, "to": last, "filed_on": "2026-11-02", **more}


def bodies(result: Result) -> str:
    assert result.decision is not None
    return " ".join(one.name for one in result.decision.filed_with)


def test_an_italian_employee_for_two_years_in_algeria_falls_under_the_french_code() -> None:
    """The convention covers French and Algerian nationals: what is left is the Code, if the employer pays in full."""
    filing = request("posting", "FR", "2027-01-01", "2028-12-31")
    result = asked("FR", "DZ", "2027-01-01", "2028-12-31", nationality="IT", request=filing)
    (segment,) = result.segments
    assert (segment.outcome, segment.instrument) == ("undetermined", "fr-css")
    assert [one.question.en for one in segment.missing] == [
        "Does the employer undertake to pay all French contributions?"
    ]
    assert result.decision is not None
    assert result.decision.outcome == "needs_facts"
    assert "Urssaf" in bodies(result)


def test_the_convention_that_an_italian_is_not_covered_by_is_named_with_the_reason() -> None:
    filing = request("posting", "FR", "2027-01-01", "2028-12-31")
    result = asked("FR", "DZ", "2027-01-01", "2028-12-31", nationality="IT", request=filing)
    told = (
        "La convention franco-algérienne du 1er octobre 1980 ne s'applique pas, faute de cette condition : la personne "
        "possède la nationalité française ou algérienne."
    )
    assert [one.fr for one in result.segments[0].passed_over] == [told]
    assert result.decision is not None
    assert [one.fr for one in result.decision.passed_over] == [told]
    assert result.explain(lang="fr").count(told) == 2
    assert asked("FR", "DZ", "2027-01-01", "2028-12-31").segments[0].passed_over == ()


def test_the_same_for_a_french_employee_is_granted() -> None:
    filing = request("posting", "FR", "2027-01-01", "2028-12-31")
    result = asked("FR", "DZ", "2027-01-01", "2028-12-31", request=filing)
    assert result.segments[0].legislation == ("FR",)
    assert result.decision is not None
    assert (result.decision.outcome, result.decision.documents) == ("granted", ("SE 352-01",))
    assert "Urssaf" in bodies(result)


def test_algeria_prolonged_to_five_years() -> None:
    filing = request("prolongation", "FR", "2027-01-01", "2028-12-31")
    result = asked("FR", "DZ", "2024-01-01", "2026-12-31", request=filing)
    decision = result.decision
    assert decision is not None
    assert (decision.outcome, decision.decided_by, decision.documents) == (
        "needs_agreement",
        ("FR", "DZ"),
        ("SE 352-01",),
    )
    assert date(2026, 10, 1) in [one.day for one in decision.deadlines]
    assert "premier jour de dépôt" in result.explain(lang="fr")


@pytest.mark.parametrize(
    ("kind", "outcome"), [("prolongation", "refused"), ("exceptional_maintenance", "needs_agreement")]
)
def test_a_sixth_year_in_algeria_is_no_prolongation(kind: str, outcome: str) -> None:
    filing = request(kind, "FR", "2027-01-01", "2027-12-31")
    agreed = [
        {"states": ["FR", "DZ"], "legislation": "FR", "from": "2025-01-01", "to": "2026-12-31", "scheme": "individual"}
    ]
    result = asked("FR", "DZ", "2022-01-01", "2024-12-31", agreements=agreed, request=filing)
    decision = result.decision
    assert decision is not None
    assert decision.outcome == outcome
    if outcome == "refused":
        assert decision.latest_end == date(2026, 12, 31)
        assert [one.kind for one in decision.alternatives] == ["exceptional_maintenance", "voluntary_insurance"]


def test_korea_for_three_years_and_what_no_source_tells_of_a_prolongation() -> None:
    filing = request("prolongation", "FR", "2027-01-01", "2029-12-31")
    result = asked("FR", "KR", "2024-01-01", "2026-12-31", request=filing)
    assert (result.segments[0].legislation, result.segments[0].documents) == (("FR",), ("SE 237-1",))
    decision = result.decision
    assert decision is not None
    assert decision.outcome == "needs_facts"
    assert "which authorities decide" in decision.gaps[0].message.en.lower()
    assert "Urssaf" in bodies(result)
    assert asked("FR", "KR", "2024-01-01", "2027-01-01").segments[0].legislation == ("KR",)


def test_serbia_changes_its_text_on_1_december_2023() -> None:
    result = asked("FR", "RS", "2023-01-01", "2024-12-31")
    assert [(one.from_, one.instrument) for one in result.segments] == [
        (date(2023, 1, 1), "fr-yu-1950"),
        (date(2023, 12, 1), "fr-rs"),
    ]
    assert {one.legislation for one in result.segments} == {("FR",)}
    assert [one.en for one in result.segments[1].causes] == [
        "France–Serbia agreement of 6 November 2014: enters into force"
    ]


def test_an_american_manager_for_six_years() -> None:
    filing = request("posting", "US", "2027-01-01", "2032-12-31")
    result = asked("US", "FR", "2027-01-01", "2032-12-31", request=filing)
    decision = result.decision
    assert decision is not None
    assert (decision.outcome, decision.decided_by) == ("refused", ("US",))
    assert next((one.kind, one.latest_end) for one in decision.alternatives) == ("posting", date(2031, 12, 31))
    assert "Social Security Administration" in bodies(result)
    assert "Urssaf" not in bodies(result)
    assert "R142-1" not in result.explain(lang="fr")


@pytest.mark.parametrize(
    ("share", "law", "outcome"),
    [(24, "DE", "not_needed"), (25, "FR", "granted"), (49, "FR", "granted"), (50, "FR", "refused")],
)
def test_telework_at_home_in_france_for_a_german_employer(share: int, law: str, outcome: str) -> None:
    work = {"kind": "employed", "employer": "acme", "pattern": "alternating"}
    data = {
        "format": 1,
        "known_on": "2026-11-23",
        "period": {"from": "2027-01-01", "to": "2027-12-31"},
        "person": {"nationalities": ["FR"], "residence": "FR"},
        "employers": {"acme": {"seat": "DE", "decision_centre": "DE", "kind": "undertaking", "actual": True}},
        "activities": [
            {**work, "state": "DE", "working_time": 100 - share, "remuneration": 100 - share, "telework": False},
            {**work, "state": "FR", "working_time": share, "remuneration": share, "telework": True},
        ],
        "request": request("telework_exception", "DE", "2027-01-01", "2027-12-31", worker_consents=True, employer_consents=True),
    }  # fmt: skip
    result = cr.determine(cr.Case.model_validate(data))
    assert {one.legislation for one in result.segments} == {(law,)}
    decision = result.decision
    assert decision is not None
    assert decision.outcome == outcome
    if outcome == "granted":
        assert decision.documents == ("A1",)
        assert decision.reasons[0].en.startswith("Telework in the State of residence")
        assert decision.reasons[0].fr.startswith("Le télétravail effectué dans l'État de résidence")
    if outcome == "refused":
        assert "less than 50%" in decision.reasons[0].en
        assert [one.kind for one in decision.alternatives] == ["exceptional_maintenance"]
