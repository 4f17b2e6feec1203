"""zen-engine (GoRules): a decision table in JDM, one row at a time."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import zen

from benchmarks.peers.problem import Answers, Rows

Row = dict[str, int]

_SHARE = "residence == state1 ? share1 : share2"
_HERE = "(residence == state1 or residence == state2)"
_ELSEWHERE = "(kind1 == 1 ? seat : state1)"
_UNKNOWN = f"(residence == 0 or {_HERE} and ({_SHARE}) == 255)"
_BASE = "(kind1 == 1 ? 4 : 7)"
#: condition, State, rule: the first line that holds is the answer
_TABLE = (
    ("agreed != 0", "agreed", "11"),
    ("posted_from != 0 and (months > 24 or replaces == 2)", "state1", "1"),
    ("posted_from != 0 and kind1 == 1 and replaces == 0", "0", "0"),
    ("posted_from != 0", "posted_from", "kind1 == 1 ? 2 : 3"),
    ("state2 == 0 or state2 == state1", "state1", "1"),
    ("kind1 != kind2", "kind1 == 1 ? state1 : state2", "10"),
    (f"{_UNKNOWN} and residence != 0 and residence == {_ELSEWHERE}", "residence", f"{_BASE} + 2"),
    (_UNKNOWN, "0", "0"),
    (f"{_HERE} and ({_SHARE}) >= 25", "residence", _BASE),
    (f"{_ELSEWHERE} != 0", _ELSEWHERE, f"{_BASE} + 1"),
    ("true", "0", "0"),
)


def _model() -> dict[str, Any]:
    rules = [
        {"_id": f"r{place}", "if": test, "state": state, "rule": rule}
        for place, (test, state, rule) in enumerate(_TABLE)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "if", "name": "condition"}],
        "outputs": [
            {"id": "state", "name": "state", "field": "state"},
            {"id": "rule", "name": "rule", "field": "rule"},
        ],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "row", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "answer", "type": "outputNode"},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


DECISION = zen.ZenEngine().create_decision(json.dumps(_model()))


def prepare(rows: Rows) -> list[Row]:
    names = list(rows.columns())
    columns = (codes.tolist() for codes in rows.columns().values())
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def decide(rows: list[Row]) -> Answers:
    states, rules = np.empty(len(rows), np.uint8), np.empty(len(rows), np.uint8)
    for place, row in enumerate(rows):
        found = DECISION.evaluate(row)["result"]
        states[place], rules[place] = found["state"], found["rule"]
    return states, rules
