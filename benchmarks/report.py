"""Runs the benchmarks and writes docs/performance.md. Run: python benchmarks/report.py"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
_TARGETS = {
    "test_determine": "≤ 200 µs",
    "test_dict_to_json_with_explanation": "≤ 1 ms",
    "test_import": "≤ 150 ms",
    "test_command_line": "≤ 400 ms",
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


def measured() -> list[dict[str, Any]]:
    """Every benchmark with its statistics in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "benchmarks.json"
        command = [
            sys.executable, "-m", "pytest", str(ROOT / "benchmarks"), "--benchmark-only", "-q", "-p", "no:xdist",
            f"--benchmark-json={found}",
        ]  # fmt: skip
        subprocess.run(command, check=True, cwd=ROOT)
        benchmarks: list[dict[str, Any]] = json.loads(found.read_text(encoding="utf-8"))["benchmarks"]
    return benchmarks


def page(benchmarks: list[dict[str, Any]]) -> str:
    """The page, in Markdown."""
    rows = []
    for one in benchmarks:
        test = one["name"].split("[")[0]
        stats = one["stats"]
        case = f" ({one['param']})" if one.get("param") else ""
        rows.append(
            f"| {_NAMES.get(test, test)}{case} | {_time(stats['median'])} | {_time(stats['q1'])} – {_time(stats['q3'])} "
            f"| {stats['rounds']} | {_TARGETS.get(test, '')} |"
        )
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pydantic", "lark", "PyYAML", "typer"))
    return f"""# Performance

Written by `python benchmarks/report.py`; nothing here is typed by hand. Measured on {date.today().isoformat()} with Python
{platform.python_version()}, {libraries}, on a machine with {_cores()} processors ({platform.machine()}).

| what | median | quartiles | rounds | to hold |
|---|---|---|---|---|
{chr(10).join(rows)}

The determinations start from a validated case and end with a result that carries its proof; the proof is written out as
JSON when somebody reads it. The files of the cases stand in `fixtures/examples/`.
"""


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.2f} ms" if seconds < 0.01 else f"{seconds * 1e3:.0f} ms"


def _cores() -> int:
    import os

    return os.cpu_count() or 1


if __name__ == "__main__":
    PAGE.write_text(page(measured()), encoding="utf-8")
