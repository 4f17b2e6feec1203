"""What was learnt of rows, kept between runs: signatures with their answers, as bytes and JSON that can hold no code.

A file is named by the columns of a table, the law and the text of this program, and carries the digest of its own content;
whatever does not fit is ignored and written again. Writing is atomic, and a file that can't be written is no error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.calendar import Period
from cleiss_rules.columnar.answer import Template
from cleiss_rules.columnar.reads import History, Length, Mark, Read, Shares
from cleiss_rules.law.cache import cache_folder, keep, read_kept

_PACKAGE = Path(__file__).parents[1]
Sizes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Entries by signature, and what their numbers stand for.

    ``sizes``: the fields of the signatures; ``reads``: what they tell of numbers, days and lengths; ``lists``: the lists
    of States, in the order of their codes; ``cuts``: the days on which rows are cut.
    """

    entries: npt.NDArray[np.uint64]
    sizes: Sizes
    reads: Sequence[Read]
    lists: Sequence[str]
    cuts: Sequence[int]
    templates: Sequence[Template]
    legislations: Sequence[str]

    def renumbered(self, templates: npt.NDArray[np.int64], legislations: npt.NDArray[np.int64]) -> Any:
        """The entries with other numbers for the templates and legislations."""
        from cleiss_rules.columnar import keys

        entries = self.entries.copy()
        keys.renumbered(entries, templates, legislations)
        return entries


def path_of(columns: Sequence[str], law: str) -> Path:
    """The file of what was learnt of tables with these columns under a law (its digest)."""
    table = hashlib.sha256("\n".join(columns).encode()).hexdigest()[:16]
    known = hashlib.sha256((law + program()).encode()).hexdigest()[:16]
    return cache_folder() / f"answers-{table}-{known}.bin"


def read(path: Path) -> Kept | None:
    """What is kept in a file; nothing where there is none or it does not hold what it says."""
    body = read_kept(path)
    if body is None:
        return None
    told, _, entries = body.partition(b"\n")
    try:
        return _kept(json.loads(told), entries)
    except (ValueError, KeyError, TypeError):
        return None


def write(path: Path, kept: Kept) -> None:
    """Keeps it in a file, in place of what an older law or program had learnt of the same columns."""
    told = {
        "sizes": kept.sizes,
        "reads": [_told(one) for one in kept.reads],
        "lists": list(kept.lists),
        "cuts": list(kept.cuts),
        "templates": [[_plain(getattr(one, field.name)) for field in fields(one)] for one in kept.templates],
        "legislations": list(kept.legislations),
        "width": kept.entries.shape[1],
    }
    words = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    if keep(path, words, b"\n", np.ascontiguousarray(kept.entries).view(np.uint8).ravel().data):
        for other in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.bin"):
            if other != path:
                other.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def program() -> str:
    """The digest of the text of this program."""
    found = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def _kept(told: Any, entries: bytes) -> Kept:
    return Kept(
        entries=np.frombuffer(entries, np.uint64).reshape(-1, told["width"]).copy(),
        sizes=tuple(tuple(one) for one in told["sizes"]),
        reads=tuple(_read(one) for one in told["reads"]),
        lists=tuple(told["lists"]),
        cuts=tuple(told["cuts"]),
        templates=tuple(Template(*(_tuples(value) for value in one)) for one in told["templates"]),
        legislations=tuple(told["legislations"]),
    )


def _told(one: Read) -> list[Any]:
    """A read of numbers, days or lengths as JSON."""
    if isinstance(one, Mark):
        return ["mark", one.column, one.value.isoformat() if isinstance(one.value, date) else one.value]
    if isinstance(one, Length):
        period = [one.period.count, one.period.unit] if one.period is not None else None
        return ["length", one.activity, one.kind, one.day.isoformat() if one.day is not None else None, period]
    return ["shares", one.measure] if isinstance(one, Shares) else ["history"]


def _read(told: list[Any]) -> Read:
    kind, *rest = told
    if kind == "mark":
        column, value = rest
        return Mark(column, date.fromisoformat(value) if isinstance(value, str) else value)
    if kind == "length":
        activity, measured, day, period = rest
        return Length(
            activity,
            measured,
            date.fromisoformat(day) if day is not None else None,
            Period(*period) if period is not None else None,
        )
    return Shares(*rest) if kind == "shares" else History()


def _plain(value: Any) -> Any:
    """Tuples and sets as JSON: a list behind the letter of its kind."""
    if isinstance(value, tuple):
        return ["t", *map(_plain, value)]
    if isinstance(value, frozenset):
        return ["s", *sorted(map(_plain, value), key=json.dumps)]
    return value


def _tuples(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, *members = value
    found: Iterator[Any] = map(_tuples, members)
    return tuple(found) if kind == "t" else frozenset(found)
