"""What is done with the columns of a block, step by step, in one compiled run. Needs numba (extra ``fast``).

A step names a loop of ``kernels``, the registers it reads and writes (rows of bytes, days or numbers that hold a part of
the block at a time), and what does not change from row to row: columns by their address in Arrow's memory, tables by
theirs. Which steps there are is told by a ``recipe``; ``search`` runs them.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,attr-defined,call-arg,arg-type,no-untyped-call"
from __future__ import annotations

import numba
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic

from cleiss_rules.columnar import kernels
from cleiss_rules.columnar.days import FIRST, LAST, UNKNOWN

# columns
SPREAD, WORDS, PLACES, DAYS, NUMBERS = range(5)
# codes out of codes
FLAGS, KNOWN_NUMBER, NONZERO, OR, AND, IS, EQUAL, CHOSEN_BYTE = range(5, 13)
# days
OF_DAY, BESIDE_DAY, OTHERWISE, LATER, SPAN, CHOSEN_DAY, TO_THE_END, FROM_THE_START, MONTHS = range(13, 22)
# what lasts from day to day
STRETCH, LIMITED, PLANNED, PLANNED_FROM, BEGUN = range(22, 27)
LENGTH_KNOWN, LENGTH, LENGTH_FROM, INSURED, BOTH = range(27, 32)
# numbers
BESIDE, BUCKET, SHARES, SHARE, CHOSEN_NUMBER = range(32, 37)
# what becomes of it
REFUSED, SLOW, KEEP_DAY, KEEP_BYTE, PUT, JOINED = range(37, 43)
#: in a step: the loop, four registers written, six read, eight things that do not change
OUT, IN, FIXED, WIDTH = 1, 5, 11, 19
#: rows of which all steps are taken before the next ones, so that their codes stay in the cache
TOGETHER = 8192
#: for each byte of bits, eight bytes
EIGHT = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").view(np.uint64).ravel()
_EVERY_DAY = LAST - FIRST + 1


@intrinsic
def pointer(_context, address):
    """A place in memory, by its address."""

    def code(_context, builder, _signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), code


#: as many values as any column may have, where a loop is not told how many there are
_ANY = 1 << 40


@numba.njit
def bare(array):
    """The same values, of whose use no count is kept: to keep it takes as long as a short loop."""
    return numba.carray(pointer(np.int64(array.ctypes.data)), array.shape, array.dtype)


@numba.njit
def _lie_at(address, width, low, count, at, raw):
    """Where the values of the rows lie one behind the other: in their column, or, of some rows, where they are put so."""
    if not len(at):
        return address + width * low
    if width == 1:
        kernels.taken(numba.carray(pointer(address), (_ANY,), np.uint8), at, raw.view(np.uint8)[:count])
    elif width == 2:
        kernels.taken(numba.carray(pointer(address), (_ANY,), np.uint16), at, raw.view(np.uint16)[:count])
    elif width == 4:
        kernels.taken(numba.carray(pointer(address), (_ANY,), np.uint32), at, raw.view(np.uint32)[:count])
    else:
        kernels.taken(numba.carray(pointer(address), (_ANY,), np.uint64), at, raw[:count])
    return np.int64(raw.ctypes.data)


@numba.njit
def _words(step, low, count, at, raw, there, out):
    width, table, size = step[FIXED + 1], step[FIXED + 2], step[FIXED + 3]
    address = _lie_at(step[FIXED], width, low, count, at, raw)
    codes = numba.carray(pointer(table), (size,), np.uint8)
    if width == 1:
        kernels.words(numba.carray(pointer(address), (count,), np.uint8), codes, there, out)
    elif width == 2:
        kernels.words(numba.carray(pointer(address), (count,), np.uint16), codes, there, out)
    else:
        kernels.words_within(numba.carray(pointer(address), (count,), np.uint32), codes, there, out)


@numba.njit
def _numbers(step, low, count, at, raw, there, constants, out, slow):
    """Numbers of one of the kinds of ``sheet``."""
    kind, most, whole = step[FIXED + 1], constants[step[FIXED + 2]], step[FIXED + 3] != 0
    width = 8 if kind < 2 else (1 if kind == 3 else (2 if kind == 4 else 4))
    address = _lie_at(step[FIXED], width, low, count, at, raw)
    if kind == 0:
        kernels.numbers(numba.carray(pointer(address), (count,), np.float64), there, most, whole, out, slow)
    elif kind == 1:
        kernels.numbers(numba.carray(pointer(address), (count,), np.int64), there, most, whole, out, slow)
    elif kind == 2:
        kernels.numbers(numba.carray(pointer(address), (count,), np.int32), there, most, whole, out, slow)
    elif kind == 3:
        kernels.numbers(numba.carray(pointer(address), (count,), np.uint8), there, most, whole, out, slow)
    elif kind == 4:
        kernels.numbers(numba.carray(pointer(address), (count,), np.int16), there, most, whole, out, slow)
    else:
        kernels.numbers(numba.carray(pointer(address), (count,), np.float32), there, most, whole, out, slow)


@numba.njit
def _places(step, low, count, at, raw, there, out):
    width = step[FIXED + 1]
    address = _lie_at(step[FIXED], width, low, count, at, raw)
    if width == 1:
        kernels.places(numba.carray(pointer(address), (count,), np.uint8), there, out)
    elif width == 2:
        kernels.places(numba.carray(pointer(address), (count,), np.uint16), there, out)
    else:
        kernels.places(numba.carray(pointer(address), (count,), np.uint32), there, out)


@numba.njit
def _days(step, low, count, at, raw, there, out, slow):
    """Days of our own (marked by a 1) are never those of some rows only."""
    own = step[FIXED + 1] != 0
    address = step[FIXED] + 4 * low if own else _lie_at(step[FIXED], 4, low, count, at, raw)
    kernels.days(numba.carray(pointer(address), (count,), np.int32), there, out, slow)


@numba.njit
def _spread(step, low, count, at, eights, there):
    address = step[FIXED]
    if len(at) and address:
        bits = numba.carray(pointer(address), (_ANY,), np.uint8)
        kernels.bits_taken(bits, step[FIXED + 1], at, there)
    else:
        offset = step[FIXED + 1] + low
        bits = numba.carray(pointer(address), ((offset + count + 7) >> 3 if address else 0,), np.uint8)
        kernels.spread(bits, offset, count, eights, there.view(np.uint64))


@numba.njit
def _read(step, low, count, at, bytes_, days, numbers, constants, held, slow):
    kind, into = step[0], step[OUT]
    eights, raw = held
    if kind == SPREAD:
        _spread(step, low, count, at, eights, bytes_[into])
    elif kind == WORDS:
        _words(step, low, count, at, raw, bytes_[step[IN]], bytes_[into][:count])
    elif kind == PLACES:
        _places(step, low, count, at, raw, bytes_[step[IN]], bytes_[into][:count])
    elif kind == DAYS:
        _days(step, low, count, at, raw, bytes_[step[IN]], days[into][:count], slow)
    else:
        _numbers(step, low, count, at, raw, bytes_[step[IN]], constants, numbers[into][:count], slow)


@numba.njit
def _coded(step, count, bytes_, numbers):
    kind, out, of = step[0], bytes_[step[OUT]][:count], step[IN:]
    if kind == FLAGS:
        kernels.flags(bytes_[of[0]], bytes_[of[1]], out)
    elif kind == KNOWN_NUMBER:
        kernels.known(numbers[of[0]], out)
    elif kind == NONZERO:
        kernels.nonzero(bytes_[of[0]], out)
    elif kind == OR:
        kernels.either(bytes_[of[0]], bytes_[of[1]], out)
    elif kind == AND:
        kernels.also(bytes_[of[0]], bytes_[of[1]], out)
    elif kind == IS:
        kernels.equal_to(bytes_[of[0]], np.uint8(step[FIXED]), out)
    elif kind == EQUAL:
        kernels.equal(bytes_[of[0]], bytes_[of[1]], bytes_[of[2]], out)
    else:
        kernels.chosen(bytes_[of[0]], np.uint8(step[FIXED]), np.uint8(step[FIXED + 1]), out)


@numba.njit
def _dated(step, count, bytes_, days, numbers, constants, slow):
    kind, into, of = step[0], step[OUT], step[IN:]
    if kind == OF_DAY:
        table = numba.carray(pointer(step[FIXED]), (_EVERY_DAY,), np.uint8)
        kernels.of_day(days[of[0]], table, FIRST, bytes_[into][:count])
    elif kind == BESIDE_DAY:
        kernels.beside_day(days[of[0]], np.int32(step[FIXED]), bytes_[into][:count])
    elif kind == OTHERWISE:
        kernels.otherwise(days[of[0]], np.int32(step[FIXED]), days[into][:count])
    elif kind == LATER:
        kernels.later_of(days[of[0]], np.int32(step[FIXED]), days[into][:count])
    elif kind == SPAN:
        kernels.span(days[of[0]], days[of[1]], days[into][:count], slow)
    elif kind == CHOSEN_DAY:
        kernels.chosen(bytes_[of[0]], np.int32(step[FIXED]), np.int32(step[FIXED + 1]), days[into][:count])
    elif kind == TO_THE_END:
        kernels.to_the_end(days[of[0]], days[of[1]], days[of[2]], days[into][:count])
    elif kind == FROM_THE_START:
        kernels.from_the_start(days[of[0]], days[of[1]], days[into][:count])
    else:
        kernels.whole_months(numbers[of[0]], constants[step[FIXED]], days[into][:count], slow)


@numba.njit
def _lasting(step, count, bytes_, days, slow):
    kind, into, of = step[0], step[OUT], step[IN:]
    if kind == STRETCH:
        outs = bytes_[into], bytes_[step[OUT + 1]], bytes_[step[OUT + 2]][:count]
        at = days[of[0]], days[of[1]], days[of[2]], days[of[3]]
        kernels.stretch(at[0], at[1], at[2], at[3], outs[0], outs[1], outs[2], slow)
    elif kind == LIMITED:
        table = numba.carray(pointer(step[FIXED]), (_EVERY_DAY,), np.int32)
        kernels.limited(bytes_[of[0]], days[of[1]], days[of[2]], days[of[3]], days[of[4]], table, slow)
    elif kind == PLANNED:
        month_of = numba.carray(pointer(step[FIXED]), (_EVERY_DAY,), np.int32)
        first_of = numba.carray(pointer(step[FIXED + 1]), (step[FIXED + 2],), np.int32)
        ends = days[step[OUT + 1]][:count]
        kernels.planned(days[of[0]], days[of[1]], days[of[2]], month_of, first_of, days[into], ends)
    elif kind == PLANNED_FROM:
        ended = numba.carray(pointer(step[FIXED]), (step[FIXED + 1],), np.int32)
        kernels.planned_from(days[of[0]], ended, days[into][:count])
    else:
        kernels.begun(days[of[0]], days[of[1]], days[of[2]], bytes_[into][:count], slow)


@numba.njit
def _long(step, count, bytes_, days, slow):
    kind, out, of = step[0], bytes_[step[OUT]][:count], step[IN:]
    if kind == LENGTH_KNOWN:
        kernels.length_known(bytes_[of[0]], days[of[1]], out)
    elif kind == LENGTH:
        table = numba.carray(pointer(step[FIXED]), (_EVERY_DAY,), np.int32)
        kernels.length(bytes_[of[0]], days[of[1]], days[of[2]], table, out)
    elif kind == LENGTH_FROM:
        kernels.length_from(bytes_[of[0]], days[of[1]], np.int32(step[FIXED]), out)
    elif kind == INSURED:
        tables = numba.carray(pointer(step[FIXED]), (step[FIXED + 1], _EVERY_DAY), np.int32)
        kernels.insured(days[of[0]], days[of[1]], days[of[2]], tables, step[FIXED + 2], out)
    else:
        kernels.both(bytes_[of[0]], bytes_[of[1]], slow)


@numba.njit
def _measured(step, more, count, bytes_, days, numbers, constants, slow):
    kind, into, of = step[0], step[OUT], step[IN:]
    if kind == BESIDE:
        kernels.beside(numbers[of[0]], constants[step[FIXED]], bytes_[into][:count])
    elif kind == BUCKET:
        marks = numba.carray(pointer(step[FIXED]), (step[FIXED + 1],), np.float64)
        kernels.bucket(numbers[of[0]], marks, bytes_[into][:count])
    elif kind == SHARES:
        at, activities = step[FIXED], step[FIXED + 1]
        stated, there = more[at : at + activities], more[at + activities : at + 2 * activities]
        compact, several = more[at + 2 * activities : at + 3 * activities], days[step[OUT + 1]]
        first = numbers[into][:count]
        # how many rows have several stands behind them
        several[TOGETHER] = kernels.shares(stated, there, numbers, bytes_, 100.0, first, several, compact, slow)
    elif kind == SHARE:
        roles = numba.carray(pointer(step[FIXED]), (step[FIXED + 1],), np.int64)
        marks = numba.carray(pointer(step[FIXED + 2]), (step[FIXED + 3],), np.float64)
        compact = more[step[FIXED + 4] : step[FIXED + 4] + step[FIXED + 1]]
        several, codes = days[of[0]], bytes_[step[OUT + 1]]
        kernels.share(compact, numbers, roles, marks, several, several[TOGETHER], codes, bytes_[into][:count])
    else:
        yes, no = constants[step[FIXED]], constants[step[FIXED + 1]]
        kernels.chosen(bytes_[of[0]], yes, no, numbers[into][:count])


@numba.njit
def _put_away(step, low, count, bytes_, days, slow, words):
    kind, of = step[0], step[IN:]
    if kind == REFUSED:
        kernels.refused(bytes_[of[0]][:count], np.uint8(step[FIXED]), slow)
    elif kind == SLOW:
        kernels.marked(bytes_[of[0]], np.uint8(step[FIXED]), np.uint8(step[FIXED + 1]), slow)
    elif kind == KEEP_DAY:
        kept = numba.carray(pointer(step[FIXED] + 4 * low), (count,), np.int32)
        kept[:] = days[of[0]][:count]
    elif kind == KEEP_BYTE:
        into = numba.carray(pointer(step[FIXED] + low), (count,), np.uint8)
        into[:] = bytes_[of[0]][:count]
    elif kind == PUT:
        kernels.put(bytes_[of[0]], np.uint8(step[FIXED]), step[FIXED + 1] != 0, bytes_[step[OUT]][:count])
    else:
        kernels.joined(bytes_, step[FIXED:], np.uint64(of[1]), words[of[0], low : low + count])


@numba.njit
def all_steps(recipe, low, count, at, held, slow, words, into):
    """Takes every step in turn, for as many rows at once as fit the cache.

    ``recipe``: the steps, what they list, the registers of bytes, days and numbers, and the numbers they compare with.
    ``low``: the number of the first row. ``at``: the rows, where they are some of a block. ``held``: eight bytes for each
    byte of bits, and room for values that lie apart. ``slow``: the marks of the rows. ``words``: room for their words, from
    column ``into`` on.
    """
    steps, more, constants = bare(recipe[0]), bare(recipe[1]), bare(recipe[5])
    bytes_, days, numbers = bare(recipe[2]), bare(recipe[3]), bare(recipe[4])
    for place in range(len(steps)):
        step = steps[place]
        kind = step[0]
        if kind <= NUMBERS:
            _read(step, low, count, at, bytes_, days, numbers, constants, held, slow)
        elif kind <= CHOSEN_BYTE:
            _coded(step, count, bytes_, numbers)
        elif kind <= MONTHS:
            _dated(step, count, bytes_, days, numbers, constants, slow)
        elif kind <= BEGUN:
            _lasting(step, count, bytes_, days, slow)
        elif kind <= BOTH:
            _long(step, count, bytes_, days, slow)
        elif kind <= CHOSEN_NUMBER:
            _measured(step, more, count, bytes_, days, numbers, constants, slow)
        else:
            _put_away(step, into, count, bytes_, days, slow, words)


@numba.njit(cache=True, nogil=True)
def alike(checks, holds):
    """Looks into what columns have in common; what does not hold is marked.

    Each check is whether a column has one value only, or holds the same as another: the number of whole words of eight
    bytes, the address of the column, that of the other one (or 0), and the word that all of the column's have to be.
    """
    for place in range(len(checks)):
        count, one, two, word = checks[place, 0], checks[place, 1], checks[place, 2], checks[place, 3]
        values = numba.carray(pointer(one), (count,), np.int64)
        held = (
            kernels.are_alike(values, numba.carray(pointer(two), (count,), np.int64))
            if two
            else kernels.are_all(values, word)
        )
        holds[place] &= held


#: the value of days that nobody stated, for those who choose between values
NO_DAY = int(UNKNOWN)
