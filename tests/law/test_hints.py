"""Unconfirmed memories are shown as such and change no answer."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any

import pytest

import cleiss_rules as cr
from cleiss_rules.determination import determine_under, engine_in_use
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.errors import InvalidLaw
from cleiss_rules.law.load import load
from cleiss_rules.law.store import the_law
from cleiss_rules.testing.collect import cases_under

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
FOLDERS = ("bilateral", "national", "territories", "requests")


@functools.cache
def without_hints() -> RuleSets:
    law = the_law()
    emptied = {name: dataclasses.replace(one, hints=()) for name, one in law.instruments.items()}
    return RuleSets(dataclasses.replace(law, instruments=emptied))


def told(answer: Any) -> Any:
    """Every field of a segment or a decision, but for the hints."""
    fields = {name: getattr(answer, name) for name in type(answer).model_fields}
    fields["gaps"] = [gap.model_copy(update={"hint": None}) for gap in answer.gaps]
    return fields


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_answer_changes_without_the_hints(folder: str) -> None:
    hinted = 0
    for filed in cases_under([str(FIXTURES / folder)], lambda files: files):
        with_, without = determine_under(filed.case, engine_in_use()), determine_under(filed.case, without_hints())
        assert [told(one) for one in with_.segments] == [told(one) for one in without.segments], filed.case.id
        if with_.decision is not None and without.decision is not None:
            assert told(with_.decision) == told(without.decision)
        hinted += sum(gap.hint is not None for segment in with_.segments for gap in segment.gaps)
        assert all(gap.hint is None for segment in without.segments for gap in segment.gaps)
    assert hinted or folder == "requests"


def test_a_hint_is_marked_and_names_no_legislation() -> None:
    case = cr.Case.model_validate(
        {
            "format": 1, "known_on": "2026-11-23", "period": {"from": "2026-01-01", "to": "2026-12-31"},
            "person": {"nationalities": ["FR"], "residence": "FR"}, "employers": {"acme": {"seat": "FR"}},
            "activities": [
                {
                    "kind": "employed", "state": "SN", "employer": "acme", "from": "2026-01-01", "to": "2026-12-31",
                    "posting": {"from_state": "FR", "direct_relationship": True},
                }
            ],
        }
    )  # fmt: skip
    result = cr.determine(case)
    assert result.segments[0].outcome == "undetermined"
    assert "Souvenir non confirmé, sans effet sur la réponse : trois ans." in result.explain("fr")
    assert "Unconfirmed memory, no part of the answer: three years." in result.explain("en")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  fr-ad:", "  fr-zz:", "fr-zz is no instrument"),
        ("on: [prolongation]", "on: [prolongations]", "prolongations is no clause, parameter or rule"),
    ],
)
def test_a_hint_on_nothing_is_a_fault(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "bilateral" / "hints.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidLaw) as caught:
        load(folder)
    assert said in str(caught.value)
    assert "hints.yaml:" in str(caught.value)


def test_a_law_without_a_hints_file_is_whole(folder: Path) -> None:
    (folder / "bilateral" / "hints.yaml").unlink()
    assert all(not one.hints for one in load(folder).instruments.values())
