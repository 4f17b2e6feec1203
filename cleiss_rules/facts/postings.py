"""Facts about a posting (*détachement*): what is stated of it, its length, earlier ones, insurance before it."""

from __future__ import annotations

from datetime import date

from cleiss_rules.calendar import ONE_DAY, Period, Span, add_up, last_day, reaches
from cleiss_rules.facts.case import Activity, Posting
from cleiss_rules.facts.items import of_item, of_part
from cleiss_rules.facts.situation import Situation, fact


@of_item("posting.stated")
def _posting_stated(activity: Activity) -> bool:
    return activity.posting is not None


for _name in (
    "from_state", "direct_relationship", "replaces_posted_person", "recruited_for_posting", "recruited_in", "lent_on",
    "via_state", "similar_activity", "infrastructure_kept", "health_cover", "to_affiliate", "affiliate_agreement",
    "contributions_undertaken",
):  # fmt: skip
    of_part(f"posting.{_name}", "posting", _name)

#: where only a number of months is known, lengths are counted from an arbitrary first day of a month
_ANY_DAY = date(2001, 1, 1)


def _duration(activity: Activity) -> Span | None:
    posting = activity.posting
    if posting is None:
        return None
    if activity.from_ is not None and (activity.to is not None or posting.planned_months is None):
        return activity.span
    if posting.planned_months is None:
        return None
    start = activity.from_ or _ANY_DAY
    return Span(start, last_day(start, Period(posting.planned_months, "months")))


@fact("posting.duration")
def _planned(sit: Situation, activity: Activity) -> Span | None:
    """How long the posting was to last, up to what authorities agreed on later: an agreed prolongation has an initial posting."""
    whole = _duration(activity)
    if whole is None or activity.from_ is None or activity.posting is None:
        return whole
    agreed = [
        one.from_
        for one in sit.case.agreements
        if one.from_ is not None and one.legislation == activity.posting.from_state and one.from_ in whole
        and one.from_ > max(sit.span.start, whole.start)
    ]  # fmt: skip
    return Span(whole.start, min(agreed) - ONE_DAY) if agreed else whole


def previous_postings(posting: Posting | None) -> list[Span]:
    """The earlier postings, in the order of time."""
    spells = posting.previous if posting is not None else None
    if not spells:
        return []
    return sorted((spell.span for spell in spells), key=lambda span: span.start)


def _gap(earlier: Span, later: Span) -> Span | None:
    if earlier.end is None or earlier.end + ONE_DAY >= later.start:
        return None
    return Span(earlier.end + ONE_DAY, later.start - ONE_DAY)


@fact("posting.gap")
def _posting_gap(_sit: Situation, activity: Activity) -> Span | None:
    """The break since the latest earlier posting; without an earlier one, a break without end."""
    duration, earlier = _duration(activity), previous_postings(activity.posting)
    if duration is None:
        return None
    if not earlier:
        return Span(date.min, None)
    gap = _gap(earlier[-1], duration)
    return gap if gap is not None else Span(duration.start, duration.start - ONE_DAY)


@fact("posting.since_first")
def _since_first(sit: Situation, activity: Activity) -> Span | None:
    duration, earlier = _planned(sit, activity), previous_postings(activity.posting)
    if duration is None:
        return None
    return Span(min([duration.start, *(span.start for span in earlier)]), duration.end)


@fact("cumulated_posting")
def _cumulated(sit: Situation, activity: Activity, fresh_after: Period) -> Span | None:
    """Postings that follow each other with less than ``fresh_after`` between them, added up."""
    duration = _planned(sit, activity)
    if duration is None:
        return None
    together = [duration]
    for span in reversed(previous_postings(activity.posting)):
        gap = _gap(span, together[-1])
        if gap is not None and reaches(gap, fresh_after):
            break
        together.append(span)
    return add_up(together)


@fact("posting_since")
def _posting_since(sit: Situation, activity: Activity, day: date | None) -> Span | None:
    """From the start of the first posting, or from a day before which nothing counts, to the planned end."""
    whole = _since_first(sit, activity)
    return None if whole is None or day is None else Span(max(whole.start, day), whole.end)


@fact("earlier_postings")
def _earlier_postings(_sit: Situation, activity: Activity, fresh_after: Period) -> Span:
    """Earlier postings that follow each other with less than ``fresh_after`` between them, added up; empty for none."""
    together: list[Span] = []
    for span in reversed(previous_postings(activity.posting)):
        gap = _gap(span, together[-1]) if together else None
        if gap is not None and reaches(gap, fresh_after):
            break
        together.append(span)
    return add_up(together) if together else Span(_ANY_DAY + ONE_DAY, _ANY_DAY)


def unbroken_start(activity: Activity) -> date | None:
    """The first day of the posting, or of an earlier one that it follows without a break."""
    start = activity.from_
    if start is None or activity.posting is None or not activity.posting.previous:
        return start
    for span in reversed(previous_postings(activity.posting)):
        if span.end is not None and span.start < start <= span.end + ONE_DAY:
            start = span.start
    return start


@fact("elapsed_posting")
def _elapsed(sit: Situation, activity: Activity) -> Span | None:
    """From the start of the posting (or of an earlier one that it follows without a break) to the end of the slice."""
    duration = _duration(activity)
    if duration is None or activity.from_ is None:
        return duration
    return Span(unbroken_start(activity) or duration.start, sit.span.end)


@fact("insured_before")
def _insured_before(sit: Situation, activity: Activity, state: str | None) -> Span | None:
    """The unbroken time under a State's legislation that ends on the eve of the activity; an empty span is none at all.

    Voluntary insurance subjects nobody to a legislation (title II against article 14 of Regulation 883/2004).
    """
    return _unbroken_before(sit, activity, state, apart_from=("voluntary",))


@fact("worked_before")
def _worked_before(sit: Situation, activity: Activity, state: str | None) -> Span | None:
    """The same without insurance that rests on residence, which tells of no work."""
    return _unbroken_before(sit, activity, state, apart_from=("voluntary", "residence"))


def _unbroken_before(sit: Situation, activity: Activity, state: str | None, apart_from: tuple[str, ...]) -> Span | None:
    insured = sit.case.person.insured
    if insured is None or state is None or activity.from_ is None:
        return None
    eve = activity.from_ - ONE_DAY
    start = activity.from_
    spells = [spell.span for spell in insured if spell.state == state and spell.basis not in apart_from]
    for spell in sorted(spells, key=lambda span: span.start, reverse=True):
        if spell.start < start and (spell.end is None or spell.end >= start - ONE_DAY):
            start = spell.start
    return Span(start, eve)
