"""From a case to rows of a table and back: every row is a case whose facts don't change between its two days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cleiss_rules.calendar import Span
from cleiss_rules.columnar.columns import SLOTS, UNDATED, Column, column, leaves
from cleiss_rules.errors import Fault, InvalidCase
from cleiss_rules.facts.case import Case

Values = dict[str, Any]
#: of a case, what no determination of the applicable legislation looks at
_NOT_FACTS = ("format", "id", "title", "about", "source", "known_on", "period", "expect", "request", "procedure")
#: where the members of a slot stand in a case: at the top, or under the person
_LISTS = {"activity": "activities", "document": "documents", "agreement": "agreements"}
_OF_PERSON = {"benefit": "benefits", "insured": "insured"}
#: what an employer does in the State that its worker is posted from
_IN_SENDING_STATE = ("turnover_share", "assignments_share", "internal_management_only")


def row_of(case: Case, span: Span, looks_back_to: date = date.min) -> Values:
    """The row of a case for days on which no fact of it changes; what no column can hold stands in ``rest``.

    ``looks_back_to``: the last day of which the law asks what applied before it. Where work was done before that day,
    what is dated keeps its days, those past included.
    """
    data = case.model_dump(by_alias=True, exclude_none=True)
    for name in _NOT_FACTS:
        data.pop(name, None)
    values: Values = {"case": case.id, "from": span.start, "to": span.end, "known_on": case.known_on}
    person: dict[str, Any] = data.pop("person", {})
    if isinstance(case.person.residence, tuple):
        here = next((spell.state for spell in case.person.residence if span.start in spell.span), None)
        values["person.residence"] = here
    if case.person.insured == ():
        values["insured"] = False
        del person["insured"]
    employers: dict[str, Any] = data.pop("employers", {})
    _take_employers(values, data.get("activities", ()), employers)
    looked_at = None if any(a.from_ is not None and a.from_ < looks_back_to for a in case.activities) else span.start
    for homes, home in ((_LISTS, data), (_OF_PERSON, person)):
        for slot, name in homes.items():
            items = _during(slot, home.pop(name, ()), looked_at)
            left = [_taken(values, f"{slot}{number}.", slot, item) for number, item in enumerate(items, 1)]
            if any(left):
                home[name] = left
    person = _taken(values, "person.", "person", person)
    rest = {key: value for key, value in (*data.items(), ("person", person), ("employers", employers)) if value}
    if rest:
        values["rest"] = json.dumps(rest, sort_keys=True, ensure_ascii=False, default=str)
    return values


def case_of(values: Mapping[str, Any]) -> Case:
    """The case that a row holds. Raises InvalidCase with every fault."""
    return Case.model_validate(case_data(values))


def case_data(values: Mapping[str, Any], *, canonical: bool = False) -> dict[str, Any]:
    """The same in the shape of a case file, not yet checked; ``canonical``: employers are named by their activity."""
    data: dict[str, Any] = {"format": 1, "id": values.get("case"), "known_on": values.get("known_on")}
    if values.get("from") is not None:
        data["period"] = {"from": values["from"], "to": values.get("to")}
    members: dict[tuple[str, int], dict[str, Any]] = {}
    for name, value in values.items():
        spec = column(name)
        if value is not None and spec.slot:
            _put(members.setdefault((spec.slot, spec.number), {}), spec, value)
    person = members.get(("person", 0), {})
    if values.get("insured") is False:
        person["insured"] = []
    employers: dict[str, Any] = {}
    for slot in SLOTS:
        most = max((number for kind, number in members if kind == slot), default=0)
        found = [members.get((slot, number), {}) for number in range(1, most + 1)]
        if slot == "activity":
            _name_employers(found, employers, canonical=canonical)
        if found:
            home = person if slot in _OF_PERSON else data
            home[(_OF_PERSON | _LISTS)[slot]] = found
    whole = {**data, "person": person, "employers": employers}
    merged: dict[str, Any] = _merged(whole, _parsed(values.get("rest")))
    return merged


def _during(slot: str, items: Sequence[dict[str, Any]], day: date | None) -> list[dict[str, Any]]:
    """What counts on a day, of that which a table does not date; all of the rest, and all where no day is given.

    A dated decision of authorities keeps its days, which others are counted by: it stands in ``rest``.
    """
    if day is None or slot not in UNDATED or slot == "agreement":
        return list(items)
    return [
        {key: value for key, value in item.items() if key not in ("from", "to")}
        for item in items
        if item.get("from", date.min) <= day <= item.get("to", date.max)
    ]


def _take_employers(values: Values, activities: Sequence[dict[str, Any]], employers: dict[str, Any]) -> None:
    """The facts of each activity's employer, as columns of the activity; what is left stays with the employers.

    What an employer does in a State from which it surely posts nobody is left out: no rule asks for it.
    """
    known = [leaf.removeprefix("employer.") for leaf in leaves()["activity"] if leaf.startswith("employer.")]
    on_paper = any(employer.get("actual") is False for employer in employers.values())
    unsettled = on_paper or any(
        "from_state" not in activity.get("posting", {"from_state": None}) for activity in activities
    )
    left = {
        name: {key: fact for key, fact in one.items() if key != "activity" or unsettled}
        for name, one in employers.items()
    }
    for number, activity in enumerate(activities, 1):
        name = activity.get("employer")
        if name is None:
            continue
        employer = employers[name]
        state = activity.get("posting", {}).get("from_state")
        there = employer.get("activity", {}).get(state, {})
        for leaf in known:
            value = there.get(leaf) if leaf in _IN_SENDING_STATE else employer.get(leaf)
            if value is not None:
                values[f"activity{number}.employer.{leaf}"] = _flat(value)
                left[name].pop(leaf, None)
    used = {activity.get("employer") for activity in activities}
    employers.clear()  # one that nobody works for counts only where another one is an employer on paper
    employers |= {name: facts for name, facts in left.items() if (facts if name in used else on_paper)}


def _taken(values: Values, prefix: str, slot: str, data: dict[str, Any]) -> dict[str, Any]:
    """Puts the facts that have columns into ``values``; what is left of the mapping comes back."""
    known = leaves()[slot]

    def walk(inner: dict[str, Any], path: str) -> dict[str, Any]:
        left: dict[str, Any] = {}
        for key, value in inner.items():
            leaf = f"{path}{key}"
            if isinstance(value, dict):
                if leaf in known:
                    values[prefix + leaf] = True
                deeper = walk(value, f"{leaf}.")
                if deeper:
                    left[key] = deeper
            elif leaf in known and (known[leaf][0] == "states" or not isinstance(value, tuple)):
                values[prefix + leaf] = _flat(value)
            elif value != ():
                left[key] = value
        return left

    return walk(data, "")


def _flat(value: Any) -> Any:
    return " ".join(value) if isinstance(value, tuple) else value


def _put(target: dict[str, Any], spec: Column, value: Any) -> None:
    if spec.leaf.startswith("employer."):
        target.setdefault("_employer", {})[spec.leaf.removeprefix("employer.")] = _full(spec, value)
        return
    if spec.leaf == "posting":
        if value:
            target.setdefault("posting", {})
        return
    *path, last = spec.leaf.split(".")
    for step in path:
        target = target.setdefault(step, {})
    target[last] = _full(spec, value)


def _full(spec: Column, value: Any) -> Any:
    return value.split() if spec.kind == "states" and isinstance(value, str) else value


def _name_employers(activities: list[dict[str, Any]], employers: dict[str, Any], *, canonical: bool) -> None:
    names: dict[str, str] = {}
    for number, activity in enumerate(activities, 1):
        facts = activity.pop("_employer", None)
        stated = activity.get("employer")
        if facts is None and stated is None:
            continue
        own = f"employer{number}"
        name = names.setdefault(stated, own if canonical else stated) if stated is not None else own
        activity["employer"] = name
        facts = dict(facts or {})
        there = {leaf: facts.pop(leaf) for leaf in _IN_SENDING_STATE if leaf in facts}
        state = activity.get("posting", {}).get("from_state")
        employer = employers.setdefault(name, {})
        employer |= facts
        if there and state is not None:
            employer.setdefault("activity", {}).setdefault(state, {}).update(there)


def _parsed(rest: str | None) -> dict[str, Any]:
    if rest is None:
        return {}
    try:
        found = json.loads(rest)
    except json.JSONDecodeError as error:
        raise InvalidCase([Fault("rest", f"no JSON: {error.msg} at character {error.pos + 1}")]) from error
    except RecursionError as error:
        raise InvalidCase(
            [Fault("rest", "is nested too deeply; accepted: an object in the shape of a case")]
        ) from error
    if not isinstance(found, dict):
        raise InvalidCase([Fault("rest", "accepted: an object in the shape of a case")])
    return found


def _merged(data: Any, more: Any) -> Any:
    """Two halves of the same facts put together; members of lists are matched by their place."""
    if isinstance(data, dict) and isinstance(more, dict):
        return {key: _merged(data.get(key), more.get(key)) for key in {**data, **more}}
    if isinstance(data, list) and isinstance(more, list):
        longest = range(max(len(data), len(more)))
        return [_merged(*(half[at] if at < len(half) else None for half in (data, more))) for at in longest]
    return data if more is None else more
