"""The short way: rows whose like was met before get the answer that the long way gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cleiss_rules.columnar import memo, rounds, table
from cleiss_rules.columnar.plan import Plan
from cleiss_rules.columnar.table import Columnar

pytest.importorskip("numba")
Fresh = Callable[..., Columnar]
SAID = ["row", "from", "to", "outcome", "legislation", "instrument", "relation", "rule", "missing", "reason", "documents", "grade"]  # fmt: skip


@pytest.fixture
def engine(fresh: Fresh) -> Columnar:
    return fresh()


@pytest.fixture
def the_long_way(monkeypatch: pytest.MonkeyPatch, fresh: Fresh) -> Columnar:
    """The engine as it is without numba."""
    found = fresh()
    made = found._plan

    def plan(names: Any) -> Plan:
        known = made(names)
        known.__dict__["lane"] = None
        return known

    monkeypatch.setattr(found, "_plan", plan)
    return found


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each round left to the long way."""
    found: list[int] = []
    left = rounds.Round._the_long_way

    def counted(self: rounds.Round, which: Any) -> Any:
        found.append(len(which))
        return left(self, which)

    monkeypatch.setattr(rounds.Round, "_the_long_way", counted)
    return found


def _said(answers: pa.Table) -> list[dict[str, Any]]:
    keys = [(name, "ascending") for name in ("row", "from", "instrument", "legislation", "outcome", "rule")]
    plain = pa.table({name: _plain(answers[name]) for name in SAID})
    found: list[dict[str, Any]] = plain.sort_by(keys).to_pylist()
    return found


def _plain(column: Any) -> Any:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def test_the_first_run_the_second_and_the_long_way_say_the_same(
    engine: Columnar, the_long_way: Columnar, drawn: pa.Table, looked_at: list[int]
) -> None:
    first, refused = engine.answers(drawn)
    again, refused_again = engine.answers(drawn)
    expected, wrong = the_long_way.answers(drawn)
    assert _said(first) == _said(again) == _said(expected)
    assert refused == refused_again == wrong == []
    assert len(looked_at) == 2  # the engine without a short way has no rounds


def test_most_rows_take_the_short_way(engine: Columnar, drawn: pa.Table, looked_at: list[int]) -> None:
    engine.answers(drawn)
    engine.answers(drawn)
    assert max(looked_at) < drawn.num_rows / 2


def test_rows_in_another_order_and_number_get_their_own_answers(
    engine: Columnar, fresh: Fresh, drawn: pa.Table
) -> None:
    engine.answers(drawn.slice(150, 2100))
    back = drawn.take(pa.array(range(drawn.num_rows - 1, -1, -1)))
    mirrored = _said(engine.answers(back)[0])
    for one in mirrored:
        one["row"] = drawn.num_rows - 1 - one["row"]
    expected = _said(fresh().answers(drawn)[0])
    assert sorted(mirrored, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_nothing(fresh: Fresh, drawn: pa.Table, threads: int) -> None:
    engine = fresh()
    first, again = (engine.answers(drawn, threads=threads)[0] for _ in range(2))
    assert _said(first) == _said(again) == _said(fresh().answers(drawn, threads=2)[0])


def test_what_is_no_situation_is_refused_each_time(engine: Columnar, drawn: pa.Table) -> None:
    states = drawn["activity1.state"].cast(pa.string()).to_pylist()
    states[7], states[2000] = "XX", "France"
    place = drawn.column_names.index("activity1.state")
    wrong = drawn.set_column(place, "activity1.state", pa.array(states))
    for _ in range(2):
        answers, rejected = engine.answers(wrong)
        assert [one.row for one in rejected] == [7, 2000]
        assert "XX" in str(rejected[0].faults[0])
        assert not pc.any(pc.is_in(answers["row"], pa.array([7, 2000]))).as_py()


def test_a_row_that_its_own_facts_cut_is_cut_each_time(engine: Columnar) -> None:
    count = 2100
    days = [date(2026, 1, 1 + place % 28) for place in range(count)]
    rows = pa.table(
        {
            "from": [date(2025, 6, 1)] * count,
            "to": [date(2026, 6, 30)] * count,
            "person.residence": ["FR"] * count,
            "person.nationalities": ["FR"] * count,
            "activity1.kind": ["employed"] * count,
            "activity1.state": ["DE"] * count,
            "activity1.from": days,
        }
    )
    for _ in range(2):
        found = _said(engine.answers(rows)[0])
        for row in (0, 13, count - 1):
            mine = [one for one in found if one["row"] == row]
            worked = [one for one in mine if one["legislation"] == "DE" and one["outcome"] == "determined"]
            assert [one["from"] for one in worked] == [days[row]]
            assert mine[0]["from"] == date(2025, 6, 1)


def test_what_was_known_by_then_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, engine: Columnar, the_long_way: Columnar, drawn: pa.Table
) -> None:
    """Rows that tell no day of decision are decided today, and today changes from run to run."""
    undated = drawn.drop_columns(["known_on"])
    for today in (date(2026, 11, 23), date(2012, 1, 1), date(2026, 11, 23)):
        monkeypatch.setattr(table, "date", type("Day", (date,), {"today": classmethod(lambda _cls, day=today: day)}))
        assert _said(engine.answers(undated)[0]) == _said(the_long_way.answers(undated)[0])


@pytest.mark.parametrize(("lacking", "starts_afresh"), [(0.1, False), (0.9, True)])
def test_a_memory_that_is_full(
    monkeypatch: pytest.MonkeyPatch,
    fresh: Fresh,
    the_long_way: Columnar,
    drawn: pa.Table,
    lacking: float,
    starts_afresh: bool,
) -> None:
    """It keeps what it has while that answers most rows, and what it lacks goes the long way; otherwise it starts afresh."""
    engine, roomy = fresh(), fresh()
    roomy.answers(drawn)
    (plan,) = roomy._plans.values()
    monkeypatch.setattr(memo, "MOST", plan.lane.size - int(lacking * plan.lane.size))
    forgotten: list[memo.Memo] = []
    forget = memo.Memo.forget
    monkeypatch.setattr(memo.Memo, "forget", lambda self: (forgotten.append(self), forget(self)))
    expected = _said(the_long_way.answers(drawn)[0])
    for _ in range(2):
        assert _said(engine.answers(drawn)[0]) == expected
    (plan,) = engine._plans.values()
    assert plan.lane.size == memo.MOST
    assert bool(forgotten) == starts_afresh


def test_lists_of_many_states_are_told_apart(engine: Columnar, the_long_way: Columnar) -> None:
    """Lists of nationalities, of which there are more than a byte can number."""
    union = ["AT", "BE", "DE", "ES", "FR", "IT", "PL", "US", "DZ", "IN"]
    lists = [" ".join(dict.fromkeys((a, b, c))) for a in union for b in union for c in union]
    count = len(lists) * 3
    rows = pa.table(
        {
            "from": [date(2026, 1, 1)] * count,
            "to": [date(2026, 12, 31)] * count,
            "person.nationalities": lists * 3,
            "person.residence": ["FR"] * count,
            "activity1.kind": ["employed"] * count,
            "activity1.state": ["FR", "DE", "DZ"] * len(lists),
        }
    )
    expected = _said(the_long_way.answers(rows)[0])
    for _ in range(2):
        assert _said(engine.answers(rows)[0]) == expected


def test_tables_of_one_day_each_are_answered_as_the_long_way_does(
    engine: Columnar, the_long_way: Columnar, drawn: pa.Table
) -> None:
    """All rows of each table have the same days, which are others in the next one; texts change in between."""
    kept = [name for name in drawn.column_names if not name.endswith((".from", ".to")) and name not in ("from", "to")]
    for first, last in (
        (2009, 2009),
        (2011, 2011),
        (2019, 2021),
        (2020, 2020),
        (2023, 2026),
        (2025, 2025),
        (2026, 2026),
    ):
        rows = drawn.slice(first % 7 * 31).select(kept)
        for name, day in (("from", date(first, 3, 1)), ("to", date(last, 10, 31))):
            rows = rows.append_column(name, pa.array([day] * rows.num_rows, pa.date32()))
        assert _said(engine.answers(rows)[0]) == _said(the_long_way.answers(rows)[0])


def test_words_in_another_order_are_the_same_words(engine: Columnar, the_long_way: Columnar, drawn: pa.Table) -> None:
    """As in the parts of a file, each of which has dictionaries of its own; one has a word that is no State."""
    expected = _said(the_long_way.answers(drawn)[0])
    for turn in range(5):
        columns = []
        for name in drawn.column_names:
            column = drawn[name].combine_chunks()
            if pa.types.is_dictionary(column.type):
                words = column.dictionary.to_pylist()
                words = [*words[turn:], *words[:turn], *(["nowhere"] if turn == 3 else [])]
                plain = column.cast(pa.string()).to_pylist()
                at = {word: place for place, word in enumerate(words)}
                indices = pa.array([None if word is None else at[word] for word in plain], pa.int16())
                column = pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))
            columns.append(column)
        assert _said(engine.answers(pa.table(columns, drawn.column_names))[0]) == expected


def test_columns_of_one_word_each_time_another_one(engine: Columnar, the_long_way: Columnar) -> None:
    """Each table has one word in a column, which stands first in a dictionary of its own."""
    count = 2100
    for state, nationality in (
        ("DE", "FR"),
        ("IT", "DZ"),
        ("DZ", "FR DZ"),
        ("US", "US"),
        ("DE", "nowhere"),
        ("DE", "FR"),
    ):
        rows = pa.table(
            {
                "from": [date(2026, 1, 1)] * count,
                "to": [date(2026, 6, 30)] * count,
                "person.nationalities": pa.array([nationality] * count).dictionary_encode(),
                "person.residence": pa.array([state] * count).dictionary_encode(),
                "activity1.kind": ["employed"] * count,
                "activity1.state": pa.array(["FR", state] * (count // 2)).dictionary_encode(),
            }
        )
        (found, refused), (expected, wrong) = engine.answers(rows), the_long_way.answers(rows)
        assert _said(found) == _said(expected)
        assert [one.row for one in refused] == [one.row for one in wrong]
        assert bool(refused) == (nationality == "nowhere")


def test_rows_that_begin_anywhere_in_memory_get_the_same_answers(engine: Columnar, drawn: pa.Table) -> None:
    expected = {row: one for row, one in _by_row(engine.answers(drawn)[0]).items() if row >= 13}
    for first in (1, 3, 8, 13):
        found = _by_row(engine.answers(drawn.slice(first))[0])
        for row, one in expected.items():
            assert found[row - first] == one


def _by_row(answers: pa.Table) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for one in _said(answers):
        found.setdefault(one.pop("row"), []).append(one)
    return found
