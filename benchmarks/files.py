"""Measures a batch of the synthetic population from Parquet to Parquet, in a process of its own, with its memory.

Run: python -m benchmarks.files ROWS FOLDER; prints JSON. The files are written into FOLDER, some gigabytes for 100 million
rows; what is kept between processes lies where XDG_CACHE_HOME says.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.batch import SEED
from benchmarks.machine import peak_mb

#: rows after which time and memory are written down
EVERY = 5_000_000


def measured(rows: int, folder: Path) -> dict[str, Any]:
    try:
        from cleiss_rules.columnar.batch import batch
        from cleiss_rules.synthetic.files import write_population
    except ImportError as error:
        return {"rows": rows, "missing": f"{type(error).__name__}: {error}"}
    source, target = folder / "situations.parquet", folder / "answers.parquet"
    begun = time.perf_counter()
    write_population(source, rows, SEED)
    writing = time.perf_counter() - begun
    marks: list[dict[str, float]] = []
    begun = time.perf_counter()

    def told(done: int) -> None:
        before = marks[-1]["rows"] if marks else 0
        if done > before and (done == rows or done // EVERY > before // EVERY):
            marks.append({"rows": done, "seconds": time.perf_counter() - begun, "peak_mb": peak_mb()})

    done = batch(str(source), str(target), told=told)
    assert done.rows == rows == done.answered + done.rejected
    return {
        "rows": rows,
        "writing": writing,
        "seconds": time.perf_counter() - begun,
        "answers": done.answers,
        "bytes": {"situations": source.stat().st_size, "answers": target.stat().st_size},
        "marks": marks,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), Path(sys.argv[2]))))
