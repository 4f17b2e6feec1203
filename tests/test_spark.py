"""Spark on this machine: needs pyspark and a JVM. Where CLEISS_RULES_SPARK is "required", nothing is skipped."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pyarrow as pa
import pytest

import cleiss_rules as cr
from cleiss_rules.columnar.edges import plain

MISSING = [
    what
    for what, there in (
        ("pyspark (pip install 'cleiss-rules[spark]')", find_spec("pyspark") is not None),
        ("a JVM (java on the PATH, or JAVA_HOME)", shutil.which("java") or os.environ.get("JAVA_HOME")),
    )
    if not there
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING) and os.environ.get("CLEISS_RULES_SPARK") != "required", reason=f"missing: {', '.join(MISSING)}"
    ),
    # pyspark leaves sockets to the collector, and warns of what it will change
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable  # else the workers are those of the PATH
    session = (
        SparkSession.builder.master("local[2]")
        .appName("cleiss-rules tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def frame(spark: Any, table: pa.Table) -> Any:
    return spark.createDataFrame(plain(table))


def ordered(answers: pa.Table) -> list[dict[str, Any]]:
    return answers.sort_by([("case", "ascending"), ("from", "ascending")]).to_pylist()


def test_answers_are_those_of_the_table(spark: Any) -> None:
    from cleiss_rules.spark import determine

    people = cr.population(2_000, seed=5)
    found = determine(frame(spark, people).repartition(3)).toArrow()
    expected = plain(cr.determine_table(people).drop_columns(["row"]))
    assert found.schema.names == expected.schema.names
    assert ordered(found) == ordered(expected)


def test_the_schema_is_known_before_anything_runs(spark: Any) -> None:
    from cleiss_rules.spark import determine

    answers = determine(frame(spark, cr.population(10, seed=5)))
    assert answers.columns == cr.determine_table(cr.population(10, seed=5)).column_names[1:]


def test_an_unknown_column_is_named(spark: Any) -> None:
    from cleiss_rules.spark import determine

    with pytest.raises(cr.InvalidCase, match=r"activity1\.state"):
        determine(frame(spark, pa.table({"activity1.stat": ["FR"]})))
