"""The case as callers write it: pydantic models of the contract's first section.

A fact that is left out is None, which means unknown. Lists that tell all there is default to empty; whether one was
written is in ``model_fields_set``. This module knows the shape, not the law.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from cleiss_rules.calendar import Span, month_after
from cleiss_rules.errors import InvalidCase
from cleiss_rules.law.store import the_law


def _state(code: str) -> str:
    law = the_law()
    normal = law.aliases.get(code, code)
    if normal not in law.states:
        raise ValueError(
            f"{code!r} is no State known here; accepted: ISO 3166-1 alpha-2 codes such as FR, DZ, and XK, CA-QC"
        )
    return normal


def _day(value: Any) -> Any:
    """Dates are ISO days; times, numbers and other spellings are not guessed at."""
    if isinstance(value, str):
        if len(value) != 10:
            raise ValueError(f"{value!r} is no date; accepted: YYYY-MM-DD")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is no day of the calendar; accepted: YYYY-MM-DD") from None
    if isinstance(value, date) or value is None:
        return value
    raise ValueError(f"{value!r} is no date; accepted: YYYY-MM-DD")


def _number(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        raise ValueError(f"{value!r} is no number; accepted: a share from 0 to 100")  # noqa: TRY004
    return value


#: the shares that an activity has of a whole
MEASURES = ("working_time", "remuneration")

State = Annotated[str, AfterValidator(_state)]
Day = Annotated[date, BeforeValidator(_day)]
Percent = Annotated[float, BeforeValidator(_number), Field(ge=0, le=100, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, str_strip_whitespace=True)


class _Dated(_Model):
    """Something that lasts from a day to a day, both inside; a missing ``to`` is open-ended."""

    from_: Day | None = Field(None, alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError(f"to ({self.to}) comes before from ({self.from_})")
        return self

    @property
    def span(self) -> Span:
        """The days it lasts; without ``from`` it always was."""
        return Span(self.from_ or date.min, self.to)

    def on(self, day: date) -> bool:
        """Whether it lasts on a day."""
        start, end = self.from_, self.to
        return (start is None or start <= day) and (end is None or day <= end)


class CasePeriod(_Dated):
    """The period that is asked about."""

    from_: Day = Field(alias="from")


class ResidenceSpell(_Dated):
    """Where the person lived, and when."""

    state: State


class InsuredSpell(_Dated):
    """A legislation the person was subject to (*période d'affiliation*)."""

    state: State
    basis: Literal["employment", "benefit", "residence", "voluntary"] | None = None


BenefitKind = Literal[
    "sickness_short_term", "sickness_unlimited", "maternity_paternity", "accident_temporary", "unemployment",
    "parental", "pension_old_age", "pension_survivor", "pension_invalidity", "pension_accident",
]  # fmt: skip


class Benefit(_Dated):
    """A cash benefit or pension (*prestation en espèces, pension*)."""

    kind: BenefitKind
    state: State | None = None


class NewRulesOption(_Model):
    """A request to move to the new rules under article 87(8) or 87a of Regulation 883/2004."""

    rule: Literal["87-8", "87a"]
    filed_on: Day | None = None


class Person(_Model):
    """The person whose legislation is asked for."""

    nationalities: tuple[State, ...] | None = None
    stateless: Flag | None = None
    refugee: Flag | None = None
    residence: State | tuple[ResidenceSpell, ...] | None = None
    residence_disputed: Flag | None = None
    legal_residence: tuple[State, ...] | None = None
    family_member_of_covered_person: Flag | None = None
    insured: tuple[InsuredSpell, ...] | None = None
    benefits: tuple[Benefit, ...] | None = None
    no_pension_scheme: tuple[State, ...] | None = None
    uk_situation_since: Day | None = None
    opted_for_new_rules: tuple[NewRulesOption, ...] | None = None


class EmployerActivity(_Model):
    """What an employer does in a State over a typical twelve months."""

    turnover_share: Percent | None = None
    assignments_share: Percent | None = None
    internal_management_only: Flag | None = None


class Employer(_Model):
    """An employer (*employeur*), named by its key in ``employers``."""

    actual: Flag | None = None
    branches: tuple[State, ...] | None = None
    astride_border: Flag | None = None
    kind: (
        Literal[
            "undertaking", "temporary_work_agency", "public_administration",
            "union_institution", "diplomatic_mission", "household",
        ]
        | None
    ) = None  # fmt: skip
    seat: State | None = None
    decision_centre: State | None = None
    activity: dict[State, EmployerActivity] | None = None


class Place(_Model):
    """Where the work is done when not simply in a State: at sea, in the air, on the shelf."""

    kind: Literal["land", "vessel", "aircraft", "installation"] | None = None
    flag: State | None = None
    pay_state: State | None = None
    home_base: State | None = None
    shelf_state: State | None = None
    crew: Flag | None = None


class Option(_Model):
    """The legislation chosen by contract or mission staff (*droit d'option*)."""

    state: State | None = None
    used_before: Flag | None = None
    filed_on: Day | None = None


class PreviousPosting(_Dated):
    """An earlier posting of the same worker, same undertakings, same State."""

    from_: Day = Field(alias="from")
    to: Day


class Posting(_Model):
    """The person was sent, or goes, for a limited time (*détachement*)."""

    from_state: State | None = None
    planned_months: Annotated[int, Field(ge=1, le=1200, strict=True)] | None = None
    direct_relationship: Flag | None = None
    replaces_posted_person: Flag | None = None
    recruited_for_posting: Flag | None = None
    similar_activity: Flag | None = None
    lent_on: Flag | None = None
    via_state: State | None = None
    infrastructure_kept: Flag | None = None
    health_cover: Flag | None = None
    recruited_in: State | None = None
    to_affiliate: Flag | None = None
    affiliate_agreement: Flag | None = None
    contributions_undertaken: Flag | None = None
    previous: tuple[PreviousPosting, ...] | None = None


ActivityKind = Literal[
    "employed", "self_employed", "civil_servant", "military_service", "eu_contract_staff", "not_active"
]


class Activity(_Dated):
    """One activity in one State of work (*activité*)."""

    id: str | None = None
    kind: ActivityKind | None = None
    state: State | None = None
    employer: str | None = None
    working_time: Percent | None = None
    remuneration: Percent | None = None
    pattern: Literal["one_off", "simultaneous", "alternating"] | None = None
    marginal: Flag | None = None
    telework: Flag | None = None
    pandemic_telework: Flag | None = None
    place: Place | None = None
    sector: str | None = None
    administration: State | None = None
    option: Option | None = None
    fixed_base_days: Annotated[int, Field(ge=0, le=366, strict=True)] | None = None
    centre_of_interest: Flag | None = None
    posting: Posting | None = None


class Document(_Dated):
    """What is already certified: an A1 or its forerunners, a form of an agreement."""

    kind: Literal["A1", "E101", "E102", "E103", "agreement_form"]
    issuer: State | None = None
    legislation: State | None = None
    issued_on: Day | None = None
    basis: str | None = None
    status: Literal["valid", "provisional", "contested", "withdrawn", "invalid"] | None = None
    fraud_evidence_sent: Flag | None = None
    reviewed_by_issuer: Flag | None = None


class AgreedException(_Dated):
    """An exception agreed between authorities (*accord dérogatoire*)."""

    states: tuple[State, ...] | None = None
    legislation: State
    scheme: str | None = None


class Request(_Dated):
    """What is asked for (*demande*).

    ``worker_interest``: the exception serves the worker's interest; ``contributions_paid``: for days before the filing,
    contributions were paid under the legislation asked for.
    """

    kind: Literal["posting", "prolongation", "exceptional_maintenance", "exemption", "telework_exception"]
    legislation: State | None = None
    filed_on: Day | None = None
    worker_consents: Flag | None = None
    employer_consents: Flag | None = None
    worker_interest: Flag | None = None
    contributions_paid: Flag | None = None
    reasons: tuple[str, ...] | None = None


class Procedure(_Model):
    """Where the file stands: the days on which institutions were told, objected, or opened a dialogue."""

    informed_on: Day | None = None
    others_informed_on: Day | None = None
    objection_on: Day | None = None
    disagreement_on: Day | None = None
    dialogue_requested_on: Day | None = None
    second_stage_on: Day | None = None
    referred_on: Day | None = None
    first_informed: State | None = None


class CaseSource(_Model):
    """Where the facts and the expected outcome come from."""

    name: str | None = None
    reference: str | None = None
    url: str | None = None
    grade: str | None = None
    note: str | None = None


Branch = Literal[
    "sickness", "maternity", "invalidity", "old_age", "survivors", "death", "work_injury", "unemployment", "family",
]  # fmt: skip


class Expectation(_Model):
    """What a regression case expects of each matching segment, or of the decision.

    ``basis`` names rules that the answer rests on, ``not_basis`` rules that it must not rest on. ``branches`` tells for some
    branches whose legislation applies in them, ``each_alone`` what follows from each State's own law by itself.
    """

    on: Day | None = None
    instrument: str | None = None
    outcome: Literal["determined", "undetermined", "discretionary", "bound", "conflict", "out_of_scope"] | None = None
    legislation: tuple[State, ...] | None = None
    basis: str | tuple[str, ...] | None = None
    not_basis: str | tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    decided_by: tuple[State, ...] | None = None
    branches: dict[Branch, tuple[State, ...]] | None = None
    each_alone: Literal["double", "single", "none", "open"] | None = None
    request: str | None = None


class Case(_Model):
    """A situation, as the contract describes it. A key left out is unknown; unknown is never false."""

    format: Literal[1]
    id: str | None = None
    title: str | None = None
    about: str | None = None
    source: CaseSource | None = None
    known_on: Day | None = None
    period: CasePeriod | None = None
    person: Person = Person()
    employers: dict[str, Employer] = {}
    activities: tuple[Activity, ...] = ()
    documents: tuple[Document, ...] = ()
    agreements: tuple[AgreedException, ...] = ()
    procedure: Procedure | None = None
    request: Request | None = None
    expect: tuple[Expectation, ...] = ()

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The case that a mapping holds. Raises InvalidCase with every fault."""
        from cleiss_rules.facts.read import faults_of

        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise InvalidCase(faults_of(error, obj)) from error

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """What only the whole case tells; every fault is a line of the message, with its path before it."""
        found = [*self._employers_told(), *self._shares_told(), *self._residences_told()]
        if found:
            raise ValueError("\n".join(found))
        return self

    def _employers_told(self) -> Iterator[str]:
        known = ", ".join(self.employers) or "none is described"
        for index, activity in enumerate(self.activities):
            if activity.employer is not None and activity.employer not in self.employers:
                yield f"activities[{index}].employer: {activity.employer!r} is not under employers ({known})"

    def _shares_told(self) -> Iterator[str]:
        for measure in MEASURES:
            for day in sorted({activity.span.start for activity in self.activities}):
                shares = [
                    share
                    for activity in self.activities
                    if day in activity.span and (share := getattr(activity, measure)) is not None
                ]
                if sum(shares) > 100.000001:
                    when = "" if day == date.min else f" on {day}"
                    yield f"activities: the shares of {measure} add up to {sum(shares):g}{when}; at most 100"
                    break

    def _residences_told(self) -> Iterator[str]:
        spells = self.person.residence
        if isinstance(spells, tuple):
            ordered = sorted(spells, key=lambda spell: spell.span.start)
            for before, after in pairwise(ordered):
                if before.span.overlaps(after.span):
                    yield f"person.residence: {before.state} and {after.state} overlap; a person resides in one State at a time"

    def spans(self) -> Iterator[tuple[str, date, date | None]]:
        """The first and last day of all that the case tells of, with the name of the fact that changes at these ends."""
        for index, activity in enumerate(self.activities):
            yield (activity.id or f"activities[{index}]", *_ends(activity))
        if isinstance(self.person.residence, tuple):
            yield from (("person.residence", *_ends(spell)) for spell in self.person.residence)
        # whoever once was under a legislation stays one who was: that a spell ends changes nothing
        yield from (("person.insured", _ends(spell)[0], None) for spell in self.person.insured or ())
        for option in self.person.opted_for_new_rules or ():
            if option.filed_on is not None:
                yield "person.opted_for_new_rules", month_after(option.filed_on), None
        yield from (("person.benefits", *_ends(benefit)) for benefit in self.person.benefits or ())
        yield from (("documents", *_ends(document)) for document in self.documents)
        yield from (("agreements", *_ends(agreement)) for agreement in self.agreements)


def _ends(dated: _Dated) -> tuple[date, date | None]:
    return dated.from_ or date.min, dated.to
