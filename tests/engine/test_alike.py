"""An answer is given again for the days after a change of law that it does not rest on, and for no other days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from cleiss_rules import determination
from cleiss_rules.answers import merged, with_causes
from cleiss_rules.determination import Answered, changes_of_law, engine_in_use, segments_of
from cleiss_rules.engine.alike import alike
from cleiss_rules.engine.rulesets import QUESTIONS
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.timeline import slices
from cleiss_rules.result import Segment
from cleiss_rules.testing import generate

LATER = date(2026, 11, 23)


def _each_by_itself(case: Case) -> list[Segment]:
    engine = engine_in_use()
    parts = slices(case, changes_of_law(case, engine))
    told = [segment for part in parts for segment in determination._answered(case, part, engine).segments]
    return list(with_causes(merged(told), parts))


def _told(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    """What the answers say; each was proved by itself."""
    return [{name: getattr(segment, name) for name in Segment.model_fields} for segment in segments]


def test_what_goes_on_is_what_each_slice_says_by_itself() -> None:
    for case in generate.cases(600, seed=20):
        assert _told(segments_of(case, engine_in_use())) == _told(_each_by_itself(case)), case.id


def test_many_answers_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[bool] = []
    goes_on = Answered.goes_on

    def counted(self: Answered, *given: Any) -> bool:
        found.append(goes_on(self, *given))
        return found[-1]

    monkeypatch.setattr(Answered, "goes_on", counted)
    for case in generate.cases(600, seed=21):
        segments_of(case, engine_in_use())
    assert found.count(True) > len(found) / 20, (found.count(True), len(found))


def test_wordings_differ_by_what_is_asked_of_them() -> None:
    engine = engine_in_use()
    regulation = engine.law.instruments["eu-883-2004"]
    union = next(one for one in regulation.relations if one.id == "eu")
    days = [day for day in engine.changes[regulation.id] if regulation.valid.span.start <= day <= LATER]
    sets = {day: engine.get(regulation, union, day, LATER) for day in days}
    same = {later: alike(sets[day], sets[later], QUESTIONS) for day, later in pairwise(days)}
    assert not same[date(2012, 6, 28)]  # article 13 in its new wording
    assert not same[date(2013, 7, 1)]  # Croatia
    assert same[date(2026, 2, 1)]  # a signatory of the Framework Agreement, which only requests ask for
    assert not alike(sets[date(2025, 1, 1)], sets[date(2026, 2, 1)], {*QUESTIONS, "telework_exception"})
