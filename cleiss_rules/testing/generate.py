"""Cases drawn at random, thousands a second: many kinds of people and work, unknown facts, and values on the limits of the law.

The same seed gives the same cases. Days are drawn around those on which a text changes, lengths and shares around the
limits that the law in use knows, so that a limit that moves is met where it stands now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from cleiss_rules.calendar import Period, last_day
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Law
from cleiss_rules.law.store import the_law

_NEAR = ("FR", "FR", "FR", "DE", "BE", "IT", "ES", "LU", "PL", "CH", "GB", "NO", "IS", "DK", "RO")
_FAR = (
    "DZ",
    "MA",
    "TN",
    "SN",
    "US",
    "CA",
    "CA-QC",
    "IN",
    "KR",
    "JP",
    "BR",
    "TR",
    "RS",
    "MC",
    "AD",
    "IL",
    "CN",
    "TH",
    "NC",
)
_KINDS = ("employed",) * 7 + ("self_employed",) * 3 + ("civil_servant", "military_service", "eu_contract_staff")
_BENEFITS = ("sickness_short_term", "unemployment", "pension_old_age", "parental", "maternity_paternity")
_FLAGS = (
    "direct_relationship", "replaces_posted_person", "recruited_for_posting", "similar_activity", "lent_on",
    "infrastructure_kept", "health_cover", "to_affiliate", "affiliate_agreement", "contributions_undertaken",
)  # fmt: skip
_EXPECTED = {"replaces_posted_person": False, "recruited_for_posting": False, "lent_on": False}
_FIRST_YEAR, _LAST_YEAR = 2003, 2028


def cases(count: int, seed: int = 0, law: Law | None = None) -> Iterator[Case]:
    """``count`` cases. Every one is valid; each fact of it is unknown in some of them."""
    draw = _Draw(seed, law or the_law())
    for number in range(count):
        yield Case.model_validate({**draw.case(), "id": f"drawn-{seed}-{number}"})


def on_the_limits(law: Law | None = None) -> Iterator[Case]:
    """For every value of every parameter of the law: cases one unit below it, on it, and one unit above it."""
    law = law or the_law()
    for instrument in law.instruments.values():
        states = sorted(instrument.states) or ["FR", "DE"]
        pairs = [(states[0], states[-1]), (states[-1], states[0])] if len(states) > 1 else [(states[0], "TH")]
        for name, parameter in instrument.parameters.items():
            for place, value in enumerate(parameter.values):
                for step in (-1, 0, 1):
                    for home, away in pairs:
                        data = _limit(value.value, step, home, away)
                        if data is not None:
                            id_ = f"limit-{instrument.id}-{name}-{place}-{step}-{home}"
                            yield Case.model_validate({**data, "id": id_})


def _limit(value: Any, step: int, home: str, away: str) -> dict[str, Any] | None:
    """A posted employee for a length, an employee in two States for a share or a number of days, a stay from a day on."""
    start = date(2026, 3, 15)
    if isinstance(value, Period):
        return _posted(home, away, start, last_day(start, value) + timedelta(days=step))
    if isinstance(value, date) and 1950 <= value.year <= 2190:
        day = value + timedelta(days=step)
        return _posted(home, away, day, last_day(day, Period(6, "months")))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 100:
        share = value + step / 100
        works = [
            {"id": "home", "kind": "employed", "state": home, "employer": "one", "working_time": share},
            {"id": "away", "kind": "employed", "state": away, "employer": "one", "working_time": 100 - share},
        ]
        return {**_person(home, start, None), "employers": {"one": {"seat": away, "actual": True}}, "activities": works}
    return None


def _person(state: str, start: date, end: date | None) -> dict[str, Any]:
    period = {"from": start, "to": end or start}
    return {
        "format": 1,
        "known_on": date(2026, 11, 23),
        "period": period,
        "person": {"nationalities": [state], "residence": state},
    }


def _posted(home: str, away: str, start: date, end: date) -> dict[str, Any]:
    posting = {"from_state": home, **{flag: _EXPECTED.get(flag, True) for flag in _FLAGS}}
    employer = {"seat": home, "actual": True, "kind": "undertaking", "activity": {home: {"turnover_share": 60}}}
    activity = {"kind": "employed", "state": away, "employer": "one", "from": start, "to": end, "posting": posting}
    data = _person(home, start, end)
    data["person"]["insured"] = [{"state": home, "from": start - timedelta(days=400), "to": start - timedelta(days=1)}]
    return {**data, "employers": {"one": employer}, "activities": [activity]}


class _Draw:
    """One stream of random facts."""

    def __init__(self, seed: int, law: Law) -> None:
        self.random = Random(seed)
        values = [
            value.value
            for instrument in law.instruments.values()
            for parameter in instrument.parameters.values()
            for value in parameter.values
        ]
        self.periods = sorted({value for value in values if isinstance(value, Period)}, key=str)
        self.shares = sorted(
            {float(v) for v in values if isinstance(v, (int, float)) and not isinstance(v, bool) and 0 < v < 100}
        )
        edges = {
            day
            for instrument in law.instruments.values()
            for rule in (*instrument.rules, *instrument.binds)
            for span in (rule.valid.span, *rule.valid.by_relation.values())
            for day in (span.start, span.end)
            if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR
        }
        self.days = sorted(edges)

    def case(self) -> dict[str, Any]:
        """The facts of one case."""
        start = self._day()
        far = self.random.random() < 0.4
        states = [self.random.choice(_NEAR), self.random.choice(_FAR if far else _NEAR), self.random.choice(_NEAR)]
        period = {"from": start, "to": start + timedelta(days=self.random.choice((0, 30, 364, 800)))}
        data: dict[str, Any] = {"format": 1, "known_on": date(2026, 11, 23), "period": period}
        data["person"] = self._person(states, start)
        data["employers"] = {name: self._employer(states) for name in ("one", "two")}
        data["activities"] = self._activities(states, start)
        if self.random.random() < 0.06:
            data["documents"] = [self._document(states)]
        if self.random.random() < 0.04:
            data["agreements"] = [{"legislation": self.random.choice(states), "states": states[:2]}]
        return data

    def _maybe(self, value: Any, known: float = 0.85) -> Any:
        return value if self.random.random() < known else None

    def _day(self) -> date:
        if self.random.random() < 0.3:
            return self.random.choice(self.days) + timedelta(days=self.random.choice((-1, 0, 1)))
        return date(2024, 1, 1) + timedelta(days=self.random.randrange(1000))

    def _flag(self, usual: bool) -> bool | None:
        known: bool | None = self._maybe(usual if self.random.random() < 0.85 else not usual)
        return known

    def _person(self, states: list[str], start: date) -> dict[str, Any]:
        home = states[0] if self.random.random() < 0.8 else states[2]
        nationality = self.random.choice((home, home, home, *states, "TH"))
        person: dict[str, Any] = {
            "residence": self._maybe(home, 0.95),
            "nationalities": self._maybe([nationality], 0.95),
        }
        if self.random.random() < 0.3:
            person["legal_residence"] = [self.random.choice(states)]
        for flag in ("stateless", "refugee", "family_member_of_covered_person"):
            if self.random.random() < 0.05:
                person[flag] = self.random.random() < 0.5
        if self.random.random() < 0.5:
            ended = start - timedelta(days=self.random.choice((0, 1, 2, 40, -200)))
            length = self.random.choice((0, 27, 30, 31, 32, 60, 400, 5000))
            state = self.random.choice((*states[:1] * 3, *states))
            spell = {"state": state, "from": ended - timedelta(days=length), "to": self._maybe(ended)}
            basis = self.random.choice((None, None, "employment", "residence", "voluntary"))
            person["insured"] = [spell if basis is None else {**spell, "basis": basis}]
        if self.random.random() < 0.12:
            person["benefits"] = [{"kind": self.random.choice(_BENEFITS), "state": self.random.choice(states)}]
        if "GB" in states and self.random.random() < 0.6:
            person["uk_situation_since"] = date(2020, 12, 30) + timedelta(days=self.random.randrange(4))
        return {key: value for key, value in person.items() if value is not None}

    def _employer(self, states: list[str]) -> dict[str, Any]:
        seat = self.random.choice((states[0], states[0], states[1], states[2]))
        kind = self.random.choice(
            ("undertaking",) * 5 + ("temporary_work_agency", "public_administration", "diplomatic_mission")
        )
        there = {"turnover_share": self._maybe(self._share()), "assignments_share": self._maybe(self._share(), 0.3)}
        there["internal_management_only"] = self._flag(False)
        employer = {
            "seat": self._maybe(seat), "kind": self._maybe(kind), "actual": self._flag(True),
            "decision_centre": self._maybe(seat if self.random.random() < 0.9 else states[1], 0.5),
            "activity": {states[0]: {key: value for key, value in there.items() if value is not None}},
        }  # fmt: skip
        return {key: value for key, value in employer.items() if value is not None}

    def _share(self) -> float:
        limit = self.random.choice((*self.shares, 10.0, 60.0, 80.0))
        return max(0.0, min(100.0, limit + self.random.choice((-0.01, 0.0, 0.01, 5.0))))

    def _activities(self, states: list[str], start: date) -> list[dict[str, Any]]:
        many = self.random.choice((0, 1, 1, 1, 1, 1, 2, 2, 2, 3))
        shares = self._shares(many)
        return [self._activity(states, start, number, shares[number]) for number in range(many)]

    def _shares(self, many: int) -> list[float | None]:
        if many < 2 or self.random.random() < 0.15:
            return [None] * many
        first = self._share()
        rest = (100.0 - first) / (many - 1)
        return [self._maybe(first, 0.9), *(self._maybe(rest, 0.9) for _ in range(many - 1))]

    def _activity(self, states: list[str], start: date, number: int, share: float | None) -> dict[str, Any]:
        posted = number == 0 and self.random.random() < 0.5
        state = states[1] if posted else self.random.choice(states)
        kind = self.random.choice(_KINDS)
        activity: dict[str, Any] = {
            "id": f"work{number}",
            "kind": self._maybe(kind, 0.97),
            "state": self._maybe(state, 0.97),
        }
        if kind == "employed":
            activity["employer"] = self._maybe(self.random.choice(("one", "one", "two")), 0.9)
        activity["working_time"] = share
        activity["remuneration"] = share if self.random.random() < 0.4 else None
        activity["pattern"] = self._maybe(self.random.choice(("one_off", "simultaneous", "alternating")), 0.4)
        for flag, usual in (("marginal", False), ("telework", False), ("centre_of_interest", True)):
            activity[flag] = self._flag(usual) if self.random.random() < 0.15 else None
        if kind in ("civil_servant", "military_service"):
            activity["administration"] = self._maybe(self.random.choice(states))
        if self.random.random() < 0.08:
            activity["sector"] = self.random.choice(("transport", "rhine_navigation", "agriculture", "other"))
        if self.random.random() < 0.08:
            activity["place"] = self._place(states)
        if posted or self.random.random() < 0.2:
            activity["from"] = self._maybe(start, 0.95)
            activity["to"] = self._maybe(self._end(start))
        if posted:
            activity["posting"] = self._posting(states)
        return {key: value for key, value in activity.items() if value is not None}

    def _end(self, start: date) -> date:
        return last_day(start, self.random.choice(self.periods)) + timedelta(days=self.random.choice((-1, 0, 0, 1)))

    def _place(self, states: list[str]) -> dict[str, Any]:
        kind = self.random.choice(("vessel", "aircraft", "installation"))
        where = {"vessel": "flag", "aircraft": "home_base", "installation": "shelf_state"}[kind]
        place = {"kind": kind, where: self._maybe(self.random.choice(states))}
        place["pay_state"] = self._maybe(self.random.choice(states), 0.3)
        return {key: value for key, value in place.items() if value is not None}

    def _posting(self, states: list[str]) -> dict[str, Any]:
        posting: dict[str, Any] = {flag: self._flag(_EXPECTED.get(flag, True)) for flag in _FLAGS}
        posting["from_state"] = self._maybe(states[0], 0.97)
        if self.random.random() < 0.05:
            posting["via_state"] = states[2]
        return {key: value for key, value in posting.items() if value is not None}

    def _document(self, states: list[str]) -> dict[str, Any]:
        status = self.random.choice(("valid", "provisional", "contested", "withdrawn", "invalid"))
        kind = self.random.choice(("A1", "A1", "E101", "agreement_form"))
        state = self.random.choice(states)
        return {"kind": kind, "issuer": state, "legislation": state, "status": status}
