"""The full explanation of the facts of a judgment gives the Court's outcome and names the judgment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cleiss_rules as cr
from cleiss_rules.testing.collect import cases_under

FIXTURES = Path(__file__).parents[2] / "fixtures" / "cjeu"
CASES = {filed.case.id: filed.case for filed in cases_under([str(FIXTURES)])}

#: judgments about levies, benefits or an earlier text, which no rule names
UNNAMED = {
    "cjeu-35-70-manpower",
    "cjeu-c-169-98-csg-frontier-workers",
    "cjeu-c-623-13-de-ruyter",
    "cjeu-c-95-18-van-den-berg",
    "cjeu-c-45-17-jahin",
}


@pytest.mark.parametrize("name", sorted(name for name in CASES if name is not None and name not in UNNAMED))
def test_the_judgment_is_named(name: str) -> None:
    case = CASES[name]
    assert case.source is not None
    (judgment, *_) = re.findall(r"(?:C-)?\d+/\d+", case.source.reference or "")
    for lang in ("fr", "en"):
        assert judgment in cr.determine(case).explain(lang, "full")  # type: ignore[arg-type]


def test_they_are_more_than_ten() -> None:
    assert len(CASES) - len(UNNAMED) >= 10
