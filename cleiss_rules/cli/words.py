"""The words of the command line's tables, in French and English, and the language to use."""

from __future__ import annotations

import os
from enum import StrEnum


class Lang(StrEnum):
    """The languages of the answers."""

    fr = "fr"
    en = "en"


HEADINGS = {
    Lang.fr: ("du", "au", "résultat", "législation", "article", "texte"),
    Lang.en: ("from", "to", "outcome", "legislation", "article", "instrument"),
}
OUTCOMES = {
    Lang.fr: {
        "determined": "déterminée",
        "undetermined": "indéterminée : des faits manquent",
        "discretionary": "à apprécier par l'institution",
        "bound": "fixée par un document ou un accord",
        "conflict": "conflit entre deux règles",
        "out_of_scope": "hors du champ de tout texte",
    },
    Lang.en: {
        "determined": "determined",
        "undetermined": "undetermined: facts are missing",
        "discretionary": "for the institution to assess",
        "bound": "fixed by a document or agreement",
        "conflict": "conflict of two rules",
        "out_of_scope": "outside every instrument",
    },
}
#: where no fact is missing, but the text that decides could not be read
LAW_MISSING = {Lang.fr: "indéterminée : un texte reste à lire", Lang.en: "undetermined: a text has to be read"}
#: what stands between the figures of articles in the law files, in French
BETWEEN_ARTICLES = {
    "and": "et", "with": "avec", "to": "à", "annex": "annexe", "first sentence": "1re phrase", "second sentence": "2e phrase",
    "Regulation": "règlement", "Decision": "décision", "original wording": "texte initial",
}  # fmt: skip
OPEN_END = {Lang.fr: "sans fin", Lang.en: "open"}
OR = {Lang.fr: " ou ", Lang.en: " or "}
AND = {Lang.fr: " et ", Lang.en: " and "}


def language_of_locale() -> Lang:
    """French where the locale is French, else English."""
    named = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(key))), "")
    return Lang.fr if named.lower().startswith("fr") else Lang.en
