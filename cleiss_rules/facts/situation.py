"""One slice of a case as the rules see it: every fact of the vocabulary, None where it is unknown.

Derived facts (shares, durations, gaps) are the small functions below; each is registered under its name in
``agreements/vocabulary.yaml``. Thresholds stand in the law files, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import date
from typing import Any

from cleiss_rules.calendar import ONE_DAY, Span, month_after
from cleiss_rules.facts.case import Activity, Case, Employer, InsuredSpell
from cleiss_rules.facts.sets import KnownSet

Getter = Callable[..., Any]
#: path → function of (situation, item, *arguments); item is the activity, document, agreement or benefit looked at
GETTERS: dict[str, Getter] = {}
#: path → attribute of the item looked at, for facts that are read off it as they stand
ATTRIBUTES: dict[str, str] = {}
#: path → part of the item looked at, and attribute of that part; unknown of an item that has no such part
OF_PARTS: dict[str, tuple[str, str]] = {}
#: path → attribute of the employer of the activity looked at; unknown where no employer is stated
OF_EMPLOYERS: dict[str, str] = {}
#: path → function of the item looked at alone
OF_ITEMS: dict[str, Callable[[Any], Any]] = {}
#: path → attribute of the situation
OF_SITUATION: dict[str, str] = {}


def fact(path: str) -> Callable[[Getter], Getter]:
    """Registers the function that answers a fact of the vocabulary."""

    def register(function: Getter) -> Getter:
        GETTERS[path] = function
        return function

    return register


#: the single legislation that is determined for a day from the facts of the case; None where it is not a single one
Earlier = Callable[[date], str | None]
_LISTS = {"benefit": "benefits", "document": "documents", "agreement": "agreements"}


class Situation:
    """The facts of one slice. Nothing of it changes once it is built, but for what it remembers having computed."""

    __slots__ = (
        "_dated",
        "_linked",
        "_span",
        "activities",
        "agreements",
        "benefits",
        "case",
        "documents",
        "earlier",
        "employers",
        "known_links",
        "looked_back",
        "residence",
        "states",
    )

    def __init__(self, case: Case, span: Span, earlier: Earlier | None = None) -> None:
        self.case = case
        self._span, self._dated = span, [False]
        self.earlier = earlier
        self.looked_back = False
        day = span.start
        self.activities = [a for a in case.activities if a.on(day) and a.kind != "not_active"]
        self.benefits = [benefit for benefit in case.person.benefits or () if benefit.on(day)]
        self.documents = [document for document in case.documents if document.on(day)]
        self.agreements = [agreement for agreement in case.agreements if agreement.on(day)]
        self.employers = {id(activity): _employer(case, activity) for activity in self.activities}
        self.residence = _residence(case, day)
        self.states: KnownSet | None = None
        self.known_links: KnownSet | None = None
        self._linked: frozenset[str | None] | None = None

    @property
    def span(self) -> Span:
        """The days of the slice; who looks at them may say something else of other days."""
        self._dated[0] = True
        return self._span

    @property
    def first_day(self) -> date:
        """The day by which the rules are chosen; what they say does not rest on it."""
        return self._span.start

    def retold(self, case: Case) -> Situation:
        """The same days of the case told differently, to try something out; who looks at its days looks at these."""
        other = Situation(case, self._span, self.earlier)
        other._dated = self._dated
        return other

    def goes_on(self, later: Situation) -> bool:
        """Whether the facts of a later slice are the same, and nobody who looked at those of this one saw its days."""
        same = (
            not self._dated[0]
            and self.activities == later.activities
            and self.residence == later.residence
            and self.benefits == later.benefits
            and self.documents == later.documents
            and self.agreements == later.agreements
        )
        if same:
            later._linked = self.linked()
        return same and states_involved(self) == states_involved(later)

    def linked(self) -> frozenset[str | None]:
        """The States with a link on these days; None among them where one is not known."""
        if self._linked is None:
            self._linked = frozenset(_links_now(self))
        return self._linked

    def items(self, domain: str) -> list[Any]:
        """What ``every <domain>`` goes through."""
        if domain == "activity":
            return self.activities
        items: list[Any] = getattr(self, _LISTS[domain])
        return items


def _residence(case: Case, day: date) -> str | None:
    stated = case.person.residence
    if not isinstance(stated, tuple):
        return stated
    return next((spell.state for spell in stated if spell.on(day)), None)


def _employer(case: Case, activity: Activity) -> Employer | None:
    """The employer of an activity; where the stated one is one on paper only, the single actual one (C-610/18)."""
    if activity.employer is None:
        return None
    stated = case.employers[activity.employer]
    if stated.actual is False:
        actual = [employer for employer in case.employers.values() if employer.actual]
        if len(actual) == 1:
            return actual[0]
    return stated


# ---- the person and the case ------------------------------------------------------------------------------------------


@fact("person.nationalities")
def _nationalities(sit: Situation, _item: Any) -> KnownSet | None:
    stated = sit.case.person.nationalities
    return None if stated is None else KnownSet.of(frozenset(stated))


@fact("person.stateless")
def _stateless(sit: Situation, _item: Any) -> bool | None:
    return sit.case.person.stateless


@fact("person.refugee")
def _refugee(sit: Situation, _item: Any) -> bool | None:
    return sit.case.person.refugee


@fact("person.family_member")
def _family_member(sit: Situation, _item: Any) -> bool | None:
    return sit.case.person.family_member_of_covered_person


@fact("person.legal_residence")
def _legal_residence(sit: Situation, _item: Any) -> KnownSet | None:
    stated = sit.case.person.legal_residence
    return None if stated is None else KnownSet.of(frozenset(stated))


@fact("person.no_pension_scheme")
def _no_pension_scheme(sit: Situation, _item: Any) -> KnownSet | None:
    """The States whose legislation lets the person join no pension scheme, not even voluntarily."""
    stated = sit.case.person.no_pension_scheme
    return None if stated is None else KnownSet.of(frozenset(stated))


def _opted(rule: str) -> Getter:
    def getter(sit: Situation, _item: Any) -> bool | None:
        """Whether the person asked for the new rules, whenever that was."""
        options = sit.case.person.opted_for_new_rules
        return None if options is None else any(option.rule == rule for option in options)

    return getter


def _option_in_effect(rule: str) -> Getter:
    def getter(sit: Situation, _item: Any, reaches_back: date | None) -> bool | None:
        """Whether such a request takes effect on the day.

        One filed by the day ``reaches_back`` does so from the start, a later one from the first day of the month after
        it; one whose day nobody stated, from the start.
        """
        found: list[bool | None] = []
        for option in sit.case.person.opted_for_new_rules or ():
            filed = option.filed_on
            if option.rule != rule:
                continue
            if filed is None or month_after(filed) <= sit.span.start:
                return True
            found.append(None if reaches_back is None else filed <= reaches_back)
        return True if True in found else None if None in found else False

    return getter


GETTERS["person.opted_87_8"] = _opted("87-8")
GETTERS["person.opted_87a"] = _opted("87a")
GETTERS["option_87_8_in_effect"] = _option_in_effect("87-8")
GETTERS["option_87a_in_effect"] = _option_in_effect("87a")


@fact("legislation_before")
def _legislation_before(sit: Situation, _item: Any, day: date | None) -> str | None:
    """The single legislation the person was compulsorily under on the eve of a day (two are none: C-33/18).

    Stated insurance goes first; where the case states none for that eve, what the rules then in force name, provided
    that some of the work of the day looked at was already done on the eve: else the case tells nothing of that time.
    """
    if day is None:
        return None
    eve = day - ONE_DAY
    spells = [s for s in sit.case.person.insured or () if s.basis != "voluntary" and eve in s.span]
    states = {spell.state for spell in spells}
    if states:
        return states.pop() if len(states) == 1 else None
    if sit.earlier is None or eve >= sit.span.start:  # what applies on a day is not asked of that day again
        return None
    if not any(a.from_ is not None and a.from_ <= eve for a in sit.activities):
        return None
    sit.looked_back = True
    return sit.earlier(eve)


@fact("residence_moved_since")
def _residence_moved_since(sit: Situation, _item: Any, day: date | None) -> bool | None:
    """Whether the case tells of a residence that moved to another State between the eve of a day and the slice."""
    if day is None:
        return None
    between = Span(day - ONE_DAY, sit.span.start)
    stated = sit.case.person.residence
    spells = stated if isinstance(stated, tuple) else ()
    return len({spell.state for spell in spells if spell.span.overlaps(between)}) > 1


@fact("work_ended_since")
def _work_ended_since(
    sit: Situation, _item: Any, day: date | None, place_of: Callable[[Activity], str | None]
) -> KnownSet | None:
    """The States where work ended, as the case tells, between the eve of a day and the slice."""
    if day is None:
        return None
    between = Span(day - ONE_DAY, sit.span.start)
    places = {
        place_of(activity)
        for activity in sit.case.activities
        if activity.kind != "not_active" and activity.to is not None and activity.span.overlaps(between)
        and sit.span.start not in activity.span
    }  # fmt: skip
    known = frozenset(place for place in places if place is not None)
    return KnownSet(known, known, None in places)


@fact("person.uk_situation_since")
def _uk_situation_since(sit: Situation, _item: Any) -> date | None:
    return sit.case.person.uk_situation_since


@fact("person.residence")
def _person_residence(sit: Situation, _item: Any) -> str | None:
    return sit.residence


OF_SITUATION["person.residence"] = "residence"


@fact("person.residence_disputed")
def _residence_disputed(sit: Situation, _item: Any) -> bool | None:
    return sit.case.person.residence_disputed


@fact("case.day")
def _day(sit: Situation, _item: Any) -> date:
    return sit.span.start


@fact("case.states_involved")
def states_involved(sit: Situation, _item: Any = None) -> KnownSet:
    """Every State with a link now, and those whose legislation the person is or has been under (art. 2(1) of 883/2004)."""
    if sit.states is None:
        states = sit.linked() - {None}
        insured = sit.case.person.insured
        if insured:
            states |= {spell.state for spell in insured if _begun(spell, sit._span)}
        sit.states = KnownSet(states, states, any(True for _ in unstated_links(sit)))
    return sit.states


def unstated_links(sit: Situation) -> Iterator[tuple[str, Any]]:
    """The facts that are not stated and would each link the situation with a State, with their items."""
    if sit.residence is None:
        yield "person.residence", None
    for activity in sit.activities:
        if activity.state is None and activity.place is None:
            yield "activity.state", activity
        if activity.kind == "civil_servant" and activity.administration is None:
            yield "activity.administration", activity
    for benefit in sit.benefits:
        if benefit.state is None:
            yield "benefit.state", benefit


def _begun(spell: InsuredSpell, span: Span) -> bool:
    return spell.from_ is None or spell.from_ <= span.start


def _links_now(sit: Situation) -> set[str | None]:
    """Work, flag, home base, employer's seat, administration, sending State, option, residence, benefits, certificates."""
    found: set[str | None] = {sit.residence}
    for activity in sit.activities:
        found |= _links(activity, sit.employers[id(activity)])
    found |= {benefit.state for benefit in sit.benefits}
    found |= {document.legislation for document in sit.documents}
    found |= {agreement.legislation for agreement in sit.agreements}
    return found


def _links(activity: Activity, employer: Employer | None) -> set[str | None]:
    found = {activity.state, activity.administration}
    place, posting = activity.place, activity.posting
    if place is not None:
        found |= {place.flag, place.pay_state, place.home_base, place.shelf_state}
    if posting is not None:
        found |= {posting.from_state, posting.via_state}
    if employer is not None:
        found |= {employer.seat, employer.decision_centre}
    if activity.option is not None:
        found.add(activity.option.state)
    return found


def states_named(case: Case) -> frozenset[str]:
    """Every State that a case names as a link at any time."""
    stated = case.person.residence
    found: set[str | None] = {spell.state for spell in stated} if isinstance(stated, tuple) else {stated}
    for activity in case.activities:
        found |= _links(activity, _employer(case, activity))
    found |= {spell.state for spell in case.person.insured or ()}
    found |= {benefit.state for benefit in case.person.benefits or ()}
    found |= {document.legislation for document in case.documents}
    found |= {agreement.legislation for agreement in case.agreements}
    return frozenset(state for state in found if state is not None)


@fact("case.states_linked")
def _states_linked(sit: Situation, _item: Any) -> KnownSet:
    """The links of the day that are known; a State of residence that nobody stated adds none, earlier insurance neither."""
    if sit.known_links is None:
        found: frozenset[Hashable] = sit.linked() - {None}
        sit.known_links = KnownSet.of(found)
    return sit.known_links
