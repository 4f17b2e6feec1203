"""The classes of rows: those that agree on all that their answer has looked at, each determined once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.columnar.answer import Named, Template, template_of
from cleiss_rules.columnar.days import FAR, Codes
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.frames import Frame, day_of
from cleiss_rules.columnar.measures import Piece
from cleiss_rules.columnar.paths import Matrix, Paths
from cleiss_rules.columnar.reads import Everything, Read, Spelt, watched
from cleiss_rules.columnar.rows import case_data
from cleiss_rules.columnar.templates import Growing, Templates
from cleiss_rules.determination import segments_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.errors import InvalidCase
from cleiss_rules.facts.case import Case
from cleiss_rules.result import Segment, Words

Rows = npt.NDArray[np.int64]
Values = dict[str, Any]
#: rows that are read off a block at once
_TOGETHER = 256
_OPEN, _ALONE = -1, -2


class Sheet:
    """The features of a piece, a row of small numbers for each; what is asked for later is added."""

    def __init__(self, features: Features, piece: Piece) -> None:
        self._features, self.piece = features, piece
        self._computed = 0
        self._held: Matrix = np.zeros((0, len(piece.start)), np.uint8)

    def whole(self) -> Matrix:
        """All features that are known by now."""
        wanted = len(self._features.sizes)
        if wanted > len(self._held):
            held = np.empty((wanted, len(self.piece.start)), np.uint8)
            held[: self._computed] = self._held[: self._computed]
            self._held = held
        for feature in range(self._computed, wanted):
            self._held[feature] = self._features.compute(feature, self.piece)
        self._computed = wanted
        return self._held


class Classes:
    """Every class met so far, by number. ``first`` and ``count`` say where its answers stand among all."""

    def __init__(self, engine: RuleSets, features: Features, told: Templates, lock: RLock) -> None:
        self._engine, self._told, self._lock = engine, told, lock
        self._names = {code: Words(fr=name.fr, en=name.en) for code, name in engine.law.states.items()}
        self._features, self._paths = features, Paths()
        self.first, self.count = Growing(), Growing()
        self.template, self.named = Growing(), Growing()
        self.states_said: dict[Named, int] = {}

    def of(self, block: Any, piece: Piece, roots: Codes, frames: tuple[list[Frame], Codes], rows: Rows) -> Codes:
        """The class of each piece; -1 where its row has to be looked at by itself.

        ``roots``: what tells pieces apart before anything is looked at; ``frames``: their States; ``rows``: where they
        stand in the block.
        """
        found = self._walked(piece, roots)
        left = np.flatnonzero(found == _OPEN)
        while len(left):
            sheet = Sheet(self._features, piece.part(left))
            states = frames[0], frames[1][left]
            with self._lock:
                groups = _groups(roots[left], sheet.whole())
                firsts = [int(group[0]) for group in groups]
                for group, row, values in zip(groups, firsts, _values(block, rows[left[firsts]]), strict=True):
                    if not self._learnt(values, sheet, row, int(roots[left[row]]), states):
                        found[left[group]] = _ALONE
                whole = sheet.whole()
            told = self._paths.walk(roots[left], whole)
            found[left] = np.where(found[left] == _ALONE, _ALONE, told)
            left = left[found[left] == _OPEN]
        return np.maximum(found, _OPEN)

    def _walked(self, piece: Piece, roots: Codes) -> Codes:
        """How far the known paths lead."""
        with self._lock:
            self._paths.room_for(roots)
        return self._paths.walk(roots, Sheet(self._features, piece).whole())

    def _learnt(self, values: Values, sheet: Sheet, row: int, root: int, frames: tuple[list[Frame], Codes]) -> bool:
        """Asks the reference engine for one row; what it refuses, or would cut further, is not learnt."""
        if self._paths.leads(root, sheet.whole()[:, row]):
            return True
        held, frame_numbers = frames
        seen: dict[Read, None] = {}
        segments = self._asked(values, int(sheet.piece.start[row]), int(sheet.piece.end[row]), seen)
        if not segments or Everything() in seen:
            return False
        templates = self._add(segments, held[int(frame_numbers[row])])
        seen.update(dict.fromkeys(_told_by_name(templates)))
        read = tuple(self._features.of(seen, sheet.piece))
        self._paths.learn(root, sheet.whole()[:, row].tolist(), read, self.count.size - 1, self._features.sizes)
        return True

    def _asked(self, values: Values, start: int, end: int, seen: dict[Read, None]) -> tuple[Segment, ...]:
        first, last = day_of(start), None if end == FAR else day_of(end)
        try:
            case = Case.model_validate(case_data({**values, "case": None, "from": first, "to": last}, canonical=True))
            watched(case, seen)
            segments = segments_of(case, self._engine)
        except InvalidCase:
            return ()
        return segments if all((one.from_, one.to) == (first, last) for one in segments) else ()

    def _add(self, segments: tuple[Segment, ...], frame: Frame) -> list[Template]:
        self.first.add(self.template.size)
        templates = [template_of(segment, frame.roles, self._names) for segment in segments]
        for template in templates:
            self.template.add(self._told.number(template))
            self.named.add(self.states_said.setdefault(template.legislation, len(self.states_said)))
        self.count.add(len(segments))
        return templates


def _values(block: Any, rows: Rows) -> Iterator[Values]:
    """What rows of a block hold, many at a time: to ask for one alone costs as much as for ten."""
    for first in range(0, len(rows), _TOGETHER):
        yield from block.take(pa.array(rows[first : first + _TOGETHER])).to_pylist()


def _told_by_name(templates: Iterable[Template]) -> Iterator[Spelt]:
    """States that answers tell by name, as the row names them not: in a row that does, they have a role."""
    for template in templates:
        for state in template.legislation:
            if isinstance(state, str):
                yield Spelt(frozenset({state}))


def _groups(roots: Codes, features: Matrix) -> list[Rows]:
    """Rows that agree on their root and every feature, in the order of the first of each."""
    own = np.ascontiguousarray(roots).view(np.uint8).reshape(len(roots), -1)
    keys = np.concatenate([own, features.T], axis=1)
    whole = np.ascontiguousarray(keys).view(np.dtype((np.void, keys.shape[1]))).ravel()
    _, group = np.unique(whole, return_inverse=True)
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    return sorted(np.split(order, cuts), key=lambda rows: int(rows[0]))
