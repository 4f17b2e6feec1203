"""Where and when a request is filed: the competent body by the day of filing, and the windows that the texts set."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from cleiss_rules.calendar import ONE_DAY, Span, last_day
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Instrument, Law, Window
from cleiss_rules.result import Deadline, FiledWith, Words


def filed_with(law: Law, instrument: Instrument | None, state: str, case: Case) -> tuple[FiledWith, ...]:
    """The bodies of the State whose legislation is asked for that are competent on the day of filing."""
    day = (case.request.filed_on if case.request is not None else None) or case.known_on or date.today()
    bodies = [body for body in (instrument.bodies if instrument is not None else ()) if body.state == state]
    if not bodies:  # French institutions are the same under every text that names none of its own
        bodies = [body for other in law.instruments.values() if other.kind == "national" for body in other.bodies]
    return tuple(
        FiledWith.made(state=body.state, name=body.name, role=Words.made(fr=body.role.fr, en=body.role.en))
        for body in bodies
        if body.state == state and day in body.span
    )


def deadlines(law: Law, instrument: Instrument | None, kind: str, asked: Span, state: str) -> tuple[Deadline, ...]:
    """The first and the last day on which a request of this kind can be filed, as far as texts tell."""
    texts = [instrument] if instrument is not None else []
    texts += [law.instruments[name] for name in (instrument.uses if instrument is not None else ())]
    texts += [one for one in law.instruments.values() if one.kind == "national" and state == "FR" and one not in texts]
    return tuple(
        _deadline(window, asked)
        for text in texts
        for window in text.windows
        if kind in window.kinds and asked.start in window.valid.span
    )


def _deadline(window: Window, asked: Span) -> Deadline:
    """``earliest`` reaches back from the first day asked for, ``latest`` runs from it."""
    day: date | None = None
    if window.earliest is not None:
        months = window.earliest.count if window.earliest.unit == "months" else 0
        days = window.earliest.count if window.earliest.unit == "days" else 0
        day = asked.start - relativedelta(months=months, days=days)
    elif window.latest is not None:
        day = last_day(asked.start, window.latest) + ONE_DAY
    words = Words.made(fr=window.text.fr, en=window.text.en)
    return Deadline.made(what=words, day=day, cite=window.cite, grade=window.source.grade)
