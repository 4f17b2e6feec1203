"""Answers as columns: the compiled loops and plain numpy write the same, block behind block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleiss_rules.columnar import answer_columns
from cleiss_rules.columnar.answer import Template
from cleiss_rules.columnar.answer_columns import ANSWER, Words, written
from cleiss_rules.columnar.days import FAR
from cleiss_rules.columnar.plan import Pieces
from cleiss_rules.columnar.templates import Templates

pytest.importorskip("numba")
SAID = (None, "one", "two", "three")


def _templates(count: int) -> Templates:
    told = Templates()
    for number in range(count):
        words = {name: SAID[(number + place) % 4] for place, name in enumerate(Template.__slots__)}
        words["outcome"], words["reason"] = f"outcome {number % 3}", (f"raison {number}", f"reason {number}")
        told.number(Template(**words))  # type: ignore[arg-type]
        told.legislation("FR DE" if number % 2 else "")
    return told


blocks = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 7), st.booleans()), min_size=0, max_size=30),
    min_size=0,
    max_size=6,
)


def _done(drawn: list[list[tuple[int, int, bool]]]) -> list[Pieces]:
    done, row = [], 0
    for block in drawn:
        rows = row + np.cumsum([step for step, _, _ in block], dtype=np.int64)
        row = int(rows[-1]) if block else row
        number = np.array([one for _, one, _ in block], np.int32)
        end = np.array([FAR if far else 20_000 for _, _, far in block], np.int32)
        start = np.full(len(block), 19_000, np.int32)
        done.append(Pieces(rows, start, end, np.zeros(len(block), np.int32), number, number % 2))
    return done


@settings(deadline=None)
@given(blocks)
def test_loops_write_what_numpy_writes(drawn: list[list[tuple[int, int, bool]]]) -> None:
    told, done = _templates(8), _done(drawn)
    words = Words(told, "fr")
    cases = pa.chunked_array([[f"case {number}" for number in range(600)]])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answer_columns, "_has_loops", lambda: False)
        plain = written(done, words, cases, map).table(words)
    found = written(done, words, cases, map).table(words)
    found.validate(full=True)
    assert found.equals(plain)
    assert found.column_names == ["row", "case", *ANSWER]
    expected = [_row(told, one, at) for one in done for at in range(len(one.row))]
    assert [
        {name: row[name] for name in ("row", "case", "legislation", "rule", "reason")} for row in found.to_pylist()
    ] == expected
    assert found["to"].null_count == sum(int((one.end == FAR).sum()) for one in done)


def _row(told: Templates, pieces: Pieces, at: int) -> dict[str, Any]:
    template, said = told.templates[pieces.template[at]], told.legislations[pieces.legislation[at]]
    return {
        "row": int(pieces.row[at]), "case": f"case {pieces.row[at]}", "legislation": said or None, "rule": template.rule,
        "reason": template.reason[0],
    }  # fmt: skip


def _in_order(first: int, count: int, *, ranges: bool) -> Pieces:
    number, day = np.arange(count, dtype=np.int32) % 3, np.broadcast_to(np.int32(19_000), count)
    if ranges:
        return Pieces(range(first, first + count), day, day, day, number, number % 2)
    return Pieces(np.arange(first, first + count), day.copy(), day.copy(), day.copy(), number, number % 2)


@pytest.mark.parametrize("firsts", [(7,), (0,), (0, 5001), (0, 5003), (0, answer_columns._MOST_NUMBERS)])
def test_rows_in_order_that_have_one_answer_each_on_the_same_days(firsts: tuple[int, ...]) -> None:
    """Their numbers are a range, and their days are told once."""
    words, count = Words(_templates(3), "en"), 5001
    one, many = (
        written([_in_order(first, count, ranges=ranges) for first in firsts], words, None, map).table(words)
        for ranges in (True, False)
    )
    assert one.equals(many)
    assert one["case"].null_count == count * len(firsts)
    assert one["row"].to_pylist() == [first + at for first in firsts for at in range(count)]


def test_the_numbers_of_rows_are_told_by_the_same_memory_as_far_as_nobody_skips_one() -> None:
    words = Words(_templates(3), "en")
    one, two, skipping = (
        written([_in_order(at, 100, ranges=True) for at in firsts], words, None, map).table(words)["row"].chunk(0)
        for firsts in ((0, 100), (0,), (0, 101))
    )
    assert one.buffers()[1].address == two.buffers()[1].address != skipping.buffers()[1].address
    assert not one.buffers()[1].is_mutable


def test_words_that_come_later_stand_behind_those_that_were_there() -> None:
    told = _templates(2)
    early, number = Words(told, "en"), np.array([0, 1], np.int32)
    part = written([Pieces(np.arange(2), number, number, number, number, number)], early, None, map)
    for _ in range(40_000):
        told.legislation(f"State {len(told.legislations)}")
    assert not early.tells_all(told)
    late = Words(told, "en")
    assert (
        part.table(late)["legislation"].to_pylist() == part.table(early)["legislation"].to_pylist() == [None, "FR DE"]
    )
    assert part.table(late).schema.field("legislation").type.index_type == pa.int32()
