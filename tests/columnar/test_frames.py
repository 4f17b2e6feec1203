"""States in the same roles share an answer, unless it has looked at what sets them apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations

import pyarrow as pa
import pytest

import cleiss_rules as cr
from cleiss_rules.columnar.figures import Figures
from cleiss_rules.columnar.frames import Frames
from cleiss_rules.columnar.reads import First, Spelt
from cleiss_rules.columnar.rows import case_of
from cleiss_rules.columnar.table import Columnar
from cleiss_rules.determination import engine_in_use

Fresh = Callable[..., Columnar]
DAY = date(2026, 1, 1)
UNION = sorted(engine_in_use().law.groups["EU"].on(DAY))


def _pairs(**more: object) -> pa.Table:
    """A person who lives in one State of the Union and works in another, for every two of them."""
    pairs = list(permutations(UNION, 2))
    plain = {"from": DAY, "to": date(2026, 12, 31), "activity1.kind": "employed", **more}
    return pa.table(
        {
            "person.residence": [home for home, _ in pairs],
            "activity1.state": [away for _, away in pairs],
            **{name: [value] * len(pairs) for name, value in plain.items()},
        }
    )


def _classes(engine: Columnar) -> int:
    (plan,) = engine._plans.values()
    return plan.classes


def test_work_in_any_two_states_is_answered_a_few_times(fresh: Fresh) -> None:
    engine, table = fresh(), _pairs()
    answers = engine.answers(table)[0].to_pylist()
    assert [one["legislation"] for one in answers] == table["activity1.state"].to_pylist()
    assert _classes(engine) < 12


def test_states_that_a_rule_spells_out_get_their_own_answers(fresh: Fresh) -> None:
    """Who works on the Rhine is under an agreement that names its States."""
    engine, table = fresh(), _pairs(**{"activity1.sector": "rhine_navigation", "activity1.place.kind": "vessel"})
    answers = engine.answers(table)[0].to_pylist()
    for row in range(0, table.num_rows, 17):
        case = case_of(table.slice(row, 1).to_pylist()[0])
        found = cr.determine(case).segments
        expected = {(one.outcome, frozenset(one.legislation), one.instrument) for one in found}
        mine = [one for one in answers if one["row"] == row]
        said = {(one["outcome"], frozenset((one["legislation"] or "").split()), one["instrument"]) for one in mine}
        assert said == expected, case
    assert _classes(engine) < table.num_rows / 4


@pytest.mark.parametrize(("seat", "spelt"), [("FR", False), ("GB", True)])
def test_states_that_are_tried_first_by_name_are_told_apart(fresh: Fresh, seat: str, *, spelt: bool) -> None:
    """Where the State of residence is unknown, the first State by name that a row does not name is tried for it."""
    shares = {
        "activity1.pattern": "alternating", "activity1.working_time": 60.0, "activity2.kind": "employed",
        "activity2.pattern": "alternating", "activity2.working_time": 40.0, "activity1.employer": "one",
        "activity1.employer.seat": seat, "activity2.employer": "one", "activity2.employer.seat": seat,
        "person.nationalities": "FR",
    }  # fmt: skip
    table = _pairs(**shares).rename_columns({"person.residence": "activity2.state"})
    engine = fresh()
    answers = engine.answers(table)[0].to_pylist()
    for row in range(table.num_rows):
        if "AT" in (table["activity1.state"][row].as_py(), table["activity2.state"][row].as_py()) or row % 29 == 0:
            found = cr.determine(case_of(table.slice(row, 1).to_pylist()[0])).segments
            expected = {(one.outcome, frozenset(one.legislation)) for one in found}
            mine = [one for one in answers if one["row"] == row]
            assert {(one["outcome"], frozenset(one["legislation"].split())) for one in mine} == expected
    (plan,) = engine._plans.values()
    read = list(plan._features._read)
    assert First() in read
    assert any(isinstance(one, Spelt) for one in read) is spelt  # the texts with the United Kingdom name it


def test_a_party_that_no_row_names_is_told_apart_from_one_that_a_row_names(fresh: Fresh) -> None:
    """The text leaves all its parties possible: those that a row names, and the others by their name."""
    homes = ("IS", "NO", "LI")
    rows = {
        "person.residence": list(homes), "activity1.posting.from_state": list(homes), "activity1.state": ["GB"] * 3,
        "from": [date(2024, 6, 7)] * 3, "to": [date(2024, 7, 7)] * 3, "activity1.kind": ["self_employed"] * 3,
        "person.nationalities": list(homes), "person.uk_situation_since": [date(2021, 1, 2)] * 3,
    }  # fmt: skip
    answers = fresh().answers(pa.table(rows))[0].to_pylist()
    assert [set(one["legislation"].split()) for one in answers] == [{"GB", "IS", "LI", "NO"}] * 3
    assert {one["instrument"] for one in answers} == {"uk-eea-convention-2024"}


def test_a_setting_is_that_of_its_days() -> None:
    frames = Frames(engine_in_use())
    columns = [("FR",), ("GB",)]
    frame = frames.frame(columns, frozenset({"FR", "GB"}))
    inside, after = frames.setting(frame, date(2019, 1, 1)), frames.setting(frame, date(2021, 1, 1))
    assert inside.content != after.content
    assert inside is frames.setting(frame, date(2019, 1, 2))
    other = frames.frame([("DE",), ("GB",)], frozenset({"DE", "GB"}))
    assert frames.setting(other, date(2021, 1, 1)).kinds["GB"] == after.kinds["GB"]


def test_what_changes_for_another_relation_sets_no_states_apart() -> None:
    """At the end of 2024 a rule ends between the Union and Switzerland only."""
    frames, days = Frames(engine_in_use()), (date(2024, 12, 31), date(2025, 1, 1))
    inside, with_switzerland = (frames.frame([("FR",), (other,)], frozenset({"FR", other})) for other in ("DE", "CH"))
    assert len({frames.figure(inside, day) for day in days}) == 1
    assert len({frames.figure(with_switzerland, day) for day in days}) == 2


def test_members_are_those_of_their_days() -> None:
    frames = Frames(engine_in_use())
    figures = Figures(frames)
    told = figures.members("EU")
    for day in (date(2019, 1, 1), date(2021, 1, 1)):
        for columns in ([("GB",), ("FR",)], [("FR",), None], [("CH",), ("FR", "GB")]):
            figures.learn(frames.frame(columns, frozenset()), day)
            held = told()
    assert held.tolist() == [0b11, 0b1, 0b110, 0b10, 0b1, 0b10]
    assert figures.members("EU")().tolist() == held.tolist()
