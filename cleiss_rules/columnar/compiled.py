"""The walk down the decision paths as compiled code. Needs numba (``pip install 'cleiss-rules[fast]'``)."""

from __future__ import annotations

import numba
import numpy as np

_NOWHERE = -1


@numba.njit(cache=True, nogil=True)
def walk(roots, feature, first, branches, at, features):  # type: ignore[no-untyped-def]
    """The answer of each row; -1 where no path is known. The same as ``Paths.walk``, which says what the arrays hold."""
    count, nodes, told, places = len(at), len(feature), len(features), len(branches)
    found = np.full(count, _NOWHERE, np.int32)
    for row in range(count):
        node = roots[at[row]]
        while node > _NOWHERE:
            # another thread may be learning: what is newer than what was handed in is not known here
            asked = feature[node] if node < nodes else told
            if asked >= told:
                node = _NOWHERE
                break
            place = first[node] + features[asked, row]
            node = branches[place] if place < places else _NOWHERE
        if node < _NOWHERE:
            found[row] = -2 - node
    return found


@numba.njit(cache=True, nogil=True)
def walk_far(paths, node, rows, held, figure, place, asked):  # type: ignore[no-untyped-def]
    """Walks on from the ``node`` of each of the rows, as far as features are at hand; where one is not, the row stays there.

    ``place``: of each feature, its column in ``held[0]`` (a line for each row), or, counted down from -2, in ``held[1]``
    (one for each figure); -1 where it is not at hand. ``asked`` counts how often each feature was asked for.
    """
    feature, first, branches = paths
    of_row, of_figure = held
    nodes, told, places = len(feature), len(place), len(branches)
    for row in rows:
        at = node[row]
        while at > _NOWHERE:
            this = feature[at] if at < nodes else told
            if this >= told:
                at = _NOWHERE
                break
            asked[this] += 1
            where = place[this]
            if where == -1:
                break
            value = of_row[row, where] if where >= 0 else of_figure[figure[row], -2 - where]
            branch = first[at] + value
            at = branches[branch] if branch < places else _NOWHERE
        node[row] = at


@numba.njit(cache=True, nogil=True)
def gather(values, at, found):  # type: ignore[no-untyped-def]
    """One value for each place."""
    for row in range(len(at)):
        found[row] = values[at[row]]
    return found


@numba.njit(cache=True, nogil=True)
def gather_pairs(table, width, first, second, found):  # type: ignore[no-untyped-def]
    """One value for each pair of a row and a column of a table that lies flat."""
    for row in range(len(first)):
        found[row] = table[np.int64(first[row]) * width + second[row]]
    return found
