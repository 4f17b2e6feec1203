"""The machine and the versions that figures were measured with, and how fast it copies memory."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = (
    "cleiss-rules", "pydantic", "lark", "PyYAML", "typer", "numpy", "numba", "pyarrow", "duckdb", "polars", "openfisca-core",
    "zen-engine", "clingo", "durable_rules",
)  # fmt: skip
_COPIED = 256 * 2**20


def described() -> dict[str, Any]:
    """What the figures depend on; a library that is not installed has the version None."""
    return {
        "measured_on": date.today().isoformat(),
        "commit": _commit(),
        "processor": _line("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "processors": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "versions": {name: _version(name) for name in LIBRARIES},
    }


def copy_bandwidth(runs: int = 7) -> dict[str, float] | None:
    """Bytes a second that one thread copies from memory to memory; None without numpy."""
    try:
        import numpy as np
    except ImportError:
        return None
    source, target = np.ones(_COPIED, np.uint8), np.zeros(_COPIED, np.uint8)
    np.copyto(target, source)  # the system hands out memory when it is first written
    speeds = []
    for _ in range(runs):
        begun = time.perf_counter()
        np.copyto(target, source)
        speeds.append(_COPIED / (time.perf_counter() - begun))
    return {"median": statistics.median(speeds), "lowest": min(speeds), "highest": max(speeds)}


def peak_mb() -> float:
    """Most memory that this program held so far. Not ru_maxrss, which remembers the process that started it."""
    told = _line("/proc/self/status", "VmHWM")
    if told is not None:
        return int(told.split()[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit that is checked out, with a plus where files differ from it."""
    command = ["git", "describe", "--always", "--abbrev=10", "--dirty=+"]
    try:
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _line(path: str, key: str) -> str | None:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), None)
