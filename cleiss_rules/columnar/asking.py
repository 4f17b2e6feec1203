"""What the reference engine says of one row, and what it has looked at: the answer of the whole class of the row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cleiss_rules.columnar.answer import Template, template_of
from cleiss_rules.columnar.days import FAR
from cleiss_rules.columnar.frames import day_of
from cleiss_rules.columnar.reads import Everything, Read, Spelt, watched
from cleiss_rules.columnar.rows import case_data
from cleiss_rules.determination import segments_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.errors import InvalidCase
from cleiss_rules.facts.case import Case
from cleiss_rules.result import Segment, Words

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A row: what its columns hold, the first and last day that are asked about, and its States in their roles."""

    values: Values
    first: int
    last: int
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of a class, and all that was looked at to find them."""

    templates: tuple[Template, ...]
    read: tuple[Read, ...]


class Asker:
    """Asks the reference engine; ``engine`` has rule sets that write down what they look at."""

    def __init__(self, engine: RuleSets) -> None:
        self._engine = engine
        self._names = {code: Words(fr=name.fr, en=name.en) for code, name in engine.law.states.items()}

    def told(self, question: Question) -> Told | None:
        """The answer for one row; None where it is refused, cut further, or rests on more than can be told apart."""
        seen: dict[Read, None] = {}
        segments = self._segments(question, seen)
        if not segments or Everything() in seen:
            return None
        templates = tuple(template_of(segment, question.roles, self._names) for segment in segments)
        seen.update(dict.fromkeys(_told_by_name(templates)))
        return Told(templates, tuple(seen))

    def _segments(self, question: Question, seen: dict[Read, None]) -> tuple[Segment, ...]:
        first, last = day_of(question.first), None if question.last == FAR else day_of(question.last)
        days = {"case": None, "from": first, "to": last}
        try:
            case = Case.model_validate(case_data({**question.values, **days}, canonical=True))
            watched(case, seen)
            segments = segments_of(case, self._engine)
        except InvalidCase:
            return ()
        return segments if all((one.from_, one.to) == (first, last) for one in segments) else ()


def _told_by_name(templates: Iterable[Template]) -> Iterator[Spelt]:
    """States that answers tell by name, as the row names them not: in a row that does, they have a role."""
    for template in templates:
        for state in template.legislation:
            if isinstance(state, str):
                yield Spelt(frozenset({state}))
