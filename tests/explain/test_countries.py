"""Names of States inside French and English sentences."""

from __future__ import annotations

import re

import pytest

from cleiss_rules.explain import countries
from cleiss_rules.law.store import the_law

FORMS = {
    # code: (with the article, with "de", inside)
    "FR": ("la France", "de la France", "en France"),
    "PT": ("le Portugal", "du Portugal", "au Portugal"),
    "NL": ("les Pays-Bas", "des Pays-Bas", "aux Pays-Bas"),
    "US": ("les États-Unis", "des États-Unis", "aux États-Unis"),
    "MT": ("Malte", "de Malte", "à Malte"),
    "CY": ("Chypre", "de Chypre", "à Chypre"),
    "IL": ("Israël", "d'Israël", "en Israël"),
    "AD": ("Andorre", "d'Andorre", "en Andorre"),
    "DZ": ("l'Algérie", "de l'Algérie", "en Algérie"),
    "DE": ("l'Allemagne", "de l'Allemagne", "en Allemagne"),
    "IR": ("l'Iran", "de l'Iran", "en Iran"),
    "UY": ("l'Uruguay", "de l'Uruguay", "en Uruguay"),
    "EC": ("l'Équateur", "de l'Équateur", "en Équateur"),
    "GB": ("le Royaume-Uni", "du Royaume-Uni", "au Royaume-Uni"),
    "MX": ("le Mexique", "du Mexique", "au Mexique"),
    "MA": ("le Maroc", "du Maroc", "au Maroc"),
    "CH": ("la Suisse", "de la Suisse", "en Suisse"),
    "CA-QC": ("le Québec", "du Québec", "au Québec"),
    "XK": ("le Kosovo", "du Kosovo", "au Kosovo"),
    "YE": ("le Yémen", "du Yémen", "au Yémen"),
    "HT": ("Haïti", "de Haïti", "en Haïti"),
    "PH": ("les Philippines", "des Philippines", "aux Philippines"),
    "NC": ("la Nouvelle-Calédonie", "de la Nouvelle-Calédonie", "en Nouvelle-Calédonie"),
    "MC": ("Monaco", "de Monaco", "à Monaco"),
    "CI": ("la Côte d'Ivoire", "de la Côte d'Ivoire", "en Côte d'Ivoire"),
}


@pytest.mark.parametrize("code", FORMS)
def test_articles_and_contractions_in_french(code: str) -> None:
    found = (countries.the(code, "fr"), countries.of(code), countries.in_(code, "fr"))
    assert found == FORMS[code]


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("NL", "the Netherlands"),
        ("US", "the United States"),
        ("GB", "the United Kingdom"),
        ("AE", "the United Arab Emirates"),
        ("PH", "the Philippines"),
        ("DO", "the Dominican Republic"),
        ("FO", "the Faroe Islands"),
        ("FR", "France"),
        ("CZ", "Czechia"),
        ("DM", "Dominica"),
        ("IL", "Israel"),
    ],
)
def test_the_article_in_english(code: str, english: str) -> None:
    assert countries.the(code, "en") == english
    assert countries.in_(code, "en") == f"in {english}"


def test_the_isle_of_man_takes_an_article() -> None:
    assert countries.the("IM", "en") == "the Isle of Man"


@pytest.mark.parametrize(
    ("code", "inside"),
    [("BB", "à la Barbade"), ("DM", "à la Dominique"), ("GD", "à la Grenade"), ("IM", "à l'Île de Man")],
)
def test_islands_that_are_entered_with_their_article(code: str, inside: str) -> None:
    assert countries.in_(code, "fr") == inside


def test_every_state_of_the_law_has_each_form_and_contracts_rightly() -> None:
    wrong: list[str] = []
    states = the_law().states
    for code, text in states.items():
        plain = {"fr": text.fr, "en": text.en}
        forms = {
            "the fr": countries.the(code, "fr"),
            "of": countries.of(code),
            "in fr": countries.in_(code, "fr"),
            "the en": countries.the(code, "en"),
            "in en": countries.in_(code, "en"),
        }
        for form, found in forms.items():
            if not found.endswith(plain.get(form[-2:], text.fr)):
                wrong.append(f"{code} {form}: {found!r} does not end with its name")
            if not text.fr or not text.en:
                wrong.append(f"{code} has no name")
            # de le, de les, à le, à les, de + vowel, la/le + vowel: never said
            if form in ("the fr", "of", "in fr") and re.search(
                r"\b(de|à) les? |\b(de|la|le) [AEIOUÉÈÊÂÎÔaeiouéè]", found.removesuffix(text.fr) + text.fr[:1]
            ):
                wrong.append(f"{code} {form}: {found!r} is not contracted")
    assert len(states) > 240
    assert wrong == []


def test_the_english_name_never_shows_in_french() -> None:
    for code, text in the_law().states.items():
        if text.en not in text.fr:
            assert text.en not in countries.the(code, "fr").split()
            assert countries.name(code, "fr") == text.fr


def test_what_is_no_state_is_shown_as_it_is() -> None:
    assert countries.name("QQ", "fr") == countries.name("QQ", "en") == "QQ"


@pytest.mark.parametrize(
    ("codes", "lang", "joint", "told"),
    [
        ((), "fr", "ou", ""),
        (("FR",), "fr", "ou", "la France"),
        (("FR", "PT"), "fr", "ou", "la France ou le Portugal"),
        (("FR", "PT", "NL"), "fr", "et", "la France, le Portugal et les Pays-Bas"),
        (("FR", "NL", "US"), "en", "and", "France, the Netherlands and the United States"),
    ],
)
def test_several_states(codes: tuple[str, ...], lang: str, joint: str, told: str) -> None:
    assert countries.list_of(codes, lang, joint) == told
