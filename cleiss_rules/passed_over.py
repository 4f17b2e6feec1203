"""The agreements that concern the States of a case and yet do not apply to the person, each with the condition that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.explain.citations import with_article
from cleiss_rules.law.model import Condition
from cleiss_rules.result import Segment, Words

_NATIONALITY = "person.nationalities"


def passed_over(looked_at: Iterable[tuple[RuleSet, Env]]) -> tuple[Words, ...]:
    """Of texts that do not bind: those that the person's nationality alone keeps out."""
    return tuple(
        dict.fromkeys(
            _said(rules, condition) for rules, env in looked_at for condition in _only_nationality(rules, env)
        )
    )


def with_passed_over(segments: Iterable[Segment], told: tuple[Words, ...]) -> list[Segment]:
    """The answers, each with the texts that were passed over."""
    return [segment.model_copy(update={"passed_over": told}) for segment in segments]


def _only_nationality(rules: RuleSet, env: Env) -> Iterator[Condition]:
    """The condition that alone keeps one of the rules on who is covered from being met."""
    if not any(_NATIONALITY in condition.text for one in rules.scope for condition in one.rule.when):
        return
    for finding in rules.scope_findings(env):
        for item in finding.items:
            missed = item.only_missed()
            if missed is not None and _NATIONALITY in finding.rule.when[missed].text:
                yield finding.rule.when[missed]
                return


def _said(rules: RuleSet, condition: Condition) -> Words:
    name, needed = rules.instrument.name, condition.say
    fr, en = (needed.fr, needed.en) if needed is not None else (condition.text, condition.text)
    french, english = with_article(name.fr, "fr"), with_article(name.en, "en")
    return Words(
        fr=f"{french[:1].upper()}{french[1:]} ne s'applique pas, faute de cette condition : {fr}.",
        en=f"{english[:1].upper()}{english[1:]} does not apply, for want of this condition: {en}.",
    )
