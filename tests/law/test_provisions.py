"""Every provision of the European research is encoded where the table says, or named with the reason why not."""

from __future__ import annotations

from pathlib import Path

import yaml

from cleiss_rules.law.store import the_law

DOCS = Path(__file__).parents[2] / "docs"
TOLD: dict[str, list[str] | str] = yaml.safe_load((DOCS / "eu-provisions.yaml").read_text(encoding="utf-8"))
PAGE = (DOCS / "coverage.md").read_text(encoding="utf-8")


def _keys() -> set[str]:
    instruments = the_law().instruments.values()
    rules = {rule.key for instrument in instruments for rule in (*instrument.rules, *instrument.binds)}
    return rules | {step.key for instrument in instruments for step in instrument.procedure}


def test_none_of_the_128_is_lost() -> None:
    assert len(TOLD) == 128


def test_what_is_said_to_be_encoded_is() -> None:
    named = {key for keys in TOLD.values() if isinstance(keys, list) for key in keys}
    assert named - _keys() == set()
    assert all(TOLD.values())


def test_the_page_names_every_one_of_them() -> None:
    assert [name for name in TOLD if f"| {name} |" not in PAGE] == []
