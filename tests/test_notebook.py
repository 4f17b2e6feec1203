"""The notebook of the docs runs from its first cell to its last, here on fewer rows."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[1] / "docs" / "millions.ipynb"


def test_the_notebook_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ROWS", "20000")
    held: dict[str, Any] = {}
    shown = []
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        *first, last = ast.parse("".join(cell["source"])).body
        exec(compile(ast.Module(first, []), "notebook", "exec"), held)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), "notebook", "eval"), held))
        else:
            exec(compile(ast.Module([last], []), "notebook", "exec"), held)
    assert held["table"].num_rows == 20_000
    assert held["answers"].num_rows >= 20_000
    outcomes = {one["outcome"] for one in held["by_outcome"].to_pylist()}
    assert {"determined", "undetermined", "discretionary"} <= outcomes
    proofs = [one for one in shown if hasattr(one, "_repr_html_")]
    assert [one.segments[0].outcome for one in proofs] == ["determined", "undetermined"]
    told = capsys.readouterr().out
    assert "eu-883-2004/12-1" in told
    assert "apprécier" in told
