from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from cleiss_rules.facts.sets import KnownSet

ITEMS = "ABCD"


@st.composite
def known_sets(draw: st.DrawFn) -> KnownSet:
    may = frozenset(draw(st.sets(st.sampled_from(ITEMS))))
    must = frozenset(item for item in sorted(may) if draw(st.booleans()))
    return KnownSet(must, may)


def worlds(found: KnownSet) -> list[frozenset[str]]:
    """Every set that it could turn out to be."""
    free = sorted(map(str, found.may - found.must))
    subsets = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    return [frozenset(map(str, found.must)) | frozenset(subset) for subset in subsets]


def covers(found: KnownSet, world: frozenset[str]) -> bool:
    return found.must <= world <= found.may


@given(known_sets(), known_sets())
def test_an_intersection_covers_every_world(one: KnownSet, two: KnownSet) -> None:
    result = one.within(two)
    assert all(covers(result, a & b) for a in worlds(one) for b in worlds(two))


@given(known_sets(), known_sets())
def test_a_fallback_covers_every_world(one: KnownSet, two: KnownSet) -> None:
    result = one.or_if_empty(two)
    assert all(covers(result, a or b) for a in worlds(one) for b in worlds(two))


@given(known_sets(), st.sampled_from(ITEMS))
def test_leaving_out_covers_every_world(one: KnownSet, item: str) -> None:
    result = one.without(item)
    assert all(covers(result, world - {item}) for world in worlds(one))
    unknown = one.without(None)
    assert all(covers(unknown, world - {item}) for world in worlds(one))


@given(known_sets(), st.sampled_from(ITEMS))
def test_membership_is_settled_only_where_all_worlds_agree(one: KnownSet, item: str) -> None:
    answers = {item in world for world in worlds(one)}
    assert one.holds(item) == (answers.pop() if len(answers) == 1 else None)


def test_an_unnamed_member_leaves_everything_open() -> None:
    found = KnownSet(frozenset("A"), frozenset("A"), open=True)
    assert found.holds("B") is None
    assert found.only() is None
    assert found.holds("A") is True
