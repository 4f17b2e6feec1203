"""Decisions as a caseworker reads them aloud: what is said once, what can be had instead, what nobody has to file."""

from __future__ import annotations

from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.explain.decision import decision_lines
from cleiss_rules.result import Decision


def decided(request: dict[str, Any], *activities: dict[str, Any], **more: Any) -> Decision:
    case = {
        "format": 1,
        "known_on": "2026-11-23",
        "person": {"nationalities": ["FR"], "residence": "FR"},
        "employers": {"e": {"seat": "FR"}},
        "activities": list(activities),
        "request": {"filed_on": "2026-10-15", **request},
        **more,
    }  # fmt: skip
    decision = cr.determine(cr.Case.model_validate(case)).decision
    assert decision is not None
    return decision


def posted(host: str, last: str, sender: str = "FR", **posting: Any) -> dict[str, Any]:
    return {
        "kind": "employed", "state": host, "employer": "e", "from": "2027-01-01", "to": last,
        "posting": {"from_state": sender, "direct_relationship": True, **posting},
    }  # fmt: skip


def line(decision: Decision, lang: str, label: str) -> str:
    return next((one for one in decision_lines(decision, lang) if one.startswith(label)), "")


def teleworking(share: int) -> Decision:
    work = {"kind": "employed", "employer": "e", "pattern": "alternating", "from": "2027-01-01"}
    return decided(
        {"kind": "telework_exception", "legislation": "DE", "from": "2027-01-01", "to": "2027-12-31", "worker_consents": True,
         "employer_consents": True},
        {**work, "state": "FR", "working_time": share, "remuneration": share, "telework": True},
        {**work, "state": "DE", "working_time": 100 - share, "remuneration": 100 - share, "telework": False},
        employers={"e": {"seat": "DE", "decision_centre": "DE"}},
    )  # fmt: skip


def test_what_applies_anyway_rests_on_its_article_and_is_filed_nowhere() -> None:
    decision = teleworking(24)
    assert decision.outcome == "not_needed"
    deciding = [one.cite for one in decision.basis if one.role == "decides"]
    assert deciding == ["Regulation (EC) No 883/2004, art. 13(1)(b)(i)"]
    assert (decision.filed_with, decision.deadlines, decision.admissibility) == ((), (), None)
    assert not line(decision, "fr", "À déposer")


def test_an_exception_names_its_text_and_its_authorities() -> None:
    (exception,) = teleworking(50).alternatives
    assert exception.text.fr.endswith(
        "aux autorités de la France et de l'Allemagne (article 16, paragraphe 1, du règlement (CE) nº 883/2004)."
    ) or exception.text.fr.endswith(
        "aux autorités de l'Allemagne et de la France (article 16, paragraphe 1, du règlement (CE) nº 883/2004)."
    )
    assert "article 16(1) of Regulation (EC) No 883/2004" in exception.text.en


def test_seven_years_without_an_agreement() -> None:
    request = {"kind": "posting", "legislation": "FR", "from": "2027-01-01", "to": "2033-12-31"}
    decision = decided(request, posted("VN", "2033-12-31", contributions_undertaken=True))
    assert decision.outcome == "refused"
    assert (
        decision.reasons[0].fr == "La période demandée dépasse la durée maximale de 3 ans (articles L761-2 et R761-1)."
    )
    assert [one.kind for one in decision.alternatives] == ["posting", "prolongation", "voluntary_insurance"]
    assert "Caisse des Français de l'étranger" in decision.alternatives[-1].text.en
    assert not line(decision, "fr", "Ce qui s'applique sans cela")  # nothing else does


def test_a_renewal_without_an_agreement_asks_no_other_state() -> None:
    request = {"kind": "prolongation", "legislation": "FR", "from": "2030-01-01", "to": "2032-12-31"}
    decision = decided(request, posted("VN", "2029-12-31", contributions_undertaken=True))
    assert decision.admissibility is not None
    assert "autre État" not in decision.admissibility.filed_by.fr
    assert decision.deadlines == ()  # the window is that of individual exceptions


@pytest.mark.parametrize(("told", "kinds"), [(False, ["posting", "exceptional_maintenance"])])
def test_a_missing_cover_can_be_taken_out(told: bool, kinds: list[str]) -> None:
    request = {"kind": "posting", "legislation": "US", "from": "2027-01-01", "to": "2029-12-31"}
    decision = decided(
        request, posted("FR", "2029-12-31", "US", health_cover=told),
        person={"nationalities": ["US"], "residence": "US"}, employers={"e": {"seat": "US"}},
    )  # fmt: skip
    assert decision.outcome == "refused"
    assert [one.kind for one in decision.alternatives] == kinds
    assert decision.alternatives[0].text.en == (
        "The same request, if worker and family take out the health cover that the agreement asks for."
    )


def test_the_undertaking_of_national_law_is_not_asked_for_under_an_agreement() -> None:
    request = {"kind": "posting", "legislation": "FR", "from": "2027-01-01", "to": "2028-12-31"}
    for host, asked in (("IN", False), ("VN", True)):
        file = decided(request, posted(host, "2028-12-31")).admissibility
        assert file is not None
        assert any("contributions" in one.what.en for one in file.asked) is asked


def test_who_decides_is_what_no_source_tells_in_korea() -> None:
    request = {"kind": "prolongation", "legislation": "FR", "from": "2030-01-01", "to": "2031-12-31"}
    decision = decided(request, posted("KR", "2029-12-31"))
    assert decision.outcome == "needs_facts"
    assert decision.reasons[0].en.startswith("The period asked for fits into the longest prolongation, 3 years")
    assert decision.gaps[0].message.en.startswith("Which authorities decide what is asked for, ")
    assert decision.gaps[0].message.fr.startswith("Quelles autorités décident de ce qui est demandé, ")


def test_the_other_side_is_named_with_its_body() -> None:
    request = {"kind": "prolongation", "legislation": "FR", "from": "2030-01-01", "to": "2031-12-31"}
    decision = decided(request, posted("DZ", "2029-12-31"))
    assert line(decision, "fr", "Accord à obtenir de : CNAS")
    assert line(decision, "en", "Agreement to be obtained from: CNAS")
    assert not line(decision, "fr", "Qui décide")  # the reason says it
    assert decision.deadlines[0].cite.startswith("CSS art. R761-2")
    assert "code de la sécurité sociale, article R761-2" in line(decision, "fr", "Délais")
    assert "French Code of social security, article R761-2" in line(decision, "en", "Time limits")


def test_nothing_is_said_of_an_employer_that_the_self_employed_do_not_have() -> None:
    architect = {
        "kind": "self_employed", "state": "DE", "from": "2025-01-01", "to": "2026-06-30",
        "posting": {"from_state": "FR", "similar_activity": True, "infrastructure_kept": True},
    }  # fmt: skip
    request = {"kind": "prolongation", "legislation": "FR", "from": "2026-07-01", "to": "2027-06-30"}
    decision = decided({**request, "filed_on": "2026-05-01"}, architect)
    assert decision.outcome == "needs_agreement"
    assert not [one for one in decision.considerations if "employ" in one.text.en]
    said = [one.text.en for one in decision.considerations if one.speaks == "for"]
    assert "the request is made before the period under way ends" in said
    assert "the request is made in advance" not in said  # said once


def test_a_working_pensioner_is_told_the_condition_by_the_state_of_residence() -> None:
    decision = decided(
        {"kind": "exemption", "from": "2027-01-01", "to": "2027-12-31"},
        {"kind": "employed", "state": "DE", "employer": "e", "from": "2027-01-01"},
        person={"nationalities": ["FR"], "residence": "DE", "benefits": [{"kind": "pension_old_age", "state": "FR"}]},
        employers={"e": {"seat": "DE"}},
    )  # fmt: skip
    assert decision.outcome == "refused"
    assert decision.basis[0].rule == "eu-883-2004/16-2"
    assert decision.decided_by == ("DE",)
    assert [one.state for one in decision.filed_with] == ["DE"]
    assert decision.follow_up == ()  # the French appeal is none against a German refusal


def test_an_exchange_between_institutions_is_no_form_to_file() -> None:
    decision = teleworking(30)
    assert line(decision, "fr", "Document") == "Document : A1."
    assert line(decision, "fr", "Échange entre institutions") == "Échange entre institutions : A001."


def test_what_is_granted_says_what_it_does_not_reach() -> None:
    request = {"kind": "posting", "legislation": "FR", "from": "2027-01-01", "to": "2028-12-31"}
    partial = decided(request, posted("IN", "2028-12-31"))
    assert partial.outcome == "granted"
    assert partial.reasons[-1].en.startswith("This holds for invalidity, old age and survivors only")
    alone = decided(request, posted("VN", "2028-12-31", contributions_undertaken=True))
    assert alone.outcome == "granted"
    assert alone.reasons[-1].en.startswith("This does not bind the other State")


def test_a_prolongation_within_the_posting_is_filed_as_one() -> None:
    request = {"kind": "prolongation", "legislation": "FR", "from": "2028-01-01", "to": "2028-08-31"}
    employers = {"e": {"seat": "FR", "activity": {"FR": {"turnover_share": 60}}}}
    insured = {"nationalities": ["FR"], "residence": "FR", "insured": [{"state": "FR", "from": "2015-01-01"}]}
    stay = posted("DE", "2027-12-31", replaces_posted_person=False)
    decision = decided(request, stay, employers=employers, person=insured)
    assert (decision.outcome, decision.request) == ("granted", "prolongation")
    assert line(decision, "en", "To be filed with").startswith(
        "To be filed with: Urssaf, international mobility service (general scheme) – posting requests"
    )
    assert not line(decision, "en", "Exchange between institutions")
    assert "R761-2" not in line(decision, "en", "Time limits")


def test_an_assessment_is_that_of_the_sending_institution_by_its_article() -> None:
    request = {"kind": "posting", "legislation": "FR", "from": "2027-01-01", "to": "2027-12-31"}
    employers = {"e": {"seat": "FR", "kind": "undertaking", "activity": {"FR": {"turnover_share": 5}}}}
    insured = {"nationalities": ["FR"], "residence": "FR", "insured": [{"state": "FR", "from": "2015-01-01"}]}
    stay = posted("DE", "2027-12-31", replaces_posted_person=False)
    decision = decided(request, stay, employers=employers, person=insured)
    assert decision.outcome == "discretionary"
    assert decision.decided_by == ("FR",)
    assert "article 14(2)" in line(decision, "en", "Legal basis")


def test_a_refusal_says_whose_legislation_applies_instead() -> None:
    request = {"kind": "posting", "legislation": "FR", "from": "2027-01-01", "to": "2031-12-31"}
    decision = decided(request, posted("DZ", "2031-12-31"))
    assert (decision.outcome, decision.instead) == ("refused", ("DZ",))
    assert line(
        decision, "fr", "Ce qui s'applique sans cela : la législation de l'Algérie (convention franco-algérienne"
    )
    assert line(decision, "en", "What applies without it: the legislation of Algeria (France–Algeria convention")
