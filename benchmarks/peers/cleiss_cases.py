"""The same rows as cases of this library, one at a time: ``determine`` with its proof."""

from __future__ import annotations

from typing import Any

import numpy as np

import cleiss_rules as cr
from benchmarks.peers.problem import EMPLOYED, RULES, STATES, UNKNOWN_SHARE, YES, Answers, Rows

_PREFIX = "eu-883-2004/"


def prepare(rows: Rows) -> list[cr.Case]:
    names = list(rows.columns())
    columns = [codes.tolist() for codes in rows.columns().values()]
    return [cr.Case.model_validate(case(dict(zip(names, row, strict=True)))) for row in zip(*columns, strict=True)]


def decide(cases: list[cr.Case]) -> Answers:
    states, rules = np.zeros(len(cases), np.uint8), np.zeros(len(cases), np.uint8)
    for place, one in enumerate(cases):
        segment = cr.determine(one).segments[0]
        if segment.outcome in ("determined", "bound"):
            (state,) = segment.legislation
            names = sorted(basis.rule.removeprefix(_PREFIX) for basis in segment.basis if basis.role == "decides")
            states[place], rules[place] = STATES.index(state), RULES.index(" ".join(names))
        elif segment.outcome != "undetermined":
            raise AssertionError(f"row {place}: {segment.outcome}")
    return states, rules


def case(row: dict[str, int]) -> dict[str, Any]:
    """A row in the shape of a case; what the problem leaves out is told so that it does not decide."""
    employer: dict[str, Any] = {"kind": "undertaking", "actual": True}
    if row["seat"]:
        employer |= {"seat": STATES[row["seat"]], "decision_centre": STATES[row["seat"]]}
    home = STATES[row["posted_from"] or row["state1"]]
    if row["posted_from"]:
        employer["activity"] = {home: {"turnover_share": 60}}
    activities = [_activity(row, 1)]
    if row["state2"]:
        activities.append(_activity(row, 2))
    employed = any(one["kind"] == "employed" for one in activities)
    person: dict[str, Any] = {"nationalities": ["FR"], "insured": [{"state": home, "from": "2020-01-01"}]}
    if row["residence"]:
        person["residence"] = STATES[row["residence"]]
    return {
        "format": 1,
        "known_on": "2026-12-31",
        "period": {"from": "2026-01-01", "to": "2026-01-31"},
        "person": person,
        "employers": {"a": employer} if employed else {},
        "activities": activities,
        "agreements": [{"legislation": STATES[row["agreed"]]}] if row["agreed"] else [],
    }


def _activity(row: dict[str, int], number: int) -> dict[str, Any]:
    employed = row[f"kind{number}"] == EMPLOYED
    found: dict[str, Any] = {
        "kind": "employed" if employed else "self_employed",
        "state": STATES[row[f"state{number}"]],
        "from": "2026-01-01",
        "pattern": "one_off" if row["posted_from"] else "alternating",
        "marginal": False,
        "telework": number == 2,
    }
    if row[f"share{number}"] != UNKNOWN_SHARE:
        found["working_time"] = row[f"share{number}"]
    if employed:
        found["employer"] = "a"
    else:
        found["centre_of_interest"] = number == 1
    if row["posted_from"]:
        found["posting"] = _posting(row, employed=employed)
    return found


def _posting(row: dict[str, int], *, employed: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"from_state": STATES[row["posted_from"]], "planned_months": row["months"]}
    if not employed:
        return found | {"similar_activity": True, "infrastructure_kept": True}
    if row["replaces"]:
        found["replaces_posted_person"] = row["replaces"] == YES
    return found | {"direct_relationship": True, "lent_on": False}
