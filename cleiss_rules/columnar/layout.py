"""How codes are put together into words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_WORD = 64


class Layout:
    """Where the codes of a signature stand in its words."""

    def __init__(self, sizes: Sequence[int]) -> None:
        places, word, bit = [], 0, 0
        for size in sizes:
            bits = max(1, (size - 1).bit_length())
            if bit + bits > _WORD:
                word, bit = word + 1, 0
            places.append((word, bit))
            bit += bits
        self.places: npt.NDArray[np.int64] = np.array(places, np.int64).reshape(-1, 2)
        self.words = word + 1
