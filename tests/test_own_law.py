"""What each State's own law says by itself: double cover, no cover, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.law.store import the_law
from cleiss_rules.result import EachAlone, OwnLaw, Segment
from tests.test_branches import posted


def alone(case: cr.Case) -> tuple[Segment, EachAlone]:
    (segment,) = cr.determine(case).segments
    assert segment.each_alone is not None
    return segment, segment.each_alone


def of(each: EachAlone, state: str) -> OwnLaw:
    return next(one for one in each.states if one.state == state)


def test_france_and_china_both_insure_without_an_agreement() -> None:
    segment, each = alone(posted("FR", "CN", contributions_undertaken=True))
    assert segment.legislation == ("FR",)
    assert segment.instrument == "fr-css"
    assert each.conclusion == "double"
    assert set(each.twice) == {"sickness", "maternity", "old_age", "work_injury", "unemployment"}
    assert of(each, "FR").insures == "yes"
    assert {basis.rule for basis in of(each, "CN").basis} == {"own-laws/cn"}


def test_nobody_insures_old_age_in_singapore() -> None:
    data = posted("FR", "SG", contributions_undertaken=False).model_dump(mode="json", by_alias=True, exclude_unset=True)
    data["person"]["residence"] = "SG"
    segment, each = alone(cr.Case.model_validate(data))
    assert segment.outcome == "out_of_scope"
    assert set(each.nowhere) == {"sickness", "old_age"}
    assert each.conclusion == "open"  # what Singapore's law says of other branches no source tells
    voluntary = of(each, "FR").voluntary
    assert voluntary is not None
    assert "Caisse des Français de l'étranger" in voluntary.fr
    assert "assuré nulle part : maladie, vieillesse" in cr.determine(cr.Case.model_validate(data)).explain("fr")


def test_a_state_of_which_no_source_tells_is_unknown_and_never_does_not_insure() -> None:
    _, each = alone(posted("FR", "AU", contributions_undertaken=True))
    australia = of(each, "AU")
    assert australia.insures == "unknown"
    assert australia.not_insured == ()
    assert australia.message is not None
    assert "Australia" in australia.message.en


def test_an_unknown_undertaking_is_asked_for() -> None:
    _, each = alone(posted("FR", "AU"))
    france = of(each, "FR")
    assert france.insures == "partly"  # unemployment insurance does not depend on the undertaking
    assert france.branches == ("unemployment",)
    assert any(missing.fact == "posting.contributions_undertaken" for missing in france.missing)


def test_saudi_arabia_insures_foreigners_against_accidents_only() -> None:
    _, each = alone(posted("FR", "SA", contributions_undertaken=True))
    saudi = of(each, "SA")
    assert saudi.insures == "partly"
    assert saudi.branches == ("work_injury",)
    assert set(saudi.not_insured) == {"old_age", "invalidity", "survivors"}
    assert each.twice == ("work_injury",)


def test_work_in_france_is_insured_there_whatever_the_sending_state_does() -> None:
    _, each = alone(posted("AU", "FR"))
    france = of(each, "FR")
    assert {"sickness", "old_age", "work_injury", "family"} <= set(france.branches)
    assert {"fr-css/L111-2-2", "fr-css/L311-2"} <= {basis.rule for basis in france.basis}


def test_an_agreement_shows_the_double_cover_that_it_ends() -> None:
    segment, each = alone(posted("FR", "US", contributions_undertaken=True))
    assert segment.legislation == ("FR",)
    assert segment.instrument == "fr-us"
    assert set(each.twice) == {"old_age", "survivors", "invalidity"}
    assert "Chaque droit pris isolément" not in cr.determine(posted("FR", "US")).explain("fr", "short")
    assert "Chaque droit pris isolément" in cr.determine(posted("FR", "US")).explain("fr", "full")


def test_a_regulation_leaves_no_room_for_each_alone() -> None:
    (segment,) = cr.determine(posted("FR", "DE")).segments
    assert segment.each_alone is None


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("to", ["CN", "SG", "SA", "US", "IN", "AU"])
def test_every_view_has_words_in_both_languages(to: str, lang: Any) -> None:
    text = cr.determine(posted("FR", to, contributions_undertaken=True)).explain(lang, "full")
    assert "None" not in text
    assert "{" not in text


def test_the_own_law_of_other_states_never_names_the_applicable_legislation() -> None:
    for instrument in the_law().instruments.values():
        if instrument.law_of == "*":
            assert not instrument.binds
            assert {rule.question for rule in instrument.rules} <= {"own_law", "own_law_exempts"}
            assert all(rule.source.url for rule in instrument.rules)
