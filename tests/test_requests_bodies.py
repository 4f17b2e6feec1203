"""With whom a request is filed: the body of the State asked, on the day of filing, for that kind of request."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.law.store import the_law


def bodies(host: str, kind: str, filed_on: str, lang: str = "fr", sender: str = "FR") -> str:
    first, last = ("2024-01-01", "2025-12-31") if kind == "posting" else ("2020-01-01", "2023-12-31")
    case: dict[str, Any] = {
        "format": 1,
        "known_on": "2026-11-23",
        "person": {"nationalities": [sender], "residence": sender},
        "employers": {"e": {"seat": sender}},
        "activities": [
            {"kind": "employed", "state": host, "employer": "e", "from": first, "to": last,
             "posting": {"from_state": sender, "direct_relationship": True}},
        ],
        "request": {"kind": kind, "legislation": sender, "filed_on": filed_on, "from": "2024-01-01", "to": "2025-12-31"},
    }  # fmt: skip
    decision = cr.determine(cr.Case.model_validate(case)).decision
    assert decision is not None
    return "; ".join(getattr(one.called, lang) if one.called else "" for one in decision.filed_with)


@pytest.mark.parametrize(
    ("host", "kind", "filed_on", "wanted", "unwanted"),
    [
        ("DZ", "posting", "2021-06-01", "CPAM", "Cleiss"),
        ("DZ", "prolongation", "2021-06-01", "Cleiss", "CPAM"),
        ("DZ", "posting", "2022-03-01", "Urssaf", "Cleiss"),
        ("DZ", "prolongation", "2022-03-01", "Cleiss", "Urssaf"),
        ("DZ", "prolongation", "2022-07-01", "Urssaf", "Cleiss"),
        ("AD", "exceptional_maintenance", "2026-01-01", "Urssaf", "Cleiss"),
        ("AD", "posting", "2026-01-01", "Urssaf", "Cleiss"),
        ("KR", "prolongation", "2026-01-01", "Urssaf", "CPAM"),
        ("RS", "posting", "2026-01-01", "Urssaf", "Cleiss"),
        ("CN", "posting", "2026-01-01", "Urssaf", "Cleiss"),
        ("CI", "exceptional_maintenance", "1997-06-01", "DRASS", "Cleiss"),
    ],
)
def test_the_body_is_that_of_the_day_and_of_the_kind(
    host: str, kind: str, filed_on: str, wanted: str, unwanted: str
) -> None:
    told = bodies(host, kind, filed_on)
    assert wanted in told
    assert unwanted not in told


def test_the_names_are_told_in_both_languages() -> None:
    assert "ou MSA (régime agricole)" in bodies("DZ", "posting", "2026-01-01")
    assert "or MSA (agricultural scheme)" in bodies("DZ", "posting", "2026-01-01", "en")


def test_a_body_whose_competence_no_source_tells_takes_nothing() -> None:
    assert bodies("FR", "posting", "2026-01-01", sender="CM") == ""


def test_nobody_files_with_a_liaison_body() -> None:
    for instrument in the_law().instruments.values():
        for body in instrument.bodies:
            if body.role.en.startswith("liaison body") or "competence for postings unknown" in body.role.en:
                assert body.kinds == (), (instrument.id, body.name.en)


@pytest.mark.parametrize("other", ["CG", "CI", "MA", "SM"])
def test_a_window_of_one_side_is_not_told_to_the_other(other: str) -> None:
    def told(sender: str, host: str) -> list[str]:
        posting = {"from_state": sender, "direct_relationship": True}
        work = {"kind": "employed", "state": host, "employer": "e", "from": "2023-01-01", "to": "2025-12-31"}
        case = {
            "format": 1,
            "known_on": "2026-11-23",
            "person": {"nationalities": [sender], "residence": sender},
            "employers": {"e": {"seat": sender}},
            "activities": [{**work, "posting": posting}],
            "request": {"kind": "prolongation", "legislation": sender, "from": "2026-01-01", "to": "2026-12-31"},
        }
        decision = cr.determine(cr.Case.model_validate(case)).decision
        assert decision is not None
        return [one.what.fr for one in decision.deadlines]

    assert any("deux mois avant la fin de la mission" in one for one in told(other, "FR"))
    assert not any("deux mois avant la fin de la mission" in one for one in told("FR", other))


def test_french_exceptions_are_no_business_of_the_cleiss_after_june_2022() -> None:
    for instrument in the_law().instruments.values():
        for body in instrument.bodies:
            if body.state == "FR" and "Cleiss" in body.name.fr and body.kinds != ():
                assert body.span.end == date(2022, 6, 30), instrument.id


def test_a_form_that_both_sides_agreed_on_is_asked_of_the_sending_state() -> None:
    stay = {
        "kind": "employed",
        "state": "DZ",
        "employer": "e",
        "posting": {"from_state": "FR", "direct_relationship": True},
    }
    case = {
        "format": 1,
        "known_on": "2026-11-23",
        "period": {"from": "2026-01-01", "to": "2027-12-31"},
        "person": {"nationalities": ["FR"], "residence": "FR"},
        "employers": {"e": {"seat": "FR"}},
        "activities": [{**stay, "from": "2023-01-01", "to": "2027-12-31"}],
        "agreements": [{"states": ["FR", "DZ"], "legislation": "FR", "from": "2026-01-01", "to": "2027-12-31"}],
    }  # fmt: skip
    result = cr.determine(cr.Case.model_validate(case))
    assert result.segments[0].decided_by == ("FR", "DZ")
    assert "SE 352-01, à demander à l'institution de la France (Urssaf, service mobilité" in result.explain(lang="fr")
    assert "SE 352-01, to be asked of the institution of France (Urssaf, international mobility" in result.explain(
        lang="en"
    )
