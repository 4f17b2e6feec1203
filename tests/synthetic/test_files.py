from __future__ import annotations

from pathlib import Path

import pytest

import cleiss_rules as cr
from cleiss_rules.synthetic import files
from cleiss_rules.synthetic.files import write_population


def test_parquet_holds_the_population(tmp_path: Path) -> None:
    from pyarrow import parquet

    write_population(tmp_path / "p.parquet", 70_000, 5)
    assert parquet.read_table(tmp_path / "p.parquet").to_pylist() == cr.population(70_000, 5).to_pylist()
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]


def test_csv_holds_the_population(tmp_path: Path) -> None:
    from pyarrow import csv

    from cleiss_rules.synthetic.columns import plain_schema

    write_population(tmp_path / "p.csv", 2_000, 5)
    types = {field.name: field.type for field in plain_schema()}
    options = csv.ConvertOptions(column_types=types, strings_can_be_null=True)
    read = csv.read_csv(tmp_path / "p.csv", convert_options=options)
    assert read.to_pylist() == cr.population(2_000, 5).to_pylist()


def test_progress_is_told(tmp_path: Path) -> None:
    heard: list[int] = []
    write_population(tmp_path / "p.parquet", 300_000, 5, heard.append)
    assert heard == [262_144, 300_000]


def test_nothing_is_left_when_it_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.parquet").write_text("before")

    def broken(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_population(tmp_path / "p.parquet", 10, 5, broken)
    assert [path.name for path in tmp_path.iterdir()] == ["p.parquet"]
    assert (tmp_path / "p.parquet").read_text() == "before"


@pytest.mark.parametrize("name", ["p.txt", "missing/p.csv", "p"])
def test_a_file_that_can_not_be_written_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(cr.InvalidPopulation, match=name):
        write_population(tmp_path / name, 10)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "p.csv").mkdir()
    with pytest.raises(cr.InvalidPopulation, match="is a folder"):
        write_population(tmp_path / "p.csv", 10)


def test_suffixes_are_those_of_the_message() -> None:
    assert files.SUFFIXES == (".parquet", ".csv")
