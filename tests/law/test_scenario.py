"""A reform as a scenario: it changes answers from its assumed day on, says so, and changes nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.law.scenario import scenario
from cleiss_rules.law.store import the_law

REFORM = "eu-reform-2026"


def _leaving(posted: dict[str, Any], day: str, last: str) -> cr.Case:
    """Insured for two months before leaving."""
    insured = {"2028-09-01": "2028-07-01", "2027-09-01": "2027-07-01"}[day]
    posted["person"]["insured"] = [{"state": "FR", "from": insured, "to": None}]
    posted["activities"][0].update({"from": day, "to": last})
    return cr.Case.model_validate({**posted, "period": {"from": day, "to": last}})


def test_three_months_of_insurance_from_the_assumed_day_on(posted: dict[str, Any]) -> None:
    case = _leaving(posted, "2028-09-01", "2029-08-31")
    assert cr.determine(case).segments[0].outcome == "determined"
    (tried,) = cr.determine(case, scenario=REFORM).segments
    assert tried.outcome == "discretionary"
    assert "not law in force" in tried.notes[-1].en
    assert tried.proof is not None


def test_before_that_day_nothing_changes(posted: dict[str, Any]) -> None:
    case = _leaving(posted, "2027-09-01", "2028-05-31")
    (tried,), (known,) = cr.determine(case, scenario=REFORM).segments, cr.determine(case).segments
    assert (tried.outcome, tried.legislation, tried.basis) == (known.outcome, known.legislation, known.basis)


def test_the_receipt_tells_the_rules_apart(posted: dict[str, Any]) -> None:
    case = cr.Case.model_validate(posted)
    assert cr.determine(case, scenario=REFORM).receipt.rules != cr.determine(case).receipt.rules


def test_the_law_in_use_stays_as_it_is() -> None:
    before = the_law().instruments["eu-987-2009"].parameters["prior_insurance"]
    scenario(REFORM, the_law())
    assert the_law().instruments["eu-987-2009"].parameters["prior_insurance"] == before


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("  eu-883-2004/nothing: {value: 3 months, cite: x}\n", "is no parameter of the law; accepted:"),
        ("  eu-883-2004/longest_posting: {value: 25 %, cite: x}\n", "period"),
        ("  eu-883-2004/longest_posting: {worth: 3 months, cite: x}\n", "worth"),
    ],
)
def test_a_faulty_scenario_names_the_place(tmp_path: Path, parameters: str, message: str) -> None:
    file = tmp_path / "reform.yaml"
    head = "scenario: x\ntitle: {fr: x, en: x}\napplies_from: 2028-01-01\nsource: {grade: recalled}\nparameters:\n"
    file.write_text(head + parameters, encoding="utf-8")
    with pytest.raises(cr.InvalidLaw) as raised:
        scenario(file, the_law())
    faults = raised.value.faults
    assert any(message in f"{fault.path} {fault.message}" for fault in faults)
    assert {fault.line for fault in faults} == {6}
