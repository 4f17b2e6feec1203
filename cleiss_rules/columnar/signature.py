"""What tells two pieces of rows apart, as small codes: pieces with the same signature have the same answer.

A signature holds all that the long way (``plan``) could tell apart: every code and State, what is known at all, and what
was ever looked at of numbers, days and lengths. A row that its own facts cut, or that holds what no column can, has none:
it is marked slow. Needs numba.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.calendar import Period
from cleiss_rules.columnar import program as steps
from cleiss_rules.columnar import sheet
from cleiss_rules.columnar.calendars import EVERY_DAY, Calendars
from cleiss_rules.columnar.columns import Column
from cleiss_rules.columnar.days import number_of
from cleiss_rules.columnar.encode import Encoder
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.reads import Length, Mark
from cleiss_rules.columnar.recipe import BYTE, DAY, Part, Recipe, Value
from cleiss_rules.columnar.row_codes import OF_ACTIVITY, LookedAt, Rows, State, of_row
from cleiss_rules.columnar.sheet import OWN, SAME, Dictionaries, Source

_BYTE = 255


class Signatures:
    """How the rows of tables with certain columns are signed. Safe under threads: what it makes is the same each time."""

    def __init__(
        self, encoder: Encoder, features: Features, limits: Sequence[Period], between: npt.NDArray[np.int32]
    ) -> None:
        self._encoder, self._features = encoder, features
        self._dictionaries, self._names = Dictionaries(), sheet.Names()
        self._calendars = Calendars(encoder, limits, features.insured, between)
        self.limits = np.array(self._calendars.limits, np.int32).reshape(-1, len(EVERY_DAY))
        employers = [
            name for n in range(1, encoder.activities + 1) if (name := f"activity{n}.employer") in encoder.columns
        ]
        self._pairs = [(one, two) for two, one in combinations(employers, 2)]

    def looked_at(self) -> LookedAt:
        """What answers have looked at so far of numbers, days and lengths; it only grows."""
        return self._features.looked_at()

    # ---- sources ----------------------------------------------------------------------------------------------------

    def sources(self, block: pa.RecordBatch) -> tuple[list[Source], list[Any]]:
        """The columns of a block and which activities share an employer, in the order of their numbers in recipes."""
        sources: list[Source] = []
        likes: list[Any] = []
        for column in self._encoder.columns.values():
            source, like = self._source(block.column(column.name), column)
            sources.append(source)
            likes.append(like)
        for one, two in self._pairs:
            for source, like in self._pair(one, two, block):
                sources.append(source)
                likes.append(like)
        return sources, likes

    def _source(self, values: Any, column: Column) -> tuple[Source, Any]:
        code = self._encoder.code_of(column)
        if column.kind == "bool":
            return sheet.flags(values), None
        if code is not None:
            return sheet.words(values, column.name, self._dictionaries, code, self._encoder.size_of(column))
        if column.kind in ("number", "int"):
            source = sheet.numbers(values)
            return source, source.first
        if column.kind == "date" and _is_read(column):
            return sheet.days(values), None
        return sheet.given(values), None

    def _pair(self, one: str, two: str, block: pa.RecordBatch) -> list[tuple[Source, Any]]:
        """Two columns of names of employers by their words, or, where these are too many, which rows have the same in both."""
        columns = block.column(one), block.column(two)
        if self._names.fit(*columns):
            code, size = self._names.code, _BYTE
            return [
                sheet.words(held, f"{name} of a pair", self._dictionaries, code, size)
                for held, name in zip(columns, (one, two), strict=True)
            ]
        return [(sheet.flags_of_pair(*columns), None), (sheet.given(columns[0]), None)]

    @staticmethod
    def state(
        sources: Sequence[Source],
        likes: Sequence[Any],
        common: sheet.Common | None,
        beliefs: sheet.Beliefs | None = None,
    ) -> State:
        """Of what kind a block is: what its columns have in common (without ``common``: nothing is looked into).

        ``beliefs``: what they are believed to have in common; by default, that is looked into.
        """
        if common is None:
            return tuple((OWN, OWN, like, None, None) for like in likes)
        bits, values = (beliefs.bits, beliefs.values) if beliefs is not None else common.of(sources)
        return tuple(
            (
                told,
                value,
                like,
                common.value(one) if value == SAME and one.how != sheet.GIVEN else None,
                common.dictionary(place, one),
            )
            for place, (one, told, value, like) in enumerate(zip(sources, bits, values, likes, strict=True))
        )

    # ---- what holds throughout each row -----------------------------------------------------------------------------

    def rows(
        self, state: State, sources: Sequence[Source], looked_at: LookedAt, today: int,
        *, own_days: bool = False, keeps: Collection[str] | None = None,
    ) -> Recipe:  # fmt: skip
        """What holds throughout each row. ``own_days``: its first and last day are two more sources.

        ``keeps`` names what is kept beside the first and last day: of activities ``begins1``, ``ends1`` as stated,
        ``since1``, ``until1`` as planned, ``posted1``, and ``spell1`` of insurance; all of it by default.
        """
        made = Rows(
            self._encoder, self._calendars, self._pairs, (state, sources), today, own_days=own_days, keeps=keeps
        )
        return made.recipe(looked_at)

    def pieces(self, given: Mapping[str, int | str], looked_at: LookedAt) -> tuple[Recipe, list[str]]:
        """What differs between the pieces of a row; and the names of its sources, in order.

        ``given``: of the first and last days of pieces (``start``, ``end``) and of what was kept of rows, what all have, or
        that each has its ``own``.
        """
        made, names = Recipe(), list[str]()

        def of(name: str, kind: int) -> Value:
            return _of_piece(made, given[name], name, kind, names)

        start = of("start", DAY)
        looked_back = self._calendars.looked_back if any(key == "history" for key, _ in looked_at) else []
        for table, size in (*self._calendars.between, *looked_back):
            made.field(made.take(steps.OF_DAY, (start,), (made.at(table),))[0], size)
        for key, size in looked_at:
            if isinstance(key, Mark) and isinstance(key.value, date) and key.column == "from":
                made.field(made.take(steps.BESIDE_DAY, (start,), (number_of(key.value),))[0], size)
            elif isinstance(key, Length) and not of_row(key):
                made.field(self._length_to(key, made, of), 4)
        return made, names

    def _length_to(self, key: Length, made: Recipe, of: Callable[[str, int], Value]) -> Value:
        """A length that runs to the end of a piece, or from its start."""
        assert key.period is not None
        since, until = of(f"since{key.activity}", DAY), of(f"until{key.activity}", DAY)
        if key.kind == "elapsed":
            held = of(f"begins{key.activity}", DAY), until, of("end", DAY)
            (until,) = made.take(steps.TO_THE_END, held, outs=(DAY,))
        else:
            (since,) = made.take(steps.FROM_THE_START, (since, of("start", DAY)), outs=(DAY,))
        reached = made.at(self._calendars.last_day(key.period))
        return made.take(steps.LENGTH, (of(f"posted{key.activity}", BYTE), since, until), (reached,))[0]

    @staticmethod
    def lengths_of_pieces(looked_at: LookedAt) -> list[int]:
        """The activities of which pieces look at lengths that differ within a row."""
        return sorted({key.activity for key, _ in looked_at if isinstance(key, Length) and not of_row(key)})

    def kept_for_pieces(self, looked_at: LookedAt) -> frozenset[str]:
        """What has to be kept of rows for what differs between their pieces."""
        return frozenset(f"{name}{number}" for number in self.lengths_of_pieces(looked_at) for name in OF_ACTIVITY)

    @property
    def activities(self) -> list[tuple[int, bool]]:
        """The activities of the columns by number, and whether any of their days are told."""
        columns = self._encoder.columns
        numbers = range(1, self._encoder.activities + 1)
        return [(n, f"activity{n}.from" in columns or f"activity{n}.to" in columns) for n in numbers]

    @property
    def insured(self) -> int:
        """How many spells of insurance the columns tell of."""
        return self._encoder.insured


def _of_piece(made: Recipe, held: int | str, name: str, kind: int, names: list[str]) -> Value:
    """A day or a mark of pieces: what all have, or a source of their own, which ``names`` numbers."""
    if isinstance(held, int):
        return made.same(kind, held)
    if name not in names:
        names.append(name)
    at, there = names.index(name), made.same(BYTE, 1)
    if kind == DAY:
        return made.source(steps.DAYS, (there,), (Part(at, "values"), 1), DAY, marks=False)
    fixed = Part(at, "values"), 1, Part(at, "table0"), Part(at, "size0")
    return made.mark(made.source(steps.WORDS, (there,), fixed, BYTE, marks=False))


def _is_read(column: Column) -> bool:
    """Whether the days of a column are looked at, and not only whether they are there."""
    if column.slot in ("activity", "insured"):
        return column.leaf in ("from", "to")
    return column.name in ("from", "to", "known_on", "person.uk_situation_since")
