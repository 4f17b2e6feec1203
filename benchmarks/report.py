"""Writes docs/performance.md from what benchmarks/run.py measured. Run: python benchmarks/report.py [RESULTS.json]"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
RESULTS = ROOT / "benchmarks" / "results" / "performance.json"
_TARGETS = {
    "test_determine": "≤ 200 µs",
    "test_dict_to_json_with_explanation": "≤ 1 ms",
    "test_import": "≤ 150 ms",
    "test_command_line": "≤ 400 ms",
    "test_law_from_yaml": "≤ 1.5 s",
    "test_law_from_cache": "≤ 100 ms",
}
_NAMES = {
    "test_determine": "one determination with its proof, from a validated case",
    "test_dict_to_json_with_explanation": "from a dictionary to JSON with proof and French explanation",
    "test_import": "`import cleiss_rules`",
    "test_import_of_all_that_determine_needs": "the same, with all that `determine` needs",
    "test_command_line": "`cleiss-rules determine`, from start to end of the process",
    "test_law_from_yaml": "the whole law, read and linked from YAML",
    "test_law_from_cache": "the whole law, from the cache",
}
_OWN = "cleiss_columnar"
#: situations a second to hold on two cores, with legislation, rule and reason
_BATCH_TARGET = 10e6
Result = dict[str, Any]

sys.path.insert(0, str(ROOT))
from benchmarks.peers.problem import BYTES_PER_ROW  # noqa: E402
from benchmarks.peers.runner import NAMES  # noqa: E402


def page(results: Result) -> str:
    """The page, in Markdown."""
    return f"""# Performance

Written by `python benchmarks/report.py` from what `python benchmarks/run.py` measured
([the figures](../benchmarks/results/performance.json)); nothing here is typed by hand. Both need
`pip install -c .ci/constraints.txt -e '.[benchmarks]'`; `--quick` tries everything on small sizes, `--large` adds 100 million
situations from and to files.

{_machine(results)}

## One case, loading, starting

{_single(results["single"])}

The determinations start from a validated case and end with a result that carries its proof; the proof is written out as
JSON when somebody reads it. The files of the cases stand in `fixtures/examples/`.

## Many situations at once

{_batch(results)}

The rows are those of the [synthetic population](population.md), in memory as Arrow; the answers carry legislation, rule and reason.
The first run meets these rows for the first time, in a process that has decided a thousand others and found nothing kept by
earlier ones; each class of rows is then determined once with its proof ([why](decisions/0009-columnar-engine-by-classes.md)).
The median is that of further runs on the same rows. A later process takes up what earlier ones kept
([how](decisions/0011-signatures.md)); its first run is told too.
{_compiling(results)}
The input is what the table holds for a row. The limit is what one thread copies in memory on this machine: no program that reads
all of the input once is faster on one thread.

## From file to file

{_files(results)}

## Peers, on a problem that all of them can express

{_peers(results)}

The problem is a part of articles 11 to 13 and 16 of Regulation (EC) No 883/2004 on {BYTES_PER_ROW} facts
([its definition](../benchmarks/peers/problem.py)), with the law written by hand for each peer; answers are compared row by row in
every run, and with `determine` in the tests. This library decides these rows with all the law it knows, not with the part alone,
and tells its reasons, in words, beside nine more columns; the peers tell a State and a rule as small numbers, but for the DuckDB
query that tells State, rule and reason in words. What is timed ends with the answers in the form in which each gives them.
Memory is the most that the process ever held, rows and libraries included.
"""


def _machine(results: Result) -> str:
    found = results["machine"]
    known = [f"{name} {version}" for name, version in found["versions"].items() if version is not None]
    speed = results.get("copy_bandwidth")
    commit = f" at commit {found['commit']}" if found.get("commit") else ""
    copied = (
        f" It copies {speed['median'] / 1e9:.1f} GB a second on one thread ({speed['lowest'] / 1e9:.1f} – "
        f"{speed['highest'] / 1e9:.1f})."
        if speed
        else ""
    )
    return (
        f"Measured on {found['measured_on']}{commit} on a machine with {found['processors']} processors ({found['processor']}) and "
        f"{found['memory_gb']} GB of memory, {found['system']}, Python {found['python']}; load before the run "
        f"{found['load_before']}.{copied}\n\nVersions: {', '.join(known)}."
    )


def _single(found: list[Result]) -> str:
    rows = []
    for one in found:
        case = f" ({one['case']})" if one.get("case") else ""
        spread = f"{_time(one['q1'])} – {_time(one['q3'])}"
        rows.append(
            (
                _NAMES.get(one["test"], one["test"]) + case,
                _time(one["p50"]),
                _time(one["p95"]) if one["rounds"] >= 20 else "",
                spread,
                str(one["rounds"]),
                _TARGETS.get(one["test"], ""),
            )
        )
    return _table(("what", "p50", "p95", "quartiles", "rounds", "to hold"), rows)


def _batch(results: Result) -> str:
    speed = (results.get("copy_bandwidth") or {}).get("median")
    rows = []
    for one in results["batch"]:
        if "times" not in one:
            rows.append((f"{one['rows']:,}", f"not measured: {one['missing']}"))
            continue
        median = statistics.median(one["times"])
        each = one["input_bytes"] / one["rows"]
        limit = f"{median / (one['input_bytes'] / speed):,.1f}" if speed and one["rows"] >= 10_000 else ""
        rows.append(
            (
                f"{one['rows']:,}",
                _time(one["first"]),
                _time(median),
                _spread(one["times"], 1, _time),
                f"{one['rows'] / median / 1e6:,.2f}",
                _time(one["later_process"]),
                f"{each:,.0f}",
                limit,
                f"{one['peak_mb']['after']:,.0f}",
            )
        )
    heads = (
        "situations",
        "first run",
        "again, median",
        "fastest – slowest",
        "million/s",
        "later process, first run",
        "input, bytes/row",
        "× the limit",
        "memory, MB",
    )
    return _table(heads, rows) + f"\n\nTo hold: {_BATCH_TARGET / 1e6:,.0f} million situations a second."


def _compiling(results: Result) -> str:
    found = results["compiling"]
    if not found.get("first"):
        return ""
    return (
        f"An installation compiles its loops once: {found['rows']:,} situations took {_time(found['first'])} the first time, and "
        f"{_time(found['second'])} in the next process that had nothing kept but the compiled loops."
    )


def _files(results: Result) -> str:
    told = []
    for one in results["files"]:
        if "marks" not in one:
            told.append(f"{one['rows']:,} situations: not measured: {one['missing']}.")
            continue
        size = one["bytes"]
        told.append(
            f"{one['rows']:,} situations of the synthetic population, {size['situations'] / 1e6:,.0f} MB of Parquet (written in "
            f"{_time(one['writing'])}), became {one['answers']:,} answers, {size['answers'] / 1e6:,.0f} MB of Parquet, in "
            f"{_time(one['seconds'])} (`cleiss-rules batch`, nothing kept by earlier runs), with {one['peak_mb']:,.0f} MB of memory "
            "at most."
        )
    longest = max((one for one in results["files"] if "marks" in one), key=lambda one: one["rows"], default=None)
    if longest is None or len(longest["marks"]) < 3:
        return "\n\n".join(told)
    return "\n\n".join((*told, _marks(longest)))


def _marks(found: Result) -> str:
    rows = []
    before = {"rows": 0, "seconds": 0.0}
    for mark in found["marks"]:
        each = (mark["seconds"] - before["seconds"]) / (mark["rows"] - before["rows"])
        rows.append((f"{mark['rows']:,}", _time(mark["seconds"]), _each(each), f"{mark['peak_mb']:,.0f}"))
        before = mark
    heads = ("rows answered", "after", "a row since the line above", "memory so far, MB")
    return _table(heads, rows)


def _peers(results: Result) -> str:
    found = results["peers"]
    own = {one["rows"]: statistics.median(one["times"]) for one in found if one["peer"] == _OWN and "times" in one}
    speed = (results.get("copy_bandwidth") or {}).get("median")
    rows = []
    for one in sorted(found, key=lambda one: (one["rows"], list(NAMES).index(one["peer"]))):
        name, size = NAMES[one["peer"]], f"{one['rows']:,}"
        if "times" not in one:
            why = one.get("left_out") or f"can't be measured: {one['missing']}"
            rows.append((size, name, f"left out: {why}" if "left_out" in one else why))
            continue
        median = statistics.median(one["times"])
        each = median / one["rows"]
        ratio = f"{median / own[one['rows']]:,.2f}" if one["rows"] in own else ""
        limit = f"{each / (BYTES_PER_ROW / speed):,.0f}" if speed else ""
        spread = _spread(one["times"], one["rows"], _each)
        first = _each(one["first"] / one["rows"])
        rows.append((size, name, first, _each(each), spread, ratio, limit, f"{one['peak_mb']['after']:,.0f}"))
    heads = (
        "rows",
        "peer",
        "a row, first run",
        "a row, again, median",
        "fastest – slowest",
        "time ÷ ours",
        "× the limit",
        "memory, MB",
    )
    return _table(heads, rows)


def _spread(times: list[float], rows: int, shown: Any) -> str:
    return f"{shown(min(times) / rows)} – {shown(max(times) / rows)}" if len(times) > 1 else "one run"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    blank = ("",) * len(heads)
    lines = [heads, ("---",) * len(heads), *((*cells, *blank[len(cells) :]) for cells in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.2f} ms" if seconds < 0.01 else f"{seconds * 1e3:.0f} ms"
    return f"{seconds:.2f} s"


def _each(seconds: float) -> str:
    return f"{seconds * 1e9:,.1f} ns" if seconds < 1e-6 else f"{seconds * 1e6:,.1f} µs"


if __name__ == "__main__":
    read = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    PAGE.write_text(page(json.loads(read.read_text(encoding="utf-8"))), encoding="utf-8")
