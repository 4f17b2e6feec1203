"""Recipes: what all rows of a block have in common is worked out once, and tells the same as row by row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

from cleiss_rules.columnar import program as steps
from cleiss_rules.columnar import sheet
from cleiss_rules.columnar.days import number_of
from cleiss_rules.columnar.plan import Plan
from cleiss_rules.columnar.recipe import BYTE, DAY, NUMBER, Recipe, Value
from cleiss_rules.columnar.rounds import combined
from cleiss_rules.columnar.table import Columnar
from cleiss_rules.columnar.workshop import made

TODAY = number_of(date(2026, 11, 23))


class ByCodes(sheet.Common):
    """What columns have in common, with words told by their codes, as they are in whole signatures."""

    def dictionary(self, place: int, one: sheet.Source) -> None:
        return None


def _words(plan: Plan, block: pa.RecordBatch, common: sheet.Common | None, *, whole: bool) -> Any:
    signatures = plan.lane._signatures
    sources, likes = signatures.sources(block)
    state = signatures.state(sources, likes, common)
    recipe = signatures.rows(state, sources, signatures.looked_at(), TODAY)
    ready = recipe.ready(whole=whole)
    found = made(ready, sources, block.num_rows)
    return found.words, found.slow, found.kept, ready


def _column(held: Any, count: int) -> list[int]:
    return [held] * count if isinstance(held, int) else held.tolist()


@pytest.fixture
def plan(fresh: Callable[..., Columnar], drawn: pa.Table) -> Plan:
    engine = fresh()
    engine.answers(drawn)
    (found,) = engine._plans.values()
    return found


def _blocks(plan: Plan, drawn: pa.Table) -> list[pa.RecordBatch]:
    """Blocks of many rows and of few, of which the latter have much in common: a row many times, two by turns."""
    rows = drawn.select(list(plan.encoder.columns))
    by_turns = [rows.take(pa.array([one, other] * 40)) for one, other in ((3, 3), (5, 6), (100, 1700), (7, 8))]
    return [combined(part) for part in (rows, rows.slice(3, 517), *by_turns)]


def test_what_blocks_have_in_common_changes_no_signature(plan: Plan, drawn: pa.Table) -> None:
    for block in _blocks(plan, drawn):
        one, slow, kept, _ = _words(plan, block, None, whole=True)
        two, slow_too, kept_too, ready = _words(plan, block, ByCodes(), whole=True)
        signed = slow == 0  # of others, nothing is looked up
        assert (slow == slow_too).all()
        assert (one[:, signed] == two[:, signed]).all()
        assert ready.sizes == tuple(plan.lane._kept[0][0])
        for name in kept:
            assert _column(kept[name], len(slow)) == _column(kept_too[name], len(slow))


def test_rows_that_are_told_apart_by_less_are_told_apart_as_well(plan: Plan, drawn: pa.Table) -> None:
    for block in _blocks(plan, drawn):
        whole, slow, _, _ = _words(plan, block, None, whole=True)
        near, _, _, _ = _words(plan, block, sheet.Common(), whole=False)
        assert len(near) <= len(whole)
        told: dict[tuple[int, ...], tuple[int, ...]] = {}
        for row in np.flatnonzero(slow == 0).tolist():
            assert told.setdefault(tuple(near[:, row]), tuple(whole[:, row])) == tuple(whole[:, row])


def test_what_a_later_block_does_not_bear_out_is_given_up(plan: Plan, drawn: pa.Table) -> None:
    common = ByCodes()
    for block in reversed(_blocks(plan, drawn)):
        one, slow, _, _ = _words(plan, block, None, whole=True)
        two, slow_too, _, _ = _words(plan, block, common, whole=True)
        assert (slow == slow_too).all()
        assert (one[:, slow == 0] == two[:, slow == 0]).all()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.booleans(), min_size=1, max_size=70), st.integers(0, 40), st.integers(0, 40))
def test_a_choice_by_a_mark_goes_through_steps_as_its_two_values(flags: list[bool], one: int, two: int) -> None:
    """A day that rows have or have not, beside another day that all have."""

    def told(chosen: bool) -> list[int]:
        recipe = Recipe()
        source = sheet.marks(np.array(flags, np.uint8))
        fixed = [steps_part("values"), 1, steps_part("table0"), steps_part("size0")]
        mark = recipe.mark(recipe.source(steps.WORDS, (recipe.same(BYTE, 1),), fixed, BYTE, marks=False))
        day = recipe.chosen(DAY, mark, one, two)
        if not chosen:
            day = recipe._row(day)
        (until,) = recipe.take(steps.SPAN, (recipe.same(DAY, 20), day), outs=(DAY,), marks=True)
        recipe.field(recipe.take(steps.BESIDE_DAY, (until,), (30,))[0], 4)
        recipe.keep("until", until)
        found = made(recipe.ready(whole=True), [source], len(flags))
        return [*found.words[0].tolist(), *found.slow.tolist(), *_column(found.kept["until"], len(flags))]

    assert told(True) == told(False)


def steps_part(name: str) -> Any:
    from cleiss_rules.columnar.recipe import Part

    return Part(0, name)


def test_the_same_step_on_the_same_values_is_taken_once() -> None:
    recipe = Recipe()
    mark = recipe.mark(recipe.source(steps.SPREAD, (), (steps_part("bits"), steps_part("offset")), BYTE, marks=False))
    other = recipe.mark(recipe.source(steps.SPREAD, (), (steps_part("values"), steps_part("first")), BYTE, marks=False))
    assert recipe.either(mark, other) is recipe.either(mark, other)
    assert recipe.either(mark, mark) is mark
    assert recipe.either(mark, recipe.same(BYTE, 0)) is mark
    assert recipe.either(mark, recipe.same(BYTE, 1)).yes == 1
    assert recipe.both(mark, recipe.same(BYTE, 0)).yes == 0


def test_what_nothing_looks_at_is_left_out() -> None:
    recipe = Recipe()
    mark = recipe.mark(recipe.source(steps.SPREAD, (), (steps_part("bits"), steps_part("offset")), BYTE, marks=False))
    recipe.take(steps.FLAGS, (mark, Value(BYTE, yes=1)))
    recipe.field(recipe.same(BYTE, 3), 4)
    ready = recipe.ready(whole=True)
    assert ready.steps[:, 0].tolist() == [steps.JOINED]
    assert made(ready, [], 3).words.tolist() == [[3, 3, 3]]


@pytest.mark.parametrize("kind", [BYTE, NUMBER])
def test_values_that_do_not_differ_are_no_choice(kind: int) -> None:
    recipe = Recipe()
    mark = recipe.mark(recipe.source(steps.SPREAD, (), (steps_part("bits"), steps_part("offset")), BYTE, marks=False))
    assert recipe.chosen(kind, mark, 2, 2).is_same
    assert recipe.chosen(kind, recipe.same(BYTE, 0), 2, 1).yes == 1
