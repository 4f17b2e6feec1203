"""polars: ``when``/``then`` expressions over a data frame."""

from __future__ import annotations

from typing import Any

import polars as pl

from benchmarks.peers.problem import Answers, Rows


def prepare(rows: Rows) -> Any:
    return pl.DataFrame(rows.columns())


def decide(frame: Any) -> Answers:
    c = pl.col
    employed, posted = c("kind1") == 1, c("posted_from") != 0
    here = (c("residence") == c("state1")) | (c("residence") == c("state2"))
    told = frame.lazy().with_columns(
        here=here,
        share=pl.when(c("residence") == c("state1")).then(c("share1")).otherwise(c("share2")),
        elsewhere=pl.when(employed).then(c("seat")).otherwise(c("state1")),
        base=pl.when(employed).then(pl.lit(4, pl.UInt8)).otherwise(pl.lit(7, pl.UInt8)),
    )
    unknown = (c("residence") == 0) | (c("here") & (c("share") == 255))
    none = pl.lit(0, pl.UInt8)

    def rule(code: int) -> Any:
        return pl.lit(code, pl.UInt8)

    branches = [
        (c("agreed") != 0, c("agreed"), rule(11)),
        (posted & ((c("months") > 24) | (c("replaces") == 2)), c("state1"), rule(1)),
        (posted & employed & (c("replaces") == 0), none, none),
        (posted, c("posted_from"), pl.when(employed).then(rule(2)).otherwise(rule(3))),
        ((c("state2") == 0) | (c("state2") == c("state1")), c("state1"), rule(1)),
        (c("kind1") != c("kind2"), pl.when(employed).then(c("state1")).otherwise(c("state2")), rule(10)),
        (unknown & (c("residence") != 0) & (c("residence") == c("elsewhere")), c("residence"), c("base") + rule(2)),
        (unknown, none, none),
        (c("here") & (c("share") >= 25), c("residence"), c("base")),
        (c("elsewhere") != 0, c("elsewhere"), c("base") + rule(1)),
    ]
    state, ruled = pl, pl
    for test, of_state, of_rule in branches:
        state, ruled = state.when(test).then(of_state), ruled.when(test).then(of_rule)
    found = told.select(state=state.otherwise(none), rule=ruled.otherwise(none)).collect()
    return found["state"].to_numpy(), found["rule"].to_numpy()
