"""Compiled loops that write answers down as Arrow's columns. Needs numba (extra ``fast``)."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,no-untyped-call,attr-defined,call-arg"
from __future__ import annotations

import numba
import numpy as np

from cleiss_rules.columnar.days import FAR
from cleiss_rules.columnar.program import pointer

#: rows of which all columns are written before the next ones, so that their numbers stay in the cache
_TOGETHER = 2048
_ANY = 1 << 40
#: brings the first bits of eight bytes, one behind the other, into the last byte
_FIRST_BITS = np.uint64(0x0102040810204080)
#: in the list of columns
SAYS, WIDTH, PLACES, INDICES, THERE, BITS = range(6)


@numba.njit
def _worded(numbers, places, indices):
    for row in range(len(numbers)):
        indices[row] = places[np.uint32(numbers[row])]


@numba.njit
def _indices(numbers, column, begin):
    """Writes the index of the word of each number."""
    places, out, count = column[PLACES], column[INDICES] + begin * column[WIDTH], len(numbers)
    if column[WIDTH] == 1:
        _worded(numbers, numba.carray(pointer(places), (_ANY,), np.int8), numba.carray(pointer(out), (count,), np.int8))
    elif column[WIDTH] == 2:
        _worded(
            numbers, numba.carray(pointer(places), (_ANY,), np.int16), numba.carray(pointer(out), (count,), np.int16)
        )
    else:
        _worded(
            numbers, numba.carray(pointer(places), (_ANY,), np.int32), numba.carray(pointer(out), (count,), np.int32)
        )


@numba.njit
def _marked(told, begin, mine, bits):
    """A bit for each mark, from bit ``begin`` on; those of a byte that begins before bit ``mine`` are given back.

    And how many marks are not set.
    """
    head, without, row = np.uint8(0), 0, 0
    while row < len(told) and (begin + row) & 7:
        if begin + row - ((begin + row) & 7) < mine:
            head |= told[row] << ((begin + row) & 7)
        else:
            bits[(begin + row) >> 3] |= told[row] << ((begin + row) & 7)
        without += told[row] == 0
        row += 1
    first = (begin + row) >> 3
    whole = (len(told) - row) >> 3
    eights = numba.carray(pointer(np.int64(told.ctypes.data) + row), (whole,), np.uint64)
    for byte in range(whole):
        eight = (eights[byte] * _FIRST_BITS) >> np.uint64(56)
        bits[first + byte] = eight
        without += eight != 255
    last = row + 8 * whole
    if last < len(told):
        bits[first + whole] = 0
    for at in range(last, len(told)):
        bits[first + whole] |= told[at] << (at - last)
        without += told[at] == 0
    return head, without


@numba.njit
def _known(numbers, there, told):
    for row in range(len(numbers)):
        told[row] = there[np.uint32(numbers[row])]


@numba.njit
def _not_far(days, told):
    for row in range(len(days)):
        told[row] = days[row] != FAR


@numba.njit(cache=True, nogil=True)
def written(pieces, at, out, columns, heads, lacking):
    """Writes the answers of a block behind those of the blocks before, from answer ``at`` on.

    ``pieces``: their rows (or the first of as many in order), first and last days (or the one that all have), templates and
    legislations; ``out``: rows (without room for them, they are not written), first and last days of all blocks.
    ``columns``: a line for each column of words (and first for the last days, which have none where they are far away): what
    tells it (0 the template, 1 the legislation), how wide its indices are, and where in memory the index of each number, the
    indices, which numbers have a word (0: all), and the bits lie. ``heads``: of each column, the bits of a byte that an
    earlier block writes. ``lacking``: whether any answer has no word.
    """
    rows, starts, ends, template, legislation = pieces
    of_rows, of_starts, of_ends = out
    told, days = np.empty(_TOGETHER, np.uint8), np.empty(_TOGETHER, np.int32)
    for low in range(0, len(template), _TOGETHER):
        high = min(low + _TOGETHER, len(template))
        begin, count = at + low, high - low
        if len(of_rows) and len(rows) > 1:
            of_rows[begin : begin + count] = rows[low:high]
        elif len(of_rows):
            for place in range(count):
                of_rows[begin + place] = rows[0] + low + place
        if len(starts) > 1:
            of_starts[begin : begin + count] = starts[low:high]
        else:
            of_starts[begin : begin + count] = starts[0]
        if len(ends) > 1:
            days[:count] = ends[low:high]
        else:
            days[:count] = ends[0]
        of_ends[begin : begin + count] = days[:count]
        for place in range(len(columns)):
            column = columns[place]
            numbers = legislation[low:high] if column[SAYS] else template[low:high]
            if place:
                _indices(numbers, column, begin)
            if not column[BITS]:
                continue
            if place:
                _known(numbers, numba.carray(pointer(column[THERE]), (_ANY,), np.uint8), told)
            else:
                _not_far(days[:count], told)
            head, without = _marked(told[:count], begin, at, numba.carray(pointer(column[BITS]), (_ANY,), np.uint8))
            heads[place] |= head
            lacking[place] += without


@numba.njit(cache=True, nogil=True)
def breaks(rows, found):
    """Where rows do not follow the one before, as far as there is room; how often."""
    count = 0
    for place in range(1, len(rows)):
        if rows[place] != rows[place - 1] + 1:
            if count < len(found):
                found[count] = place
            count += 1
    return count
