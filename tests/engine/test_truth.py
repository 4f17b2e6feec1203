from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from cleiss_rules.engine.truth import DISCRETION, FALSE, NEGATION, TRUE, UNKNOWN, all_of, any_of, of

VALUES = st.sampled_from([FALSE, TRUE, UNKNOWN, DISCRETION])


def test_unknown_is_never_false() -> None:
    assert of(None) == UNKNOWN
    assert NEGATION[UNKNOWN] == UNKNOWN


def test_one_false_settles_a_conjunction_and_one_true_a_disjunction() -> None:
    assert all_of([UNKNOWN, DISCRETION, FALSE]) == FALSE
    assert any_of([UNKNOWN, DISCRETION, TRUE]) == TRUE


def test_missing_facts_come_before_an_assessment() -> None:
    assert all_of([TRUE, DISCRETION, UNKNOWN]) == UNKNOWN
    assert any_of([DISCRETION, UNKNOWN, FALSE]) == UNKNOWN
    assert all_of([TRUE, DISCRETION]) == DISCRETION


def test_nothing_is_true_of_all_and_of_none() -> None:
    assert all_of([]) == TRUE
    assert any_of([]) == FALSE


@given(st.lists(VALUES))
def test_de_morgan(values: list[int]) -> None:
    assert NEGATION[all_of(values)] == any_of(NEGATION[value] for value in values)


@given(st.lists(VALUES), st.randoms())
def test_order_does_not_matter(values: list[int], random: object) -> None:
    shuffled = sorted(values, key=lambda _value: random.random())  # type: ignore[attr-defined]
    assert all_of(values) == all_of(shuffled)
    assert any_of(values) == any_of(shuffled)


@given(st.lists(VALUES, max_size=5))
def test_what_is_settled_stays_settled_whatever_the_unknowns_turn_out_to_be(values: list[int]) -> None:
    for combine in (all_of, any_of):
        before = combine(values)
        if before in (TRUE, FALSE):
            choices = [[FALSE, TRUE] if value in (UNKNOWN, DISCRETION) else [value] for value in values]
            assert {combine(world) for world in product(*choices)} == {before}
