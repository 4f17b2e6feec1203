"""A population into a file: block by block, and whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cleiss_rules.synthetic.population import BLOCK, InvalidPopulation, batches

SUFFIXES = (".parquet", ".csv")


def write_population(path: str | Path, rows: int, seed: int = 0, told: Callable[[int], None] = lambda _: None) -> None:
    """Writes ``rows`` situations to a ``.parquet`` or ``.csv`` file; ``told`` hears of the rows written so far.

    The file appears under its name when it is whole; on an error nothing is left. Raises InvalidPopulation.
    """
    target = Path(path)
    if target.suffix not in SUFFIXES:
        raise InvalidPopulation(f"{target}: the name has to end with {' or '.join(SUFFIXES)}")
    if target.is_dir():
        raise InvalidPopulation(f"{target}: is a folder; a file is needed")
    made = batches(rows, seed, BLOCK)
    try:
        with _whole(target) as file:
            _write(file, target.suffix, made, told)
    except OSError as error:
        raise InvalidPopulation(f"{target}: can't be written: {error.strerror or error}") from error


@contextlib.contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """A file under another name beside the target, renamed at the end."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
        unfinished.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def _write(file: BinaryIO, suffix: str, made: Iterator[Any], told: Callable[[int], None]) -> None:
    done = 0
    with _writer(file, suffix) as write:
        for batch in made:
            write(batch)
            done += batch.num_rows
            told(done)


@contextlib.contextmanager
def _writer(file: BinaryIO, suffix: str) -> Iterator[Callable[[Any], None]]:
    from cleiss_rules.synthetic.columns import plain_schema, schema

    if suffix == ".csv":
        from pyarrow import csv

        plain = plain_schema()
        with csv.CSVWriter(file, plain, write_options=csv.WriteOptions(quoting_style="needed")) as writer:
            yield lambda batch: writer.write_batch(batch.cast(plain))
    else:
        from pyarrow import parquet

        with parquet.ParquetWriter(file, schema(), compression="zstd") as writer:
            yield writer.write_batch
