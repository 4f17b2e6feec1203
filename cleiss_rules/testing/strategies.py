"""Hypothesis strategies for cases, for property tests of what is built on this library. Needs hypothesis.

    >>> from hypothesis import given
    >>> from cleiss_rules.testing import strategies as crs
    >>> @given(crs.cases(states=["FR", "DE"]))
    ... def test_something(case): ...

What is drawn follows from the models of the case: a fact that is added there is drawn here. Each fact may be unknown, and
examples shrink towards cases of which less is told.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel

from cleiss_rules.errors import InvalidCase
from cleiss_rules.facts.case import (
    Activity,
    AgreedException,
    Benefit,
    Case,
    Document,
    Employer,
    InsuredSpell,
    Option,
    Person,
    Place,
    Posting,
    Request,
)
from cleiss_rules.law.store import the_law

Data = dict[str, Any]
_FIRST, _LAST = date(2003, 6, 1), date(2030, 12, 31)
_MOST_ACTIVITIES = 3
_WEEK = 7


def states(among: Sequence[str] | None = None) -> st.SearchStrategy[str]:
    """The code of a State: of those given, by default of all that the law knows, France first."""
    return st.sampled_from(
        list(among) if among is not None else sorted(the_law().states, key=lambda code: code != "FR")
    )


def days(first: date = _FIRST, last: date = _LAST) -> st.SearchStrategy[date]:
    """A day; by default from 1 June 2003, before which no European text is encoded, to the end of 2030."""
    return st.dates(first, last)


def periods(on: date | None = None) -> st.SearchStrategy[Data]:
    """A period of up to six years; with ``on``, one that has this day in it."""
    start = days() if on is None else st.integers(0, 400).map(lambda before: on - timedelta(days=before))

    def ending(first: date) -> st.SearchStrategy[Data]:
        shortest = 0 if on is None else (on - first).days
        lengths = st.integers(shortest, shortest + 6 * 365).map(lambda more: first + timedelta(days=more))
        return lengths.map(lambda last: {"from": first, "to": last})

    return start.flatmap(ending)


def persons(among: Sequence[str] | None = None) -> st.SearchStrategy[Data]:
    """A person: nationalities, residence, status, benefits, insurance (*personne*)."""
    return _facts(
        Person, among, residence=states(among),
        nationalities=st.lists(states(among), min_size=1, max_size=2, unique=True),
        benefits=st.lists(_facts(Benefit, among, needed=("kind",)), max_size=2),
        insured=st.lists(_facts(InsuredSpell, among, needed=("state",)), max_size=1), opted_for_new_rules=None,
    )  # fmt: skip


def employers(among: Sequence[str] | None = None) -> st.SearchStrategy[Data]:
    """An employer (*employeur*)."""
    share = st.fixed_dictionaries({"turnover_share": _shares()})
    return _facts(Employer, among, activity=st.dictionaries(states(among), share, max_size=1))


def activities(among: Sequence[str] | None = None, employers: Sequence[str] = ()) -> st.SearchStrategy[Data]:
    """An activity (*activité*), perhaps a posting, for one of the employers named."""
    named = {"employer": st.sampled_from(list(employers))} if employers else {"employer": None}
    given: dict[str, Any] = {
        "id": None, "sector": None, "working_time": None, "remuneration": None, **named,
        "place": _facts(Place, among), "option": _facts(Option, among), "posting": _facts(Posting, among, previous=None),
    }  # fmt: skip
    return _facts(Activity, among, needed=("kind",), **given)


def requests(among: Sequence[str] | None = None) -> st.SearchStrategy[Data]:
    """A request (*demande*): posting, prolongation, exceptional maintenance, exemption, telework."""
    return _facts(Request, among, needed=("kind",), reasons=None)


@st.composite
def cases(
    draw: st.DrawFn,
    states: Sequence[str] | None = None,
    *,
    on: date | None = None,
    request: bool = False,
) -> Case:
    """A valid case. ``states``: those that take part; ``on``: a day that its period has in it; ``request``: with one."""
    data: Data = {"format": 1, "known_on": date(2026, 11, 23), "period": draw(periods(on))}
    data["person"] = draw(persons(states))
    names = ["acme", "zenith"][: draw(st.integers(0, 2))]
    data["employers"] = {name: draw(employers(states)) for name in names}
    works = draw(st.lists(activities(states, names), max_size=_MOST_ACTIVITIES))
    for measure in ("working_time", "remuneration"):
        for work, share in zip(works, draw(_splits(len(works))), strict=True):
            if share is not None:
                work[measure] = share
    data["activities"] = works
    if draw(st.booleans()):
        data["documents"] = draw(st.lists(_facts(Document, states, needed=("kind",)), max_size=1))
        data["agreements"] = draw(st.lists(_facts(AgreedException, states), max_size=1))
    if request:
        data["request"] = draw(requests(states))
    try:
        return Case.model_validate(data)
    except InvalidCase:  # days of a part that end before they begin, and the like
        assume(False)
        raise


def _splits(parts: int) -> st.SearchStrategy[list[float | None]]:
    """Shares of all work, each of which may be unknown, of 100 at most together."""
    return st.lists(st.one_of(st.none(), _shares()), min_size=parts, max_size=parts).map(
        lambda found: [None if one is None else round(one / max(parts, 1), 2) for one in found]
    )


def _shares() -> st.SearchStrategy[float]:
    return st.integers(0, 400).map(lambda quarter: quarter / 4)


def _facts(
    model: type[BaseModel], among: Sequence[str] | None, needed: Sequence[str] = (), **own: Any
) -> st.SearchStrategy[Data]:
    """The facts of a model, each unknown in some examples; ``own``: strategies of some of them, None to leave one out."""
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        name = info.alias or field
        found = own[field] if field in own else _of(info.annotation, info.metadata, among)
        if found is not None:
            (required if field in needed else optional)[name] = found
    return st.fixed_dictionaries(required, optional=optional)


def _of(annotation: Any, metadata: Sequence[Any], among: Sequence[str] | None) -> st.SearchStrategy[Any] | None:
    """What a fact of a type can be; None for one that is not drawn by itself."""
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return _of(members[0], metadata, among)
    if get_origin(annotation) is Annotated:
        base, *more = get_args(annotation)
        return _of(base, [*metadata, *more], among)
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if annotation is str and any(isinstance(one, AfterValidator) for one in metadata):
        return states(among)
    if get_origin(annotation) is tuple:
        inner = _of(get_args(annotation)[0], (), among)
        return st.lists(inner, min_size=1, max_size=2, unique=True) if inner is not None else None
    plain: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(), date: days(), float: _shares(), int: st.integers(1, 60),
    }  # fmt: skip
    return plain.get(annotation)
