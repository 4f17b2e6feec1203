"""The facts of one item of a situation: of an activity and its employer, a document, an agreement, a benefit.

Each is registered under its name in ``agreements/vocabulary.yaml``; None is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from cleiss_rules.calendar import Span
from cleiss_rules.facts.case import Activity
from cleiss_rules.facts.sets import KnownSet
from cleiss_rules.facts.situation import ATTRIBUTES, GETTERS, OF_EMPLOYERS, OF_ITEMS, OF_PARTS, Situation, fact

# ---- the activity -----------------------------------------------------------------------------------------------------


def _attribute(path: str, name: str) -> None:
    ATTRIBUTES[path] = name
    GETTERS[path] = lambda _sit, item: getattr(item, name)


for _name in (
    "kind",
    "state",
    "pattern",
    "marginal",
    "working_time",
    "remuneration",
    "telework",
    "pandemic_telework",
    "sector",
    "administration",
):
    _attribute(f"activity.{_name}", _name)
_attribute("activity.fixed_base_days", "fixed_base_days")
_attribute("activity.centre_of_interest", "centre_of_interest")


def of_item(path: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Registers a function of the item alone that answers a fact of the vocabulary."""

    def register(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        GETTERS[path], OF_ITEMS[path] = (lambda _sit, item: function(item)), function
        return function

    return register


@of_item("activity.place")
def _place(activity: Activity) -> str | None:
    if activity.place is not None and activity.place.kind is not None:
        return activity.place.kind
    return "land" if activity.state is not None else None


@fact("activity.start")
def _start(_sit: Situation, activity: Activity) -> date | None:
    return activity.from_


def of_part(path: str, part: str, name: str) -> None:
    """Registers a fact that is read off a part of the item."""

    def getter(_sit: Situation, item: Any) -> Any:
        held = getattr(item, part)
        return None if held is None else getattr(held, name)

    GETTERS[path], OF_PARTS[path] = getter, (part, name)


for _name in ("flag", "pay_state", "home_base", "shelf_state", "crew"):
    of_part(f"activity.{_name}", "place", _name)
of_part("activity.option_state", "option", "state")
of_part("activity.option_used_before", "option", "used_before")


@fact("activity.option_delay")
def _option_delay(_sit: Situation, activity: Activity) -> Span | None:
    """From the engagement to the day on which the option was filed, that day included."""
    filed = activity.option.filed_on if activity.option is not None else None
    return None if filed is None or activity.from_ is None else Span(activity.from_, filed)


# ---- the employer -----------------------------------------------------------------------------------------------------


@fact("employer.id")
def _employer_id(sit: Situation, activity: Activity) -> str | None:
    employer = sit.employers[id(activity)]
    for name, candidate in sit.case.employers.items():
        if candidate is employer:
            return name
    return activity.employer


@fact("employer.given")
def _employer_given(sit: Situation, activity: Activity) -> bool:
    return sit.employers[id(activity)] is not None


def _employer_attribute(name: str) -> None:
    def getter(sit: Situation, activity: Activity) -> Any:
        employer = sit.employers[id(activity)]
        return None if employer is None else getattr(employer, name)

    GETTERS[f"employer.{name}"], OF_EMPLOYERS[f"employer.{name}"] = getter, name


for _name in ("actual", "kind", "seat", "decision_centre", "astride_border"):
    _employer_attribute(_name)


@fact("employer.branches")
def _employer_branches(sit: Situation, activity: Activity) -> KnownSet | None:
    """The States with a branch or permanent representation that is not the seat."""
    employer = sit.employers[id(activity)]
    return None if employer is None or employer.branches is None else KnownSet.of(frozenset(employer.branches))


def _employer_in_state(path: str, name: str) -> None:
    def getter(sit: Situation, activity: Activity, state: str | None) -> Any:
        employer = sit.employers[id(activity)]
        if employer is None or employer.activity is None or state is None:
            return None
        there = employer.activity.get(state)
        return None if there is None else getattr(there, name)

    GETTERS[path] = getter


for _name in ("turnover_share", "assignments_share", "internal_management_only"):
    _employer_in_state(_name, _name)


# ---- documents, agreements, benefits ----------------------------------------------------------------------------------


for _name in ("kind", "legislation", "issuer", "status", "fraud_evidence_sent", "reviewed_by_issuer"):
    _attribute(f"document.{_name}", _name)
_attribute("agreement.legislation", "legislation")


@fact("agreement.states")
def _agreement_states(_sit: Situation, agreement: Any) -> KnownSet | None:
    return None if agreement.states is None else KnownSet.of(frozenset(agreement.states))


@fact("agreement.earlier")
def _agreements_before(sit: Situation, agreement: Any) -> int | None:
    """How many earlier decisions of the same States for the same legislation the case tells."""
    if agreement.from_ is None:
        return None
    return sum(
        1
        for other in sit.case.agreements
        if other.legislation == agreement.legislation
        and other.states == agreement.states
        and other.from_ is not None
        and other.from_ < agreement.from_
    )


for _name in ("kind", "state"):
    _attribute(f"benefit.{_name}", _name)
