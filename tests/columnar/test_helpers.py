"""Rows determined in other processes: the same answers, whatever becomes of the processes; nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cleiss_rules.columnar import helpers as module
from cleiss_rules.columnar.asking import Asker, Question, Told
from cleiss_rules.columnar.days import FAR, number_of
from cleiss_rules.columnar.helpers import Helpers, helping
from cleiss_rules.columnar.reads import WatchingCompiler
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.store import the_law


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker(RuleSets(the_law(), WatchingCompiler))


@pytest.fixture
def helpers() -> Iterator[Helpers]:
    found = Helpers(the_law().digest)
    yield found
    found.close()


@pytest.fixture
def questions(drawn: pa.Table) -> list[Question]:
    rows = [row for row in drawn.slice(0, 120).to_pylist() if row.get("rest") is None]
    return [
        Question(row, number_of(row["from"]), int(FAR) if row["to"] is None else number_of(row["to"]), ("FR", "BE"))
        for row in rows
    ]


def _ready(helpers: Helpers, asker: Asker, questions: list[Question]) -> None:
    """Until a helper has taken part."""
    deadline = time.monotonic() + 60
    while not any(one.ready for one in helpers._helpers):
        list(helpers.answers(questions[:1], asker, 1))
        assert time.monotonic() < deadline


def _said(told: Told | None) -> Any:
    return told if told is None else (told.templates, set(told.read))


def test_helpers_say_what_this_process_says(helpers: Helpers, asker: Asker, questions: list[Question]) -> None:
    _ready(helpers, asker, questions)
    here = {place: _said(asker.told(question)) for place, question in enumerate(questions)}
    for _ in range(2):
        assert {place: _said(told) for place, told in helpers.answers(questions, asker, 1)} == here
    assert helpers._helpers[0]._templates


class _Slow:
    """Answers so late that helpers get every question they can take."""

    def __init__(self, asker: Asker, first: Any = lambda: None) -> None:
        self._asker, self._first = asker, first
        self.asked = 0

    def told(self, question: Question) -> Told | None:
        self.asked += 1
        if self.asked == 1:
            self._first()
        time.sleep(0.01)
        return self._asker.told(question)


def test_a_helper_that_ends_loses_no_question(helpers: Helpers, asker: Asker, questions: list[Question]) -> None:
    _ready(helpers, asker, questions)
    slow: Any = _Slow(asker, lambda: helpers._helpers[0]._process.kill())
    assert sorted(place for place, _ in helpers.answers(questions, slow, 1)) == list(range(len(questions)))
    assert sorted(place for place, _ in helpers.answers(questions, slow, 1)) == list(range(len(questions)))


def test_what_fails_in_a_helper_is_raised_here(helpers: Helpers, asker: Asker, questions: list[Question]) -> None:
    """A question that no engine can answer: its days are no days."""
    _ready(helpers, asker, questions)
    wrong: Any = Question(questions[0].values, 10**9, 10**9, ())
    with pytest.raises(OverflowError):
        list(helpers.answers([*questions[:30], wrong, *questions[30:]], asker, 1))
    assert not any(one.asked for one in helpers._helpers)
    assert len(list(helpers.answers(questions, asker, 1))) == len(questions)


def test_where_no_process_can_be_started_this_one_answers(
    asker: Asker, questions: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr(subprocess, "Popen", refused)
    alone = Helpers(the_law().digest)
    assert len(list(alone.answers(questions, asker, 1))) == len(questions)
    monkeypatch.setattr(sys, "executable", "")
    assert helping(the_law().digest) is None


def test_another_law_gets_no_help(asker: Asker, questions: list[Question]) -> None:
    other = Helpers("no digest of the law in use")
    deadline = time.monotonic() + 60
    while other._failures < module._PATIENCE:
        assert len(list(other.answers(questions[:1], asker, 1))) == 1
        assert time.monotonic() < deadline
    assert len(list(other.answers(questions, asker, 1))) == len(questions)
    assert all(one.ended for one in other._helpers)


_SCRIPT = """
import cleiss_rules as cr
from cleiss_rules.columnar import helpers
from cleiss_rules.law.store import the_law
print("begins")
table = cr.determine_table(cr.population(6000, seed=3), threads=2)
(mine,) = helpers.helping(the_law().digest)._helpers
print(table.num_rows >= 6000, mine._process.pid)
"""


def test_a_script_is_run_once_and_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = str(Path(module.__file__).parents[2])
    monkeypatch.setenv("PYTHONPATH", path)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path)
    begins, (told, pid) = done.stdout.splitlines()[0], done.stdout.splitlines()[1].split()
    assert (begins, told) == ("begins", "True")
    assert not Path(f"/proc/{pid}").exists()
