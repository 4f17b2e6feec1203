"""Measures ``determine_table`` on the synthetic population, in a process of its own, with its memory.

Run: python -m benchmarks.batch ROWS RUNS; prints JSON. More rows than ``IN_MEMORY`` stream through in blocks.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import Counter
from typing import Any

from benchmarks.machine import peak_mb

IN_MEMORY = 10_000_000
BLOCK = 1_000_000
SEED = 1


def measured(rows: int, runs: int) -> dict[str, Any]:
    try:
        import pyarrow  # noqa: F401

        import cleiss_rules

        decide = cleiss_rules.determine_table
    except (ImportError, AttributeError) as error:
        return {"rows": rows, "missing": f"{type(error).__name__}: {error}"}
    decide(cleiss_rules.population(1_000, SEED))
    return _streamed(decide, rows) if rows > IN_MEMORY else _in_memory(decide, rows, runs)


def _in_memory(decide: Any, rows: int, runs: int) -> dict[str, Any]:
    import cleiss_rules

    table = cleiss_rules.population(rows, SEED)
    before = peak_mb()
    times = []
    for _ in range(runs):
        gc.collect()
        begun = time.perf_counter()
        found = decide(table)
        times.append(time.perf_counter() - begun)
    return {
        "rows": rows,
        "times": times,
        "input_bytes": table.nbytes,
        "peak_mb": {"before": before, "after": peak_mb()},
        "outcomes": _outcomes(found),
    }


def _streamed(decide: Any, rows: int) -> dict[str, Any]:
    """Once through; the time is that of deciding alone, the memory that of everything."""
    import pyarrow as pa

    from cleiss_rules.synthetic.population import batches

    deciding, size = 0.0, 0
    outcomes: Counter[str] = Counter()
    peaks = []
    for place, block in enumerate(batches(rows, SEED, BLOCK)):
        table = pa.Table.from_batches([block])
        size += table.nbytes
        begun = time.perf_counter()
        found = decide(table)
        deciding += time.perf_counter() - begun
        outcomes.update(_outcomes(found))
        if place in (0, 1, 9) or place % 25 == 24:
            peaks.append({"rows": (place + 1) * BLOCK, "peak_mb": peak_mb()})
    return {
        "rows": rows,
        "times": [deciding],
        "input_bytes": size,
        "peak_mb": {"before": peaks[0]["peak_mb"], "after": peak_mb()},
        "peaks": peaks,
        "outcomes": dict(outcomes),
    }


def _outcomes(found: Any) -> dict[str, int]:
    counts = found["outcome"].value_counts().to_pylist()
    merged: Counter[str] = Counter()
    for one in counts:
        merged[str(one["values"])] += one["counts"]
    return dict(merged)


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
