"""Which changes of a text concern which cases; that leaving out the others changes no answer."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cleiss_rules.determination import engine_in_use, segments_of
from cleiss_rules.engine.concerning import Some, changes_for_some, concerns
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Instrument
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Segment
from cleiss_rules.testing import generate
from cleiss_rules.testing.collect import cases_under

FIXTURES = Path(__file__).parents[2] / "fixtures"
SIGNED, TRANSITION = date(2024, 5, 1), date(2025, 1, 1)


class Everything(RuleSets):
    """Rule sets that cut cases on every day on which a text of their States changes for anybody."""

    def _days(self, instrument: Instrument, states: AbstractSet[object]) -> Iterator[date]:
        yield from self.changes[instrument.id]


@pytest.mark.parametrize(
    ("states", "day", "cut"),
    [
        ({"FR", "LT"}, SIGNED, True),
        ({"FR", "BE"}, SIGNED, False),
        ({"FR", "CH"}, TRANSITION, True),
        ({"FR", "BE"}, TRANSITION, False),
        ({"FR", "BE"}, date(2023, 7, 1), True),
        ({"FR", "HR"}, date(2013, 7, 1), True),
        ({"FR", "BE"}, date(2013, 7, 1), True),
    ],
)
def test_a_change_cuts_the_cases_that_it_concerns(states: set[object], day: date, cut: bool) -> None:
    assert (day in engine_in_use().dates(frozenset(states))[0]) == cut


def test_a_state_that_stands_for_all_others_concerns_everybody() -> None:
    law = the_law()
    regulation = law.instruments["eu-883-2004"]
    joins = {state: Some(frozenset(), frozenset({state})) for state in ("AT", "BE", "LT", "AD")}
    assert concerns(law, regulation, {"FR"}, SIGNED, joins["AT"])
    assert not concerns(law, regulation, {"FR"}, SIGNED, joins["BE"])
    assert concerns(law, regulation, {"FR", "AT"}, SIGNED, joins["BE"])
    assert not concerns(law, regulation, {"FR", "AT"}, SIGNED, joins["LT"])
    assert concerns(law, regulation, {"FR"}, SIGNED, joins["AD"])


def test_the_members_of_the_union_are_no_list() -> None:
    """Whether a State belongs to the territory of a text concerns all whom the text may bind."""
    law, engine = the_law(), engine_in_use()
    for name in ("eu-883-2004", "eu-1408-71", "uk-wa"):
        instrument = law.instruments[name]
        days = changes_for_some(law, instrument, engine._named.by(instrument))
        joined = {span.start for spans in law.groups["EU"].members.values() for span in spans}
        assert not joined & {day for day, some in days.items() if some.states}


def _said(segments: tuple[Segment, ...]) -> list[tuple[Any, ...]]:
    return [
        (
            one.from_, one.to, one.outcome, one.legislation, one.instrument, one.relation,
            tuple(basis.rule for basis in one.basis), tuple(missing.path for missing in one.missing),
        )
        for one in segments
    ]  # fmt: skip


def _differ(cases: Iterator[Case]) -> list[str]:
    engine, everything = engine_in_use(), Everything(the_law())
    return [case.id for case in cases if _said(segments_of(case, engine)) != _said(segments_of(case, everything))]


def test_leaving_out_the_other_days_changes_no_answer_of_the_fixtures() -> None:
    cases = [filed.case for filed in cases_under([str(FIXTURES)])]
    assert len(cases) > 1000
    assert _differ(iter(cases)) == []


def test_leaving_out_the_other_days_changes_no_answer_of_cases_drawn_at_random() -> None:
    assert _differ(iter(generate.cases(3000, seed=12))) == []
