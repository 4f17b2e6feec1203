"""Random numbers that are the same everywhere: by seed, chunk and name of what is drawn.

Only the raw 64-bit words of PCG64 are used, which numpy promises to keep; its distributions may change between versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


class Draws:
    """What is drawn for the rows of one chunk. A name draws the same numbers whatever else is drawn."""

    def __init__(self, seed: int, chunk: int, rows: int) -> None:
        self._seed = seed
        self._chunk = chunk
        self.rows = rows
        self._drawn: dict[str, Floats] = {}

    def uniform(self, name: str) -> Floats:
        """A number from 0 (inclusive) to 1 (exclusive) for each row."""
        if name in self._drawn:
            return self._drawn[name]
        sequence = np.random.SeedSequence(self._seed, spawn_key=(self._chunk, crc32(name.encode())))
        words: Any = np.random.PCG64(sequence).random_raw(self.rows)
        found: Floats = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
        self._drawn[name] = found
        return found


def chosen(numbers: Floats, weights: Mapping[Any, float]) -> Places:
    """For each uniform number the place of an item, in proportion to its weight."""
    edges = np.cumsum(np.fromiter(weights.values(), np.float64, len(weights)))
    return np.searchsorted(edges[:-1] / edges[-1], numbers, side="right")


def between(numbers: Floats, low: float, high: float) -> Floats:
    """Evenly from ``low`` to ``high``, in whole units, both inside."""
    return np.floor(low + numbers * (high - low + 1))


def lasting(numbers: Floats, mean: Floats | float, longest: float) -> Floats:
    """Whole days, 1 or more, that fall off evenly with the mean (in days); longer ones are cut."""
    # The scale at which an exponential, rounded up to whole days, has this mean.
    scale = -1 / np.log1p(-1 / np.maximum(np.asarray(mean, np.float64), 1.01))
    found: Floats = np.minimum(np.maximum(np.ceil(-np.log1p(-numbers) * scale), 1.0), longest)
    return found
