"""What can be had instead of what is asked for: a shorter period, a posting afresh, an individual exception."""

from __future__ import annotations

from datetime import date

from cleiss_rules import request_periods as periods
from cleiss_rules import request_words as words
from cleiss_rules.calendar import ONE_DAY, Period, last_day
from cleiss_rules.facts.case import CasePeriod
from cleiss_rules.request_file import RequestFile, posted_activity
from cleiss_rules.result import Alternative


def latest_end(file: RequestFile) -> date | None:
    """The last day to which the posting could be planned at all, where the text sets a limit."""
    instrument, clause, posted = file.instrument, file.clause("posting"), posted_activity(file.case)
    if instrument is None or clause is None or posted is None or posted.from_ is None:
        return None
    longest = periods.longest(instrument, clause, posted.from_)
    return last_day(posted.from_, longest) if isinstance(longest, Period) else None


def alternatives(file: RequestFile, end: date | None) -> list[Alternative]:
    """The nearest admissible ones; ``end`` is the last day that the request could have asked for, where it is known."""
    found: list[Alternative] = []
    shorter = end or _shorter(file)
    if shorter is not None and shorter >= file.asked.start:
        found.append(words.shorter(file.kind, shorter))
    found += _afresh(file)
    derogation = file.clause("derogation")
    if file.kind != "exceptional_maintenance" and derogation is not None and derogation.allowed == "yes":
        instrument = file.instrument
        assert instrument is not None
        found.append(words.exception(derogation, file.sides))
    return found


def _afresh(file: RequestFile) -> list[Alternative]:
    """A new posting after the waiting time, where earlier ones used up what the text allows."""
    posted, instrument, clause = posted_activity(file.case), file.instrument, file.clause("posting")
    if file.kind == "telework_exception" or posted is None or instrument is None or clause is None:
        return []
    if clause.allowed != "yes":
        return []
    counted = periods.chain(file.case, posted, instrument, file.asked).spans
    start = periods.fresh_start(instrument, counted, file.asked.start)
    return [words.afresh(start, clause)] if start is not None and start > file.asked.start else []


def _shorter(file: RequestFile) -> date | None:
    """The latest end with which the same posting would be accepted, with everything that counts before it."""
    latest = latest_end(file)
    if latest is None or latest < file.asked.start:
        return None
    if file.asked.end is not None and latest >= file.asked.end:
        latest = file.asked.end - ONE_DAY
    if latest < file.asked.start or not _accepted(file, file.asked.start):
        return None
    first, last = file.asked.start, latest
    while first < last:  # the longer the posting, the less it is accepted
        middle = last if last - first <= ONE_DAY else first + (last - first + ONE_DAY) // 2
        first, last = (middle, last) if _accepted(file, middle) else (first, middle - ONE_DAY)
    return first


def _accepted(file: RequestFile, end: date) -> bool:
    case = file.case.model_copy(
        update={
            "activities": tuple(a.model_copy(update={"to": end}) if a.posting else a for a in file.case.activities),
            "period": CasePeriod(from_=file.asked.start, to=end),
            "request": None,
        }
    )
    return {segment.legislation for segment in file.determine(case)} == {(file.state,)}
