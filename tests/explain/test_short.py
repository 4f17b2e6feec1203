"""The short explanation: what a caseworker could put into a letter."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest

from cleiss_rules.determination import determine
from cleiss_rules.explain import phrases
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Text

NAMES = ("posted", "several", "undetermined", "discretionary", "bound", "outside", "algeria", "unbounded")
LANGS: tuple[Literal["fr", "en"], ...] = ("fr", "en")
#: words that are never part of a text in the other language
ENGLISH = re.compile(
    r"\b(?:the|of|and|or|is|was|not|from|to|no|with|under|State|Regulation|Decision|legislation|applies|posted|unknown|yes)\b"
)
FRENCH = re.compile(
    r"\b(?:le|la|les|du|des|et|ou|est|une|aux|au|dans|pour|article \d+, paragraphe|règlement|législation|oui|inconnu)\b"
)


def lines(answer: Any, name: str, lang: Literal["fr", "en"]) -> list[str]:
    text: str = answer(name).explain(lang)
    return text.rstrip("\n").split("\n")


def labelled(told: list[str], label: Text, lang: str) -> str:
    start = label.in_(lang) + phrases.COLON.in_(lang)
    (line,) = [line for line in told if line.startswith(start)]
    return line.removeprefix(start)


def labels(told: list[str]) -> list[str]:
    known = [one for one in vars(phrases).values() if isinstance(one, Text)]
    return [
        line
        for line in told
        if line.startswith(tuple(start for one in known for start in (one.fr + " :", one.en + ":")))
    ]


def test_a_posted_worker_in_french(answer: Any) -> None:
    told = lines(answer, "posted", "fr")
    assert told[0] == "Du 1er janvier 2026 au 31 décembre 2027, législation applicable : celle de la France."
    assert told[1] == (
        "La personne est détachée depuis la France vers l'Italie du 1er janvier 2026 au 31 décembre 2027 (24 mois), "
        "soit pas plus de 24 mois : elle reste soumise à la législation de l'État d'envoi."
    )
    assert labelled(told, phrases.BASIS, "fr") == "article 12, paragraphe 1, du règlement (CE) nº 883/2004."
    otherwise = labelled(told, phrases.OTHERWISE, "fr")
    assert "la législation de l'Italie s'appliquerait (article 11, paragraphe 3, point a), du règlement" in otherwise
    assert "la durée prévue n'excède pas 24 mois" in otherwise
    assert labelled(told, phrases.DOCUMENT, "fr") == "A1, à demander à l'institution de la France."
    assumed = labelled(told, phrases.ASSUMED, "fr")
    for word in ("aucun détachement antérieur", "aucune attestation", "aucun accord entre autorités"):
        assert word in assumed
    met = labelled(told, phrases.MET, "fr")
    assert "le lien organique avec l'employeur qui détache est maintenu" in met


def test_a_posted_worker_in_english(answer: Any) -> None:
    told = lines(answer, "posted", "en")
    assert told[0] == "From 1 January 2026 to 31 December 2027, the legislation of France applies."
    assert told[1] == (
        "The person is posted from France to Italy from 1 January 2026 to 31 December 2027 (24 months), "
        "no longer than 24 months: the sending State's legislation goes on applying."
    )
    assert labelled(told, phrases.BASIS, "en") == "article 12(1) of Regulation (EC) No 883/2004."
    otherwise = labelled(told, phrases.OTHERWISE, "en")
    assert "the legislation of Italy would apply (article 11(3)(a) of Regulation (EC) No 883/2004)" in otherwise
    assert labelled(told, phrases.DOCUMENT, "en") == "A1, to be asked of the institution of France."
    assert "no earlier posting is stated" in labelled(told, phrases.ASSUMED, "en")


@pytest.mark.parametrize(
    ("lang", "state", "figures", "cite"),
    [
        (
            "fr",
            "celle de l'Allemagne.",
            "(la France : 24,9 % ; seuil : 25 %)",
            "article 13, paragraphe 1, point b), sous i), du règlement (CE) nº 883/2004.",
        ),
        (
            "en",
            "the legislation of Germany applies.",
            "(France: 24.9%; threshold: 25%)",
            "article 13(1)(b)(i) of Regulation (EC) No 883/2004.",
        ),
    ],
)
def test_a_worker_in_several_states(
    answer: Any, lang: Literal["fr", "en"], state: str, figures: str, cite: str
) -> None:
    told = lines(answer, "several", lang)
    assert told[0].endswith(state)
    if lang == "en":
        assert figures in told[1]
    assert labelled(told, phrases.BASIS, lang) == cite
    near = labelled(told, phrases.OTHERWISE, lang)
    substantial = {
        "fr": "article 13, paragraphe 1, point a), du règlement (CE) nº 883/2004",
        "en": "article 13(1)(a) of Regulation (EC) No 883/2004",
    }[lang]
    assert substantial in near
    assert {"fr": "désignerait la France", "en": "would lead to France"}[lang] in near
    assert {"fr": "part du temps de travail salarié (France) : 24,9 %", "en": "(France): 24.9%"}[lang] in near


def test_a_state_that_labels_a_figure_stands_without_article(answer: Any) -> None:
    assert "(France : 24,9 % ; seuil : 25 %)" in lines(answer, "several", "fr")[1]


@pytest.mark.parametrize("lang", LANGS)
def test_an_undetermined_case_asks_in_order(answer: Any, lang: Literal["fr", "en"]) -> None:
    (segment,) = answer("undetermined").segments
    asked = [getattr(one.question, lang) for one in segment.missing]
    assert len(asked) == 2
    told = lines(answer, "undetermined", lang)
    heading = {"fr": "ne peut pas encore être déterminée.", "en": "can't be determined yet."}[lang]
    assert told[0].endswith(heading)
    start = told.index({"fr": "Il faut savoir, dans cet ordre :", "en": "What has to be known, in this order:"}[lang])
    assert told[start + 1 : start + 3] == [f"  1. {asked[0]}", f"  2. {asked[1]}"]
    states = {"fr": {"la France", "l'Italie"}, "en": {"France", "Italy"}}[lang]
    assert set(labelled(told, phrases.POSSIBLE, lang).removesuffix(".").split(", ")) == states
    leads = labelled(told, phrases.LEADS, lang)
    assert {"fr": "article 12, paragraphe 1,", "en": "article 12(1) of"}[lang] in leads
    assert {"fr": "désigne la France si", "en": "leads to France if"}[lang] in leads
    assert not [line for line in told if line.startswith((phrases.BASIS.in_(lang), phrases.OTHERWISE.in_(lang)))]


@pytest.mark.parametrize("lang", LANGS)
def test_a_state_that_can_not_be_named(answer: Any, lang: Literal["fr", "en"]) -> None:
    told = labelled(lines(answer, "unbounded", lang), phrases.POSSIBLE, lang)
    assert told == {"fr": "la France, l'Italie, un autre État.", "en": "France, Italy, another State."}[lang]


@pytest.mark.parametrize("lang", LANGS)
def test_a_discretionary_case(answer: Any, lang: Literal["fr", "en"]) -> None:
    told = lines(answer, "discretionary", lang)
    assert told[0].endswith(
        {"fr": "dépend de l'appréciation d'une institution.", "en": "depends on an institution's assessment."}[lang]
    )
    start = {
        "fr": "À apprécier par l'institution de la France : activité substantielle dans l'État d'envoi",
        "en": "To be assessed by the institution of France: substantial activity in the sending State",
    }[lang]
    (line,) = [line for line in told if line.startswith(start)]
    assert {"fr": "(pièces utiles : extrait du registre", "en": "(evidence to ask for: register extract"}[lang] in line
    states = {"fr": "la France, l'Italie.", "en": "France, Italy."}[lang]
    assert labelled(told, phrases.POSSIBLE, lang) == states
    assert phrases.QUESTIONS.in_(lang) not in "\n".join(told)


@pytest.mark.parametrize("lang", LANGS)
def test_a_bound_case(answer: Any, lang: Literal["fr", "en"]) -> None:
    told = lines(answer, "bound", lang)
    assert told[0].endswith(
        {"fr": "celle de la France, déjà fixée.", "en": "the legislation of France applies, as already fixed."}[lang]
    )
    assert told[1].startswith(
        {"fr": "Le document délivré par la France lie", "en": "The document issued by France binds"}[lang]
    )
    assert "987/2009" in labelled(told, phrases.BASIS, lang)
    assert {"fr": "les règles désigneraient la France", "en": "the rules would lead to France"}[lang] in labelled(
        told, phrases.NOTE, lang
    )
    assert not [line for line in told if line.startswith(phrases.OTHERWISE.in_(lang))]


def test_what_the_rules_would_say_is_cited_in_french(answer: Any) -> None:
    assert "article 12, paragraphe 1" in labelled(lines(answer, "bound", "fr"), phrases.NOTE, "fr")


def test_a_document_that_exists_is_not_to_be_asked_for(answer: Any) -> None:
    assert "à demander" not in answer("bound").explain("fr")


@pytest.mark.parametrize("lang", LANGS)
def test_an_out_of_scope_case(answer: Any, lang: Literal["fr", "en"]) -> None:
    told = lines(answer, "outside", lang)
    assert told[0].endswith({"fr": "aucune législation n'est désignée.", "en": "no legislation is named."}[lang])
    note = labelled(told, phrases.NOTE, lang)
    assert {"fr": "Wallis-et-Futuna", "en": "Wallis & Futuna"}[lang] in note
    assert {"fr": "droit interne", "en": "national law"}[lang] in note


def test_a_bilateral_agreement_is_named(answer: Any) -> None:
    french, english = (lines(answer, "algeria", lang) for lang in LANGS)
    assert labelled(french, phrases.BASIS, "fr") == (
        "article 6, paragraphe 1, point a), de la convention franco-algérienne du 1er octobre 1980."
    )
    assert "soit pas plus de 3 ans" in french[1]
    assert labelled(english, phrases.BASIS, "en") == (
        "article 6(1)(a) of the France–Algeria convention of 1 October 1980."
    )
    assert labelled(french, phrases.DOCUMENT, "fr").startswith("SE 352-01, à demander à l'institution de la France")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_program_shows(answer: Any, name: str, lang: Literal["fr", "en"]) -> None:
    text = answer(name).explain(lang)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for trace in ("{", "}", "None", "Text(", "Period(", "Span(", "KnownSet", "frozenset", "datetime", "<", "()", "  :"):
        assert trace not in text
    assert not re.search(r"\b\w+_\w+\b|\b\d{4}-\d{2}-\d{2}\b|\bTrue\b|\bFalse\b", text)


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_the_other_language(answer: Any, name: str) -> None:
    french, english = answer(name).explain("fr"), answer(name).explain("en")
    assert ENGLISH.findall(french) == []
    assert FRENCH.findall(english) == []


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_tell_the_same_lines(answer: Any, name: str) -> None:
    french, english = (lines(answer, name, lang) for lang in LANGS)
    assert len(french) == len(english)
    assert len(labels(french)) == len(labels(english))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_every_line_begins_with_a_capital_and_ends_as_a_sentence(
    answer: Any, name: str, lang: Literal["fr", "en"]
) -> None:
    for line in lines(answer, name, lang):
        assert line.endswith((".", "?", ":", "…")), line
        assert line.lstrip()[0].isupper() or re.match(r" {2}\d+\. ", line), line
        assert ".." not in line


@pytest.mark.parametrize("name", NAMES)
def test_french_has_a_space_before_colons_and_semicolons_and_english_none(answer: Any, name: str) -> None:
    assert re.findall(r"\S+[:;?!]", answer(name).explain("fr")) == []
    assert re.findall(r"\s[:;?!]", answer(name).explain("en")) == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_grade_of_the_weakest_source_is_told(answer: Any, lang: Literal["fr", "en"]) -> None:
    (segment,) = answer("posted").segments
    assert labelled(lines(answer, "posted", lang), phrases.SOURCE, lang).startswith(
        phrases.GRADES[segment.grade].in_(lang)
    )


def planned(posted: dict[str, Any]) -> dict[str, Any]:
    """A posting to Algeria of which only a number of months is known."""
    activity = posted["activities"][0]
    activity.update({"state": "DZ", "from": None, "to": None})
    activity["posting"]["planned_months"] = 18
    return posted


def test_planned_months_are_told(posted: dict[str, Any]) -> None:
    result = determine(Case.model_validate(planned(posted)))
    assert result.segments[0].outcome == "determined"
    assert "18 mois" in result.explain("fr")
    assert "18 months" in result.explain("en")


@pytest.mark.parametrize("lang", LANGS)
def test_planned_months_show_no_invented_day(posted: dict[str, Any], lang: Literal["fr", "en"]) -> None:
    assert "2001" not in determine(Case.model_validate(planned(posted))).explain(lang)


def test_segments_are_apart_and_say_what_changes(spread: dict[str, Any]) -> None:
    spread["activities"][0]["to"] = "2026-06-30"
    result = determine(Case.model_validate(spread))
    blocks = result.explain("fr").split("\n\n")
    assert len(blocks) == len(result.segments) == 2
    assert blocks[0].startswith("Du 1er janvier 2026 au 30 juin 2026, ")
    assert blocks[1].startswith("Du 1er juillet 2026 au 31 décembre 2026, ")
    assert "\nCe qui change à cette date : " in f"\n{blocks[1]}"


def test_an_answer_read_back_from_json_still_has_words(answer: Any) -> None:
    result = answer("posted")
    again = type(result).model_validate(
        {key: value for key, value in result.model_dump(by_alias=True).items() if key != "receipt"}
    )
    for lang, basis in (("fr", "Fondement : art. 12(1)"), ("en", "Legal basis: art. 12(1)")):
        text = again.explain(lang)
        assert text.split("\n")[0] == result.explain(lang).split("\n")[0]
        assert basis in text or "883/2004, art. 12(1)" in text


@pytest.mark.parametrize(("lang", "detail"), [("de", "short"), ("fr", "long"), ("", "short")])
def test_a_language_or_detail_that_does_not_exist(answer: Any, lang: Any, detail: Any) -> None:
    with pytest.raises(ValueError, match="accepted: "):
        answer("posted").explain(lang, detail)
