"""Rows looked up a few thousand at a time: some rows of a block, rows in pieces, several answers at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

pytest.importorskip("numba")

import cleiss_rules as cr
from cleiss_rules.columnar import rounds
from cleiss_rules.columnar.days import number_of
from cleiss_rules.columnar.rounds import combined
from cleiss_rules.columnar.rows import case_of
from cleiss_rules.columnar.table import Columnar
from cleiss_rules.columnar.workshop import Made, Pieces, made

Fresh = Callable[..., Columnar]
TODAY = number_of(date(2026, 11, 23))
#: enough rows for the short way
COUNT = 2100
TELEWORK: dict[str, Any] = {
    "from": date(2024, 1, 15), "to": date(2024, 12, 31), "known_on": date(2026, 11, 23),
    "person.nationalities": "FR", "activity1.kind": "employed", "activity1.state": "FR",
    "activity1.from": date(2024, 1, 15), "activity1.pattern": "alternating", "activity1.working_time": 60.0,
    "activity1.employer": "a", "activity1.employer.seat": "FR", "activity1.employer.decision_centre": "FR",
    "activity2.kind": "employed", "activity2.from": date(2024, 1, 15), "activity2.pattern": "alternating",
    "activity2.telework": True, "activity2.working_time": 40.0, "activity2.employer": "a",
    "agreement1.legislation": None,
}  # fmt: skip
#: France and another State between which an agreement binds and nothing says what it does with this
BESIDE: dict[str, Any] = {
    "from": date(2026, 1, 1), "to": date(2026, 12, 31), "known_on": date(2026, 11, 23),
    "person.nationalities": "FR", "activity1.kind": "employed", "activity1.pattern": "one_off",
    "activity1.from": date(2026, 1, 1), "activity1.to": date(2026, 12, 31), "activity1.employer": "a",
    "activity1.employer.seat": "FR", "activity1.employer.decision_centre": "FR", "activity1.employer.actual": True,
    "activity1.posting.from_state": "FR", "activity1.posting.health_cover": True,
    "activity1.posting.direct_relationship": True, "activity1.posting.replaces_posted_person": False,
    "activity1.posting.lent_on": False, "insured1.state": "FR", "insured1.from": date(2020, 1, 1),
    "insured1.basis": "employment",
}  # fmt: skip


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    """Each row as often as it takes to have enough of them, one after the other."""
    return pa.Table.from_pylist([rows[place % len(rows)] for place in range(COUNT)])


def _answers(found: pa.Table, rows: int) -> list[list[tuple[Any, ...]]]:
    """The answers to the first rows."""
    columns = ("from", "to", "outcome", "legislation", "instrument")
    told = found.slice(0, 20 * rows).to_pylist()
    return [[tuple(one[name] for name in columns) for one in told if one["row"] == row] for row in range(rows)]


def _expected(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    segments = cr.determine(case_of({name: value for name, value in row.items() if value is not None})).segments
    return [(one.from_, one.to, one.outcome, " ".join(one.legislation), one.instrument) for one in segments]


@pytest.mark.parametrize("whole", [True, False])
def test_some_rows_of_a_block_are_signed_as_if_there_were_no_others(fresh: Fresh, drawn: pa.Table, whole: bool) -> None:
    engine = fresh()
    engine.answers(drawn)
    (plan,) = engine._plans.values()
    signatures = plan.lane._signatures
    block = combined(drawn.select(list(plan.encoder.columns)).slice(5, 1500))
    rows = np.random.default_rng(1).integers(0, block.num_rows, 9000)

    def signed(part: pa.RecordBatch, at: Any) -> Made:
        sources, likes = signatures.sources(part)
        state = signatures.state(sources, likes, None)
        ready = signatures.rows(state, sources, signatures.looked_at(), TODAY).ready(whole=whole)
        return made(ready, sources, len(rows), at)

    some, alone = signed(block, rows), signed(block.take(pa.array(rows)), None)
    assert (some.words == alone.words).all()
    assert (some.slow == alone.slow).all()
    assert some.kept.keys() == alone.kept.keys()
    assert all(np.array_equal(some.kept[name], alone.kept[name]) for name in some.kept)


@pytest.mark.parametrize("kind", [pa.uint8(), pa.int16(), pa.int32(), pa.int64(), pa.float32()])
def test_numbers_are_read_in_the_form_they_have(fresh: Fresh, kind: pa.DataType) -> None:
    rows = _table(
        [
            {**TELEWORK, "person.residence": "DE", "activity2.state": "DE", "activity1.working_time": n / 2}
            for n in range(200)
        ]
    )
    place = rows.column_names.index("activity1.working_time")
    stated = rows["activity1.working_time"].to_pylist()
    whole = pa.array([None if n % 7 == 0 else float(int(n)) for n in stated])
    expected = fresh().answers(rows.set_column(place, "activity1.working_time", whole))[0]
    narrow = rows.set_column(place, "activity1.working_time", whole.cast(kind))
    engine = fresh()
    for _ in range(2):
        assert engine.answers(narrow)[0].equals(expected)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each round left to the long way."""
    found: list[int] = []
    long = rounds.Round._the_long_way
    monkeypatch.setattr(
        rounds.Round, "_the_long_way", lambda self, which: (found.append(len(which)), long(self, which))[1]
    )
    return found


def test_rows_are_cut_where_a_text_changes_for_them(fresh: Fresh, left: list[int]) -> None:
    """The United Kingdom leaves in 2021, Lithuania signs on telework in 2024, a transition with Switzerland ends in 2025."""
    days = {"GB": (2020, 2021), "LT": (2024, 2024), "CH": (2024, 2025), "DE": (2020, 2025)}
    rows = [
        {
            **TELEWORK, "person.residence": state, "activity2.state": state, "from": date(first, 1, 15),
            "to": date(last, 12, 31), "activity1.from": date(2019, 1, 1), "activity2.from": date(2019, 1, 1),
        }
        for state, (first, last) in days.items()
    ]  # fmt: skip
    expected = [_expected(row) for row in rows]
    assert {date(2020, 1, 15), date(2021, 1, 1)} <= {one[0] for one in expected[0]}
    engine = fresh()
    for _ in range(2):
        assert _answers(engine.answers(_table(rows))[0], len(rows)) == expected
    assert left == [0, 0]


def test_several_answers_at_a_time_are_met_again_by_the_short_way(fresh: Fresh, left: list[int]) -> None:
    rows = [{**BESIDE, "activity1.state": state, "person.residence": None} for state in ("US", "JP", "DZ", "CA")]
    expected = [_expected(row) for row in rows]
    assert all(len(told) > len({one[0] for one in told}) for told in expected)
    engine = fresh()
    for _ in range(2):
        found = _answers(engine.answers(_table(rows))[0], len(rows))
        assert [sorted(one, key=str) for one in found] == [sorted(one, key=str) for one in expected]
    assert left == [0, 0]


def test_the_rows_of_pieces() -> None:
    """The first pieces are those of the rows themselves, others tell theirs."""
    pieces = Pieces(3, np.array([1, 1, 2]), np.arange(6, dtype=np.int32), np.arange(6, dtype=np.int32) + 1)
    assert pieces.rows_of(np.array([0, 2, 3, 5])).tolist() == [0, 2, 1, 2]
    rows, starts, ends = pieces.part(np.array([4, 1]))
    assert (rows.tolist(), starts.tolist(), ends.tolist()) == ([1, 1], [4, 1], [5, 2])
    alike = Pieces(3, np.zeros(0, np.int64), 7, 9)
    assert [held.tolist() for held in alike.part(np.array([2]))] == [[2], [7], [9]]


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("place", [0, 703, 704, 1407, COUNT - 1])
def test_a_row_unlike_all_others_is_not_taken_for_one_of_them(fresh: Fresh, threads: int, place: int) -> None:
    """Where the blocks of a batch are prepared together, what its rows have in common is looked into block by block."""
    usual = {**TELEWORK, "person.residence": "DE", "activity2.state": "DE", "activity1.from": date(2024, 1, 15)}
    other = {**usual, "person.residence": "BE", "activity2.state": "BE", "activity2.telework": False}
    alike = pa.Table.from_pylist([usual] * COUNT)
    one_other = pa.Table.from_pylist([other if row == place else usual for row in range(COUNT)])
    engine = fresh()
    for table in (alike, one_other, alike, one_other):
        told = engine.answers(table, threads=threads)[0].to_pylist()
        said: dict[int, list[tuple[Any, ...]]] = {}
        for one in told:
            said.setdefault(one["row"], []).append(
                (one["from"], one["to"], one["outcome"], one["legislation"], one["instrument"])
            )
        expected = [_expected(usual), _expected(other)]
        assert len(said) == COUNT
        assert all(found == expected[table is one_other and row == place] for row, found in said.items())
