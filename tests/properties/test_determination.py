"""What must hold of every answer, whatever the case: checked on generated situations."""

from __future__ import annotations

import copy
import dataclasses
import os
import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cleiss_rules as cr
from cleiss_rules.determination import determine_under
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.store import the_law

#: how much longer to search than in everyday runs
TIMES = int(os.environ.get("CLEISS_RULES_SEARCH", "1"))
STATES = ["FR", "DE", "IT", "ES", "CH", "NO", "GB", "US", "DZ", "SN", "TN", "MC"]
START, END = date(2024, 1, 1), date(2024, 12, 31)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def without_unknowns(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_unknowns(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_unknowns(item) for item in value]
    return value


@st.composite
def postings(draw: st.DrawFn) -> dict[str, Any]:
    flag = maybe(st.booleans())
    return {
        "from_state": draw(maybe(st.sampled_from(STATES))),
        "direct_relationship": draw(flag),
        "replaces_posted_person": draw(flag),
        "recruited_for_posting": draw(flag),
        "lent_on": draw(flag),
        "similar_activity": draw(flag),
        "infrastructure_kept": draw(flag),
        "health_cover": draw(flag),
        "contributions_undertaken": draw(flag),
    }


@st.composite
def activities(draw: st.DrawFn, share: float) -> dict[str, Any]:
    start = draw(st.dates(START, date(2024, 6, 30)))
    return {
        "kind": draw(maybe(st.sampled_from(["employed", "self_employed", "civil_servant"]))),
        "state": draw(maybe(st.sampled_from(STATES))),
        "employer": draw(maybe(st.sampled_from(["one", "two"]))),
        "from": start.isoformat(),
        "to": (start + timedelta(days=draw(st.integers(30, 1200)))).isoformat(),
        "working_time": draw(maybe(st.just(share))),
        "remuneration": draw(maybe(st.just(share))),
        "pattern": draw(maybe(st.sampled_from(["one_off", "simultaneous", "alternating"]))),
        "administration": draw(maybe(st.sampled_from(STATES))),
        "posting": draw(maybe(postings())),
    }


@st.composite
def employers(draw: st.DrawFn) -> dict[str, Any]:
    seat = draw(maybe(st.sampled_from(STATES)))
    shares = {state: {"turnover_share": draw(st.sampled_from([0, 10, 25, 60]))} for state in ("FR", "DE")}
    return {
        "seat": seat,
        "decision_centre": draw(st.sampled_from([seat, None, "DE"])),
        "actual": draw(maybe(st.booleans())),
        "activity": draw(maybe(st.just(shares))),
    }


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    shares = draw(st.sampled_from([(100,), (60, 40), (24.9, 75.1), (4, 96), (25, 25, 50), (16, 16, 68)]))
    return without_unknowns(
        {
            "format": 1,
            "known_on": "2026-11-23",
            "period": {"from": START.isoformat(), "to": END.isoformat()},
            "person": {
                "nationalities": draw(maybe(st.lists(st.sampled_from(STATES), min_size=1, max_size=2, unique=True))),
                "residence": draw(maybe(st.sampled_from(STATES))),
                "legal_residence": draw(maybe(st.just(["FR", "DE"]))),
                "insured": draw(maybe(st.just([{"state": "FR", "from": "2015-01-01"}]))),
            },
            "employers": {"one": draw(employers()), "two": draw(employers())},
            "activities": [draw(activities(share)) for share in shares],
        }
    )


def answer(data: dict[str, Any]) -> cr.Result:
    return cr.determine(cr.Case.model_validate(data))


def told(result: cr.Result) -> list[tuple[Any, ...]]:
    """What a caller would act on, in an order of its own."""
    return sorted(
        (s.from_, s.to, s.instrument or "", s.relation or "", s.outcome, tuple(sorted(s.legislation)),
         tuple(sorted(b.rule for b in s.basis)), tuple(sorted(m.path for m in s.missing if "[" not in m.path)))
        for s in result.segments
    )  # fmt: skip


@settings(max_examples=300 * TIMES, deadline=None)
@given(cases())
def test_a_determined_segment_names_exactly_one_state_and_its_basis(data: dict[str, Any]) -> None:
    result = answer(data)
    seen: set[tuple[Any, ...]] = set()
    for segment in result.segments:
        if segment.outcome == "determined":
            assert len(segment.legislation) == 1
            assert segment.basis
            assert not segment.missing
        if segment.outcome == "undetermined":
            assert segment.missing or segment.gaps
        assert (segment.from_, segment.instrument, segment.relation) not in seen
        seen.add((segment.from_, segment.instrument, segment.relation))


@settings(max_examples=200 * TIMES, deadline=None)
@given(cases())
def test_the_rule_sets_never_contradict_themselves(data: dict[str, Any]) -> None:
    administrations = {a.get("administration") for a in data["activities"] if a.get("kind") == "civil_servant"}
    assume(len(administrations) < 2)
    assert all(segment.outcome != "conflict" for segment in answer(data).segments)


@settings(max_examples=200 * TIMES, deadline=None)
@given(cases(), st.integers(0, 2**16))
def test_the_order_of_facts_changes_nothing(data: dict[str, Any], seed: int) -> None:
    order = random.Random(seed)
    shuffled = copy.deepcopy(data)
    order.shuffle(shuffled["activities"])
    shuffled["employers"] = dict(order.sample(list(shuffled["employers"].items()), 2))
    if "nationalities" in shuffled["person"]:
        shuffled["person"]["nationalities"].reverse()
    assert told(answer(shuffled)) == told(answer(data))


@settings(max_examples=200 * TIMES, deadline=None)
@given(cases(), st.dates(START + timedelta(days=1), END))
def test_cutting_the_period_in_two_changes_no_answer(data: dict[str, Any], cut: date) -> None:
    before, after = copy.deepcopy(data), copy.deepcopy(data)
    before["period"] = {"from": START.isoformat(), "to": (cut - timedelta(days=1)).isoformat()}
    after["period"] = {"from": cut.isoformat(), "to": END.isoformat()}
    whole = answer(data)
    for part in (answer(before), answer(after)):
        for segment in part.segments:
            same = [
                s
                for s in whole.segments
                if s.from_ <= segment.from_ and (s.to is None or segment.from_ <= s.to)
                and (s.instrument, s.relation, s.outcome) == (segment.instrument, segment.relation, segment.outcome)
                and sorted(s.legislation) == sorted(segment.legislation)
            ]  # fmt: skip
            assert same


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of the facts that may be left out of a generated case."""
    if isinstance(value, dict):
        found = []
        for key, item in value.items():
            found += leaves(item, (*path, key))
        return found
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    droppable = (
        path[0] in ("person", "employers", "activities") and "insured" not in path and path[-1] not in ("from", "to")
    )
    return [path] if droppable else []


@settings(max_examples=400 * TIMES, deadline=None)
@given(cases(), st.data())
def test_one_more_fact_never_turns_a_determined_answer_into_another(
    data: dict[str, Any], choice: st.DataObject
) -> None:
    """Monotony of knowledge. An answer names what it presumed; contradicting a named presumption is no new fact."""
    paths = leaves(data)
    assume(paths)
    path = choice.draw(st.sampled_from(paths))
    less = copy.deepcopy(data)
    owner = less
    for part in path[:-1]:
        owner = owner[part]
    del owner[path[-1]]
    knows_more, knows_less = answer(data), answer(less)
    for segment in knows_less.segments:
        if segment.outcome != "determined" or any(_same_fact(a.path, path) for a in segment.assumptions):
            continue
        for fuller in knows_more.segments:
            if (fuller.instrument, fuller.relation) == (segment.instrument, segment.relation) and (
                fuller.from_ <= segment.from_ and (fuller.to is None or segment.from_ <= fuller.to)
            ):
                assert fuller.outcome == "determined"
                assert fuller.legislation == segment.legislation


def _same_fact(stated: str, path: tuple[Any, ...]) -> bool:
    """Whether an assumption is about the fact at the path (shares are named for the measure, not for one activity)."""
    last = str(path[-1])
    return stated.split(".")[-1] == last or stated.split(".")[-1] == "place_of_work"


@pytest.fixture(scope="module", params=[2, 7])
def shuffled(request: pytest.FixtureRequest) -> RuleSets:
    """The law with its files, and the rules of every file, in another order."""
    order = random.Random(request.param)
    law = the_law()
    instruments = {
        name: dataclasses.replace(
            instrument,
            rules=tuple(order.sample(instrument.rules, len(instrument.rules))),
            binds=tuple(order.sample(instrument.binds, len(instrument.binds))),
        )
        for name, instrument in order.sample(list(law.instruments.items()), len(law.instruments))
    }
    return RuleSets(dataclasses.replace(law, instruments=instruments))


@settings(max_examples=200 * TIMES, deadline=None)
@given(cases())
def test_the_order_of_rules_in_a_file_changes_nothing(shuffled: RuleSets, data: dict[str, Any]) -> None:
    case = cr.Case.model_validate(data)
    assert told(determine_under(case, shuffled)) == told(cr.determine(case))


#: the Trade and Cooperation Agreement and the Regulation both surely bind and lead to France; whether the Withdrawal
#: Agreement binds is not known
TWO_SURE_TEXTS = {
    "format": 1,
    "known_on": "2026-11-23",
    "period": {"from": START.isoformat(), "to": END.isoformat()},
    "person": {"nationalities": ["FR"]},
    "employers": {"one": {"decision_centre": "DE"}},
    "activities": [
        {
            "kind": "employed", "state": "FR", "employer": "one", "from": START.isoformat(), "to": END.isoformat(),
            "working_time": 100, "posting": {"from_state": "GB", "replaces_posted_person": True},
        }
    ],
}  # fmt: skip


def test_of_several_sure_texts_the_one_that_goes_first_is_named_in_any_order() -> None:
    case = cr.Case.model_validate(TWO_SURE_TEXTS)
    law = the_law()
    names: set[str | None] = set()
    for seed in range(6):
        instruments = random.Random(seed).sample(list(law.instruments.items()), len(law.instruments))
        result = determine_under(case, RuleSets(dataclasses.replace(law, instruments=dict(instruments))))
        names.add(result.segments[0].instrument)
    assert names == {"uk-tca"}
