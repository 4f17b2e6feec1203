"""Cutting a case wherever a fact changes or a text enters into force, and naming the cause of each cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cleiss_rules.calendar import ONE_DAY, Span
from cleiss_rules.facts.case import Case


@dataclass(frozen=True, slots=True)
class Slice:
    """Days on which no fact and no text changes; ``causes`` tell why it begins where it begins."""

    span: Span
    causes: tuple[str, ...] = field(default=())


def asked_period(case: Case) -> Span:
    """The period of the case; without one, the days that its activities cover; without those, the day of decision."""
    if case.period is not None:
        return case.period.span
    starts = [activity.from_ for activity in case.activities if activity.from_ is not None]
    if starts and len(starts) == len(case.activities):
        ends = [activity.to for activity in case.activities]
        last = None if None in ends else max(end for end in ends if end is not None)
        return Span(min(starts), last)
    day = case.known_on or date.today()
    return Span(day, day)


def slices(case: Case, other_changes: Iterable[tuple[date, str]] = ()) -> list[Slice]:
    """The period of the case, cut at every change. ``other_changes`` are first days of something new, with its name."""
    period = asked_period(case)
    causes: dict[date, list[str]] = {}
    for name, span in case.spans():
        _note(causes, span.start, f"{name} begins")
        if span.end is not None and span.end < date.max:
            _note(causes, span.end + ONE_DAY, f"{name} ends")
    for day, name in other_changes:
        _note(causes, day, name)
    cuts = sorted(day for day in causes if period.start < day and (period.end is None or day <= period.end))
    starts = [period.start, *cuts]
    ends = [*(day - ONE_DAY for day in cuts), period.end]
    return [
        Slice(Span(start, end), tuple(causes.get(start, ())) if start != period.start else ())
        for start, end in zip(starts, ends, strict=True)
    ]


def _note(causes: dict[date, list[str]], day: date, text: str) -> None:
    known = causes.setdefault(day, [])
    if text not in known:
        known.append(text)
