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


@pytest.mark.parametrize("source", ["in.parquet", "./in.parquet", "same.parquet"])
def test_the_situations_are_not_written_over(situations: Path, tmp_path: Path, source: str) -> None:
    (tmp_path / "same.parquet").symlink_to(situations)
    before = situations.read_bytes()
    with pytest.raises(InvalidTable, match="can't be one file"):
        batch(str(tmp_path / source), str(situations))
    with pytest.raises(InvalidTable, match="can't be one file"):
        batch(str(situations), str(tmp_path / "out.parquet"), rejects=str(tmp_path / source))
    with pytest.raises(InvalidTable, match="can't be one file"):
        batch(str(situations), str(tmp_path / "out.parquet"), rejects=str(tmp_path / "out.parquet"))
    assert situations.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "same.parquet"]


def test_folders_are_refused_before_the_work(situations: Path, tmp_path: Path) -> None:
    (tmp_path / "out.parquet").mkdir()
    for target, rejects in (("out.parquet", None), ("a.parquet", "out.parquet"), ("a.parquet", "nowhere/r.csv")):
        with pytest.raises(InvalidTable, match="folder"):
            batch(str(situations), str(tmp_path / target), rejects=str(tmp_path / rejects) if rejects else None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_two_runs_do_not_write_the_same_answers(situations: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out.parquet", tmp_path / "other.parquet"
    pq.write_table(cr.population(500, seed=4), other)
    refused: list[str] = []

    def meanwhile(_rows: int) -> None:
        if not refused:
            with pytest.raises(InvalidTable, match="another run is writing it") as caught:
                batch(str(other), str(out), part=100)
            refused.append(str(caught.value))

    batch(str(situations), str(out), part=100, told=meanwhile)
    assert refused
    assert pq.read_table(out).equals(plain(cr.determine_table(pq.read_table(situations))))
    assert batch(str(other), str(out), part=100).rows == 500


def test_lines_of_another_length_keep_their_place(tmp_path: Path) -> None:
    good = "2026-01-01,2026-12-31,FR,employed,FR"
    source = _csv(
        tmp_path / "in.csv", "short", f"a,{good}", "b,2026-01-01", f"c,{good}", f"d,{good},more", f"e,{good}", "f"
    )
    out, refused = tmp_path / "out.csv", tmp_path / "refused.csv"
    assert batch(source, str(out), rejects=str(refused)) == Done(7, 3, 3, 4)
    with out.open(encoding="utf-8", newline="") as file:
        assert [(one["row"], one["case"]) for one in csv.DictReader(file)] == [("1", "a"), ("3", "c"), ("5", "e")]
    with refused.open(encoding="utf-8", newline="") as file:
        assert [one["row"] for one in csv.DictReader(file)] == ["0", "2", "4", "6"]


def test_a_mark_of_the_order_of_bytes_is_no_part_of_a_name(tmp_path: Path) -> None:
    source = Path(_csv(tmp_path / "in.csv", "a,2026-01-01,2026-12-31,FR,employed,FR"))
    source.write_bytes(b"\xef\xbb\xbf" + source.read_bytes())
    assert batch(str(source), str(tmp_path / "out.csv")).answered == 1


def test_a_column_twice_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("case,from,from\nx,2026-01-01,2026-01-01\n", encoding="utf-8")
    with pytest.raises(CleissRulesError, match="more than once"):
        batch(str(source), str(tmp_path / "out.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_names_of_cases_may_come_late_and_be_numbers(tmp_path: Path) -> None:
    rows = {"from": ["2026-01-01"] * 4, "activity1.state": ["FR"] * 4, "person.residence": ["FR"] * 4}
    columns = {name: pa.array(values) for name, values in rows.items()}
    columns["from"] = columns["from"].cast(pa.date32())
    pq.write_table(pa.table({**columns, "case": pa.array([None, None, 7, 8], pa.int64())}), tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    batch(str(tmp_path / "in.parquet"), str(out), part=2)
    assert pq.read_table(out)["case"].to_pylist() == [None, None, "7", "8"]


@pytest.mark.parametrize("target", ["out.csv", "out.parquet", "out.duckdb"])
def test_a_file_without_rows_has_answers_without_rows(tmp_path: Path, target: str) -> None:
    source, out = _csv(tmp_path / "in.csv"), tmp_path / target
    assert batch(source, str(out)) == Done(0, 0, 0, 0)
    if target == "out.csv":
        assert out.read_text(encoding="utf-8").startswith('"row","case","from","to","outcome"')
    elif target == "out.parquet":
        assert pq.read_table(out).column_names[:5] == ["row", "case", "from", "to", "outcome"]
    else:
        duckdb = pytest.importorskip("duckdb")
        with duckdb.connect(str(out), read_only=True) as database:
            assert database.execute("SELECT count(*) FROM answers").fetchone() == (0,)


@pytest.mark.parametrize("day", ["2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "0000-01-01", "2026-01-00"])
def test_a_day_that_no_calendar_has_is_a_reject(tmp_path: Path, day: str) -> None:
    source = _csv(tmp_path / "in.csv", f"a,{day},2026-12-31,FR,employed,FR", "b,2026-02-28,2026-12-31,FR,employed,FR")
    refused = tmp_path / "refused.csv"
    assert batch(source, str(tmp_path / "out.csv"), rejects=str(refused)) == Done(2, 1, 1, 1)
    assert f"{day} is no day; accepted: YYYY-MM-DD" in refused.read_text(encoding="utf-8")
