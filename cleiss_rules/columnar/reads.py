"""What of a case an answer looked at: two rows that agree on that have the same answer.

The models of a watched case write down each fact that is read off them, and the expressions of a watching engine each
threshold that a number, a day or a length is compared with. What is written down is named as a row's columns are, or by
a key (``Mark``, ``Length`` …). States are not written down: they are told apart for every row (``frames``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.thresholds import enumerated_in, states_in
from cleiss_rules.engine.compile import Compiler, Env, Function
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.sets import KnownSet
from cleiss_rules.law.model import Expr

#: the measures in which activities share, by the facts that add them up
SHARES: Mapping[str, str] = {
    "time_share": "working_time", "self_employed_time_share": "working_time",
    "pay_share": "remuneration", "self_employed_income_share": "remuneration",
}  # fmt: skip
_LENGTHS: Mapping[str, str] = {
    "posting.duration": "whole", "posting.since_first": "whole", "cumulated_posting": "whole",
    "elapsed_posting": "elapsed", "posting_since": "since",
}  # fmt: skip
#: of a row, which tells of no earlier posting, these say no more than whether a posting has a known length
_ONLY_KNOWN = frozenset({"posting.gap", "earlier_postings"})
_OF_EMPLOYER = frozenset({"turnover_share", "assignments_share"})
#: what looks back to the days before a day of the law
HISTORY = frozenset({"legislation_before", "residence_moved_since", "work_ended_since"})
#: what no row tells: requests, and the days of agreements (``columns``)
_NOT_TOLD = ("request.", "agreement.earlier")
#: expressions that can name a State by themselves; others only hold such ones
_NAMING = frozenset({"lit", "cmp", "call"})
_MEASURED = frozenset({"number", "percent", "date", "span"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A number or a day of a column, compared with a value: before, on or after it."""

    column: str
    value: float | date


@dataclass(frozen=True, slots=True)
class Length:
    """A length of the posting of an activity, compared with a period: shorter, just as long, longer.

    ``kind``: ``whole`` (from its start to its end), ``elapsed`` (to the end of the piece), ``since`` (from ``day`` on, or
    from the first day of the piece). Without a period: whether its length is known.
    """

    activity: int
    kind: str
    day: date | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Insured:
    """The unbroken insurance that ends on the eve of an activity, compared with a period: shorter, just as long, longer."""

    activity: int
    period: Period


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares that the States of a row have in a measure."""

    measure: str


@dataclass(frozen=True, slots=True)
class History:
    """Where the days of a row lie among those on which the law looks back."""


@dataclass(frozen=True, slots=True)
class Group:
    """Which of the row's States belong to a group."""

    name: str


@dataclass(frozen=True, slots=True)
class Spelt:
    """Which of the row's States are among those that a rule spells out."""

    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Order:
    """The order of the row's States by name."""


@dataclass(frozen=True, slots=True)
class First:
    """Which of the row's States stand first by name where one is sought that the row does not name."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All that a row tells: something was compared in a way that is not told apart more finely."""


Read = str | Mark | Length | Insured | Shares | History | Group | Spelt | Order | First | Everything


def watched(case: Case, seen: dict[Read, None]) -> None:
    """From now on, ``seen`` collects what is read off the case."""
    case.__dict__["_seen"] = seen
    for number, activity in enumerate(case.activities, 1):
        for part in ("place", "posting", "option"):
            _watch(getattr(activity, part), (f"activity{number}.{part}.",), seen)
        _watch(activity, (f"activity{number}.",), seen)
    by_employer: dict[str, list[str]] = {name: [] for name in case.employers}
    for number, activity in enumerate(case.activities, 1):
        if activity.employer is not None:
            by_employer[activity.employer].append(f"activity{number}.employer.")
    for name, employer in case.employers.items():
        for there in (employer.activity or {}).values():
            _watch(there, by_employer[name], seen)
        _watch(employer, by_employer[name], seen)
    for slot, members in (
        ("document", case.documents),
        ("agreement", case.agreements),
        ("benefit", case.person.benefits),
        ("insured", case.person.insured),
    ):
        for number, member in enumerate(members or (), 1):
            _watch(member, (f"{slot}{number}.",), seen)
    _watch(case.person, ("person.",), seen)
    seen.clear()


def _watch(model: BaseModel | None, prefixes: Iterable[str], seen: dict[Read, None]) -> None:
    if model is not None:
        model.__dict__["_seen"], model.__dict__["_prefixes"] = seen, tuple(prefixes)
        object.__setattr__(model, "__class__", _watching(type(model)))


@lru_cache(maxsize=64)
def _watching(model: type[BaseModel]) -> type[BaseModel]:
    fields = frozenset(model.model_fields)

    def read(self: Any, name: str) -> Any:
        if name in fields:
            held = object.__getattribute__(self, "__dict__")
            for prefix in held["_prefixes"]:
                held["_seen"][prefix + name] = None
        return object.__getattribute__(self, name)

    return type(f"Watched{model.__name__}", (model,), {"__getattribute__": read, "__module__": __name__})


class WatchingCompiler(Compiler):
    """Compiles expressions that also write down what they look at, where a watched case asks for it."""

    def compile(self, expr: Expr) -> Function:
        """The function of an expression."""
        spelt = tuple(_spelt(expr)) if expr[0] in _NAMING else ()
        return _noting(super().compile(expr), (lambda _env: spelt) if spelt else None)

    def others_tried(self, env: Env) -> None:
        """Told before States are tried that a case does not name."""
        _note(env, (First(), Order()))  # States are tried, and told, in the order of their names

    def _fact(self, expr: Expr) -> Function:
        found = _noting(super()._fact(expr), _look(expr[1]))
        return _noting_what_applied_before(found) if expr[1] == "legislation_before" else found

    def _group(self, expr: Expr) -> Function:
        found = Group(expr[1])
        return _noting(super()._group(expr), lambda _env: (found,))

    def constant(self, expr: Expr) -> KnownSet | None:
        """A set that is the same in every evaluation; a group is one that has to be written down where it is looked at."""
        return None if expr[0] == "group" else super().constant(expr)

    def _call(self, expr: Expr) -> Function:
        found = Order()
        return _noting(super()._call(expr), (lambda _env: (found,)) if expr[1] == "first" else None)

    def _cmp(self, expr: Expr) -> Function:
        compared = super()._cmp(expr)
        left, right = expr[2], expr[3]
        if left[0] != "fact" or self.wording.facts[left[1]].type not in _MEASURED or right[0] not in ("lit", "param"):
            return compared
        value = self.compile(right)(_NOBODY)
        return compared if value is None else _noting(compared, self._comparison(left, value))

    def _comparison(self, left: Expr, value: Any) -> Callable[[Env], Iterable[Read]]:
        path = left[1]
        if path in _LENGTHS:
            day = None
            if path == "posting_since" and left[2] != ["fact", "case.day"]:
                day = self.compile(left[2])(_NOBODY)
            kind = _LENGTHS[path]
            return lambda env: (Length(number, kind, day, value) for number in _numbers(env.item))
        if path == "insured_before":
            return lambda env: (Insured(number, value) for number in _numbers(env.item))
        if path in _ONLY_KNOWN or path in SHARES or path.startswith(_NOT_TOLD):
            return lambda _env: ()
        if path in _OF_EMPLOYER:
            return lambda env: (Mark(f"{prefix}{path}", value) for prefix in _prefixes(env.sit.employers[id(env.item)]))
        if path == "case.day":
            return lambda _env: (Mark("from", value),)
        if path == "person.uk_situation_since":
            return lambda _env: (Mark(path, value),)
        if path.startswith("activity.") and self.wording.facts[path].type != "span":
            name = "from" if path == "activity.start" else path.removeprefix("activity.")
            return lambda env: (Mark(f"{prefix}{name}", value) for prefix in _prefixes(env.item))
        return lambda _env: (Everything(),)


def _look(path: str) -> Callable[[Env], Iterable[Read]] | None:
    """What is read of a row when a fact is, besides what its models write down themselves."""
    if path in _LENGTHS or path in _ONLY_KNOWN:
        return lambda env: (Length(number, "whole") for number in _numbers(env.item))
    if path in SHARES:
        found = Shares(SHARES[path])
        return lambda _env: (found,)
    if path in HISTORY:
        return lambda _env: (History(),)
    return None


def _noting(function: Function, look: Callable[[Env], Iterable[Read]] | None) -> Function:
    if look is None:
        return function

    def noted(env: Env) -> Any:
        if env is not _NOBODY:
            _note(env, look(env))
        return function(env)

    return noted


def _note(env: Env, reads: Iterable[Read]) -> None:
    seen = env.sit.case.__dict__.get("_seen")
    if seen is not None:
        for read in reads:
            seen[read] = None


def _spelt(expr: Expr) -> Iterator[Spelt]:
    """The States that an expression names, and those among which it asks whether one is."""
    for state in sorted(states_in(expr)):
        yield Spelt(frozenset({state}))
    for listed in enumerated_in(expr):
        yield Spelt(listed)


def _noting_what_applied_before(function: Function) -> Function:
    """What applied on an earlier day rests on all that the row tells of that day, where no insurance of then is stated."""

    def noted(env: Env) -> Any:
        found = function(env)
        seen = env.sit.case.__dict__.get("_seen")
        if seen is not None and env.sit.looked_back:
            seen[Everything()] = None
        return found

    return noted


def _prefixes(model: Any) -> tuple[str, ...]:
    return model.__dict__.get("_prefixes", ()) if model is not None else ()


def _numbers(activity: Any) -> Iterable[int]:
    return (int(prefix.removeprefix("activity").removesuffix(".")) for prefix in _prefixes(activity))


_NOBODY: Any = None
