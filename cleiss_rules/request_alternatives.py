"""What can be had instead of what is asked for: a shorter period, a posting afresh, an individual exception."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cleiss_rules import own_law
from cleiss_rules import request_periods as periods
from cleiss_rules import request_words as words
from cleiss_rules.calendar import ONE_DAY, Period, last_day
from cleiss_rules.engine.truth import FALSE, UNKNOWN
from cleiss_rules.explain.alternatives import near_misses
from cleiss_rules.facts.case import CasePeriod
from cleiss_rules.request_file import RequestFile, posted_activity
from cleiss_rules.result import Alternative, Segment

_OPEN = ("undetermined", "discretionary")


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
    shorter, sure = (end, True) if end is not None else _shorter(file)
    if shorter is not None and shorter >= file.asked.start:
        found.append(words.shorter(file.kind, shorter, sure=sure))
        found += _prolonged(file)
    found += _mended(file)
    found += _afresh(file)
    derogation = file.clause("derogation")
    if file.kind != "exceptional_maintenance" and derogation is not None and derogation.allowed == "yes":
        instrument = file.instrument
        assert instrument is not None
        found.append(words.exception(derogation, file.sides, instrument))
    return found + _voluntary(file)


def _prolonged(file: RequestFile) -> list[Alternative]:
    """What can be asked for after the shorter posting, where the text prolongs one by a length of its own."""
    instrument, clause = file.instrument, file.clause("prolongation")
    if file.kind not in ("posting", "exemption") or instrument is None or clause is None or clause.allowed != "yes":
        return []
    longest = periods.longest(instrument, clause, file.asked.start)
    return [words.then_prolonged(longest, clause, instrument)] if isinstance(longest, Period) else []


def _mended(file: RequestFile) -> list[Alternative]:
    """The same request where the one condition that fails is one that the person or the employer can bring about."""
    proofs = [segment._proof for segment in file.segments if segment._proof is not None]
    remedies = {
        file.law.facts[used.name].remedy
        for proof in proofs
        for _, item, condition, led in near_misses(proof)
        if led == file.state
        for used in proof.facts_of(condition.expr, item.item)
        if used.value == FALSE
    }
    return [words.mended(file.kind, remedy) for remedy in remedies if remedy is not None]


def _voluntary(file: RequestFile) -> list[Alternative]:
    """An insurance that the person may choose; a change of residence may go with the work, a change of nationality not."""
    proof = next((segment._proof for segment in file.segments if segment._proof is not None), None)
    found: list[Alternative] = []
    for finding in own_law.looked_at(proof) if proof is not None else ():
        rule = finding.rule
        if (
            rule.question != own_law.VOLUNTARY
            or rule.then.note is None
            or rule.then.value != ["lit", "state", file.state]
        ):
            continue
        told = [
            (condition, value)
            for item in finding.items
            for condition, value in zip(rule.when, item.conditions, strict=False)
            if "person.residence" not in condition.text
        ]
        if all(value != FALSE for _, value in told):
            open_ = [one.say for one, value in told if value == UNKNOWN and one.say is not None]
            found.append(words.voluntary(rule, rule.then.note, open_))
    return found


def _afresh(file: RequestFile) -> list[Alternative]:
    """A new posting after the waiting time, where earlier ones used up what the text allows."""
    posted, instrument, clause = posted_activity(file.case), file.instrument, file.clause("posting")
    if file.kind == "telework_exception" or posted is None or instrument is None or clause is None:
        return []
    if clause.allowed != "yes":
        return []
    counted = periods.chain(file.case, posted, file.texts, file.asked).ended
    start = periods.fresh_start(file.texts, counted, file.asked.start)
    return [words.afresh(start, clause)] if start is not None and start > file.asked.start else []


def _shorter(file: RequestFile) -> tuple[date | None, bool]:
    """The latest end that the length allows, with everything that counts before it, and whether nothing else is open."""
    latest = latest_end(file)
    if latest is None or latest < file.asked.start:
        return None, False
    if file.asked.end is not None and latest >= file.asked.end:
        latest = file.asked.end - ONE_DAY
    if latest < file.asked.start or not _possible(file, file.asked.start):
        return None, False
    first, last = file.asked.start, latest
    while first < last:  # the longer the posting, the less it is accepted
        middle = last if last - first <= ONE_DAY else first + (last - first + ONE_DAY) // 2
        first, last = (middle, last) if _possible(file, middle) else (first, middle - ONE_DAY)
    return first, all(segment.legislation == (file.state,) for segment in _shortened(file, first))


def _possible(file: RequestFile, end: date) -> bool:
    """Whether the posting until a day would be accepted, or would not be refused for what is told."""
    return all(
        segment.legislation == (file.state,) or (segment.outcome in _OPEN and file.state in segment.legislation)
        for segment in _shortened(file, end)
    )


def _shortened(file: RequestFile, end: date) -> Sequence[Segment]:
    case = file.case.model_copy(
        update={
            "activities": tuple(a.model_copy(update={"to": end}) if a.posting else a for a in file.case.activities),
            "period": CasePeriod(from_=file.asked.start, to=end),
            "request": None,
        }
    )
    return file.determine(case)
