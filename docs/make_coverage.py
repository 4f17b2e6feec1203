"""Writes docs/coverage.md: every provision of the European research, where it is encoded, and what fixtures exercise of it."""

from __future__ import annotations

from pathlib import Path

import yaml

from cleiss_rules.checks.coverage import Coverage, coverage
from cleiss_rules.determination import engine_in_use
from cleiss_rules.law.store import the_law
from cleiss_rules.testing.collect import cases_under

ROOT = Path(__file__).resolve().parent.parent
PROVISIONS = ROOT / "docs" / "eu-provisions.yaml"
RESEARCH = ROOT / "docs" / "eu-research.yaml"
PAGE = ROOT / "docs" / "coverage.md"


def provisions() -> dict[str, list[str] | str]:
    """Each provision with the keys where it stands, or the reason why it stands nowhere."""
    found: dict[str, list[str] | str] = yaml.safe_load(PROVISIONS.read_text(encoding="utf-8"))
    return found


_PARTS = {
    "rulings_left_out": "Rulings that no rule names, and why",
    "deadlines": "Deadlines",
    "conflicts": "Where two rules look met",
    "officer_only": "What officers assess",
    "cases_left_out": "Reference cases that are no fixture, and why",
}


def _besides() -> list[str]:
    """What the research holds besides provisions, in the order of the file."""
    research: dict[str, dict[str, list[str] | str]] = yaml.safe_load(RESEARCH.read_text(encoding="utf-8"))
    lines: list[str] = []
    for part, title in _PARTS.items():
        lines += ["", f"## {title}", "", "| of the research | where, or why not |", "|---|---|"]
        for name, told in research[part].items():
            lines.append(f"| {name} | {told if isinstance(told, str) else ', '.join(f'`{key}`' for key in told)} |")
    return lines


def page(found: Coverage) -> str:
    """The page, in Markdown."""
    told = provisions()
    encoded = {name: keys for name, keys in told.items() if isinstance(keys, list)}
    left = {name: reason for name, reason in told.items() if isinstance(reason, str)}
    both = len(found.conditions) - len(found.one_sided)
    lines = [
        "# What is covered",
        "",
        "Written by `python docs/make_coverage.py`; edit `docs/eu-provisions.yaml` and `docs/eu-research.yaml` instead.",
        "",
        f"{len(encoded)} of {len(told)} provisions of the European research are encoded. The fixtures exercise {both} of "
        f"{len(found.conditions)} conditions of all texts on both sides and meet "
        f"{len(found.rules) - len(found.never_stood)} of {len(found.rules)} rules.",
        "",
        "## Encoded",
        "",
        "| provision | where | cases that meet it |",
        "|---|---|---|",
    ]
    for name, keys in encoded.items():
        lines.append(
            f"| {name} | {', '.join(f'`{key}`' for key in keys)} | {sum(found.standing[key] for key in keys) or '–'} |"
        )
    lines += ["", "## Not encoded, and why", "", "| provision | reason |", "|---|---|"]
    lines += [f"| {name} | {reason} |" for name, reason in left.items()]
    lines += _besides()
    lines += ["", "## Instruments", "", "| instrument | status | rules |", "|---|---|---|"]
    for instrument in the_law().instruments.values():
        rules = sum(rule.kind == "rule" for rule in instrument.rules)
        lines.append(f"| {instrument.id} | {instrument.status.replace('_', ' ')} | {rules} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    cases = [filed.case for filed in cases_under([str(ROOT / "fixtures")])]
    PAGE.write_text(page(coverage(cases, engine_in_use())), encoding="utf-8")
