"""How earlier periods count towards a prolongation: the chain of postings, its sum, and when a new posting can begin.

Each text says how long a break has to be before a fresh posting (``fresh_posting_gap``), how long the initial posting and
its prolongation may last, and some name the sum (``longest_with_prolongation``). Lengths are calendar months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cleiss_rules.calendar import ONE_DAY, Period, Span, add_up, last_day, reaches
from cleiss_rules.facts.case import Activity, Case
from cleiss_rules.facts.filings import joined
from cleiss_rules.facts.postings import previous_postings
from cleiss_rules.law.model import Clause, Instrument

GAP = "fresh_posting_gap"
SUM = "longest_with_prolongation"


@dataclass(frozen=True, slots=True)
class Chain:
    """Periods that count together, in the order of time; ``unsure`` ones came before a break that no source judges.

    ``ended``: the last day of the latest of them, which a prolongation that begins later goes on from.
    """

    spans: tuple[Span, ...]
    unsure: tuple[Span, ...] = ()
    ended: date | None = None

    def with_asked(self, asked: Span) -> Span:
        """All of them and the days asked for, laid end to end from the first day."""
        return add_up(joined([*self.spans, asked]))


def longest(instrument: Instrument, clause: Clause, day: date) -> Period | str | None:
    """The length a clause sets on a day: a Period, ``unknown``, or a word such as ``until_completion``."""
    parameter = instrument.parameters.get(clause.longest or "")
    return clause.longest if parameter is None else _value(instrument, parameter.name, day) or "unknown"


def _value(instrument: Instrument, name: str, day: date) -> Period | None:
    parameter = instrument.parameters.get(name)
    if parameter is None:
        return None
    found = parameter.at("", day)
    value = found.value if found is not None else None
    return value if isinstance(value, Period) else None


def chain(case: Case, posted: Activity, texts: Sequence[Instrument], asked: Span) -> Chain:
    """What counts together with the days asked for: postings of the worker by the same undertaking to the same State."""
    eve = asked.start - ONE_DAY
    earlier = [_until(span, eve) for span in _told(case, posted) if span.start < asked.start]
    fresh = waiting_time(texts, asked.start)
    kept: list[Span] = []
    following = asked
    for position, span in reversed(list(enumerate(earlier))):
        pause = _pause(span, following)
        if following is asked and (pause is None or fresh is None or not reaches(pause, fresh)):
            # a prolongation goes on with the latest posting: days between them count
            following = Span(span.start, eve)
            kept.append(following)
            continue
        if pause is not None and fresh is None:
            return Chain(tuple(kept), tuple(earlier[: position + 1]), earlier[-1].end)
        if pause is not None and fresh is not None and reaches(pause, fresh):
            break
        kept.insert(0, span)
        following = span
    return Chain(tuple(kept), ended=earlier[-1].end if kept else None)


def _told(case: Case, posted: Activity) -> list[Span]:
    activities = [
        activity
        for activity in case.activities
        if activity.posting is not None and activity.from_ is not None and activity.state == posted.state
        and activity.employer == posted.employer
    ]  # fmt: skip
    spans = [activity.span for activity in activities]
    spans += [span for activity in activities for span in previous_postings(activity.posting)]
    return joined(spans)


def _until(span: Span, eve: date) -> Span:
    return Span(span.start, eve if span.end is None else min(span.end, eve))


def _pause(earlier: Span, later: Span) -> Span | None:
    if earlier.end is None or earlier.end + ONE_DAY >= later.start:
        return None
    return Span(earlier.end + ONE_DAY, later.start - ONE_DAY)


def latest_end(
    found: Chain, asked: Span, initial: Period | None, further: Period | None, whole: Period | None
) -> date | None:
    """The last day to which a prolongation can reach, with what counts before it; None where the text sets no limit.

    The whole runs from the first day of the chain: the sum that the text names, else the initial length and the
    prolongation. Without an initial length only the days asked for are measured.
    """
    start = found.with_asked(asked).start
    if whole is not None:
        limit = last_day(start, whole)
    elif further is None:
        return None
    elif initial is None or not found.spans:
        return last_day(asked.start, further)
    else:
        limit = last_day(last_day(start, initial) + ONE_DAY, further)
    used = found.with_asked(Span(asked.start, asked.start)).end
    assert used is not None
    return asked.start + (limit - used)


def waiting_time(texts: Sequence[Instrument], day: date) -> Period | None:
    """The break after which a posting is a fresh one: the length of the clause on re-posting, or ``fresh_posting_gap``.

    The first of the texts that tells counts; Regulation 883/2004 leaves it to a decision filed with Regulation 987/2009.
    """
    for text in texts:
        named = next((clause.longest for clause in text.clauses if clause.id == "reposting"), None)
        found = _value(text, named or GAP, day) or _value(text, GAP, day)
        if found is not None:
            return found
    return None


def sum_of(instrument: Instrument, day: date) -> Period | None:
    """The longest stay, prolongation included, that a text names."""
    return _value(instrument, SUM, day)


def fresh_start(texts: Sequence[Instrument], ended: date | None, day: date) -> date | None:
    """The first day of a new posting after the waiting time that the text sets; None where it sets none."""
    gap = waiting_time(texts, day)
    return None if gap is None or ended is None else last_day(ended + ONE_DAY, gap) + ONE_DAY
