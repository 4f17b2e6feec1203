"""Files are read in parts: what was read, or will be, does not stay in memory."""

from __future__ import annotations

import gc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import cleiss_rules as cr
from cleiss_rules.columnar.files import parts_of

ROWS, PART = 150_000, 5_000


def test_memory_stays_flat_while_a_file_is_read(tmp_path: Path) -> None:
    source = tmp_path / "situations.parquet"
    pq.write_table(cr.population(ROWS, seed=2), source, row_group_size=PART, compression="none")
    gc.collect()
    before, most, rows = pa.total_allocated_bytes(), 0, 0
    for _, part in parts_of(str(source), PART):
        rows += part.num_rows
        most = max(most, pa.total_allocated_bytes() - before)
        del part
    assert rows == ROWS
    assert most < source.stat().st_size
