"""The columns of a table of situations: one per atomic fact, named as the case names it (``activity1.posting.from_state``).

A null is an unknown fact. What has several members in a case is numbered from 1 (``activity1``, ``activity2``,
``document1`` …); an activity carries its employer (``activity1.employer.seat``, and
``activity1.employer.turnover_share`` for the State it is posted from). What no column can hold stands as JSON, in the
shape of a case, in ``rest``. The columns follow from the models of the case, so a fact added there is a column here.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel

from cleiss_rules.errors import Fault, InvalidCase
from cleiss_rules.facts.case import (
    Activity,
    AgreedException,
    Benefit,
    Document,
    Employer,
    EmployerActivity,
    InsuredSpell,
    Person,
)

Kind = Literal["state", "states", "bool", "enum", "text", "number", "int", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the slot it belongs to, what it holds, and the accepted words of an ``enum``."""

    name: str
    slot: str
    number: int
    leaf: str
    kind: Kind
    values: tuple[str, ...] = ()


#: what is numbered in a table, and where it stands in a case
SLOTS: Mapping[str, type[BaseModel]] = {
    "activity": Activity,
    "document": Document,
    "agreement": AgreedException,
    "benefit": Benefit,
    "insured": InsuredSpell,
}
#: days of these are not told in a table: they hold throughout the row
UNDATED = frozenset({"document", "agreement", "benefit"})
_OF_THE_ROW: Mapping[str, Kind] = {
    "case": "text", "from": "date", "to": "date", "known_on": "date", "rest": "text", "insured": "bool",
}  # fmt: skip
_NUMBERED = re.compile(r"^(activity|document|agreement|benefit|insured)([1-9][0-9]?)$")


@lru_cache(maxsize=1)
def leaves() -> Mapping[str, Mapping[str, tuple[Kind, tuple[str, ...]]]]:
    """For ``person`` and every slot: the name of each leaf, what it holds, and its accepted words."""
    found = {slot: dict(_leaves(model)) for slot, model in SLOTS.items()}
    for slot in UNDATED:
        found[slot] = {name: leaf for name, leaf in found[slot].items() if name not in ("from", "to")}
    activity = found["activity"]
    activity["posting"] = ("bool", ())
    activity.update({f"employer.{name}": leaf for name, leaf in _leaves(Employer)})
    activity.update({f"employer.{name}": leaf for name, leaf in _leaves(EmployerActivity)})
    return {"person": dict(_leaves(Person)), **found}


@lru_cache(maxsize=4096)
def column(name: str) -> Column:
    """The column of that name. Raises InvalidCase where there is none, naming the nearest."""
    if name in _OF_THE_ROW:
        return Column(name, "", 0, name, _OF_THE_ROW[name])
    head, _, leaf = name.partition(".")
    numbered = _NUMBERED.match(head)
    slot, number = (numbered[1], int(numbered[2])) if numbered else (head, 0)
    known = leaves().get(slot) if numbered or head == "person" else None
    if known is None or leaf not in known:
        nearest = get_close_matches(name, _names(head if known is not None else None), 1)
        hint = f"; nearest: {nearest[0]}" if nearest else ""
        raise InvalidCase(
            [Fault(name, f"no column of that name is known{hint}; accepted: facts of a case, such as activity1.state")]
        )
    kind, values = known[leaf]
    return Column(name, slot, number, leaf, kind, values)


def _names(head: str | None) -> list[str]:
    heads = [head] if head else ["person", *(f"{slot}1" for slot in SLOTS)]
    found = list(_OF_THE_ROW)
    for one in heads:
        slot = one.rstrip("0123456789")
        found += [f"{one}.{leaf}" for leaf in leaves()[slot]]
    return found


def _leaves(model: type[BaseModel]) -> Iterator[tuple[str, tuple[Kind, tuple[str, ...]]]]:
    for field, info in model.model_fields.items():
        name = info.alias or field
        for annotation in _members(info.annotation, info.metadata):
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                yield from ((f"{name}.{inner}", leaf) for inner, leaf in _leaves(annotation))
                continue
            found = _kind(annotation)
            if found is not None:
                yield name, found


def _members(annotation: Any, metadata: list[Any]) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for member in get_args(annotation) if member is not type(None)]
    return [Annotated[annotation, *metadata] if metadata else annotation]


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...]] | None:
    origin = get_origin(annotation)
    if origin is Literal:
        return "enum", get_args(annotation)
    if origin is tuple:
        inner = _kind(get_args(annotation)[0])
        return ("states", ()) if inner is not None and inner[0] == "state" else None
    if origin is Annotated:
        base, *metadata = get_args(annotation)
        if any(isinstance(entry, AfterValidator) for entry in metadata):
            return "state", ()
        return _kind(base)
    plain: Mapping[Any, Kind] = {str: "text", bool: "bool", float: "number", int: "int", date: "date"}
    return (plain[annotation], ()) if annotation in plain else None
