from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from cleiss_rules.facts.sets import UNBOUNDED, KnownSet

ITEMS = "ABCD"
#: what nobody names
OTHERS = "XY"


@st.composite
def known_sets(draw: st.DrawFn) -> KnownSet:
    may = frozenset(draw(st.sets(st.sampled_from(ITEMS))))
    must = frozenset(item for item in sorted(may) if draw(st.booleans()))
    open_ = draw(st.booleans())
    most = draw(st.sampled_from((len(must), len(must) + 1, len(may) + 1, UNBOUNDED)))
    return KnownSet(must, may, open_, most)


def worlds(found: KnownSet) -> list[frozenset[str]]:
    """Every set that it could turn out to be."""
    free = sorted((set(ITEMS + OTHERS) if found.open else set(map(str, found.may))) - found.must)
    subsets = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    every = (frozenset(map(str, found.must)) | frozenset(subset) for subset in subsets)
    return [world for world in every if len(world) <= found.most]


def covers(found: KnownSet, world: frozenset[str]) -> bool:
    return found.must <= world and (found.open or world <= found.may) and len(world) <= found.highest


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
    assert one.holds(item) in (None, *(answers if len(answers) == 1 else ()))
    if (
        one.most >= len(one.may) and not one.open
    ):  # a set that may have all its members tells as much as there is to tell
        assert one.holds(item) == (answers.pop() if len(answers) == 1 else None)


@given(known_sets())
def test_no_world_has_more_members_than_told(one: KnownSet) -> None:
    assert all(len(world) <= one.highest for world in worlds(one))


def test_an_unnamed_member_leaves_everything_open() -> None:
    found = KnownSet(frozenset("A"), frozenset("A"), open=True)
    assert found.holds("B") is None
    assert found.only() is None
    assert found.holds("A") is True
