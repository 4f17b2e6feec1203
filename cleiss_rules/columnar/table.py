"""Tables of situations and their answers (``situations``, ``determine_table``, ``explain_row``)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import lru_cache
from itertools import pairwise
from threading import RLock
from typing import Any

import numpy as np
import pyarrow as pa

from cleiss_rules.columnar import kept
from cleiss_rules.columnar.answer import template_of
from cleiss_rules.columnar.columns import Column, column
from cleiss_rules.columnar.days import FAR, number_of
from cleiss_rules.columnar.frames import Frames
from cleiss_rules.columnar.plan import Block, Pieces, Plan, Rejected
from cleiss_rules.columnar.reads import WatchingCompiler
from cleiss_rules.columnar.rows import case_of, row_of
from cleiss_rules.columnar.templates import Templates
from cleiss_rules.columnar.thresholds import thresholds
from cleiss_rules.determination import changes_of_law, determine, engine_in_use, segments_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.errors import Fault, InvalidCase
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.timeline import slices
from cleiss_rules.result import Result, Words

#: rows that are looked at together: their codes fit the cache
BLOCK = 1 << 16
#: rows after which what was learnt of them serves those to come
ROUND = 1 << 20
#: so many signatures more than before are worth the time it takes to keep them
_WORTH_KEEPING = 1 << 11
#: for fewer rows than this, the short way is not worth its start
_FEW = 1 << 11
_MOST_PLANS = 64
#: classes that are remembered before a plan starts afresh, so that memory stays flat
_MOST_CLASSES = 1 << 21
_ARROW = {
    "bool": pa.bool_(), "number": pa.float64(), "int": pa.int32(), "date": pa.date32(), "text": pa.string(),
}  # fmt: skip
Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
_WORD = pa.dictionary(pa.int32(), pa.string())
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


#: hears of the rows done so far
Told = Callable[[int], None]
#: columns with few words have narrow indices
_NARROW: Mapping[str, Any] = {
    "outcome": np.int8, "grade": np.int8, "instrument": np.int16, "relation": np.int16, "rule": np.int16, "documents": np.int16,
}  # fmt: skip
_BY_NAME = tuple(name for name in ANSWER[2:] if name not in ("legislation", "reason"))


def situations(cases: Iterable[Case]) -> pa.Table:
    """Cases as a table: a row for each stretch of days in which no fact and no text changes, a column for each fact.

    Null is unknown. Columns are named as in a case (``person.residence``, ``activity1.posting.from_state``); several
    States in one cell are separated by a space. ``rest`` holds, as JSON, what no column can hold.
    """
    engine = engine_in_use()
    looks_back_to = max(thresholds(engine.law).days.get("legislation_before", ()), default=date.min)
    rows = [
        row_of(case, part.span, looks_back_to) for case in cases for part in slices(case, changes_of_law(case, engine))
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    specs = [column(name) for name in names]
    arrays = [pa.array([row.get(spec.name) for row in rows], type=arrow_type(spec)) for spec in specs]
    return pa.table(arrays, names=[spec.name for spec in specs])


def arrow_type(spec: Column) -> pa.DataType:
    """The type that a column has in a table that this library makes."""
    if spec.kind in ("state", "states", "enum"):
        return _WORD
    return _ARROW[spec.kind]


def determine_table(table: Any, *, lang: str = "en", threads: int | None = None, told: Told = lambda _: None) -> Any:
    """The applicable legislation of every row, one row for each answer, with provision and reason.

    Takes a table of situations (Arrow; also polars, pandas and DuckDB, and then answers in kind). The answer has the
    columns row, case, from, to, outcome, legislation (States separated by a space), instrument, relation, rule,
    missing (columns to fill in), reason (``lang``), documents, grade. ``told`` hears of the rows done so far, a million
    at a time. Raises InvalidCase, naming rows and columns.
    """
    from cleiss_rules.columnar.edges import in_kind, to_arrow

    answers, rejected = columnar().answers(to_arrow(table), lang=lang, threads=threads, told=told)
    if rejected:
        raise InvalidCase([Fault(f"row {one.row}, {f.path}", f.message) for one in rejected for f in one.faults])
    return in_kind(answers, table)


def answers_of(table: pa.Table, *, lang: str = "en", threads: int | None = None) -> tuple[pa.Table, list[Rejected]]:
    """The same, with the rows that are no situation set aside instead of raised."""
    return columnar().answers(table, lang=lang, threads=threads)


def explain_row(table: Any, row: int) -> Result:
    """The whole proof of one row of a table of situations: its case, determined by itself."""
    from cleiss_rules.columnar.edges import to_arrow

    return determine(case_of(to_arrow(table).slice(row, 1).to_pylist()[0]))


def columnar() -> Columnar:
    """The columnar engine on the law in use."""
    return _columnar(engine_in_use())


@lru_cache(maxsize=4)
def _columnar(engine: RuleSets) -> Columnar:
    return Columnar(engine, keeps=True)


class Columnar:
    """The columnar engine on one law; it keeps the classes of rows that it has met."""

    def __init__(self, engine: RuleSets, *, keeps: bool = False) -> None:
        """``keeps``: whether what is learnt is kept for later runs: of the law in use, not of one that is tried out."""
        self.engine = engine
        self._keeps = keeps
        self._kept_sizes: dict[tuple[str, ...], int] = {}
        self._lock = RLock()
        self._watching = RuleSets(engine.law, WatchingCompiler)
        self._marks = thresholds(engine.law)
        self._frames = Frames(engine)
        self._told = Templates()
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._words: dict[str, _Words] = {}
        self._names = {code: Words(fr=name.fr, en=name.en) for code, name in engine.law.states.items()}

    def answers(
        self,
        table: pa.Table,
        *,
        lang: str = "en",
        threads: int | None = None,
        names: Sequence[str] | None = None,
        told: Told = lambda _: None,
    ) -> tuple[pa.Table, list[Rejected]]:
        """The answers to a table, and the rows that are no situation.

        ``names``: the columns to look at where more than those are stated (by default those in which anything is), so
        that the parts of one large table are answered alike.
        """
        today = number_of(date.today())
        whole = table.select(names) if names is not None else _stated(table)
        table = whole.select(
            [name for name in whole.column_names if name != "case"]
        )  # what a case is called tells nothing
        plan = self._plan(table.column_names)
        workers = threads or os.cpu_count() or 1
        plan.with_helpers(workers - 1)
        done: list[tuple[Pieces, list[Rejected]]] = []
        with ThreadPoolExecutor(workers) as pool:
            spread = pool.map if workers > 1 else map
            for first in range(0, table.num_rows, ROUND):
                done += self._round(plan, table.slice(first, ROUND), first, today, (spread, workers))
                told(min(first + ROUND, table.num_rows))
            if self._keeps:
                self._keep(plan, table.column_names)
            answers = self._table(whole, [pieces for pieces, _ in done], lang, spread)
        return answers, [one for _, found in done for one in found]

    def _round(
        self, plan: Plan, table: pa.Table, first: int, today: int, over: tuple[Spread, int]
    ) -> list[tuple[Pieces, list[Rejected]]]:
        """The answers to some rows, ``over`` some threads."""
        spread, workers = over

        def long(block: pa.RecordBatch) -> Block:
            return self._block(plan, block, today)

        if table.num_rows >= _FEW and plan.lane is not None:
            from cleiss_rules.columnar.rounds import Round

            size = max(BLOCK >> 2, min(-(-table.num_rows // (2 * workers)), BLOCK << 2))
            return Round(plan, today, size, spread, long, first).answers(table)
        answered = spread(long, [_combined(table.slice(at, BLOCK)) for at in range(0, table.num_rows, BLOCK)])
        return [_moved(pieces, rejected, first + BLOCK * at) for at, (pieces, rejected) in enumerate(answered)]

    def _plan(self, names: Sequence[str]) -> Plan:
        key = tuple(sorted(names))
        with self._lock:
            known = self._plans.get(key)
            if known is None or known.classes > _MOST_CLASSES:
                if len(self._plans) >= _MOST_PLANS:
                    self._plans.clear()
                columns = [column(name) for name in key]
                plan = Plan(self._watching, columns, self._marks, self._frames, self._told, self._lock)
                self._plans[key] = plan
                if self._keeps:
                    self._take_up(plan, columns)
            return self._plans[key]

    def _take_up(self, plan: Plan, columns: Sequence[Column]) -> None:
        """What earlier runs have learnt of rows with these columns."""
        names = [one.name for one in columns]
        if plan.lane is None or (found := kept.read(kept.path_of(names, self.engine.law.digest))) is None:
            return
        empty = pa.record_batch([pa.nulls(1, arrow_type(one)) for one in columns], names=names)
        plan.know(found, empty)
        self._kept_sizes[tuple(names)] = plan.lane.size

    def _keep(self, plan: Plan, names: Sequence[str]) -> None:
        """Keeps what was learnt for later runs, where it is much more than was kept before."""
        key = tuple(sorted(names))
        before = self._kept_sizes.get(key, 0)
        if plan.lane is None or plan.lane.size < before + max(_WORTH_KEEPING, before >> 3):
            return
        found = plan.kept()
        if found is not None:
            kept.write(kept.path_of(key, self.engine.law.digest), found)
            self._kept_sizes[key] = len(found.entries)

    def _block(self, plan: Plan, block: pa.RecordBatch, today: int) -> Block:
        """The answers to a block of rows, each looked at."""
        pieces, alone = plan.answer(block, today)
        rejected: list[Rejected] = []
        if len(alone):
            by_itself = [self._alone(block, int(row), rejected) for row in alone]
            columns = zip(*(entry for found in by_itself for entry in found), strict=True)
            added = [np.array(list(values)) for values in columns] or [np.zeros(0)] * len(Pieces.__slots__)
            pieces = Pieces(
                *(
                    np.concatenate([getattr(pieces, name), more.astype(getattr(pieces, name).dtype)])
                    for name, more in zip(Pieces.__slots__, added, strict=True)
                )
            )
            order = np.lexsort((pieces.place, pieces.start, pieces.row))
            pieces = Pieces(*(getattr(pieces, name)[order] for name in Pieces.__slots__))
        return pieces, rejected

    def _alone(self, block: pa.RecordBatch, row: int, rejected: list[Rejected]) -> Iterator[tuple[int, ...]]:
        """The answers to one row by the reference engine."""
        try:
            segments = segments_of(case_of(block.slice(row, 1).to_pylist()[0]), self.engine)
        except InvalidCase as error:
            rejected.append(Rejected(row, tuple(error.faults)))
            return
        for place, segment in enumerate(segments):
            with self._lock:
                template = self._told.number(template_of(segment, (), self._names))
                said = self._told.legislation(" ".join(segment.legislation))
            end = int(FAR) if segment.to is None else number_of(segment.to)
            yield row, number_of(segment.from_), end, place, template, said

    def _words_in(self, lang: str) -> _Words:
        """The words of all that was answered so far."""
        with self._lock:
            known = self._words.get(lang)
            if known is None or not known.tells_all(self._told):
                known = self._words[lang] = _Words(self._told, lang)
            return known

    def _table(self, table: pa.Table, done: Sequence[Pieces], lang: str, spread: Spread) -> pa.Table:
        """The answers as a table, a part for each block of rows."""
        words = self._words_in(lang)
        cases = _cases(table, done)

        def written(place: int) -> list[pa.Array]:
            pieces = done[place]
            said, template = pieces.legislation, pieces.template
            met = words.met(template)
            return [
                pa.array(pieces.row),
                cases[place],
                _days(pieces.start),
                _days(pieces.end),
                *(
                    words.of(name, said, None) if name == "legislation" else words.of(name, template, met)
                    for name in ANSWER[2:]
                ),
            ]

        names = ["row", "case", *ANSWER]
        parts = list(spread(written, range(len(done))))
        if not parts:
            nobody = np.zeros(0, np.int32)
            parts, done = [], [Pieces(np.zeros(0, np.int64), *[nobody] * 5)]
            cases = [pa.nulls(0, pa.string())]
            parts = [written(0)]
        return pa.Table.from_arrays([pa.chunked_array(list(column)) for column in zip(*parts, strict=True)], names)


class _Words:
    """The words of the columns of answers, by the number of a template or legislation."""

    def __init__(self, told: Templates, lang: str) -> None:
        templates, legislations = list(told.templates), list(told.legislations)
        self._told = len(templates), len(legislations)
        self._templates = max(len(templates), 1)
        texts: dict[str, list[str | None]] = {name: [getattr(one, name) for one in templates] for name in _BY_NAME}
        texts["reason"] = [one.reason[0 if lang == "fr" else 1] for one in templates]
        texts["legislation"] = [text or None for text in legislations]
        self._of = {name: _Lookup(said, _NARROW.get(name, np.int32)) for name, said in texts.items()}

    def tells_all(self, told: Templates) -> bool:
        """Whether no further template or legislation is known by now."""
        return (len(told.templates), len(told.legislations)) == self._told

    def of(self, name: str, numbers: Any, met: Any) -> pa.Array:
        """A column of words; ``met``: which numbers there are, where that is known."""
        return self._of[name].column(numbers, met)

    def met(self, templates: Any) -> Any:
        """Which templates there are among those of a block."""
        found = np.zeros(self._templates, np.uint8)
        try:
            from cleiss_rules.columnar import keys
        except ImportError:
            return np.unique(templates)
        keys.met(templates, found)
        return np.flatnonzero(found)


def _moved(pieces: Pieces, rejected: Sequence[Rejected], first: int) -> tuple[Pieces, list[Rejected]]:
    pieces.row = pieces.row + first
    return pieces, [Rejected(first + one.row, one.faults) for one in rejected]


def _days(days: Any) -> pa.Array:
    """Days as a column; one that is far away is none."""
    if len(days) and days.strides == (0,):
        if days[0] == FAR:
            return pa.nulls(len(days), pa.date32())
        return pa.array(np.full(len(days), days[0], np.int32)).view(pa.date32())
    far = days == FAR
    return pa.array(days, mask=far if far.any() else None).view(pa.date32())


class _Lookup:
    """The words of a column by number: their places among the distinct ones, and which numbers have one."""

    def __init__(self, texts: Sequence[str | None], kind: Any) -> None:
        distinct = list(dict.fromkeys(text for text in texts if text is not None))
        at = {text: place for place, text in enumerate(distinct)}
        kind = kind if len(distinct) <= np.iinfo(kind).max else np.int32
        self._places = np.array([at.get(text or "", 0) if text is not None else 0 for text in texts] or [0], kind)
        self._there = np.array([text is not None for text in texts] or [False], np.uint8)
        self._whole = bool(self._there.all())
        self._distinct = pa.array(distinct, pa.string())
        self._type = pa.from_numpy_dtype(kind)

    def column(self, numbers: Any, met: Any) -> pa.Array:
        """The words of some numbers; where all of them have one word, as is told by ``met``, it is not looked up for each."""
        if (
            met is not None
            and len(met)
            and len({*zip(self._places[met].tolist(), self._there[met].tolist(), strict=True)}) == 1
        ):
            one = np.full(len(numbers), self._places[met[0]], self._places.dtype)
            held = pa.array(one) if self._there[met[0]] else pa.nulls(len(numbers), self._type)
        else:
            indices, bits = self._looked_up(numbers)
            held = pa.Array.from_buffers(self._type, len(indices), [bits, pa.py_buffer(indices)])
        return pa.DictionaryArray.from_arrays(held, self._distinct, safe=False)

    def _looked_up(self, numbers: Any) -> tuple[Any, Any]:
        """The place of each number in the list of words, and the bits that tell which have one (None: all)."""
        try:
            from cleiss_rules.columnar import keys
        except ImportError:
            there = self._there[numbers]
            bits = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
            return self._places[numbers], bits
        indices = np.empty(len(numbers), self._places.dtype)
        keys.worded(numbers, self._places, indices)
        if self._whole:
            return indices, None
        told = np.empty((len(numbers) + 7) >> 3, np.uint8)
        without = keys.with_words(numbers, self._there, told)
        return indices, pa.py_buffer(told) if without else None


def _cases(table: pa.Table, done: Sequence[Pieces]) -> list[Any]:
    """The name of the case of each answer, a part for each block of rows."""
    if "case" not in table.column_names:
        return [pa.nulls(len(pieces.row), pa.string()) for pieces in done]
    found = table.column("case")
    return [_taken(found, pieces.row) for pieces in done]


def _taken(values: pa.ChunkedArray, row: Any) -> Any:
    """The values of rows in order, of which few come more than once."""
    breaks = np.flatnonzero(np.diff(row) != 1) + 1
    if len(breaks) > len(row) >> 4:
        return _whole(values.take(pa.array(row)))
    edges = [0, *breaks.tolist(), len(row)]
    runs = [values.slice(int(row[begin]), end - begin) for begin, end in pairwise(edges) if end > begin]
    return _whole(pa.chunked_array([chunk for run in runs for chunk in run.chunks], values.type))


def _whole(values: pa.ChunkedArray) -> pa.Array:
    found = values.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _stated(table: pa.Table) -> pa.Table:
    """The columns in which anything is stated; a table may have columns for facts that none of its rows has."""
    return table.select([name for name in table.column_names if table.column(name).null_count < table.num_rows])


def _combined(block: pa.Table) -> pa.RecordBatch:
    batches = block.to_batches()
    return batches[0] if len(batches) == 1 else block.combine_chunks().to_batches()[0]
