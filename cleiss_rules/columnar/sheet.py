"""Columns of Arrow values as steps of a program: where they lie in memory, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleiss_rules.columnar import kernels
from cleiss_rules.columnar import program as steps
from cleiss_rules.columnar.codes import WRONG
from cleiss_rules.columnar.program import Program

_BYTE = 256
_WIDTHS = (1, 2, 4)


class Dictionaries:
    """The codes of the words of columns. The words of a column are looked up anew only where they are others."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, npt.NDArray[np.uint16]]] = {}

    def codes(self, name: str, words: Any, code: Callable[[str], int]) -> npt.NDArray[np.uint16]:
        """The code of each word of a column's dictionary."""
        known = self._known.get(name)
        if known is not None and (known[0] is words or known[0].equals(words)):
            return known[1]
        found = [0 if word is None else code(word) for word in words.to_pylist()]
        table = np.array([kernels.REFUSED if one == WRONG else one for one in found] or [0], np.uint16)
        self._known[name] = words, table
        return table


def given(values: Any, made: Program, *, mask: int | None = None) -> int:
    """Which values are there: a field, or a mask."""
    out = made.field(2) if mask is None else mask
    held = values.indices if pa.types.is_dictionary(values.type) else values
    made.do(steps.GIVEN, out, mask is not None, 0, *_bits(held, made))
    return out


def words(values: Any, name: str, known: Dictionaries, code: Callable[[str], int], size: int, made: Program) -> int:
    """The codes of a column of words: their field; of more than a byte holds, the first of two."""
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    indices, table = values.indices, known.codes(name, values.dictionary, code)
    if indices.type.bit_width // 8 not in _WIDTHS:
        indices = indices.cast(pa.int32())
    low = made.field(min(size, _BYTE))
    if size > _BYTE:
        made.field(_BYTE)
    width = indices.type.bit_width // 8
    where = _address(indices, width, made), width, *_bits(indices, made)
    made.do(steps.WIDE if size > _BYTE else steps.WORDS, low, *where, made.at(table), len(table))
    return low


def flags(values: Any, made: Program) -> int:
    """0 unknown, 1 false, 2 true."""
    if values.type != pa.bool_():
        values = values.cast(pa.bool_())
    out = made.field(3)
    made.do(steps.FLAGS, out, _buffer(values, made), values.offset, *_bits(values, made))
    return out


def days(values: Any, made: Program, *, known: int) -> int:
    """Days as numbers; which are known is put into the field ``known`` (-1: nowhere)."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if values.type != pa.date32():
        values = pc.cast(values, pa.date32())
    out = made.day()
    made.do(steps.DAYS, out, _address(values, 4, made), known, *_bits(values, made))
    return out


def numbers(values: Any, most: float, whole: bool, made: Program, *, known: int, out: int | None = None) -> int:
    """Numbers as they are; larger ones than ``most``, negative and, where wanted, broken ones go the long way."""
    if values.type != pa.float64():
        values = values.cast(pa.float64())
    out = made.number() if out is None else out
    where = _address(values, 8, made), known, *_bits(values, made)
    made.do(steps.NUMBERS, out, *where, made.constant(most), whole)
    return out


def _buffer(values: Any, made: Program) -> int:
    held = values.buffers()[1]
    return made.at(np.frombuffer(held, np.uint8) if held is not None and held.size else np.zeros(8, np.uint8))


def _address(values: Any, width: int, made: Program) -> int:
    return _buffer(values, made) + int(values.offset) * width


def _bits(values: Any, made: Program) -> tuple[int, int]:
    """Where the bits lie that tell which values are there, and where they begin; nowhere where all are."""
    if not values.null_count:
        return 0, 0
    bits = values.buffers()[0]
    if bits is None:  # a type whose nulls are not held as bits
        valid = np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False))
        return made.at(np.packbits(valid, bitorder="little")), 0
    return made.at(np.frombuffer(bits, np.uint8)), values.offset
