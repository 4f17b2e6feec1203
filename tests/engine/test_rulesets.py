"""Which days a rule set holds for."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from cleiss_rules.determination import engine_in_use, runs_of
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.engine.truth import FALSE
from cleiss_rules.facts.situation import states_involved
from cleiss_rules.testing import generate

DECIDED = date(2026, 11, 23)


def test_the_day_a_state_joins_a_group_that_a_condition_names_is_a_change() -> None:
    engine = engine_in_use()
    instrument = engine.law.instruments["eu-883-2004"]
    assert date(2024, 1, 1) in engine.changes[instrument.id]  # Italy among the signatories on telework
    relation = next(one for one in instrument.relations if one.id == "eu")
    eve, day = (engine.get(instrument, relation, on, DECIDED) for on in (date(2023, 12, 31), date(2024, 1, 1)))
    assert eve is not day


def test_what_may_bind_is_put_together_once_between_two_days_on_which_something_turns() -> None:
    states: frozenset[object] = frozenset({"FR", "HR"})
    before, joined, later = (
        engine_in_use().in_force(states, day, DECIDED, residual=False)
        for day in (date(2013, 6, 30), date(2013, 7, 1), date(2013, 7, 2))
    )
    assert [one.day for one in before] != [one.day for one in joined]
    assert joined is later


@pytest.mark.parametrize("states", [{"FR", "HR"}, {"FR", "CH", "GB"}, {"FR", "DZ"}])
def test_what_was_asked_on_other_days_changes_nothing(states: set[object]) -> None:
    engine = engine_in_use()
    days = [
        date(2009, 12, 31),
        date(2010, 5, 1),
        date(2013, 7, 1),
        date(2020, 2, 1),
        date(2021, 1, 1),
        date(2026, 2, 1),
    ]
    for residual in (False, True):
        asked = [engine.in_force(frozenset(states), day, DECIDED, residual=residual) for day in days]
        for day, found in zip(days, asked, strict=True):
            alone = RuleSets(engine.law).in_force(frozenset(states), day, DECIDED, residual=residual)
            assert [_named(one) for one in found] == [_named(one) for one in alone]


@pytest.mark.parametrize("seed", range(2))
def test_a_text_that_is_ruled_out_binds_nobody(seed: int) -> None:
    engine, seen = engine_in_use(), 0
    for case in islice(generate.cases(1000, seed), 1000):
        for run in runs_of(case, engine):
            if engine.ruled_out(run.rules.instrument, states_involved(run.env.sit).must):
                assert run.binds == FALSE, f"{case.id}, {run.name}"
                seen += 1
    assert seen


def test_the_texts_with_the_united_kingdom_are_asked_for_where_it_is_linked() -> None:
    engine = engine_in_use()
    for states, asked in (({"FR", "DE"}, False), ({"FR", "DE", "GB"}, True)):
        found = {one.instrument.id for one in engine.in_force(frozenset(states), DECIDED, DECIDED, residual=False)}
        every = engine.in_force(frozenset(states), DECIDED, DECIDED, residual=False, ruled_out=True)
        assert ({"uk-tca", "uk-wa"} <= found) is asked
        assert {"uk-tca", "uk-wa"} <= {one.instrument.id for one in every}


def _named(rules: RuleSet) -> tuple[str, str, date]:
    return rules.instrument.id, rules.relation.id, rules.day
