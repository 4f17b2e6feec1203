"""``check --junit``: the verdicts as JUnit XML, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

HOLDS = {"on": "2026-03-01", "legislation": ["FR"]}
WRONG = {"on": "2026-03-01", "outcome": "bound", "legislation": ["IT"]}
DAYS = "(from 2026-01-01 to 2027-12-31)"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_test_case_for_each_expectation(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    path, report = write("case.yaml", expecting(HOLDS, WRONG)), tmp_path / "report.xml"
    result = run("check", path, "--junit", report)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "1 case, 2 expectations, 1 differ"
    root = Xml.parse(report).getroot()
    counts = {"tests": "2", "failures": "1", "errors": "0", "skipped": "0"}
    assert (root.tag, root.attrib) == ("testsuites", counts)
    (suite,) = root
    assert (suite.tag, suite.attrib) == ("testsuite", {"name": "cleiss-rules check", **counts})
    good, bad = suite
    assert good.attrib == {
        "classname": str(path),
        "name": "posted expect[0] on 2026-03-01",
        "file": str(path),
        "line": "1",
    }
    assert len(good) == 0
    assert bad.get("name") == "posted expect[1] on 2026-03-01"
    (failure,) = bad
    assert failure.tag == "failure"
    assert failure.get("message") == f"outcome: bound; got determined {DAYS}"
    assert failure.text == f"outcome: bound; got determined {DAYS}\nlegislation: IT; got FR {DAYS}"


def test_all_hold(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert run("check", write("case.yaml", expecting(HOLDS)), "--junit", report).exit_code == 0
    root = Xml.parse(report).getroot()
    assert root.get("failures") == "0"
    assert not list(root.iter("failure"))


def test_the_counts_add_up_over_files(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    for index in range(3):
        write(f"cases/{index}.yaml", expecting(HOLDS, WRONG, id=f"case-{index}"))
    run("check", tmp_path / "cases", "--junit", tmp_path / "report.xml")
    root = Xml.parse(tmp_path / "report.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("6", "3")
    assert len(list(root.iter("testcase"))) == 6
    assert len(list(root.iter("failure"))) == 3


def test_names_that_xml_can_not_hold_as_they_are(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    hostile = '<a & "b"> é \x1b\x01 ]]>'
    report = tmp_path / "report.xml"
    assert run("check", write("case.yaml", expecting(WRONG, id=hostile)), "--junit", report).exit_code == 1
    (case,) = Xml.parse(report).getroot().iter("testcase")
    assert case.get("name") == '<a & "b"> é \\x1b\\x01 ]]> expect[0] on 2026-03-01'


def test_an_earlier_report_is_replaced_and_nothing_else_is_left(
    run: Any, write: Any, expecting: Any, tmp_path: Path
) -> None:
    path, report = write("cases/case.yaml", expecting(HOLDS)), write("out/report.xml", "earlier " * 1000)
    report.chmod(0o640)
    run("check", path, "--junit", report)
    assert Xml.parse(report).getroot().get("tests") == "1"
    assert names_in(report.parent) == ["report.xml"]
    assert stat.S_IMODE(report.stat().st_mode) == 0o640


def test_a_report_that_breaks_off_leaves_the_earlier_one(
    run: Any, write: Any, expecting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: object) -> None:
        raise OSError(28, "No space left on device", source)

    path, report = write("cases/case.yaml", expecting(HOLDS)), write("out/report.xml", "earlier")
    monkeypatch.setattr("cleiss_rules.cli.junit.os.replace", full)
    result = run("check", path, "--junit", report)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{report}: can't be used: No space left on device\n"
    assert report.read_text() == "earlier"
    assert names_in(report.parent) == ["report.xml"]


def test_a_report_in_a_folder_that_does_not_exist(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    report = tmp_path / "none" / "report.xml"
    result = run("check", write("case.yaml", expecting(HOLDS)), "--junit", report)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{report}: can't be used: No such file or directory\n"
    assert not report.parent.exists()


def test_a_link_stays_a_link(run: Any, write: Any, expecting: Any, tmp_path: Path) -> None:
    report, link = write("out/report.xml", "earlier"), tmp_path / "link.xml"
    link.symlink_to(report)
    run("check", write("cases/case.yaml", expecting(HOLDS)), "--junit", link)
    assert link.is_symlink()
    assert Xml.parse(report).getroot().get("tests") == "1"


def test_a_device_is_written_to_and_not_replaced(run: Any, write: Any, expecting: Any) -> None:
    assert run("check", write("case.yaml", expecting(HOLDS)), "--junit", os.devnull).exit_code == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
