"""The public strategies: valid cases of the States asked for, with unknown facts among them, that engines agree on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, find, given, settings

import cleiss_rules as cr
from cleiss_rules.facts.situation import states_named
from cleiss_rules.testing import strategies as crs
from cleiss_rules.testing.conformance import columnar, differences

SLOW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@SLOW
@given(crs.cases(states=["FR", "DE"], on=date(2024, 6, 1)))
def test_cases_keep_to_the_states_and_the_day_asked_for(case: cr.Case) -> None:
    assert states_named(case) <= {"FR", "DE"}
    assert case.period is not None
    assert date(2024, 6, 1) in case.period.span


@SLOW
@given(crs.cases())
def test_every_day_of_a_case_gets_an_answer(case: cr.Case) -> None:
    segments = cr.determine(case).segments
    assert case.period is not None
    assert min(one.from_ for one in segments) == case.period.span.start
    assert max(one.to for one in segments if one.to) == case.period.span.end


@SLOW
@given(crs.cases(states=["FR", "IT", "DZ", "GB"], request=True))
def test_a_request_is_always_decided_one_way_or_another(case: cr.Case) -> None:
    decision = cr.determine(case).decision
    assert decision is not None
    assert decision.outcome in (
        "granted", "refused", "needs_agreement", "needs_facts", "discretionary", "not_needed",
    )  # fmt: skip


@SLOW
@given(crs.cases(states=["FR", "BE", "US"]))
def test_the_columnar_engine_agrees(case: cr.Case) -> None:
    assert not list(differences([case], columnar))


def test_examples_shrink_to_what_matters() -> None:
    found = find(
        crs.cases(states=["FR", "DE"]),
        lambda case: any(one.posting is not None for one in case.activities),
        settings=settings(max_examples=2000, deadline=None),
    )
    (activity,) = found.activities
    assert activity.posting is not None
    assert activity.posting.model_fields_set == set()
    assert found.person.model_fields_set == set()
    assert not found.employers


def test_the_example_of_the_documentation_holds() -> None:
    text = (Path(__file__).parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")
    code = text.split("<!-- strategies -->")[1].split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, "docs/engines.md", "exec"), names)
    names["test_no_third_state_is_ever_named"]()
