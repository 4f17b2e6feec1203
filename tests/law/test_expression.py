import pytest

from cleiss_rules.law.expression import ExpressionError, parse


def test_words_read_like_the_law() -> None:
    assert parse("posting.duration <= 24 months") == [
        "cmp", "<=", ["name", "posting.duration"], ["lit", "period", [24, "months"]],
    ]  # fmt: skip
    assert parse("2 years") == ["lit", "period", [24, "months"]]
    assert parse("2 weeks") == ["lit", "period", [14, "days"]]
    assert parse("24.9 %") == ["lit", "percent", 24.9]


def test_not_and_or_bind_as_in_speech() -> None:
    assert parse("not a.x and b.y or c.z") == [
        "or", ["and", ["not", ["name", "a.x"]], ["name", "b.y"]], ["name", "c.z"],
    ]  # fmt: skip


def test_no_is_the_negation_of_some() -> None:
    assert parse("no activity: a.x") == ["not", ["some", "activity", None, ["name", "a.x"]]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a is is b", "column 9"),
        ("a <= ", "accepted"),
        ("1.5 months", "whole month"),
        ("a $ b", "belongs to no word"),
        ("", "accepted"),
    ],
)
def test_a_fault_tells_where_and_what_would_be_accepted(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        parse(text)
