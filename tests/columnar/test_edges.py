"""Tables of other libraries: the same answers as for Arrow, in a table of the same kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import cleiss_rules as cr
from cleiss_rules.columnar.rows import case_of
from cleiss_rules.testing.collect import cases_under

FIXTURES = Path(__file__).parents[2] / "fixtures" / "examples"


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return cr.situations([filed.case for filed in cases_under([str(FIXTURES)])])


@pytest.fixture(scope="module")
def expected(table: pa.Table) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = cr.determine_table(table).to_pylist()
    return answers


def test_polars(table: pa.Table, expected: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(pl.from_arrow(table))
    for given in (frame, frame.lazy()):
        found = cr.determine_table(given)
        assert isinstance(found, pl.DataFrame)
        assert found.to_dicts() == expected


def test_pandas(table: pa.Table, expected: list[dict[str, Any]]) -> None:
    found = cr.determine_table(table.to_pandas())
    assert isinstance(found, pd.DataFrame)
    assert list(found["legislation"].astype(object).where(found["legislation"].notna(), None)) == [
        one["legislation"] for one in expected
    ]
    assert list(found["rule"].astype(object).where(found["rule"].notna(), None)) == [one["rule"] for one in expected]


def test_duckdb(table: pa.Table, expected: list[dict[str, Any]]) -> None:
    connection = duckdb.connect()
    connection.register("situations", table)
    found = cr.determine_table(connection.sql("SELECT * FROM situations"))
    assert isinstance(found, duckdb.DuckDBPyRelation)
    names = [name for name in expected[0] if name not in ("from", "to")]
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert [{name: row[name] for name in names} for row in rows] == [
        {name: one[name] for name in names} for one in expected
    ]


def test_a_row_of_any_table_opens_as_a_proof(table: pa.Table) -> None:
    plain = cr.explain_row(table, 0)
    for given in (pl.from_arrow(table), table.to_pandas()):
        assert cr.explain_row(given, 0).model_dump() == plain.model_dump()
    assert case_of(table.slice(0, 1).to_pylist()[0]).id == plain.case


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TypeError, match="list is no table; accepted: pyarrow, polars, pandas, a DuckDB relation"):
        cr.determine_table([{"activity1.state": "FR"}])
