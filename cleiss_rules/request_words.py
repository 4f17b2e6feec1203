"""The words of decisions, in French and English, and the parts of a decision that say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cleiss_rules.answers import open_parts as _open_parts
from cleiss_rules.calendar import Period, Span
from cleiss_rules.clauses import NAMES as CLAUSES
from cleiss_rules.engine.findings import Finding, ItemFinding
from cleiss_rules.engine.truth import FALSE
from cleiss_rules.explain import countries, values
from cleiss_rules.explain.alternatives import near_misses
from cleiss_rules.explain.citations import article_of, in_language
from cleiss_rules.explain.sentences import facts, of_states, reason
from cleiss_rules.law.model import Clause, Condition, Instrument, Rule, Text
from cleiss_rules.result import Alternative, Basis, Segment, Words

__all__ = ["CLAUSES"]

WHEN = Words(fr="Quels sont le premier et le dernier jour demandés ?", en="Which first and last day are asked for?")
WHO_DECIDES = Text(
    fr="quelles autorités décident de ce qui est demandé, et à quelles conditions",
    en="which authorities decide what is asked for, and on which conditions",
)
WHOSE = Words(fr="La législation de quel État est demandée ?", en="Which State's legislation is asked for?")
NO_TEXT = Words(
    fr="Aucun texte encodé ne prévoit cette demande pour ces États à cette date.",
    en="No encoded text provides for this request between these States on that date.",
)
NOT_UNDER_THAT_STATE = Words(
    fr="La législation demandée n'est pas celle que désignent les règles.",
    en="The legislation asked for is not the one that the rules lead to.",
)


_NOT_PROVIDED = {
    "prolongation": Text("aucune prolongation n'est prévue", "no prolongation is provided for"),
    "derogation": Text("aucune dérogation individuelle n'est prévue", "no individual exception is provided for"),
    "self_employed_posting": Text(
        "le détachement d'un non-salarié n'est pas prévu", "no posting of a self-employed person is provided for"
    ),
}


def both(text: Text) -> Words:
    """The text as an answer carries it."""
    return Words.made(fr=text.fr, en=text.en)


def clause_basis(instrument: Instrument, clause: Clause) -> Basis:
    """The clause as a basis; its key is the instrument and the name of the clause."""
    return Basis.made(
        rule=f"{instrument.id}/{clause.id}", cite=f"{instrument.name.en}, {clause.cite}", grade=clause.source.grade,
        source=clause.source.url, read_on=clause.source.read_on,
    )  # fmt: skip


def not_provided(instrument: Instrument, clause: Clause) -> Words:
    """The text does not know what the clause is about."""
    said = _NOT_PROVIDED.get(clause.id) or _NOT_PROVIDED[clause.id.removeprefix("self_employed_")]
    return Words(
        fr=f"{_capital(instrument.name.fr)} : {said.fr} ({in_language(clause.cite, 'fr')}).",
        en=f"{_capital(instrument.name.en)}: {said.en} ({in_language(clause.cite, 'en')}).",
    )


def too_long(longest: Period, clause: Clause) -> Words:
    """The period asked for exceeds the longest posting, or the longest prolongation."""
    what = CLAUSES[clause.id].en
    return Words(
        fr=f"La période demandée dépasse la durée maximale de {values.period(longest, 'fr')} ({in_language(clause.cite, 'fr')}).",
        en=f"The period asked for exceeds the longest {what}, {values.period(longest, 'en')} ({in_language(clause.cite, 'en')}).",
    )


def within(longest: Period, clause: Clause) -> Words:
    """The period asked for fits into the longest prolongation."""
    return Words(
        fr=f"La période demandée tient dans la durée maximale de {values.period(longest, 'fr')} ({in_language(clause.cite, 'fr')}).",
        en=f"The period asked for fits into the longest prolongation, {values.period(longest, 'en')} ({in_language(clause.cite, 'en')}).",
    )


def too_long_in_all(total: Period, clause: Clause) -> Words:
    """The posting with its prolongations would exceed the longest one in all."""
    return Words(
        fr="Avec le temps déjà passé, la durée totale dépasserait le maximum de "
        f"{values.period(total, 'fr')} ({in_language(clause.cite, 'fr')}).",
        en="With the time already spent, the whole would exceed the maximum of "
        f"{values.period(total, 'en')} ({in_language(clause.cite, 'en')}).",
    )


def prolonged_already(times: int, clause: Clause) -> Words:
    """No further prolongation: there were as many as there may be."""
    often = {
        "fr": "une seule fois" if times == 1 else f"{times} fois",
        "en": "once" if times == 1 else f"{times} times",
    }
    return Words(
        fr=f"La prolongation n'est possible que {often['fr']} ({in_language(clause.cite, 'fr')}).",
        en=f"A prolongation is possible {often['en']} only ({in_language(clause.cite, 'en')}).",
    )


def too_long_together(whole: Span, end: date, clause: Clause) -> Words:
    """With the periods that count before it, the period asked for goes beyond what the text allows in all."""
    return Words(
        fr=f"Avec les périodes déjà accomplies, {values.span(whole, 'fr')}, la demande dépasse ce que permettent ensemble le "
        f"détachement initial et sa prolongation, jusqu'au {values.day(end, 'fr')} ({in_language(clause.cite, 'fr')}).",
        en=f"With the periods before it, {values.span(whole, 'en')}, the request exceeds what initial posting and prolongation "
        f"allow together, until {values.day(end, 'en')} ({in_language(clause.cite, 'en')}).",
    )


def afresh(start: date, clause: Clause) -> Alternative:
    """A new posting from a later day."""
    return Alternative.made(
        kind="posting", earliest_start=start, cite=clause.cite,
        text=Words(
            fr=f"Un nouveau détachement peut commencer le {values.day(start, 'fr')}.",
            en=f"A new posting can begin on {values.day(start, 'en')}.",
        ),
    )  # fmt: skip


def agreement_needed(states: Sequence[str], clause: Clause) -> Words:
    """The authorities of these States have to agree."""
    return Words(
        fr=f"L'accord des autorités compétentes {of_states(states, 'fr')} est nécessaire ({in_language(clause.cite, 'fr')}).",
        en=f"The competent authorities {of_states(states, 'en')} have to agree ({in_language(clause.cite, 'en')}).",
    )


def not_needed(state: str) -> Words:
    """The rules lead to that State anyway."""
    return Words(
        fr=f"La législation {countries.of(state)} s'applique déjà sans dérogation.",
        en=f"The legislation of {countries.the(state, 'en')} applies already, without an exception.",
    )


def missed(finding: Finding, item: ItemFinding, proof: Any = None, condition: Condition | None = None) -> Words:
    """The condition that a rule misses, by default the first; a proof adds the facts it looked at."""
    condition = condition or finding.rule.when[item.conditions.index(FALSE)]
    say = condition.say or Text(condition.text, condition.text)
    known = {lang: _facts(proof, condition, item, lang) for lang in ("fr", "en")}
    return Words(
        fr=f"Condition non remplie ({in_language(finding.rule.cite, 'fr')}) : {say.fr}{known['fr']}.",
        en=f"Condition not met ({in_language(finding.rule.cite, 'en')}): {say.en}{known['en']}.",
    )


def _facts(proof: Any, condition: Any, item: ItemFinding, lang: str) -> str:
    if proof is None:
        return ""
    known = facts(proof, condition, item, lang, known_only=True)
    return f" ({(' ; ' if lang == 'fr' else '; ').join(known)})" if known else ""


def against(segments: Iterable[Segment], state: str) -> dict[Words, Rule]:
    """The conditions whose failure keeps the rules from leading to a State, with their values, each with its rule.

    Where a posting is at hand, those on postings alone: that other rules lead elsewhere refuses nothing.
    """
    found: dict[Words, Rule] = {}
    for segment in segments:
        if segment._proof is None:
            continue
        for finding, item, condition, led in near_misses(segment._proof):
            if led == state and condition.say is not None:
                found[missed(finding, item, segment._proof, condition)] = finding.rule
        if not found:
            for finding in segment._proof.findings:
                for item in finding.items:
                    if item.applies != FALSE and item.truth == FALSE and finding.rule.where is not None:
                        found[missed(finding, item)] = finding.rule
    return {text: rule for text, rule in found.items() if of_posting(rule)} or found


def of_posting(rule: Rule) -> bool:
    """Whether a rule keeps a posted person under the sending State's legislation."""
    return rule.then.value == ["fact", "posting.from_state"]


def because(segments: Iterable[Segment]) -> list[Words]:
    """The reasons of the rules that the answer rests on, with the facts in them."""
    found: dict[Words, None] = {}
    for segment in segments:
        proof = segment._proof
        for finding in proof.resolution.standing if proof is not None else ():
            found[reason_of(proof, finding)] = None
    return list(found)


def reason_of(proof: Any, finding: Finding) -> Words:
    """The reason of one rule, with the facts in it."""
    return Words(fr=reason(proof, finding, "fr"), en=reason(proof, finding, "en"))


def mended(kind: str, remedy: Text) -> Alternative:
    """The same once a condition that can be brought about is met."""
    text = Words(fr=f"La même demande, si {remedy.fr}.", en=f"The same request, if {remedy.en}.")
    return Alternative.made(kind=kind, text=text)


def then_prolonged(longest: Period, clause: Clause, instrument: Instrument) -> Alternative:
    """A prolongation that can be asked for after a posting of the initial length."""
    return Alternative.made(
        kind="prolongation", cite=clause.cite,
        text=Words(
            fr=f"Puis une prolongation de {values.period(longest, 'fr')} au plus ({article_of(instrument, clause.cite, 'fr')}).",
            en=f"Then a prolongation of {values.period(longest, 'en')} at most ({article_of(instrument, clause.cite, 'en')}).",
        ),
    )  # fmt: skip


def voluntary(rule: Rule, note: Text, open_: Sequence[Text]) -> Alternative:
    """An insurance that the person may choose, with the conditions that are still open."""
    fr, en = (" et ".join(one.fr for one in open_), " and ".join(one.en for one in open_))
    text = Words(
        fr=f"{_capital(note.fr)}{f', si {fr}' if fr else ''}.", en=f"{_capital(note.en)}{f', if {en}' if en else ''}."
    )
    return Alternative.made(kind="voluntary_insurance", cite=rule.cite, text=text)


def shorter(kind: str, end: date, *, sure: bool = True) -> Alternative:
    """The same until an earlier day; unless ``sure``, other conditions are still open."""
    open_ = ("", "") if sure else (", si les autres conditions sont remplies", ", if the other conditions are met")
    return Alternative.made(
        kind=kind, latest_end=end,
        text=Words(
            fr=f"La même demande jusqu'au {values.day(end, 'fr')}{open_[0]}.",
            en=f"The same request until {values.day(end, 'en')}{open_[1]}.",
        ),
    )  # fmt: skip


def exception(clause: Clause, states: Sequence[str], instrument: Instrument) -> Alternative:
    """An individual exception, to which the authorities have to agree."""
    return Alternative.made(
        kind="exceptional_maintenance", decided_by=tuple(states), cite=clause.cite,
        text=Words(
            fr=f"Une dérogation individuelle peut être demandée aux autorités {of_states(states, 'fr')} "
            f"({article_of(instrument, clause.cite, 'fr')}).",
            en=f"An individual exception can be asked of the authorities {of_states(states, 'en')} "
            f"({article_of(instrument, clause.cite, 'en')}).",
        ),
    )  # fmt: skip


def open_parts(opens: Any, proof: Any, case: Any) -> dict[str, Any]:
    """What is missing, unknown or left to an assessment; a decision carries no assessments of its own."""
    parts = dict(_open_parts(opens, proof, case))
    parts.pop("discretion", None)
    return parts


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
