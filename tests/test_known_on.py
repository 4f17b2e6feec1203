"""Two clocks: the period picks the law in force for the facts, ``known_on`` what was known when one decides."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.determination import determine_under
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.model import Law
from cleiss_rules.law.store import the_law


def _published(law: Law, key: str, day: date) -> Law:
    """The law with a later publication day for one rule."""
    instrument = law.instruments[key.split("/")[0]]
    rules = tuple(
        dataclasses.replace(rule, valid=dataclasses.replace(rule.valid, published_on=day)) if rule.key == key else rule
        for rule in instrument.rules
    )
    return dataclasses.replace(
        law, instruments={**law.instruments, instrument.id: dataclasses.replace(instrument, rules=rules)}
    )


@pytest.mark.parametrize(("known_on", "state"), [("2026-05-31", "IT"), ("2026-06-01", "FR"), ("2026-12-31", "FR")])
def test_a_text_published_later_is_not_known_before(posted: dict[str, Any], known_on: str, state: str) -> None:
    engine = RuleSets(_published(the_law(), "eu-883-2004/12-1", date(2026, 6, 1)))
    case = cr.Case.model_validate({**posted, "known_on": known_on})
    assert [segment.legislation for segment in determine_under(case, engine).segments] == [(state,)]


def test_both_clocks_are_kept_apart_in_one_engine(posted: dict[str, Any]) -> None:
    engine = RuleSets(_published(the_law(), "eu-883-2004/12-1", date(2026, 6, 1)))
    answers = [
        determine_under(cr.Case.model_validate({**posted, "known_on": day}), engine).segments[0].legislation
        for day in ("2026-07-01", "2026-05-01", "2026-07-01")
    ]
    assert answers == [("FR",), ("IT",), ("FR",)]
