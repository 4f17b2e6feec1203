"""Rows led down their paths with few features computed get the class that they get with all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from cleiss_rules.columnar import lookups, walking
from cleiss_rules.columnar.days import number_of
from cleiss_rules.columnar.plan import Plan
from cleiss_rules.columnar.table import Columnar

pytest.importorskip("numba")
Fresh = Callable[..., Columnar]


def _answers(plan: Plan, block: pa.RecordBatch) -> list[list[int]]:
    pieces, alone = plan.answer(block, number_of(date(2026, 6, 1)))
    return [np.asarray(getattr(pieces, name)).tolist() for name in type(pieces).__slots__] + [alone.tolist()]


@pytest.mark.parametrize("seldom", [0, 1, 12, 1 << 20])
def test_what_is_computed_for_few_rows_changes_no_answer(
    fresh: Fresh, drawn: pa.Table, monkeypatch: pytest.MonkeyPatch, seldom: int
) -> None:
    engine = fresh()
    engine.answers(drawn)
    (plan,) = engine._plans.values()
    block = drawn.select(sorted(drawn.column_names)).combine_chunks().to_batches()[0]
    block = block.select([name for name in block.schema.names if name in plan.encoder.columns])
    monkeypatch.setattr(walking, "compiled_loops", lambda: None)
    expected = _answers(plan, block)
    monkeypatch.setattr(walking, "compiled_loops", lookups.compiled_loops)
    monkeypatch.setattr(walking, "_SELDOM", seldom)
    monkeypatch.setattr(walking, "_FEW", 1)
    plan._classes._walker._asked = np.zeros(0, np.int64), 1
    for _ in range(3):  # what is asked for often shows after the first time
        assert _answers(plan, block) == expected
    asked, rows = plan._classes._walker._asked
    assert rows > len(block)
    assert asked.any()
