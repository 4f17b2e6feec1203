"""What was learnt of rows serves later runs under the same law, and no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cleiss_rules.columnar import kept, table
from cleiss_rules.columnar.classes import Classes
from cleiss_rules.columnar.table import Columnar
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.store import the_law

pytest.importorskip("numba")
Fresh = Callable[..., Columnar]


@pytest.fixture(autouse=True)
def _all_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_WORTH_KEEPING", 1)


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The classes that were learnt."""
    found: list[int] = []
    added = Classes._add

    def counted(self: Classes, *given: Any) -> Any:
        found.append(1)
        return added(self, *given)

    monkeypatch.setattr(Classes, "_add", counted)
    return found


def _files() -> list[Path]:
    folder = kept.cache_folder()
    return sorted(folder.glob("*")) if folder.exists() else []


def test_a_later_run_says_the_same_and_learns_little(fresh: Fresh, drawn: pa.Table, learnt: list[int]) -> None:
    first, _ = fresh(keeps=True).answers(drawn)
    before = len(learnt)
    later, _ = fresh(keeps=True).answers(drawn)
    assert first.to_pylist() == later.to_pylist()
    assert before > 100
    assert len(learnt) - before < before / 10  # rows that only the long way can answer are looked at again


def test_a_later_run_learns_what_is_new(fresh: Fresh, drawn: pa.Table, learnt: list[int]) -> None:
    columns = drawn.column_names
    fresh(keeps=True).answers(pa.concat_tables([drawn.slice(0, 150)] * 15), names=columns)
    before = len(learnt)
    later, _ = fresh(keeps=True).answers(drawn, names=columns)
    expected, _ = fresh().answers(drawn, names=columns)
    assert later.to_pylist() == expected.to_pylist()
    assert len(learnt) - before > 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-9],
        lambda content: content.replace(b"eu-883-2004", b"eu-883-2005", 1),
        lambda content: b"no digest\n" + content.partition(b"\n")[2],
    ],
)
def test_a_damaged_file_is_ignored_and_written_again(fresh: Fresh, drawn: pa.Table, damage: Any) -> None:
    first, _ = fresh(keeps=True).answers(drawn)
    (file,) = _files()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert kept.read(file) is None
    again, _ = fresh(keeps=True).answers(drawn)
    assert first.to_pylist() == again.to_pylist()
    assert kept.read(file) is not None


def test_what_is_kept_is_read_as_it_was_written(fresh: Fresh, drawn: pa.Table, tmp_path: Path) -> None:
    engine = fresh(keeps=True)
    engine.answers(drawn)
    (plan,) = engine._plans.values()
    found = plan.kept()
    assert found is not None
    kept.write(tmp_path / "answers-a-b.bin", found)
    read = kept.read(tmp_path / "answers-a-b.bin")
    assert read is not None
    assert (read.entries == found.entries).all()
    for name in ("sizes", "templates", "legislations", "lists", "reads", "cuts"):
        assert tuple(getattr(read, name)) == tuple(getattr(found, name)), name


def test_another_law_has_another_file_which_takes_the_place_of_the_older_one(fresh: Fresh, drawn: pa.Table) -> None:
    fresh(keeps=True).answers(drawn)
    (older,) = _files()
    assert kept.path_of(sorted(drawn.column_names), "another law").name != older.name
    newer = kept.path_of(_stated(drawn), "another law")
    found = kept.read(older)
    assert found is not None
    kept.write(newer, found)
    assert _files() == [newer]


def _stated(drawn: pa.Table) -> list[str]:
    """The columns that tell something of rows."""
    return sorted(name for name in drawn.column_names if name != "case" and drawn[name].null_count < drawn.num_rows)


def test_a_law_that_is_tried_out_keeps_nothing(drawn: pa.Table) -> None:
    Columnar(RuleSets(the_law())).answers(drawn)
    assert _files() == []


def test_a_folder_that_cannot_be_written_is_no_error(fresh: Fresh, drawn: pa.Table, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    answers, _ = fresh(keeps=True).answers(drawn)
    assert answers.num_rows >= drawn.num_rows
