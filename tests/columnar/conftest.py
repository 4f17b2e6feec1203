"""Tables that many tests start from, and a place of its own for what is kept between runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from cleiss_rules.columnar import kept
from cleiss_rules.columnar.reads import WatchingCompiler
from cleiss_rules.columnar.table import Columnar, situations
from cleiss_rules.determination import engine_in_use
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.store import the_law
from cleiss_rules.testing import generate

#: situations, and how often each of them stands in the table, which is long enough for the short way
DRAWN, TIMES = 140, 12


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture(scope="session")
def fresh() -> Callable[..., Columnar]:
    """Engines that know no row yet; what the law says is compiled once for all of them."""
    compiled = RuleSets(the_law(), WatchingCompiler)

    def made(*, keeps: bool = False) -> Columnar:
        found = Columnar(engine_in_use(), keeps=keeps)
        found._watching = compiled
        return found

    return made


@pytest.fixture(scope="session")
def drawn() -> pa.Table:
    """Situations with all kinds of facts known and unknown."""
    return pa.concat_tables([situations(generate.cases(DRAWN, seed=31))] * TIMES).combine_chunks()
