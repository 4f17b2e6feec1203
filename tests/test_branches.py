"""Answers by branch: what the text keeps, what is left to each State's own law, what no source tells."""

from __future__ import annotations

import json
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.law.model import BRANCHES
from cleiss_rules.law.record import BRANCHES as IN_FILES
from cleiss_rules.law.schema import CoverageModel
from cleiss_rules.law.store import the_law
from cleiss_rules.result import BranchAnswer

PENSIONS = {"invalidity", "old_age", "survivors"}


def posted(sent_from: str, to: str, **posting: Any) -> cr.Case:
    return cr.Case.model_validate(
        {
            "format": 1, "known_on": "2026-11-23", "period": {"from": "2026-01-01", "to": "2026-12-31"},
            "person": {"nationalities": [sent_from], "residence": sent_from},
            "employers": {"acme": {"seat": sent_from, "kind": "undertaking"}},
            "activities": [
                {
                    "kind": "employed", "state": to, "employer": "acme", "from": "2026-01-01", "to": "2026-12-31",
                    "posting": {"from_state": sent_from, "direct_relationship": True, "previous": [], **posting},
                }
            ],
            "documents": [], "agreements": [],
        }
    )  # fmt: skip


def branches(case: cr.Case) -> dict[str, BranchAnswer]:
    (segment,) = cr.determine(case).segments
    assert segment.outcome == "determined"
    return {one.branch: one for one in segment.branches}


def test_the_branches_are_the_same_everywhere() -> None:
    assert BRANCHES == IN_FILES
    assert CoverageModel.model_json_schema()["properties"]["outside"]["items"]["enum"] == list(BRANCHES)
    assert BranchAnswer.model_json_schema()["properties"]["branch"]["enum"] == list(BRANCHES)


def test_india_keeps_pensions_and_leaves_the_rest_to_the_host() -> None:
    found = branches(posted("FR", "IN", contributions_undertaken=False))
    assert set(found) == set(BRANCHES)
    assert {name for name, one in found.items() if one.by == "instrument"} == PENSIONS
    assert all(found[name].legislation == ("FR",) for name in PENSIONS)
    assert {name for name, one in found.items() if one.legislation == ("IN",)} == {"sickness", "work_injury", "family"}
    assert found["unemployment"].legislation == ("FR",)  # Labour Code, article L5422-13
    assert all(one.grade is not None for one in found.values() if one.legislation)


def test_an_undertaking_to_pay_all_contributions_makes_double_cover_a_result() -> None:
    found = branches(posted("FR", "IN", contributions_undertaken=True))
    for name in ("sickness", "work_injury", "family"):
        assert set(found[name].legislation) == {"FR", "IN"}
        assert found[name].by == "national_law"
    assert all(found[name].legislation == ("FR",) for name in PENSIONS)


def test_an_undertaking_that_is_not_known_leaves_france_possible() -> None:
    found = branches(posted("FR", "IN"))
    assert found["sickness"].legislation == ("IN",)
    assert found["sickness"].possible == ("FR",)


def test_whoever_is_posted_from_india_is_insured_in_france_for_the_rest() -> None:
    found = branches(posted("IN", "FR"))
    assert all(found[name].legislation == ("IN",) for name in PENSIONS)
    assert found["sickness"].legislation == ("FR",)


def test_a_branch_of_which_no_source_tells_is_unknown_and_names_the_article() -> None:
    found = branches(posted("FR", "DZ"))
    assert set(found) == set(BRANCHES)
    for one in found.values():
        assert one.by == "unknown"
        assert not one.legislation
        assert set(one.possible) == {"FR", "DZ"}
        assert one.message is not None
        assert "champ d'application" in one.message.fr
        assert "scope" in one.message.en


def test_a_text_that_covers_every_branch_needs_no_table() -> None:
    assert branches(posted("FR", "TN")) == {}


@pytest.mark.parametrize("to", ["DE", "CH"])
def test_a_regulation_covers_every_branch(to: str) -> None:
    data = posted("FR", to).model_dump(mode="json", by_alias=True, exclude_unset=True)
    data["documents"] = [
        {"kind": "A1", "issuer": "FR", "legislation": "FR", "from": "2026-01-01", "to": "2026-12-31", "status": "valid"}
    ]
    for segment in cr.determine(cr.Case.model_validate(data)).segments:
        assert segment.outcome == "bound"
        assert segment.legislation == ("FR",)
        assert segment.branches == ()


def test_a_branch_outside_a_text_whose_states_have_no_own_law_on_file_stays_open() -> None:
    data = posted("FR", "GB").model_dump(mode="json", by_alias=True, exclude_unset=True)
    data["documents"] = [
        {"kind": "A1", "issuer": "FR", "legislation": "FR", "from": "2026-01-01", "to": "2026-12-31", "status": "valid"}
    ]
    (segment,) = cr.determine(cr.Case.model_validate(data)).segments
    family = next(one for one in segment.branches if one.branch == "family")
    assert family.by == "national_law"
    assert family.legislation == ()
    assert family.possible == ("FR", "GB")


def test_the_law_of_the_place_of_work_needs_no_table() -> None:
    data = posted("FR", "IN").model_dump(mode="json", by_alias=True, exclude_unset=True)
    del data["activities"][0]["posting"]
    (segment,) = cr.determine(cr.Case.model_validate(data)).segments
    assert segment.legislation == ("IN",)
    assert segment.branches == ()


def test_json_words_and_html_tell_the_branches() -> None:
    result = cr.determine(posted("FR", "IN", contributions_undertaken=True))
    data = json.loads(result.model_dump_json())["segments"][0]
    assert {"branch": "old_age", "legislation": ["FR"], "by": "instrument"}.items() <= data["branches"][3].items()
    french, english = result.explain("fr"), result.explain("en")
    assert "Par branche" in french
    assert "double affiliation" in french
    assert "By branch" in english
    assert "double cover" in english
    assert "Par branche" in result._repr_html_() or "By branch" in result._repr_html_()


def test_every_text_that_names_a_legislation_tells_its_branches_or_is_known_not_to() -> None:
    """A text whose branches no source tells has no such section: each of its branches is unknown."""
    law = the_law()
    silent = {
        one.id
        for one in law.instruments.values()
        if any(rule.then.value is not None for rule in one.rules)
        and not one.shared
        and not any(member.branches for member in (one, *(law.instruments[used] for used in one.uses)))
    }
    assert silent == {
        "fr-ca-1979", "fr-cg", "fr-cn", "fr-cv", "fr-dz", "fr-je", "fr-md", "fr-ph", "fr-nc", "fr-yt",
        "uk-eea-convention-2024",
    }  # fmt: skip
