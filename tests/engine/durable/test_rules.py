"""Determinations by durable-rules: the same answer with the same proof, through the same function."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("durable")

import cleiss_rules as cr
from cleiss_rules.determination import ENGINES

EXAMPLES = sorted((Path(__file__).parents[3] / "fixtures" / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_answer_and_its_explanation_are_those_of_the_reference_engine(path: Path) -> None:
    case = cr.read_case(path)
    plain, fired = cr.determine(case), cr.determine(case, engine="durable")
    assert fired.model_dump(exclude={"receipt"}) == plain.model_dump(exclude={"receipt"})
    for lang in ("fr", "en"):
        assert fired.explain(lang=lang, detail="full") == plain.explain(lang=lang, detail="full")


def test_another_name_is_refused() -> None:
    case = cr.read_case(EXAMPLES[0])
    with pytest.raises(ValueError, match="'quick' is no engine; accepted: reference, durable"):
        cr.determine(case, engine="quick")
    assert ENGINES == ("reference", "durable")
