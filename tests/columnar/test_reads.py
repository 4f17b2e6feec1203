"""What an answer has looked at: everything it turns on is written down, and what it ignores is not."""

from __future__ import annotations

from typing import Any

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.answer import template_of
from cleiss_rules.columnar.reads import Insured, Length, Mark, Read, Shares, WatchingCompiler, watched
from cleiss_rules.columnar.table import columnar, determine_table, situations
from cleiss_rules.determination import engine_in_use, segments_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.facts.case import Case
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Words


def _case(**more: Any) -> Case:
    data: dict[str, Any] = {
        "format": 1,
        "known_on": "2026-01-01",
        "period": {"from": "2024-01-01", "to": "2024-12-31"},
        "person": {"nationalities": ["FR"], "residence": "BE"},
        "activities": [{"kind": "employed", "state": "FR", "employer": "a"}],
        "employers": {"a": {"seat": "FR"}},
    }
    return Case.model_validate({**data, **more})


def _read(case: Case) -> set[Read]:
    seen: dict[Read, None] = {}
    watched(case, seen)
    segments_of(case, RuleSets(the_law(), WatchingCompiler))
    return set(seen)


POSTED = {
    "activities": [
        {
            "kind": "employed", "state": "DE", "employer": "a", "from": "2024-01-01", "to": "2025-06-30", "pattern": "one_off",
            "posting": {"from_state": "FR", "direct_relationship": True, "replaces_posted_person": False},
        }
    ],
    "employers": {"a": {"seat": "FR", "actual": True, "activity": {"FR": {"turnover_share": 60}}}},
}  # fmt: skip
TWO = {
    "activities": [
        {"kind": "employed", "state": "FR", "employer": "a", "working_time": 80, "pattern": "alternating"},
        {"kind": "employed", "state": "DE", "employer": "a", "working_time": 20, "pattern": "alternating"},
    ]
}


def test_work_in_one_state_does_not_look_at_how_it_is_done() -> None:
    read = _read(_case())
    assert "activity1.kind" in read
    assert not read & {"activity1.pattern", "activity1.telework", "activity1.employer.kind"}
    assert not any(isinstance(one, Length | Shares) for one in read)


def test_a_posting_looks_at_its_length_and_at_who_is_replaced() -> None:
    read = _read(_case(**POSTED))
    assert Length(1, "whole", None, Period(24, "months")) in read
    assert "activity1.posting.replaces_posted_person" in read
    assert any(isinstance(one, Mark) and one.column == "activity1.employer.turnover_share" for one in read)


def test_work_in_two_states_looks_at_shares() -> None:
    assert Shares("working_time") in _read(_case(**TWO))


def test_watching_changes_no_answer() -> None:
    for case in (_case(), _case(**POSTED), _case(**TWO)):
        plain = segments_of(case, RuleSets(the_law()))
        watched(case, {})
        found = segments_of(case, RuleSets(the_law(), WatchingCompiler))
        assert [one.model_dump() for one in found] == [one.model_dump() for one in plain]


def test_a_fact_that_is_not_looked_at_makes_no_new_class() -> None:
    cases = [
        _case(activities=[{"kind": "employed", "state": "FR", "employer": "a", "sector": sector, "telework": telework}])
        for sector in (None, "construction", "retail", "banking")
        for telework in (None, True, False)
    ]
    table = situations(cases)
    before = sum(plan.classes for plan in columnar()._plans.values())
    found = determine_table(table)
    assert set(found["legislation"].to_pylist()) == {"FR"}
    assert sum(plan.classes for plan in columnar()._plans.values()) - before <= 2


def test_how_long_insurance_lasted_is_looked_at_where_a_posting_is() -> None:
    insured = {"insured": [{"state": "FR", "from": "2020-01-01", "basis": "employment"}]}
    person = {"nationalities": ["FR"], "residence": "BE", **insured}
    assert not any(isinstance(one, Insured) for one in _read(_case(person=person)))
    read = _read(_case(person=person, **POSTED))
    assert Insured(1, Period(1, "days")) in read or Insured(1, Period(1, "months")) in read


def test_the_same_said_of_a_state_with_and_without_an_article_is_one_answer() -> None:
    names = {code: Words(fr=name.fr, en=name.en) for code, name in the_law().states.items()}
    told = {
        template_of(segment, roles, names).compared
        for roles in (("FR", "NL"), ("FR", "ES"))
        for segment in segments_of(_bound(roles[1]), engine_in_use())
    }
    assert len(told) == 1


def _bound(state: str) -> Case:
    """Work in a State by somebody for whom an agreement names French legislation."""
    working = {"kind": "employed", "state": state, "employer": "a"}
    return _case(activities=[working], agreements=[{"legislation": "FR"}], employers={"a": {"seat": "FR"}})
