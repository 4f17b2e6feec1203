"""An installed wheel works with no checkout near it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_a_wheel_in_a_clean_environment_determines_a_case(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-q", "-c", str(ROOT / ".ci" / "constraints.txt"), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, timeout=300)
    case = tmp_path / "case.yaml"
    case.write_bytes((ROOT / "fixtures" / "examples" / "paris-turin-posting.yaml").read_bytes())
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "CLEISS_RULES_LAW")}
    clean["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    done = subprocess.run(
        [str(home / "bin" / "cleiss-rules"), "determine", "--json", str(case)],
        cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert '"eu-883-2004/12-1"' in done.stdout
