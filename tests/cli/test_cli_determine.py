"""``determine``: the table, the explanation, JSON, and the days asked about."""

from __future__ import annotations

import json
from typing import Any

import pytest

import cleiss_rules as cr


def rows(stdout: str) -> list[list[str]]:
    """The table at the head of an output, cell by cell."""
    table, _, _ = stdout.partition("\n\n")
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in table.splitlines()]


def test_a_table_and_the_explanation(run: Any, write: Any, posted: dict[str, Any]) -> None:
    result = run("determine", write("case.yaml", posted))
    assert (result.exit_code, result.stderr) == (0, "")
    assert rows(result.stdout) == [
        ["from", "to", "outcome", "legislation", "article", "instrument"],
        ["2026-01-01", "2027-12-31", "determined", "FR France", "art. 12(1)", "Regulation (EC) No 883/2004"],
    ]
    told = cr.determine(cr.Case.model_validate(posted)).explain("en")
    assert result.stdout.partition("\n\n")[2] == told.rstrip("\n") + "\n"


def test_the_columns_of_the_table_stand_below_each_other(run: Any, write: Any, posted: dict[str, Any]) -> None:
    heading, row = run("determine", write("case.yaml", posted)).stdout.splitlines()[:2]
    for title, cell in [("to", "2027"), ("outcome", "determined"), ("article", "art. 12(1)"), ("instrument", "Reg")]:
        assert heading.index(f" {title}") + 1 == row.index(f" {cell}") + 1


@pytest.mark.parametrize("options", [[], ["--explain", "full"], ["--lang", "fr"], ["--json"]])
def test_a_pipe_carries_no_colour(options: list[str], run: Any, write: Any, posted: dict[str, Any]) -> None:
    result = run("determine", write("case.yaml", posted), *options)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert not [char for char in "┃│━─┏┓" if char in result.stdout]


def test_the_answer_in_french(run: Any, write: Any, posted: dict[str, Any]) -> None:
    result = run("determine", write("case.yaml", posted), "--lang", "fr")
    assert rows(result.stdout) == [
        ["du", "au", "résultat", "législation", "article", "texte"],
        ["2026-01-01", "2027-12-31", "déterminée", "FR France", "art. 12(1)", "règlement (CE) nº 883/2004"],
    ]
    assert "législation applicable : celle de la France." in result.stdout


@pytest.mark.parametrize(
    ("variables", "heading"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "du"),
        ({"LANG": "fr_CH"}, "du"),
        ({"LANG": "en_GB.UTF-8"}, "from"),
        ({"LANG": "de_DE.UTF-8"}, "from"),
        ({"LANG": ""}, "from"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "du"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8", "LC_ALL": "C"}, "from"),
    ],
)
def test_the_language_is_that_of_the_locale(
    variables: dict[str, str],
    heading: str,
    run: Any,
    write: Any,
    posted: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert rows(run("determine", write("case.yaml", posted)).stdout)[0][0] == heading


def test_the_option_goes_before_the_locale(
    run: Any, write: Any, posted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert rows(run("determine", write("case.yaml", posted), "--lang", "en").stdout)[0][0] == "from"


def test_every_condition_on_demand(run: Any, write: Any, posted: dict[str, Any]) -> None:
    path = write("case.yaml", posted)
    short, full = run("determine", path).stdout, run("determine", path, "--explain", "full").stdout
    assert full.startswith(short.rstrip("\n"))
    assert "[yes]" not in short
    assert "[yes] the direct relationship with the sending employer is kept" in full
    assert full.partition("\n\n")[2] == cr.determine(cr.Case.model_validate(posted)).explain("en", "full")


def test_json_is_the_result(run: Any, write: Any, posted: dict[str, Any]) -> None:
    result = run("determine", write("case.yaml", posted), "--json")
    told = cr.determine(cr.Case.model_validate(posted)).model_dump(mode="json", by_alias=True)
    assert json.loads(result.stdout) == told
    assert set(told) >= {"format", "case", "known_on", "segments", "decision", "receipt"}
    assert {"from", "to", "outcome", "legislation", "proof"} <= set(told["segments"][0])


def test_model_dump_alone_is_the_json_of_the_contract(posted: dict[str, Any]) -> None:
    told = cr.determine(cr.Case.model_validate(posted)).model_dump(mode="json")
    assert "from" in told["segments"][0]


def test_one_day(run: Any, write: Any, posted: dict[str, Any]) -> None:
    result = run("determine", write("case.yaml", posted), "--on", "2026-05-01")
    assert rows(result.stdout)[1][:3] == ["2026-05-01", "2026-05-01", "determined"]
    assert result.stdout.partition("\n\n")[2].startswith("On 1 May 2026, the legislation of France applies.")


def test_other_days(run: Any, write: Any, posted: dict[str, Any]) -> None:
    path = write("case.yaml", posted)
    result = run("determine", path, "--from", "2026-02-01", "--to", "2026-03-31", "--json")
    assert [(one["from"], one["to"]) for one in json.loads(result.stdout)["segments"]] == [("2026-02-01", "2026-03-31")]
    assert json.loads(path.read_text())["period"] == posted["period"]


def test_without_a_last_day_the_question_is_open_ended(run: Any, write: Any, posted: dict[str, Any]) -> None:
    posted["activities"][0]["to"] = None
    result = run("determine", write("case.yaml", posted), "--from", "2026-02-01", "--json")
    segments = json.loads(result.stdout)["segments"]
    assert (segments[0]["from"], segments[-1]["to"]) == ("2026-02-01", None)
    assert rows(run("determine", write("case.yaml", posted), "--from", "2026-02-01").stdout)[-1][1] == "open"


def test_standard_input(run: Any, write: Any, posted: dict[str, Any]) -> None:
    from_file = run("determine", write("case.yaml", posted))
    piped = run("determine", "-", stdin=json.dumps(posted))
    assert (piped.exit_code, piped.stdout, piped.stderr) == (0, from_file.stdout, "")


def test_a_fault_on_standard_input_names_it(run: Any) -> None:
    result = run("determine", "-", stdin="format: 1\npersn: {}\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("<standard input>:2: persn: ")


@pytest.mark.parametrize("outcome", ["undetermined", "discretionary", "out_of_scope"])
def test_an_open_answer_is_no_failure(outcome: str, run: Any, write: Any, posted: dict[str, Any]) -> None:
    posting = posted["activities"][0]["posting"]
    if outcome == "undetermined":
        del posting["direct_relationship"]
    elif outcome == "discretionary":
        posted["employers"]["acme"]["activity"]["FR"]["turnover_share"] = 20
    else:
        posted["activities"][0]["state"] = "WF"
    path = write("case.yaml", posted)
    result = run("determine", path)
    assert result.exit_code == 0
    assert json.loads(run("determine", path, "--json").stdout)["segments"][0]["outcome"] == outcome
    row = rows(result.stdout)[1]
    if outcome == "out_of_scope":
        assert row[2:] == ["outside every instrument", "–", "–", "–"]
    else:
        assert row[3:] == ["FR France or IT Italy", "–", "Regulation (EC) No 883/2004"]


def test_a_state_that_can_not_be_named_stands_in_the_table(run: Any, write: Any, posted: dict[str, Any]) -> None:
    activity = posted["activities"][0]
    del activity["posting"]
    activity["kind"] = "civil_servant"
    path = write("case.yaml", posted)
    assert rows(run("determine", path).stdout)[1][3] == "FR France or IT Italy or another State"
    assert rows(run("determine", path, "--lang", "fr").stdout)[1][3] == "FR France ou IT Italie ou un autre État"


def test_a_hostile_id_can_not_steer_the_terminal(run: Any, write: Any, posted: dict[str, Any]) -> None:
    posted["employers"]["\x1b[2J"] = posted["employers"].pop("acme")
    posted["activities"][0]["employer"] = "\x1b[2J"
    result = run("determine", write("case.yaml", posted), "--explain", "full")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
