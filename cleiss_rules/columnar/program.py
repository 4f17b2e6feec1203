"""What is done with the columns of a block, step by step, in one compiled run. Needs numba (extra ``fast``).

A step names a loop of ``kernels`` and where it reads and writes: columns by their address in Arrow's memory, all else by
its number among the rows of codes, masks, days and numbers that a run works on. One run holds no lock of the interpreter.
"""

# mypy: disable-error-code="no-untyped-def,untyped-decorator,attr-defined,call-arg,arg-type,no-untyped-call"
from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba.core import cgutils, types
from numba.extending import intrinsic

from cleiss_rules.columnar import days as days_
from cleiss_rules.columnar import kernels, keys
from cleiss_rules.columnar.days import FIRST, LAST, Days
from cleiss_rules.columnar.layout import Layout

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

(
    WORDS, WIDE, FLAGS, GIVEN, DAYS, NUMBERS, SAME_DAY, NO_NUMBER, EITHER, POSTED, OF_DAY, BESIDE_DAY, BESIDE, BUCKET,
    SPAN, STRETCH, LIMITED, MONTHS, PLANNED, BEGUN, LENGTH_KNOWN, LENGTH, INSURED, BOTH, SHARES, SHARE, OTHERWISE,
    LATER, ALSO, COPY, MASK,
) = range(31)  # fmt: skip
_WIDTH = 9
#: rows of which all steps are taken before the next ones, so that their codes stay in the cache
TOGETHER = 8192
#: for each byte of bits, eight bytes
_EIGHT = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").view(np.uint64).ravel()
_EVERY_DAY = LAST - FIRST + 1


class Program:
    """The steps for a block of rows, and the memory they work on, which the next block uses again."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.count = 0
        self.slow: Bytes = np.zeros(0, np.uint8)
        self._steps: list[tuple[int, ...]] = []
        self._kept: list[Any] = []
        self._constants: list[float] = []
        self._used = [0, 0, 0]
        self._room = 0
        self._codes, self._masks = (np.zeros((0, 0), np.uint8) for _ in range(2))
        self._days, self._numbers = np.zeros((0, 0), np.int32), np.zeros((0, 0), np.float64)

    def begin(self, count: int) -> None:
        """Starts a block of ``count`` rows."""
        self.sizes, self.count = [], count
        self._steps, self._kept, self._constants = [], [], []
        self._used = [0, 0, 0]
        self.slow = np.zeros(count, np.uint8)

    def field(self, size: int) -> int:
        """A row of codes of the signature, each smaller than ``size`` (at most 256)."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def mask(self, count: int = 1) -> int:
        """A row of marks (several in a row), 0 at first."""
        return self._more(0, count)

    def day(self) -> int:
        """A row of days."""
        return self._more(1, 1)

    def number(self, count: int = 1) -> int:
        """A row of numbers (several in a row)."""
        return self._more(2, count)

    def constant(self, value: float) -> int:
        """A number that steps compare with."""
        self._constants.append(value)
        return len(self._constants) - 1

    def do(self, step: int, *operands: int) -> None:
        """Adds a step."""
        self._steps.append((step, *operands, *(0,) * (_WIDTH - 1 - len(operands))))

    def at(self, held: npt.NDArray[Any]) -> int:
        """The address of an array, which is kept until the run is over."""
        self._kept.append(held)
        return int(held.ctypes.data)

    def run(self, layout: Layout) -> Words:
        """Runs all steps; the codes of each row, put together into words."""
        self._make_room()
        words = np.empty((layout.words, self.count), np.uint64)
        held = self._codes, self._masks, self._days, self._numbers
        steps, constants = np.array(self._steps, np.int64).reshape(-1, _WIDTH), np.array(self._constants or [0.0])
        _run(steps, *held, constants, self.slow, _EIGHT, layout.places, words)
        self._kept = []
        return words

    def days(self, number: int) -> Days:
        """A row of days."""
        found: Days = self._days[number, : self.count]
        return found

    def masks(self, number: int) -> Bytes:
        """A row of marks."""
        found: Bytes = self._masks[number, : self.count]
        return found

    def _more(self, kind: int, count: int) -> int:
        first = self._used[kind]
        self._used[kind] += count
        return first

    def _make_room(self) -> None:
        self._room = max(self._room, self.count)
        if len(self._codes) < len(self.sizes):
            self._codes = np.zeros((len(self.sizes), TOGETHER), np.uint8)
        held: list[npt.NDArray[Any]] = [self._masks, self._days, self._numbers]
        for place, (array, rows) in enumerate(zip(held, self._used, strict=True)):
            if array.shape[0] < rows or array.shape[1] < self._room:
                held[place] = np.zeros((rows, self._room), array.dtype)
        self._masks, self._days, self._numbers = held
        self._masks[: self._used[0]] = 0


@intrinsic
def _pointer(_context, address):
    def code(_context, builder, _signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(address), code


@numba.njit(inline="always")
def _bits(address, offset, count):
    return numba.carray(_pointer(address), ((offset + count + 7) // 8 if address else 0,), np.uint8)


@numba.njit(inline="always")
def _part(rows, number, low, count):
    return rows[number][low : low + count]


@numba.njit
def _before_the_end(several):
    """How many rows a list has, which ends at its end or at -1."""
    for place in range(len(several)):
        if several[place] < 0:
            return place
    return len(several)


@numba.njit
def _words(step, low, count, there, out, slow):
    table = numba.carray(_pointer(step[6]), (step[7],), np.uint16)
    one, eights = there
    if step[3] == 1:
        kernels.words(numba.carray(_pointer(step[2] + low), (count,), np.int8), one, eights, table, out, slow)
    elif step[3] == 2:
        kernels.words(numba.carray(_pointer(step[2] + 2 * low), (count,), np.int16), one, eights, table, out, slow)
    else:
        kernels.words(numba.carray(_pointer(step[2] + 4 * low), (count,), np.int32), one, eights, table, out, slow)


@numba.njit
def _read(step, low, count, codes, masks, days, numbers, constants, slow, there):
    kind, (one, eights, eight) = step[0], there
    offset = step[5] + low
    kernels.spread(_bits(step[4], offset, count), offset, count, eight, eights)
    if kind == WORDS:
        _words(step, low, count, (one, eights), codes[step[1]][:count], slow)
    elif kind == WIDE:
        wide = np.empty(count, np.uint16)
        _words(step, low, count, (one, eights), wide, slow)
        low, high = codes[step[1]][:count], codes[step[1] + 1][:count]
        for row in range(count):
            low[row] = wide[row] & 255
            high[row] = wide[row] >> 8
    elif kind == FLAGS:
        values = np.empty(((count + 7) >> 3) + 1, np.uint64)
        first = step[3] + low
        kernels.spread(_bits(step[2], first, count), first, count, eight, values)
        kernels.flags(values.view(np.uint8), one, codes[step[1]][:count])
    elif kind == GIVEN:
        if step[2]:
            masks[step[1]][low : low + count] = one[:count]
        else:
            codes[step[1]][:count] = one[:count]
    elif kind == DAYS:
        values = numba.carray(_pointer(step[2] + 4 * low), (count,), np.int32)
        known = codes[step[3]][:count] if step[3] >= 0 else np.empty(count, np.uint8)
        kernels.days(values, one, _part(days, step[1], low, count), known, slow)
    elif kind == NUMBERS:
        values = numba.carray(_pointer(step[2] + 8 * low), (count,), np.float64)
        most, whole = constants[step[6]], step[7] != 0
        kernels.numbers(values, one, most, whole, _part(numbers, step[1], low, count), codes[step[3]][:count], slow)


@numba.njit
def _measured(step, low, count, codes, masks, days, numbers, slow):
    kind = step[0]
    if kind == LENGTH_KNOWN:
        kernels.length_known(
            _part(masks, step[2], low, count), _part(days, step[3], low, count), codes[step[1]][:count]
        )
    elif kind == LENGTH:
        table = numba.carray(_pointer(step[5]), (_EVERY_DAY,), np.int32)
        kernels.length(
            _part(masks, step[2], low, count),
            _part(days, step[3], low, count),
            _part(days, step[4], low, count),
            table,
            codes[step[1]][:count],
        )
    elif kind == INSURED:
        tables = numba.carray(_pointer(step[5]), (step[6], _EVERY_DAY), np.int32)
        kernels.insured(
            _part(days, step[2], low, count),
            _part(days, step[3], low, count),
            _part(days, step[4], low, count),
            tables,
            step[7],
            codes[step[1]][:count],
        )
    elif kind == SHARES:
        first, there, several = step[1], step[2], _part(days, step[4], low, count)
        stated = numbers[first : first + step[3], low : low + count]
        kernels.shares(stated, masks[there : there + step[3], low : low + count], several, 100.0, slow)
        kernels.compact(stated, several, numbers[step[5] : step[5] + step[3], low : low + count])
    elif kind == SHARE:
        roles = numba.carray(_pointer(step[3]), (step[4],), np.int64)
        marks = numba.carray(_pointer(step[5]), (step[6],), np.float64)
        several = _part(days, step[7], low, count)
        codes_ = np.empty(_before_the_end(several), np.uint8)
        compact_ = numbers[step[2] : step[2] + step[4], low : low + count]
        kernels.share(compact_, roles, marks, several, codes_, codes[step[1]][:count])
    elif kind == BUCKET:
        marks = numba.carray(_pointer(step[3]), (step[4],), np.float64)
        kernels.bucket(_part(numbers, step[2], low, count), marks, codes[step[1]][:count])


@numba.njit
def _dated(step, low, count, codes, masks, days, numbers, constants, slow):
    kind = step[0]
    if kind == OF_DAY:
        table = numba.carray(_pointer(step[3]), (_EVERY_DAY,), np.uint8)
        kernels.of_day(_part(days, step[2], low, count), table, FIRST, codes[step[1]][:count])
    elif kind == OTHERWISE:
        kernels.otherwise(_part(days, step[1], low, count), np.int32(step[2]))
    elif kind == LATER:
        kernels.later_of(_part(days, step[2], low, count), np.int32(step[3]), _part(days, step[1], low, count))
    elif kind == BESIDE_DAY:
        kernels.beside_day(_part(days, step[2], low, count), np.int32(step[3]), codes[step[1]][:count])
    elif kind == BESIDE:
        kernels.beside(_part(numbers, step[2], low, count), constants[step[3]], codes[step[1]][:count])
    elif kind == SPAN:
        kernels.span(
            _part(days, step[1], low, count), _part(days, step[2], low, count), _part(days, step[3], low, count), slow
        )
    elif kind == STRETCH:
        at = _part(days, step[3], low, count), _part(days, step[4], low, count)
        kernels.stretch(
            _part(days, step[1], low, count),
            _part(days, step[2], low, count),
            at[0],
            at[1],
            codes[step[5]][:count],
            codes[step[6]][:count],
            _part(masks, step[7], low, count),
            slow,
        )
    elif kind == LIMITED:
        table = numba.carray(_pointer(step[6]), (_EVERY_DAY,), np.int32)
        kernels.limited(
            _part(masks, step[1], low, count),
            _part(days, step[2], low, count),
            _part(days, step[3], low, count),
            _part(days, step[4], low, count),
            _part(days, step[5], low, count),
            table,
            slow,
        )
    elif kind == MONTHS:
        kernels.whole_months(
            _part(numbers, step[1], low, count), constants[step[2]], _part(days, step[3], low, count), slow
        )
    elif kind == PLANNED:
        month_of = numba.carray(_pointer(step[6]), (_EVERY_DAY,), np.int32)
        first_of = numba.carray(_pointer(step[7]), (step[8],), np.int32)
        given_, made = (
            (_part(days, step[1], low, count), _part(days, step[2], low, count), _part(days, step[3], low, count)),
            (_part(days, step[4], low, count), _part(days, step[5], low, count)),
        )
        kernels.planned(given_[0], given_[1], given_[2], month_of, first_of, made[0], made[1])
    elif kind == BEGUN:
        kernels.begun(
            _part(days, step[2], low, count),
            _part(days, step[3], low, count),
            _part(days, step[4], low, count),
            codes[step[1]][:count],
            slow,
        )


@numba.njit
def _step(step, low, count, codes, masks, days, numbers, constants, slow, there):
    kind = step[0]
    if kind == EITHER:
        into = _part(masks, step[1], low, count)
        kernels.either(into, _part(masks, step[2], low, count) if step[3] else codes[step[2]][:count])
    elif kind == POSTED:
        kernels.equal_to(codes[step[2]][:count], 2, _part(masks, step[1], low, count))
    elif kind == SAME_DAY:
        days[step[1]][low : low + count] = np.int32(step[2])
    elif kind == NO_NUMBER:
        numbers[step[1]][low : low + count] = np.nan
    elif kind == ALSO:
        masks[step[1]][low : low + count] &= _part(masks, step[2], low, count)
    elif kind == COPY:
        numbers[step[1]][low : low + count] = _part(numbers, step[2], low, count)
    elif kind == MASK:
        masks[step[1]][low : low + count] = numba.carray(_pointer(step[2] + low), (count,), np.uint8)
    elif kind == BOTH:
        kernels.both(codes[step[1]][:count], codes[step[2]][:count], slow)
    elif kind <= NUMBERS:
        _read(step, low, count, codes, masks, days, numbers, constants, slow, there)
    elif (kind >= LENGTH_KNOWN and kind <= SHARE) or kind == BUCKET:
        _measured(step, low, count, codes, masks, days, numbers, slow)
    else:
        _dated(step, low, count, codes, masks, days, numbers, constants, slow)


def _sources() -> int:
    """A number for the text of all that is compiled into a run: what was compiled before is used only for the same."""
    texts = [Path(str(module.__file__)).read_bytes() for module in (days_, kernels, keys)]
    return zlib.crc32(b"".join([*texts, Path(__file__).read_bytes()]))


def _compiled_run(sources: int) -> Any:
    @numba.njit(cache=True, nogil=True)
    def run(steps, codes, masks, days, numbers, constants, slow, eight, places, words):
        """Takes every step in turn, for as many rows at once as fit the cache, and puts their codes together."""
        for low in range(0, len(slow), TOGETHER):
            if sources < 0:  # never so; it makes the number part of what is compiled
                break
            count = min(TOGETHER, len(slow) - low)
            eights = np.empty(((count + 7) >> 3) + 1, np.uint64)
            there, part = (eights.view(np.uint8), eights, eight), slow[low : low + count]
            for place in range(len(steps)):
                _step(steps[place], low, count, codes, masks, days, numbers, constants, part, there)
            keys.packed(codes, count, places, words[:, low : low + count])

    return run


_run = _compiled_run(_sources())
