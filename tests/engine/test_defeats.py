"""Which rules a provision that takes the place of every other one defeats."""

from __future__ import annotations

from datetime import date

from cleiss_rules.determination import engine_in_use


def test_every_other_rule_of_the_question_but_its_like() -> None:
    engine = engine_in_use()
    rules = engine.get(engine.law.instruments["uk-wa"], None, date(2026, 1, 1), date(2026, 11, 23))
    answering = {key for key, one in rules.by_key.items() if one.rule.question == "applicable_legislation"}
    replacing = {key for key in answering if "*" in rules.by_key[key].rule.defeats}
    assert "uk-wa/33" in replacing
    for key in answering - replacing:
        assert replacing <= set(rules.defeaters[key])
    assert not replacing & set(rules.defeaters)
    assert "uk-wa/33" not in rules.defeaters.get("eu-987-2009/5-1", ())
