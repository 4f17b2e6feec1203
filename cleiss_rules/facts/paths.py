"""Where a fact of the vocabulary is written in a case: ``activities[0].posting.from_state``."""

from __future__ import annotations

import re
from typing import Any

from cleiss_rules.facts.case import Activity, AgreedException, Benefit, Case, Document, Option, Place, Posting

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")
_FIELDS = {"from": "from_"}
_PARTS: dict[str, Any] = {"place": Place, "option": Option, "posting": Posting}

_ACTIVITY = {
    "activity.flag": "place.flag",
    "activity.pay_state": "place.pay_state",
    "activity.home_base": "place.home_base",
    "activity.shelf_state": "place.shelf_state",
    "activity.crew": "place.crew",
    "activity.place": "place.kind",
    "activity.start": "from",
    "activity.option_state": "option.state",
    "activity.option_used_before": "option.used_before",
    "activity.option_delay": "option.filed_on",
    "posting.stated": "posting",
    "posting.duration": "to",
    "posting.since_first": "to",
    "elapsed_posting": "to",
    "cumulated_posting": "to",
    "posting.gap": "posting.previous",
    "posting_since": "to",
    "earlier_postings": "posting.previous",
    "employer.id": "employer",
    "employer.given": "employer",
}
_EMPLOYER_STATE = ("turnover_share", "assignments_share", "internal_management_only")
_PERSON = {
    "person.family_member": "person.family_member_of_covered_person",
    "insured_before": "person.insured",
    "worked_before": "person.insured",
    "legislation_before": "person.insured",
    "residence_moved_since": "person.residence",
    "work_ended_since": "activities",
    "person.opted_87_8": "person.opted_for_new_rules",
    "person.opted_87a": "person.opted_for_new_rules",
    "option_87_8_in_effect": "person.opted_for_new_rules",
    "option_87a_in_effect": "person.opted_for_new_rules",
    "case.states_involved": "person.residence",
    "case.states_linked": "person.residence",
    "case.day": "period.from",
    "request.reasons_given": "request.reasons",
    "request.length": "request.to",
    "request.total": "activities[0].from",
    "request.first_period_end": "activities[0].to",
    "request.reach_back": "request.filed_on",
    "request.retroactive": "request.filed_on",
}
_SHARES = {
    "time_share": "activities[].working_time",
    "pay_share": "activities[].remuneration",
    "self_employed_time_share": "activities[].working_time",
    "self_employed_income_share": "activities[].remuneration",
}


def case_path(case: Case, name: str, item: Any) -> str:
    """The path in the case of a fact, for the item it belongs to; an empty name asks for the item itself."""
    if name in _SHARES:
        return _SHARES[name]
    if name in _PERSON:
        return _PERSON[name]
    base = _base(case, item)
    if not name or not base:
        return base or name
    if name in _EMPLOYER_STATE:
        state = item.posting.from_state if isinstance(item, Activity) and item.posting is not None else None
        return f"employers.{item.employer or '?'}.activity.{state or '?'}.{name}"
    if name.startswith("employer.") and name not in _ACTIVITY and isinstance(item, Activity):
        if item.employer is None:
            return f"{base}.employer"
        return f"employers.{item.employer}.{name.removeprefix('employer.')}"
    if name in _ACTIVITY:
        return f"{base}.{_ACTIVITY[name]}"
    kind, _, rest = name.partition(".")
    return f"{base}.{name}" if kind == "posting" else f"{base}.{rest}"


def with_value(case: Case, path: str, value: Any) -> Case:
    """The case with one fact stated; what the path leads through is made where it is missing."""
    changed: Case = _changed(case, list(_STEP.findall(path)), value)
    return changed


def _changed(model: Any, steps: list[tuple[str, str]], value: Any) -> Any:
    (name, index), *rest = steps
    name = _FIELDS.get(name, name)
    current = getattr(model, name)
    if index:
        items = list(current)
        items[int(index)] = _changed(items[int(index)], rest, value)
        return model.model_copy(update={name: tuple(items)})
    if not rest:
        return model.model_copy(update={name: value})
    if current is None:
        current = _PARTS[name]()
    if isinstance(current, dict):
        key, *inner = rest
        return model.model_copy(update={name: {**current, key[0]: _changed(current[key[0]], inner, value)}})
    return model.model_copy(update={name: _changed(current, rest, value)})


def _base(case: Case, item: Any) -> str:
    members: tuple[Any, ...]
    if isinstance(item, Activity):
        name, members = "activities", case.activities
    elif isinstance(item, Document):
        name, members = "documents", case.documents
    elif isinstance(item, AgreedException):
        name, members = "agreements", case.agreements
    elif isinstance(item, Benefit):
        name, members = "person.benefits", case.person.benefits or ()
    else:
        return ""
    for index, member in enumerate(members):
        if member is item:
            return f"{name}[{index}]"
    return name
