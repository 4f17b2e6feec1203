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
