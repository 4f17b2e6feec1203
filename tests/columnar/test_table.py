"""Tables of situations: cases in, answers out, each row openable as a proof."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

import cleiss_rules as cr
from cleiss_rules.columnar.table import BLOCK, answers_of

ANSWER = [
    "row", "case", "from", "to", "outcome", "legislation", "instrument", "relation", "rule", "missing", "reason", "documents",
    "grade",
]  # fmt: skip


@pytest.fixture
def table(posted: dict[str, Any], spread: dict[str, Any]) -> pa.Table:
    return cr.situations(
        [cr.Case.model_validate({**posted, "id": "posted"}), cr.Case.model_validate({**spread, "id": "spread"})]
    )


def test_a_column_for_each_fact_and_null_for_what_nobody_stated(table: pa.Table) -> None:
    row = table.slice(0, 1).to_pylist()[0]
    assert row["activity1.posting.from_state"] == "FR"
    assert row["person.nationalities"] == "FR"
    assert row["person.residence"] == "FR"
    assert row["activity1.posting"] is True
    assert table.schema.field("activity1.from").type == pa.date32()


def test_the_answers_of_a_table_are_those_of_its_cases(table: pa.Table, posted: dict[str, Any]) -> None:
    answers = cr.determine_table(table)
    assert answers.column_names == ANSWER
    found = [row for row in answers.to_pylist() if row["case"] == "posted"]
    expected = cr.determine(cr.Case.model_validate(posted)).segments
    assert {row["legislation"] for row in found} == {" ".join(one.legislation) for one in expected}
    assert {row["rule"] for row in found} == {"eu-883-2004/12-1"}
    assert all("12(1)" in row["reason"] for row in found)
    assert "article 12, paragraphe 1" in cr.determine_table(table, lang="fr").to_pylist()[0]["reason"]


def test_what_is_missing_is_named_by_its_column(posted: dict[str, Any]) -> None:
    del posted["activities"][0]["posting"]["direct_relationship"]
    answers = cr.determine_table(cr.situations([cr.Case.model_validate(posted)]))
    assert {row["missing"] for row in answers.to_pylist()} == {"activity1.posting.direct_relationship"}
    assert {row["outcome"] for row in answers.to_pylist()} == {"undetermined"}


def test_a_row_opens_as_the_whole_proof(table: pa.Table) -> None:
    result = cr.explain_row(table, 0)
    assert result.segments[0].basis[0].rule == "eu-883-2004/12-1"
    assert result.segments[0].proof is not None


def test_many_rows_in_blocks_and_threads_are_as_one(table: pa.Table) -> None:
    many = pa.concat_tables([table] * (BLOCK // table.num_rows + 2)).combine_chunks()
    one, rejected = answers_of(many, threads=1)
    several, _ = answers_of(many, threads=4)
    assert not rejected
    assert one.equals(several)
    assert one.num_rows == many.num_rows // table.num_rows * cr.determine_table(table).num_rows


def test_a_row_that_is_no_situation_is_named_with_its_column() -> None:
    table = pa.table({"case": ["good", "bad"], "from": [date(2026, 1, 1)] * 2, "activity1.state": ["FR", "XX"]})
    with pytest.raises(cr.InvalidCase, match=r"row 1.*activities\[0\]\.state.*XX"):
        cr.determine_table(table)
    answers, rejected = answers_of(table)
    assert [one.row for one in rejected] == [1]
    assert set(answers["row"].to_pylist()) == {0}


def test_a_column_of_no_fact_is_refused_with_the_nearest() -> None:
    with pytest.raises(cr.InvalidCase, match=r"activity1\.stat.*nearest: activity1\.state"):
        cr.determine_table(pa.table({"activity1.stat": ["FR"]}))


def test_an_empty_table_has_no_answers() -> None:
    answers = cr.determine_table(pa.table({"activity1.state": pa.array([], pa.string())}))
    assert answers.column_names == ANSWER
    assert answers.num_rows == 0


def test_what_no_column_holds_goes_with_the_row(posted: dict[str, Any]) -> None:
    posted["activities"][0]["posting"]["previous"] = [{"from": "2024-01-01", "to": "2025-12-15"}]
    table = cr.situations([cr.Case.model_validate(posted)])
    assert "previous" in table["rest"][0].as_py()
    expected = cr.determine(cr.Case.model_validate(posted)).segments
    got = cr.determine_table(table).to_pylist()
    assert {(row["outcome"], row["rule"]) for row in got} == {(one.outcome, one.basis[0].rule) for one in expected}


@pytest.mark.parametrize("end", [date(9999, 12, 31), None])
def test_days_far_away_are_answered_too(end: date | None) -> None:
    table = pa.table(
        {
            "from": [date(2026, 1, 1)],
            "to": pa.array([end], pa.date32()),
            "activity1.state": ["FR"],
            "person.residence": ["DE"],
        }
    )
    answers = cr.determine_table(table).to_pylist()
    assert answers[-1]["to"] == end


def test_who_waits_hears_of_the_rows_done(table: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleiss_rules.columnar.table.ROUND", 3)
    heard: list[int] = []
    cr.determine_table(pa.concat_tables([table] * 3), told=heard.append)
    assert heard == [*range(3, 3 * table.num_rows, 3), 3 * table.num_rows]


@pytest.mark.parametrize("rows", [1, 2047, 2048])
def test_insurance_that_begins_within_the_days_of_a_row(rows: int) -> None:
    """From then on the person is one who was under a legislation of another State, however many rows there are."""
    case = cr.Case.model_validate(
        {
            "format": 1, "id": "x", "known_on": "2026-11-23", "period": {"from": "2025-01-01", "to": "2025-12-31"},
            "person": {"nationalities": ["BE"], "residence": "BE",
                       "insured": [{"state": "FR", "from": "2025-07-01", "to": "2025-12-31"}]},
            "activities": [{"kind": "not_active"}],
        }
    )  # fmt: skip
    told = [(str(one.from_), str(one.to), one.outcome, one.legislation) for one in cr.determine(case).segments]
    assert told == [
        ("2025-01-01", "2025-06-30", "out_of_scope", ()), ("2025-07-01", "2025-12-31", "determined", ("BE",)),
    ]  # fmt: skip
    whole = cr.situations([case]).to_pylist()[0] | {"from": date(2025, 1, 1), "to": date(2025, 12, 31)}
    one_row = pa.Table.from_pylist([whole], cr.situations([case]).schema)
    for table in (cr.situations([case]), one_row):
        answers = cr.determine_table(pa.concat_tables([table] * rows)).to_pylist()
        found = {(str(one["from"]), str(one["to"]), one["outcome"], one["legislation"]) for one in answers}
        assert found == {(since, to, outcome, " ".join(states) or None) for since, to, outcome, states in told}
