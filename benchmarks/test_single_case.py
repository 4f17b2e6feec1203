"""What one determination costs, from a validated case to the answer with its proof, and to its words.

Run: pytest benchmarks --benchmark-only
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleiss_rules as cr

EXAMPLES = Path(__file__).resolve().parent.parent / "fixtures" / "examples"
CASES = sorted(EXAMPLES.glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_determine(benchmark: Any, path: Path) -> None:
    case = cr.read_case(path)
    result = benchmark(cr.determine, case)
    assert result.segments


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_dict_to_json_with_explanation(benchmark: Any, path: Path) -> None:
    data = cr.read_case(path).model_dump(mode="json", by_alias=True, exclude_unset=True)

    def whole() -> str:
        result = cr.determine(cr.Case.model_validate(data))
        result.explain(lang="fr")
        return result.model_dump_json(by_alias=True)

    assert benchmark(whole)


def test_import(benchmark: Any) -> None:
    benchmark.pedantic(lambda: subprocess.run([sys.executable, "-c", "import cleiss_rules"], check=True), rounds=10)


def test_import_of_all_that_determine_needs(benchmark: Any) -> None:
    code = "import cleiss_rules as cr; cr.determine; cr.Case; cr.read_case"
    benchmark.pedantic(lambda: subprocess.run([sys.executable, "-c", code], check=True), rounds=10)


def test_command_line(benchmark: Any) -> None:
    command = [sys.executable, "-m", "cleiss_rules", "determine", str(CASES[0])]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), rounds=10)


def test_law_from_yaml(benchmark: Any) -> None:
    from cleiss_rules.law.expression import parse
    from cleiss_rules.law.load import load
    from cleiss_rules.law.store import law_folder

    law = benchmark.pedantic(lambda: load(law_folder(), "measured"), setup=parse.cache_clear, rounds=3)
    assert law.instruments


def test_law_from_cache(benchmark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleiss_rules.law.cache import load_cached
    from cleiss_rules.law.store import law_folder

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    load_cached(law_folder(), "measured")
    law = benchmark.pedantic(lambda: load_cached(law_folder(), "measured"), rounds=10)
    assert law.instruments
