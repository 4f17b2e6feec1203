"""Files of situations: answered whole, resumed after a kill, with no row lost."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cleiss_rules as cr
from cleiss_rules.columnar import batch as batches
from cleiss_rules.columnar.batch import Done, batch
from cleiss_rules.columnar.edges import plain
from cleiss_rules.columnar.files import InvalidTable
from cleiss_rules.errors import CleissRulesError


@pytest.fixture
def situations(tmp_path: Path) -> Path:
    path = tmp_path / "in.parquet"
    pq.write_table(cr.population(500, seed=3), path)
    return path


def _csv(path: Path, *lines: str) -> str:
    path.write_text(
        "\n".join(["case,from,to,activity1.state,activity1.kind,person.residence", *lines]) + "\n", encoding="utf-8"
    )
    return str(path)


def test_the_answers_are_those_of_the_table(situations: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    done = batch(str(situations), str(out), part=128)
    table = cr.determine_table(pq.read_table(situations))
    assert done == Done(500, 500, table.num_rows, 0)
    assert plain(table).equals(pq.read_table(out))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_a_killed_run_goes_on_where_it_stopped(
    situations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.parquet"
    answered: list[int] = []
    whole = batches._answered

    def stop_in_the_third(rows: pa.Table, *args: Any) -> Any:
        answered.append(rows.num_rows)
        if len(answered) == 3:
            raise KeyboardInterrupt
        return whole(rows, *args)

    monkeypatch.setattr(batches, "_answered", stop_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        batch(str(situations), str(out), part=100)
    assert not out.exists()
    done = batch(str(situations), str(out), part=100)
    assert answered == [100] * 6  # two parts of the first run were not done again
    assert done.rows == 500
    assert pq.read_table(out).column("row").to_pylist()[-1] == 499


def test_parts_of_another_input_are_not_used(situations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.parquet"
    monkeypatch.setattr(batches._Run, "finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        batch(str(situations), str(out), part=100)
    monkeypatch.undo()
    pq.write_table(cr.population(200, seed=4), situations)
    assert batch(str(situations), str(out), part=100).rows == 200


def test_rows_that_are_no_situation_go_to_the_rejects(tmp_path: Path) -> None:
    source = _csv(
        tmp_path / "in.csv",
        "a,2026-01-01,2026-12-31,FR,employed,DE",
        "b,2026-13-01,,FR,employed,DE",
        "c,2026-01-01,,XX,employed,DE",
        "d,2026-01-01,,FR,employed",
        "e,2026-01-01,,FR,,DE",
    )
    out = tmp_path / "out.csv"
    done = batch(source, str(out))
    assert (done.rows, done.answered, done.rejected) == (5, 2, 3)
    with (tmp_path / "out.csv.rejects.csv").open(encoding="utf-8") as file:
        refused = {row["case"]: row for row in csv.DictReader(file)}
    assert "2026-13-01 is no day" in refused["b"]["problem"]
    assert "XX" in refused["c"]["problem"]
    assert "5 cells instead of 6" in refused[""]["problem"]
    with out.open(encoding="utf-8") as file:
        assert {row["case"] for row in csv.DictReader(file)} == {"a", "e"}


def test_rejects_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    batch(_csv(tmp_path / "in.csv", "c,2026-01-01,,XX,employed,DE"), str(out))
    assert (tmp_path / "out.csv.rejects.csv").exists()
    batch(_csv(tmp_path / "in.csv", "c,2026-01-01,,FR,employed,DE"), str(out))
    assert not (tmp_path / "out.csv.rejects.csv").exists()


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("in.txt", "out.parquet", "has to end with"),
        ("in.parquet", "out.txt", "has to end with"),
        ("none.parquet", "out.parquet", "none.parquet"),
    ],
)
def test_files_that_cannot_be_used(situations: Path, tmp_path: Path, source: str, target: str, said: str) -> None:
    with pytest.raises(InvalidTable, match=said):
        batch(str(tmp_path / source), str(tmp_path / target))
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_a_column_of_no_fact_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"activity1.stat": ["FR"]}), path)
    with pytest.raises(cr.InvalidCase, match="nearest"):
        batch(str(path), str(tmp_path / "out.parquet"))


@pytest.mark.parametrize("text", ["", "from,nonsense\n2026-01-01,x\n"])
def test_a_file_that_cannot_be_used_leaves_nothing_behind(tmp_path: Path, text: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(CleissRulesError):
        batch(str(source), str(tmp_path / "out.csv"))
    assert [one.name for one in tmp_path.iterdir()] == ["in.csv"]
