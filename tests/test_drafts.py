"""A draft proposes what the findings suggest, in both languages, and leaves the decision to whoever signs it."""

from __future__ import annotations

from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.drafts import draft
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Words


def drafted(**request: Any) -> Words | None:
    case = cr.Case.model_validate(
        {
            "format": 1,
            "known_on": "2026-11-23",
            "person": {"nationalities": ["FR"], "residence": "FR"},
            "employers": {"e": {"seat": "FR"}},
            "activities": [
                {"kind": "employed", "state": "DZ", "employer": "e", "from": "2026-01-01", "to": "2028-12-31",
                 "posting": {"from_state": "FR", "direct_relationship": True}},
            ],
            "request": {"legislation": "FR", **request},
        }
    )  # fmt: skip
    decision = cr.determine(case).decision
    assert decision is not None
    return draft(decision, case, the_law())


PROLONGATION = {
    "kind": "prolongation", "from": "2029-01-01", "to": "2030-12-31", "filed_on": "2028-11-01",
    "worker_consents": True, "employer_consents": True, "reasons": ["project_overrun"], "worker_interest": True,
}  # fmt: skip


def test_nothing_against_it_is_a_proposal_in_favour() -> None:
    words = drafted(**PROLONGATION)
    assert words is not None
    assert words.fr.splitlines()[-1] == "Proposition : avis favorable, sous réserve de l'accord de l'Algérie."
    assert words.en.splitlines()[-1] == "Proposal: in favour, subject to the agreement of Algeria."
    assert "du 1er janvier 2029 au 31 décembre 2030" in words.fr
    assert "from 1 January 2029 to 31 December 2030" in words.en
    assert words.fr.splitlines()[0] == "Objet : demande de prolongation (législation de la France)"


def test_a_consent_nobody_told_is_to_be_established() -> None:
    words = drafted(**{key: value for key, value in PROLONGATION.items() if key != "worker_consents"})
    assert words is not None
    assert "À établir avant de décider :" in words.fr
    assert words.en.splitlines()[-1].startswith("Proposal: have the file completed")


def test_a_worker_who_refuses_speaks_against_it() -> None:
    words = drafted(**{**PROLONGATION, "worker_consents": False})
    assert words is not None
    assert "Against it:" in words.en
    assert words.fr.splitlines()[-1].startswith("Proposition : avis réservé")


@pytest.mark.parametrize("last", ["2028-12-31", "2029-01-01"])
def test_what_no_authorities_agree_on_has_no_draft(last: str) -> None:
    assert drafted(kind="posting", **{"from": "2026-01-01", "to": last}) is None
