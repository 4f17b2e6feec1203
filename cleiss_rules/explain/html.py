"""An answer as HTML: what a notebook shows. Everything that comes from a case is escaped."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape

from cleiss_rules.explain.decision import decision_lines
from cleiss_rules.explain.full import tree
from cleiss_rules.explain.own_laws import own_law_lines, shown_at_once
from cleiss_rules.explain.short import heading, segment_lines
from cleiss_rules.explain.steps import step_lines
from cleiss_rules.explain.timeline import svg
from cleiss_rules.result import Result, Segment

_STYLE = (
    "<style>.cleiss{font-family:sans-serif;max-width:60rem;line-height:1.4}.cleiss h4{margin:.8em 0 .2em}"
    ".cleiss p{margin:.2em 0;white-space:pre-line}.cleiss .determined,.cleiss .bound{border-left:4px solid #2a7;padding-left:.7em}"
    ".cleiss .undetermined,.cleiss .discretionary{border-left:4px solid #d90;padding-left:.7em}"
    ".cleiss .conflict{border-left:4px solid #c33;padding-left:.7em}.cleiss .out_of_scope{border-left:4px solid #999;padding-left:.7em}"
    "</style>"
)
_MORE = {"fr": "Toutes les conditions", "en": "Every condition"}


def page(result: Result, lang: str | None = None) -> str:
    """The segments, each with its short explanation and, folded, every condition; by default in the locale's language."""
    lang = lang or language()
    parts = "".join(_segment(segment, lang) for segment in result.segments)
    picture = svg(result, lang) if len(result.segments) > 1 else ""
    return f'{_STYLE}<div class="cleiss">{picture}{parts}{_decision(result, lang)}</div>'


def _decision(result: Result, lang: str) -> str:
    if result.decision is None:
        return ""
    first, *others = decision_lines(result.decision, lang)
    lines = "".join(f"<p>{escape(line)}</p>" for line in others)
    return f'<section class="decision"><h4>{escape(first)}</h4>{lines}</section>'


def language() -> str:
    """French where the locale is French, else English."""
    named = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(key))), "")
    return "fr" if named.lower().startswith("fr") else "en"


def _segment(segment: Segment, lang: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in segment_lines(segment, lang)[1:])
    return f'<section class="{segment.outcome}"><h4>{escape(heading(segment, lang))}</h4>{lines}{_proof(segment, lang)}</section>'


def _proof(segment: Segment, lang: str) -> str:
    if segment._proof is None:
        return ""
    steps = [
        (0, line.strip()) if number == 0 else (1, line.strip().removeprefix("- "))
        for number, line in enumerate(step_lines(segment, lang))
    ]
    own = [] if shown_at_once(segment) else "\n".join(own_law_lines(segment, lang)).splitlines()
    laws = [(0 if number == 0 else 1, line.strip()) for number, line in enumerate(own)]
    nodes = [*tree(segment._proof, lang), *steps, *laws]
    return f"<details><summary>{escape(_MORE[lang])}</summary>{_nested(nodes)}</details>"


def _nested(nodes: Sequence[tuple[int, str]]) -> str:
    """Lines with depths as nested lists."""
    if not nodes:
        return ""
    depth = nodes[0][0]
    starts = [index for index, node in enumerate(nodes) if node[0] == depth]
    ends = [*starts[1:], len(nodes)]
    items = (
        f"<li>{escape(nodes[start][1])}{_nested(nodes[start + 1 : end])}</li>"
        for start, end in zip(starts, ends, strict=True)
    )
    return f"<ul>{''.join(items)}</ul>"
