"""Every input that can't be used: exit status 2, a line per fault, nothing on standard output, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HEAD = "format: 1\nknown_on: 2026-11-23\nperiod: {from: 2026-01-01, to: 2026-12-31}\n"
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)

FAULTY: dict[str, tuple[str | bytes, str]] = {
    "unknown key": (HEAD + "persn: {}\n", "4: persn: this key is not known; the nearest known key is person"),
    "unknown key deeper": (
        HEAD + "activities:\n  - {kind: employed, wrking_time: 3}\n",
        "5: activities[0].wrking_time: this key is not known; the nearest known key is working_time",
    ),
    "impossible date": (
        "format: 1\nperiod: {from: 2026-02-30}\n",
        "2: period.from: '2026-02-30' is no day of the calendar; accepted: YYYY-MM-DD",
    ),
    "to before from": (
        "format: 1\nperiod: {from: 2026-02-20, to: 2026-02-19}\n",
        "2: period: to (2026-02-19) comes before from (2026-02-20)",
    ),
    "share over 100": (
        HEAD + "activities:\n  - {kind: employed, working_time: 100.5}\n",
        "5: activities[0].working_time: 100.5: input should be less than or equal to 100",
    ),
    "shares over 100": (
        HEAD + "activities:\n  - {state: FR, working_time: 60}\n  - {state: IT, working_time: 41}\n",
        "4: activities: the shares of working_time add up to 101; at most 100",
    ),
    "unknown State": (
        HEAD + "person: {residence: QQ}\n",
        "4: person.residence: 'QQ' is no State known here; accepted: ISO 3166-1 alpha-2 codes such as FR, DZ, and XK, CA-QC",
    ),
    "unknown employer": (
        HEAD + "activities:\n  - {state: FR}\n  - {state: IT, employer: acme}\n",
        "6: activities[1].employer: 'acme' is not under employers (none is described)",
    ),
    "wrong shape": (HEAD + "activities: 3\n", "4: activities: 3: a list is expected"),
    "a list": ("- format: 1\n", "1: a mapping is expected, this is a list"),
    "a word": ("hello\n", "1: a mapping is expected, this is 'hello'"),
    "empty": ("", "1: is empty; a mapping is expected"),
    "not YAML": (HEAD + "a: [1\n", "5: is not well-formed YAML: did not find expected ',' or ']'"),
    "a key twice": ("format: 1\nformat: 1\n", "2: format: this key stands twice in the same mapping"),
    "billion laughs": (LAUGHS, "1: holds more than 200,000 values once its aliases are written out"),
    "deep nesting": ("a: " + "[" * 200 + "]" * 200, "1: a[0][0]: is nested more than 60 deep"),
    "not UTF-8": (b"format: 1\ntitle: caf\xe9\n", "2: is not UTF-8 text"),
    "50 MB": (b"x" * 52_428_800, " is 52,428,800 bytes; at most 4,194,304 are read"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_case_is_one_line_on_standard_error(name: str, run: Any, write: Any) -> None:
    content, told = FAULTY[name]
    path = write("case.yaml", content)
    result = run("determine", path)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{path}:{told}\n")


@pytest.mark.parametrize("name", FAULTY)
def test_check_tells_the_same_and_writes_nothing(name: str, run: Any, write: Any, tmp_path: Path) -> None:
    content, told = FAULTY[name]
    path = write("cases/case.yaml", content)
    report = tmp_path / "report.xml"
    result = run("check", path.parent, "--junit", report)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{path}:{told}\n")
    assert not report.exists()


def test_every_fault_is_told_in_the_order_of_the_file(run: Any, write: Any) -> None:
    path = write("case.yaml", "format: 1\nb: 1\nperson: {residence: QQ}\nknown_on: today\n")
    lines = run("determine", path).stderr.splitlines()
    assert [line.removeprefix(f"{path}:").split(": ")[:2] for line in lines] == [
        ["2", "b"],
        ["3", "person.residence"],
        ["4", "known_on"],
    ]


def test_norway_is_a_state(run: Any, write: Any) -> None:
    path = write("case.yaml", HEAD + "activities:\n  - {kind: employed, state: NO}\nperson: {residence: no}\n")
    assert run("determine", path, "--json").stderr.startswith(f"{path}:6: person.residence: 'no' is no State")
    path = write("case.yaml", HEAD + "activities:\n  - {kind: employed, state: NO}\nperson: {residence: NO}\n")
    result = run("determine", path, "--json")
    assert result.exit_code == 0
    assert "Norway" in result.stdout


def test_a_path_that_does_not_exist(run: Any, tmp_path: Path) -> None:
    for command in ("determine", "check"):
        result = run(command, tmp_path / "none.yaml")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"{tmp_path}/none.yaml: can't be read: No such file or directory\n"


def test_what_an_input_says_can_not_steer_the_terminal(run: Any, write: Any) -> None:
    path = write("case.yaml", 'format: 1\n"\\e[2J\\u202e": 1\n')
    result = run("determine", path)
    assert "\x1b" not in result.stderr
    assert result.stderr.startswith(f"{path}:2: \\x1b[2J\\u202e: this key is not known")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--on", "2026-02-30"], "'2026-02-30' is no day of the calendar; accepted: YYYY-MM-DD"),
        (["--on", "20260301"], "'20260301' is no day of the calendar"),
        (["--on", "2026-03-01", "--from", "2026-01-01"], "--on goes without --from and --to"),
        (["--to", "2026-03-01"], "--to needs --from"),
        (["--from", "2026-03-02", "--to", "2026-03-01"], "--to (2026-03-01) comes before --from (2026-03-02)"),
        (["--lang", "de"], "'de'"),
        (["--explain", "all"], "'all'"),
        (["--bogus"], "--bogus"),
    ],
)
def test_faulty_options_are_short_usage_errors(options: list[str], told: str, run: Any, write: Any) -> None:
    result = run("determine", write("case.yaml", HEAD), *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert len(result.stderr.splitlines()) <= 4


def test_a_defect_is_told_without_traceback_and_apart_from_faulty_input(
    run: Any, write: Any, expecting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(case: object) -> None:
        raise KeyError("broken")

    monkeypatch.setattr("cleiss_rules.cli.checked.determine", broken)
    path = write("case.yaml", expecting({"outcome": "bound"}))
    result = run("check", path)
    assert (result.exit_code, result.stdout) == (70, "")
    assert len(result.stderr.splitlines()) == 1
    assert f"a defect of this program, not of the input, met in {path}, case posted: KeyError" in result.stderr


def test_ctrl_c_exits_130(run: Any, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(case: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cleiss_rules.determination.determine", interrupted)
    result = run("determine", write("case.yaml", HEAD))
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


def test_an_unreadable_folder_is_a_fault(
    run: Any, write: Any, expecting: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("case.yaml", expecting({"outcome": "determined"}))
    locked = write("locked/case.yaml", "").parent
    usual = os.scandir

    def scandir(path: str) -> Any:
        # Permissions do not stop root, who runs tests in containers.
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    monkeypatch.setattr(os, "scandir", scandir)
    result = run("check", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{locked}: can't be read: Permission denied\n"


def _program(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cleiss_rules", *map(str, arguments)]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=60, **options)


def test_a_pipe_that_nobody_reads_is_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = _program("schema", "case", stdout=writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_no_traceback() -> None:
    with Path("/dev/full").open("w") as full:
        done = _program("schema", "case", stdout=full)
    assert (done.returncode, done.stderr) == (2, "<standard output>: can't be used: No space left on device\n")


def test_an_endless_standard_input_is_not_read_to_its_end() -> None:
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
        done = _program("determine", "-", stdin=endless.stdout, stdout=subprocess.PIPE)
        endless.kill()
    assert (done.returncode, done.stdout) == (2, "")
    assert "at most 4,194,304 are read" in done.stderr
