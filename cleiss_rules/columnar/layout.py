"""How codes are put together into words: each in some bits of a byte, eight bytes a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

#: bits in a byte and bytes in a word
EIGHT = 8


class Layout:
    """Where the codes of a signature stand in its bytes: the largest first, each in the first byte that has room."""

    def __init__(self, sizes: Sequence[int]) -> None:
        bits = [max(1, (size - 1).bit_length()) for size in sizes]
        places, left = [(0, 0)] * len(sizes), list[int]()
        for code in sorted(range(len(sizes)), key=lambda one: -bits[one]):
            byte = next((place for place, room in enumerate(left) if room >= bits[code]), len(left))
            if byte == len(left):
                left.append(EIGHT)
            places[code] = byte, EIGHT - left[byte]
            left[byte] -= bits[code]
        #: the byte and the bit of each code
        self.places: npt.NDArray[np.int64] = np.array(places, np.int64).reshape(-1, 2)
        self.bytes = len(left)
        self.words = -(-len(left) // EIGHT)
