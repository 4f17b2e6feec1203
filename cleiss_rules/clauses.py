"""The same clause of every instrument, side by side: what is allowed, how long, who decides, on which form and grade.

Lengths are those of the parameters that the rules themselves use, so a table and an answer can't disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cleiss_rules.calendar import Period
from cleiss_rules.law.model import GRADES, Clause, Form, Instrument, Law, Text

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
    "nationality": Text("nationalité", "nationality"),
    "leave": Text("congés", "leave"),
    "third_state": Text("détachement passant par un État tiers", "posting through a third State"),
    "branches": Text("branches", "branches"),
    "bodies": Text("organismes", "institutions"),
    "forms": Text("formulaires", "forms"),
}
#: points that are made from the rest of a file: its scope, its branches, its institutions, its other clauses
DERIVED = ("nationality", "leave", "third_state", "branches", "bodies", "forms")
#: clauses that somebody decides on
DECIDED = (
    "posting",
    "prolongation",
    "derogation",
    "self_employed_posting",
    "self_employed_prolongation",
    "self_employed_derogation",
)
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
    "unknown": Text("autorité qui décide inconnue", "who decides is unknown"),
}
LEAVE = {"yes": Text("congés compris", "leave included"), "no": Text("hors congés", "leave not counted")}


@dataclass(frozen=True, slots=True)
class Row:
    """One clause of one instrument on a day; ``longest`` is a Period, one of LENGTHS, or None where there is none."""

    instrument: Instrument
    clause: Clause
    longest: Period | str | None
    grade: str
    text: Text | None = None
    forms: tuple[Form, ...] = ()

    def form(self, lang: str) -> str:
        """The names of the forms of the day, each with the State that issues it where it is of one side."""
        from cleiss_rules.explain import countries

        named = (one.name if one.of is None else f"{one.name} ({countries.name(one.of, lang)})" for one in self.forms)
        return (" ; " if lang == "fr" else "; ").join(named)

    @property
    def hint(self) -> Text | None:
        """What is remembered of a point that no source tells, unconfirmed."""
        open_ = "unknown" in (self.clause.allowed, self.longest)
        return self.instrument.hint(self.clause.id, self.clause.longest or "") if open_ else None

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
        if self.text is not None:
            return self.text.in_(lang)
        told = self.length(lang)
        if told and clause.leave_counted in LEAVE:
            told += f", {LEAVE[clause.leave_counted].in_(lang)}"
        parts = [told] if told else []
        if clause.decided_by not in (None, "not_applicable") and (
            clause.allowed == "yes" or clause.decided_by != "unknown"
        ):
            parts.append(DECIDERS[clause.decided_by].in_(lang))
        if self.forms:
            parts.append(self.form(lang))
        colon, semicolon = (" : ", " ; ") if lang == "fr" else (": ", "; ")
        answer = ANSWERS[clause.allowed].in_(lang)
        return f"{answer}{colon}{semicolon.join(parts)}" if parts and clause.allowed != "no" else answer


def rows(law: Law, *, clause: str | None = None, partner: str | None = None, on: date | None = None) -> list[Row]:
    """The clauses of every instrument that is in force on a day (today without one), or of one partner, or of one kind.

    Every point is there for every instrument: one that its file does not tell is unknown.
    """
    day = on or date.today()
    return [
        found
        for instrument in law.instruments.values()
        if _shown(instrument, partner, day)
        for name in NAMES
        if clause in (None, name)
        for found in _of_instrument(instrument, name, day)
    ]


def _of_instrument(instrument: Instrument, name: str, day: date) -> list[Row]:
    if name in DERIVED:
        from cleiss_rules.scope_rows import derived

        return [derived(instrument, name, day)]
    told = [row(instrument, one, day) for one in instrument.clauses if one.id == name]
    return told or [untold(instrument, name)]


def untold(instrument: Instrument, name: str, cite: str = "special categories") -> Row:
    """A point that the file of an instrument does not tell."""
    allowed = "none_found" if instrument.status == "none_found" else "unknown"
    clause = Clause(name, allowed, None, None, None, (), cite, instrument.source)
    return Row(instrument, clause, None, instrument.source.grade)


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
    return Row(instrument, clause, longest, weakest(grades), forms=clause.forms_on(day))


def weakest(grades: Iterable[str]) -> str:
    """The worst of several grades."""
    return max(grades, key=GRADES.index)
