"""Measures all peers by size and prints a table. Run: python -m benchmarks.peers.runner [--sizes …] [--peers …]

A peer that is not installed is reported with the reason; a size that would take longer than the limit is left out and
said so.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 1_000_000, 10_000_000)
RUNS = 9
#: seconds that all runs of a peer at a size may take
LIMIT = 120.0
#: name, and what it is installed as
PEERS = {
    "cleiss_columnar": "cleiss-rules",
    "cleiss_cases": "cleiss-rules",
    "python_loop": None,
    "numpy_select": "numpy",
    "duckdb_case": "duckdb",
    "duckdb_words": "duckdb",
    "polars_when": "polars",
    "openfisca": "openfisca-core",
    "zen": "zen-engine",
    "clingo_asp": "clingo",
    "durable_alone": "durable_rules",
}
NAMES = {
    "cleiss_columnar": "cleiss_rules, `determine_table`",
    "cleiss_cases": "cleiss_rules, `determine` with proof, a case at a time",
    "python_loop": "plain Python, by hand",
    "numpy_select": "numpy, by hand, in blocks",
    "duckdb_case": "DuckDB `CASE`",
    "duckdb_words": "DuckDB `CASE`, with State, rule and reason in words",
    "polars_when": "polars `when`/`then`",
    "openfisca": "OpenFisca-core",
    "zen": "zen-engine",
    "clingo_asp": "clingo, 2,000 rows a grounding",
    "durable_alone": "durable-rules alone",
}


def all_measured(peers: Sequence[str], sizes: Sequence[int], runs: int, limit: float) -> Iterator[dict[str, Any]]:
    """A result per peer and size."""
    for peer in peers:
        each = 0.0
        for rows in sizes:
            expected = each * rows * (runs + 1)
            if expected > limit:
                yield {"peer": peer, "rows": rows, "left_out": f"{runs} runs would take about {expected:,.0f} s"}
                continue
            found = one(peer, rows, runs)
            yield found
            if "times" not in found:
                break
            each = statistics.median(found["times"]) / rows + found["prepare"] / rows / (runs + 1)


def one(peer: str, rows: int, runs: int) -> dict[str, Any]:
    """A peer at a size, in a process of its own. Raises where its answers differ."""
    command = [sys.executable, "-m", "benchmarks.peers.measure", peer, str(rows), str(runs)]
    with tempfile.TemporaryDirectory() as nothing_kept:
        environment = {**os.environ, "XDG_CACHE_HOME": nothing_kept}
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        if "AssertionError" in last[0]:
            raise AssertionError(f"{peer}, {rows} rows: {last[0]}")
        return {"peer": peer, "rows": rows, "missing": last[0]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def line(found: dict[str, Any]) -> str:
    """A result in a line of the table."""
    name = f"{found['peer']:16} {found['rows']:>11,}"
    if "times" not in found:
        return f"{name}  {found.get('left_out') or 'can not be measured: ' + found['missing']}"
    times = sorted(found["times"])
    median = statistics.median(times)
    spread = f"{times[0] / found['rows'] * 1e6:.3f} – {times[-1] / found['rows'] * 1e6:.3f}"
    memory = found["peak_mb"]["after"]
    return (
        f"{name}  {median / found['rows'] * 1e6:>10.3f} µs/row  ({spread})  {memory:>8,.0f} MB at most  answers equal"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for all runs of a peer at a size")
    parser.add_argument("--out", type=Path, help="write JSON there")
    asked = parser.parse_args()
    results = []
    for found in all_measured(asked.peers, asked.sizes, asked.runs, asked.limit):
        print(line(found), flush=True)
        results.append(found)
    if asked.out is not None:
        asked.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
