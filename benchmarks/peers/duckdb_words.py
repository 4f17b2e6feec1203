"""DuckDB: the same query, with the State, the rule and the provision told in words, as an Arrow table."""

from __future__ import annotations

from typing import Any

from benchmarks.peers import duckdb_case
from benchmarks.peers.cleiss_columnar import codes
from benchmarks.peers.problem import RULES, STATES, Answers, Rows


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{word}'" if word else "NULL" for word in words) + "]"


_FULL = tuple(" ".join(f"eu-883-2004/{name}" for name in rule.split()) for rule in RULES)
_REASONS = tuple("; ".join(f"Regulation (EC) No 883/2004, art. {name}" for name in rule.split()) for rule in RULES)
_QUERY = f"""
SELECT ({_list(STATES)})[state + 1] AS legislation, ({_list(_FULL)})[rule + 1] AS rule,
  coalesce(({_list(_REASONS)})[rule + 1], 'missing facts') AS reason
FROM ({duckdb_case.QUERY})
"""


def prepare(rows: Rows) -> Any:
    """A connection to the rows, which stay in memory as Arrow."""
    return duckdb_case.prepare(rows)


def decide(connection: Any) -> Any:
    """A table of words."""
    return connection.sql(_QUERY).to_arrow_table()


def read(found: Any) -> Answers:
    """The codes of an answered table."""
    return codes(found)
