"""The columns of the population, in the shape of a table of situations: a null is an unknown fact."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.synthetic.figures import NO_SECTOR, figures

Kind = Literal["word", "flag", "number", "day"]
Codes = npt.NDArray[np.int16]
Rows = npt.NDArray[np.intp]
#: what a cell holds that is unknown, for words and flags, and for days
UNKNOWN, NO_DAY = -1, -(2**31)


@lru_cache(maxsize=1)
def states() -> tuple[str, ...]:
    """Every State that a row can name."""
    law = figures()
    found = {"FR"}
    for figure in ("posting_origin", "frontier_state", "overseas_destination", "nationality_of_residents"):
        found |= set(law.weights(figure))
    found |= set(law.posting_destinations())
    found |= set(law.weights("nationality_of_received")) - {"sending_state"}
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def sectors() -> tuple[str, ...]:
    """Every sector that a row can name."""
    items = (item.partition("/") for item in figures().weights("posting_sector"))
    return tuple(dict.fromkeys(sector for place, _, sector in items if place == "all" and sector not in NO_SECTOR))


KINDS = ("employed", "self_employed", "civil_servant")
PATTERNS = ("one_off", "simultaneous", "alternating")
_WORDS: dict[str, tuple[str, ...]] = {
    "activity1.kind": KINDS,
    "activity1.pattern": PATTERNS,
    "activity1.employer": ("a",),
    "activity1.employer.kind": ("undertaking", "temporary_work_agency"),
    "activity1.place.kind": ("aircraft",),
    "activity2.kind": KINDS,
    "activity2.pattern": PATTERNS,
    "activity2.employer": ("a", "b"),
    "document1.kind": ("A1",),
    "document1.status": ("valid",),
    "benefit1.kind": ("unemployment",),
    "insured1.basis": ("employment",),
}
_STATES = (
    "person.residence", "person.nationalities", "person.legal_residence",
    "activity1.state", "activity1.posting.from_state", "activity1.employer.seat", "activity1.employer.decision_centre",
    "activity1.administration", "activity1.place.home_base",
    "activity2.state", "activity2.employer.seat", "activity2.employer.decision_centre",
    "document1.issuer", "document1.legislation", "agreement1.legislation", "benefit1.state", "insured1.state",
)  # fmt: skip
_FLAGS = (
    "activity1.telework", "activity2.telework", "activity1.employer.actual", "activity2.employer.actual",
    "activity1.posting.direct_relationship", "activity1.posting.replaces_posted_person", "activity1.posting.lent_on",
    "activity1.posting.similar_activity", "activity1.posting.infrastructure_kept", "activity1.posting.health_cover",
    "activity2.centre_of_interest",
)  # fmt: skip
_NUMBERS = (
    "activity1.working_time", "activity1.remuneration", "activity2.working_time", "activity2.remuneration",
    "activity1.employer.turnover_share", "activity1.employer.assignments_share",
)  # fmt: skip
_DAYS = ("from", "to", "known_on", "activity1.from", "activity1.to", "activity2.from", "insured1.from")


@lru_cache(maxsize=1)
def _kinds() -> dict[str, tuple[Kind, tuple[str, ...]]]:
    found: dict[str, tuple[Kind, tuple[str, ...]]] = dict.fromkeys(_DAYS, ("day", ()))
    found |= {name: ("word", states()) for name in _STATES}
    found |= {name: ("word", words) for name, words in _WORDS.items()}
    found["activity1.sector"] = ("word", sectors())
    found |= dict.fromkeys(_FLAGS, ("flag", ()))
    found |= dict.fromkeys(_NUMBERS, ("number", ()))
    head = [name for name in found if not name.partition(".")[1]]
    return {name: found[name] for name in (*head, *sorted(set(found) - set(head)))}


@lru_cache(maxsize=1)
def schema() -> Any:
    """The Arrow schema of the population."""
    types: dict[Kind, Any] = {
        "word": pa.dictionary(pa.int16(), pa.string()),
        "flag": pa.bool_(),
        "number": pa.float64(),
        "day": pa.date32(),
    }
    fields = [pa.field("case", pa.string(), nullable=False)]
    fields += [pa.field(name, types[kind]) for name, (kind, _) in _kinds().items()]
    return pa.schema(fields)


def plain_schema() -> Any:
    """The same with words as plain text, for CSV."""
    return pa.schema(
        [field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in schema()]
    )


class Sheet:
    """The cells of one chunk while they are filled: unknown until something is put there."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._cells: dict[str, npt.NDArray[Any]] = {}
        for name, (kind, _) in _kinds().items():
            if kind == "number":
                self._cells[name] = np.full(rows, np.nan)
            elif kind == "day":
                self._cells[name] = np.full(rows, NO_DAY, np.int32)
            else:
                self._cells[name] = np.full(rows, UNKNOWN, np.int16)

    def put(self, at: Rows, **values: Any) -> None:
        """Puts values into cells; a name is written with ``__`` for its dots."""
        for key, value in values.items():
            self[key.replace("__", ".")][at] = value

    def word(self, name: str, text: str) -> int:
        """The code of a word of a column."""
        return _kinds()[name][1].index(text)

    def forget(self, name: str, at: Rows | npt.NDArray[np.bool_]) -> None:
        """Makes cells unknown."""
        kind = _kinds()[name][0]
        self._cells[name][at] = {"number": np.nan, "day": NO_DAY}.get(kind, UNKNOWN)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._cells[name]

    def batch(self, first: int, taken: slice) -> Any:
        """The rows of a slice as an Arrow record batch; ``first`` is the number of the chunk's first row."""
        numbers = np.arange(first + taken.start, first + taken.stop)
        arrays = [pa.array(numbers).cast(pa.string())]
        arrays += [self._array(name, kind, words, taken) for name, (kind, words) in _kinds().items()]
        return pa.record_batch(arrays, schema=schema())

    def _array(self, name: str, kind: Kind, words: Sequence[str], taken: slice) -> Any:
        cells = self._cells[name][taken]
        if kind == "number":
            return pa.array(cells, from_pandas=True)
        if kind == "day":
            return pa.array(cells, pa.int32(), mask=cells == NO_DAY).cast(pa.date32())
        if kind == "flag":
            return pa.array(cells == 1, mask=cells == UNKNOWN)
        return pa.DictionaryArray.from_arrays(pa.array(cells, mask=cells == UNKNOWN), _dictionary(tuple(words)))


@lru_cache(maxsize=64)
def _dictionary(words: tuple[str, ...]) -> Any:
    return pa.array(words, pa.string())
