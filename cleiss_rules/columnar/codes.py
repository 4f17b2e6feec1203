"""A column of Arrow values as small whole numbers, 0 for unknown; and which rows hold something no column can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleiss_rules.columnar.days import FIRST, LAST, UNKNOWN, Codes, Days

#: what a value gets that the column does not accept
WRONG = -1
Mask = npt.NDArray[np.bool_]


def words(values: Any, code: Callable[[str], int]) -> Codes:
    """Codes of a column of words; ``code`` is asked once for each distinct word."""
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    lookup = np.zeros(len(values.dictionary) + 1, np.int32)
    for place, word in enumerate(values.dictionary.to_pylist()):
        lookup[place] = 0 if word is None else code(word)
    indices = values.indices
    if indices.null_count:
        indices = indices.fill_null(len(values.dictionary))
    found: Codes = lookup[indices.to_numpy(zero_copy_only=False)]
    return found


def from_list(known: Mapping[str, int]) -> Callable[[str], int]:
    """Codes of words that stand in a list; WRONG for others."""
    return lambda word: known.get(word, WRONG)


def flags(values: Any) -> Codes:
    """0 unknown, 1 false, 2 true."""
    if values.type != pa.bool_():
        values = values.cast(pa.bool_())
    found: Any = values.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int32) + 1
    if values.null_count:
        found[np.asarray(values.is_null().to_numpy(zero_copy_only=False))] = 0
    return found  # type: ignore[no-any-return]


def days(values: Any) -> Days:
    """Days as numbers, UNKNOWN where there is none."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if values.type != pa.date32():
        values = pc.cast(values, pa.date32())
    found: Days = values.cast(pa.int32()).fill_null(int(UNKNOWN)).to_numpy(zero_copy_only=False)
    return found


def numbers(values: Any) -> npt.NDArray[np.float64]:
    """Numbers; NaN where there is none."""
    found: npt.NDArray[np.float64] = values.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    return found


def beyond(found: Days) -> Mask:
    """Which days lie so far away that they are looked at one by one."""
    wrong: Mask = (found != UNKNOWN) & ((found < FIRST) | (found > LAST))
    return wrong


class Buckets:
    """Numbers told apart by thresholds: below, on and above each; 0 for unknown."""

    def __init__(self, marks: set[float]) -> None:
        self.marks = np.array(sorted(marks))
        self.size = 2 * len(self.marks) + 2

    def codes(self, values: npt.NDArray[np.float64]) -> Codes:
        """The code of each number."""
        found = np.ones(len(values), np.int32)
        for mark in self.marks:
            found += (values >= mark).astype(np.int32)
            found += values > mark
        found[np.isnan(values)] = 0
        return found
