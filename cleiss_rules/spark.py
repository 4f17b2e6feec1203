"""A Spark data frame of situations in, a Spark data frame of answers out; needs ``cleiss-rules[spark]`` and a JVM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from cleiss_rules.errors import CleissRulesError
from cleiss_rules.partitions import answer_schema, partition

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def determine(situations: DataFrame) -> DataFrame:
    """The answers of ``determine_table`` to a data frame with the columns of a table of situations.

    Lazy, as Spark is: the workers decide when rows are asked for, and a fault of the input is raised then. Each worker
    process loads the law once. Raises CleissRulesError where pyspark or pyarrow is missing.
    """
    try:
        from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    except ImportError as error:
        raise CleissRulesError(
            f"Spark needs pyspark and pyarrow ({error.name} is missing): pip install 'cleiss-rules[spark]'"
        ) from error
    schema = from_arrow_schema(answer_schema(to_arrow_schema(situations.schema)))
    # Spark takes a dot in a name for a field of a structure: the columns travel under numbers.
    numbered = situations.toDF(*(f"c{place}" for place in range(len(situations.columns))))
    return numbered.mapInArrow(partial(_named, tuple(situations.columns)), schema)


def _named(names: Sequence[str], batches: Iterator[Any]) -> Iterator[Any]:
    return partition(batch.rename_columns(list(names)) for batch in batches)
