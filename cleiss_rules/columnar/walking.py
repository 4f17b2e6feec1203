"""How far the known decision paths lead the rows of a piece, with as few features computed as that takes.

What the figure of a row tells is read off a table of figures. Features that many rows ask for are computed for all of
them, the others for those rows alone that come to a node which asks for them. Without numba, all features are computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar.days import Codes
from cleiss_rules.columnar.features import Features
from cleiss_rules.columnar.lookups import compiled_loops
from cleiss_rules.columnar.measures import Piece
from cleiss_rules.columnar.paths import Matrix, Paths

Rows = npt.NDArray[np.int64]
#: for fewer rows than this, all features are computed
_FEW = 1 << 9
#: a feature that fewer than one in so many rows ask for is computed for those that do
_SELDOM = 12
_NOT_AT_HAND = -1


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


class Walker:
    """Walks the paths of rows with certain columns, and counts which features they ask for. Safe under threads."""

    def __init__(self, features: Features, paths: Paths) -> None:
        self._features, self._paths = features, paths
        #: how often each feature was asked for, and by how many rows; always replaced together
        self._asked: tuple[npt.NDArray[np.int64], int] = np.zeros(0, np.int64), 0

    def classes(self, piece: Piece, roots: Codes) -> Codes:
        """The answer of each row; -1 where no path is known."""
        loops = compiled_loops()
        if loops is None or len(roots) < _FEW:
            return self._paths.walk(roots, Sheet(self._features, piece).whole())
        held, place = self._at_hand(piece)
        node = self._paths.begin(roots)
        paths = self._paths.arrays
        asked = np.zeros(len(place), np.int64)
        rows: Rows = np.arange(len(roots))
        while len(rows):
            loops.walk_far(paths, node, rows, held, piece.figure, place, asked)
            rows = rows[node[rows] >= 0]
            self._step(piece, paths, node, rows)
        before, count = self._asked
        asked[: len(before)] += before[: len(asked)]
        self._asked = asked, count + len(roots)
        return self._paths.answers(node)

    def _at_hand(self, piece: Piece) -> tuple[tuple[Matrix, Matrix], Codes]:
        """The features that many rows ask for, a line for each row; those of figures; and where each feature stands."""
        of_figure, table = self._features.of_figures()
        asked, count = self._asked
        often = np.ones(len(of_figure), np.bool_)
        often[: len(asked)] = asked[: len(of_figure)] * _SELDOM >= count
        place = np.where(of_figure >= 0, -2 - of_figure, np.int32(_NOT_AT_HAND)).astype(np.int32)
        chosen = np.flatnonzero((of_figure < 0) & often).tolist()
        held = np.empty((len(piece.start), len(chosen)), np.uint8)
        for column, feature in enumerate(chosen):
            place[feature], held[:, column] = column, self._features.compute(feature, piece)
        return (held, table), place

    def _step(self, piece: Piece, paths: tuple[Codes, Codes, Codes], node: Codes, rows: Rows) -> None:
        """Leads rows over nodes that ask for features which are not at hand."""
        feature, first, branches = paths
        for asked, alike in _by(feature[node[rows]], rows):
            values = self._features.compute(asked, piece.part(alike))
            node[alike] = branches[first[node[alike]] + values]


def _by(keys: Any, rows: Rows) -> Iterator[tuple[int, Rows]]:
    """The rows with each key."""
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    for alike in np.split(order, cuts) if len(order) else ():
        yield int(keys[alike[0]]), rows[alike]
