"""A small law folder that a test can change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cleiss_rules.law.store import law_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the law that a test may spoil."""
    copy = tmp_path / "agreements"
    shutil.copytree(law_folder(), copy)
    return copy
