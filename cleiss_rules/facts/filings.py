"""Facts about a request (*demande*) and about where a file stands between institutions."""

from __future__ import annotations

from datetime import date
from typing import Any

from cleiss_rules.calendar import ONE_DAY, Span, add_up
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.postings import previous_postings
from cleiss_rules.facts.situation import GETTERS, Getter, Situation, fact


def _procedure(name: str) -> Getter:
    def getter(sit: Situation, _item: Any) -> Any:
        procedure = sit.case.procedure
        return None if procedure is None else getattr(procedure, name)

    return getter


for _name in (
    "informed_on", "others_informed_on", "objection_on", "disagreement_on", "dialogue_requested_on", "first_informed",
    "second_stage_on", "referred_on",
):  # fmt: skip
    GETTERS[f"procedure.{_name}"] = _procedure(_name)


def _request(name: str) -> Getter:
    def getter(sit: Situation, _item: Any) -> Any:
        request = sit.case.request
        return None if request is None else getattr(request, name)

    return getter


for _path, _name in (
    ("request.worker_consents", "worker_consents"), ("request.employer_consents", "employer_consents"),
    ("request.filed_on", "filed_on"), ("request.from", "from_"), ("request.to", "to"),
    ("request.legislation", "legislation"), ("request.worker_interest", "worker_interest"),
    ("request.contributions_paid", "contributions_paid"),
):  # fmt: skip
    GETTERS[_path] = _request(_name)


@fact("request.reasons_given")
def _reasons_given(sit: Situation, _item: Any) -> bool | None:
    request = sit.case.request
    return None if request is None or request.reasons is None else bool(request.reasons)


@fact("request.length")
def _request_length(sit: Situation, _item: Any) -> Span | None:
    request = sit.case.request
    return None if request is None or request.from_ is None else Span(request.from_, request.to)


def stays(case: Case, state: str | None) -> list[Span]:
    """Postings and agreed exceptions under a State's legislation that the case tells of, in the order of time."""
    posted = [activity for activity in case.activities if activity.posting is not None]
    found = [activity.span for activity in posted if activity.from_ is not None]
    found += [span for activity in posted for span in previous_postings(activity.posting)]
    found += [one.span for one in case.agreements if one.from_ is not None and state in (None, one.legislation)]
    return sorted(found, key=lambda span: span.start)


def joined(spans: list[Span]) -> list[Span]:
    """The spans in the order of time, those that overlap or touch made one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        last = found[-1] if found else None
        if last is not None and (last.end is None or span.start <= last.end + ONE_DAY):
            end = None if last.end is None or span.end is None else max(last.end, span.end)
            found[-1] = Span(last.start, end)
        else:
            found.append(span)
    return found


@fact("request.total")
def _request_total(sit: Situation, _item: Any) -> Span | None:
    """All postings and agreed exceptions that are told, with the period asked for, added up (breaks left out)."""
    request = sit.case.request
    if request is None or request.from_ is None:
        return None
    return add_up(joined([*stays(sit.case, request.legislation), Span(request.from_, request.to)]))


@fact("request.first_period_end")
def _first_period_end(sit: Situation, _item: Any) -> date | None:
    """The last day of the latest posting or exception that began before the period asked for and ends before it."""
    request = sit.case.request
    if request is None or request.from_ is None:
        return None
    ends = [span.end for span in stays(sit.case, request.legislation) if span.end and span.end < request.from_]
    return max(ends, default=None)


@fact("request.retroactive")
def _retroactive(sit: Situation, _item: Any) -> bool | None:
    request = sit.case.request
    if request is None or request.from_ is None or request.filed_on is None:
        return None
    return request.filed_on > request.from_


@fact("request.reach_back")
def _reach_back(sit: Situation, _item: Any) -> Span | None:
    """The days asked for that lie before the day of filing; an empty span for none."""
    request = sit.case.request
    if request is None or request.from_ is None or request.filed_on is None:
        return None
    return Span(request.from_, request.filed_on - ONE_DAY)
