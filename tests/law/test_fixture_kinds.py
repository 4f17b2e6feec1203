"""For each of France's agreements the fixtures hold the cases that a person would check first, or a reason why they can't."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import cleiss_rules as cr
from cleiss_rules.calendar import ONE_DAY, Period, fits
from cleiss_rules.law.model import Instrument
from cleiss_rules.law.store import the_law
from cleiss_rules.testing.collect import cases_under

FIXTURES = Path(__file__).parents[2] / "fixtures"
KINDS = (
    "the longest posting", "a day more", "the wrong nationality", "the last day of a prolongation", "a day after it",
    "self-employed", "a special category", "before it entered into force",
)  # fmt: skip
_SPECIAL = ("civil_servant", "military_service")
_LENGTH = ("the longest posting", "a day more")
_PROLONGED = ("the last day of a prolongation", "a day after it")


def _instruments() -> list[Instrument]:
    return [
        one
        for one in the_law().instruments.values()
        if one.kind in ("bilateral", "decree")
        and one.binds
        and one.status == "in_force"
        and not one.id.startswith("uk-")
    ]


def _length(instrument: Instrument, case: cr.Case) -> Period | None:
    (clause,) = [one for one in instrument.clauses if one.id == "posting"] or [None]
    start = next((a.from_ for a in case.activities if a.posting is not None), None)
    if clause is None or clause.longest is None or start is None or clause.longest not in instrument.parameters:
        return None
    held = instrument.parameters[clause.longest].at("", start)
    return held.value if held is not None and isinstance(held.value, Period) else None


def _of_posting(case: cr.Case, instrument: Instrument, segments: list[cr.Segment]) -> Iterator[str]:
    length = _length(instrument, case)
    posted = next((a for a in case.activities if a.posting is not None and a.kind == "employed"), None)
    if length is None or posted is None or posted.to is None or posted.posting is None:
        return
    span = posted.span
    longer = type(span)(span.start, posted.to + ONE_DAY)
    first = segments[0]
    if fits(span, length) and not fits(longer, length) and first.legislation == (posted.posting.from_state,):
        yield "the longest posting"
    shorter = type(span)(span.start, posted.to - ONE_DAY)
    if not fits(span, length) and fits(shorter, length) and first.legislation != (posted.posting.from_state,):
        yield "a day more"


def _of_request(case: cr.Case, decision: cr.Decision) -> Iterator[str]:
    assert case.request is not None
    end = case.request.to
    if case.request.kind != "prolongation" or end is None:
        return
    if decision.outcome in ("granted", "needs_agreement", "needs_facts"):
        asked = case.request.model_copy(update={"to": end + timedelta(days=1)})
        after = cr.determine(case.model_copy(update={"request": asked})).decision
        if after is not None and after.outcome == "refused":
            yield "the last day of a prolongation"
    if decision.outcome == "refused" and decision.latest_end == end - ONE_DAY:
        yield "a day after it"


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = defaultdict(set)
    folders = [str(FIXTURES / name) for name in ("bilateral", "territories", "requests", "thresholds")]
    for case in (filed.case for filed in cases_under(folders)):
        result = cr.determine(case)
        if result.decision is not None and result.decision.instrument is not None:
            kinds[result.decision.instrument] |= set(_of_request(case, result.decision))
        for instrument in _instruments():
            segments = [one for one in result.segments if one.instrument == instrument.id]
            if segments:
                kinds[instrument.id] |= set(_of_posting(case, instrument, segments))
                if any(a.kind == "self_employed" for a in case.activities):
                    kinds[instrument.id].add("self-employed")
                if any(
                    a.kind in _SPECIAL or a.place is not None or (a.sector or "") in ("transport", "fishing")
                    for a in case.activities
                ):
                    kinds[instrument.id].add("a special category")
            if any(instrument.name.en.lower() in one.en.lower() for s in result.segments for one in s.passed_over):
                kinds[instrument.id].add("the wrong nationality")
            start = result.segments[0].from_ if result.segments else None
            linked = (
                {a.state for a in case.activities} | {case.person.residence} | {e.seat for e in case.employers.values()}
            )
            if (
                start is not None
                and start < instrument.valid.span.start
                and not segments
                and "FR" in linked
                and linked & (set(instrument.states) - {"FR"})
            ):
                kinds[instrument.id].add("before it entered into force")
    return kinds


def _can_be_had(kind: str, instrument: Instrument) -> bool:
    """Whether the text, as far as sources tell it, has what the case is about: a length, a list of nationalities."""
    if kind in _LENGTH:
        return _bounded(instrument, "posting")
    if kind in _PROLONGED:
        return _bounded(instrument, "prolongation")
    if kind == "the wrong nationality":
        unknown = {name for name, one in instrument.parameters.items() if any(v.value is None for v in one.values)}
        conditions = [one.text for rule in instrument.binds for one in rule.when if "person.nationalities" in one.text]
        return any(not any(name in text for name in unknown) for text in conditions)
    return True


def _bounded(instrument: Instrument, name: str) -> bool:
    clauses = [one for one in instrument.clauses if one.id == name and one.allowed == "yes"]
    values = [
        value.value
        for one in clauses
        if one.longest in instrument.parameters
        for value in instrument.parameters[one.longest].values
    ]
    return any(isinstance(value, Period) for value in values)


@pytest.mark.parametrize("kind", KINDS)
def test_every_agreement_has_the_case_where_its_text_has_what_it_is_about(
    kind: str, found: dict[str, set[str]]
) -> None:
    assert [one.id for one in _instruments() if _can_be_had(kind, one) and kind not in found[one.id]] == []


def test_most_agreements_have_every_kind() -> None:
    wanted = [one.id for one in _instruments() if all(_can_be_had(kind, one) for kind in (*_LENGTH, "self-employed"))]
    assert len(wanted) >= 25
