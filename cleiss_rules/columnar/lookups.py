"""Reading many places of a table at once: compiled where numba is installed, numpy otherwise."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt


def gather(values: npt.NDArray[Any], at: npt.NDArray[Any]) -> Any:
    """``values[at]``: one value for each place."""
    compiled = compiled_loops()
    if compiled is None or len(at) < _FEW:
        return values[at]
    return compiled.gather(values, at, np.empty(len(at), values.dtype))


def gather_pairs(
    table: npt.NDArray[np.int32], width: int, first: npt.NDArray[Any], second: npt.NDArray[Any]
) -> npt.NDArray[np.int32]:
    """``table[first * width + second]``."""
    compiled = compiled_loops()
    if compiled is None or len(first) < _FEW:
        places = first.astype(np.int64) * width + second
        found: npt.NDArray[np.int32] = table[places]
        return found
    paired: npt.NDArray[np.int32] = compiled.gather_pairs(table, width, first, second, np.empty(len(first), np.int32))
    return paired


#: for fewer places than this, handing them to compiled code costs more than it saves
_FEW = 1024


@lru_cache(maxsize=1)
def compiled_loops() -> Any:
    """The compiled loops; None where numba is not installed."""
    try:
        from cleiss_rules.columnar import compiled
    except ImportError:
        return None
    return compiled
