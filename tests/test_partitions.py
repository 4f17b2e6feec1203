from __future__ import annotations

import pyarrow as pa
import pytest

import cleiss_rules as cr
from cleiss_rules.columnar.edges import plain
from cleiss_rules.partitions import answer_schema, gathered, partition


def batch(*values: int) -> pa.RecordBatch:
    return pa.record_batch({"n": pa.array(values, pa.int64())})


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([0], []),
        ([1, 1, 1], [3]),
        ([2, 2, 2, 1], [4, 3]),
        ([10], [4, 4, 2]),
        ([3, 9, 0, 1], [7, 4, 2]),
    ],
)
def test_batches_are_joined_and_cut_and_stay_in_order(sizes: list[int], expected: list[int]) -> None:
    numbers = iter(range(100))
    batches = [batch(*(next(numbers) for _ in range(size))) for size in sizes]
    tables = list(gathered(batches, 4))
    assert [table.num_rows for table in tables] == expected
    assert [value for table in tables for value in table["n"].to_pylist()] == list(range(sum(sizes)))


def test_no_more_is_held_than_asked_for() -> None:
    read = 0

    def source():  # type: ignore[no-untyped-def]
        nonlocal read
        for _ in range(100):
            read += 1
            yield batch(1, 2)

    next(iter(gathered(source(), 4)))
    assert read == 2


def test_dictionaries_become_plain_columns() -> None:
    table = pa.table({"word": pa.array(["FR", None, "IT"]).dictionary_encode(), "n": [1, 2, 3]})
    found = plain(table)
    assert found.schema == pa.schema([("word", pa.string()), ("n", pa.int64())])
    assert found.to_pydict() == {"word": ["FR", None, "IT"], "n": [1, 2, 3]}


def test_a_partition_answers_as_the_whole_table_does() -> None:
    people = cr.population(1_000, seed=5)
    found = pa.Table.from_batches(partition(people.to_batches(max_chunksize=64)))
    assert found.to_pydict() == plain(cr.determine_table(people).drop_columns(["row"])).to_pydict()
    assert found.schema == answer_schema(people.schema)


def test_a_fault_of_the_input_is_raised() -> None:
    wrong = pa.table({"activity1.stat": ["FR"]})
    with pytest.raises(cr.InvalidCase, match=r"activity1\.state"):
        list(partition(wrong.to_batches()))
