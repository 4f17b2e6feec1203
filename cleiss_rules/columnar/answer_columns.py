"""Answers as Arrow's columns: numbers of templates and legislations become words, round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from cleiss_rules.columnar.days import FAR
from cleiss_rules.columnar.plan import Pieces
from cleiss_rules.columnar.templates import Templates
from cleiss_rules.columnar.threads import Spread

#: the columns of the answers, in order, after ``row`` and ``case``
ANSWER = (
    "from",
    "to",
    "outcome",
    "legislation",
    "instrument",
    "relation",
    "rule",
    "missing",
    "reason",
    "documents",
    "grade",
)
#: indices are narrow, as long as the words are few: of these columns they always are
_NARROW: Mapping[str, Any] = dict.fromkeys(("outcome", "instrument", "relation", "grade"), np.int8)
_OF_WORDS = ANSWER[2:]
_OF_TEMPLATES = tuple(name for name in _OF_WORDS if name not in ("legislation", "reason"))
_BYTE = 8


class Words:
    """The words of the columns of answers, by the number of a template or legislation. Those of later ones come behind."""

    def __init__(self, told: Templates, lang: str) -> None:
        templates, legislations = list(told.templates), list(told.legislations)
        self._told = len(templates), len(legislations)
        texts: dict[str, list[str | None]] = {name: [getattr(one, name) for one in templates] for name in _OF_TEMPLATES}
        texts["reason"] = [one.reason[0 if lang == "fr" else 1] for one in templates]
        texts["legislation"] = [text or None for text in legislations]
        self.of = {name: WordsOfColumn(texts[name], _NARROW.get(name, np.int16)) for name in _OF_WORDS}

    def tells_all(self, told: Templates) -> bool:
        """Whether no further template or legislation is known by now."""
        return (len(told.templates), len(told.legislations)) == self._told


class WordsOfColumn:
    """The words of a column by number: their places among the distinct ones, and which numbers have one."""

    def __init__(self, texts: Sequence[str | None], kind: Any) -> None:
        at: dict[str, int] = {}
        places = [0 if text is None else at.setdefault(text, len(at)) for text in texts]
        self.kind = np.dtype(kind if len(at) <= np.iinfo(kind).max else np.int32)
        self.places = np.array(places or [0], self.kind)
        self.there = np.array([text is not None for text in texts] or [False], np.uint8)
        self.is_whole = bool(self.there.all())
        self.distinct = pa.array(list(at), pa.string())


@dataclass(slots=True)
class Written:
    """The answers to a round of rows: rows and days, and of each column of words the indices."""

    rows: pa.Array
    starts: pa.Array
    ends: pa.Array
    indices: Mapping[str, pa.Array]
    #: how the case of each is called
    cases: Any

    def table(self, words: Words) -> pa.Table:
        """As a table; ``words``: those of all that was answered by now."""
        columns = {name: _in_words(self.indices[name], words.of[name]) for name in _OF_WORDS}
        return pa.table({"row": self.rows, "case": self.cases, "from": self.starts, "to": self.ends, **columns})


def written(done: Sequence[Pieces], words: Words, cases: pa.ChunkedArray | None, spread: Spread) -> Written:
    """The answers to the blocks of a round as columns; ``cases``: how the cases of all rows are called."""
    count = [len(pieces.row) for pieces in done]
    first = np.concatenate([[0], np.cumsum(count, dtype=np.int64)])
    total = int(first[-1])
    counted = _counted(done)
    room = _Room(total, words, counted)
    with_loops = _has_loops()

    def write(place: int) -> Any:
        pieces, at = done[place], int(first[place])
        (room.write if with_loops else room.take)(pieces, at)
        return None if cases is None else _taken(cases, pieces.row)

    called = list((spread if with_loops else map)(write, range(len(done))))
    return room.written(_no_names(total) if cases is None else pa.chunked_array(called, cases.type))


_zeros = np.zeros(0, np.uint8)
_numbers = np.zeros(0, np.int64)
#: so many row numbers are held at most, for all tables whose rows have one answer each
_MOST_NUMBERS = 1 << 20


def _no_names(count: int) -> pa.Array:
    """So many names of cases that are none: they share memory."""
    global _zeros
    size = 4 * (count + 1)
    if len(_zeros) < size:
        _zeros = np.zeros(size, np.uint8)
        _zeros.flags.writeable = False
    held = [pa.py_buffer(_zeros[: -(-count // _BYTE)]), pa.py_buffer(_zeros[:size]), pa.py_buffer(b"")]
    return pa.Array.from_buffers(pa.string(), count, held, count)


def _counted(done: Sequence[Pieces]) -> Any:
    """The numbers of rows, in memory that tables share, where they are those of the first so many; None otherwise."""
    global _numbers
    count = 0
    for pieces in done:
        if not isinstance(pieces.row, range) or pieces.row.start != count:
            return None
        count = pieces.row.stop
    if count > _MOST_NUMBERS:
        return None
    held = _numbers
    if len(held) < count:
        held = np.arange(count)
        held.flags.writeable = False
        _numbers = held
    return held[:count]


def _has_loops() -> bool:
    try:
        from cleiss_rules.columnar import writing  # noqa: F401
    except ImportError:
        return False
    return True


class _Room:
    """Memory for the columns of a round, in Arrow's keeping: what is given back there is used again."""

    def __init__(self, count: int, words: Words, counted: Any) -> None:
        """``counted``: the numbers of the rows, where they need not be written down."""
        self._words = [words.of[name] for name in _OF_WORDS]
        self._counted = counted
        self._rows = _empty(count if counted is None else 0, np.int64)
        self._starts, self._ends = _empty(count, np.int32), _empty(count, np.int32)
        self._indices = [_empty(count, one.kind) for one in self._words]
        #: of the last days, then of the columns of words: which are there
        self._bits = [_empty(0 if whole else -(-count // _BYTE), np.uint8) for whole in (False, *self._whole())]
        self._heads: list[tuple[int, Any]] = []
        self._lacking = np.zeros(1 + len(self._words), np.int64)

    def _whole(self) -> list[bool]:
        return [one.is_whole for one in self._words]

    def write(self, pieces: Pieces, at: int) -> None:
        """Writes the answers of a block behind ``at`` others."""
        from cleiss_rules.columnar import writing

        columns = np.zeros((1 + len(self._words), 6), np.int64)
        columns[:, writing.BITS] = [bits.ctypes.data if len(bits) else 0 for bits in self._bits]
        for column, name, one, indices in zip(columns[1:], _OF_WORDS, self._words, self._indices, strict=True):
            column[writing.SAYS], column[writing.WIDTH] = name == "legislation", one.kind.itemsize
            column[writing.PLACES], column[writing.INDICES] = one.places.ctypes.data, indices.ctypes.data
            column[writing.THERE] = one.there.ctypes.data
        heads, lacking = np.zeros(len(columns), np.uint8), np.zeros(len(columns), np.int64)
        rows = np.array([pieces.row.start]) if isinstance(pieces.row, range) else pieces.row
        held = rows, _one_or_all(pieces.start), _one_or_all(pieces.end), pieces.template, pieces.legislation
        writing.written(held, at, (self._rows, self._starts, self._ends), columns, heads, lacking)
        self._heads.append((at, heads))
        self._lacking += lacking

    def take(self, pieces: Pieces, at: int) -> None:
        """The same without compiled loops."""
        part = slice(at, at + len(pieces.row))
        if self._counted is None:
            self._rows[part] = pieces.row
        self._starts[part], self._ends[part] = pieces.start, pieces.end
        there = [pieces.end != FAR]
        for name, one, indices in zip(_OF_WORDS, self._words, self._indices, strict=True):
            numbers = pieces.legislation if name == "legislation" else pieces.template
            indices[part] = one.places[numbers]
            there.append(one.there[numbers] != 0)
        for place, (bits, told) in enumerate(zip(self._bits, there, strict=True)):
            self._lacking[place] += np.count_nonzero(~told)
            if len(bits):
                before = np.unpackbits(bits[: -(-at // _BYTE)], count=at, bitorder="little").astype(np.bool_)
                packed = np.packbits(np.concatenate([before, told]), bitorder="little")
                bits[: len(packed)] = packed

    def written(self, cases: Any) -> Written:
        """All of it."""
        for at, heads in self._heads:
            for bits, head in zip(self._bits, heads.tolist(), strict=True):
                if len(bits) and head:
                    bits[at // _BYTE] |= head
        starts, ends, *indices = (
            _array(values, kind, bits if lacking else None)
            for values, kind, bits, lacking in zip(
                (self._starts, self._ends, *self._indices),
                (pa.date32(), pa.date32(), *(pa.from_numpy_dtype(one.kind) for one in self._words)),
                (self._bits[0], *self._bits),
                (0, *self._lacking.tolist()),
                strict=True,
            )
        )
        rows = _array(self._rows if self._counted is None else self._counted, pa.int64(), None)
        return Written(rows, starts, ends, dict(zip(_OF_WORDS, indices, strict=True)), cases)


def _empty(count: int, kind: Any) -> Any:
    """Memory of Arrow's for some values."""
    size = np.dtype(kind).itemsize
    return np.frombuffer(pa.allocate_buffer(max(count, 1) * size), kind)[:count]


def _array(values: Any, kind: pa.DataType, bits: Any) -> pa.Array:
    return pa.Array.from_buffers(
        kind, len(values), [None if bits is None else pa.py_buffer(bits), pa.py_buffer(values)]
    )


def _one_or_all(days: Any) -> Any:
    """The one day that all answers have, or that of each."""
    return np.ascontiguousarray(days[:1] if len(days) and days.strides == (0,) else days, np.int32)


def _in_words(indices: pa.Array, words: WordsOfColumn) -> pa.Array:
    kind = pa.from_numpy_dtype(words.kind)  # wider than before, where many words were met since
    return pa.DictionaryArray.from_arrays(
        indices if indices.type == kind else indices.cast(kind), words.distinct, safe=False
    )


def _taken(values: pa.ChunkedArray, row: Any) -> Any:
    """The values of rows in order, of which few come more than once."""
    breaks = _breaks(row)
    if breaks is None:
        return _whole(values.take(pa.array(row)))
    edges = [0, *breaks.tolist(), len(row)]
    runs = [values.slice(int(row[begin]), end - begin) for begin, end in pairwise(edges) if end > begin]
    return _whole(pa.chunked_array([chunk for run in runs for chunk in run.chunks], values.type))


def _breaks(row: Any) -> Any:
    """Where rows do not follow the one before; None where that is often."""
    most = len(row) >> 4
    if isinstance(row, range):
        return np.zeros(0, np.int64)
    if not _has_loops():
        found = np.flatnonzero(np.diff(row) != 1) + 1
        return found if len(found) <= most else None
    from cleiss_rules.columnar import writing

    found = np.empty(most, np.int64)
    count = writing.breaks(row, found)
    return found[:count] if count <= most else None


def _whole(values: pa.ChunkedArray) -> pa.Array:
    found = values.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)
