"""From a case to rows of a table and back: every row is a case whose facts don't change between its two days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cleiss_rules.calendar import Span
from cleiss_rules.columnar.columns import SLOTS, UNDATED, column, leaves
from cleiss_rules.errors import Fault, InvalidCase
from cleiss_rules.facts.case import Case

Values = dict[str, Any]
#: of a case, what no determination looks at
_NOT_FACTS = ("format", "id", "title", "about", "source", "known_on", "period", "expect", "request", "procedure")
_LISTS = {"activity": "activities", "document": "documents", "agreement": "agreements"}
_OF_PERSON = {"benefit": "benefits", "insured": "insured"}
_STATED = "posting"


def row_of(case: Case, span: Span) -> Values:
    """The row of a case for days on which no fact of it changes; what no column can hold stands in ``rest``."""
    data = case.model_dump(mode="json", by_alias=True, exclude_none=True)
    for name in _NOT_FACTS:
        data.pop(name, None)
    values: Values = {"case": case.id, "from": span.start, "to": span.end, "known_on": case.known_on}
    person = data.pop("person", {})
    _place_residence(person, case, span.start)
    if person.get("insured") == []:
        values["insured"] = False
        del person["insured"]
    employers = data.pop("employers", {})
    for slot, name in _LISTS.items():
        values |= _slots(slot, _during(slot, data.pop(name, []), span.start), employers)
    for slot, name in _OF_PERSON.items():
        values |= _slots(slot, _during(slot, person.pop(name, []), span.start), {})
    values |= _taken("person.", person, leaves()["person"])
    _drop_named(employers, values)
    rest = {key: value for key, value in (*data.items(), ("person", person), ("employers", employers)) if value}
    return _typed(values | {"rest": json.dumps(rest, sort_keys=True, ensure_ascii=False) if rest else None}, data)


def case_of(values: Mapping[str, Any]) -> Case:
    """The case that a row holds. Raises InvalidCase with every fault, each naming its column."""
    return Case.model_validate(case_data(values))


def case_data(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the shape of a case file, not yet checked."""
    rest = _parsed(values.get("rest"))
    employers: dict[str, Any] = rest.pop("employers", {})
    person: dict[str, Any] = rest.pop("person", {})
    data: dict[str, Any] = {"format": 1, "id": values.get("case"), "period": {"from": values.get("from")}}
    if values.get("to") is not None:
        data["period"]["to"] = values["to"]
    if values.get("known_on") is not None:
        data["known_on"] = values["known_on"]
    members: dict[tuple[str, int], dict[str, Any]] = {}
    for name, value in values.items():
        spec = column(name)
        if value is None or not spec.slot:
            continue
        target = person if spec.slot == "person" else members.setdefault((spec.slot, spec.number), {})
        _put(target, spec.leaf, value)
    if values.get("insured") is False and not any(slot == "insured" for slot, _ in members):
        person.setdefault("insured", [])
    for slot in SLOTS:
        numbers = sorted(number for kind, number in members if kind == slot)
        found = [members.get((slot, number), {}) for number in range(1, max(numbers, default=0) + 1)]
        if slot == "activity":
            for number, activity in enumerate(found, 1):
                _with_employer(activity, number, employers)
        if found:
            home = person if slot in _OF_PERSON else data
            home[(_OF_PERSON | _LISTS)[slot]] = found
    return _merged(data, rest) | {"person": person, "employers": employers}


def _place_residence(person: dict[str, Any], case: Case, day: date) -> None:
    """A person who moved lives, in a row, in the State of its days."""
    stated = case.person.residence
    if isinstance(stated, tuple):
        person.pop("residence", None)
        here = next((spell.state for spell in stated if day in spell.span), None)
        if here is not None:
            person["residence"] = here


def _during(slot: str, items: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """What counts on a day, of that which a table does not date; all of the rest."""
    if slot not in UNDATED:
        return items
    return [
        {key: value for key, value in item.items() if key not in ("from", "to")}
        for item in items
        if item.get("from", "0001-01-01") <= day.isoformat() <= item.get("to", "9999-12-31")
    ]


def _slots(slot: str, items: list[dict[str, Any]], employers: Mapping[str, Any]) -> Values:
    values: Values = {}
    for number, item in enumerate(items, 1):
        prefix = f"{slot}{number}."
        posting = item.get("posting")
        if posting is not None:
            values[f"{prefix}{_STATED}"] = True
            if posting.get("previous") == []:
                del posting["previous"]
        values |= _taken(prefix, item, leaves()[slot])
        if item.get("employer_rest") is None and slot == "activity":
            values |= _employer(prefix, values, employers)
        if not item.get("posting", True):
            del item["posting"]
    return values


def _taken(prefix: str, data: dict[str, Any], known: Mapping[str, Any]) -> Values:
    """The leaves of a mapping that have columns; they are taken out of it."""
    values: Values = {}
    for leaf in known:
        *path, last = leaf.split(".")
        inner: Any = data
        for step in path:
            inner = inner.get(step) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and last in inner and not isinstance(inner[last], dict):
            values[prefix + leaf] = inner.pop(last)
        for step in path[:1]:
            if data.get(step) == {}:
                del data[step]
    return values


