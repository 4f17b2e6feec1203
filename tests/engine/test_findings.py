"""How a rule fares of which each item decides for itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleiss_rules.calendar import Span
from cleiss_rules.determination import determine
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.findings import CompiledRule, ItemFinding, of_items
from cleiss_rules.engine.truth import FALSE, TRUE, UNKNOWN, Truth
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.situation import Situation
from cleiss_rules.law.store import the_law

EVERY_ACTIVITY, ONE_DOCUMENT = "eu-883-2004/13-2-b", "eu-987-2009/5-1"
Told = tuple[Truth, Truth]
told = st.lists(st.tuples(*[st.sampled_from((FALSE, TRUE, UNKNOWN))] * 2), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def env() -> Env:
    case = Case.model_validate({"format": 1, "id": "nobody", "period": {"from": "2026-01-01"}, "person": {}})
    return Env(Situation(case, Span(case.period.from_, case.period.from_)), lambda _: None)


def _truth(key: str, items: Sequence[Told], env: Env) -> Truth:
    """``items``: whether the rule concerns each, and whether it fits."""
    rule = the_law().rule(key)
    found = [
        ItemFinding(CompiledRule(rule, lambda _, one=one: one[0], (lambda _, one=one: one[1],), None), env, object())
        for one in items
    ]
    return of_items(rule, found).truth


def _settled(key: str, items: Sequence[Told]) -> bool:
    concerned = [fits for concerns, fits in items if concerns]
    return any(concerned) if key == ONE_DOCUMENT else bool(concerned) and all(concerned)


@pytest.mark.parametrize("key", [EVERY_ACTIVITY, ONE_DOCUMENT])
@given(items=told)
def test_a_rule_is_open_only_where_what_is_unknown_decides(env: Env, key: str, items: list[Told]) -> None:
    ways = [[(FALSE, TRUE) if known == UNKNOWN else (known,) for known in item] for item in items]
    possible = {_settled(key, list(way)) for way in product(*(list(product(*item)) for item in ways))}
    expected = UNKNOWN if len(possible) > 1 else int(possible.pop())
    assert _truth(key, items, env) == expected


def test_an_assessment_that_can_not_matter_is_not_asked_for() -> None:
    """Where the centre of interest lies plays no part for someone who works in one State."""
    told: dict[str, Any] = {
        "format": 1, "id": "self-employed", "known_on": "2026-11-23", "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "person": {
            "nationalities": ["FR"], "residence": "FR",
            "insured": [{"from": "2025-12-01", "to": "2025-12-31", "state": "FR", "basis": "employment"}],
        },
        "activities": [
            {
                "id": "turin", "kind": "self_employed", "state": "IT", "pattern": "one_off", "from": "2026-01-01", "to": "2026-12-31",
                "posting": {"from_state": "FR", "similar_activity": True, "infrastructure_kept": True},
            }
        ],
    }  # fmt: skip
    (segment,) = determine(Case.model_validate(told)).segments
    assert (segment.outcome, set(segment.legislation)) == ("discretionary", {"FR", "IT"})
    assert [one.rule for one in segment.discretion] == ["eu-987-2009/14-3"]
