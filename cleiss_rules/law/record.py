"""What an instrument file tells besides its rules: history, scope, clauses to compare, bodies on both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cleiss_rules.calendar import Span
from cleiss_rules.law import schema
from cleiss_rules.law.model import Body, Clause, Cover, History, Source, Text

UNBOUNDED = ("until_completion", "indefinite", "not_limited", "none", "unknown")
SourceOf = Callable[[Any], Source]


def _text(model: schema.TextModel) -> Text:
    return Text(model.fr, model.en)


def history(model: schema.InstrumentModel, source_of: SourceOf) -> tuple[History, ...]:
    """The texts around an instrument."""
    return tuple(History(one.what, _text(one.text), one.date, source_of(one.source)) for one in model.history)


def covers(model: schema.InstrumentModel, source_of: SourceOf) -> tuple[Cover, ...]:
    """Who, what and where the instrument covers."""
    return tuple(Cover(one.what, _text(one.value), source_of(one.source)) for one in model.covers)


def bodies(model: schema.InstrumentModel, source_of: SourceOf, beginning: Any) -> tuple[Body, ...]:
    """The institutions of both sides."""
    return tuple(
        Body(one.state, one.name, _text(one.role), Span(one.from_ or beginning, one.to), source_of(one.source))
        for one in model.bodies
    )


def clauses(
    model: schema.InstrumentModel, source_of: SourceOf, fault: Callable[[int, str], None]
) -> tuple[Clause, ...]:
    """The clauses to compare; ``fault`` is told of a length that is neither a parameter nor one of UNBOUNDED."""
    found: list[Clause] = []
    for index, one in enumerate(model.clauses):
        if one.longest is not None and one.longest not in (*UNBOUNDED, *model.parameters):
            accepted = ", ".join([*UNBOUNDED, *model.parameters])
            fault(index, f"{one.longest!r} is no parameter of this file; accepted: {accepted}")
        note = _text(one.note) if one.note is not None else None
        found.append(
            Clause(
                one.clause,
                one.allowed,
                one.longest,
                one.leave_counted,
                one.decided_by,
                one.form,
                one.cite,
                source_of(one.source),
                note,
            )
        )
    return tuple(found)
