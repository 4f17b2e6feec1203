"""What follows an answer: who has to do what, with which document and in which EESSI process, by when.

The steps are law like all law and stand in ``agreements/``; a deadline is a day as soon as the case tells the day from
which it runs.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from cleiss_rules.answers import words_of
from cleiss_rules.calendar import ONE_DAY, Period, last_day
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.truth import FALSE, TRUE
from cleiss_rules.law.model import Step
from cleiss_rules.result import StepDue


def steps(proof: Proof) -> tuple[StepDue, ...]:
    """The steps that follow the answer of a proof, in the order of the text."""
    rules = proof.rules
    family = [rules.instrument, *(rules.law.instruments[used] for used in rules.instrument.uses)]
    found: dict[tuple[object, ...], StepDue] = {}
    for member in family:
        for step in member.procedure:
            if step.valid.covers(rules.relation.id, rules.day):
                for due in _of_step(step, proof):
                    found.setdefault((id(step), due.actor, due.due), due)
    return tuple(found.values())


def _of_step(step: Step, proof: Proof) -> list[StepDue]:
    followed = [finding for finding in proof.resolution.standing if finding.rule.key in step.after]
    if step.after and not followed:
        return []
    if step.each is None:
        items: list[Any] = [None]
    elif step.after:
        items = [item.item for finding in followed for item in finding.items if item.truth != FALSE]
        items = [item for item in items if item is not None] or proof.env.sit.items(step.each)
    else:
        items = proof.env.sit.items(step.each)
    return [_due(step, proof, item) for item in items if _applies(step, proof, item)]


def _applies(step: Step, proof: Proof, item: Any) -> bool:
    if step.only_if is None:
        return True
    return bool(proof.rules.evaluate(step.only_if, proof.env, item, boolean=True) == TRUE)


def _due(step: Step, proof: Proof, item: Any) -> StepDue:
    actor = proof.rules.evaluate(step.actor, proof.env, item) if step.actor is not None else None
    deadline = step.deadline
    return StepDue.made(
        step=step.key, cite=step.cite, grade=step.source.grade, source=step.source.url, actor=actor,
        title=words_of(step.title), does=words_of(step.does), documents=step.documents, process=step.process,
        deadline=words_of(deadline) if deadline is not None else None, due=_day(step, proof, item), strength=step.strength,
    )  # fmt: skip


def _day(step: Step, proof: Proof, item: Any) -> date | None:
    """The last day of a deadline whose first day is known: it begins on the day after the event."""
    if step.limit is None or step.runs_from is None:
        return None
    start = proof.rules.evaluate(step.runs_from, proof.env, item)
    length = proof.rules.evaluate(step.limit, proof.env, item)
    if start is None or not isinstance(length, Period):
        return None
    return last_day(start + ONE_DAY, length)
