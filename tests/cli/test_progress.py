from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from cleiss_rules.cli import progress as module
from cleiss_rules.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def later(seconds: float) -> None:
        now[0] += seconds

    return later


def test_a_terminal_sees_a_bar_after_two_seconds(
    monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress("situations", 100) as told:
        clock(1.9)
        told(10)
        assert terminal.getvalue() == ""
        clock(0.2)
        told(20)
    assert "situations" in terminal.getvalue()


def test_a_pipe_sees_nothing(monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with progress("situations", 100) as told:
        clock(10)
        told(100)
    assert pipe.getvalue() == ""
