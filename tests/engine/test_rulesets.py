"""Which days a rule set holds for."""

from __future__ import annotations

from datetime import date

from cleiss_rules.determination import engine_in_use


def test_the_day_a_state_joins_a_group_that_a_condition_names_is_a_change() -> None:
    engine = engine_in_use()
    instrument = engine.law.instruments["eu-883-2004"]
    assert date(2024, 1, 1) in engine.changes[instrument.id]  # Italy among the signatories on telework
    relation = next(one for one in instrument.relations if one.id == "eu")
    eve, day = (
        engine.get(instrument, relation, on, date(2026, 11, 23)) for on in (date(2023, 12, 31), date(2024, 1, 1))
    )
    assert eve is not day
