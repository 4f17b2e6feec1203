"""An agreement that falls away because of the person is named with the condition that is missed."""

from __future__ import annotations

from typing import Any

import pytest

import cleiss_rules as cr


def sent(nationality: str, host: str, **posting: Any) -> cr.Result:
    case = {
        "format": 1,
        "known_on": "2026-11-23",
        "period": {"from": "2027-01-01", "to": "2028-12-31"},
        "person": {"nationalities": [nationality], "residence": "FR"},
        "employers": {"e": {"seat": "FR"}},
        "activities": [
            {"kind": "employed", "state": host, "employer": "e", "from": "2027-01-01", "to": "2028-12-31",
             "posting": {"from_state": "FR", "direct_relationship": True, **posting}},
        ],
        "request": {"kind": "posting", "legislation": "FR", "from": "2027-01-01", "to": "2028-12-31"},
    }  # fmt: skip
    return cr.determine(cr.Case.model_validate(case))


FRENCH = (
    "La convention franco-algérienne du 1er octobre 1980 ne s'applique pas, faute de cette condition : "
    "la personne possède la nationalité française ou algérienne."
)
ENGLISH = (
    "The France–Algeria convention of 1 October 1980 does not apply, for want of this condition: "
    "the person holds French or Algerian nationality."
)


@pytest.mark.parametrize("posting", [{}, {"contributions_undertaken": True}])
def test_an_italian_sent_to_algeria_is_told_why_the_convention_falls_away(posting: dict[str, Any]) -> None:
    result = sent("IT", "DZ", **posting)
    assert FRENCH in result.model_copy(update={"decision": None}).explain(lang="fr")
    assert ENGLISH in result.model_copy(update={"decision": None}).explain(lang="en")
    assert result.decision is not None
    assert [(one.fr, one.en) for one in result.decision.passed_over] == [(FRENCH, ENGLISH)]


@pytest.mark.parametrize(("nationality", "host"), [("FR", "DZ"), ("IT", "VN"), ("IT", "KR"), ("FR", "IT")])
def test_nothing_is_said_where_no_agreement_falls_away(nationality: str, host: str) -> None:
    result = sent(nationality, host)
    assert {segment.outcome for segment in result.segments} <= {"determined", "undetermined"}
    assert {segment.passed_over for segment in result.segments} == {()}
    assert result.decision is not None
    assert result.decision.passed_over == ()


def test_several_articles_are_a_plural_subject() -> None:
    assert "articles L761-2 et R761-1 du code de la sécurité sociale" in sent("IT", "VN").explain(lang="fr")
    assert ") désignent la France si l'employeur s'engage" in sent("IT", "VN").explain(lang="fr")
    assert ") lead to France if the employer undertakes" in sent("IT", "VN").explain(lang="en")


def test_states_that_no_text_coordinates_are_named_as_in_a_sentence() -> None:
    result = sent("US", "DK")
    assert "ne coordonne le Danemark et la France pour cette personne" in result.segments[0].notes[0].fr
    assert "coordinates Denmark and France for this person" in result.segments[0].notes[0].en
    assert result.decision is not None
    assert result.decision.reasons[0].en.startswith("No encoded text provides for this request")
