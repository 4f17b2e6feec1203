"""Citations in French and English legal prose, from the short form of the law files (``art. 13(1)(b)(ii)``)."""

from __future__ import annotations

import re
from functools import lru_cache

from cleiss_rules.law.model import Instrument, Law, Rule

_REFERENCE = r"(?:(?:[LRD]|SSCI?\.)?\d+(?:-\d+)*)[a-z]?(?:\([0-9a-z]+\))*|(?:\([0-9a-z]+\))+"
_NUMBER = r"(?:[LRD]|SSCI?\.)?\d*(?:-\d+)*[a-z]?"
_ARTICLE = re.compile(rf"\bart\. ((?:{_REFERENCE})(?: and (?:{_REFERENCE}))*)")
_FIRST = re.compile(r"\barticle 1(?![\w-])")
_PARTS = re.compile(r"\(([0-9a-z]+)\)")
_FRENCH = (
    (re.compile(r"\btable of (\d+)"), r"tableau de \1"),
    (re.compile(r"\bQuebec procedure sheet of (\d+)"), r"fiche de procédure québécoise de \1"),
    (re.compile(r"\bimplementing agreement\b"), "accord d'application"),
    (re.compile(r"\bagreement cited by CLEISS\b"), "accord cité par le Cleiss"),
    (re.compile(r"\brecital on the United Kingdom\b"), "considérant sur le Royaume-Uni"),
    (re.compile(r"\bLabour Code\b"), "code du travail"),
    (re.compile(r"\bFrench Code of social security\b"), "code de la sécurité sociale"),
    (re.compile(r"\bInternal Revenue Code\b"), "code fiscal américain"),
    (re.compile(r"\bEmployees' Provident Funds Scheme, paragraph\b"), "Employees' Provident Funds Scheme, paragraphe"),
    (re.compile(r"\bOrder No (\d+)"), r"arrêté nº \1"),
    (re.compile(r"\bOccupational Hazards Branch\b"), "branche des risques professionnels"),
    (re.compile(r"\bAnnuities Branch\b"), "branche des pensions"),
    (re.compile(r"\bdecree (\d+-\d+)"), r"décret nº \1"),
    (re.compile(r"\barticle (\d+) to (\d+)"), r"articles \1 à \2"),
    (re.compile(r"(\d) to (\d)"), r"\1 à \2"),
    (re.compile(r"\brule on detached workers\b"), "règle sur les travailleurs détachés"),
    (re.compile(r"\brule on work in several States\b"), "règle sur le travail dans plusieurs États"),
    (re.compile(r"\brule on seafarers\b"), "règle sur les gens de mer"),
    (re.compile(r"\brule on civil servants\b"), "règle sur les fonctionnaires"),
    (re.compile(r"\brule on aircrew\b"), "règle sur le personnel navigant"),
    (re.compile(r"\brule on exceptions\b"), "règle sur les dérogations"),
    (re.compile(r"\brule on exceptional circumstances\b"), "règle sur les circonstances exceptionnelles"),
    (re.compile(r"\bno equivalent of article (\d+)"), r"pas d'équivalent de l'article \1"),
    (re.compile(r"\binternational practice\b"), "pratique internationale"),
    (re.compile(r"\bspecial categories\b"), "catégories particulières"),
    (re.compile(r"\bcertificates issued under the agreement\b"), "certificats délivrés en application de l'accord"),
    (re.compile(r"^scope$"), "champ d'application"),
    (re.compile(r"\band following\b"), "et suivants"),
    (re.compile(r"\bRecommendation No\b"), "recommandation nº"),
    (re.compile(r"\bSwiss-UK Citizens' Rights Agreement\b"), "accord Suisse-Royaume-Uni sur les droits des citoyens"),
    (re.compile(r"\bEEA EFTA-UK Separation Agreement\b"), "accord de séparation AELE EEE-Royaume-Uni"),
    (re.compile(r"\bRegulation \((EC|EU|EEC)\) No (\S+)"), r"règlement (\1) nº \2"),
    (re.compile(r"\bRegulation\b"), "règlement"),
    (re.compile(r"\bDecision\b"), "décision"),
    (re.compile(r"\bguidance notes\b"), "notes d'orientation"),
    (re.compile(r"\bpractice of the Norwegian liaison body\b"), "pratique de l'organisme de liaison norvégien"),
    (re.compile(r"; form A001\b"), "; formulaire A001"),
    (re.compile(r"\bguidance note on the pandemic\b"), "note d'orientation sur la pandémie"),
    (re.compile(r"\bguidance note on telework\b"), "note d'orientation sur le télétravail"),
    (re.compile(r"\bfrom July 2022 to June 2023\b"), "de juillet 2022 à juin 2023"),
    (re.compile(r"\bAgreement of 23 December 2010 on Rhine boatmen\b"), "accord du 23 décembre 2010 sur les bateliers rhénans"),
    (re.compile(r"\bEEA Agreement\b"), "accord EEE"),
    (re.compile(r"\bEC-Switzerland agreement\b"), "accord CE-Suisse"),
    (re.compile(r"\bon the free movement of persons\b"), "sur la libre circulation des personnes"),
    (re.compile(r"\bAgreement\b"), "accord"),
    (re.compile(r"\bannex\b"), "annexe"),
    (re.compile(r"\boriginal wording\b"), "texte initial"),
    (re.compile(r"\bfirst sentence\b"), "première phrase"),
    (re.compile(r"\bsecond sentence\b"), "seconde phrase"),
    (re.compile(r"\badmin\. arrangement\b"), "arrangement administratif"),
    (re.compile(r"\bpersonal scope\b"), "champ personnel"),
    (re.compile(r"\bgeneral rule\b"), "règle générale"),
    (re.compile(r"\bself-employed posting clause\b"), "clause de détachement des non-salariés"),
    (re.compile(r"\bprolongation clause\b"), "clause de prolongation"),
    (re.compile(r"\bderogation clause\b"), "clause de dérogation"),
    (re.compile(r"\bentry into force\b"), "entrée en vigueur"),
    (re.compile(r"\brule on telework\b"), "règle sur le télétravail"),
    (re.compile(r"\bposting clause\b"), "clause de détachement"),
    (re.compile(r"\bgovernment employees\b"), "agents publics"),
    (re.compile(r"\bseafarers\b"), "gens de mer"),
    (re.compile(r"\bshort assignments\b"), "missions courtes"),
    (re.compile(r"\btransport crews\b"), "équipages"),
    (re.compile(r"\btitle\b"), "titre"),
    (re.compile(r"\bexceptions\b"), "dérogations"),
    (re.compile(r"\bVienna Conventions\b"), "conventions de Vienne"),
    (re.compile(r"\bor\b"), "ou"),
    (re.compile(r"\bpara\."), "al."),
    (re.compile(r", on art"), ", sur art"),
    (re.compile(r"\bwith\b"), "combiné avec"),
    (re.compile(r"\band\b"), "et"),
    (re.compile(r" to \((\w)\) "), r" à \1) "),
    (re.compile(r", \((\w)\) et \((\w)\)"), r", \1) et \2)"),
)  # fmt: skip
_TEXT_FIRST = re.compile(r"^(Regulation \d+/\d+|CSS) (?=art\. )")
_TEXTS = {"CSS": "French Code of social security"}
_INSTITUTIONS = {"EC": "CE", "EU": "UE", "EEC": "CEE"}
_OWN_NAME = re.compile(r"^(Regulation|Decision|EEA|EC-|C-\d|Vienna)")


@lru_cache(maxsize=4096)
def in_language(cite: str, lang: str) -> str:
    """The citation spelled out: *article 13, paragraphe 1, point b), sous ii)*; Article 13(1)(b)(ii)."""
    cite = _TEXT_FIRST.sub(lambda found: f"{_TEXTS.get(found.group(1), found.group(1))}, ", cite)
    if lang == "en":
        return _ARTICLE.sub(lambda found: f"{_articles(found.group(1))} {found.group(1)}", cite)
    text = _FIRST.sub("article 1er", _ARTICLE.sub(lambda found: _french_article(found.group(1)), cite))
    for pattern, words in _FRENCH:
        text = pattern.sub(words, text)
    text = re.sub(r"\bpoint (\d+)\((\w)\)(?: et \((\w)\))?", _french_point, text).replace("; ", " ; ")
    return re.sub(r"\((EC|EU|EEC)\)", lambda found: f"({_INSTITUTIONS[found.group(1)]})", text)


def _articles(references: str) -> str:
    """One article with its paragraphs, or several."""
    return "articles" if any(not other.startswith("(") for other in references.split(" and ")[1:]) else "article"


def _french_article(references: str) -> str:
    first, *others = references.split(" and ")
    number = re.match(_NUMBER, first)
    assert number is not None
    units = _french_parts(first)
    if others and all(other.startswith("(") for other in others) and len(units) == 1:
        unit, _, _ = units[0].partition(" ")
        marks = [_french_parts(part)[0].partition(" ")[2] for part in (first, *others)]
        return f"article {number.group()}, {unit}s {' et '.join(marks)}"
    spelled = [f"{_articles(references)} {number.group()}{_joined(units)}"]
    for other in others:
        found = re.match(_NUMBER, other)
        assert found is not None
        spelled.append(f"{found.group()}{_joined(_french_parts(other))}".removeprefix(", "))
    joint = ", et " if any("," in one for one in spelled[:-1]) else " et "
    return joint.join(spelled)


def _french_point(found: re.Match[str]) -> str:
    more = f" et {found[3]})" if found[3] else ""
    return f"point {found[1]} {found[2]}){more}"


def _joined(units: list[str]) -> str:
    return "".join(f", {unit}" for unit in units)


def _french_parts(reference: str) -> list[str]:
    words: list[str] = []
    for part in _PARTS.findall(reference):
        if part[0].isdigit():
            words.append(f"paragraphe {part}")
        elif part in ("i", "ii", "iii", "iv") and words:
            words.append(f"sous {part})")
        else:
            words.append(f"point {part})")
    return words


def in_prose(law: Law, rule: Rule, lang: str) -> str:
    """The citation with its text: *article 12, paragraphe 1, du règlement (CE) nº 883/2004*."""
    return article_of(law.instruments[rule.instrument], rule.cite, lang)


def article_of(instrument: Instrument, cite: str, lang: str) -> str:
    """An article of a text, or another point of it, with the name of the text."""
    spelled = in_language(cite, lang)
    if _OWN_NAME.match(cite) or _names_its_text(cite) or instrument.law_of == "*" or instrument.shared:
        return spelled
    name = instrument.name.in_(lang)
    comma = "," if "," in spelled else ""  # article 5 de la convention; article 5, paragraphe 2, de la convention
    if lang == "en":
        return f"{spelled}{comma} of {_with_article_en(name)}"
    return f"{spelled}{comma} {_with_article_fr(name)}"


def _names_its_text(cite: str) -> bool:
    return "Code" in cite or "under the agreement" in cite


def _with_article_en(name: str) -> str:
    return name if name.startswith(("Regulation", "Decision", "the ")) else f"the {name}"


def with_article(name: str, lang: str) -> str:
    """The name of a text in a sentence: *la convention franco-malienne*, the France–Mali convention."""
    if lang == "en":
        return _with_article_en(name)
    of = _with_article_fr(name)
    return f"le {name}" if of.startswith("du ") else of.removeprefix("de ")


def _with_article_fr(name: str) -> str:
    if name.startswith(("règlement", "code", "décret", "protocole", "texte")):
        return f"du {name}"
    return f"de l'{name}" if name[:1] in "aeiouéâ" else f"de la {name}"
