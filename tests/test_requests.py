"""What becomes of a request: granted to the last day, refused a day later with what can be had instead."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Decision


def decided(data: dict[str, Any]) -> Decision:
    decision = cr.determine(cr.Case.model_validate(data)).decision
    assert decision is not None
    return decision


@pytest.fixture
def algiers() -> dict[str, Any]:
    """Three years in Algeria for a French firm."""
    return {
        "format": 1,
        "known_on": "2026-11-23",
        "person": {"nationalities": ["FR"], "residence": "FR"},
        "employers": {"e": {"seat": "FR"}},
        "activities": [
            {"kind": "employed", "state": "DZ", "employer": "e", "from": "2026-01-01", "to": "2028-12-31",
             "posting": {"from_state": "FR", "direct_relationship": True}},
        ],
    }  # fmt: skip


def asking(data: dict[str, Any], kind: str, first: str, last: str, **more: Any) -> Decision:
    return decided({**data, "request": {"kind": kind, "legislation": "FR", "from": first, "to": last, **more}})


def test_a_posting_to_the_last_day(algiers: dict[str, Any]) -> None:
    decision = asking(algiers, "posting", "2026-01-01", "2028-12-31")
    assert (decision.outcome, decision.decided_by, decision.documents) == ("granted", ("FR",), ("SE 352-01",))
    assert decision.granted is not None
    assert (decision.granted.from_, decision.granted.to) == (date(2026, 1, 1), date(2028, 12, 31))
    assert decision.latest_end == date(2028, 12, 31)


def test_a_day_more_is_refused_with_what_can_be_had(algiers: dict[str, Any]) -> None:
    decision = asking(algiers, "posting", "2026-01-01", "2029-01-01")
    assert decision.outcome == "refused"
    assert "3 years and 1 day" in decision.reasons[0].en
    assert [(one.kind, one.latest_end) for one in decision.alternatives] == [
        ("posting", date(2028, 12, 31)),
        ("prolongation", None),
        ("exceptional_maintenance", None),
        ("voluntary_insurance", None),
    ]


@pytest.mark.parametrize(("last", "outcome"), [("2030-12-31", "needs_agreement"), ("2031-01-01", "refused")])
def test_a_prolongation_to_its_last_day_and_a_day_more(algiers: dict[str, Any], last: str, outcome: str) -> None:
    decision = asking(algiers, "prolongation", "2029-01-01", last, filed_on="2028-11-01")
    assert decision.outcome == outcome
    if outcome == "needs_agreement":
        assert decision.decided_by == ("FR", "DZ")
        assert decision.deadlines[-1].day == date(2028, 10, 1)
    else:
        assert decision.latest_end == date(2030, 12, 31)
        assert [one.kind for one in decision.alternatives[-2:]] == ["exceptional_maintenance", "voluntary_insurance"]


def test_a_discretionary_request_is_never_refused(algiers: dict[str, Any]) -> None:
    decision = asking(
        algiers, "exceptional_maintenance", "2029-01-01", "2040-12-31", filed_on="2030-01-01", worker_consents=False
    )
    assert decision.outcome == "needs_agreement"
    sides = [one.speaks for one in decision.considerations]
    assert sides.count("against") == 4
    assert sides.count("open") == 3


def test_a_missing_fact_is_asked_for(posted: dict[str, Any]) -> None:
    del posted["person"]["insured"]
    decision = decided({**posted, "request": {"kind": "posting"}})
    assert decision.outcome == "needs_facts"
    assert [one.path for one in decision.missing] == ["person.insured"]


def test_a_request_without_days_or_posting_asks_for_them(spread: dict[str, Any]) -> None:
    decision = decided({**spread, "request": {"kind": "posting"}})
    assert decision.outcome == "needs_facts"
    assert [one.path for one in decision.missing] == ["request.from", "request.legislation"]


def test_a_prolongation_inside_24_months_is_the_sending_states_alone(posted: dict[str, Any]) -> None:
    posted["activities"][0]["to"] = "2026-12-31"
    inside = asking(posted, "prolongation", "2027-01-01", "2027-12-31")
    beyond = asking(posted, "prolongation", "2027-01-01", "2028-01-01")
    assert (inside.outcome, inside.decided_by) == ("granted", ("FR",))
    assert (beyond.outcome, beyond.decided_by) == ("needs_agreement", ("FR", "IT"))


@pytest.mark.parametrize(
    ("share", "outcome"), [(24, "not_needed"), (25, "granted"), (49.9, "granted"), (50, "refused"), (60, "refused")]
)
def test_telework_at_every_threshold(spread: dict[str, Any], share: float, outcome: str) -> None:
    home, office = spread["activities"]
    home.update({"working_time": share, "remuneration": share, "telework": True})
    office.update({"working_time": 100 - share, "remuneration": 100 - share})
    request = {
        "kind": "telework_exception", "legislation": "DE", "from": "2026-01-01", "to": "2026-12-31",
        "filed_on": "2025-12-01", "worker_consents": True, "employer_consents": True,
    }  # fmt: skip
    decision = decided({**spread, "request": request})
    assert decision.outcome == outcome
    if outcome == "granted":
        assert decision.basis[0].rule == "eu-fa-telework/3"
        assert decision.decided_by == ("DE",)
    if outcome == "refused":
        assert decision.alternatives[0].kind == "exceptional_maintenance"


def test_telework_is_judged_on_every_day_that_is_asked_for(spread: dict[str, Any]) -> None:
    home, office = spread["activities"]
    home.update({"working_time": 30, "remuneration": 30, "telework": True, "from": "2026-01-01", "to": "2026-05-31"})
    office.update({"working_time": 70, "remuneration": 70, "from": "2026-01-01", "to": "2026-05-31"})
    later = [{**one, "from": "2026-06-01", "to": "2026-12-31"} for one in (home, office)]
    for one, share in zip(later, (60, 40), strict=True):
        one.update({"working_time": share, "remuneration": share})
    request = {
        "kind": "telework_exception", "legislation": "DE", "from": "2026-01-01", "to": "2026-12-31",
        "filed_on": "2025-12-01", "worker_consents": True, "employer_consents": True,
    }  # fmt: skip
    decision = decided({**spread, "activities": [home, office, *later], "request": request})
    assert decision.outcome == "refused"
    assert decision.latest_end == date(2026, 5, 31)
    assert [one.kind for one in decision.alternatives] == ["telework_exception", "exceptional_maintenance"]


def test_a_pensioner_whose_pension_no_state_is_told_of_is_asked() -> None:
    person = {"nationalities": ["BE"], "residence": "FR", "benefits": [{"kind": "pension_old_age"}]}
    request = {"kind": "exemption", "legislation": "BE", "from": "2026-12-01", "filed_on": "2026-11-20"}
    decision = decided({"format": 1, "id": "pension", "known_on": "2026-11-23", "person": person, "request": request})
    assert decision.outcome == "needs_facts"
    assert [one.path for one in decision.missing] == ["person.benefits[0].state"]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [({"telework": None}, "needs_facts"), ({"telework": False}, "refused"), ({"state": "ES"}, "refused")],
)
def test_telework_needs_telework_at_home_and_nothing_elsewhere(
    spread: dict[str, Any], change: dict[str, Any], outcome: str
) -> None:
    home, office = spread["activities"]
    home.update({"working_time": 30, "remuneration": 30, "telework": True})
    office.update({"working_time": 70, "remuneration": 70})
    (office if "state" in change else home).update(change)
    request = {
        "kind": "telework_exception", "legislation": "DE", "from": "2026-01-01", "to": "2026-12-31",
        "worker_consents": True, "employer_consents": True,
    }  # fmt: skip
    assert decided({**spread, "request": request}).outcome == outcome


def test_a_case_without_request_has_no_decision(posted: dict[str, Any]) -> None:
    assert cr.determine(cr.Case.model_validate(posted)).decision is None


def test_segments_stay_as_they_are_without_the_request(algiers: dict[str, Any]) -> None:
    asked = {
        **algiers,
        "request": {"kind": "prolongation", "legislation": "FR", "from": "2029-01-01", "to": "2030-12-31"},
    }
    plain, with_request = (cr.determine(cr.Case.model_validate(data)) for data in (algiers, asked))
    assert [(s.from_, s.to, s.legislation) for s in plain.segments] == [
        (s.from_, s.to, s.legislation) for s in with_request.segments
    ]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_decision_is_told_with_the_answer(algiers: dict[str, Any], lang: Any) -> None:
    request = {"kind": "prolongation", "legislation": "FR", "from": "2029-01-01", "to": "2030-12-31"}
    result = cr.determine(cr.Case.model_validate({**algiers, "request": request}))
    text = result.explain(lang)
    assert ("soumise à l'accord des autorités" if lang == "fr" else "needs the agreement") in text
    assert ("convention franco-algérienne" if lang == "fr" else "France–Algeria convention") in text
    assert "SE 352-01" in text
    assert "None" not in text
    assert "decision" in result._repr_html_()


def test_a_granted_request_carries_the_data_of_its_certificate(posted: dict[str, Any]) -> None:
    certificate = decided({**posted, "request": {"kind": "posting"}}).certificate
    assert certificate is not None
    assert (certificate.form, certificate.legislation, certificate.status) == ("A1", "FR", "01")
    assert (certificate.from_, certificate.to) == (date(2026, 1, 1), date(2027, 12, 31))
    assert certificate.holder.nationalities == ("FR",)
    assert certificate.employers == ("acme",)
    assert [place.state for place in certificate.workplaces] == ["IT"]
    assert "1.2 surname" in certificate.missing
    assert "1.6 nationality" not in certificate.missing


def test_an_agreements_form_is_its_certificate(algiers: dict[str, Any]) -> None:
    certificate = asking(algiers, "posting", "2026-01-01", "2028-12-31").certificate
    assert certificate is not None
    assert (certificate.form, certificate.status) == ("SE 352-01", None)


def test_a_refused_request_has_no_certificate(algiers: dict[str, Any]) -> None:
    assert asking(algiers, "posting", "2026-01-01", "2029-01-01").certificate is None


@pytest.mark.parametrize(
    ("nationality", "state", "outcome", "basis"),
    [
        (
            "FR",
            "IL",
            "refused",
            ("fr-il/self_employed_posting",),
        ),  # article 1(1) covers employed work only, and says so
        ("VN", "IL", "needs_facts", ()),  # the convention is not this person's: what French law alone says is open
        ("FR", "SN", "needs_facts", ()),  # no source tells of a posting of the self-employed
    ],
)
def test_a_scope_that_leaves_out_the_self_employed_answers_by_its_clause(
    algiers: dict[str, Any], nationality: str, state: str, outcome: str, basis: tuple[str, ...]
) -> None:
    stay = {**algiers["activities"][0], "kind": "self_employed", "state": state, "employer": None}
    case = {**algiers, "person": {"nationalities": [nationality], "residence": "FR"}, "activities": [stay]}
    decision = asking(case, "posting", "2026-01-01", "2026-05-31")
    assert (decision.outcome, tuple(one.rule for one in decision.basis)) == (outcome, basis)


def test_an_unknown_longest_prolongation_is_what_has_to_be_read(algiers: dict[str, Any]) -> None:
    stay = {**algiers["activities"][0], "state": "TR"}
    decision = asking({**algiers, "activities": [stay]}, "prolongation", "2029-01-01", "2029-12-31")
    assert decision.outcome == "needs_facts"
    assert [gap.message.en for gap in decision.gaps] == [
        "Longest prolongation – no available source tells; read the France–Türkiye convention of 20 January 1972, article 6(1)(b)."
    ]


def test_each_of_the_twelve_codes_stands_at_a_rule() -> None:
    law = the_law()
    codes = {rule.then.status for instrument in law.instruments.values() for rule in instrument.rules}
    assert {f"{number:02}" for number in range(1, 13)} <= codes


def test_a_refusal_rests_on_the_paragraph_whose_condition_fails(algiers: dict[str, Any]) -> None:
    decision = asking(algiers, "posting", "2026-01-01", "2029-01-01")
    assert [(one.rule, one.role) for one in decision.basis][:2] == [
        ("fr-dz/6-1-a", "decides"),
        ("fr-dz/general", "instead"),
    ]


def test_a_refusal_says_that_both_decide_where_both_have_to_agree(algiers: dict[str, Any]) -> None:
    assert asking(algiers, "posting", "2026-01-01", "2029-01-01").decided_by == ("FR",)
    assert asking(algiers, "prolongation", "2029-01-01", "2031-01-01").decided_by == ("FR", "DZ")


def test_other_rules_that_lead_elsewhere_are_no_reason_against_a_posting() -> None:
    goes = {"kind": "self_employed", "state": "BE", "from": "2026-03-01", "to": "2028-03-31",
            "posting": {"from_state": "FR", "similar_activity": True, "infrastructure_kept": True}}  # fmt: skip
    decision = decided(
        {"format": 1, "known_on": "2026-11-23", "person": {"nationalities": ["FR"], "residence": "FR"},
         "activities": [goes], "request": {"kind": "posting", "legislation": "FR"}}
    )  # fmt: skip
    assert decision.outcome == "refused"
    assert [one.rule for one in decision.basis if one.role == "decides"] == ["eu-883-2004/12-2"]
    assert len(decision.reasons) == 1


def test_a_shorter_period_is_offered_with_what_stays_open() -> None:
    goes = {"kind": "self_employed", "state": "BE", "from": "2026-03-01", "to": "2028-03-31",
            "posting": {"from_state": "FR", "similar_activity": True, "infrastructure_kept": True}}  # fmt: skip
    decision = decided(
        {"format": 1, "known_on": "2026-11-23", "person": {"nationalities": ["FR"], "residence": "FR"},
         "activities": [goes], "request": {"kind": "posting", "legislation": "FR"}}
    )  # fmt: skip
    shorter = decision.alternatives[0]
    assert (shorter.kind, shorter.latest_end) == ("posting", date(2028, 2, 29))
    assert shorter.text.fr == "La même demande jusqu'au 29 février 2028, si les autres conditions sont remplies."
