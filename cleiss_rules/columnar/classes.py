"""The classes of rows: those that agree on all that their answer has looked at, each determined once."""

from __future__ import annotations

from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar.answer import Named, template_of
from cleiss_rules.columnar.days import FAR, Codes
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.frames import Frame, day_of
from cleiss_rules.columnar.measures import Piece
from cleiss_rules.columnar.paths import Matrix, Paths
from cleiss_rules.columnar.reads import Everything, Read, watched
from cleiss_rules.columnar.rows import case_data
from cleiss_rules.columnar.templates import Growing, Templates
from cleiss_rules.determination import segments_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.errors import InvalidCase
from cleiss_rules.facts.case import Case
from cleiss_rules.result import Segment, Words

Rows = npt.NDArray[np.int64]
_OPEN, _ALONE = -1, -2


class Sheet:
    """The features of a piece, a row each; what is asked for later is added."""

    def __init__(self, features: Features, piece: Piece) -> None:
        self._features, self._piece = features, piece
        self._computed = 0
        self._held: Matrix = np.zeros((len(piece.start), 0), np.uint8)

    def whole(self) -> Matrix:
        """All features that are known by now."""
        wanted = len(self._features.sizes)
        if wanted > self._held.shape[1]:
            held = np.zeros((len(self._piece.start), wanted + wanted // 2), np.uint8)
            held[:, : self._computed] = self._held[:, : self._computed]
            self._held = held
        for feature in range(self._computed, wanted):
            self._held[:, feature] = self._features.compute(feature, self._piece)
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

    def of(self, block: Any, piece: Piece, figure: Codes, frames: tuple[list[Frame], Codes], rows: Rows) -> Codes:
        """The class of each piece; -1 where its row has to be looked at by itself.

        ``figure``: what sets the States of each piece apart; ``frames``: its States; ``rows``: where it stands in the block.
        """
        sheet = Sheet(self._features, piece)
        with self._lock:
            self._features.always(piece)
        found = self._paths.walk(figure, sheet.whole())
        left = np.flatnonzero(found == _OPEN)
        while len(left):
            with self._lock:
                for group in _groups(figure[left], sheet.whole()[left]):
                    row = int(left[group[0]])
                    if not self._learnt(block, piece, sheet, int(figure[row]), frames, (row, int(rows[row]))):
                        found[left[group]] = _ALONE
                whole = sheet.whole()
            left = left[found[left] == _OPEN]
            found[left] = self._paths.walk(figure[left], whole[left])
            left = left[found[left] == _OPEN]
        return np.maximum(found, _OPEN)

    def _learnt(
        self,
        block: Any,
        piece: Piece,
        sheet: Sheet,
        figure: int,
        frames: tuple[list[Frame], Codes],
        at: tuple[int, int],
    ) -> bool:
        """Asks the reference engine for one row; what it refuses, or would cut further, is not learnt."""
        row, of_block = at
        if self._paths.leads(figure, sheet.whole()[row]):
            return True
        held, frame_numbers = frames
        values = block.slice(of_block, 1).to_pylist()[0]
        seen: dict[Read, None] = {}
        segments = self._asked(values, int(piece.start[row]), int(piece.end[row]), seen)
        if not segments or Everything() in seen:
            return False
        read = (*self._features.always(piece), *self._features.of(seen, piece))
        self._add(segments, held[int(frame_numbers[row])])
        self._paths.learn(figure, sheet.whole()[row].tolist(), read, self.count.size - 1, self._features.sizes)
        return True

    def _asked(self, values: dict[str, Any], start: int, end: int, seen: dict[Read, None]) -> tuple[Segment, ...]:
        first, last = day_of(start), None if end == FAR else day_of(end)
        try:
            case = Case.model_validate(case_data({**values, "case": None, "from": first, "to": last}, canonical=True))
            watched(case, seen)
            segments = segments_of(case, self._engine)
        except InvalidCase:
            return ()
        return segments if all((one.from_, one.to) == (first, last) for one in segments) else ()

    def _add(self, segments: tuple[Segment, ...], frame: Frame) -> None:
        self.first.add(self.template.size)
        for segment in segments:
            template = template_of(segment, frame.roles, self._names)
            self.template.add(self._told.number(template))
            self.named.add(self.states_said.setdefault(template.legislation, len(self.states_said)))
        self.count.add(len(segments))


def _groups(figures: Codes, features: Matrix) -> list[Rows]:
    """Rows that agree on their figure and every feature, in the order of the first of each."""
    keys = np.concatenate([np.ascontiguousarray(figures).view(np.uint8).reshape(len(figures), -1), features], axis=1)
    whole = np.ascontiguousarray(keys).view(np.dtype((np.void, keys.shape[1]))).ravel()
    _, group = np.unique(whole, return_inverse=True)
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    return sorted(np.split(order, cuts), key=lambda rows: int(rows[0]))
