from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import cleiss_rules as cr
from cleiss_rules.synthetic.figures import figures
from cleiss_rules.synthetic.population import batches

ROWS = 200_000


@pytest.fixture(scope="module")
def people() -> Any:
    return cr.population(ROWS, seed=7)


def counts(column: Any) -> Counter[Any]:
    return Counter({one["values"]: one["counts"] for one in column.combine_chunks().value_counts().to_pylist()})


def close(found: float, share: float, of: int) -> bool:
    """Within five standard deviations of what a share of so many rows gives: a right program fails once in 1.7 million."""
    return abs(found - share * of) <= 5 * (share * (1 - share) * of) ** 0.5 + 1


def chosen(people: Any, situation: str) -> Any:
    abroad = pc.and_(
        pc.equal(people["activity1.posting.from_state"], "FR"),
        pc.less_equal(pc.days_between(people["activity1.from"], people["activity1.to"]), 729),
    )
    picked = {
        "posted_to_france": pc.not_equal(people["activity1.posting.from_state"], "FR"),
        "unemployed": pc.is_valid(people["benefit1.kind"]),
        "civil_servant": pc.is_valid(people["activity1.administration"]),
        "aircrew": pc.is_valid(people["activity1.place.kind"]),
        "frontier": pc.and_(
            pc.equal(people["activity1.pattern"].cast(pa.string()), "alternating"),
            pc.and_(pc.is_valid(people["activity1.telework"]), pc.is_null(people["activity1.posting.from_state"])),
        ),
        "abroad": abroad,
    }[situation]
    return people.filter(pc.fill_null(picked, False))


@pytest.mark.parametrize("situation", ["posted_to_france", "unemployed", "civil_servant", "aircrew", "frontier"])
def test_situations_come_in_their_proportion(people: Any, situation: str) -> None:
    weights = figures().weights("situation")
    assert close(len(chosen(people, situation)), weights[situation] / sum(weights.values()), ROWS)


def test_states_of_frontier_workers_follow_the_published_figures(people: Any) -> None:
    workers = chosen(people, "frontier")
    found = counts(workers["activity1.state"])
    weights = figures().weights("frontier_state")
    assert set(found) == set(weights)
    for state, weight in weights.items():
        assert close(found[state], weight / sum(weights.values()), len(workers)), state


def test_destinations_of_postings_follow_the_published_figures(people: Any) -> None:
    overseas = figures().weights("overseas_destination")
    postings = chosen(people, "abroad")
    postings = postings.filter(pc.invert(pc.is_in(postings["activity1.state"].cast(pa.string()), pa.array(overseas))))
    found = counts(postings["activity1.state"])
    weights = figures().posting_destinations()
    for state, weight in weights.items():
        assert close(found[state], weight / sum(weights.values()), len(postings)), state


def test_sectors_of_postings_follow_the_published_figures(people: Any) -> None:
    postings = chosen(people, "abroad")
    to_switzerland = postings.filter(pc.equal(postings["activity1.state"], "CH"))
    found = counts(to_switzerland["activity1.sector"])
    weights = figures().sectors("CH")
    for sector, weight in weights.items():
        assert close(found[sector], weight / sum(weights.values()), len(to_switzerland)), sector


@pytest.mark.parametrize("state", ["CH", "NL", "LU", "DE"])
def test_postings_last_as_long_as_published_on_the_mean(people: Any, state: str) -> None:
    postings = chosen(people, "abroad")
    there = postings.filter(pc.equal(postings["activity1.state"], state))
    days = pc.add(pc.days_between(there["activity1.from"], there["activity1.to"]), 1).to_numpy()
    mean = figures().posting_days(state)
    # An exponential spreads as far as its mean: five standard errors.
    assert abs(days.mean() - mean) <= 5 * mean / len(days) ** 0.5
    assert days.min() >= 1


def test_facts_are_unknown_as_often_as_assumed(people: Any) -> None:
    sent = people.filter(pc.is_valid(people["activity1.employer.kind"]))
    for fact in ("direct_relationship", "replaces_posted_person"):
        unknown = sent[f"activity1.posting.{fact}"].null_count
        assert close(unknown, figures().number("unknown", f"posting.{fact}"), len(sent)), fact
    assert close(people["person.residence"].null_count, figures().number("unknown", "person.residence"), ROWS)


def test_no_row_begins_after_it_ends(people: Any) -> None:
    days = pc.days_between(people["from"], people["to"])
    assert pc.min(days).as_py() >= 0


def test_shares_of_two_activities_add_up_to_a_hundred(people: Any) -> None:
    both = pc.add(people["activity1.working_time"], people["activity2.working_time"])
    assert set(counts(both)) == {None, 100.0}


def test_the_same_seed_gives_the_same_rows_in_any_blocks() -> None:
    whole = cr.population(140_000, seed=3)
    for block in (1_000, 65_536, 99_999, 1 << 20):
        assert pa.Table.from_batches(batches(140_000, 3, block)).equals(whole), block
    assert cr.population(1_000, seed=3).equals(whole.slice(0, 1_000))
    assert not cr.population(1_000, seed=4).equals(whole.slice(0, 1_000))


def test_rows_stay_the_same_over_versions() -> None:
    rows = cr.population(500, seed=1).to_pylist()
    assert hashlib.sha256(repr(rows).encode()).hexdigest()[:16] == "0c467e66f8a57c5f"


def test_memory_does_not_grow_with_the_rows() -> None:
    most = 0
    before = pa.total_allocated_bytes()
    for batch in batches(1_000_000, 2, 65_536):
        most = max(most, pa.total_allocated_bytes() - before)
        assert batch.num_rows <= 65_536
    assert most < 64 * 1024 * 1024


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((-1,), "rows"), ((1.5,), "rows"), ((True,), "rows"), ((10, -1), "seed"), ((10, 1, 0), "block")],
)
def test_numbers_that_do_not_fit_are_named(arguments: tuple[Any, ...], named: str) -> None:
    with pytest.raises(cr.InvalidPopulation, match=f"^{named}: .*accepted: a whole number"):
        batches(*arguments)


def test_no_rows_are_a_table_with_all_columns() -> None:
    empty = cr.population(0)
    assert empty.num_rows == 0
    assert empty.schema == cr.population(1).schema
