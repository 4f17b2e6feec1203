"""Scenarios: parameters changed from an assumed day, to see what a reform would do. Never law in force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from cleiss_rules.calendar import ONE_DAY, Span
from cleiss_rules.errors import Fault, InvalidLaw
from cleiss_rules.law import schema
from cleiss_rules.law.expression import ExpressionError, literal_value, parse
from cleiss_rules.law.model import Law, Parameter, ParameterValue, Source, Text, Validity
from cleiss_rules.law.store import law_folder
from cleiss_rules.yaml12 import Document, read_document, spell


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid")
    value: str
    cite: str


class _ScenarioFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    scenario: schema.Identifier
    title: schema.TextModel
    applies_from: date
    source: schema.SourceModel
    parameters: dict[str, _Change]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The law with a reform in it, and how the reform is called."""

    id: str
    title: Text
    applies_from: date
    law: Law


def scenario(name: str | Path, law: Law) -> Scenario:
    """The scenario of that name under ``agreements/scenarios/``, or of that file. Raises InvalidLaw with every fault."""
    path = _path(str(name))
    document = read_document(path)
    try:
        read = _ScenarioFile.model_validate(document.data)
    except ValidationError as error:
        raise InvalidLaw([_fault(document, tuple(e["loc"]), e["msg"]) for e in error.errors()]) from None
    faults: list[Fault] = []
    changed: dict[str, dict[str, Parameter]] = {}
    source = read.source
    origin = Source(source.grade, source.url, source.read_on.isoformat() if source.read_on else None, source.note)
    for key, change in read.parameters.items():
        found = _parameter(law, key)
        where = ("parameters", key)
        if found is None:
            known = ", ".join(f"{i.id}/{p}" for i in law.instruments.values() for p in i.parameters)
            faults.append(_fault(document, where, f"{key} is no parameter of the law; accepted: {known}"))
            continue
        try:
            value = literal_value(parse(change.value), found.type)
        except ExpressionError as error:
            faults.append(_fault(document, (*where, "value"), f"{change.value}: {error}"))
            continue
        new = ParameterValue(value, Validity(Span(read.applies_from, None)), change.cite, origin)
        instrument, name_ = key.split("/", 1)
        changed.setdefault(instrument, {})[name_] = _from_then_on(found, new, read.applies_from)
    if faults:
        raise InvalidLaw(faults)
    digest = hashlib.sha256(law.digest.encode() + path.read_bytes()).hexdigest()
    return Scenario(read.scenario, Text(read.title.fr, read.title.en), read.applies_from, _with(law, changed, digest))


def _path(name: str) -> Path:
    own = law_folder() / "scenarios" / f"{name}.yaml"
    return own if own.is_file() else Path(name)


def _parameter(law: Law, key: str) -> Parameter | None:
    instrument = law.instruments.get(key.split("/", 1)[0])
    return instrument.parameters.get(key.split("/", 1)[-1]) if instrument is not None else None


def _from_then_on(parameter: Parameter, new: ParameterValue, first: date) -> Parameter:
    earlier = (replace(value, valid=_until(value.valid, first - ONE_DAY)) for value in parameter.values)
    return replace(parameter, values=(*earlier, new))


def _until(valid: Validity, last: date) -> Validity:
    return Validity(
        _cut(valid.span, last), {name: _cut(span, last) for name, span in valid.by_relation.items()}, valid.published_on
    )


def _cut(span: Span, last: date) -> Span:
    return Span(span.start, last if span.end is None else min(span.end, last))


def _with(law: Law, changed: Mapping[str, Mapping[str, Parameter]], digest: str) -> Law:
    instruments = {
        name: replace(instrument, parameters={**instrument.parameters, **changed.get(name, {})})
        for name, instrument in law.instruments.items()
    }
    return replace(law, instruments=instruments, digest=digest)


def _fault(document: Document, path: tuple[str | int, ...], message: str) -> Fault:
    return Fault(spell(path), message, document.file, document.line_of(path))
