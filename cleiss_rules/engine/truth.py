"""Truth values: false, true, unknown, and left to an institution.

Strong Kleene logic with one refinement: ``DISCRETION`` is an open question that no further fact would close. It yields
to ``UNKNOWN``, because as long as facts are missing nobody can assess.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

Truth = int
FALSE: Final[Truth] = 0
TRUE: Final[Truth] = 1
UNKNOWN: Final[Truth] = 2
DISCRETION: Final[Truth] = 3

NAMES = {FALSE: "false", TRUE: "true", UNKNOWN: "unknown", DISCRETION: "discretion"}
NEGATION = (TRUE, FALSE, UNKNOWN, DISCRETION)


def of(value: bool | None) -> Truth:
    """A fact as a truth value; None is unknown."""
    if value is None:
        return UNKNOWN
    return TRUE if value else FALSE


def all_of(values: Iterable[Truth]) -> Truth:
    """Conjunction: one false makes it false, else one unknown makes it unknown."""
    result = TRUE
    for value in values:
        if value == FALSE:
            return FALSE
        if value == UNKNOWN or (value == DISCRETION and result == TRUE):
            result = value
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Disjunction: one true makes it true, else one unknown makes it unknown."""
    result = FALSE
    for value in values:
        if value == TRUE:
            return TRUE
        if value == UNKNOWN or (value == DISCRETION and result == FALSE):
            result = value
    return result


def is_truth(value: Any) -> bool:
    """Whether a value is one of the four truth values."""
    return isinstance(value, int) and value in NAMES
