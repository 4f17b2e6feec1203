"""``check``: what holds, what differs, and how that is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HOLDS = {"on": "2026-03-01", "outcome": "determined", "legislation": ["FR"], "basis": "eu-883-2004/12-1"}
WRONG = {"on": "2026-03-01", "legislation": ["IT"]}


def test_all_hold(run: Any, write: Any, expecting: Any) -> None:
    result = run("check", write("case.yaml", expecting(HOLDS, {"outcome": "determined"})))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "1 case, 2 expectations, 0 differ\n"


def test_what_differs_is_a_row_with_its_place(run: Any, write: Any) -> None:
    path = write(
        "case.yaml",
        "format: 1\nid: posted\nknown_on: 2026-11-23\nperiod: {from: 2026-01-01, to: 2026-12-31}\n"
        "person: {nationalities: [FR], residence: FR}\n"
        "activities:\n  - {kind: employed, state: IT, pattern: one_off}\n"
        "expect:\n  - {on: 2026-03-01, legislation: [IT]}\n  - {on: 2026-03-01, outcome: bound, legislation: [FR]}\n",
    )
    result = run("check", path)
    assert (result.exit_code, result.stderr) == (1, "")
    heading, *table, last = result.stdout.splitlines()
    assert heading.split() == ["file", "case", "expectation", "expected", "got"]
    assert [[cell.strip() for cell in row.split("  ") if cell.strip()] for row in table] == [
        [f"{path}:10", "posted", "expect[1] on 2026-03-01", expected, f"{got} (from 2026-01-01 to 2026-12-31)"]
        for expected, got in (("outcome: bound", "determined"), ("legislation: FR", "IT"))
    ]
    assert last == "1 case, 2 expectations, 1 differ"
    assert "\x1b" not in result.stdout


def test_an_instrument_is_named_in_the_row(run: Any, write: Any, expecting: Any) -> None:
    result = run("check", write("case.yaml", expecting({"instrument": "fr-us", "outcome": "determined"})))
    assert result.exit_code == 1
    assert "expect[0] fr-us" in result.stdout
    assert "segment: fr-us" in result.stdout
    assert "no segment matches (eu-883-2004)" in result.stdout


def test_the_differences_as_json(run: Any, write: Any, expecting: Any) -> None:
    path = write("case.yaml", json.dumps(expecting(HOLDS, WRONG), indent=1))
    result = run("check", path, "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    told = json.loads(result.stdout)
    line = told["differences"][0].pop("line")
    assert "IT" in "".join(path.read_text().splitlines()[line - 1 : line + 4])
    assert told == {
        "format": 1,
        "cases": 1,
        "expectations": 2,
        "differ": 1,
        "differences": [
            {
                "file": str(path),
                "case": "posted",
                "expectation": 1,
                "expect": WRONG,
                "differences": [
                    {
                        "what": "legislation",
                        "expected": ["IT"],
                        "got": ["FR"],
                        "from": "2026-01-01",
                        "to": "2027-12-31",
                        "remark": None,
                    }
                ],
            }
        ],
    }


def test_all_hold_as_json(run: Any, write: Any, expecting: Any) -> None:
    result = run("check", write("case.yaml", expecting(HOLDS)), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"format": 1, "cases": 1, "expectations": 1, "differ": 0, "differences": []}


def test_folders_at_any_depth(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    for index, name in enumerate(("a.yaml", "x/b.yml", "x/y/z/c.json", "x/y/d.YAML")):
        write(name, expecting(HOLDS, id=f"case-{index}"))
    write("notes.txt", "not a case")
    write(".hidden/e.yaml", "not: a case")
    write("x/.f.yaml", "not: a case")
    result = run("check", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "4 cases, 4 expectations, 0 differ\n")


def test_a_file_named_twice_counts_once(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    path = write("x/case.yaml", expecting(HOLDS))
    result = run("check", path, tmp_path, path.parent)
    assert (result.exit_code, result.stdout) == (0, "1 case, 1 expectation, 0 differ\n")


def test_several_documents_in_a_file(run: Any, write: Any, expecting: Any) -> None:
    documents = [expecting(HOLDS, id="one"), expecting(WRONG, id="two"), expecting(id="three")]
    path = write("cases.yaml", "---\n".join(f"{json.dumps(document)}\n" for document in documents) + "---\n")
    result = run("check", path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "2 cases, 2 expectations, 1 differ"
    assert result.stdout.splitlines()[1].split()[:2] == [f"{path}:3", "two"]


def test_a_case_without_id_is_called_by_its_file(run: Any, write: Any, expecting: Any) -> None:
    documents = [expecting(WRONG, id=None), expecting(WRONG, id=None)]
    path = write("cases.yaml", "\n---\n".join(json.dumps(document) for document in documents))
    told = json.loads(run("check", path, "--json").stdout)
    assert [row["case"] for row in told["differences"]] == ["cases", "cases#2"]


def test_standard_input(run: Any, expecting: Any) -> None:
    result = run("check", "-", stdin=json.dumps(expecting(WRONG)))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1].split()[:2] == ["<standard", "input>:1"]


def test_one_faulty_file_stops_everything(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    write("a.yaml", expecting(WRONG, id="a"))
    write("b.yaml", "format: 1\npersn: {}\n")
    write("c.yaml", "format: 1\nemployrs: {}\n")
    report = tmp_path / "report.xml"
    result = run("check", tmp_path, "--junit", report, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert [line.split(": ")[:2] for line in result.stderr.splitlines()] == [
        [f"{tmp_path}/b.yaml:2", "persn"],
        [f"{tmp_path}/c.yaml:2", "employrs"],
    ]
    assert not report.exists()


def test_an_id_stands_once_in_its_tree(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    first, second = write("a.yaml", expecting(HOLDS)), write("b/b.yaml", expecting(HOLDS))
    result = run("check", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"{second}:1: id: 'posted' is already the id of the case at {first}:1; an id stands once in its tree\n"
    )


def test_nothing_expected_is_a_fault(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    result = run("check", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{tmp_path}: there is no case here; a case with `expect` is needed\n"
    write("a.yaml", expecting())
    assert (
        run("check", tmp_path).stderr == f"{tmp_path}: no case expects anything here; a case with `expect` is needed\n"
    )


def test_an_entry_that_expects_nothing_differs(run: Any, write: Any, expecting: Any) -> None:
    result = run("check", write("case.yaml", expecting({})))
    assert result.exit_code == 1
    assert "the entry expects nothing" in result.stdout


def test_no_path_is_a_usage_error(run: Any) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (2, "")
