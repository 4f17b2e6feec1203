"""The steps of the procedure in words."""

from __future__ import annotations

from cleiss_rules.explain import phrases, values
from cleiss_rules.explain.citations import in_language
from cleiss_rules.explain.sentences import fill, of_states
from cleiss_rules.result import Segment, StepDue


def step_lines(segment: Segment, lang: str) -> list[str]:
    """Who does what, with which document, by when; nothing where no step is known."""
    steps = segment.procedure
    return [phrases.PROCEDURE.in_(lang), *(f"  - {step_text(step, lang)}" for step in steps)] if steps else []


def step_text(step: StepDue, lang: str) -> str:
    """One step: *article 16(2), Provisional determination (institution of France): … [A003, LA_BUC_02]*."""
    head = f"{in_language(step.cite, lang)}, {getattr(step.title, lang)}"
    if step.actor is not None:
        head += f" ({fill(phrases.INSTITUTION, lang, of=of_states((step.actor,), lang))})"
    text = f"{head}{phrases.COLON.in_(lang)}{getattr(step.does, lang)}"
    marks = [*step.documents, *([step.process] if step.process else [])]
    if marks:
        text += f" [{', '.join(marks)}]"
    if step.deadline is not None:
        text += f"{phrases.SEMICOLON.in_(lang)}{getattr(step.deadline, lang)}"
    if step.due is not None:
        text += f"{phrases.COLON.in_(lang)}{values.day(step.due, lang)}"
    return text
