"""Situations out of files and answers into files: Parquet, CSV, DuckDB, in parts that fit the memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from cleiss_rules.columnar.columns import Column, column
from cleiss_rules.columnar.edges import plain
from cleiss_rules.columnar.intake import once_each
from cleiss_rules.columnar.table import arrow_type
from cleiss_rules.errors import CleissRulesError

Parts = Iterator[tuple[int, pa.Table]]
Writer = Callable[[Path, Iterable[Path]], None]
#: the table of a DuckDB file that is read, and the one that is written
SITUATIONS, ANSWERS = "situations", "answers"
_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_DAY = r"^([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}$"
_NUMBER = r"^[0-9]+(\.[0-9]+)?$"


class InvalidTable(CleissRulesError):
    """A file of situations or of answers that can't be used."""


def parts_of(source: str, rows: int) -> Parts:
    """The rows of a file in parts of the same size, each with the number of its first row.

    Cells of a CSV file that can't be read are null, and the column ``problem`` tells it. Raises InvalidTable,
    InvalidCase for a column of no known name.
    """
    return _cut(_READERS[_suffix(source, _READERS)](source, rows), rows)


def rows_of(source: str) -> int | None:
    """How many rows a file has, where that is known without reading it."""
    if Path(source).suffix != ".parquet":
        return None
    try:
        return int(pq.ParquetFile(source).metadata.num_rows)
    except (OSError, pa.ArrowException) as error:
        raise InvalidTable(f"{source}: can't be read as Parquet: {error}") from error


def readable(source: str) -> None:
    """Raises InvalidTable where a file is none that could be read."""
    _suffix(source, _READERS)
    if not Path(source).is_file():
        raise InvalidTable(f"{source}: there is no such file")


def written_as(target: str) -> Writer:
    """How a file of that name is written. Raises InvalidTable for other names than .parquet, .csv and .duckdb."""
    return _WRITERS[_suffix(target, _WRITERS)]


def _suffix(name: str, known: Any) -> str:
    suffix = Path(name).suffix
    if suffix not in known:
        raise InvalidTable(f"{name}: the name has to end with {', '.join(known)}")
    return suffix


def _cut(batches: Iterator[pa.RecordBatch], rows: int) -> Parts:
    """Batches of any size as tables of ``rows`` rows."""
    held: list[pa.RecordBatch] = []
    count = first = 0
    for batch in batches:
        while batch.num_rows:
            taken = batch.slice(0, rows - count)
            held.append(taken)
            count += taken.num_rows
            batch = batch.slice(taken.num_rows)
            if count == rows:
                yield first, pa.Table.from_batches(held)
                first, held, count = first + rows, [], 0
    if held:
        yield first, pa.Table.from_batches(held)


def _parquet(source: str, rows: int) -> Iterator[pa.RecordBatch]:
    try:
        schema = pq.ParquetFile(source).schema_arrow
        once_each(schema.empty_table())
        told = [(column(field.name), field.type) for field in schema]
        words = [
            spec.name
            for spec, kind in told
            if spec.kind in ("state", "states", "enum") and not pa.types.is_nested(kind)
        ]
        # what is read ahead is kept until the file is closed, so nothing is
        file = pq.ParquetFile(source, read_dictionary=words, pre_buffer=False)
        yield from file.iter_batches(batch_size=min(rows, 1 << 18))
    except (OSError, pa.ArrowException) as error:
        raise InvalidTable(f"{source}: can't be read as Parquet: {error}") from error


def _csv(source: str, _rows: int) -> Iterator[pa.RecordBatch]:
    try:
        with open(source, encoding="utf-8-sig") as file:
            names = next(iter(pc_csv_header(file.readline())), [])
        specs = [column(name) for name in names]
        once_each(pa.table([pa.nulls(0)] * len(names), names=names))
        options = pc_csv.ConvertOptions(
            column_types={spec.name: pa.string() for spec in specs}, strings_can_be_null=True, null_values=[""]
        )
        torn: deque[tuple[int, str]] = deque()

        def set_aside(row: Any) -> str:
            told = f"line: {row.actual_columns} cells instead of {row.expected_columns}: {row.text}"
            torn.append((row.number - 2, told))
            return "skip"

        parse = pc_csv.ParseOptions(invalid_row_handler=set_aside)
        one_by_one = pc_csv.ReadOptions(use_threads=False)  # only so lines have their numbers
        placed = 0
        for batch in pc_csv.open_csv(source, read_options=one_by_one, convert_options=options, parse_options=parse):
            for part in _with_torn(_typed(batch, specs), torn, placed, specs):
                placed += part.num_rows
                yield part
        for _, told in torn:
            yield _torn_line(told, specs)
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise InvalidTable(f"{source}: can't be read as CSV: {error}") from error


def _with_torn(
    batch: pa.RecordBatch, torn: deque[tuple[int, str]], placed: int, specs: list[Column]
) -> Iterator[pa.RecordBatch]:
    """A batch and, in their place, the lines of another length: no rows that could be answered, but they don't vanish.

    ``placed``: how many rows and such lines come before.
    """
    while torn and torn[0][0] - placed <= batch.num_rows:
        before = torn[0][0] - placed
        if before:
            yield batch.slice(0, before)
        yield _torn_line(torn.popleft()[1], specs)
        batch, placed = batch.slice(before), placed + before + 1
    if batch.num_rows:
        yield batch


def _torn_line(told: str, specs: list[Column]) -> pa.RecordBatch:
    nothing = [pa.nulls(1, arrow_type(spec)) for spec in specs]
    return pa.record_batch([*nothing, pa.array([told])], names=[*(spec.name for spec in specs), "problem"])


def pc_csv_header(line: str) -> Iterator[list[str]]:
    """The names in the first line of a CSV file."""
    import csv

    yield from csv.reader([line])


def _typed(batch: pa.RecordBatch, specs: list[Column]) -> pa.RecordBatch:
    """The cells of a batch of text as what their columns hold; what can't be read is null and told in ``problem``."""
    arrays: list[Any] = []
    problem: Any = pa.nulls(batch.num_rows, pa.string())
    for spec in specs:
        text = batch.column(spec.name)
        values = _READ.get(spec.kind, _as_text)(text)
        wrong = pc.and_(pc.is_valid(text), pc.is_null(values))
        if pc.any(wrong).as_py():
            told = pc.binary_join_element_wise(f"{spec.name}: ", text, f" is no {_WANTED.get(spec.kind, 'value')}", "")
            problem = pc.if_else(pc.and_(wrong, pc.is_null(problem)), told, problem)
        arrays.append(values.cast(arrow_type(spec)))
    return pa.record_batch([*arrays, problem], names=[*(spec.name for spec in specs), "problem"])


def _as_text(text: Any) -> Any:
    return text


def _as_day(text: Any) -> Any:
    shaped = pc.if_else(pc.match_substring_regex(text, _DAY), text, None)
    days = pc.strptime(shaped, format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
    return pc.if_else(pc.equal(days.cast(pa.string()), text), days, None)  # 30 February is read as 2 March


def _as_number(text: Any) -> Any:
    return pc.if_else(pc.match_substring_regex(text, _NUMBER), text, None).cast(pa.float64())


def _as_whole(text: Any) -> Any:
    shaped = pc.match_substring_regex(text, r"^[0-9]{1,6}$")
    return pc.if_else(shaped, text, None).cast(pa.int32())


def _as_flag(text: Any) -> Any:
    true, false = (pc.is_in(text, value_set=pa.array(words)) for words in (_TRUE, _FALSE))
    return pc.if_else(true, True, pc.if_else(false, False, None))


_READ: dict[str, Callable[[Any], Any]] = {"date": _as_day, "number": _as_number, "int": _as_whole, "bool": _as_flag}
_WANTED = {"date": "day; accepted: YYYY-MM-DD", "number": "number", "int": "whole number", "bool": "true or false"}


def _duckdb(source: str, rows: int) -> Iterator[pa.RecordBatch]:
    duckdb = _duckdb_package()
    if not Path(source).is_file():
        raise InvalidTable(f"{source}: there is no such file")
    try:
        with duckdb.connect(source, read_only=True) as database:
            reader = database.execute(f"SELECT * FROM {SITUATIONS}").to_arrow_reader(min(rows, 1 << 17))
            for name in reader.schema.names:
                column(name)
            yield from reader
    except duckdb.Error as error:
        raise InvalidTable(f"{source}: a table called {SITUATIONS} can't be read: {error}") from error


def _duckdb_package() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise InvalidTable("DuckDB files need the package duckdb: pip install duckdb") from error
    return duckdb


def _write_parquet(target: Path, parts: Iterable[Path]) -> None:
    writer: Any = None
    for part in parts:
        table = pq.read_table(part)
        if writer is None:  # readers find text, whatever the dictionaries of the parts
            writer = pq.ParquetWriter(target, table.schema, compression="zstd", store_schema=False)
        writer.write_table(table)
    if writer is None:
        pq.write_table(pa.table({}), target)
    else:
        writer.close()


def _write_csv(target: Path, parts: Iterable[Path]) -> None:
    writer: Any = None
    for part in parts:
        table = plain(pq.read_table(part))
        if writer is None:
            writer = pc_csv.CSVWriter(target, table.schema, write_options=pc_csv.WriteOptions(quoting_style="needed"))
        writer.write_table(table)
    if writer is None:
        target.touch()
    else:
        writer.close()


def _write_duckdb(target: Path, parts: Iterable[Path]) -> None:
    with _duckdb_package().connect(str(target)) as database:
        for number, part in enumerate(parts):
            how = f"CREATE TABLE {ANSWERS} AS" if number == 0 else f"INSERT INTO {ANSWERS}"
            database.execute(f"{how} SELECT * FROM read_parquet(?)", [str(part)])


_READERS: dict[str, Callable[[str, int], Iterator[pa.RecordBatch]]] = {
    ".parquet": _parquet,
    ".csv": _csv,
    ".duckdb": _duckdb,
}
_WRITERS: dict[str, Writer] = {".parquet": _write_parquet, ".csv": _write_csv, ".duckdb": _write_duckdb}
