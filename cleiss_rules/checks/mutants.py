"""Small changes of the law, one at a time: a condition flipped, a parameter shifted by a unit, an exception dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from cleiss_rules.calendar import Period
from cleiss_rules.law.defeaters import circle, rules_together
from cleiss_rules.law.model import Condition, Instrument, Law, Parameter, Rule


@dataclass(frozen=True, slots=True)
class Mutant:
    """The law with one change, and where it was made."""

    instrument: str
    where: str
    what: str
    grade: str
    law: Law

    @property
    def name(self) -> str:
        """How the change is called."""
        return f"{self.where}: {self.what}"


def mutants(law: Law) -> Iterator[Mutant]:
    """Every mutant of the law; a change that would not load, as rules then defeat each other in a circle, is none."""
    for instrument in law.instruments.values():
        if instrument.status == "signed_not_in_force":
            continue
        yield from _of_rules(law, instrument)
        yield from _of_parameters(law, instrument)


def _with(law: Law, instrument: Instrument) -> Law:
    return replace(law, instruments={**law.instruments, instrument.id: instrument})


def _of_rules(law: Law, instrument: Instrument) -> Iterator[Mutant]:
    for rule in (*instrument.binds, *instrument.rules):
        for what, changed in _changed(rule):
            mutated = replace(
                instrument,
                binds=tuple(changed if one is rule else one for one in instrument.binds),
                rules=tuple(changed if one is rule else one for one in instrument.rules),
            )
            if changed.defeats != rule.defeats and circle(rules_together(law, mutated)):
                continue
            where = f"{instrument.file}:{rule.line} {rule.key}"
            yield Mutant(instrument.id, where, what, rule.source.grade, _with(law, mutated))


def _changed(rule: Rule) -> Iterator[tuple[str, Rule]]:
    if rule.where is not None:
        yield f"where flipped ({rule.where.text})", replace(rule, where=_flipped(rule.where))
    for index, condition in enumerate(rule.when):
        when = (*rule.when[:index], _flipped(condition), *rule.when[index + 1 :])
        yield f"condition {index + 1} flipped ({condition.text})", replace(rule, when=when)
    for target in rule.defeats:
        yield (
            f"exception dropped (defeats {target})",
            replace(rule, defeats=tuple(t for t in rule.defeats if t != target)),
        )
    if rule.kind == "define" and rule.type == "bool" and rule.value is not None:
        yield "notion flipped", replace(rule, value=["not", rule.value])
    if rule.assess is not None:
        yield "clear yes flipped", replace(rule, assess=replace(rule.assess, yes=["not", rule.assess.yes]))
        yield "clear no flipped", replace(rule, assess=replace(rule.assess, no=["not", rule.assess.no]))


def _flipped(condition: Condition) -> Condition:
    return replace(condition, expr=["not", condition.expr], text=f"not ({condition.text})")


def _of_parameters(law: Law, instrument: Instrument) -> Iterator[Mutant]:
    for name, parameter in instrument.parameters.items():
        for index, value in enumerate(parameter.values):
            for shift in (-1, 1):
                shifted = _shifted(value.value, shift)
                if shifted is None:
                    continue
                changed: Parameter = replace(
                    parameter,
                    values=(*parameter.values[:index], replace(value, value=shifted), *parameter.values[index + 1 :]),
                )
                mutated = replace(instrument, parameters={**instrument.parameters, name: changed})
                where = f"{instrument.file} {instrument.id}/{name}"
                yield Mutant(
                    instrument.id, where, f"{value.value} becomes {shifted}", value.source.grade, _with(law, mutated)
                )


def _shifted(value: Any, shift: int) -> Any:
    if isinstance(value, Period):
        return Period(value.count + shift, value.unit) if value.count + shift > 0 else None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return value + shift
    return value + timedelta(days=shift) if isinstance(value, date) else None
