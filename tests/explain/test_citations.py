"""Citations in French and English legal prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cleiss_rules.explain.citations import in_language, in_prose, with_article
from cleiss_rules.law.model import Law
from cleiss_rules.law.store import the_law

ENGLISH = re.compile(
    r"\b(?:and|or|of|the|on|with|to|in|for|first|second|sentence|general|rule|Regulation|Decision|Agreement|annex|title"
    r"|personal|scope|posting|seafarers|exceptions|crews|employees|EC|EU|EEC|EEA|No)\b|\bpara\.|\bart\.|\badmin\."
)


def every_cite(law: Law) -> Iterator[tuple[str, str]]:
    for instrument in law.instruments.values():
        for rule in (*instrument.binds, *instrument.rules):
            yield rule.key, rule.cite
        for parameter in instrument.parameters.values():
            for value in parameter.values:
                yield f"{instrument.id}/{parameter.name}", value.cite
        for clause in instrument.clauses:
            yield f"{instrument.id}/{clause.id}", clause.cite


@pytest.mark.parametrize(
    ("cite", "french"),
    [
        ("art. 12", "article 12"),
        ("art. 12(1)", "article 12, paragraphe 1"),
        ("art. 11(3)(a)", "article 11, paragraphe 3, point a)"),
        ("art. 13(1)(b)(ii)", "article 13, paragraphe 1, point b), sous ii)"),
        ("art. 13(1)(b)(iv)", "article 13, paragraphe 1, point b), sous iv)"),
        ("art. 14(5b)", "article 14, paragraphe 5b"),
        ("art. 12(1) and (2)", "article 12, paragraphes 1 et 2"),
        ("art. 1(a) and (b)", "article 1er, points a) et b)"),
        ("art. R761-1, para. 4", "article R761-1, al. 4"),
        ("art. 11(4), first sentence", "article 11, paragraphe 4, première phrase"),
        ("Regulation (EU) No 1231/2010, art. 1", "règlement (UE) nº 1231/2010, article 1er"),
        ("Regulation (EC) No 883/2004, art. 12(1)", "règlement (CE) nº 883/2004, article 12, paragraphe 1"),
        ("art. 15 with art. 11(3)(a)", "article 15 combiné avec article 11, paragraphe 3, point a)"),
        ("general rule (art. 3 or 1)", "règle générale (article 3 ou 1)"),
    ],
)
def test_a_citation_is_spelled_out_in_french(cite: str, french: str) -> None:
    assert in_language(cite, "fr") == french


@pytest.mark.parametrize(
    ("cite", "english"),
    [
        ("art. 13(1)(b)(ii)", "article 13(1)(b)(ii)"),
        ("art. 12(1) and (2)", "article 12(1) and (2)"),
        ("art. 14(2); Decision A2, point 1", "article 14(2); Decision A2, point 1"),
        ("Regulation (EU) No 1231/2010, art. 1", "Regulation (EU) No 1231/2010, article 1"),
    ],
)
def test_english_keeps_the_short_form(cite: str, english: str) -> None:
    assert in_language(cite, "en") == english


@pytest.mark.parametrize(
    ("cite", "french"), [("art. 5 and 6", "articles 5 et 6"), ("art. R761-1 and R761-2", "articles R761-1 et R761-2")]
)
def test_several_articles_are_in_the_plural(cite: str, french: str) -> None:
    assert in_language(cite, "fr") == french


def test_a_semicolon_has_its_french_space() -> None:
    french = "article 14, paragraphe 2 ; décision A2, point 1"
    assert in_language("art. 14(2); Decision A2, point 1", "fr") == french


def test_the_point_of_a_decision_in_french() -> None:
    assert "(c)" not in in_language("Decision A2, point 3(c)", "fr")


def test_the_law_has_citations_to_look_at() -> None:
    assert len(list(every_cite(the_law()))) > 100


def test_no_citation_of_the_law_keeps_an_english_word_in_french() -> None:
    found = [(key, cite, in_language(cite, "fr")) for key, cite in every_cite(the_law())]
    assert [row for row in found if ENGLISH.search(row[2]) or not row[2].strip()] == []


def test_no_citation_of_the_law_keeps_its_abbreviation_in_english() -> None:
    found = [(key, in_language(cite, "en")) for key, cite in every_cite(the_law())]
    assert [row for row in found if re.search(r"\bart\.", row[1]) or not row[1].strip()] == []


def test_every_number_of_a_citation_stays_in_both_languages() -> None:
    for key, cite in every_cite(the_law()):
        numbers = sorted(re.findall(r"\d+", cite))
        for lang in ("fr", "en"):
            assert sorted(re.findall(r"\d+", in_language(cite, lang))) == numbers, (key, lang)


@pytest.mark.parametrize(
    ("key", "french", "english"),
    [
        (
            "eu-883-2004/12-1",
            "article 12, paragraphe 1, du règlement (CE) nº 883/2004",
            "article 12(1) of Regulation (EC) No 883/2004",
        ),
        (
            "eu-883-2004/13-1-b-i",
            "article 13, paragraphe 1, point b), sous i), du règlement (CE) nº 883/2004",
            "article 13(1)(b)(i) of Regulation (EC) No 883/2004",
        ),
        (
            "fr-mr/general",
            "article 3 de la convention franco-mauritanienne du 22 juillet 1965",
            "article 3 of the France–Mauritania convention of 22 July 1965",
        ),
        (
            "fr-mr/administration-staff",
            "articles 3 et 4 de la convention franco-mauritanienne du 22 juillet 1965",
            "articles 3 and 4 of the France–Mauritania convention of 22 July 1965",
        ),
        (
            "fr-tg/general",
            "article 1er de la convention franco-togolaise du 7 décembre 1971",
            "article 1 of the France–Togo convention of 7 December 1971",
        ),
    ],
)
def test_a_rule_is_cited_with_its_text(key: str, french: str, english: str) -> None:
    law = the_law()
    assert in_prose(law, law.rule(key), "fr") == french
    assert in_prose(law, law.rule(key), "en") == english


@pytest.mark.parametrize(
    ("instrument", "french", "english"),
    [
        ("fr-ml", "la convention franco-malienne du 12 juin 1979", "the France–Mali convention of 12 June 1979"),
        ("fr-mg", "l'accord franco-malgache du 8 mai 1967", "the France–Madagascar agreement of 8 May 1967"),
        ("eu-883-2004", "le règlement (CE) nº 883/2004", "Regulation (EC) No 883/2004"),
        ("fr-css", "le code de la sécurité sociale", "the French Code of social security"),
    ],
)
def test_a_text_is_named_with_its_article(instrument: str, french: str, english: str) -> None:
    name = the_law().instruments[instrument].name
    assert (with_article(name.fr, "fr"), with_article(name.en, "en")) == (french, english)


def test_no_rule_in_prose_keeps_a_word_of_the_other_language() -> None:
    law = the_law()
    french = re.compile(r"\b(?:paragraphe|règlement|et|du|de la|accord|décision|sous)\b")
    for instrument in law.instruments.values():
        for rule in (*instrument.binds, *instrument.rules):
            told = in_prose(law, rule, "fr")
            assert not ENGLISH.search(told), (rule.key, told)
            assert not french.search(in_prose(law, rule, "en")), rule.key


def test_french_prose_contracts_the_article_of_the_text() -> None:
    law = the_law()
    told = {in_prose(law, rule, "fr") for one in law.instruments.values() for rule in (*one.binds, *one.rules)}
    assert not [text for text in told if re.search(r"\bde le\b|\bde les\b|\bde la [aeiouéâ]|\bde l'[^aeiouéâh]", text)]
