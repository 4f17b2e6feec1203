"""The agreements that concern the States of a case and yet do not apply to the person, each with the condition that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cleiss_rules.engine.ruleset import Finding, RuleSet
from cleiss_rules.engine.truth import FALSE, TRUE
from cleiss_rules.explain.citations import with_article
from cleiss_rules.law.model import Condition
from cleiss_rules.result import Segment, Words

_NATIONALITY = "person.nationalities"


def passed_over(looked_at: Iterable[tuple[RuleSet, Sequence[Finding]]]) -> tuple[Words, ...]:
    """Of texts that do not bind, with their findings on scope: those that the person's nationality alone keeps out."""
    return tuple(
        dict.fromkeys(_said(rules, condition) for rules, scope in looked_at for condition in _only_nationality(scope))
    )


def with_passed_over(segments: Iterable[Segment], told: tuple[Words, ...]) -> list[Segment]:
    """The answers, each with the texts that were passed over."""
    return [segment.model_copy(update={"passed_over": told}) for segment in segments]


def _only_nationality(scope: Sequence[Finding]) -> Iterator[Condition]:
    """The condition that alone keeps one of the rules on who is covered from being met."""
    for finding in scope:
        for item in finding.items:
            if item.applies != TRUE or item.conditions.count(TRUE) != len(item.conditions) - 1:
                continue
            missed = [one for one, value in zip(finding.rule.when, item.conditions, strict=True) if value == FALSE]
            if missed and _NATIONALITY in missed[0].text:
                yield missed[0]
                return


def _said(rules: RuleSet, condition: Condition) -> Words:
    name, needed = rules.instrument.name, condition.say
    fr, en = (needed.fr, needed.en) if needed is not None else (condition.text, condition.text)
    french, english = with_article(name.fr, "fr"), with_article(name.en, "en")
    return Words(
        fr=f"{french[:1].upper()}{french[1:]} ne s'applique pas, faute de cette condition : {fr}.",
        en=f"{english[:1].upper()}{english[1:]} does not apply, for want of this condition: {en}.",
    )
