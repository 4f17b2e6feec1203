"""What an instrument file tells besides its rules: history, scope, clauses to compare, bodies on both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cleiss_rules.calendar import Span
from cleiss_rules.law import schema
from cleiss_rules.law.expression import ExpressionError, literal_value, parse
from cleiss_rules.law.model import (
    BRANCHES,
    Asked,
    Body,
    Clause,
    Cover,
    Coverage,
    Dossier,
    FollowUp,
    Form,
    Hint,
    History,
    Source,
    Text,
    Validity,
)

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
        Body(
            state=one.state,
            name=Text(one.name, one.name) if isinstance(one.name, str) else _text(one.name),
            role=_text(one.role),
            span=Span(one.from_ or beginning, one.to),
            source=source_of(one.source),
            kinds=None if one.for_ is None else () if one.for_ == "none" else tuple(one.for_),
        )
        for one in model.bodies
    )


def _forms(told: str | list[schema.FormModel], beginning: Any) -> tuple[Form, ...]:
    """A name alone is the form of either side on every day."""
    if isinstance(told, str):
        return (Form(told, Span(beginning, None)),)
    return tuple(Form(one.name, Span(one.from_ or beginning, one.to), one.of) for one in told)


def clauses(
    model: schema.InstrumentModel,
    source_of: SourceOf,
    beginning: Any,
    states: frozenset[str],
    fault: Callable[[int, str], None],
) -> tuple[Clause, ...]:
    """The clauses to compare; ``fault`` is told of a length that is no parameter nor UNBOUNDED, and of a form of no State."""
    found: list[Clause] = []
    for index, one in enumerate(model.clauses):
        if one.longest is not None and one.longest not in (*UNBOUNDED, *model.parameters):
            accepted = ", ".join([*UNBOUNDED, *model.parameters])
            fault(index, f"{one.longest!r} is no parameter of this file; accepted: {accepted}")
        for form in one.form if isinstance(one.form, list) else ():
            if form.of is not None and form.of not in states:
                fault(index, f"{form.of!r} is no State; accepted: the codes of states.yaml")
        for name in (one.total, one.times):
            if name is not None and name not in model.parameters:
                fault(index, f"{name!r} is no parameter of this file; accepted: {', '.join(model.parameters)}")
        note = _text(one.note) if one.note is not None else None
        found.append(
            Clause(
                one.clause,
                one.allowed,
                one.longest,
                one.leave_counted,
                one.decided_by,
                _forms(one.form, beginning),
                one.cite,
                source_of(one.source),
                note,
                one.total,
                one.times,
            )
        )
    return tuple(found)


def branches(
    model: schema.InstrumentModel,
    source_of: SourceOf,
    valid_of: Callable[[schema.ValidityModel | None], Validity],
    states: frozenset[str],
    fault: Callable[[int, str], None],
) -> tuple[Coverage, ...]:
    """The branches that a kept legislation governs; ``fault`` is told of rules and States that do not exist."""
    known = {entry.rule for entry in model.rules if entry.rule}
    found: list[Coverage] = []
    for index, one in enumerate(model.branches):
        for rule in one.rules:
            if rule not in known:
                fault(index, f"{rule} is no rule of this file; accepted: {', '.join(sorted(known))}")
        if one.kept is not None and one.kept not in states:
            fault(index, f"{one.kept} is no State; accepted: the codes of states.yaml")
        covers = BRANCHES if one.covers == "all" else tuple(one.covers)
        found.append(
            Coverage(
                covers, tuple(one.outside), tuple(one.host), tuple(f"{model.instrument}/{rule}" for rule in one.rules),
                one.kept, valid_of(one.valid), one.cite, source_of(one.source),
                _text(one.note) if one.note is not None else None,
            )
        )  # fmt: skip
    return tuple(found)


def hints(
    model: schema.InstrumentModel, told: schema.HintsModel | None, fault: Callable[[int, str], None]
) -> tuple[Hint, ...]:
    """What is remembered of an instrument; ``fault`` is told of a hint on a point that the instrument does not have."""
    known: set[str] = {"branches", *model.parameters, *(one.clause for one in model.clauses)}
    known |= {entry.rule for entry in model.rules if entry.rule}
    found: list[Hint] = []
    for index, one in enumerate(told.hints.get(model.instrument, ()) if told is not None else ()):
        for name in one.on:
            if name not in known:
                fault(index, f"{name} is no clause, parameter or rule; accepted: {', '.join(sorted(known))}")
        found.append(Hint(tuple(one.on), Text(one.fr, one.en)))
    return tuple(found)


def dossiers(
    model: schema.InstrumentModel, source_of: SourceOf, fault: Callable[[int, str], None]
) -> tuple[Dossier, ...]:
    """What requests have to hold; ``fault`` is told of a length of time that is none."""
    found: list[Dossier] = []
    for index, one in enumerate(model.dossiers):
        follow_up: list[FollowUp] = []
        for step in one.follow_up:
            try:
                within = None if step.within is None else literal_value(parse(step.within), "period")
            except ExpressionError as error:
                fault(index, f"{step.within}: {error}")
                continue
            follow_up.append(FollowUp(tuple(step.on), within, _text(step.text), step.cite, source_of(step.source)))
        asks = tuple(Asked(Text(asked.fr, asked.en), asked.path, asked.of, asked.under) for asked in one.asks)
        filed_by, source = _text(one.filed_by), source_of(one.source)
        found.append(Dossier(tuple(one.for_), one.form, filed_by, asks, tuple(follow_up), one.cite, source, one.under))
    return tuple(found)
