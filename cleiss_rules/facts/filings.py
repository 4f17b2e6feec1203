"""Facts about a request (*demande*) and about where a file stands between institutions."""

from __future__ import annotations

from typing import Any

from cleiss_rules.calendar import Span
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
    ("request.filed_on", "filed_on"), ("request.from", "from_"),
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


@fact("request.total")
def _request_total(sit: Situation, _item: Any) -> Span | None:
    """From the first day of the earliest posting that is told to the last day asked for."""
    request = sit.case.request
    if request is None or request.from_ is None:
        return None
    posted = [activity for activity in sit.case.activities if activity.posting is not None]
    starts = [activity.from_ for activity in posted if activity.from_ is not None]
    starts += [span.start for activity in posted for span in previous_postings(activity.posting)]
    return Span(min([request.from_, *starts]), request.to)
