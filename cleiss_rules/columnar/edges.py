"""Tables of other libraries at the edges: polars, pandas and DuckDB come in as Arrow and go out as they came."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from cleiss_rules.columnar.columns import column


def to_arrow(table: Any) -> pa.Table:
    """A table of situations as Arrow. Raises InvalidCase for a column of no known name, TypeError for no table."""
    found = _arrow(table)
    for name in found.column_names:
        column(name)
    return found


def _arrow(table: Any) -> pa.Table:
    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    home = type(table).__module__.split(".")[0]
    if home == "pandas":
        return pa.Table.from_pandas(table, preserve_index=False)
    if home == "polars":
        return (table.collect() if hasattr(table, "collect") else table).to_arrow()
    if home in ("duckdb", "_duckdb"):
        found = table.arrow()
        return found if isinstance(found, pa.Table) else found.read_all()
    raise TypeError(f"{type(table).__name__} is no table; accepted: pyarrow, polars, pandas, a DuckDB relation")


def in_kind(answers: pa.Table, like: Any) -> Any:
    """The answers as a table of the library that the situations came from."""
    home = type(like).__module__.split(".")[0]
    if home == "pandas":
        return answers.to_pandas()
    if home == "polars":
        import polars

        return polars.from_arrow(answers)
    if home in ("duckdb", "_duckdb"):
        import duckdb

        return duckdb.from_arrow(answers)
    return answers


def plain(table: pa.Table) -> pa.Table:
    """The same table without dictionaries, which not every reader takes."""
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))
