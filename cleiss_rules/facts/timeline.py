"""Cutting a case wherever a fact changes or a text enters into force, and naming the cause of each cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cleiss_rules.calendar import ONE_DAY, Span
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Text

_BEGINS = Text(fr="début : {}", en="{} begins")
_ENDS = Text(fr="fin : {}", en="{} ends")
_ACTIVITY = Text(fr="activité {}", en="activity {}")
_NAMES = {
    "person.residence": Text(fr="résidence dans un État", en="residence in a State"),
    "person.insured": Text(fr="affiliation dans un État", en="insurance in a State"),
    "person.benefits": Text(fr="une prestation", en="a benefit"),
    "person.opted_for_new_rules": Text(fr="demande d'application des nouvelles règles", en="request for the new rules"),
    "documents": Text(fr="validité d'un document", en="validity of a document"),
    "agreements": Text(fr="accord entre autorités", en="agreement between authorities"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a part begins: what changes on its first day, and the instrument whose text changes (none: a fact does)."""

    text: Text
    instrument: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """Days on which no fact and no text changes; ``causes`` tell why it begins where it begins."""

    span: Span
    causes: tuple[Cause, ...] = field(default=())


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


def slices(case: Case, other_changes: Iterable[tuple[date, Cause]] = ()) -> list[Slice]:
    """The period of the case, cut at every change. ``other_changes`` are first days of something new, with its name."""
    period = asked_period(case)
    causes: dict[date, list[Cause]] = {}
    first, last = period.start, period.end or date.max
    for name, start, end in case.spans():
        if first < start <= last:
            _note(causes, start, Cause(_said(_BEGINS, name)))
        if end is not None and first <= end < last:
            _note(causes, end + ONE_DAY, Cause(_said(_ENDS, name)))
    for day, change in other_changes:
        if first < day <= last:
            _note(causes, day, change)
    if not causes:
        return [Slice(period)]
    cuts = sorted(causes)
    starts = [period.start, *cuts]
    ends = [*(day - ONE_DAY for day in cuts), period.end]
    return [Slice(Span(start, end), tuple(causes.get(start, ()))) for start, end in zip(starts, ends, strict=True)]


def _said(change: Text, name: str) -> Text:
    """What begins or ends; a name without words of its own is that of an activity."""
    what = _NAMES.get(name) or Text(_ACTIVITY.fr.format(name), _ACTIVITY.en.format(name))
    return Text(change.fr.format(what.fr), change.en.format(what.en))


def _note(causes: dict[date, list[Cause]], day: date, cause: Cause) -> None:
    known = causes.setdefault(day, [])
    if cause not in known:
        known.append(cause)
