"""Decision paths: what was learnt is found again, in numpy as in compiled code, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleiss_rules.columnar.paths import Paths, walk_in_numpy

SIZES = (2, 3, 4, 2, 5)
rows = st.tuples(*(st.integers(0, size - 1) for size in SIZES))
reads = st.lists(st.integers(0, len(SIZES) - 1), max_size=len(SIZES))


def _column(row: tuple[int, ...]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.array([row], np.uint8).T


@settings(deadline=None)  # the first walk may be compiled
@given(st.lists(st.tuples(st.integers(0, 3), rows, reads), max_size=25), st.lists(st.tuples(st.integers(0, 3), rows)))
def test_a_row_gets_the_answer_of_one_it_agrees_with_on_all_that_was_read(
    told: list[tuple[int, tuple[int, ...], list[int]]], asked: list[tuple[int, tuple[int, ...]]]
) -> None:
    paths = Paths()
    learnt: list[tuple[int, tuple[int, ...], list[int]]] = []
    paths.room_for(np.array([3], np.int32))
    for root, row, read in told:
        if not paths.leads(root, row):
            paths.learn(root, row, read, len(learnt), SIZES)
            learnt.append((root, row, read))
        assert paths.leads(root, row)
    for root, row in asked:
        found = int(paths.walk(np.array([root], np.int32), _column(row))[0])
        if found >= 0:
            at, like, read = learnt[found]
            assert at == root
            assert all(row[feature] == like[feature] for feature in read)
        assert (found >= 0) == paths.leads(root, row)


def test_compiled_and_numpy_walks_agree() -> None:
    compiled = pytest.importorskip("cleiss_rules.columnar.compiled")
    paths, chance = Paths(), np.random.default_rng(7)
    paths.room_for(np.array([9], np.int32))
    for answer in range(200):
        root, row = int(chance.integers(10)), [int(chance.integers(size)) for size in SIZES]
        if not paths.leads(root, row):
            paths.learn(root, row, chance.permutation(len(SIZES)).tolist(), answer, SIZES)
    at = chance.integers(0, 10, 5000).astype(np.int32)
    features = np.stack([chance.integers(0, size, 5000) for size in SIZES]).astype(np.uint8)
    arrays = paths._roots, paths._feature, paths._first, paths._branches
    found = walk_in_numpy(*arrays, at, features)
    assert (found >= 0).any()
    assert (found < 0).any()
    assert (compiled.walk(*arrays, at, features) == found).all()
    assert (compiled.walk(*arrays, at, features[:2]) == walk_in_numpy(*arrays, at, features[:2])).all()
