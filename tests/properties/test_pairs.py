"""What must hold for any pair of States one of which is France or a French territory: one text, or a reasoned gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleiss_rules as cr
from cleiss_rules.law.store import the_law
from cleiss_rules.result import OwnLaw, Segment

FRENCH = ("FR", "NC", "PF", "PM", "WF", "YT")
STATES = sorted(the_law().states)
DAYS = ("2012-03-01", "2016-03-01", "2021-03-01", "2026-03-01")


def case(sent_from: str, to: str, day: str = "2026-03-01", *, posted: bool = True, **facts: Any) -> cr.Case:
    activity: dict[str, Any] = {"kind": "employed", "state": to, "employer": "acme", "from": day, "to": day}
    if posted:
        activity["posting"] = {
            "from_state": sent_from, "direct_relationship": True, "replaces_posted_person": False, "previous": [],
            **facts.pop("posting", {}),
        }  # fmt: skip
    return cr.Case.model_validate(
        {
            "format": 1, "known_on": "2026-11-23", "period": {"from": day, "to": day},
            "person": {"nationalities": ["FR"], "residence": sent_from, **facts},
            "employers": {"acme": {"seat": sent_from, "kind": "undertaking"}},
            "activities": [activity], "documents": [], "agreements": [],
        }
    )  # fmt: skip


def reasoned(segment: Segment) -> bool:
    """One text is named, or what is missing is; where no text is, a note in both languages says what is left."""
    if segment.instrument is None and segment.outcome == "out_of_scope":
        return all(note.fr and note.en for note in segment.notes) and bool(segment.notes)
    return segment.instrument is not None or bool(segment.missing or segment.gaps)


def pairs() -> Iterator[tuple[str, str]]:
    for french in FRENCH:
        for other in STATES:
            if other != french:
                yield from ((french, other), (other, french))


@pytest.mark.parametrize("posted", [True, False])
def test_every_pair_has_one_text_or_a_reason(posted: bool) -> None:
    for sent_from, to in pairs():
        segments = cr.determine(case(sent_from, to, posted=posted)).segments
        assert len(segments) == 1, (sent_from, to)
        assert reasoned(segments[0]), (sent_from, to)
        assert segments[0].outcome != "conflict"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(FRENCH), st.sampled_from(STATES), st.sampled_from(DAYS), st.booleans(), st.booleans(),
    st.sampled_from(["FR", "DZ", "US", "BR", "IN"]),
)  # fmt: skip
def test_every_pair_has_one_text_or_a_reason_on_any_day(
    french: str, other: str, day: str, posted: bool, outward: bool, nationality: str
) -> None:
    if french == other:
        return
    ends = (french, other) if outward else (other, french)
    segments = cr.determine(case(*ends, day, posted=posted, nationalities=[nationality])).segments
    assert len(segments) == 1
    assert reasoned(segments[0])


def without_agreement() -> list[str]:
    """The States between which and France nothing but French law speaks."""
    return [
        state
        for state in STATES
        if state != "FR" and cr.determine(case("FR", state)).segments[0].instrument == "fr-css"
    ]


def test_without_an_agreement_french_law_keeps_the_posted_employee_by_an_undertaking() -> None:
    states = without_agreement()
    assert {"AU", "SG", "CN", "ZA", "AL"} <= set(states)
    for state in states:
        undertaken = {"contributions_undertaken": True}
        (segment,) = cr.determine(case("FR", state, posting=undertaken)).segments
        assert segment.outcome == "determined"
        assert segment.legislation == ("FR",)
        assert [basis.rule for basis in segment.basis if basis.role == "decides"] == ["fr-css/L761-2"]
        assert "R761-1" in segment.basis[0].cite
        assert any("double affiliation" in note.fr for note in segment.notes)
        (unknown,) = cr.determine(case("FR", state)).segments
        assert unknown.outcome == "undetermined"
        assert [missing.fact for missing in unknown.missing] == ["posting.contributions_undertaken"]


def of_france(segment: Segment) -> OwnLaw:
    assert segment.each_alone is not None
    return segment.each_alone.states[0]


def test_without_an_agreement_whoever_is_not_kept_may_insure_with_the_cfe() -> None:
    for state in without_agreement():
        (segment,) = cr.determine(case("FR", state, posted=False, residence=state)).segments
        assert segment.outcome == "out_of_scope"
        assert segment.each_alone is not None
        assert {one.state for one in segment.each_alone.states} == {"FR", state}
        france = of_france(segment)
        assert france.insures in ("no", "partly")
        assert "old_age" in france.not_insured
        assert france.voluntary is not None
        assert "Caisse des Français de l'étranger" in france.voluntary.en


def test_the_other_state_never_is_said_not_to_insure_without_a_source() -> None:
    for state in without_agreement():
        (segment,) = cr.determine(case("FR", state, posting={"contributions_undertaken": True})).segments
        assert segment.each_alone is not None
        other = segment.each_alone.states[1]
        assert bool(other.not_insured or other.branches) == bool(other.basis)
