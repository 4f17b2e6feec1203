"""What of a case an answer looked at: two rows that agree on that have the same answer.

The models of a watched case write down each fact that is read off them, and the expressions of a watching engine each
threshold that a number, a day or a length is compared with. What is written down is named as a row's columns are, or by
a key (``Mark``, ``Length`` …). States are not written down: they are told apart for every row (``frames``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
#: the unbroken insurance that ends on the eve of an activity
OF_INSURANCE = frozenset({"insured_before", "worked_before"})
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
    case.__dict__["_seen"], case.__dict__["_noted"] = seen, set()
    by_employer: dict[str, list[str]] = {name: [] for name in case.employers}
    parts: list[tuple[BaseModel | None, Sequence[str]]] = []
    for number, activity in enumerate(case.activities, 1):
        if activity.employer is not None:
            by_employer[activity.employer].append(f"activity{number}.employer.")
        parts += [(getattr(activity, part), (f"activity{number}.{part}.",)) for part in ("place", "posting", "option")]
        parts.append((activity, (f"activity{number}.",)))
    for name, employer in case.employers.items():
        parts += [(there, by_employer[name]) for there in (employer.activity or {}).values()]
        parts.append((employer, by_employer[name]))
    for slot, members in (
        ("document", case.documents),
        ("agreement", case.agreements),
        ("benefit", case.person.benefits),
        ("insured", case.person.insured),
    ):
        parts += [(member, (f"{slot}{number}.",)) for number, member in enumerate(members or (), 1)]
    parts.append((case.person, ("person.",)))
    for model, prefixes in parts:
        if model is not None:
            _watch(model, tuple(prefixes), seen)


def _watch(model: BaseModel, prefixes: tuple[str, ...], seen: dict[Read, None]) -> None:
    held = model.__dict__
    unread = dict(held)
    held.clear()
    held["_seen"], held["_prefixes"], held["_unread"] = seen, prefixes, unread
    object.__setattr__(model, "__class__", _watching(type(model)))


class _Watched:
    """A model whose facts lie apart until they are read: each is written down once, and read as fast as any other then."""

    def __getattr__(self, name: str) -> Any:
        held = object.__getattribute__(self, "__dict__")
        unread = held["_unread"]
        if name not in unread:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        seen = held["_seen"]
        for prefix in held["_prefixes"]:
            seen[prefix + name] = None
        found = held[name] = unread.pop(name)
        return found

    def __copy__(self) -> Any:
        copied = super().__copy__()  # type: ignore[misc]
        copied.__dict__["_unread"] = dict(self.__dict__["_unread"])
        return copied

    def __eq__(self, other: object) -> bool:
        for one in (self, other):
            for name in tuple(one.__dict__.get("_unread", ())):
                getattr(one, name)
        return super().__eq__(other)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=64)
def _watching(model: type[BaseModel]) -> type[BaseModel]:
    return type(f"Watched{model.__name__}", (_Watched, model), {"__module__": __name__})


class WatchingCompiler(Compiler):
    """Compiles expressions that also write down what they look at, where a watched case asks for it."""

    def compile(self, expr: Expr) -> Function:
        """The function of an expression."""
        return _noting_always(super().compile(expr), tuple(_spelt(expr)) if expr[0] in _NAMING else ())

    def others_tried(self, env: Env) -> None:
        """Told before States are tried that a case does not name."""
        seen = env.sit.case.__dict__.get("_seen")
        if seen is not None:  # States are tried, and told, in the order of their names
            seen.update(dict.fromkeys((First(), Order())))

    def _fact(self, expr: Expr) -> Function:
        found = _noting(_noting_always(super()._fact(expr), _of_row(expr[1])), _of_item(expr[1]))
        return _noting_what_applied_before(found) if expr[1] == "legislation_before" else found

    def _group(self, expr: Expr) -> Function:
        return _noting_always(super()._group(expr), (Group(expr[1]),))

    def constant(self, expr: Expr) -> KnownSet | None:
        """A set that is the same in every evaluation; a group is one that has to be written down where it is looked at."""
        return None if expr[0] == "group" else super().constant(expr)

    def _call(self, expr: Expr) -> Function:
        return _noting_always(super()._call(expr), (Order(),) if expr[1] == "first" else ())

    def _cmp(self, expr: Expr) -> Function:
        compared = super()._cmp(expr)
        left, right = expr[2], expr[3]
        if left[0] != "fact" or self.wording.facts[left[1]].type not in _MEASURED or right[0] not in ("lit", "param"):
            return compared
        value = self.compile(right)(_NOBODY)
        if value is None:
            return compared
        return _noting(_noting_always(compared, self._compared_once(left[1], value)), self._comparison(left, value))

    def _comparison(self, left: Expr, value: Any) -> Callable[[Env], Iterable[Read]] | None:
        """What a comparison looks at of the item at hand."""
        path = left[1]
        if path in _LENGTHS:
            day = None
            if path == "posting_since" and left[2] != ["fact", "case.day"]:
                day = self.compile(left[2])(_NOBODY)
            kind = _LENGTHS[path]
            return lambda env: (Length(number, kind, day, value) for number in _numbers(env.item))
        if path in OF_INSURANCE:
            return lambda env: (Insured(number, value) for number in _numbers(env.item))
        if path in _OF_EMPLOYER:
            return lambda env: (Mark(f"{prefix}{path}", value) for prefix in _prefixes(env.sit.employers[id(env.item)]))
        if self._is_of_activity(path):
            name = "from" if path == "activity.start" else path.removeprefix("activity.")
            return lambda env: (Mark(f"{prefix}{name}", value) for prefix in _prefixes(env.item))
        return None

    def _compared_once(self, path: str, value: Any) -> tuple[Read, ...]:
        """What a comparison looks at whatever the item at hand."""
        if path == "case.day":
            return (Mark("from", value),)
        if path == "person.uk_situation_since":
            return (Mark(path, value),)
        told = path in _LENGTHS or path in _ONLY_KNOWN or path in SHARES or path in _OF_EMPLOYER
        if told or path in OF_INSURANCE or path.startswith(_NOT_TOLD) or self._is_of_activity(path):
            return ()
        return (Everything(),)

    def _is_of_activity(self, path: str) -> bool:
        """Whether a measured fact stands in a column of an activity."""
        return path.startswith("activity.") and self.wording.facts[path].type != "span"


def _of_item(path: str) -> Callable[[Env], Iterable[Read]] | None:
    """What is read of the item at hand when a fact is, besides what its models write down themselves."""
    if path in _LENGTHS or path in _ONLY_KNOWN:
        return lambda env: (Length(number, "whole") for number in _numbers(env.item))
    return None


def _of_row(path: str) -> tuple[Read, ...]:
    """The same of the row as a whole."""
    if path in SHARES:
        return (Shares(SHARES[path]),)
    return (History(),) if path in HISTORY else ()


def _noting(function: Function, look: Callable[[Env], Iterable[Read]] | None) -> Function:
    """The function, which also writes down what it looks at of the item at hand."""
    if look is None:
        return function

    def noted(env: Env) -> Any:
        if env is not _NOBODY:
            seen = env.sit.case.__dict__.get("_seen")
            if seen is not None:
                for read in look(env):
                    seen[read] = None
        return function(env)

    return noted


def _noting_always(function: Function, reads: Sequence[Read]) -> Function:
    """The same, where what is looked at is the same for every item."""
    if not reads:
        return function
    own = id(function)

    def noted(env: Env) -> Any:
        if env is not _NOBODY:
            held = env.sit.case.__dict__
            done = held.get("_noted")
            if done is not None and own not in done:
                done.add(own)
                held["_seen"].update(dict.fromkeys(reads))
        return function(env)

    return noted


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
