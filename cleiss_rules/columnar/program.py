"""What is done with the columns of a block, step by step, in one compiled run. Needs numba (extra ``fast``).

A step names a loop of ``kernels``, the registers it reads and writes (rows of bytes, days or numbers that hold a part of
the block at a time), and what does not change from row to row: columns by their address in Arrow's memory, tables by
theirs. Which steps there are is told by a ``recipe``. One run holds no lock of the interpreter.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,attr-defined,call-arg,arg-type,no-untyped-call"
from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from cleiss_rules.columnar import days as days_
from cleiss_rules.columnar import kernels
from cleiss_rules.columnar.days import FIRST, LAST, UNKNOWN

(
    SPREAD, WORDS, FLAGS, DAYS, NUMBERS, KNOWN_NUMBER, NONZERO, OR, AND, IS, OF_DAY, BESIDE_DAY, BESIDE, BUCKET,
    SPAN, STRETCH, LIMITED, MONTHS, PLANNED, PLANNED_FROM, BEGUN, LENGTH_KNOWN, LENGTH, LENGTH_FROM, INSURED, BOTH,
    SHARES, SHARE, OTHERWISE, LATER, CHOSEN_BYTE, CHOSEN_DAY, CHOSEN_NUMBER, SLOW, KEEP_DAY, KEEP_BYTE, PUT, JOINED,
    REFUSED, EQUAL, TAKEN_BYTE, TAKEN_DAY, TO_THE_END, FROM_THE_START,
    PLACES,
) = range(45)  # fmt: skip
#: in a step: the loop, four registers written, six read, eight things that do not change
OUT, IN, FIXED, WIDTH = 1, 5, 11, 19
#: rows of which all steps are taken before the next ones, so that their codes stay in the cache
TOGETHER = 8192
#: for each byte of bits, eight bytes
EIGHT = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").view(np.uint64).ravel()
_EVERY_DAY = LAST - FIRST + 1


@intrinsic
def _pointer(_context, address):
    def code(_context, builder, _signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), code


@numba.njit
def _words(step, low, count, there, out):
    address, width, table, size = step[FIXED], step[FIXED + 1], step[FIXED + 2], step[FIXED + 3]
    codes = numba.carray(_pointer(table), (size,), np.uint8)
    if width == 1:
        kernels.words(numba.carray(_pointer(address + low), (count,), np.uint8), codes, there, out)
    elif width == 2:
        kernels.words(numba.carray(_pointer(address + 2 * low), (count,), np.uint16), codes, there, out)
    else:
        kernels.words_within(numba.carray(_pointer(address + 4 * low), (count,), np.uint32), codes, there, out)


@numba.njit
def _numbers(step, low, count, there, constants, out, slow):
    address, kind, most, whole = step[FIXED], step[FIXED + 1], constants[step[FIXED + 2]], step[FIXED + 3] != 0
    if kind == 0:
        values = numba.carray(_pointer(address + 8 * low), (count,), np.float64)
        kernels.numbers(values, there, most, whole, out, slow)
    elif kind == 1:
        kernels.numbers(numba.carray(_pointer(address + 8 * low), (count,), np.int64), there, most, whole, out, slow)
    else:
        kernels.numbers(numba.carray(_pointer(address + 4 * low), (count,), np.int32), there, most, whole, out, slow)


@numba.njit
def _read(step, low, count, bytes_, days, numbers, constants, eights, slow):
    """Steps that read a column."""
    kind = step[0]
    if kind == SPREAD:
        address, offset = step[FIXED], step[FIXED + 1] + low
        bits = numba.carray(_pointer(address), ((offset + count + 7) >> 3 if address else 0,), np.uint8)
        kernels.spread(bits, offset, count, eights, bytes_[step[OUT]].view(np.uint64))
    elif kind == WORDS:
        _words(step, low, count, bytes_[step[IN]], bytes_[step[OUT]][:count])
    elif kind == DAYS:
        values = numba.carray(_pointer(step[FIXED] + 4 * low), (count,), np.int32)
        kernels.days(values, bytes_[step[IN]], days[step[OUT]][:count], slow)
    elif kind == PLACES:
        address, width, out = step[FIXED], step[FIXED + 1], bytes_[step[OUT]][:count]
        if width == 1:
            kernels.places(numba.carray(_pointer(address + low), (count,), np.uint8), bytes_[step[IN]], out)
        elif width == 2:
            kernels.places(numba.carray(_pointer(address + 2 * low), (count,), np.uint16), bytes_[step[IN]], out)
        else:
            kernels.places(numba.carray(_pointer(address + 4 * low), (count,), np.uint32), bytes_[step[IN]], out)
    elif kind == TAKEN_BYTE or kind == TAKEN_DAY:
        rows = numba.carray(_pointer(step[FIXED + 1] + 8 * low), (count,), np.int64)
        if kind == TAKEN_BYTE:
            of_rows = numba.carray(_pointer(step[FIXED]), (step[FIXED + 2],), np.uint8)
            kernels.taken(of_rows, rows, bytes_[step[OUT]][:count])
        else:
            days_of_rows = numba.carray(_pointer(step[FIXED]), (step[FIXED + 2],), np.int32)
            kernels.taken(days_of_rows, rows, days[step[OUT]][:count])
    else:
        _numbers(step, low, count, bytes_[step[IN]], constants, numbers[step[OUT]][:count], slow)


@numba.njit
def _put_together(step, low, count, bytes_, days, numbers, words):
    """Steps on bytes alone, and those that put away what was made."""
    kind = step[0]
    if kind == PUT:
        plane, code = bytes_[step[OUT]], bytes_[step[IN]]
        factor = np.uint8(step[FIXED])
        if step[FIXED + 1]:
            for row in range(count):
                plane[row] = code[row] * factor
        else:
            for row in range(count):
                plane[row] |= code[row] * factor
    elif kind == JOINED:
        kernels.joined(bytes_, step[FIXED:], np.uint64(step[IN + 1]), words[step[IN], low : low + count])
    elif kind == OR:
        out, one, two = bytes_[step[OUT]], bytes_[step[IN]], bytes_[step[IN + 1]]
        for row in range(count):
            out[row] = one[row] | two[row]
    elif kind == AND:
        out, one, two = bytes_[step[OUT]], bytes_[step[IN]], bytes_[step[IN + 1]]
        for row in range(count):
            out[row] = one[row] & two[row]
    elif kind == EQUAL:
        kernels.equal(bytes_[step[IN]], bytes_[step[IN + 1]], bytes_[step[IN + 2]], bytes_[step[OUT]][:count])
    elif kind == NONZERO:
        out, one = bytes_[step[OUT]], bytes_[step[IN]]
        for row in range(count):
            out[row] = one[row] != 0
    elif kind == IS:
        out, one = bytes_[step[OUT]], bytes_[step[IN]]
        for row in range(count):
            out[row] = one[row] == step[FIXED]
    elif kind == FLAGS:
        out, one, two = bytes_[step[OUT]], bytes_[step[IN]], bytes_[step[IN + 1]]
        for row in range(count):
            out[row] = one[row] * (np.uint8(1) + two[row])
    elif kind == CHOSEN_BYTE:
        out, one = bytes_[step[OUT]], bytes_[step[IN]]
        yes, no = np.uint8(step[FIXED]), np.uint8(step[FIXED + 1])
        for row in range(count):
            out[row] = yes if one[row] else no
    elif kind == CHOSEN_DAY:
        found, one = days[step[OUT]], bytes_[step[IN]]
        day, other = np.int32(step[FIXED]), np.int32(step[FIXED + 1])
        for row in range(count):
            found[row] = day if one[row] else other
    elif kind == KNOWN_NUMBER:
        out, values = bytes_[step[OUT]], numbers[step[IN]]
        for row in range(count):
            out[row] = values[row] == values[row]
    elif kind == KEEP_DAY:
        kept = numba.carray(_pointer(step[FIXED] + 4 * low), (count,), np.int32)
        kept[:] = days[step[IN]][:count]
    elif kind == KEEP_BYTE:
        into = numba.carray(_pointer(step[FIXED] + low), (count,), np.uint8)
        into[:] = bytes_[step[IN]][:count]


@numba.njit
def _dated(step, count, bytes_, days, numbers, constants, slow):
    """Steps on days."""
    kind, into, of = step[0], step[OUT], step[IN:]
    if kind == OF_DAY:
        table = numba.carray(_pointer(step[FIXED]), (_EVERY_DAY,), np.uint8)
        kernels.of_day(days[of[0]], table, FIRST, bytes_[into][:count])
    elif kind == BESIDE_DAY:
        kernels.beside_day(days[of[0]], np.int32(step[FIXED]), bytes_[into][:count])
    elif kind == OTHERWISE:
        kernels.otherwise(days[of[0]], np.int32(step[FIXED]), days[into][:count])
    elif kind == LATER:
        kernels.later_of(days[of[0]], np.int32(step[FIXED]), days[into][:count])
    elif kind == TO_THE_END:
        kernels.to_the_end(days[of[0]], days[of[1]], days[of[2]], days[into][:count])
    elif kind == FROM_THE_START:
        kernels.from_the_start(days[of[0]], days[of[1]], days[into][:count])
    elif kind == SPAN:
        kernels.span(days[of[0]], days[of[1]], days[into][:count], slow)
    elif kind == STRETCH:
        outs = bytes_[into], bytes_[step[OUT + 1]], bytes_[step[OUT + 2]][:count]
        at = days[of[0]], days[of[1]], days[of[2]], days[of[3]]
        kernels.stretch(at[0], at[1], at[2], at[3], outs[0], outs[1], outs[2], slow)
    elif kind == BEGUN:
        kernels.begun(days[of[0]], days[of[1]], days[of[2]], bytes_[into][:count], slow)
    elif kind == LIMITED:
        table = numba.carray(_pointer(step[FIXED]), (_EVERY_DAY,), np.int32)
        kernels.limited(bytes_[of[0]], days[of[1]], days[of[2]], days[of[3]], days[of[4]], table, slow)
    elif kind == MONTHS:
        kernels.whole_months(numbers[of[0]], constants[step[FIXED]], days[into][:count], slow)
    elif kind == PLANNED:
        month_of = numba.carray(_pointer(step[FIXED]), (_EVERY_DAY,), np.int32)
        first_of = numba.carray(_pointer(step[FIXED + 1]), (step[FIXED + 2],), np.int32)
        ends = days[step[OUT + 1]][:count]
        kernels.planned(days[of[0]], days[of[1]], days[of[2]], month_of, first_of, days[into], ends)
    elif kind == PLANNED_FROM:
        ended = numba.carray(_pointer(step[FIXED]), (step[FIXED + 1],), np.int32)
        kernels.planned_from(days[of[0]], ended, np.int32(step[FIXED + 2]), days[into][:count])


@numba.njit
def _measured(step, more, count, bytes_, days, numbers, constants, found, slow):
    """Steps on lengths, numbers and shares."""
    kind, into, of = step[0], step[OUT], step[IN:]
    if kind == LENGTH_KNOWN:
        kernels.length_known(bytes_[of[0]], days[of[1]], bytes_[into][:count])
    elif kind == LENGTH:
        table = numba.carray(_pointer(step[FIXED]), (_EVERY_DAY,), np.int32)
        kernels.length(bytes_[of[0]], days[of[1]], days[of[2]], table, bytes_[into][:count])
    elif kind == LENGTH_FROM:
        kernels.length_from(bytes_[of[0]], days[of[1]], np.int32(step[FIXED]), bytes_[into][:count])
    elif kind == INSURED:
        tables = numba.carray(_pointer(step[FIXED]), (step[FIXED + 1], _EVERY_DAY), np.int32)
        kernels.insured(days[of[0]], days[of[1]], days[of[2]], tables, step[FIXED + 2], bytes_[into][:count])
    elif kind == BESIDE:
        kernels.beside(numbers[of[0]], constants[step[FIXED]], bytes_[into][:count])
    elif kind == BUCKET:
        marks = numba.carray(_pointer(step[FIXED]), (step[FIXED + 1],), np.float64)
        kernels.bucket(numbers[of[0]], marks, bytes_[into][:count])
    elif kind == BOTH:
        kernels.both(bytes_[of[0]], bytes_[of[1]], slow)
    elif kind == SHARES:
        at, activities = step[FIXED], step[FIXED + 1]
        stated, there = more[at : at + activities], more[at + activities : at + 2 * activities]
        compact = more[at + 2 * activities : at + 3 * activities]
        first, several = numbers[into][:count], days[step[OUT + 1]]
        found[0] = kernels.shares(stated, there, numbers, bytes_, 100.0, first, several, compact, slow)
        several[TOGETHER] = found[0]
    elif kind == SHARE:
        roles = numba.carray(_pointer(step[FIXED]), (step[FIXED + 1],), np.int64)
        marks = numba.carray(_pointer(step[FIXED + 2]), (step[FIXED + 3],), np.float64)
        compact = more[step[FIXED + 4] : step[FIXED + 4] + step[FIXED + 1]]
        several, codes = days[of[0]], bytes_[step[OUT + 1]]
        kernels.share(compact, numbers, roles, marks, several, several[TOGETHER], codes, bytes_[into][:count])
    elif kind == REFUSED:
        kernels.refused(bytes_[of[0]][:count], np.uint8(step[FIXED]), slow)
    elif kind == SLOW:
        one, yes, no = bytes_[of[0]], np.uint8(step[FIXED]), np.uint8(step[FIXED + 1])
        for row in range(count):
            slow[row] |= yes if one[row] else no
    elif kind == CHOSEN_NUMBER:
        values, one, yes, no = numbers[into], bytes_[of[0]], constants[step[FIXED]], constants[step[FIXED + 1]]
        for row in range(count):
            values[row] = yes if one[row] else no


def _sources() -> int:
    """A number for the text of all that is compiled into a run: what was compiled before is used only for the same."""
    texts = [Path(str(module.__file__)).read_bytes() for module in (days_, kernels)]
    return zlib.crc32(b"".join([*texts, Path(__file__).read_bytes()]))


def _compiled_run(sources: int) -> Any:
    @numba.njit(cache=True, nogil=True)
    def run(steps, more, bytes_, days, numbers, constants, slow, eights, words):
        """Takes every step in turn, for as many rows at once as fit the cache."""
        found = np.zeros(1, np.int64)
        for low in range(0, len(slow), TOGETHER):
            if sources < 0:  # never so; it makes the number part of what is compiled
                break
            count = min(TOGETHER, len(slow) - low)
            part = slow[low : low + count]
            for place in range(len(steps)):
                step = steps[place]
                kind = step[0]
                if kind == SPREAD or kind == WORDS or kind == DAYS or kind == NUMBERS or kind == TAKEN_BYTE or kind == TAKEN_DAY or kind == PLACES:
                    _read(step, low, count, bytes_, days, numbers, constants, eights, part)
                elif (kind >= OF_DAY and kind <= BESIDE_DAY) or (kind >= SPAN and kind <= BEGUN) or kind == OTHERWISE or kind == LATER or kind == TO_THE_END or kind == FROM_THE_START:
                    _dated(step, count, bytes_, days, numbers, constants, part)
                elif (
                    (kind >= BESIDE and kind <= BUCKET)
                    or (kind >= LENGTH_KNOWN and kind <= SHARE)
                    or kind == REFUSED or kind == SLOW or kind == CHOSEN_NUMBER
                ):  # fmt: skip
                    _measured(step, more, count, bytes_, days, numbers, constants, found, part)
                else:
                    _put_together(step, low, count, bytes_, days, numbers, words)

    return run


run = _compiled_run(_sources())


@numba.njit(cache=True, nogil=True)
def alike(checks, found):
    """What columns have in common: for each check whether a column has one value only, or holds the same as another.

    A check names the number of whole words of eight bytes, the address of the column, that of the other one, and the word
    that all of the column's have to be (where there is no other, at address 0).
    """
    for place in range(len(checks)):
        count, one, two, word = checks[place, 0], checks[place, 1], checks[place, 2], checks[place, 3]
        values = numba.carray(_pointer(one), (count,), np.int64)
        if two:
            found[place] = kernels.are_alike(values, numba.carray(_pointer(two), (count,), np.int64))
        else:
            found[place] = kernels.are_all(values, word)


#: the value of days that nobody stated, for those who choose between values
NO_DAY = int(UNKNOWN)
