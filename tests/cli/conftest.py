"""Running the command line, and files to run it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cleiss_rules.cli.main import app

Run = Callable[..., Result]
Write = Callable[..., Path]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def invoke(*arguments: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, catch_exceptions=False)

    return invoke


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file below tmp_path: text and bytes as they are, anything else as JSON (which is YAML too)."""

    def put(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return put


@pytest.fixture
def expecting(posted: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """The posting to Italy with the given expectations; the first 24 months are France's, by article 12(1)."""

    def make(*expect: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return {**posted, "id": "posted", **changes, "expect": list(expect)}

    return make
