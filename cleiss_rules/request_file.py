"""A request as it is looked at: the case, the days and the legislation asked for, and what is determined for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from cleiss_rules.calendar import ONE_DAY, Span
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.facts.case import Activity, Case
from cleiss_rules.facts.situation import states_named
from cleiss_rules.law.model import Clause, Instrument, Law
from cleiss_rules.result import Segment

_BOTH = 2
Determine = Callable[[Case], Sequence[Segment]]


def posted_activity(case: Case) -> Activity | None:
    """The posting a request is about: of several, the latest that has begun on the first day asked for."""
    postings = [activity for activity in case.activities if activity.posting is not None]
    first_day = case.request.from_ if case.request is not None else None
    begun = [one for one in postings if one.from_ is not None and first_day is not None and one.from_ <= first_day]
    return max(begun, key=lambda one: one.span.start) if begun else next(iter(postings), None)


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request with what is determined for the days it asks for, as if it were granted so far as the law goes."""

    case: Case
    asked: Span
    state: str
    engine: RuleSets
    determine: Determine
    segments: Sequence[Segment]

    @property
    def law(self) -> Law:
        """The law it is decided by."""
        return self.engine.law

    @property
    def kind(self) -> str:
        """What kind of request it is."""
        assert self.case.request is not None
        return self.case.request.kind

    @property
    def instrument(self) -> Instrument | None:
        """The text that answers: the one that binds on the days asked for."""
        name = next((segment.instrument for segment in self.segments if segment.instrument), None)
        return self._leaving_out() or (self.law.instruments[name] if name is not None else None)

    @property
    def texts(self) -> tuple[Instrument, ...]:
        """The text that answers and those it uses."""
        instrument = self.instrument
        return () if instrument is None else (instrument, *(self.law.instruments[name] for name in instrument.uses))

    def fits(self, under: str | None) -> bool:
        """Whether what holds only where an agreement answers, or only where a State's own law does, holds here."""
        instrument = self.instrument
        return under in (None, "own_law" if instrument is None or instrument.law_of is not None else "agreement")

    def _leaving_out(self) -> Instrument | None:
        """The agreement of a national's two States whose scope leaves out the self-employed: its clause answers, not silence."""
        posted = posted_activity(self.case)
        if posted is None or posted.kind != "self_employed" or posted.posting is None:
            return None
        sides, nationals = {posted.posting.from_state, posted.state}, set(self.case.person.nationalities or ())
        return next(
            (one for one in self.law.instruments.values() if _leaves_out(one, sides, self.asked) and nationals & sides),
            None,
        )

    @property
    def self_employed(self) -> bool:
        """Whether a self-employed person asks for the posting."""
        posted = posted_activity(self.case)
        return posted is not None and posted.kind == "self_employed"

    @property
    def sides(self) -> tuple[str, ...]:
        """The States whose authorities have to agree: both parties, or under a text of many States those concerned."""
        instrument = self.instrument
        if instrument is not None and 0 < len(instrument.states) <= _BOTH:
            return instrument.states
        posted = posted_activity(self.case)
        host = (posted.state,) if posted is not None and posted.state is not None else ()
        found = (state for segment in self.segments for state in segment.legislation)
        return tuple(dict.fromkeys((self.state, *found, *host)))

    def days_that_differ(self, segment: Segment) -> list[date]:
        """The first day of a segment, and the days in it on which a text or the work changes: each may be decided otherwise."""
        days, _ = self.engine.dates(states_named(self.case))
        work = [activity.from_ for activity in self.case.activities]
        work += [activity.to + ONE_DAY for activity in self.case.activities if activity.to is not None]
        first = max(segment.from_, self.asked.start)
        last = min(one for one in (segment.to, self.asked.end, date.max) if one is not None)
        return sorted({first, *(day for day in (*days, *work) if day is not None and first < day <= last)})

    def clause(self, name: str) -> Clause | None:
        """The clause of the instrument for the kind of work at hand."""
        return self.general_clause(f"self_employed_{name}" if self.self_employed else name)

    def forms(self, clause: Clause | None) -> tuple[str, ...]:
        """The forms that a clause names on the first day asked for, issued by the State whose legislation is asked for."""
        return tuple(one.name for one in clause.forms_on(self.asked.start, self.state)) if clause is not None else ()

    def general_clause(self, name: str) -> Clause | None:
        """The clause of that name, whatever the kind of work."""
        instrument = self.instrument
        return next((one for one in instrument.clauses if one.id == name), None) if instrument is not None else None


def _leaves_out(instrument: Instrument, sides: set[str | None], asked: Span) -> bool:
    """Whether an agreement between these two States, in force on the first day asked for, has no posting of the self-employed."""
    bilateral = instrument.kind == "bilateral" and instrument.status == "in_force" and sides <= set(instrument.states)
    return (
        bilateral
        and asked.start in instrument.valid.span
        and any(one.id == "self_employed_posting" and one.allowed == "no" for one in instrument.clauses)
    )
