"""Measures one peer at one size in a process of its own, and compares its answers row by row.

Run: python -m benchmarks.peers.measure PEER ROWS RUNS; prints JSON: the first run, and RUNS more on the same rows. What is
timed ends with the answers in the form in which a peer gives them; to read them for the comparison is not timed.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from typing import Any

import numpy as np

from benchmarks.machine import peak_mb


def measured(peer: str, rows: int, runs: int) -> dict[str, Any]:
    try:
        module = importlib.import_module(f"benchmarks.peers.{peer}")
        _ready(peer)
    except (ImportError, AttributeError) as error:
        return {"peer": peer, "rows": rows, "missing": f"{type(error).__name__}: {error}"}
    from benchmarks.peers import numpy_select, problem

    given = problem.make(rows)
    expected = numpy_select.decide(given)
    begun = time.perf_counter()
    prepared = module.prepare(given)
    preparing = time.perf_counter() - begun
    before = peak_mb()
    read = getattr(module, "read", _as_they_are)
    module.decide(module.prepare(given.first(min(rows, 1_000))))
    times = []
    for _ in range(runs + 1):
        gc.collect()
        begun = time.perf_counter()
        found = module.decide(prepared)
        times.append(time.perf_counter() - begun)
        states, rules = read(found)
        _same(states, rules, expected)
    peak = {"before": before, "after": peak_mb()}
    return {
        "peer": peer,
        "rows": rows,
        "prepare": preparing,
        "first": times[0],
        "times": times[1:],
        "peak_mb": peak,
        "equal": True,
    }


def _as_they_are(found: Any) -> Any:
    return found


def _ready(peer: str) -> None:
    if peer == "cleiss_columnar":
        import cleiss_rules

        cleiss_rules.determine_table  # noqa: B018


def _same(states: Any, rules: Any, expected: Any) -> None:
    wrong = np.flatnonzero((states != expected[0]) | (rules != expected[1]))
    if len(states) != len(expected[0]) or len(wrong):
        raise AssertionError(f"{len(wrong)} rows differ, the first at {wrong[:1]}")


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
