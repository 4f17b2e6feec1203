"""Tables of situations as they come in: each column once and of the kind that it tells, each row of days that exist.

What a table holds decides what becomes of it, not what tables came before: so its kinds are looked at first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cleiss_rules.columnar.columns import Column, column
from cleiss_rules.columnar.days import number_of
from cleiss_rules.errors import Fault, InvalidCase

#: what is wrong with rows, by their number
Faults = dict[int, list[Fault]]
_WANTED: Mapping[str, str] = {
    "bool": "yes or no (bool)", "number": "numbers", "int": "whole numbers", "date": "days (date32)",
}  # fmt: skip


def once_each(table: pa.Table) -> None:
    """Raises InvalidCase where a column stands in a table twice."""
    names = table.column_names
    if len(set(names)) < len(names):
        twice = dict.fromkeys(name for name in names if names.count(name) > 1)
        raise InvalidCase(
            [Fault(name, "stands in the table more than once; accepted: each column once") for name in twice]
        )


def taken_in(table: pa.Table, *, days: bool = False) -> tuple[pa.Table, Faults]:
    """The table with columns of the kinds that they tell, and what is wrong with rows: their faulty values are left out.

    ``days``: whether days are looked at too; none is outside the years 1 to 9999. Raises InvalidCase for a column of
    another kind, or one that stands there twice.
    """
    once_each(table)
    faults: Faults = {}
    for place, name in enumerate(table.column_names):
        spec, values = column(name), table.column(place)
        told = _told(spec, values)
        if spec.kind == "number" and pa.types.is_floating(told.type):
            told = _apart(
                spec, told, _no_number, "is no number; accepted: numbers, nothing where none is known", faults
            )
        elif spec.kind == "date" and days and told.type == pa.date32():
            told = _apart(spec, told, _no_day, "is no day; accepted: days of the years 1 to 9999", faults)
        if told is not values:
            table = table.set_column(place, name, told)
    return table, faults


def _told(spec: Column, values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values of a column in a type that tells what it holds. Raises InvalidCase where they don't."""
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_null(kind) or _tells(spec, kind):
        return values
    if spec.kind in ("text", "state", "states", "enum"):
        if pa.types.is_string_view(kind) or (spec.kind == "text" and pa.types.is_integer(kind)):
            return values.cast(pa.string())
        wanted = "text"
    else:
        wanted = _WANTED[spec.kind]
    raise InvalidCase([Fault(spec.name, f"holds {values.type}; accepted: {wanted}")])


def _tells(spec: Column, kind: pa.DataType) -> bool:
    types = pa.types
    if spec.kind == "bool":
        return bool(types.is_boolean(kind))
    if spec.kind in ("number", "int"):
        return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))
    text = types.is_string(kind) or types.is_large_string(kind)
    return bool(text or (spec.kind == "date" and (types.is_date(kind) or types.is_timestamp(kind))))


def _apart(
    spec: Column, values: pa.ChunkedArray, wrong: Callable[[pa.ChunkedArray], Any], said: str, faults: Faults
) -> pa.ChunkedArray:
    """The values without those that are wrong; what is wrong is noted by row."""
    found = wrong(values)
    if found is None:
        return values
    for row in pc.indices_nonzero(pc.fill_null(found, False)).to_pylist():
        faults.setdefault(row, []).append(Fault(spec.name, said))
    return pc.if_else(pc.fill_null(found, False), pa.scalar(None, values.type), values)


def _no_number(values: pa.ChunkedArray) -> Any:
    total = pc.sum(values).as_py()
    return None if total is None or math.isfinite(total) else pc.invert(pc.is_finite(values))


def _no_day(values: pa.ChunkedArray) -> Any:
    least, most = number_of(date.min), number_of(date.max)
    numbers = values.cast(pa.int32())
    bounds = pc.min_max(numbers).as_py()
    if bounds["min"] is None or (bounds["min"] >= least and bounds["max"] <= most):
        return None
    return pc.or_(pc.less(numbers, least), pc.greater(numbers, most))
