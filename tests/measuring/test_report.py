from __future__ import annotations

from typing import Any

from benchmarks.report import page

RESULTS: dict[str, Any] = {
    "machine": {
        "measured_on": "2026-01-01", "processor": "a processor", "processors": 2, "memory_gb": 24.0, "system": "Linux x86_64",
        "python": "3.11.7", "load_before": 0.1, "versions": {"numpy": "2.4.6", "zen-engine": None},
    },
    "copy_bandwidth": {"median": 1e9, "lowest": 0.9e9, "highest": 1.1e9},
    "single": [
        {"test": "test_determine", "case": "a-case", "median": 2e-4, "q1": 1e-4, "q3": 3e-4, "min": 1e-4, "max": 1e-3,
         "rounds": 100, "p50": 2e-4, "p95": 4e-4},
    ],
    "batch": [
        {"rows": 10_000, "first": 9.0, "times": [0.02, 0.01, 0.03], "later_process": 0.5, "input_bytes": 1_000_000,
         "peak_mb": {"before": 1.0, "after": 2.0}},
        {"rows": 1_000_000, "missing": "AttributeError: none"},
    ],
    "compiling": {"rows": 3_000, "first": 20.0, "second": 0.8},
    "files": [
        {"rows": 10_000, "missing": "ModuleNotFoundError: No module named 'pyarrow'"},
        {"rows": 3_000_000, "writing": 6.0, "seconds": 40.0, "answers": 3_100_000, "peak_mb": 900.0,
         "bytes": {"situations": 50e6, "answers": 20e6},
         "marks": [
             {"rows": 1_000_000, "seconds": 20.0, "peak_mb": 700.0}, {"rows": 2_000_000, "seconds": 32.0, "peak_mb": 800.0},
             {"rows": 3_000_000, "seconds": 36.0, "peak_mb": 900.0},
         ]},
    ],
    "peers": [
        {"peer": "cleiss_columnar", "rows": 10_000, "first": 1.0, "times": [0.01], "prepare": 0.1,
         "peak_mb": {"before": 1.0, "after": 2.0}},
        {"peer": "polars_when", "rows": 10_000, "first": 0.04, "times": [0.02, 0.02], "prepare": 0.1,
         "peak_mb": {"before": 1.0, "after": 2.0}},
        {"peer": "zen", "rows": 10_000, "missing": "ModuleNotFoundError: No module named 'zen'"},
        {"peer": "clingo_asp", "rows": 10_000, "left_out": "5 runs would take about 500 s"},
    ],
}  # fmt: skip


def test_figures_ratios_and_limits_stand_on_the_page() -> None:
    text = page(RESULTS)
    assert "one determination with its proof, from a validated case (a-case) | 200 µs | 400 µs |" in text
    # 100 bytes a row at 1 GB/s are 0.1 µs; 2 µs a row are 20 times that
    assert "| 10,000 | 9.00 s | 20 ms | 10 ms – 30 ms | 0.50 | 500 ms | 100 | 20.0 | 2 |" in text
    assert "polars `when`/`then` | 4.0 µs | 2.0 µs | 2.0 µs – 2.0 µs | 2.00 |" in text


def test_what_could_not_be_measured_is_said_with_its_reason() -> None:
    text = page(RESULTS)
    assert "zen-engine | can't be measured: ModuleNotFoundError: No module named 'zen'" in text
    assert "left out: 5 runs would take about 500 s" in text
    assert "1,000,000 | not measured: AttributeError: none" in text
    assert "10,000 situations: not measured: ModuleNotFoundError: No module named 'pyarrow'" in text


def test_a_batch_of_files_is_told_with_its_memory_on_the_way() -> None:
    text = page(RESULTS)
    assert "3,000,000 situations of the synthetic population, 50 MB of Parquet (written in 6.00 s)" in text
    assert "3,100,000 answers, 20 MB of Parquet, in 40.00 s" in text
    assert "| 2,000,000 | 32.00 s | 12.0 µs | 800 |" in text
    assert "| 3,000,000 | 36.00 s | 4.0 µs | 900 |" in text
    assert "3,000 situations took 20.00 s the first time, and 800 ms" in text
