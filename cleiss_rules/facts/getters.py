"""Every fact of the vocabulary with the function that answers it; importing this module makes the list complete."""

from __future__ import annotations

from cleiss_rules.facts import filings, items, postings, shares
from cleiss_rules.facts.shares import NEED_PLACES
from cleiss_rules.facts.situation import ATTRIBUTES, GETTERS, OF_EMPLOYERS, OF_ITEMS, OF_PARTS, OF_SITUATION

__all__ = [
    "ATTRIBUTES",
    "GETTERS",
    "NEED_PLACES",
    "OF_EMPLOYERS",
    "OF_ITEMS",
    "OF_PARTS",
    "OF_SITUATION",
    "filings",
    "items",
    "postings",
    "shares",
]
