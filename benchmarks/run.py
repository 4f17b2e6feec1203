"""Runs every benchmark and writes benchmarks/results/performance.json. Run: python benchmarks/run.py [--quick] [--large]

``python benchmarks/report.py`` makes docs/performance.md of that file. A run takes some minutes; leave the machine alone.
Needs the extra `benchmarks`; a peer that is not installed is reported as such.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "performance.json"
BATCHES = (1, 10_000, 1_000_000, 10_000_000)
LARGE = 100_000_000
QUICK = (1, 10_000)
FILES, FILES_QUICK = (1_000_000,), (10_000,)
RUNS = 9

sys.path.insert(0, str(ROOT))
from benchmarks import machine  # noqa: E402
from benchmarks.peers import runner  # noqa: E402


def single_cases() -> list[dict[str, Any]]:
    """What stands in test_*.py of this folder, in seconds, with p50 and p95 where single runs are timed."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "benchmarks.json"
        command = [
            sys.executable, "-m", "pytest", str(ROOT / "benchmarks"), "--benchmark-only", "-q", "-p", "no:xdist",
            f"--benchmark-json={found}",
        ]  # fmt: skip
        subprocess.run(command, check=True, cwd=ROOT)
        benchmarks = json.loads(found.read_text(encoding="utf-8"))["benchmarks"]
    return [_statistics(one) for one in benchmarks]


def _statistics(one: dict[str, Any]) -> dict[str, Any]:
    stats = one["stats"]
    data = sorted(stats["data"])
    kept = {name: stats[name] for name in ("median", "q1", "q3", "min", "max", "rounds")}
    return {
        "test": one["name"].split("[")[0],
        "case": one.get("param"),
        **kept,
        "p50": data[len(data) // 2],
        "p95": data[min(len(data) - 1, len(data) * 95 // 100)],
    }


def batch(rows: int, runs: int) -> dict[str, Any]:
    """A batch of the population, in a process that knows nothing yet, and once more in one that takes up what was kept."""
    with tempfile.TemporaryDirectory() as kept:
        found = _alone("batch", rows, str(runs), XDG_CACHE_HOME=kept)
        if "times" in found:
            found["later_process"] = _alone("batch", rows, "0", XDG_CACHE_HOME=kept).get("first")
    return found


def compiling(rows: int = 3_000) -> dict[str, Any]:
    """The first run of an installation, which compiles what later ones find compiled, and a first run after that."""
    with tempfile.TemporaryDirectory() as compiled, tempfile.TemporaryDirectory() as kept:
        found = [
            _alone("batch", rows, "0", NUMBA_CACHE_DIR=compiled, XDG_CACHE_HOME=f"{kept}/{place}") for place in (1, 2)
        ]
    return {"rows": rows, "first": found[0].get("first"), "second": found[1].get("first")}


def files(rows: int) -> dict[str, Any]:
    """The population from Parquet to Parquet, in a process that knows nothing yet."""
    with tempfile.TemporaryDirectory() as folder:
        return _alone("files", rows, folder, XDG_CACHE_HOME=folder)


def _alone(module: str, rows: int, *rest: str, **environment: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{module}", str(rows), *rest]
    settings = {**os.environ, **environment}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=settings)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        return {"rows": rows, "missing": last[0]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes only, to see that everything runs")
    parser.add_argument("--large", action="store_true", help=f"also {LARGE:,} situations, from and to files")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    sizes = QUICK if asked.quick else BATCHES
    results: dict[str, Any] = {"machine": machine.described(), "copy_bandwidth": machine.copy_bandwidth()}
    results["single"] = single_cases()
    results["batch"] = []
    _alone("batch", 3_000, "0")  # so that no batch waits for loops to be compiled, which is told apart
    for rows in sizes:
        results["batch"].append(batch(rows, asked.runs))
        print("batch", _short(results["batch"][-1]), flush=True)
    results["compiling"] = compiling()
    results["files"] = []
    for rows in FILES_QUICK if asked.quick else (*FILES, *((LARGE,) if asked.large else ())):
        results["files"].append(files(rows))
        print("files", results["files"][-1], flush=True)
    results["peers"] = []
    peer_sizes = (10_000,) if asked.quick else runner.SIZES
    for found in runner.all_measured(list(runner.PEERS), peer_sizes, asked.runs, runner.LIMIT):
        results["peers"].append(found)
        print(runner.line(found), flush=True)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _short(found: dict[str, Any]) -> str:
    if "times" not in found:
        return f"{found['rows']:,} situations: {found['missing']}"
    again = statistics.median(found["times"])
    times = f"{found['first']:.3f} s at first, {again:.3f} s again, {found['later_process']:.3f} s in a later process"
    return f"{found['rows']:,} situations: {times}, {found['peak_mb']['after']:,.0f} MB at most"


if __name__ == "__main__":
    main()
