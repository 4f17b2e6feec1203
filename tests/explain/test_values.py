"""Values of facts and parameters in words."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

import pytest

from cleiss_rules.calendar import Period, Span
from cleiss_rules.engine.proof import FactUsed
from cleiss_rules.explain import values
from cleiss_rules.facts.sets import KnownSet
from cleiss_rules.law.store import the_law


def on(text: str) -> date:
    return date.fromisoformat(text)


def span(first: str, last: str | None) -> Span:
    return Span(on(first), on(last) if last else None)


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        ("2026-01-01", "1er janvier 2026", "1 January 2026"),
        ("2026-02-02", "2 février 2026", "2 February 2026"),
        ("2024-08-11", "11 août 2024", "11 August 2024"),
        ("2024-12-31", "31 décembre 2024", "31 December 2024"),
        ("1999-03-21", "21 mars 1999", "21 March 1999"),
    ],
)
def test_a_day(day: str, french: str, english: str) -> None:
    assert (values.day(on(day), "fr"), values.day(on(day), "en")) == (french, english)


def test_the_months_are_those_of_the_language() -> None:
    months = {
        lang: [values.day(date(2026, month, 5), lang).split()[1] for month in range(1, 13)] for lang in ("fr", "en")
    }
    assert [month[:3] for month in months["en"]] == list(calendar.month_abbr)[1:]
    assert [month[:3] for month in months["fr"]] == [
        "jan",
        "fév",
        "mar",
        "avr",
        "mai",
        "jui",
        "jui",
        "aoû",
        "sep",
        "oct",
        "nov",
        "déc",
    ]


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        ("2026-01-01", "2026-06-30", "du 1er janvier 2026 au 30 juin 2026", "from 1 January 2026 to 30 June 2026"),
        ("2026-05-02", "2026-05-02", "le 2 mai 2026", "on 2 May 2026"),
        ("2026-05-01", None, "à partir du 1er mai 2026", "from 1 May 2026 on"),
        ("0001-01-01", "2026-05-01", "jusqu'au 1er mai 2026", "until 1 May 2026"),
        ("0001-01-01", None, "sans limite", "without limit"),
    ],
)
def test_days(first: str, last: str | None, french: str, english: str) -> None:
    end = on(last) if last else None
    assert (values.days(on(first), end, "fr"), values.days(on(first), end, "en")) == (french, english)


@pytest.mark.parametrize(
    ("count", "unit", "french", "english"),
    [
        (24, "months", "24 mois", "24 months"),
        (1, "months", "1 mois", "1 month"),
        (12, "months", "12 mois", "12 months"),
        (35, "months", "35 mois", "35 months"),
        (36, "months", "3 ans", "3 years"),
        (37, "months", "37 mois", "37 months"),
        (60, "months", "5 ans", "5 years"),
        (1, "days", "1 jour", "1 day"),
        (183, "days", "183 jours", "183 days"),
        (0, "days", "0 jours", "0 days"),
    ],
)
def test_a_period_of_the_law(count: int, unit: Any, french: str, english: str) -> None:
    period = Period(count, unit)
    assert (values.period(period, "fr"), values.period(period, "en")) == (french, english)


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        ("2026-01-01", "2027-12-31", "24 mois", "24 months"),
        ("2026-01-01", "2027-06-30", "18 mois", "18 months"),
        ("2026-01-01", "2027-07-03", "18 mois et 3 jours", "18 months and 3 days"),
        ("2026-01-01", "2026-01-01", "1 jour", "1 day"),
        ("2026-01-15", "2026-02-13", "30 jours", "30 days"),
        ("2026-01-15", "2026-02-14", "1 mois", "1 month"),
        ("2025-01-31", "2025-02-28", "1 mois", "1 month"),
        ("2025-01-31", "2025-03-01", "1 mois et 1 jour", "1 month and 1 day"),
        ("2024-02-29", "2026-02-28", "24 mois", "24 months"),
        ("2024-02-29", "2026-02-27", "23 mois et 30 jours", "23 months and 30 days"),
        ("2024-03-01", "2026-02-28", "24 mois", "24 months"),
        ("2026-01-01", "2028-12-31", "3 ans", "3 years"),
        ("2026-01-01", "2029-01-01", "3 ans et 1 jour", "3 years and 1 day"),
        ("2019-03-01", "2025-12-31", "6 ans et 10 mois", "6 years and 10 months"),
        ("2026-01-02", "2026-01-01", "0 jours", "0 days"),
        ("2026-01-01", None, "sans fin connue", "without a known end"),
    ],
)
def test_a_length(first: str, last: str | None, french: str, english: str) -> None:
    days = span(first, last)
    assert (values.length(days, "fr"), values.length(days, "en")) == (french, english)


def test_a_length_of_three_parts() -> None:
    days = span("2019-03-01", "2026-01-03")
    assert values.length(days, "fr") == "6 ans, 10 mois et 3 jours"
    assert values.length(days, "en") == "6 years, 10 months and 3 days"


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        (
            "2026-01-31",
            "2026-02-28",
            "du 31 janvier 2026 au 28 février 2026 (1 mois)",
            "from 31 January 2026 to 28 February 2026 (1 month)",
        ),
        (
            "2026-01-01",
            "2027-12-31",
            "du 1er janvier 2026 au 31 décembre 2027 (24 mois)",
            "from 1 January 2026 to 31 December 2027 (24 months)",
        ),
        ("2026-01-01", None, "à partir du 1er janvier 2026", "from 1 January 2026 on"),
        ("0001-01-01", "2026-01-31", "jusqu'au 31 janvier 2026", "until 31 January 2026"),
        ("2026-01-02", "2026-01-01", "aucun", "none"),
    ],
)
def test_a_span(first: str, last: str | None, french: str, english: str) -> None:
    days = span(first, last)
    assert (values.span(days, "fr"), values.span(days, "en")) == (french, english)


@pytest.mark.parametrize(
    ("share", "french", "english"),
    [
        (24.9, "24,9 %", "24.9%"),
        (25.0, "25 %", "25%"),
        (0.0, "0 %", "0%"),
        (100.0, "100 %", "100%"),
        (24.99, "24,99 %", "24.99%"),
    ],
)
def test_a_share(share: float, french: str, english: str) -> None:
    assert (values.percent(share, "fr"), values.percent(share, "en")) == (french, english)


def test_a_share_just_below_a_threshold_is_not_rounded_up_to_it() -> None:
    assert values.percent(24.999, "en") != values.percent(25.0, "en")


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (None, "inconnu", "unknown"),
        (True, "oui", "yes"),
        (False, "non", "no"),
        (date(2026, 1, 1), "1er janvier 2026", "1 January 2026"),
        (Period(36, "months"), "3 ans", "3 years"),
        (Span(date(2026, 1, 1), None), "à partir du 1er janvier 2026", "from 1 January 2026 on"),
        (24.9, "24,9 %", "24.9%"),
        ("DE", "Allemagne", "Germany"),
        ("acme", "acme", "acme"),
        (3, "3", "3"),
        (KnownSet.of(frozenset(("FR", "DE"))), "Allemagne, France", "France, Germany"),
        (KnownSet.of(frozenset()), "aucun", "none"),
        (KnownSet(frozenset(("FR",)), frozenset(("FR",)), open=True), "France, …", "France, …"),
        (KnownSet(frozenset(), frozenset(), open=True), "aucun, …", "none, …"),
    ],
)
def test_a_value(value: object, french: str, english: str) -> None:
    law = the_law()
    told = {values.value_text(value, lang, law) for lang in ("fr", "en")}
    assert told == {french, english}
    assert values.value_text(value, "fr", law) == french


def test_the_words_of_a_status() -> None:
    law = the_law()
    spec = law.facts["activity.kind"]
    assert values.value_text("employed", "fr", law, spec) == "activité salariée"
    assert values.value_text("employed", "en", law, spec) == "employed activity"


def test_every_status_of_the_law_has_words_in_both_languages() -> None:
    law = the_law()
    silent = [
        (spec.path, value)
        for spec in law.facts.values()
        if spec.type == "enum"
        for value in spec.values
        if value not in ("A1", "E101", "E102")  # own names of forms
        and (value not in spec.words or not (spec.words[value].fr and spec.words[value].en))
    ]
    assert silent == []


def test_a_word_that_looks_like_a_state_stays_where_no_state_is_asked() -> None:
    law = the_law()
    spec = next(one for one in law.facts.values() if one.type == "text" or one.path == "employer.id")
    assert values.value_text("FR", "fr", law, spec) == "FR"


@pytest.mark.parametrize("name", ["posting.duration", "posting.since_first", "cumulated_posting", "elapsed_posting"])
def test_a_length_without_known_days_shows_no_invented_day(name: str) -> None:
    law = the_law()
    days = span("2001-01-01", "2002-06-30")
    for lang, length in (("fr", "18 mois"), ("en", "18 months")):
        told = values.fact_text(FactUsed(name, None, "activities[0].to", days, dated=False), lang, law)
        assert told.endswith(length)
        assert "2001" not in told
        assert "2001" in values.fact_text(FactUsed(name, None, "activities[0].to", days, dated=True), lang, law)


def test_a_fact_with_its_label_and_the_state_it_is_about() -> None:
    law = the_law()
    used = FactUsed("time_share", "FR", "activities[].working_time", 24.9)
    assert values.fact_text(used, "fr", law) == "part du temps de travail salarié (France) : 24,9 %"
    assert values.fact_text(used, "en", law) == "share of employed working time (France): 24.9%"
    unknown = FactUsed("activity.marginal", None, "activities[0].marginal", None)
    assert values.fact_text(unknown, "fr", law).endswith(" : inconnu")
    assert values.fact_text(unknown, "en", law).endswith(": unknown")
