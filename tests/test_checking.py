"""Comparing what a case expects with what was determined."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from cleiss_rules.checking import (
    NO_DECISION,
    NO_SEGMENT,
    NOTHING_EXPECTED,
    Difference,
    Verdict,
    check,
    matching,
    stated,
)
from cleiss_rules.facts.case import Case, Expectation
from cleiss_rules.result import Basis, Missing, Result, Segment, Words

DAY = date(2026, 1, 1)


def day(month: int, number: int = 1) -> date:
    return date(2026, month, number)


def basis(*rules: str) -> tuple[Basis, ...]:
    return tuple(Basis(rule=rule, cite=rule, grade="primary") for rule in rules)


FIRST = Segment(
    from_=day(1), to=day(6, 30), outcome="determined", legislation=("FR",), instrument="eu-883-2004",
    basis=basis("eu-883-2004/12-1", "eu-883-2004/2-1"), documents=("A1",), decided_by=("FR",),
)  # fmt: skip
SECOND = Segment(
    from_=day(7), to=None, outcome="undetermined", legislation=("IT", "FR"), instrument="fr-us",
    missing=(Missing(fact="activity.flag", path="activities[0].place.flag", question=Words(fr="?", en="?")),),
)  # fmt: skip
RESULT = Result(case="x", known_on=DAY, segments=(FIRST, SECOND))


def differences(entry: dict[str, Any], result: Any = RESULT) -> tuple[Difference, ...]:
    case = Case.model_validate({"format": 1, "expect": [entry]})
    (verdict,) = check(case, result)
    assert verdict.holds is (not verdict.differences)
    return verdict.differences


def days(segment: Segment) -> tuple[date, date | None]:
    return segment.from_, segment.to


@pytest.mark.parametrize(
    "entry",
    [
        {"on": "2026-03-01", "outcome": "determined", "legislation": ["FR"], "basis": "eu-883-2004/12-1"},
        {"on": "2026-03-01", "basis": ["eu-883-2004/2-1", "eu-883-2004/12-1"]},
        {"on": "2026-03-01", "basis": "eu-883-2004/12-1", "not_basis": "eu-883-2004/11-3-a"},
        {"on": "2026-01-01", "documents": ["A1"], "decided_by": ["FR"], "missing": []},
        {"on": "2026-06-30", "outcome": "determined"},
        {"on": "2026-07-01", "outcome": "undetermined", "documents": [], "decided_by": []},
        {"on": "2099-01-01", "outcome": "undetermined"},
        {"on": "2026-07-01", "legislation": ["FR", "IT"]},
        {"instrument": "fr-us", "outcome": "undetermined"},
        {"on": "2026-07-01", "missing": ["activity.flag"]},
        {"on": "2026-07-01", "missing": ["activities[0].place.flag"]},
        {"on": "2026-07-01", "missing": []},
    ],
)
def test_what_holds(entry: dict[str, Any]) -> None:
    assert differences(entry) == ()


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"outcome": "bound"}, ("outcome", ("bound",), ("determined",))),
        ({"legislation": ["IT"]}, ("legislation", ("IT",), ("FR",))),
        ({"legislation": []}, ("legislation", (), ("FR",))),
        ({"legislation": ["IT", "FR"]}, ("legislation", ("FR", "IT"), ("FR",))),
        ({"documents": ["E101"]}, ("documents", ("E101",), ("A1",))),
        ({"decided_by": ["IT"]}, ("decided_by", ("IT",), ("FR",))),
        ({"missing": ["activity.flag"]}, ("missing", ("activity.flag",), ())),
        (
            {"basis": "eu-883-2004/11-3-a"},
            ("basis", ("eu-883-2004/11-3-a",), ("eu-883-2004/12-1", "eu-883-2004/2-1")),
        ),
        (
            {"basis": ["eu-883-2004/12-1", "eu-883-2004/9-9"]},
            ("basis", ("eu-883-2004/12-1", "eu-883-2004/9-9"), ("eu-883-2004/12-1", "eu-883-2004/2-1")),
        ),
        (
            {"not_basis": ["eu-883-2004/11-3-a", "eu-883-2004/12-1"]},
            ("not_basis", ("eu-883-2004/11-3-a", "eu-883-2004/12-1"), ("eu-883-2004/12-1",)),
        ),
    ],
)
def test_what_differs(entry: dict[str, Any], found: tuple[str, tuple[str, ...], tuple[str, ...]]) -> None:
    assert differences({"on": "2026-03-01", **entry}) == (Difference(*found, days(FIRST)),)


def test_each_matching_segment_is_compared() -> None:
    assert differences({"legislation": ["FR"]}) == (Difference("legislation", ("FR",), ("FR", "IT"), days(SECOND)),)
    assert [one.segment for one in differences({"legislation": ["LU"]})] == [days(FIRST), days(SECOND)]


def test_everything_that_differs_is_told() -> None:
    told = differences({"on": "2026-03-01", "outcome": "bound", "legislation": ["IT"], "documents": [], "basis": "x/1"})
    assert [one.what for one in told] == ["outcome", "legislation", "documents", "basis"]


def test_no_segment_on_that_day() -> None:
    told = differences({"on": "2025-12-31", "outcome": "determined"})
    assert told == (Difference("segment", ("2025-12-31",), ("eu-883-2004", "fr-us"), remark=NO_SEGMENT),)


def test_no_segment_of_that_instrument() -> None:
    told = differences({"on": "2026-03-01", "instrument": "fr-us", "outcome": "determined"})
    assert told == (Difference("segment", ("2026-03-01", "fr-us"), ("eu-883-2004", "fr-us"), remark=NO_SEGMENT),)
    outside = Result(known_on=DAY, segments=(Segment(from_=DAY, outcome="out_of_scope"),))
    assert differences({"instrument": "fr-us"}, outside)[0].got == ("no instrument",)


def test_an_entry_that_states_nothing_can_not_hold() -> None:
    assert differences({}) == (Difference("expect", (), (), remark=NOTHING_EXPECTED),)
    assert differences({"on": None, "legislation": None}) == differences({})


def test_a_decision_that_is_not_made() -> None:
    told = differences({"request": "needs_agreement", "decided_by": ["FR", "IT"], "basis": "eu-883-2004/16-1"})
    assert told == (Difference("request", ("needs_agreement",), (), remark=NO_DECISION),)


def test_an_entry_about_a_decision_may_speak_of_segments_too() -> None:
    told = differences({"request": "granted", "on": "2026-03-01", "outcome": "bound"})
    assert [(one.what, one.got) for one in told] == [("request", ()), ("outcome", ("determined",))]


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"request": "needs_agreement"}, []),
        ({"request": "needs_agreement", "decided_by": ["IT", "FR"], "basis": "eu-883-2004/16-1"}, []),
        ({"request": "granted"}, ["request"]),
        ({"request": "needs_agreement", "decided_by": ["FR"]}, ["decided_by"]),
        ({"request": "needs_agreement", "basis": "eu-883-2004/12-1"}, ["basis"]),
        ({"request": "granted", "decided_by": ["FR"], "basis": "x/1"}, ["request", "decided_by", "basis"]),
    ],
)
def test_a_decision_is_compared(entry: dict[str, Any], what: list[str]) -> None:
    decision = SimpleNamespace(outcome="needs_agreement", decided_by=("FR", "IT"), basis=basis("eu-883-2004/16-1"))
    told = differences(entry, SimpleNamespace(segments=RESULT.segments, decision=decision))
    assert [one.what for one in told] == what
    assert all(one.segment is None for one in told)


def test_a_verdict_for_each_entry_in_order() -> None:
    entries = [{"on": "2026-03-01", "outcome": outcome} for outcome in ("determined", "bound", "determined")]
    verdicts = check(Case.model_validate({"format": 1, "expect": entries}), RESULT)
    assert [(one.index, one.holds) for one in verdicts] == [(0, True), (1, False), (2, True)]
    assert all(isinstance(one, Verdict) for one in verdicts)


def test_a_case_that_expects_nothing_has_no_verdict() -> None:
    assert check(Case.model_validate({"format": 1}), RESULT) == ()


def test_which_segments_an_entry_speaks_of() -> None:
    def found(**entry: Any) -> list[Segment]:
        return matching(Expectation(**entry), RESULT.segments)

    assert found() == [FIRST, SECOND]
    assert found(on=day(6, 30)) == [FIRST]
    assert found(on=day(7)) == [SECOND]
    assert found(on=date(2025, 12, 31)) == []
    assert found(instrument="fr-us") == [SECOND]
    assert found(on=day(7), instrument="eu-883-2004") == []


def test_the_keys_that_an_entry_states() -> None:
    entry = {"on": "2026-03-01", "legislation": ["IT"], "missing": []}
    assert stated(Expectation.model_validate(entry)) == entry
