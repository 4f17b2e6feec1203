"""Decision paths: which feature is asked next, given the values of those before, until all that an answer read is told.

A path ends where every feature that the answer at its end has read stands on it; so two rows on one path have the same
answer. Paths are learnt from answers, one at a time; each begins at a root, which is what tells rows apart before anything is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.uint8]

_NOWHERE = -1
#: a column of this length and more grows by a fourth: the old one lies beside it while it does
_LARGE = 1 << 22


class Paths:
    """All paths that were learnt. Answers are whole numbers from 0 on."""

    def __init__(self) -> None:
        #: by node: the feature asked, and where the nodes after it stand; a node of ``branches`` below -1 is an answer
        self._feature = np.zeros(1024, np.int32)
        self._first = np.zeros(1024, np.int32)
        self._nodes = 0
        self._branches = np.full(4096, _NOWHERE, np.int32)
        self._used = 0
        self._roots = np.full(256, _NOWHERE, np.int32)

    def walk(self, roots: Codes, features: Matrix) -> Codes:
        """The answer of each row by its root and its features (a column each); -1 where no path is known."""
        self.room_for(roots)
        arrays = self._roots, self._feature, self._first, self._branches
        return _walk()(*arrays, roots, features)

    def begin(self, roots: Codes) -> Codes:
        """The first node of each row. A node from 0 on asks for a feature; one below -1 is an answer (``answers``)."""
        self.room_for(roots)
        return self._roots[roots]

    @property
    def arrays(self) -> tuple[Codes, Codes, Codes]:
        """What nodes ask for, and where the nodes after them stand, and those."""
        return self._feature, self._first, self._branches

    @staticmethod
    def answers(node: Codes) -> Codes:
        """The answers at the ends of paths; -1 at a node where no path is known."""
        found: Codes = np.where(node < _NOWHERE, -2 - node, _NOWHERE).astype(np.int32)
        return found

    def room_for(self, roots: Codes) -> None:
        """Makes room for roots that were not met before."""
        most = int(roots.max(initial=0))
        if most >= len(self._roots):
            self._roots = _grown(self._roots, most + 1, _NOWHERE)

    def leads(self, root: int, row: Sequence[int]) -> bool:
        """Whether the path of a row leads to an answer."""
        return self._end(root, row)[1] < _NOWHERE

    def learn(self, root: int, row: Sequence[int], read: Iterable[int], answer: int, sizes: Sequence[int]) -> None:
        """A new path for a row, on which all that was read is asked."""
        slot, _, asked = self._end(root, row)
        for feature in read:
            if feature in asked:
                continue
            asked.add(feature)
            node = self._node(feature, sizes[feature])
            self._put(root, slot, node)
            slot = self._first.item(node) + row[feature]
        self._put(root, slot, -2 - answer)

    def _end(self, root: int, row: Sequence[int]) -> tuple[int, int, set[int]]:
        """How far the known path of a row leads: the place of what follows, what stands there, and what was asked on it."""
        asked: set[int] = set()
        if root >= len(self._roots):
            self._roots = _grown(self._roots, root + 1, _NOWHERE)
        slot, following = _NOWHERE, self._roots.item(root)
        of, first, branches = self._feature.item, self._first.item, self._branches.item
        while following > _NOWHERE:
            feature = of(following)
            asked.add(feature)
            slot = first(following) + row[feature]
            following = branches(slot)
        return slot, following, asked

    def _put(self, root: int, slot: int, node: int) -> None:
        if slot == _NOWHERE:
            self._roots[root] = node
        else:
            self._branches[slot] = node

    def _node(self, feature: int, size: int) -> int:
        if self._nodes == len(self._feature):
            self._feature = _grown(self._feature, self._nodes + 1, 0)
            self._first = _grown(self._first, self._nodes + 1, 0)
        if self._used + size > len(self._branches):
            self._branches = _grown(self._branches, self._used + size, _NOWHERE)
        self._feature[self._nodes], self._first[self._nodes] = feature, self._used
        self._used += size
        self._nodes += 1
        return self._nodes - 1


def _grown(column: Codes, least: int, value: int) -> Codes:
    more = len(column) if len(column) < _LARGE else len(column) >> 2
    grown = np.full(max(len(column) + more, least), value, np.int32)
    grown[: len(column)] = column
    return grown


Walk = Callable[[Codes, Codes, Codes, Codes, Codes, Matrix], Codes]


@lru_cache(maxsize=1)
def _walk() -> Walk:
    """The compiled walk where numba is installed, the same in numpy otherwise."""
    try:
        from cleiss_rules.columnar.compiled import walk
    except ImportError:
        return walk_in_numpy
    compiled: Walk = walk
    return compiled


def walk_in_numpy(roots: Codes, feature: Codes, first: Codes, branches: Codes, at: Codes, features: Matrix) -> Codes:
    """Where rows arrive that begin ``at`` a root each: all of them take a step at a time."""
    node = roots[at]
    found = np.full(len(at), _NOWHERE, np.int32)
    rows = np.flatnonzero(node != _NOWHERE)
    node = node[rows]
    while len(rows):
        done = node < _NOWHERE
        if done.any():
            found[rows[done]] = -2 - node[done]
            rows, node = rows[~done], node[~done]
        asked = feature[node]
        told = asked < len(features)  # another thread may be learning: what is newer is not known here
        if not told.all():
            rows, node, asked = rows[told], node[told], asked[told]
        node = branches[first[node] + features[asked, rows]]
        known = node != _NOWHERE
        if not known.all():
            rows, node = rows[known], node[known]
    return found
