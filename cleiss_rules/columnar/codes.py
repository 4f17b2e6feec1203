"""A column of Arrow values as small whole numbers, 0 for unknown; and which rows hold something no column can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleiss_rules.columnar.days import FIRST, LAST, UNKNOWN, Codes, Days
from cleiss_rules.columnar.lookups import gather

#: what a value gets that the column does not accept
WRONG = -1
_ONE_BYTE = 256
Mask = npt.NDArray[np.bool_]


def given(values: Any) -> Mask | None:
    """Which values are not null; None where none is."""
    if not values.null_count:
        return None
    if pa.types.is_dictionary(values.type):
        values = values.indices
    bits = values.buffers()[0]
    if bits is None:  # a type whose nulls are not held as bits
        return np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False))
    return _unpacked(bits, values)


def words(values: Any, code: Callable[[str], int]) -> Codes:
    """Codes of a column of words; ``code`` is asked once for each distinct word."""
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    lookup = np.zeros(len(values.dictionary) + 1, np.int32)
    for place, word in enumerate(values.dictionary.to_pylist()):
        lookup[place] = 0 if word is None else code(word)
    indices, known = _plain(values.indices), given(values)
    if known is not None:
        indices = np.where(known, indices, indices.dtype.type(0))
    narrow = (
        lookup if len(lookup) > _ONE_BYTE or lookup.max() >= _ONE_BYTE or lookup.min() < 0 else lookup.astype(np.uint8)
    )
    found: Any = gather(narrow, indices) if len(lookup) > 1 else np.zeros(len(indices), np.uint8)
    coded: Codes = found if known is None else found * known
    return coded


def from_list(known: Mapping[str, int]) -> Callable[[str], int]:
    """Codes of words that stand in a list; WRONG for others."""
    return lambda word: known.get(word, WRONG)


def flags(values: Any) -> Codes:
    """0 unknown, 1 false, 2 true."""
    if values.type != pa.bool_():
        values = values.cast(pa.bool_())
    known = given(values)
    found: Any = _unpacked(values.buffers()[1], values).view(np.uint8) + np.uint8(1)
    coded: Codes = found if known is None else found * known
    return coded


def days(values: Any) -> Days:
    """Days as numbers, UNKNOWN where there is none."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if values.type != pa.date32():
        values = pc.cast(values, pa.date32())
    found: Days = _filled(values, UNKNOWN, np.int32)
    return found


def numbers(values: Any) -> npt.NDArray[np.float64]:
    """Numbers; NaN where there is none."""
    if values.type != pa.float64():
        values = values.cast(pa.float64())
    found: npt.NDArray[np.float64] = _filled(values, np.nan, np.float64)
    return found


def _filled(values: Any, unknown: Any, kind: Any) -> Any:
    found, known = _plain(values, kind), given(values)
    return found if known is None else np.where(known, found, kind(unknown))


def _plain(values: Any, kind: Any = None) -> Any:
    """The numbers of a column as they lie in memory, nulls included."""
    held = kind if kind is not None else values.type.to_pandas_dtype()
    if not len(values):
        return np.zeros(0, held)
    return np.frombuffer(values.buffers()[1], held)[values.offset : values.offset + len(values)]


def _unpacked(bits: Any, values: Any) -> Mask:
    first = values.offset // 8
    least = (values.offset + len(values) + 7) // 8
    whole = np.unpackbits(np.frombuffer(bits, np.uint8)[first:least], bitorder="little")
    begin = values.offset - 8 * first
    return whole[begin : begin + len(values)].view(np.bool_)


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
        found: Any = np.ones(len(values), np.uint8 if self.size <= _ONE_BYTE else np.int32)
        for mark in self.marks:
            found += values >= mark
            found += values > mark
        found[np.isnan(values)] = 0
        coded: Codes = found
        return coded
