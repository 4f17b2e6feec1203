from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cleiss_rules", "population", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_writes_the_file_and_says_nothing(tmp_path: Path) -> None:
    done = run("--rows", "500", "--seed", "1", "-o", "p.csv", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len((tmp_path / "p.csv").read_text().splitlines()) == 501


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rows", "5", "-o", "p.txt"), "p.txt: the name has to end with .parquet or .csv"),
        (("--rows", "5", "-o", "no/p.csv"), "no/p.csv: can't be written: No such file or directory"),
        (("--rows", "0", "-o", "p.csv"), "--rows"),
        (("--rows", "5", "--seed", "-1", "-o", "p.csv"), "--seed"),
        (("--rows", "5"), "--out"),
    ],
)
def test_what_can_not_be_done_is_said_with_status_2(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
