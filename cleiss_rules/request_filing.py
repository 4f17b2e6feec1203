"""Where and when a request is filed: the body by its day, the windows of the texts."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from cleiss_rules.calendar import ONE_DAY, Period, Span, last_day
from cleiss_rules.explain import countries
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Body, Instrument, Law, Window
from cleiss_rules.request_file import RequestFile, posted_activity
from cleiss_rules.result import Deadline, FiledWith, Words


def filed_with(law: Law, instrument: Instrument | None, state: str, case: Case) -> tuple[FiledWith, ...]:
    """The bodies of the State whose legislation is asked for that take this kind of request on the day of filing."""
    request = case.request
    assert request is not None
    day = request.filed_on or case.known_on or date.today()
    # a posting is an exemption seen from the other State
    kind = "posting" if request.kind == "exemption" and posted_activity(case) is not None else request.kind
    found = bodies_of(law, instrument, state, kind, day)
    return tuple(_body(body) for body in found) or (_of_the_state(state),)


def bodies_of(law: Law, instrument: Instrument | None, state: str, kind: str, day: date) -> list[Body]:
    """The bodies of a State that take a kind of request on a day: those the text names, else those of the State's own law."""
    own = [one for one in law.instruments.values() if one.kind == "national"]
    for texts in ([instrument] if instrument is not None else [], own):
        bodies = [body for text in texts for body in text.bodies if body.state == state and body.takes(kind, day)]
        if bodies:
            return bodies
    return []


def _body(body: Body) -> FiledWith:
    called = Words.made(fr=body.name.fr, en=body.name.en)
    role = Words.made(fr=body.role.fr, en=body.role.en)
    return FiledWith.made(state=body.state, name=body.name.fr, called=called, role=role)


def _of_the_state(state: str) -> FiledWith:
    """Where no body is known by name: the authority of the State, or the body that it designated."""
    return FiledWith.made(
        state=state, name="",
        role=Words(
            fr=f"l'autorité compétente {countries.of(state)} ou l'organisme qu'elle a désigné",
            en=f"the competent authority of {countries.the(state, 'en')} or the body that it designated",
        ),
    )  # fmt: skip


def _texts(law: Law, instrument: Instrument | None, state: str) -> list[Instrument]:
    """The texts that tell about a request: the one that binds, those it uses, French law where France is asked."""
    texts = [instrument] if instrument is not None else []
    texts += [law.instruments[name] for name in (instrument.uses if instrument is not None else ())]
    return texts + [
        one for one in law.instruments.values() if one.kind == "national" and state == "FR" and one not in texts
    ]


def deadlines(file: RequestFile, taker: str) -> tuple[Deadline, ...]:
    """The first and the last day on which a request of this kind can be filed, as far as texts tell."""
    request = file.case.request
    assert request is not None
    return tuple(
        _deadline(window, file.asked, request.filed_on)
        for text in _texts(file.law, file.instrument, taker)
        for window in text.windows
        if request.kind in window.kinds
        and file.asked.start in window.valid.span
        and file.fits(window.under)
        and window.of in (None, taker)
    )


def _deadline(window: Window, asked: Span, filed_on: date | None) -> Deadline:
    """``earliest`` and ``ahead`` reach back from the first day asked for and its eve, ``latest`` runs from it."""
    day: date | None = None
    kept: bool | None = None
    if window.earliest is not None:
        day = _before(asked.start, window.earliest)
        kept = filed_on >= day if filed_on is not None else None
    elif window.ahead is not None:
        day = _before(asked.start - ONE_DAY, window.ahead)
        kept = filed_on <= day if filed_on is not None else None
    elif window.latest is not None:
        day = last_day(asked.start, window.latest) + ONE_DAY
        kept = filed_on <= day if filed_on is not None else None
    words = Words.made(fr=window.text.fr, en=window.text.en)
    limit = "first" if window.earliest is not None else "last" if day is not None else None
    return Deadline.made(what=words, day=day, cite=window.cite, grade=window.source.grade, limit=limit, kept=kept)


def _before(day: date, length: Period) -> date:
    months = length.count if length.unit == "months" else 0
    days = length.count if length.unit == "days" else 0
    found: date = day - relativedelta(months=months, days=days)
    return found
