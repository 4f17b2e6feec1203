"""What an expression looks at in the end: facts, parameters, notions, places of work; definitions are followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cleiss_rules.engine.compile import Wording
from cleiss_rules.law.model import Expr

LOOKED_AT = frozenset({"fact", "param", "answer", "def"})
_LOOPS = frozenset({"some", "every", "collect"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """An end of an expression: its own expression, the domain it is looked at in (None: the item at hand), and whether
    it only counts when it is shown. ``name``: the same for ends that look at the same."""

    expr: Expr
    domain: str | None
    shown: bool
    name: str


def leaves_of(expr: Expr, wording: Wording) -> tuple[Leaf, ...]:
    """Every leaf once, in the order of the text."""
    found: dict[str, Leaf] = {}
    for leaf in _walk(expr, wording, None, frozenset(), shown=False):
        found.setdefault(f"{leaf.name}{leaf.domain}{leaf.shown}", leaf)
    return tuple(found.values())


def _walk(expr: Any, wording: Wording, domain: str | None, seen: frozenset[str], *, shown: bool) -> Iterator[Leaf]:
    head = expr[0]
    if head in LOOKED_AT:
        yield Leaf(expr, domain, shown, str(expr))
    if head == "def":
        rule = wording.definitions.get(expr[1])
        if rule is None or expr[1] in seen:
            return
        seen = seen | {expr[1]}
        for part in (rule.assess.yes, rule.assess.no) if rule.assess else (rule.value,):
            yield from _walk(part, wording, domain, seen, shown=shown)
        return
    inner = expr[1] if head in _LOOPS else domain
    shown = shown or head == "given" or expr[:2] == ["call", "shown"]
    for part in expr[1:]:
        if isinstance(part, list) and part and isinstance(part[0], str):
            yield from _walk(part, wording, inner, seen, shown=shown)
