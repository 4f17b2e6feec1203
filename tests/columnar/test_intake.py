"""What a table holds decides what becomes of it, not what tables came before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

import cleiss_rules as cr
from cleiss_rules.columnar.table import Columnar
from cleiss_rules.errors import InvalidCase

Fresh = Callable[..., Columnar]
ROWS = 3000


@pytest.fixture
def good() -> dict[str, Any]:
    """People who work in France and Italy; the first activity's share is known of every other one."""
    same: dict[str, Any] = {
        "from": date(2026, 1, 1), "to": date(2026, 12, 31), "known_on": date(2026, 11, 23), "person.residence": "FR",
        "person.nationalities": "FR", "activity1.kind": "employed", "activity1.state": "FR", "activity2.kind": "employed",
        "activity2.state": "IT",
    }  # fmt: skip
    columns = {name: pa.array([value] * ROWS) for name, value in same.items()}
    columns["activity1.working_time"] = pa.array([60.0 if row % 2 else None for row in range(ROWS)])
    columns["activity1.telework"] = pa.array([bool(row % 3) for row in range(ROWS)])
    return columns


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("activity1.telework", pa.array([1] * ROWS, pa.int8()), "holds int8; accepted: yes or no (bool)"),
        ("activity1.telework", pa.array(["true"] * ROWS), "holds string; accepted: yes or no (bool)"),
        ("activity1.working_time", pa.array(["60"] * ROWS), "holds string; accepted: numbers"),
        ("from", pa.array([20_000] * ROWS, pa.int32()), "holds int32; accepted: days (date32)"),
        ("activity1.state", pa.array([1] * ROWS), "holds int64; accepted: text"),
        ("person.nationalities", pa.array([["FR"]] * ROWS), "holds list<item: string>; accepted: text"),
    ],
)
def test_a_column_of_another_kind_is_refused(
    fresh: Fresh, good: dict[str, Any], name: str, values: pa.Array, said: str, *, warm: bool
) -> None:
    engine = fresh()
    if warm:
        engine.answers(pa.table(good))
    with pytest.raises(InvalidCase) as caught:
        engine.answers(pa.table({**good, name: values}))
    assert [(fault.path, fault.message) for fault in caught.value.faults] == [(name, said)]


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
def test_what_is_no_number_is_told_by_its_row(fresh: Fresh, good: dict[str, Any], value: float, *, warm: bool) -> None:
    engine = fresh()
    if warm:
        engine.answers(pa.table(good))
    shares = pa.array([value if row in (1, 2998) else 60.0 for row in range(ROWS)])
    answers, rejected = engine.answers(pa.table({**good, "activity1.working_time": shares}))
    assert [one.row for one in rejected] == [1, 2998]
    assert {fault.path for one in rejected for fault in one.faults} == {"activity1.working_time"}
    assert sorted(set(answers["row"].to_pylist())) == [row for row in range(ROWS) if row not in (1, 2998)]


@pytest.mark.parametrize("rows", [10, ROWS])
@pytest.mark.parametrize("day", [3_700_000, -800_000])
def test_a_day_that_no_calendar_has_is_told_by_its_row(fresh: Fresh, good: dict[str, Any], rows: int, day: int) -> None:
    ends = pa.array([day if row == 7 else 20_818 for row in range(ROWS)], pa.int32()).cast(pa.date32())
    table = pa.table({**good, "to": ends}).slice(0, rows)
    _, rejected = fresh().answers(table, names=table.column_names)
    assert [(one.row, one.faults[0].path) for one in rejected] == [(7, "to")]
    with pytest.raises(InvalidCase):
        cr.explain_row(table, 7)


def test_a_column_stands_in_a_table_once(good: dict[str, Any]) -> None:
    table = pa.table([*good.values(), good["activity1.state"]], names=[*good, "activity1.state"])
    with pytest.raises(InvalidCase, match=r"activity1\.state"):
        cr.determine_table(table)


@pytest.mark.parametrize("rows", [1, 3, ROWS])
@pytest.mark.parametrize("columns", [["person.residence"], ["case"], ["case", "from"]])
def test_rows_of_which_nothing_is_stated_are_as_many_as_they_are(rows: int, columns: list[str]) -> None:
    kinds = {"case": pa.string(), "from": pa.date32(), "person.residence": pa.string()}
    table = pa.table({name: pa.nulls(rows, kinds[name]) for name in columns})
    named = pa.table({name: pa.array(["x"] * rows) if name == "case" else table[name] for name in columns})
    for one in (table, named):
        assert cr.determine_table(one)["row"].to_pylist() == list(range(rows))


def test_numbers_can_be_names_of_cases_and_employers(good: dict[str, Any]) -> None:
    numbers = {"case": pa.array(range(ROWS)), "activity1.employer": pa.array([7] * ROWS)}
    table = pa.table({**good, **numbers})
    assert cr.determine_table(table)["case"].to_pylist()[:2] == ["0", "1"]
    assert cr.explain_row(table, 1).case == "1"


@pytest.mark.parametrize("row", [-1, ROWS])
def test_a_row_that_a_table_has_not_is_told(good: dict[str, Any], row: int) -> None:
    with pytest.raises(IndexError, match=f"row {row}: the table has 3000 rows"):
        cr.explain_row(pa.table(good), row)
