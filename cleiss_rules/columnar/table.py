"""Tables of situations and their answers (``situations``, ``determine_table``, ``explain_row``)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from threading import RLock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleiss_rules.columnar import kept
from cleiss_rules.columnar.answer import template_of
from cleiss_rules.columnar.answer_columns import Words, Written, written
from cleiss_rules.columnar.columns import Column, column
from cleiss_rules.columnar.days import FAR, number_of
from cleiss_rules.columnar.frames import Frames
from cleiss_rules.columnar.intake import taken_in
from cleiss_rules.columnar.plan import Block, Pieces, Plan, Rejected
from cleiss_rules.columnar.reads import WatchingCompiler
from cleiss_rules.columnar.rows import case_of, row_of
from cleiss_rules.columnar.templates import Templates
from cleiss_rules.columnar.threads import Spread, Threads
from cleiss_rules.columnar.thresholds import thresholds
from cleiss_rules.determination import changes_of_law, determine, engine_in_use, segments_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.errors import Fault, InvalidCase
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.timeline import slices
from cleiss_rules.result import Result
from cleiss_rules.result import Words as Bilingual

#: rows that are looked at together: their codes fit the cache
BLOCK = 1 << 16
_LANGUAGES = ("en", "fr")
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
_WORD = pa.dictionary(pa.int32(), pa.string())
#: hears of the rows done so far
Told = Callable[[int], None]


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
    """The whole proof of one row of a table of situations: its case, determined by itself.

    Raises IndexError where the table has no such row, InvalidCase where the row is no situation.
    """
    from cleiss_rules.columnar.edges import to_arrow

    given = to_arrow(table)
    if not 0 <= row < given.num_rows:
        raise IndexError(f"row {row}: the table has {given.num_rows} rows, the first is row 0")
    found, faulty = taken_in(given.slice(row, 1), days=True)
    if faulty:
        raise InvalidCase(faulty[0])
    return determine(case_of(found.to_pylist()[0]))


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
        self._words: dict[str, Words] = {}
        self._names = {code: Bilingual(fr=name.fr, en=name.en) for code, name in engine.law.states.items()}

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
        if lang not in _LANGUAGES:
            raise ValueError(f"{lang!r} is no language of answers; accepted: {', '.join(_LANGUAGES)}")
        table, faulty = taken_in(table, days=names is not None)
        try:
            answers, rejected = self._answered(table, lang, threads, names, told)
        except OverflowError:  # a day that no calendar has: the rows that hold one are told apart
            table, faulty = taken_in(table, days=True)
            answers, rejected = self._answered(table, lang, threads, names, told)
        if not faulty:
            return answers, rejected
        kept = pc.invert(pc.is_in(answers.column("row"), value_set=pa.array(list(faulty), pa.int64())))
        rejected = [one for one in rejected if one.row not in faulty]
        rejected += [Rejected(row, tuple(found)) for row, found in faulty.items()]
        return answers.filter(kept), sorted(rejected, key=lambda one: one.row)

    def _answered(
        self, table: pa.Table, lang: str, threads: int | None, names: Sequence[str] | None, told: Told
    ) -> tuple[pa.Table, list[Rejected]]:
        """The same of a table whose columns are of the kinds that they tell."""
        today, count = number_of(date.today()), table.num_rows
        whole = table.select(names) if names is not None else _stated(table)
        table = whole.select(
            [name for name in whole.column_names if name != "case"]
        )  # what a case is called tells nothing
        if not table.num_columns:  # nothing is stated of any row; yet there are so many
            table = pa.table({"person.residence": pa.nulls(count, _WORD)})
        plan = self._plan(table.column_names)
        processors = threads or os.cpu_count() or 1
        plan.with_helpers(processors - 1)
        workers = (
            processors if threads or table.num_rows > BLOCK else 1
        )  # for few rows a second thread takes more than it gives
        cases = whole.column("case") if "case" in whole.column_names else None
        if cases is not None and cases.type != pa.string():
            cases = cases.cast(pa.string())
        done: list[Written] = []
        rejected: list[Rejected] = []
        spread = Threads(workers).map if workers > 1 else map
        for first in range(0, table.num_rows, ROUND):
            # a part of a table counts anew which values are there
            rows = table if table.num_rows <= ROUND else table.slice(first, ROUND)
            answered = self._round(plan, rows, first, today, (spread, workers))
            rejected += [one for _, found in answered for one in found]
            done.append(written([pieces for pieces, _ in answered], self._words_in(lang), cases, spread))
            told(min(first + ROUND, table.num_rows))
        if self._keeps:
            self._keep(plan, table.column_names)
        words = self._words_in(lang)
        parts = [one.table(words) for one in done or [written([], words, cases, spread)]]
        return pa.concat_tables(parts), rejected

    def _round(
        self, plan: Plan, table: pa.Table, first: int, today: int, over: tuple[Spread, int]
    ) -> list[tuple[Pieces, list[Rejected]]]:
        """The answers to some rows, ``over`` some threads."""
        spread, workers = over

        def long(block: pa.RecordBatch) -> Block:
            return self._block(plan, block, today)

        if table.num_rows >= _FEW and plan.lane is not None:
            from cleiss_rules.columnar.rounds import Round
            from cleiss_rules.columnar.sheet import ALIGNED

            size = min(-(-table.num_rows // (ALIGNED * workers)) * ALIGNED, BLOCK << 3)
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

    def _words_in(self, lang: str) -> Words:
        """The words of all that was answered so far."""
        with self._lock:
            known = self._words.get(lang)
            if known is None or not known.tells_all(self._told):
                known = self._words[lang] = Words(self._told, lang)
            return known


def _moved(pieces: Pieces, rejected: Sequence[Rejected], first: int) -> tuple[Pieces, list[Rejected]]:
    pieces.row = pieces.row + first
    return pieces, [Rejected(first + one.row, one.faults) for one in rejected]


def _stated(table: pa.Table) -> pa.Table:
    """The columns in which anything is stated; a table may have columns for facts that none of its rows has."""
    return table.select([name for name in table.column_names if table.column(name).null_count < table.num_rows])


def _combined(block: pa.Table) -> pa.RecordBatch:
    batches = block.to_batches()
    return batches[0] if len(batches) == 1 else block.combine_chunks().to_batches()[0]
