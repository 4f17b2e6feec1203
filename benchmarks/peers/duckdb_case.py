"""DuckDB: one SQL query with ``CASE``, over an Arrow table in memory."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.peers.problem import Answers, Rows

QUERY = """
WITH told AS (
  SELECT *,
    kind1 = 1 AS employed,
    residence = state1 OR residence = state2 AS here,
    CASE WHEN residence = state1 THEN share1 ELSE share2 END AS share,
    CASE WHEN kind1 = 1 THEN seat ELSE state1 END AS elsewhere,
    CASE WHEN kind1 = 1 THEN 4 ELSE 7 END AS base
  FROM rows
), judged AS (
  SELECT *,
    residence = 0 OR here AND share = 255 AS unknown,
    CASE
      WHEN agreed <> 0 THEN 0
      WHEN posted_from <> 0 AND (months > 24 OR replaces = 2) THEN 1
      WHEN posted_from <> 0 AND employed AND replaces = 0 THEN 2
      WHEN posted_from <> 0 THEN 3
      WHEN state2 = 0 OR state2 = state1 THEN 1
      WHEN kind1 <> kind2 THEN 4
      WHEN (residence = 0 OR here AND share = 255) AND residence <> 0 AND residence = elsewhere THEN 5
      WHEN residence = 0 OR here AND share = 255 THEN 2
      WHEN here AND share >= 25 THEN 6
      WHEN elsewhere <> 0 THEN 7
      ELSE 2
    END AS branch
  FROM told
)
SELECT
  CAST(CASE branch
    WHEN 0 THEN agreed WHEN 1 THEN state1 WHEN 3 THEN posted_from
    WHEN 4 THEN CASE WHEN employed THEN state1 ELSE state2 END
    WHEN 5 THEN residence WHEN 6 THEN residence WHEN 7 THEN elsewhere ELSE 0
  END AS UTINYINT) AS state,
  CAST(CASE branch
    WHEN 0 THEN 11 WHEN 1 THEN 1 WHEN 3 THEN CASE WHEN employed THEN 2 ELSE 3 END
    WHEN 4 THEN 10 WHEN 5 THEN base + 2 WHEN 6 THEN base WHEN 7 THEN base + 1 ELSE 0
  END AS UTINYINT) AS rule
FROM judged
"""


def prepare(rows: Rows) -> Any:
    """A connection to the rows, which stay in memory as Arrow."""
    connection = duckdb.connect()
    connection.register("rows", pa.table(rows.columns()))
    return connection


def decide(connection: Any) -> Answers:
    found = connection.execute(QUERY).fetchnumpy()
    return np.asarray(found["state"]), np.asarray(found["rule"])
