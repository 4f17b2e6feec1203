"""Rows of the population, a chunk at a time: which situation, then its facts, then what a file leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.synthetic.columns import UNKNOWN, Rows, Sheet, sectors, states
from cleiss_rules.synthetic.draws import Draws, Floats, between, chosen, lasting
from cleiss_rules.synthetic.figures import Figures, figures

#: rows that are drawn together: the population is the same in whatever blocks it is asked for
CHUNK = 65_536
_EPOCH = date(1970, 1, 1)
_YES, _NO = 1, 0


def fill(seed: int, chunk: int) -> Sheet:
    """All rows of a chunk."""
    return _Chunk(Draws(seed, chunk, CHUNK), figures()).filled()


class _Chunk:
    def __init__(self, draws: Draws, known: Figures) -> None:
        self.draws = draws
        self.known = known
        self.sheet = Sheet(draws.rows)
        self.code = {state: place for place, state in enumerate(states())}
        self.france = self.code["FR"]

    def filled(self) -> Sheet:
        weights = self.known.weights("situation")
        places = chosen(self.draws.uniform("situation"), weights)
        self._period()
        fillers: Mapping[str, Callable[[Rows], None]] = {
            "posted_abroad": self._posted_abroad,
            "posted_to_france": self._posted_to_france,
            "posted_overseas": self._posted_overseas,
            "prolonged": self._prolonged,
            "several_states": self._several_states,
            "frontier": self._frontier,
            "unemployed": self._unemployed,
            "civil_servant": self._civil_servant,
            "aircrew": self._aircrew,
        }
        for place, name in enumerate(weights):
            fillers[name](np.flatnonzero(places == place))
        self._leave_open()
        return self.sheet

    # ---- what all situations share

    def _u(self, name: str, at: Rows) -> Floats:
        return self.draws.uniform(name)[at]

    def _day(self, item: str) -> int:
        return (date.fromisoformat(self.known.text("period", item)) - _EPOCH).days

    def _share(self, figure: str, item: str, at: Rows) -> npt.NDArray[np.bool_]:
        return self._u(f"{figure}/{item}", at) < self.known.number(figure, item)

    def _state(self, name: str, at: Rows, weights: Mapping[str, float]) -> npt.NDArray[Any]:
        codes = np.array([self.code[state] for state in weights], np.int16)
        return codes[chosen(self._u(name, at), weights)]

    def _period(self) -> None:
        every = np.arange(self.sheet.rows)
        start = between(self._u("start", every), self._day("first"), self._day("last"))
        end = start + 365
        self.sheet.put(every, known_on=self._day("known_on"), to=end, **{"from": start})

    def _nationals(self, at: Rows) -> None:
        weights = self.known.weights("nationality_of_residents")
        self._third_country(at, self._state("nationality", at, weights), np.full(len(at), self.france, np.int16))

    def _third_country(self, at: Rows, nationality: npt.NDArray[Any], home: npt.NDArray[Any]) -> None:
        self.sheet.put(at, person__nationalities=nationality)
        european = {*self.known.weights("posting_origin"), *self.known.posting_destinations(), "FR"} - {"GB"}
        foreign = ~np.isin(nationality, [self.code[state] for state in european])
        self.sheet.put(at[foreign], person__legal_residence=home[foreign])

    def _insured(self, at: Rows, state: npt.NDArray[Any] | int) -> None:
        """Under a legislation for up to ten years before the row begins; a few for some days only."""
        long = self._share("posting_condition", "insured_before", at)
        years = between(self._u("insured days", at), 31, 3652)
        few = between(self._u("insured days", at), 1, 27)
        begin = self.sheet["from"][at] - np.where(long, years, few)
        self.sheet.put(at, insured1__state=state, insured1__from=begin, insured1__basis=0)

    def _single(self, at: Rows, state: npt.NDArray[Any] | int, pattern: str) -> None:
        sheet = self.sheet
        sheet.put(
            at,
            activity1__state=state,
            activity1__pattern=sheet.word("activity1.pattern", pattern),
            activity1__working_time=100.0,
            activity1__remuneration=100.0,
            activity1__from=sheet["from"][at],
            activity1__to=sheet["to"][at],
        )

    def _employer(self, at: Rows, number: int, seat: npt.NDArray[Any], other: npt.NDArray[Any]) -> None:
        centre = np.where(self._share("posting_condition", "seat_abroad", at), other, seat)
        names = {"actual": _YES, "seat": seat, "decision_centre": centre}
        self.sheet.put(at, **{f"activity{number}__employer__{name}": value for name, value in names.items()})

    # ---- postings

    def _posting(self, at: Rows, home: npt.NDArray[Any], host: npt.NDArray[Any], days: Floats) -> None:
        sheet = self.sheet
        sheet.put(at, to=sheet["from"][at] + days - 1, person__residence=home)
        self._single(at, host, "one_off")
        self._insured(at, home)
        alone = self._share("self_employed_share", "posting", at)
        sheet.put(at, activity1__kind=np.where(alone, 1, 0), activity1__posting__from_state=home)
        sheet.put(at, activity1__telework=_NO)
        for name in ("similar_activity", "infrastructure_kept"):
            self._condition(at[alone], name)
        sent, seat, other = at[~alone], home[~alone], host[~alone]
        for name in ("direct_relationship", "replaces_posted_person", "lent_on"):
            self._condition(sent, name)
        sheet.put(sent, activity1__employer=0)
        self._employer(sent, 1, seat, other)
        agency = self._share("posting_condition", "temporary_work_agency", sent)
        sheet.put(sent, activity1__employer__kind=np.where(agency, 1, 0))
        turnover = self.known.weights("posting_condition")
        share = between(self._u("turnover", sent), turnover["turnover_from"], turnover["turnover_to"])
        sheet.put(sent, activity1__employer__turnover_share=share)
        sheet.put(sent[agency], activity1__employer__assignments_share=share[agency])

    def _condition(self, at: Rows, name: str) -> None:
        held = self._share("posting_condition", name, at)
        self.sheet.put(at, **{f"activity1__posting__{name}": np.where(held, _YES, _NO)})

    def _abroad(self, at: Rows) -> npt.NDArray[Any]:
        home = np.full(len(at), self.france, np.int16)
        self._nationals(at)
        return home

    def _posted_abroad(self, at: Rows) -> None:
        known = self.known
        host = self._state("destination", at, known.posting_destinations())
        mean = np.array([known.posting_days(state) for state in states()])[host]
        days = lasting(self._u("days", at), mean, known.number("posting_days", "longest"))
        self._posting(at, self._abroad(at), host, days)
        self._sector(at, host)
        self._certificate(at)

    def _sector(self, at: Rows, host: npt.NDArray[Any]) -> None:
        numbers = self._u("sector", at)
        place = {name: code for code, name in enumerate(sectors())}
        for state in np.unique(host):
            weights = self.known.sectors(states()[state])
            codes = np.array([UNKNOWN if name is None else place[name] for name in weights], np.int16)
            here = host == state
            self.sheet.put(at[here], activity1__sector=codes[chosen(numbers[here], weights)])

    def _posted_to_france(self, at: Rows) -> None:
        known = self.known
        home = self._state("origin", at, known.weights("posting_origin"))
        weights = known.weights("nationality_of_received")
        codes = np.array([self.code.get(name, UNKNOWN) for name in weights], np.int16)
        drawn = codes[chosen(self._u("nationality", at), weights)]
        self._third_country(at, np.where(drawn == UNKNOWN, home, drawn), home)
        longest = known.number("posting_days", "longest")
        days = lasting(self._u("days", at), known.number("posting_days", "received"), longest)
        self._posting(at, home, np.full(len(at), self.france, np.int16), days)
        self._certificate(at)

    def _posted_overseas(self, at: Rows) -> None:
        known = self.known
        host = self._state("destination", at, known.weights("overseas_destination"))
        longest = known.number("posting_days", "prolonged_longest")
        days = lasting(self._u("days", at), known.number("posting_days", "overseas"), longest)
        self._posting(at, self._abroad(at), host, days)
        self._condition(at, "health_cover")

    def _prolonged(self, at: Rows) -> None:
        known = self.known
        host = self._state("destination", at, known.posting_destinations())
        shortest = known.number("posting_days", "longest") + 1
        days = between(self._u("days", at), shortest, known.number("posting_days", "prolonged_longest"))
        home = self._abroad(at)
        self._posting(at, home, host, days)
        self._sector(at, host)
        agreed = at[self._share("posting_days", "prolonged_agreed", at)]
        self.sheet.put(agreed, agreement1__legislation=self.france)

    def _certificate(self, at: Rows) -> None:
        held = at[self._share("posting_condition", "certified", at)]
        home = self.sheet["activity1.posting.from_state"][held]
        self.sheet.put(
            held, document1__kind=0, document1__status=0, document1__issuer=home, document1__legislation=home
        )

    # ---- work in several States

    def _several_states(self, at: Rows) -> None:
        known, sheet = self.known, self.sheet
        partner = self._state("destination", at, known.posting_destinations())
        here = np.full(len(at), self.france, np.int16)
        self._nationals(at)
        resident = self._share("several_states", "residence_in_france", at)
        sheet.put(at, person__residence=np.where(resident, here, partner))
        self._insured(at, self.france)
        self._single(at, here, "alternating")
        low, high = (known.number("several_states", item) for item in ("share_from", "share_to"))
        self._second(at, partner, 100 - between(self._u("share", at), low, high))
        both = self._share("self_employed_share", "several_states_both", at)
        mixed = ~both & self._share("self_employed_share", "several_states_mixed", at)
        sheet.put(at, activity1__kind=np.where(both, 1, 0), activity2__kind=np.where(both | mixed, 1, 0))
        sheet.put(at[both], activity2__centre_of_interest=_NO)
        seat = np.where(self._share("several_states", "seat_in_france", at), here, partner)
        first = at[~both]
        self._employer(first, 1, seat[~both], partner[~both])
        sheet.put(first, activity1__employer=0)
        for one, shared in ((True, 0), (False, 1)):
            second = (self._share("several_states", "one_employer", at) == one) & ~both & ~mixed
            self._employer(at[second], 2, seat[second] if one else partner[second], partner[second])
            sheet.put(at[second], activity2__employer=shared)

    def _second(self, at: Rows, state: npt.NDArray[Any] | int, share: Floats) -> None:
        sheet = self.sheet
        sheet.put(at, activity2__state=state, activity2__from=sheet["from"][at])
        sheet.put(at, activity2__pattern=sheet.word("activity2.pattern", "alternating"))
        for measure in ("working_time", "remuneration"):
            sheet.put(at, **{f"activity1__{measure}": 100 - share, f"activity2__{measure}": share})

    def _frontier(self, at: Rows) -> None:
        known, sheet = self.known, self.sheet
        state = self._state("frontier State", at, known.weights("frontier_state"))
        self._nationals(at)
        sheet.put(at, person__residence=self.france)
        self._single(at, state, "alternating")
        sheet.put(at, activity1__kind=0, activity1__telework=_NO, activity1__employer=0)
        self._employer(at, 1, state, np.full(len(at), self.france, np.int16))
        self._insured(at, state)
        home = self._share("frontier", "telework", at)
        from_home = at[home]
        low, high = (known.number("frontier", item) for item in ("telework_from", "telework_to"))
        self._second(from_home, self.france, between(self._u("share", from_home), low, high))
        sheet.put(from_home, activity2__kind=0, activity2__telework=_YES, activity2__employer=0)
        for fact in ("actual", "seat", "decision_centre"):
            told = sheet[f"activity1.employer.{fact}"][from_home]
            sheet.put(from_home, **{f"activity2__employer__{fact}": told})

    # ---- others

    def _unemployed(self, at: Rows) -> None:
        self._nationals(at)
        self.sheet.put(at, person__residence=self.france, benefit1__kind=0, benefit1__state=self.france)
        self._insured(at, self._state("frontier State", at, self.known.weights("frontier_state")))

    def _civil_servant(self, at: Rows) -> None:
        self._nationals(at)
        self._single(at, self._state("destination", at, self.known.posting_destinations()), "one_off")
        self.sheet.put(at, person__residence=self.france, activity1__administration=self.france)
        self.sheet.put(at, activity1__kind=self.sheet.word("activity1.kind", "civil_servant"))
        self._insured(at, self.france)

    def _aircrew(self, at: Rows) -> None:
        self._nationals(at)
        base = self._state("destination", at, self.known.posting_destinations())
        self._single(at, UNKNOWN, "alternating")
        self.sheet.put(at, person__residence=self.france, activity1__kind=0, activity1__employer=0)
        self.sheet.put(at, activity1__place__kind=0, activity1__place__home_base=base)
        self._employer(at, 1, base, base)
        self._insured(at, base)

    # ---- what a file leaves open

    def _leave_open(self) -> None:
        for fact, share in self.known.weights("unknown").items():
            left = self.draws.uniform(f"unknown/{fact}") < share
            for name in _OPEN[fact]:
                self.sheet.forget(name, left)


_OPEN: Mapping[str, tuple[str, ...]] = {
    "person.residence": ("person.residence",),
    "person.nationalities": ("person.nationalities", "person.legal_residence"),
    "activity.working_time": ("activity1.working_time", "activity2.working_time"),
    "activity.remuneration": ("activity1.remuneration", "activity2.remuneration"),
    "posting.direct_relationship": ("activity1.posting.direct_relationship",),
    "posting.replaces_posted_person": ("activity1.posting.replaces_posted_person",),
    "employer.seat": ("activity1.employer.seat", "activity2.employer.seat"),
    "employer.turnover_share": ("activity1.employer.turnover_share", "activity1.employer.assignments_share"),
    "insured": ("insured1.state", "insured1.from", "insured1.basis"),
    "activity.to": ("activity1.to", "to"),
}
