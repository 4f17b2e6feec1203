"""French cover kept on top of what an agreement says (article R761-1, second paragraph): shown, counted and explained."""

from __future__ import annotations

from typing import Any

import cleiss_rules as cr


def _posted_to_cameroon(undertaken: bool | None, to: str = "2027-12-31") -> Any:
    posting: dict[str, Any] = {"from_state": "FR", "direct_relationship": True}
    if undertaken is not None:
        posting["contributions_undertaken"] = undertaken
    return cr.determine(
        cr.Case.model_validate(
            {
                "format": 1, "id": "cameroon", "known_on": "2026-11-23", "period": {"from": "2026-01-01", "to": to},
                "person": {"nationalities": ["FR"], "residence": "FR"}, "employers": {"sender": {"seat": "FR"}},
                "activities": [
                    {
                        "id": "stay", "kind": "employed", "state": "CM", "employer": "sender", "from": "2026-01-01",
                        "to": to, "posting": posting,
                    }
                ],
            }
        )
    )  # fmt: skip


def test_two_legislations_with_a_note_and_both_texts_in_the_basis() -> None:
    (segment,) = _posted_to_cameroon(True).segments
    assert segment.legislation == ("CM", "FR")
    assert {"fr-cm/general", "fr-css/R761-1-2"} <= {entry.rule for entry in segment.basis}
    assert segment.decided_by == ("CM", "FR")
    assert any("double affiliation" in note.en for note in segment.notes)


def test_the_agreement_alone_without_an_undertaking() -> None:
    for undertaken in (False, None):
        (segment,) = _posted_to_cameroon(undertaken).segments
        assert segment.legislation == ("CM",)


def test_three_years_at_most() -> None:
    first, then = _posted_to_cameroon(True, to="2030-12-31").segments
    assert (first.to.isoformat(), first.legislation) == ("2028-12-31", ("CM", "FR"))
    assert then.legislation == ("CM",)


def test_the_explanation_names_both() -> None:
    result = _posted_to_cameroon(True)
    assert "France" in result.explain(lang="en")
    assert "double affiliation" in result.explain(lang="fr")
