"""The problem that peers are measured on is the law's: what is written by hand for it answers as ``determine`` does."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.peers import cleiss_cases, numpy_select, python_loop
from benchmarks.peers.problem import RULES, Answers, make


def differing(found: Answers, expected: Answers) -> list[int]:
    return [int(row) for row in np.flatnonzero((found[0] != expected[0]) | (found[1] != expected[1]))]


def test_plain_python_answers_as_determine() -> None:
    rows = make(1_500, seed=11)
    expected = cleiss_cases.decide(cleiss_cases.prepare(rows))
    assert differing(python_loop.decide(python_loop.prepare(rows)), expected) == []
    assert set(expected[1]) == set(range(len(RULES))), "every rule of the problem is met"


def test_numpy_answers_as_plain_python() -> None:
    rows = make(150_000, seed=12)
    assert (
        differing(numpy_select.decide(numpy_select.prepare(rows)), python_loop.decide(python_loop.prepare(rows))) == []
    )


def test_a_row_that_differs_is_found() -> None:
    from benchmarks.peers.measure import _same

    rows = make(100, seed=13)
    states, rules = numpy_select.decide(rows)
    other = states.copy()
    other[17] += 1
    with pytest.raises(AssertionError, match=r"1 rows differ, the first at \[17\]"):
        _same(other, rules, (states, rules))
