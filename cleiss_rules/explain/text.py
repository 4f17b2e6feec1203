"""An answer as plain text, in French or English."""

from __future__ import annotations

from cleiss_rules.explain.decision import decision_lines
from cleiss_rules.explain.full import tree_lines
from cleiss_rules.explain.own_laws import own_law_lines, shown_at_once
from cleiss_rules.explain.short import segment_lines
from cleiss_rules.explain.steps import step_lines
from cleiss_rules.result import Result

LANGUAGES = ("fr", "en")
DETAILS = ("short", "full")


def explain(result: Result, *, lang: str, detail: str) -> str:
    """Every segment in words. Raises ValueError for a language or a detail that does not exist."""
    if lang not in LANGUAGES:
        raise ValueError(f"lang is {lang!r}; accepted: {', '.join(LANGUAGES)}")
    if detail not in DETAILS:
        raise ValueError(f"detail is {detail!r}; accepted: {', '.join(DETAILS)}")
    blocks: list[str] = []
    for segment in result.segments:
        lines = segment_lines(segment, lang)
        if detail == "full" and segment._proof is not None:
            lines += ["", *tree_lines(segment._proof, lang), *step_lines(segment, lang)]
            if not shown_at_once(segment):
                lines += own_law_lines(segment, lang)
        blocks.append("\n".join(lines))
    if result.decision is not None:
        blocks.append("\n".join(decision_lines(result.decision, lang)))
    return "\n\n".join(blocks) + "\n"
