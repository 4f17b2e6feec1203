"""The classes of rows: those that agree on all that their answer has looked at, each determined once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleiss_rules.columnar.answer import Named, Template
from cleiss_rules.columnar.asking import Asker, Question, Told, Values
from cleiss_rules.columnar.days import Codes
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.frames import Frame
from cleiss_rules.columnar.helpers import WORTH, helping
from cleiss_rules.columnar.measures import Piece
from cleiss_rules.columnar.paths import Matrix, Paths
from cleiss_rules.columnar.templates import Growing, Templates
from cleiss_rules.columnar.walking import Sheet, Walker
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.store import the_law

Rows = npt.NDArray[np.int64]
#: rows that are asked for at once
_ASKED = 512
#: of a column with more words than this, each value is written out by itself
_MOST_WORDS = 1 << 10
_OPEN, _ALONE = -1, -2


class Classes:
    """Every class met so far, by number. ``first`` and ``count`` say where its answers stand among all."""

    def __init__(self, engine: RuleSets, features: Features, told: Templates, lock: RLock) -> None:
        self._engine, self._told, self._lock = engine, told, lock
        self._asker = Asker(engine)
        self._features, self._paths = features, Paths()
        self._walker = Walker(features, self._paths)
        self.first, self.count = Growing(), Growing()
        self.template, self.named = Growing(), Growing()
        self.states_said: dict[Named, int] = {}
        #: how many processes can determine rows beside this one
        self.helpers = 0

    def of(self, block: Any, piece: Piece, roots: Codes, frames: tuple[list[Frame], Codes], rows: Rows) -> Codes:
        """The class of each piece; -1 where its row has to be looked at by itself.

        ``roots``: what tells pieces apart before anything is looked at; ``frames``: their States; ``rows``: where they
        stand in the block.
        """
        found = self._walked(piece, roots)
        left = np.flatnonzero(found == _OPEN)
        while len(left):
            sheet = Sheet(self._features, piece.part(left))
            with self._lock:
                groups = _groups(roots[left], sheet.whole())
                firsts = left[[group[0] for group in groups]]
                kinds = _Kinds(
                    Sheet(self._features, piece.part(firsts)), roots[firsts], frames[1][firsts], rows[firsts]
                )
                alone = self._learn(block, kinds, frames[0])
                whole = sheet.whole()
            told = self._paths.walk(roots[left], whole)
            for kind in alone:
                told[groups[kind]] = _ALONE
            found[left] = told
            left = left[told == _OPEN]
        return np.maximum(found, _OPEN)

    def _walked(self, piece: Piece, roots: Codes) -> Codes:
        """How far the known paths lead."""
        with self._lock:
            self._paths.room_for(roots)
        return self._walker.classes(piece, roots)

    def _learn(self, block: Any, kinds: _Kinds, frames: list[Frame]) -> list[int]:
        """Learns the class of each kind of row; those that can't be learnt come back, by their place."""
        alone: list[int] = []
        left = np.arange(len(kinds.roots))
        while len(left):
            left = left[self._paths.walk(kinds.roots[left], kinds.sheet.whole()[:, left]) == _OPEN]
            chosen = _of_each_root(kinds.roots[left])
            asked, left = left[chosen], np.delete(left, chosen)
            questions = [
                Question(values, first, last, frames[frame].roles)
                for values, first, last, frame in zip(
                    _values(block, kinds.rows[asked]),
                    kinds.sheet.piece.start[asked].tolist(),
                    kinds.sheet.piece.end[asked].tolist(),
                    kinds.frames[asked].tolist(),
                    strict=True,
                )
            ]
            for place, told in self._answers(questions, len(left)):
                kind = int(asked[place])
                if told is None:
                    alone.append(kind)
                else:
                    self._learn_one(told, kinds, kind, len(questions[place].roles))
        return alone

    def _answers(self, questions: Sequence[Question], left: int) -> Iterable[tuple[int, Told | None]]:
        """What the reference engine says, asked in several processes where many rows are to be asked for."""
        if self.helpers and len(questions) + left >= WORTH and self._engine.law is the_law():
            found = helping(self._engine.law.digest)
            if found is not None:
                return found.answers(questions, self._asker, self.helpers)
        return ((place, self._asker.told(question)) for place, question in enumerate(questions))

    def _learn_one(self, told: Told, kinds: _Kinds, kind: int, roles: int) -> None:
        """Learns the class of a kind of row, which names so many States (``roles``)."""
        root, sheet = int(kinds.roots[kind]), kinds.sheet
        read = self._features.of(told.read, sheet.piece, roles)
        features = sheet.whole()[:, kind].tolist()
        if not self._paths.leads(root, features):  # a row that was asked together with this one can be like it
            self._add(told.templates)
            self._paths.learn(root, features, read, self.count.size - 1, self._features.sizes)

    def _add(self, templates: Sequence[Template]) -> None:
        self.first.add(self.template.size)
        for template in templates:
            self.template.add(self._told.number(template))
            self.named.add(self.states_said.setdefault(template.legislation, len(self.states_said)))
        self.count.add(len(templates))


@dataclass(frozen=True, slots=True)
class _Kinds:
    """A row of each kind: its features, its root, its States, and where it stands in the block."""

    sheet: Sheet
    roots: Codes
    frames: Codes
    rows: Rows


def _of_each_root(roots: Codes) -> Rows:
    """Rows that are asked for together: of each root as few as make them worth it, since those can be alike."""
    _, root = np.unique(roots, return_inverse=True)
    order = np.argsort(root, kind="stable")
    begins = np.flatnonzero(np.diff(root[order], prepend=-1))
    nth = np.empty(len(roots), np.int64)
    nth[order] = np.arange(len(roots)) - np.repeat(begins, np.diff(begins, append=len(roots)))
    return np.sort(np.lexsort((np.arange(len(roots)), nth))[:_ASKED])


def _values(block: Any, rows: Rows) -> list[Values]:
    """What rows of a block hold, many at a time and column by column; what is not stated is left out."""
    part = block.take(pa.array(rows))
    found: list[Values] = [{} for _ in rows]
    for name, column in zip(part.schema.names, part.columns, strict=True):
        if column.null_count == len(column):
            continue
        held = _plain(column)
        for values, value in zip(found, held, strict=True):
            if value is not None:
                values[name] = value
    return found


def _plain(column: Any) -> list[Any]:
    """The values of a column; its words are not written out one by one, where they are few."""
    if not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    if len(column.dictionary) > _MOST_WORDS:
        return list(column.dictionary_decode().to_pylist())
    words = column.dictionary.to_pylist()
    return [None if place is None else words[place] for place in column.indices.to_pylist()]


def _groups(roots: Codes, features: Matrix) -> list[Rows]:
    """Rows that agree on their root and every feature, in the order of the first of each."""
    own = np.ascontiguousarray(roots).view(np.uint8).reshape(len(roots), -1)
    keys = np.concatenate([own, features.T], axis=1)
    whole = np.ascontiguousarray(keys).view(np.dtype((np.void, keys.shape[1]))).ravel()
    _, group = np.unique(whole, return_inverse=True)
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    return sorted(np.split(order, cuts), key=lambda rows: int(rows[0]))
