"""The fixed words of explanations, in French and English."""

from __future__ import annotations

from cleiss_rules.law.model import Text

OUTCOMES = {
    "determined": Text("législation applicable : celle {of}", "the legislation {of} applies"),
    "bound": Text("législation applicable : celle {of}, déjà fixée", "the legislation {of} applies, as already fixed"),
    "undetermined": Text(
        "la législation applicable ne peut pas encore être déterminée",
        "the applicable legislation can't be determined yet",
    ),
    "discretionary": Text(
        "la législation applicable dépend de l'appréciation d'une institution",
        "the applicable legislation depends on an institution's assessment",
    ),
    "conflict": Text(
        "deux règles de même rang se contredisent : défaut des règles encodées, à signaler",
        "two rules of equal rank disagree: a defect of the encoded rules, please report it",
    ),
    "out_of_scope": Text("aucune législation n'est désignée", "no legislation is named"),
}
REQUESTS = {
    "posting": Text("demande de détachement", "request for a posting"),
    "prolongation": Text("demande de prolongation", "request for a prolongation"),
    "exceptional_maintenance": Text("demande de maintien exceptionnel", "request for exceptional maintenance"),
    "exemption": Text("demande d'exemption", "request for an exemption"),
    "telework_exception": Text("demande de dérogation pour télétravail", "request for a telework exception"),
}
GRADES = {
    "primary": Text("texte officiel lu", "official text read"),
    "verified": Text("source relue", "source checked"),
    "official-summary": Text("présentation officielle", "official summary"),
    "secondary": Text("source secondaire", "secondary source"),
    "recalled": Text(
        "droit bien établi dont la lettre n'a pas été relue ; à relire avant de décider",
        "well-established law whose wording was not read again; read it before deciding",
    ),
}
TRUTHS = {
    "true": Text("oui", "yes"),
    "false": Text("non", "no"),
    "unknown": Text("inconnu", "unknown"),
    "discretion": Text("à apprécier", "to be assessed"),
}
STATES_OF_RULE = {
    "stands": Text("retenue", "stands"),
    "defeated": Text("écartée", "set aside"),
    "open": Text("en suspens", "open"),
    "fails": Text("non remplie", "not met"),
}
LEGISLATION = Text("la législation {of}", "the legislation {of}")
BASIS = Text("Fondement", "Legal basis")
MET = Text("Conditions réunies", "Conditions met")
OTHERWISE = Text("Ce qui aurait changé la réponse", "What would have changed the answer")
OTHERWISE_MET = Text(
    "si cette règle n'était pas remplie{example}, {result}", "were this rule not met{example}, {result}"
)
EXAMPLE = Text(" (l'une de ses conditions : {conditions})", " (one of its conditions: {conditions})")
OTHERWISE_NEAR = Text(
    "{cite} ({title}) désignerai{ending} {states} si cette condition était remplie : {condition}{facts}",
    "{cite} ({title}) would lead to {states} if this condition were met: {condition}{facts}",
)
WOULD_APPLY = Text("la législation {of} s'appliquerait ({cite})", "the legislation {of} would apply ({cite})")
NOTHING_WOULD = Text("aucune autre règle encodée ne désignerait d'État", "no other encoded rule would name a State")
POSSIBLE = Text("États encore possibles", "States still possible")
ANOTHER = Text("un autre État", "another State")
NO_STATE_YET = Text("un État qui reste à trouver", "a State that is still to be found")
QUESTIONS = Text("Il faut savoir, dans cet ordre", "What has to be known, in this order")
LEADS = Text("Ce que diraient les règles en suspens", "What the open rules would say")
LEAD_TO = Text("{cite} ({title}) {leads} {states} si {conditions}", "{cite} ({title}) {leads} {states} if {conditions}")
LEADS_TO = (Text("désigne", "leads to"), Text("désignent", "lead to"))
ASSESSED = Text("À apprécier", "To be assessed")
ASSESSED_BY = Text(" par l'institution {of}", " by the institution of {state}")
EVIDENCE = Text("pièces utiles", "evidence to ask for")
DOCUMENT = Text("Document", "Document")
ISSUED_BY = Text(
    "{documents}, à demander à l'institution {of}", "{documents}, to be asked of the institution of {state}"
)
ISSUED_BY_BODY = Text(
    "{documents}, à demander à l'institution {of} ({body})",
    "{documents}, to be asked of the institution of {state} ({body})",
)
ASSUMED = Text("Tenu pour non établi", "Taken as not shown")
SOURCE = Text("Qualité de la source la plus faible", "Grade of the weakest source")
#: papers that are known by a name in one language only
_PAPERS = {
    "UK certificate of coverage": Text(
        "attestation d'assujettissement britannique (UK certificate of coverage)", "UK certificate of coverage"
    ),
}
NOTE = Text("À noter", "Note")
GAPS = Text("Texte à lire", "Text to read")
HINT = Text("Souvenir non confirmé, sans effet sur la réponse", "Unconfirmed memory, no part of the answer")
CAUSES = Text("Ce qui change à cette date", "What changes on that day")
JUDGMENTS = Text("Jurisprudence", "Case law")
APPLIES = Text("Texte applicable", "Text that applies")
FIXED = Text("Ce qui est déjà fixé", "What is already fixed")
PLACES = Text("Lieu de travail réputé", "Deemed place of work")
RULES = Text("Règles examinées", "Rules looked at")
NOT_CONCERNED = Text("Sans objet ici", "Not concerned here")
DEFEATED_BY = Text("écartée par {rules}", "set aside by {rules}")
SOURCE_LINE = Text("source : {grade}{url}{read}", "source: {grade}{url}{read}")
READ_ON = Text(", lue le {day}", ", read on {day}")
LEADING_TO = Text("désigne {states}", "leads to {states}")
NOT_LOOKED_AT = Text("non examinée, la précédente suffisant", "not looked at, the one before decides")
PROCEDURE = Text("Procédure", "Procedure")
INSTITUTION = Text("institution {of}", "institution {of}")
OR = Text("ou", "or")
AND = Text("et", "and")
COLON = Text(" : ", ": ")
SEMICOLON = Text(" ; ", "; ")


def paper(name: str, lang: str) -> str:
    """How a form or certificate is called in a language."""
    return _PAPERS[name].in_(lang) if name in _PAPERS else name
