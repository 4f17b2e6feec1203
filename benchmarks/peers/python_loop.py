"""Plain Python, written by hand: an ``if`` after the other, a row after the other."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.problem import EMPLOYED, LONGEST_POSTING, SUBSTANTIAL, UNKNOWN_SHARE, YES, Answers, Rows

Row = tuple[int, ...]
UNDETERMINED = (0, 0)


def prepare(rows: Rows) -> list[Row]:
    return list(zip(*(codes.tolist() for codes in rows.columns().values()), strict=True))


def decide(rows: list[Row]) -> Answers:
    found = [one(*row) for row in rows]
    states, rules = np.array(found, np.uint8).reshape(-1, 2).T
    return states, rules


def one(
    residence: int, state1: int, kind1: int, share1: int, state2: int, kind2: int, share2: int,
    seat: int, posted_from: int, months: int, replaces: int, agreed: int,
) -> tuple[int, int]:  # fmt: skip
    """The State and the rule, both 0 where it is undetermined."""
    if agreed:
        return agreed, 11
    if posted_from:
        return _posted(state1, kind1, posted_from, months, replaces)
    if not state2 or state2 == state1:
        return state1, 1
    if kind1 != kind2:
        return (state1 if kind1 == EMPLOYED else state2), 10
    substantial = _substantial(residence, state1, share1, state2, share2)
    elsewhere, rule = (seat, 4) if kind1 == EMPLOYED else (state1, 7)
    if substantial is None:
        return (residence, rule + 2) if residence and residence == elsewhere else UNDETERMINED
    if substantial:
        return residence, rule
    return (elsewhere, rule + 1) if elsewhere else UNDETERMINED


def _posted(state1: int, kind1: int, posted_from: int, months: int, replaces: int) -> tuple[int, int]:
    if months > LONGEST_POSTING or replaces == YES:
        return state1, 1
    if kind1 != EMPLOYED:
        return posted_from, 3
    return (posted_from, 2) if replaces else UNDETERMINED


def _substantial(residence: int, state1: int, share1: int, state2: int, share2: int) -> bool | None:
    """Whether a substantial part of the work is done in the State of residence; None where it is unknown."""
    if not residence:
        return None
    if residence not in (state1, state2):
        return False
    share = share1 if residence == state1 else share2
    return None if share == UNKNOWN_SHARE else share >= SUBSTANTIAL
