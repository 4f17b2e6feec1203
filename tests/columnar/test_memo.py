"""The memory of answers by signature: what was put down is found, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from cleiss_rules.columnar import keys
from cleiss_rules.columnar.days import FAR
from cleiss_rules.columnar.layout import Layout
from cleiss_rules.columnar.memo import Memo, distinct

WORDS = 3
#: more signatures than there are slots to keep them apart
_MANY = 1 << 11
few = st.lists(st.tuples(*(st.integers(0, 2) for _ in range(WORDS))), min_size=1, max_size=60)


def _columns(signatures: list[tuple[int, ...]]) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    return np.array(signatures, np.uint64).T.copy()


def _asked(memo: Memo, signatures: list[tuple[int, ...]], day: int) -> tuple[list[int], list[int]]:
    ends = np.full(len(signatures), day, np.int32)
    found = memo.answers(_columns(signatures), ends)
    assert (found.until >= day).all()
    return found.template.tolist(), found.legislation.tolist()


@settings(deadline=None)  # the first use may be compiled
@given(few, few, few)
def test_what_was_put_down_is_found_and_nothing_else(
    one: list[tuple[int, ...]], two: list[tuple[int, ...]], asked: list[tuple[int, ...]]
) -> None:
    memo, expected = Memo(WORDS), dict[tuple[int, ...], tuple[int, int]]()
    for part in (one, two):
        told = np.arange(len(expected), len(expected) + len(part), dtype=np.int32)
        memo.remember(_columns(part), told, told * 2, np.full(len(part), FAR, np.int32))
        for signature, number in zip(part, told.tolist(), strict=True):
            expected.setdefault(signature, (number, 2 * number))
    assert memo.size == len(expected)
    found = zip(*_asked(memo, asked, 20_000), strict=True)
    for signature, answer in zip(asked, found, strict=True):
        assert answer == expected.get(signature, (keys.MISSING, 0))
    again = Memo.of(memo.entries())
    assert again.size == memo.size
    assert _asked(again, asked, 20_000) == _asked(memo, asked, 20_000)


def test_an_answer_lasts_as_long_as_the_law_leaves_it_so() -> None:
    memo = Memo(WORDS)
    memo.remember(_columns([(1, 2, 3)]), *(np.array([number], np.int32) for number in (5, 6, 20_000)))
    assert _asked(memo, [(1, 2, 3)], 20_000) == ([5], [6])
    assert _asked(memo, [(1, 2, 3)], 20_001) == ([keys.MISSING], [0])


def test_that_there_is_no_short_way_is_remembered_too() -> None:
    memo = Memo(WORDS)
    memo.remember(_columns([(1, 1, 1)]), *(np.array([number], np.int32) for number in (keys.LONG, 0, FAR)))
    assert _asked(memo, [(1, 1, 1)], 20_000)[0] == [keys.LONG]


@settings(deadline=None)
@given(few)
def test_the_first_of_each_kind(signatures: list[tuple[int, ...]]) -> None:
    expected = sorted(signatures.index(one) for one in set(signatures))
    first, kind = distinct(_columns(signatures))
    assert first.tolist() == expected
    assert [signatures[first[one]] for one in kind] == signatures


@settings(deadline=None)
@given(st.lists(st.integers(1, 256), min_size=1, max_size=40), st.data())
def test_codes_that_differ_give_words_that_differ(sizes: list[int], data: st.DataObject) -> None:
    layout = Layout(sizes)
    row = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    rows = data.draw(st.lists(row, min_size=1, max_size=20))
    told = [_bytes(layout, one) for one in rows]
    assert len(set(told)) == len(set(rows))
    assert layout.words == -(-layout.bytes // 8)


def _bytes(layout: Layout, codes: tuple[int, ...]) -> tuple[int, ...]:
    found = [0] * layout.bytes
    for (byte, bit), code in zip(layout.places.tolist(), codes, strict=True):
        assert code << bit < 256
        found[byte] |= code << bit
    return tuple(found)


def test_signatures_whose_places_others_have_taken_are_found_in_the_next_ones() -> None:
    many = [(number, number * number, 7) for number in range(_MANY)]
    memo, told = Memo(WORDS), np.arange(_MANY, dtype=np.int32)
    memo.remember(_columns(many), told, told, np.full(_MANY, FAR, np.int32))
    assert memo.size == _MANY
    assert _asked(memo, many, 20_000) == (told.tolist(), told.tolist())
    others = [(number, number * number, 8) for number in range(_MANY)]
    assert _asked(memo, others, 20_000)[0] == [keys.MISSING] * _MANY


def test_what_is_handed_out_are_the_answers_with_a_template_below_a_number() -> None:
    memo = Memo(WORDS)
    memo.remember(_columns([(1, 0, 0), (2, 0, 0), (3, 0, 0)]), *(np.array([4, 5, 6], np.int32),) * 3)
    assert sorted(memo.entries(below=6)[:, 0].tolist()) == [1, 2]
