"""What columns of a block have in common: one value, the same values as another column, all or none there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from cleiss_rules.columnar import program, sheet
from cleiss_rules.columnar.sheet import ALL, NONE, OWN, SAME, Common


def _of(values: list[object], kind: pa.DataType, offset: int) -> sheet.Source:
    """A column that begins somewhere within Arrow's memory."""
    array = pa.array([*([None] * offset), *values], kind).slice(offset)
    if kind == pa.bool_():
        return sheet.flags(array)
    return sheet.numbers(array) if kind == pa.float64() else sheet.days(array)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([pa.bool_(), pa.float64(), pa.date32()]),
    st.lists(st.integers(0, 1), min_size=1, max_size=40),
    st.integers(0, 20),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_only_columns_with_one_value_have_one(
    kind: pa.DataType, values: list[int], offset: int, known: list[bool]
) -> None:
    held = [{pa.bool_(): bool, pa.float64(): float}.get(kind, int)(one) for one in values]
    stated = [one if there else None for one, there in zip(held, known, strict=False)]
    (bits,), (same,) = Common().of([_of(stated, kind, offset)])
    if same == SAME:
        assert len({one for one in stated if one is not None}) <= 1
    assert (bits == ALL) == (None not in stated)
    assert (bits == NONE) == all(one is None for one in stated)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 1), min_size=8, max_size=40), st.integers(0, 47), st.integers(0, 1))
def test_columns_that_differ_in_one_place_are_not_the_same(values: list[int], place: int, there: int) -> None:
    other = list(values)
    other[place % len(values)] ^= 1
    for kind, of in ((pa.bool_(), bool), (pa.float64(), float)):
        one, two = (_of([of(v) for v in held], kind, 8 * there) for held in (values, other))
        _, (_, found) = Common().of([one, two])
        assert found in (OWN, SAME)
    nulls, more = ([None if v else 1.0 for v in held] for held in (values, other))
    (_, found), _ = Common().of([_of(nulls, pa.float64(), 8 * there), _of(more, pa.float64(), 8 * there)])
    assert found in (OWN, ALL, NONE)


def test_a_column_with_one_value_in_each_block_but_many_in_all_is_given_up() -> None:
    common = Common()
    found = [common.of([_of([float(block)] * 16, pa.float64(), 0)])[1] for block in range(12)]
    assert found[0] == (SAME,)
    assert found[-1] == (OWN,)


def test_words_are_told_by_their_place_while_their_dictionaries_are_few() -> None:
    common, dictionaries = Common(), sheet.Dictionaries()
    numbers = {"FR": 7, "DE": 3, "IT": 9}
    found = []
    for words in (["FR", "DE"], ["FR", "DE"], ["DE", "FR"], ["IT", "FR"], ["FR", "DE"]):
        column = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), pa.array(words))
        source, _ = sheet.words(column, "activity1.state", dictionaries, lambda word: numbers.get(word, -1), 20)
        found.append(common.dictionary(0, source))
    assert found == [0, 0, 1, None, None]


def test_a_dictionary_with_a_word_that_stands_for_nothing_is_told_by_codes() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), pa.array(["FR", None]))
    source, like = sheet.words(column, "activity1.state", sheet.Dictionaries(), lambda _: 4, 20)
    assert like == (1, False, False)
    assert Common().dictionary(0, source) is None


def test_names_are_numbered_while_they_fit_a_byte() -> None:
    names = sheet.Names()
    few, many = (pa.array([f"e{n % count}" for n in range(400)]).dictionary_encode() for count in (20, 300))
    assert names.fit(few, few)
    assert not names.fit(few, many)
    assert names.fit(few, few)
    assert not names.fit(pa.array(["e1"]), few)


def test_marks_stand_for_themselves() -> None:
    source = sheet.marks(np.array([0, 1, 1], np.uint8))
    assert [source.tables[0][code] for code in (0, 1)] == [0, 1]


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([pa.bool_(), pa.float64(), pa.date32()]),
    st.integers(2, 700),
    st.data(),
    st.integers(1, 4),
    st.integers(0, 1),
)
def test_a_value_that_differs_is_seen_in_its_own_block_only(
    kind: pa.DataType, count: int, data: st.DataObject, times: int, there: int
) -> None:
    place, size = data.draw(st.integers(1, count - 1)), times * sheet.ALIGNED
    of = {pa.bool_(): bool, pa.float64(): float}.get(kind, int)
    common, alike = Common(), [of(1)] * count
    common.believed([_of(list(alike), kind, 8 * there)])
    differing = [*alike[:place], of(0), *alike[place + 1 :]]
    source = _of(differing, kind, 8 * there)
    beliefs = common.believed([source])
    if beliefs.values == (OWN,):  # the bytes behind the last word tell already
        return
    for first in range(0, count, size):
        checks = beliefs.checks_of(first, size if first + size < count else None)
        holds = np.ones(len(checks), np.bool_)
        program.alike(checks, holds)
        assert holds.all() == (not first <= place < first + size)
