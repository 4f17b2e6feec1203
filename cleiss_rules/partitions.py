"""Many situations on many machines: what any engine that hands out Arrow record batches maps over its partitions.

Spark's ``mapInArrow``, Dask's ``map_partitions`` and Ray's ``map_batches`` all call ``partition``; scheduling is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

#: rows that are decided together: enough for the columnar engine, little enough for any worker's memory
TOGETHER = 65_536


def partition(batches: Iterable[Any]) -> Iterator[Any]:
    """The answers to record batches of situations, as record batches of plain columns, in the order of the rows.

    Takes and gives ``pyarrow.RecordBatch``. The columns are those of ``determine_table`` but ``row``: a row has no
    number of its own among machines, ``case`` tells it. Raises InvalidCase as ``determine_table`` does.
    """
    for table in gathered(batches, TOGETHER):
        yield from _answers(table).to_batches()


def answer_schema(schema: Any) -> Any:
    """The Arrow schema of the answers to situations of an Arrow schema. Raises InvalidCase for a column not known."""
    from cleiss_rules.columnar.columns import column

    for name in schema.names:
        column(name)
    return _answers(schema.empty_table()).schema


def _answers(table: Any) -> Any:
    from cleiss_rules import determine_table
    from cleiss_rules.columnar.edges import plain

    # who hands out partitions spreads them over processors: each takes one, and starts no process of its own
    return plain(determine_table(table, threads=1).drop_columns(["row"]))


def gathered(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Tables of about ``rows`` rows from batches of any size: small ones joined, large ones cut. Empty ones vanish."""
    import pyarrow as pa

    held: list[Any] = []
    count = 0
    for batch in batches:
        for start in range(0, batch.num_rows, rows):
            held.append(batch.slice(start, rows))
            count += held[-1].num_rows
            if count >= rows:
                yield pa.Table.from_batches(held)
                held, count = [], 0
    if held:
        yield pa.Table.from_batches(held)
