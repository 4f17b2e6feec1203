"""Columns of Arrow values as sources of a recipe: where they lie in memory, and what all of a block have in common."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cleiss_rules.columnar import kernels, program
from cleiss_rules.columnar.codes import WRONG
from cleiss_rules.columnar.layout import EIGHT

Bytes = npt.NDArray[np.uint8]
GIVEN, WORDS, FLAGS, DAYS, NUMBERS = "given", "words", "flags", "days", "numbers"
_BYTE, _ALL_BITS = 256, 255
#: the kinds of numbers that are read as they lie in memory; others are cast
KINDS = tuple(np.dtype(kind) for kind in (np.float64, np.int64, np.int32, np.uint8, np.int16, np.float32))
_NUMBERS = {pa.from_numpy_dtype(kind): number for number, kind in enumerate(KINDS)}
#: what of a block's columns is looked into for what they have in common
OWN, ALL, NONE, SAME = -1, -2, -3, -4
#: so many values may a column have that has one only in each block
_MOST_VALUES = 8
#: and so many dictionaries, before its words are told by their codes and not by their places
_MOST_DICTIONARIES = 2


@dataclass(slots=True)
class Source:
    """A column of a block: where the bits lie that tell which values are there, and the values. 0: nowhere."""

    how: str
    count: int
    nulls: int
    bits: int = 0
    offset: int = 0
    values: int = 0
    #: where the first value stands among the bits of flags; the width of a word's index; the kind of number
    first: int = 0
    width: int = 0
    tables: tuple[Table, ...] = ()
    held: Any = None

    def part(self, name: str) -> int:
        """A place in memory, by the name that a recipe gives it."""
        if name == "bits":
            return self.bits
        if name == "offset":
            return self.offset
        if name == "values":
            return self.values
        if name in ("first", "count"):
            return self.first if name == "first" else self.count
        if name.startswith("table"):
            return self.tables[int(name[-1])].address
        return self.tables[int(name[-1])].size


class Table:
    """The codes of the words of a dictionary: a code for every index that its type can hold."""

    def __init__(self, codes: Bytes, words: int = 0, refused: tuple[int, ...] = ()) -> None:
        """``words``: how many words the dictionary has, if each has a code; ``refused``: the places of those refused."""
        self._codes = codes
        self.size, self.address = len(codes), int(codes.ctypes.data)
        self.content = codes.tobytes()
        self.words, self.refused = words, refused

    def __getitem__(self, index: int) -> int:
        return int(self._codes[index])


#: marks of our own are codes already
AS_THEY_ARE = Table(np.arange(_BYTE, dtype=np.uint8))


class Names:
    """Numbers for words that only have to be told apart, such as the names of employers; None where they are too many."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def code(self, word: str) -> int:
        """The number of a word."""
        return self._numbers.setdefault(word, len(self._numbers) + 1)

    def fit(self, *columns: Any) -> bool:
        """Whether the words of some columns are few enough for a byte."""
        if not all(pa.types.is_dictionary(one.type) for one in columns):
            return False
        if sum(len(one.dictionary) for one in columns) >= _BYTE:
            return False
        for one in columns:
            for word in one.dictionary.to_pylist():
                if word is not None and word not in self._numbers and len(self._numbers) < _BYTE - 2:
                    self.code(word)
        return all(word is None or word in self._numbers for one in columns for word in one.dictionary.to_pylist())


class Dictionaries:
    """The codes of the words of columns. The words of a column are looked up anew only where they are others."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[Any, tuple[Table, ...], tuple[bool, bool]]] = {}

    def codes(
        self, name: str, words: Any, width: int, code: Callable[[str], int], size: int
    ) -> tuple[tuple[Table, ...], tuple[bool, bool]]:
        """The codes of a column's dictionary, in two tables where a byte can't hold them; whether none is 0, any refused."""
        known = self._known.get((name, width))
        if known is not None and (known[0] is words or known[0].equals(words)):
            return known[1], known[2]
        found = [0 if word is None else code(word) for word in words.to_pylist()] or [0]
        room = {1: _BYTE, 2: _BYTE * _BYTE}.get(width, len(found))
        refused = WRONG in found
        wrong = tuple(place for place, one in enumerate(found) if one == WRONG)
        tables = tuple(_table(part, room, len(found) if all(found) else 0, wrong) for part in _parts(found, size))
        told = all(found), refused
        self._known[name, width] = words, tables, told
        return tables, told


def _parts(codes: Sequence[int], size: int) -> list[list[int]]:
    """Codes as bytes; those that are refused have one of their own in the last."""
    low = [kernels.REFUSED if one == WRONG else one & (_BYTE - 1) for one in codes]
    if size < _BYTE:
        return [low]
    return [low, [kernels.REFUSED if one == WRONG else one >> 8 for one in codes]]


def _table(codes: Sequence[int], room: int, words: int, refused: tuple[int, ...]) -> Table:
    found = np.zeros(max(room, len(codes)), np.uint8)
    found[: len(codes)] = codes
    return Table(found, words, refused)


def bytes_of(size: int) -> list[int]:
    """The sizes of the fields of a code: of 255 values and more, two, so that what is refused has a byte of its own."""
    return [size] if size < _BYTE else [_BYTE, _BYTE]


def given(values: Any) -> Source:
    """Which values are there."""
    held = values.indices if pa.types.is_dictionary(values.type) else values
    return _source(GIVEN, held)


def words(values: Any, name: str, known: Dictionaries, code: Callable[[str], int], size: int) -> tuple[Source, Any]:
    """A column of words, and what its codes are like."""
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    indices = values.indices
    if indices.type.bit_width not in (8, 16, 32):
        indices = indices.cast(pa.int32())
    width = indices.type.bit_width // 8
    found = _source(WORDS, indices)
    found.width = width
    found.values = _address(indices, width, found)
    found.tables, told = known.codes(name, values.dictionary, width, code, size)
    return found, (width, *told)


def flags(values: Any) -> Source:
    """Yes, no or neither."""
    if values.type != pa.bool_():
        values = values.cast(pa.bool_())
    found = _source(FLAGS, values)
    found.values, found.first = _buffer(values, found), values.offset
    return found


def days(values: Any) -> Source:
    """Days as numbers."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if values.type != pa.date32():
        values = pc.cast(values, pa.date32())
    found = _source(DAYS, values)
    found.width, found.values = 4, _address(values, 4, found)
    return found


def numbers(values: Any) -> Source:
    """Numbers as they are."""
    if values.type not in _NUMBERS:
        values = values.cast(pa.float64())
    found = _source(NUMBERS, values)
    found.first = _NUMBERS[values.type]
    found.width = KINDS[found.first].itemsize
    found.values = _address(values, found.width, found)
    return found


def held(values: npt.NDArray[np.int32]) -> Source:
    """Days of our own, of which unknown ones are marked as such."""
    whole = np.ascontiguousarray(values, np.int32)
    return Source(DAYS, len(whole), 0, values=int(whole.ctypes.data), width=4, held=[whole])


def marks(values: Bytes) -> Source:
    """Marks of our own: a word for each, coded as itself."""
    whole = np.ascontiguousarray(values, np.uint8)
    address = int(whole.ctypes.data)
    return Source(WORDS, len(whole), 0, values=address, width=1, tables=(AS_THEY_ARE,), held=[whole])


def _source(how: str, values: Any) -> Source:
    """Where the bits lie that tell which values are there, and where they begin; nowhere where all are."""
    nulls = values.null_count
    found = Source(how, len(values), nulls, held=[values])
    if not nulls:
        return found
    bits = values.buffers()[0]
    if bits is None:  # a type whose nulls are not held as bits
        packed = np.packbits(np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False)), bitorder="little")
        found.held.append(packed)
        found.bits = int(packed.ctypes.data)
    else:
        found.bits, found.offset = bits.address, values.offset
    return found


def _buffer(values: Any, found: Source) -> int:
    held_ = values.buffers()[1]
    if held_ is None or not held_.size:
        nothing = np.zeros(16, np.uint8)
        found.held.append(nothing)
        return int(nothing.ctypes.data)
    return int(held_.address)


def _address(values: Any, width: int, found: Source) -> int:
    return _buffer(values, found) + int(values.offset) * width


def flags_of_pair(one: Any, two: Any) -> Source:
    """Which rows have the same word in both columns; neither yes nor no where one has none."""
    one, two = (v.dictionary_decode() if pa.types.is_dictionary(v.type) else v for v in (one, two))
    return flags(pc.equal(one, two))


class Common:
    """What the columns of blocks have had in common so far: all or no values, one value, the same as another column.

    What a block does not bear out is given up for good, so that blocks of one table are soon of one kind. Safe under threads.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._bits: list[int] = []
        self._values: list[int] = []
        self._met: dict[int, set[Any]] = {}
        self._contents: dict[bytes, int] = {}
        self._dictionaries: dict[int, set[int]] = {}

    def dictionary(self, place: int, one: Source) -> int | None:
        """The number of the dictionary of a column of few words, as long as few of them were met in it; None otherwise."""
        if one.how != WORDS or len(one.tables) > 1 or not 0 < one.tables[0].words < _BYTE - 1:
            return None
        with self._lock:
            met = self._dictionaries.setdefault(place, set())
            if len(met) > _MOST_DICTIONARIES:
                return None
            number = self._contents.setdefault(one.tables[0].content, len(self._contents))
            met.add(number)
            return number if len(met) <= _MOST_DICTIONARIES else None

    def of(self, sources: Sequence[Source]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """For each source what its bits and its values have in common: ``ALL``, ``NONE``, ``SAME``, another one, ``OWN``."""
        while True:
            beliefs = self.believed(sources)
            holds = np.ones(len(beliefs.checks), np.bool_)
            program.alike(beliefs.checks, holds)
            if holds.all():
                return beliefs.bits, beliefs.values
            self.give_up(beliefs, holds)

    def believed(self, sources: Sequence[Source]) -> Beliefs:
        """The same, as far as it was so before and a look at each column does not tell otherwise; to be looked into."""
        with self._lock:
            bits, values = list(self._bits), list(self._values)
        if len(bits) != len(sources):
            bits, values = self._at_first(sources)
        checks: list[Check] = []
        about: list[tuple[bool, int]] = []
        for place, one in enumerate(sources):
            for known, of_bits, check in ((bits, True, self._of_bits), (values, False, self._of_values)):
                if known[place] == OWN:
                    continue
                found = check(one, known[place], sources)
                if found is None:
                    known[place] = OWN
                elif found[0]:
                    checks.append(found)
                    about.append((of_bits, place))
        self._hold(sources, bits, values)
        return Beliefs(tuple(bits), tuple(values), np.array(checks, np.int64).reshape(-1, len(_NOTHING)), about)

    def give_up(self, beliefs: Beliefs, holds: npt.NDArray[np.bool_]) -> None:
        """Gives up what does not hold."""
        with self._lock:
            for place in np.flatnonzero(~holds).tolist():
                of_bits, source = beliefs.about[place]
                (self._bits if of_bits else self._values)[source] = OWN

    def _hold(self, sources: Sequence[Source], bits: list[int], values: list[int]) -> None:
        """From now on no more is believed than this."""
        with self._lock:
            for place, known in enumerate(values):
                if known == SAME:
                    met = self._met.setdefault(place, set())
                    met.add(self.value(sources[place]))
                    if len(met) > _MOST_VALUES:  # blocks of so many kinds would have little in common
                        values[place] = OWN
            self._bits, self._values = _both(self._bits, bits), _both(self._values, values)

    @staticmethod
    def _of_bits(one: Source, known: int, sources: Sequence[Source]) -> Check | None:
        """What has to be looked into for the bits of a column; none if they are not what they were."""
        if known in (ALL, NONE):
            return _NOTHING if one.nulls == (0 if known == ALL else one.count) else None
        return _same_bits(one, sources[known])

    @staticmethod
    def _of_values(one: Source, known: int, sources: Sequence[Source]) -> Check | None:
        """The same for its values."""
        if known == SAME:
            return _one_value(one)
        return _the_same(one, sources[known]) if _comparable(one, sources[known]) else None

    def _at_first(self, sources: Sequence[Source]) -> tuple[list[int], list[int]]:
        bits: list[int] = []
        values: list[int] = []
        for place, one in enumerate(sources):
            if not one.nulls or one.nulls == one.count:
                bits.append(NONE if one.nulls else ALL)
            else:
                earlier = (at for at in range(place) if bits[at] == OWN and _holds(_same_bits(one, sources[at])))
                bits.append(next(earlier, OWN))
            values.append(self._value_at_first(place, sources, values))
        return bits, values

    @staticmethod
    def value(one: Source) -> Any:
        """The first value of a column: the codes of a word, None for one that is refused; all else as it lies in memory."""
        if one.how == FLAGS:
            return _byte(one.values + (one.first >> 3)) & 1
        held = int.from_bytes(ctypes.string_at(one.values, one.width), "little")
        if one.how != WORDS:
            return held
        return None if held in one.tables[0].refused else tuple(table[held] for table in one.tables)

    @staticmethod
    def _value_at_first(place: int, sources: Sequence[Source], values: Sequence[int]) -> int:
        one = sources[place]
        if one.how == GIVEN or one.nulls == one.count:
            return OWN
        if _holds(_one_value(one)):
            return SAME
        earlier = (at for at in range(place) if values[at] == OWN and _comparable(one, sources[at]))
        return next((at for at in earlier if _holds(_the_same(one, sources[at]))), OWN)


def _both(known: Sequence[int], found: Sequence[int]) -> list[int]:
    """What columns have in common by all that was found; another thread may have found less."""
    if len(known) != len(found):
        return list(found)
    return [one if one == two else OWN for one, two in zip(known, found, strict=True)]


#: how many whole words of eight bytes there are, where they lie, where those of another column lie (0: nowhere), the word
#: that all of the column's have to be, and how many bits a row has
Check = tuple[int, int, int, int, int]
_NOTHING: Check = (0, 0, 0, 0, 0)
#: blocks of a batch begin at multiples of so many rows, where a word of every column begins
ALIGNED = 64


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What the columns of a batch may have in common, and what has to be looked into; of each check, what it is about."""

    bits: tuple[int, ...]
    values: tuple[int, ...]
    checks: npt.NDArray[np.int64]
    about: Sequence[tuple[bool, int]]

    def checks_of(self, first: int, count: int | None) -> npt.NDArray[np.int64]:
        """What has to be looked into of some rows, ``first`` a multiple of ``ALIGNED``; without ``count``, of all from there on."""
        found = self.checks.copy()
        wide = found[:, 4]
        begin = first // ALIGNED * wide
        end = found[:, 0] if count is None else np.minimum(found[:, 0], (first + count) // ALIGNED * wide)
        found[:, 0] = np.maximum(end - begin, 0)
        found[:, 1] += EIGHT * begin
        found[:, 2] += np.where(found[:, 2] != 0, EIGHT * begin, 0)
        return found


def _one_value(one: Source) -> Check | None:
    """What has to be looked at to tell whether a column has one value; none where it has not, or can't be told."""
    if one.how != FLAGS:
        return _check(one.width * EIGHT, one.count, one.values, 0, ctypes.string_at(one.values, one.width))
    first, tail = one.values + (one.first >> 3), _tail(one.values, one.first, one.count)
    if one.first & 7 or one.count < EIGHT:
        return None
    same = tail == (_byte(first) & _mask(one.count)) and _byte(first) in (0, _ALL_BITS)
    return _check(1, one.count, first, 0, bytes([_byte(first)])) if same else None


def _the_same(one: Source, other: Source) -> Check | None:
    """The same for whether a column holds what another does."""
    if one.how != FLAGS:
        return _check(one.width * EIGHT, one.count, one.values, other.values, b"")
    same = _tail(one.values, one.first, one.count) == _tail(other.values, other.first, other.count)
    return _check(1, one.count, one.values + (one.first >> 3), other.values + (other.first >> 3), b"") if same else None


def _comparable(one: Source, other: Source) -> bool:
    if one.how != other.how or one.width != other.width or one.first != other.first:
        return False
    if one.how == FLAGS:
        return not one.first & 7
    return [table.content for table in one.tables] == [table.content for table in other.tables]


def _same_bits(one: Source, other: Source) -> Check | None:
    if one.nulls != other.nulls or not one.nulls or (one.offset | other.offset) & 7:
        return None
    if _tail(one.bits, one.offset, one.count) != _tail(other.bits, other.offset, other.count):
        return None
    first, second = one.bits + (one.offset >> 3), other.bits + (other.offset >> 3)
    return _NOTHING if first == second else _check(1, one.count, first, second, b"")


def _byte(address: int) -> int:
    return ctypes.c_uint8.from_address(address).value


def _mask(count: int) -> int:
    """The bits of the last byte that tell of one of so many values."""
    return (1 << (count & 7)) - 1


def _tail(bits: int, offset: int, count: int) -> int:
    """The bits behind the last whole byte; ``offset`` is one of whole bytes."""
    return _byte(bits + ((offset + count) >> 3)) & _mask(count) if count & 7 else 0


def _check(wide: int, count: int, one: int, two: int, value: bytes) -> Check | None:
    """What has to be looked into of so many rows of so many bits; none where the bytes behind the last word differ."""
    size = wide * count >> 3
    if not size:
        return None
    rest = ctypes.string_at(one + (size & -EIGHT), size & (EIGHT - 1))
    other = ctypes.string_at(two + (size & -EIGHT), len(rest)) if two else value * (len(rest) // len(value or b"."))
    if rest != other:
        return None
    word = int.from_bytes(value * (EIGHT // len(value)), "little", signed=True) if value else 0
    return size // EIGHT, one, two, word, wide


def _holds(check: Check | None) -> bool:
    """Whether a column has its one value only, or holds the same as the other."""
    if check is None:
        return False
    found = np.ones(1, np.bool_)
    program.alike(np.array([check], np.int64), found)
    return bool(found[0])
