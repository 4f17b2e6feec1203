"""The data of the certificate for a request that is granted: PD A1 (sections 1 to 6) or the form of an agreement."""

from __future__ import annotations

from collections.abc import Sequence

from cleiss_rules.facts.case import Activity, Case
from cleiss_rules.law.model import Law
from cleiss_rules.result import Basis, Certificate, Days, Holder, Workplace

#: what a certificate asks for and no case tells, by its section
_ALWAYS_MISSING = ("1.1 personal identification number", "1.2 surname", "1.3 forenames", "1.5 date of birth")
_PROVISIONAL = ("eu-883-2004/13-", "eu-987-2009/14-11")


def certificate(case: Case, law: Law, form: str, state: str, granted: Days, basis: Sequence[Basis]) -> Certificate:
    """The certificate as far as the case tells."""
    deciding = [entry for entry in basis if entry.role == "decides"]
    holder = _holder(case)
    employers = _employers(case, state)
    workplaces = tuple(_workplace(activity) for activity in case.activities if activity.state != state)
    missing = [*_ALWAYS_MISSING]
    missing += [] if holder.nationalities else ["1.6 nationality"]
    missing += [] if holder.state_of_residence else ["1.8 address of residence"]
    missing += [] if employers or not _employed(case) else ["4 employer in the competent State"]
    missing += ["4 and 5 names and addresses of undertakings", "6 institution"]
    return Certificate.made(
        form=form, holder=holder, legislation=state, from_=granted.from_, to=granted.to,
        for_the_duration_of_the_activity=granted.to is None,
        provisional=any(entry.rule.startswith(_PROVISIONAL) for entry in deciding),
        status=_status(law, basis), employers=employers, workplaces=workplaces, institution_state=state,
        basis=tuple(entry.cite for entry in deciding), missing=tuple(missing),
    )  # fmt: skip


def _holder(case: Case) -> Holder:
    residence = case.person.residence
    return Holder.made(
        nationalities=case.person.nationalities or (),
        state_of_residence=residence if isinstance(residence, str) else None,
    )


def _employed(case: Case) -> bool:
    return any(activity.kind == "employed" for activity in case.activities)


def _employers(case: Case, state: str) -> tuple[str, ...]:
    return tuple(name for name, employer in case.employers.items() if employer.seat == state)


def _workplace(activity: Activity) -> Workplace:
    place = activity.place
    return Workplace.made(
        state=activity.state, employer=activity.employer, flag=place.flag if place is not None else None,
        home_base=place.home_base if place is not None else None,
    )  # fmt: skip


def _status(law: Law, basis: Sequence[Basis]) -> str | None:
    """The status code of the rules the answer rests on; a moved place of work (at sea, in the air) tells more."""
    for role in ("place_of_work", "decides"):
        for entry in basis:
            if entry.role == role:
                try:
                    status = law.rule(entry.rule).then.status
                except KeyError:
                    continue
                if status is not None:
                    return status
    return None
