"""The same rows as a table of situations of this library: ``determine_table``."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

import cleiss_rules as cr
from benchmarks.peers.problem import EMPLOYED, RULES, STATES, UNKNOWN_SHARE, YES, Answers, Codes, Rows

_STATES = pa.array(STATES, pa.string())


def prepare(rows: Rows) -> Any:
    """The columns that ``cleiss_cases`` tells of each row, as Arrow."""
    posted, second = rows.posted_from != 0, rows.state2 != 0
    employed1, employed2 = rows.kind1 == EMPLOYED, second & (rows.kind2 == EMPLOYED)
    home = np.where(posted, rows.posted_from, rows.state1).astype(np.uint8)
    sent = posted & employed1
    columns = {
        "from": _same(date(2026, 1, 1), len(rows)),
        "to": _same(date(2026, 1, 31), len(rows)),
        "known_on": _same(date(2026, 12, 31), len(rows)),
        "person.nationalities": _word("FR", np.ones(len(rows), bool)),
        "person.residence": _state(rows.residence),
        "insured1.state": _state(home),
        "insured1.from": _same(date(2020, 1, 1), len(rows)),
        "agreement1.legislation": _state(rows.agreed),
        **_activity(rows, 1, np.ones(len(rows), bool), employed1),
        **_activity(rows, 2, second, employed2),
        "activity1.employer.turnover_share": pa.array(np.full(len(rows), 60, np.uint8), mask=~sent),
        "activity1.posting.from_state": _state(rows.posted_from),
        "activity1.posting.planned_months": pa.array(rows.months, mask=~posted),
        "activity1.posting.replaces_posted_person": pa.array(rows.replaces == YES, mask=~sent | (rows.replaces == 0)),
        "activity1.posting.direct_relationship": _flag(True, sent),
        "activity1.posting.lent_on": _flag(False, sent),
        "activity1.posting.similar_activity": _flag(True, posted & ~employed1),
        "activity1.posting.infrastructure_kept": _flag(True, posted & ~employed1),
    }
    return pa.table(columns)


def _activity(rows: Rows, number: int, there: Any, employed: Any) -> dict[str, Any]:
    columns = rows.columns()
    kind, share = columns[f"kind{number}"], columns[f"share{number}"]
    words = pa.array(("", "employed", "self_employed"), pa.string())
    pattern = np.where(rows.posted_from != 0, 1, 2).astype(np.uint8)
    seat = np.where(employed, rows.seat, 0).astype(np.uint8)
    found = {
        "kind": _coded(np.where(there, kind, 0).astype(np.uint8), words),
        "state": _state(columns[f"state{number}"]),
        "from": pa.array(np.full(len(rows), np.datetime64("2026-01-01", "D")), mask=~there),
        "pattern": _coded(np.where(there, pattern, 0).astype(np.uint8), pa.array(("", "one_off", "alternating"))),
        "marginal": _flag(False, there),
        "telework": _flag(number == 2, there),
        "working_time": pa.array(share, mask=~there | (share == UNKNOWN_SHARE)),
        "centre_of_interest": _flag(number == 1, there & ~employed),
        "employer": _word("a", employed),
        "employer.kind": _word("undertaking", employed),
        "employer.actual": _flag(True, employed),
        "employer.seat": _state(seat),
        "employer.decision_centre": _state(seat),
    }
    return {f"activity{number}.{name}": values for name, values in found.items()}


def _same(day: date, rows: int) -> Any:
    return pa.array(np.full(rows, np.datetime64(day, "D")))


def _flag(value: bool, told: Any) -> Any:
    return pa.array(np.full(len(told), value), mask=~told)


def _word(word: str, told: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(told), np.int8), mask=~told), pa.array([word]))


def _state(codes: Codes) -> Any:
    return _coded(codes, _STATES)


def _coded(codes: Codes, words: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8), mask=codes == 0), words)


def decide(table: Any) -> Any:
    """A table of answers: eleven columns beside the number of the row and the name of the case."""
    return cr.determine_table(table)


def read(found: Any) -> Answers:
    """The codes of an answered table."""
    return codes(found)


def codes(found: Any) -> Answers:
    """The codes of a table with the columns ``legislation`` and ``rule`` in words."""
    states = _codes(found["legislation"], dict(zip(STATES, range(len(STATES)), strict=True)))
    rules = _codes(found["rule"], {_full(rule): code for code, rule in enumerate(RULES)})
    open_ = rules == 0  # an undetermined answer lists the States that are still possible
    return np.where(open_, 0, states).astype(np.uint8), rules


def _full(rule: str) -> str:
    return " ".join(f"eu-883-2004/{name}" for name in rule.split())


def _codes(column: Any, known: dict[str, int]) -> Codes:
    values = column.combine_chunks()
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    lookup = np.array([known.get(word or "", 0) for word in values.dictionary.to_pylist()] + [0], np.uint8)
    return lookup[values.indices.fill_null(len(lookup) - 1).to_numpy(zero_copy_only=False)]
