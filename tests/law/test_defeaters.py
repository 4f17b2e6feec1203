"""Rules that defeat each other in a circle are refused when the law is read, not found out in an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleiss_rules.errors import InvalidLaw
from cleiss_rules.law.load import load


def test_a_circle_of_exceptions_is_a_fault_of_the_file(folder: Path) -> None:
    file = folder / "eu/883-2004.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  - rule: 11-3-a\n", "  - rule: 11-3-a\n    defeats: [12-1]\n", 1), encoding="utf-8")
    with pytest.raises(
        InvalidLaw, match=r"883-2004.yaml:\d+.*eu-883-2004/1\S+ defeats .*: no rule of such a circle"
    ) as told:
        load(folder)
    assert len(told.value.faults) == 1
