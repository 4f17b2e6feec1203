"""Measures ``determine_table`` on the synthetic population in memory, in a process of its own.

Run: python -m benchmarks.batch ROWS RUNS; prints JSON: the first run, and RUNS more on the same rows. What is kept between
processes lies where XDG_CACHE_HOME says.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections import Counter
from typing import Any

from benchmarks.machine import peak_mb

SEED = 1
_FEW = 1_000


def measured(rows: int, runs: int) -> dict[str, Any]:
    try:
        import pyarrow  # noqa: F401

        import cleiss_rules

        decide = cleiss_rules.determine_table
    except (ImportError, AttributeError) as error:
        return {"rows": rows, "missing": f"{type(error).__name__}: {error}"}
    decide(cleiss_rules.population(_FEW, SEED))
    table = cleiss_rules.population(rows, SEED)
    before = peak_mb()
    times = []
    for _ in range(runs + 1):
        gc.collect()
        begun = time.perf_counter()
        found = decide(table)
        times.append(time.perf_counter() - begun)
    return {
        "rows": rows,
        "first": times[0],
        "times": times[1:],
        "input_bytes": table.nbytes,
        "peak_mb": {"before": before, "after": peak_mb()},
        "outcomes": outcomes(found),
    }


def outcomes(found: Any) -> dict[str, int]:
    """How many answers have which outcome."""
    merged: Counter[str] = Counter()
    for one in found["outcome"].value_counts().to_pylist():
        merged[str(one["values"])] += one["counts"]
    return dict(merged)


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
