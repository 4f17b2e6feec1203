"""What is said to change on the day on which an answer begins."""

from __future__ import annotations

from datetime import date

import cleiss_rules as cr
from cleiss_rules.determination import determine, engine_in_use
from cleiss_rules.engine.changes import days_of_change, named_changes
from cleiss_rules.facts.case import Case

_CASE = {
    "format": 1,
    "id": "across-the-exit",
    "known_on": "2026-11-23",
    "period": {"from": "2009-01-01", "to": "2022-12-31"},
    "person": {"nationalities": ["FR"], "residence": "FR"},
    "employers": {"bow": {"seat": "GB"}},
    "activities": [{"id": "desk", "kind": "employed", "state": "GB", "employer": "bow", "from": "2009-01-01"}],
}


def test_a_boundary_names_the_texts_that_answer_before_and_after_it() -> None:
    result = cr.determine(cr.Case.model_validate(_CASE))
    told = {segment.from_: [cause.en for cause in segment.causes] for segment in result.segments}
    assert told == {
        date(2009, 1, 1): [],
        date(2010, 5, 1): [
            "Regulation (EEC) No 1408/71: no longer applies",
            "Regulation (EC) No 883/2004: enters into force",
        ],
        date(2021, 1, 1): [
            "Regulation (EC) No 883/2004: no longer applies (United Kingdom)",
            "EU-UK Protocol on Social Security Coordination: enters into force",
        ],
    }


def test_a_state_that_joins_and_a_wording_that_changes_are_told_apart() -> None:
    engine = engine_in_use()
    regulation = engine.law.instruments["eu-883-2004"]
    days = days_of_change(engine.law, regulation)
    told = {day: cause.text.en for day, cause in named_changes(engine.law, regulation, {"HR", "FR"}, days)}
    assert told[date(2013, 7, 1)] == "Regulation (EC) No 883/2004: enters into force (Croatia)"
    assert told[date(2012, 6, 28)] == "Regulation (EC) No 883/2004: amended"


def test_a_change_for_one_relation_cuts_the_cases_that_it_binds_by_nationality() -> None:
    """An Icelander between two Member States: by the EEA Agreement the home base counts from 2 February 2013."""
    case = Case.model_validate(
        {
            "format": 1, "id": "icelander", "known_on": "2026-11-23", "period": {"from": "2013-01-31", "to": "2013-03-02"},
            "person": {"nationalities": ["IS"], "residence": "GB"}, "employers": {"one": {"seat": "GB"}},
            "activities": [{"id": "crew", "kind": "employed", "state": "RO", "employer": "one",
                            "place": {"kind": "aircraft", "home_base": "GB"}}],
        }
    )  # fmt: skip
    assert [str(segment.from_) for segment in determine(case).segments] == ["2013-01-31", "2013-02-02"]
