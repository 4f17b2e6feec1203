"""Sentences about one rule: its reason with the facts filled in, what it would lead to, what stands behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from cleiss_rules.calendar import Span
from cleiss_rules.engine import truth
from cleiss_rules.engine.findings import Finding, ItemFinding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.explain import countries, phrases, values
from cleiss_rules.explain.citations import in_prose
from cleiss_rules.law.model import Condition, Text

_SLOT = re.compile(r"(?P<before>\b(?:de|en|in) )?{(?P<name>[^{}]+)}")


def fill(text: Text, lang: str, **words: str) -> str:
    """The phrase in a language with its places filled."""
    return text.in_(lang).format(**words)


def capital(text: str) -> str:
    """With a capital letter, and nothing else changed."""
    return text[:1].upper() + text[1:]


def inside(sentence: str) -> str:
    """A sentence as a member of a list: no capital, unless its first word is written in capitals, and no full stop."""
    first = sentence[:1] if sentence[1:2].isupper() else sentence[:1].lower()
    return first + sentence[1:].rstrip(".")


def states(codes: Sequence[str], lang: str, joint: Text = phrases.OR) -> str:
    """States with their articles: la France ou l'Italie."""
    return countries.list_of(tuple(codes), lang, joint.in_(lang))


def of_states(codes: Sequence[str], lang: str) -> str:
    """de la France; of France; several joined by "and"."""
    if lang == "fr":
        return " et ".join(countries.of(code) for code in codes)
    return f"of {states(codes, lang, phrases.AND)}"


def reason(proof: Proof, finding: Finding, lang: str) -> str:
    """Why the rule leads where it does, with the facts of the case in the sentence; its title where it gives none."""
    rule = finding.rule
    if rule.because is None:
        return f"{capital(rule.title.in_(lang))}."
    item = next((item.item for item in finding.items if item.truth != truth.FALSE), None)
    text = rule.because.in_(lang)

    def filled(match: re.Match[str]) -> str:
        value = proof.rules.evaluate(rule.slots[match["name"]], proof.env, item)
        after = text[match.end() : match.end() + 1]
        opening = text[max(0, match.start() - 1) : match.start()]
        before = match["before"] or ""
        if isinstance(value, Span) and getattr(item, "from_", None) is None:
            return before + ("pendant " if lang == "fr" else "for ") + values.length(value, lang)
        return _in_sentence(value, before, lang, proof, bare=opening == "(" and after in (")", ":", " "))

    return capital(_SLOT.sub(filled, text))


def _in_sentence(value: Any, before: str, lang: str, proof: Proof, *, bare: bool) -> str:
    law = proof.rules.law
    if not (isinstance(value, str) and value in law.states):
        return before + values.value_text(value, lang, law)
    if lang == "fr" and before == "de ":
        return countries.of(value)
    if before in ("en ", "in "):
        return countries.in_(value, lang)
    return before + (countries.name(value, lang) if bare else countries.the(value, lang))


def say(condition: Condition, lang: str) -> str:
    """A condition as a caseworker says it; as it is written where the law file gives no words."""
    return condition.say.in_(lang) if condition.say is not None else condition.text


def cite(proof: Proof, finding: Finding, lang: str) -> str:
    """The citation of the rule with the name of its text."""
    return in_prose(proof.rules.law, finding.rule, lang)


def facts(proof: Proof, condition: Condition, item: ItemFinding, lang: str, *, known_only: bool = False) -> list[str]:
    """The facts a condition looked at, with their values."""
    law = proof.rules.law
    used = proof.facts_of(condition.expr, item.item)
    return [values.fact_text(fact, lang, law) for fact in used if fact.value is not None or not known_only]


def conditions(finding: Finding, *wanted: truth.Truth) -> Iterable[tuple[ItemFinding, Condition]]:
    """The conditions of a rule that have one of these truths, with the item they were asked of; each wording once."""
    seen: set[str] = set()
    for item in finding.items:
        if item.applies == truth.FALSE:
            continue
        for condition, value in zip(finding.rule.when, item.conditions, strict=False):
            if value in wanted and condition.text not in seen:
                seen.add(condition.text)
                yield item, condition


def measured(finding: Finding) -> list[Condition]:
    """The met conditions that themselves compare with a threshold of the law."""
    return [one for _, one in conditions(finding, truth.TRUE) if _compares_with_parameter(one.expr)]


def _compares_with_parameter(expr: Any) -> bool:
    if not isinstance(expr, list) or not expr:
        return False
    if expr[0] == "cmp" and any(isinstance(side, list) and side[:1] == ["param"] for side in expr[2:]):
        return True
    return any(_compares_with_parameter(part) for part in expr[1:])
