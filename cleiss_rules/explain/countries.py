"""Names of States inside a sentence: articles and contractions (*la France*, *du Portugal*, *aux Pays-Bas*)."""

from __future__ import annotations

from functools import lru_cache

from cleiss_rules.law.store import the_law

_PLURAL = (
    "Îles", "États-Unis", "Pays-Bas", "Émirats", "Philippines", "Seychelles", "Maldives", "Bahamas", "Comores",
    "Fidji", "Palaos", "Samoa", "Tonga", "Terres", "Bermudes", "Territoires", "Kiribati",
)  # fmt: skip
_BARE = frozenset((
    "Malte", "Chypre", "Cuba", "Haïti", "Madagascar", "Maurice", "Singapour", "Monaco", "Djibouti", "Oman", "Bahreïn",
    "Taïwan", "Andorre", "Israël", "Porto", "Trinité", "Antigua", "Sao", "Guernesey", "Jersey", "Mayotte", "Aruba",
    "Curaçao", "Gibraltar", "Guam", "Nauru", "Tuvalu", "Niue", "Tokelau", "Anguilla", "Wallis", "Saint", "Sainte",
    "La", "Svalbard", "Montserrat", "Belize",
))  # fmt: skip
#: States without an article that are nevertheless entered with "en"
_BARE_BUT_EN = frozenset(("Andorre", "Israël", "Haïti"))
#: islands and the Vatican, entered with "à la", "à l'"
_AT = ("Barbade", "Dominique", "Grenade", "Île ", "Martinique", "Guadeloupe", "État de la Cité")
_MASCULINE_IN_E = frozenset(("Mexique", "Cambodge", "Mozambique", "Zimbabwe", "Royaume", "Territoire", "Suriname"))
_FEMININE = frozenset(("Sierra", "R.A.S."))
_ENGLISH_ARTICLE = (
    "United",
    "Isle of",
    "Netherlands",
    "Philippines",
    "Bahamas",
    "Gambia",
    "Maldives",
    "Seychelles",
    "Comoros",
)
_ENGLISH_LAST = ("Islands", "Republic", "Territory", "Territories", "Netherlands")
_VOWELS = "AEIOUYÀÂÉÈÊËÎÏÔÖÛÜaeiou"


def name(code: str, lang: str) -> str:
    """The bare name: France, Pays-Bas."""
    known = the_law().states.get(code)
    return known.in_(lang) if known is not None else code


@lru_cache(maxsize=1024)
def _kind(code: str) -> str:
    """How the French name takes an article: plural, bare, feminine or masculine."""
    first = name(code, "fr").replace("-", " ").split(" ")[0]
    whole = name(code, "fr")
    if whole.startswith(_PLURAL):
        return "plural"
    if first in _BARE:
        return "bare"
    feminine = first in _FEMININE or (first.endswith("e") and first not in _MASCULINE_IN_E)
    return "feminine" if feminine else "masculine"


def _elides(code: str) -> bool:
    text = name(code, "fr")
    return text[:1] in _VOWELS and not text.startswith("Yé")


def the(code: str, lang: str) -> str:
    """With its article: *la France*, *les Pays-Bas*, *Malte*; the Netherlands."""
    plain = name(code, lang)
    if lang == "en":
        article = plain.startswith(_ENGLISH_ARTICLE) or plain.endswith(_ENGLISH_LAST)
        return f"the {plain}" if article else plain
    kind = _kind(code)
    if kind == "bare":
        return plain
    if kind == "plural":
        return f"les {plain}"
    if _elides(code):
        return f"l'{plain}"
    return f"la {plain}" if kind == "feminine" else f"le {plain}"


def of(code: str) -> str:
    """French *de*: *de la France*, *du Portugal*, *des Pays-Bas*, *d'Israël*."""
    full = the(code, "fr")
    if full.startswith("le "):
        return f"du {full[3:]}"
    if full.startswith("les "):
        return f"des {full[4:]}"
    return f"d'{full}" if _kind(code) == "bare" and _elides(code) else f"de {full}"


def in_(code: str, lang: str) -> str:
    """Inside a State: *en France*, *au Portugal*, *aux Pays-Bas*, *à Malte*; in the Netherlands."""
    if lang == "en":
        return f"in {the(code, lang)}"
    plain, kind = name(code, "fr"), _kind(code)
    if kind == "plural":
        return f"aux {plain}"
    if kind == "bare":
        return f"en {plain}" if plain in _BARE_BUT_EN else f"à {plain}"
    if plain.startswith(_AT):
        return f"à {the(code, 'fr')}"
    return f"en {plain}" if kind == "feminine" or _elides(code) else f"au {plain}"


def list_of(codes: tuple[str, ...], lang: str, joint: str) -> str:
    """Several States with their articles, the last one after ``joint`` (and, ou)."""
    names = [the(code, lang) for code in codes]
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"
