"""numpy, written by hand: masks over blocks that fit the cache."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.problem import EMPLOYED, LONGEST_POSTING, SUBSTANTIAL, UNKNOWN_SHARE, YES, Answers, Rows

BLOCK = 65_536


def prepare(rows: Rows) -> Rows:
    return rows


def decide(rows: Rows) -> Answers:
    states, rules = np.empty(len(rows), np.uint8), np.empty(len(rows), np.uint8)
    columns = rows.columns()
    for start in range(0, len(rows), BLOCK):
        taken = slice(start, start + BLOCK)
        states[taken], rules[taken] = _block(Rows(**{name: codes[taken] for name, codes in columns.items()}))
    return states, rules


def _block(r: Rows) -> Answers:
    employed = r.kind1 == EMPLOYED
    posted = r.posted_from != 0
    too_long = (r.months > LONGEST_POSTING) | (r.replaces == YES)
    open_ = employed & (r.replaces == 0)
    one_state = (r.state2 == 0) | (r.state2 == r.state1)
    mixed = r.kind1 != r.kind2

    first = r.residence == r.state1
    here = first | (r.residence == r.state2)
    share = np.where(first, r.share1, r.share2)
    unknown = (r.residence == 0) | (here & (share == UNKNOWN_SHARE))
    substantial = here & (share >= SUBSTANTIAL)
    elsewhere = np.where(employed, r.seat, r.state1)
    base = np.where(employed, np.uint8(4), np.uint8(7))
    agree = (r.residence == elsewhere) & (r.residence != 0)

    tests = [
        r.agreed != 0,
        posted & too_long,
        posted & open_,
        posted,
        one_state,
        mixed,
        unknown & agree,
        unknown,
        substantial,
        elsewhere != 0,
    ]
    none = np.uint8(0)
    states = [
        r.agreed, r.state1, none, r.posted_from, r.state1, np.where(employed, r.state1, r.state2),
        r.residence, none, r.residence, elsewhere,
    ]  # fmt: skip
    eleven, one, ten = np.uint8(11), np.uint8(1), np.uint8(10)
    posting = np.where(employed, np.uint8(2), np.uint8(3))
    rules = [eleven, one, none, posting, one, ten, base + np.uint8(2), none, base, base + one]
    return np.select(tests, states, none), np.select(tests, rules, none)
