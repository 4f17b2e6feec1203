"""The same clause of every instrument, side by side: what is allowed, how long, who decides, on which form and grade.

Lengths are those of the parameters that the rules themselves use, so a table and an answer can't disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cleiss_rules.calendar import Period
from cleiss_rules.law.model import GRADES, Clause, Instrument, Law, Text

#: the clauses that a table of all instruments shows, in its order
MAIN = ("posting", "prolongation", "derogation", "self_employed_posting", "self_employed_prolongation")
NAMES = {
    "posting": Text("détachement", "posting"),
    "prolongation": Text("prolongation", "prolongation"),
    "derogation": Text("dérogation", "derogation"),
    "self_employed_posting": Text("détachement du non-salarié", "self-employed posting"),
    "self_employed_prolongation": Text("prolongation du non-salarié", "self-employed prolongation"),
    "self_employed_derogation": Text("dérogation du non-salarié", "self-employed derogation"),
    "transport_crews": Text("personnel de transport", "transport crews"),
    "seafarers": Text("gens de mer", "seafarers"),
    "diplomatic_staff": Text("personnel diplomatique", "diplomatic staff"),
    "civil_servants": Text("agents publics", "civil servants"),
    "telework": Text("télétravail", "telework"),
    "short_missions": Text("missions courtes", "short assignments"),
    "family_cover": Text("couverture de la famille", "family cover"),
    "reposting": Text("nouveau détachement", "re-posting"),
    "conditions": Text("conditions", "conditions"),
}
ANSWERS = {
    "yes": Text("oui", "yes"),
    "no": Text("non", "no"),
    "unknown": Text("inconnu", "unknown"),
    "not_described": Text("non décrit", "not described"),
    "contested": Text("sources contradictoires", "sources disagree"),
    "once_in_force": Text("une fois l'accord en vigueur", "once in force"),
    "by_exception_agreement": Text("par accord dérogatoire", "by exception agreement"),
    "none_found": Text("aucun texte trouvé", "no text found"),
}
LENGTHS = {
    "until_completion": Text("jusqu'à l'achèvement", "until completion"),
    "indefinite": Text("sans limite fixée", "indefinite"),
    "not_limited": Text("non limitée", "not limited"),
    "none": Text("aucune", "none"),
    "unknown": Text("durée inconnue", "length unknown"),
}
DECIDERS = {
    "sending_institution_alone": Text("institution d'envoi seule", "sending institution alone"),
    "sending_institution": Text("institution d'envoi", "sending institution"),
    "joint": Text("accord des deux parties", "both sides"),
    "not_applicable": Text("sans objet", "not applicable"),
    "unknown": Text("inconnu", "unknown"),
}
LEAVE = {"yes": Text("congés compris", "leave included"), "no": Text("hors congés", "leave not counted")}


@dataclass(frozen=True, slots=True)
class Row:
    """One clause of one instrument on a day; ``longest`` is a Period, one of LENGTHS, or None where there is none."""

    instrument: Instrument
    clause: Clause
    longest: Period | str | None
    grade: str

    def length(self, lang: str) -> str:
        """The length in words; nothing where the clause has none."""
        from cleiss_rules.explain.values import period

        if self.longest is None:
            return ""
        if isinstance(self.longest, Period):
            return period(self.longest, lang)
        return LENGTHS[self.longest].in_(lang)

    def summary(self, lang: str) -> str:
        """The whole clause in a few words: *oui : 3 ans, congés compris ; accord des deux parties ; SE 352-01*."""
        clause = self.clause
        told = self.length(lang)
        if told and clause.leave_counted in LEAVE:
            told += f", {LEAVE[clause.leave_counted].in_(lang)}"
        parts = [told] if told else []
        if clause.decided_by not in (None, "unknown", "not_applicable"):
            parts.append(DECIDERS[clause.decided_by].in_(lang))
        if clause.form:
            parts.append(clause.form)
        colon, semicolon = (" : ", " ; ") if lang == "fr" else (": ", "; ")
        answer = ANSWERS[clause.allowed].in_(lang)
        return f"{answer}{colon}{semicolon.join(parts)}" if parts and clause.allowed != "no" else answer


def rows(law: Law, *, clause: str | None = None, partner: str | None = None, on: date | None = None) -> list[Row]:
    """The clauses of every instrument that is in force on a day (today without one), or of one partner, or of one kind."""
    day = on or date.today()
    return [
        row(instrument, one, day)
        for instrument in law.instruments.values()
        if _shown(instrument, partner, day)
        for one in instrument.clauses
        if clause in (None, one.id)
    ]


def _shown(instrument: Instrument, partner: str | None, day: date) -> bool:
    in_force = instrument.status != "signed_not_in_force" and day in instrument.valid.span
    return bool(instrument.clauses) and in_force and (partner is None or partner in instrument.states)


def row(instrument: Instrument, clause: Clause, day: date) -> Row:
    """One clause of an instrument as it stands on a day."""
    grades = [clause.source.grade]
    longest: Period | str | None = clause.longest
    parameter = instrument.parameters.get(clause.longest or "")
    if parameter is not None:
        value = parameter.at("", day)
        longest = value.value if value is not None and value.value is not None else "unknown"
        if value is not None:
            grades.append(value.source.grade)
    return Row(instrument, clause, longest, weakest(grades))


def weakest(grades: Iterable[str]) -> str:
    """The worst of several grades."""
    return max(grades, key=GRADES.index)
