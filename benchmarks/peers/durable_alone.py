"""durable-rules alone: a rule set in its own language, one event per row; unknown is a code, as it knows none.

Guarded as its sharp edges ask for: no background threads, a session whose state is deleted after each event, actions
that only write down what they found.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from durable.engine import Host
from durable.lang import m, pri, ruleset, when_all

from benchmarks.peers.problem import EMPLOYED, LONGEST_POSTING, SELF_EMPLOYED, SUBSTANTIAL, YES, Answers, Rows
from benchmarks.peers.problem import UNKNOWN_SHARE as NONE

NAME = "articles"
FOUND = [0, 0]


class _Quiet(Host):  # type: ignore[misc]
    """A host without dispatch threads."""

    def _run(self) -> None:
        return


def _host() -> Host:
    posted = m.posted_from != 0
    one_state = (m.state2 == 0) | (m.state2 == m.state1)
    lines: list[tuple[Any, str | None, int]] = [
        (m.agreed != 0, "agreed", 11),
        (posted & ((m.months > LONGEST_POSTING) | (m.replaces == YES)), "state1", 1),
        (posted & (m.kind1 == EMPLOYED) & (m.replaces == 0), None, 0),
        (posted & (m.kind1 == EMPLOYED), "posted_from", 2),
        (posted & (m.kind1 == SELF_EMPLOYED), "posted_from", 3),
        (one_state & (m.posted_from == 0), "state1", 1),
        ((m.kind1 == EMPLOYED) & (m.kind2 == SELF_EMPLOYED), "state1", 10),
        ((m.kind1 == SELF_EMPLOYED) & (m.kind2 == EMPLOYED), "state2", 10),
    ]
    in_first, in_second = m.residence == m.state1, m.residence == m.state2
    unknown = (m.residence == 0) | (in_first & (m.share1 == NONE)) | (in_second & (m.share2 == NONE))
    substantial = (in_first & (m.share1 >= SUBSTANTIAL)) | (in_second & (m.share2 >= SUBSTANTIAL))
    for kind, elsewhere, base in ((EMPLOYED, "seat", 4), (SELF_EMPLOYED, "state1", 7)):
        there = getattr(m, elsewhere)
        lines += [
            ((m.kind1 == kind) & (m.residence != 0) & (m.residence == there) & unknown, "residence", base + 2),
            ((m.kind1 == kind) & unknown, None, 0),
            ((m.kind1 == kind) & substantial, "residence", base),
            ((m.kind1 == kind) & (there != 0), elsewhere, base + 1),
        ]
    lines.append((m.state1 != 0, None, 0))
    rules = ruleset(NAME)
    with rules:
        for place, (test, state, rule) in enumerate(lines):
            when_all(pri(place), test)(_then(state, rule))
    name, definition = rules.define()
    return _Quiet({name: definition})


def _then(state: str | None, rule: int) -> Any:
    def act(c: Any) -> None:
        FOUND[:] = (getattr(c.m, state) if state else 0), rule

    return act


HOST = _host()


def prepare(rows: Rows) -> list[dict[str, int]]:
    names = list(rows.columns())
    columns = (codes.tolist() for codes in rows.columns().values())
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def decide(rows: list[dict[str, int]]) -> Answers:
    states, rules = np.empty(len(rows), np.uint8), np.empty(len(rows), np.uint8)
    for place, row in enumerate(rows):
        FOUND[:] = -1, -1
        HOST.post(NAME, {**row, "sid": "1", "id": place})
        HOST.delete_state(NAME, "1")
        states[place], rules[place] = FOUND
    return states, rules
