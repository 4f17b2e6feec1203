"""clingo: the problem as an answer-set program, grounded and solved for some thousand rows at a time."""

from __future__ import annotations

from typing import Any

import clingo
import numpy as np

from benchmarks.peers.problem import Answers, Rows

TOGETHER = 2_000
_PROGRAM = """
is(I, Name) :- fact(I, Name, V), V != 0.
posted(I) :- is(I, posted_from), not is(I, agreed).
plain(I) :- row(I), not is(I, agreed), not is(I, posted_from).
too_long(I) :- posted(I), fact(I, months, M), M > 24.
too_long(I) :- posted(I), fact(I, replaces, 2).
employed(I) :- fact(I, kind1, 1).

answer(I, S, 11) :- is(I, agreed), fact(I, agreed, S).
answer(I, S, 1) :- too_long(I), fact(I, state1, S).
answer(I, S, 2) :- posted(I), not too_long(I), employed(I), is(I, replaces), fact(I, posted_from, S).
answer(I, S, 3) :- posted(I), not too_long(I), not employed(I), fact(I, posted_from, S).

one_state(I) :- plain(I), not is(I, state2).
one_state(I) :- plain(I), fact(I, state1, S), fact(I, state2, S).
answer(I, S, 1) :- one_state(I), fact(I, state1, S).
two(I) :- plain(I), not one_state(I).
same(I) :- two(I), fact(I, kind1, K), fact(I, kind2, K).
answer(I, S, 10) :- two(I), not same(I), employed(I), fact(I, state1, S).
answer(I, S, 10) :- two(I), not same(I), not employed(I), fact(I, state2, S).

share(I, P) :- same(I), is(I, residence), fact(I, residence, S), fact(I, state1, S), fact(I, share1, P).
share(I, P) :- same(I), is(I, residence), fact(I, residence, S), fact(I, state2, S), fact(I, share2, P).
unknown(I) :- same(I), not is(I, residence).
unknown(I) :- share(I, 255).
substantial(I) :- share(I, P), P >= 25, P != 255.
elsewhere(I, S) :- same(I), employed(I), fact(I, seat, S), S != 0.
elsewhere(I, S) :- same(I), not employed(I), fact(I, state1, S).
base(I, 4) :- same(I), employed(I).
base(I, 7) :- same(I), not employed(I).
answer(I, S, R + 2) :- unknown(I), is(I, residence), fact(I, residence, S), elsewhere(I, S), base(I, R).
answer(I, S, R) :- substantial(I), fact(I, residence, S), base(I, R).
answer(I, S, R + 1) :- same(I), not unknown(I), not substantial(I), elsewhere(I, S), base(I, R).
#show answer/3.
"""


def prepare(rows: Rows) -> list[str]:
    """Facts as text, some thousand rows in each."""
    names = list(rows.columns())
    columns = [codes.tolist() for codes in rows.columns().values()]
    whole = list(zip(*columns, strict=True))
    return [_facts(names, whole[start : start + TOGETHER]) for start in range(0, len(whole), TOGETHER)]


def _facts(names: list[str], rows: list[Any]) -> str:
    lines = []
    for place, row in enumerate(rows):
        lines.append(f"row({place}).")
        lines += [f"fact({place},{name},{value})." for name, value in zip(names, row, strict=True)]
    return "\n".join(lines)


def decide(parts: list[str]) -> Answers:
    found = [_solved(part) for part in parts]
    whole = np.concatenate(found)
    return whole[:, 0], whole[:, 1]


def _solved(facts: str) -> Any:
    control = clingo.Control(["--warn=none"])
    control.add("base", [], _PROGRAM + facts)
    control.ground([("base", [])])
    answers = np.zeros((facts.count("row("), 2), np.uint8)

    def keep(model: clingo.Model) -> None:
        for symbol in model.symbols(shown=True):
            place, state, rule = (argument.number for argument in symbol.arguments)
            answers[place] = state, rule

    control.solve(on_model=keep)
    return answers
