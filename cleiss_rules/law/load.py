"""From the files of ``agreements/`` to the linked ``Law``. Every fault names file, line and what would be accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cleiss_rules.calendar import Period, Span
from cleiss_rules.errors import Fault, FaultyInput, InvalidLaw
from cleiss_rules.law import record, schema
from cleiss_rules.law.defeaters import circle, rules_together
from cleiss_rules.law.expression import ExpressionError, literal_value, parse
from cleiss_rules.law.link import LinkError, Scope, link
from cleiss_rules.law.model import (
    EVERY_OTHER,
    Assessment,
    Condition,
    Consequence,
    Expr,
    FactSpec,
    Group,
    Instrument,
    Issued,
    Law,
    Parameter,
    ParameterValue,
    Relation,
    Rule,
    Source,
    Step,
    Text,
    Validity,
    Weighed,
    Window,
)
from cleiss_rules.yaml12 import Document, PathTuple, read_document, spell

FOLDERS = ("eu", "bilateral", "territories", "national")
#: what is remembered and no source confirms: one file, and no instrument
HINTS = Path("bilateral/hints.yaml")
M = TypeVar("M", bound=BaseModel)
BEGINNING = date(1945, 1, 1)


def load(root: Path, digest: str = "") -> Law:
    """All the law below ``root``. Raises InvalidLaw with every fault that was found."""
    faults: list[Fault] = []
    states_document = _document(root / "states.yaml", faults)
    vocabulary_document = _document(root / "vocabulary.yaml", faults)
    instrument_documents = [
        document
        for folder in FOLDERS
        for path in sorted((root / folder).glob("*.yaml"))
        if path != root / HINTS and (document := _document(path, faults)) is not None
    ]
    states = _validated(schema.StatesModel, states_document, faults)
    vocabulary = _validated(schema.VocabularyModel, vocabulary_document, faults)
    models = [
        (model, doc) for doc in instrument_documents if (model := _validated(schema.InstrumentModel, doc, faults))
    ]
    hints_document = _document(root / HINTS, faults) if (root / HINTS).is_file() else None
    hints = _validated(schema.HintsModel, hints_document, faults)
    if faults or states is None or vocabulary is None:
        raise InvalidLaw(faults)
    facts = dict(_facts(vocabulary))
    groups = {name: _group(name, group) for name, group in states.groups.items()}
    state_names = {code: _text(name) for code, name in states.states.items()}
    linker = _InstrumentLinker(models, facts, frozenset(state_names), frozenset(groups), faults)
    linker.hints, linker.hints_document = hints, hints_document
    instruments = linker.all()
    law = Law(instruments, facts, state_names, dict(states.aliases), groups, digest)
    if not faults:
        faults.extend(_circles(law))
    if faults:
        raise InvalidLaw(faults)
    return law


def _circles(law: Law) -> Iterable[Fault]:
    told: set[frozenset[str]] = set()
    for instrument in law.instruments.values():
        found = circle(rules_together(law, instrument))
        if found and frozenset(found) not in told:
            told.add(frozenset(found))
            (first,) = (rule for rule in rules_together(law, instrument) if rule.key == found[0])
            way = " defeats ".join(found)
            home = law.instruments[first.key.partition("/")[0]]
            message = f"{way}: no rule of such a circle could stand; accepted: exceptions that end somewhere"
            yield Fault(f"{first.key}.defeats", message, home.file, first.line)


def _document(path: Path, faults: list[Fault]) -> Document | None:
    try:
        return read_document(path)
    except FaultyInput as error:
        faults.extend(error.faults)
        return None


def _validated(model: type[M], document: Document | None, faults: list[Fault]) -> M | None:
    if document is None:
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path: PathTuple = tuple(detail["loc"])
            message = detail["msg"] if detail["type"] != "extra_forbidden" else "this key is not known"
            faults.append(Fault(spell(path), message, document.file, document.line_of(path)))
        return None


def _text(model: schema.TextModel) -> Text:
    return Text(model.fr, model.en)


def _optional_text(model: schema.TextModel | None) -> Text | None:
    return None if model is None else _text(model)


def _source(model: schema.SourceModel) -> Source:
    return Source(model.grade, model.url, model.read_on.isoformat() if model.read_on else None, model.note)


def _span(model: schema.SpanModel) -> Span:
    return Span(model.from_ or BEGINNING, model.to)


def _validity(model: schema.ValidityModel | None, default: Validity) -> Validity:
    if model is None:
        return default
    by_relation = {name: _span(span) for name, span in model.by_relation.items()}
    return Validity(_span(model), by_relation or default.by_relation, model.published_on or default.published_on)


def _facts(vocabulary: schema.VocabularyModel) -> Iterable[tuple[str, FactSpec]]:
    for domain in type(vocabulary).model_fields:
        for path, fact in getattr(vocabulary, domain).items():
            words = {value: _text(word) for value, word in fact.words.items()}
            yield (
                path,
                FactSpec(
                    path, domain, fact.type, tuple(fact.values), _text(fact.label), _text(fact.question),
                    tuple(fact.takes), _optional_text(fact.assumed), words, _optional_text(fact.remedy),
                ),
            )  # fmt: skip


def _group(name: str, model: schema.GroupModel) -> Group:
    members = {
        state: tuple(_span(span) for span in (spans if isinstance(spans, list) else [spans]))
        for state, spans in model.members.items()
    }
    return Group(name, _text(model.title), members)


class _InstrumentLinker:
    """Links the expressions of all instruments, whose definitions may refer to each other."""

    def __init__(
        self,
        models: list[tuple[schema.InstrumentModel, Document]],
        facts: dict[str, FactSpec],
        states: frozenset[str],
        groups: frozenset[str],
        faults: list[Fault],
    ) -> None:
        self.models = {model.instrument: (model, document) for model, document in models}
        self.facts, self.states, self.groups, self.faults = facts, states, groups, faults
        self.parameter_types = {
            (model.instrument, name): self._parameter_type(parameter)
            for model, _ in models
            for name, parameter in model.parameters.items()
        }
        self.definitions = {
            (model.instrument, entry.name): entry for model, _ in models for entry in model.rules if entry.name
        }
        self.types: dict[tuple[str, str], str] = {}
        self.pending: set[tuple[str, str]] = set()
        self.hints: schema.HintsModel | None = None
        self.hints_document: Document | None = None

    def all(self) -> dict[str, Instrument]:
        """Every instrument by its id."""
        for name in self.hints.hints if self.hints is not None else ():
            if name not in self.models and self.hints_document is not None:
                self._fault(self.hints_document, ("hints", name), f"{name} is no instrument")
        return {id_: self._instrument(model, document) for id_, (model, document) in self.models.items()}

    def _parameter_type(self, parameter: schema.ParameterModel) -> str:
        for value in parameter.values:
            if value.value != "unknown":
                try:
                    return str(parse(value.value)[1])
                except ExpressionError:
                    return "invalid"
        return parameter.type or "period"

    def _scope(self, model: schema.InstrumentModel) -> Scope:
        reach = [model.instrument, *model.uses]
        parameters = {
            name: (instrument, type_)
            for (instrument, name), type_ in reversed(self.parameter_types.items())
            if instrument in reach
        }
        names = {
            name: f"{instrument}/{entry.define or entry.assess}"
            for (instrument, name), entry in self.definitions.items()
            if instrument in reach and name
        }
        owners = {name: instrument for instrument, name in self.definitions if instrument in reach and name}
        return Scope(
            self.facts, parameters, names, lambda name: self._definition_type(owners[name], name),
            lambda name: self.definitions[(owners[name], name)].each,
            self.states, self.groups, frozenset(entry.rule for entry in model.rules if entry.rule),
        )  # fmt: skip

    def _definition_type(self, instrument: str, name: str) -> str:
        key = (instrument, name)
        if key in self.types:
            return self.types[key]
        if key in self.pending:
            raise LinkError(f"{name} is defined by itself")
        entry = self.definitions[key]
        if entry.assess:
            self.types[key] = "bool"
            return "bool"
        self.pending.add(key)
        try:
            scope = self._scope(self.models[instrument][0])
            self.types[key] = link(parse(entry.value or ""), scope, entry.each)[1]
        except ExpressionError as error:
            raise LinkError(f"{name}: {error}") from None
        finally:
            self.pending.discard(key)
        return self.types[key]

    def _instrument(self, model: schema.InstrumentModel, document: Document) -> Instrument:
        valid = _validity(model.valid, Validity(Span(BEGINNING, None)))
        source = _source(model.source)
        entries = _EntryLinker(model, document, self._scope(model), valid, source, self.faults, self.states)
        self._check_references(model, document)

        def source_of(own: schema.SourceModel | None) -> Source:
            return source if own is None else _source(own)

        def fault_in(section: str, *part: str) -> Callable[[int, str], None]:
            return lambda index, message: self._fault(document, (section, index, *part), message)

        def hint_fault(index: int, message: str) -> None:
            self._fault(self.hints_document or document, ("hints", model.instrument, index), message)

        return Instrument(
            id=model.instrument, kind=model.kind, title=_text(model.title), name=_text(model.name), valid=valid,
            status=model.status, source=source, uses=tuple(model.uses), yields_to=tuple(model.yields_to),
            states=tuple(model.states),
            relations=tuple(
                Relation(
                    name, _text(item.title), tuple(item.territory), _validity(item.valid, valid), tuple(item.defeats),
                    tuple(item.yields_to),
                )
                for name, item in model.relations.items()
            ),
            parameters={name: self._parameter(model, name, item, valid, source) for name, item in model.parameters.items()},
            binds=tuple(entries.rule(entry, ("binds", index)) for index, entry in enumerate(model.binds)),
            rules=tuple(entries.rule(entry, ("rules", index)) for index, entry in enumerate(model.rules)),
            file=document.file, signed=model.signed,
            history=record.history(model, source_of), covers=record.covers(model, source_of),
            clauses=record.clauses(model, source_of, BEGINNING, self.states, fault_in("clauses")),
            bodies=record.bodies(model, source_of, BEGINNING),
            considerations=tuple(
                entries.weighed(entry, ("considerations", index)) for index, entry in enumerate(model.considerations)
            ),
            windows=tuple(entries.window(entry, ("windows", index)) for index, entry in enumerate(model.windows)),
            dossiers=record.dossiers(model, source_of, fault_in("dossiers")),
            procedure=tuple(entries.step(entry, ("procedure", index)) for index, entry in enumerate(model.procedure)),
            branches=record.branches(
                model, source_of, lambda one: _validity(one, valid), self.states, fault_in("branches")
            ),
            hints=record.hints(model, self.hints, hint_fault), law_of=model.law_of,
        )  # fmt: skip

    def _fault(self, document: Document, path: PathTuple, message: str) -> None:
        self.faults.append(Fault(spell(path), message, document.file, document.line_of(path)))

    def _check_references(self, model: schema.InstrumentModel, document: Document) -> None:
        known = {entry.rule for entry in (*model.rules, *model.binds) if entry.rule}
        for used in model.uses:
            family = self.models.get(used)
            known |= {f"{used}/{entry.rule}" for entry in (family[0].rules if family else ()) if entry.rule}
        for section, entries in (("rules", model.rules), ("binds", model.binds)):
            for index, entry in enumerate(entries):
                for position, target in enumerate(entry.defeats):
                    if target not in known and target != EVERY_OTHER:
                        path: PathTuple = (section, index, "defeats", position)
                        message = (
                            f"{target} is no rule of this file; accepted: {EVERY_OTHER}, {', '.join(sorted(known))}"
                        )
                        self.faults.append(Fault(spell(path), message, document.file, document.line_of(path)))
        for position, used in enumerate(model.uses):
            if used not in self.models:
                path = ("uses", position)
                self.faults.append(
                    Fault(spell(path), f"{used} is no instrument", document.file, document.line_of(path))
                )

    def _parameter(
        self, model: schema.InstrumentModel, name: str, item: schema.ParameterModel, valid: Validity, source: Source
    ) -> Parameter:
        document = self.models[model.instrument][1]
        type_ = self.parameter_types[(model.instrument, name)]
        values: list[ParameterValue] = []
        for index, value in enumerate(item.values):
            path: PathTuple = ("parameters", name, "values", index, "value")
            literal: Any = None
            if value.value != "unknown":
                try:
                    literal = literal_value(parse(value.value), type_)
                except ExpressionError as error:
                    self.faults.append(Fault(spell(path), str(error), document.file, document.line_of(path)))
            own = _source(value.source) if value.source else source
            values.append(ParameterValue(literal, _validity(value.valid, valid), value.cite, own))
        return Parameter(name, type_, _text(item.title), tuple(values))


class _EntryLinker:
    """Links the entries of one file, collecting faults with their lines."""

    def __init__(
        self, model: schema.InstrumentModel, document: Document, scope: Scope,
        valid: Validity, source: Source, faults: list[Fault], states: Container[str],
    ) -> None:  # fmt: skip
        self.model, self.document, self.scope = model, document, scope
        self.valid, self.source, self.faults, self.states = valid, source, faults, states

    def rule(self, entry: schema.RuleModel, path: PathTuple) -> Rule:
        """The linked rule of one entry."""
        kind = "rule" if entry.rule else "define" if entry.define else "assess"
        id_ = entry.rule or entry.define or entry.assess or ""
        question = "scope" if path[0] == "binds" else entry.question
        rule = Rule(
            key=f"{self.model.instrument}/{id_}", id=id_, instrument=self.model.instrument, kind=kind, question=question,
            title=_text(entry.title), cite=entry.cite, valid=_validity(entry.valid, self.valid),
            source=_source(entry.source) if entry.source else self.source,
            each=entry.each, where=self._where(entry, path),
            when=tuple(self._condition(item, (*path, "when", i), entry.each) for i, item in enumerate(entry.when)),
            then=self._consequence(entry, path),
            defeats=tuple(t if "/" in t or t == EVERY_OTHER else f"{self.model.instrument}/{t}" for t in entry.defeats),
            because=_optional_text(entry.because),
            cases=tuple(entry.cases), line=self.document.line_of(path) or 0,
            slots=self._slots(entry, path),
        )  # fmt: skip
        if entry.value is not None:
            value, type_ = self._link(entry.value, (*path, "value"), entry.each)
            rule = replace(rule, value=value, type=type_)
        if entry.assessment is not None:
            rule = replace(
                rule, assess=self._assessment(entry.assessment, (*path, "assessment"), entry.each), type="bool"
            )
        return rule

    def step(self, entry: schema.StepModel, path: PathTuple) -> Step:
        """The linked step of one entry."""

        def linked(text: str | None, name: str, wanted: str) -> Expr | None:
            return self._typed(text, (*path, name), entry.each, wanted) if text is not None else None

        return Step(
            key=f"{self.model.instrument}/{entry.step}", instrument=self.model.instrument, title=_text(entry.title),
            cite=entry.cite, valid=_validity(entry.valid, self.valid),
            after=tuple(t if "/" in t else f"{self.model.instrument}/{t}" for t in entry.after), each=entry.each,
            only_if=linked(entry.if_, "if", "bool"), actor=linked(entry.actor, "actor", "state"), does=_text(entry.does),
            documents=tuple(entry.documents), process=entry.process, limit=linked(entry.limit, "limit", "period"),
            runs_from=linked(entry.runs_from, "runs_from", "date"), deadline=_optional_text(entry.deadline),
            strength=entry.strength, source=_source(entry.source) if entry.source else self.source,
        )  # fmt: skip

    def weighed(self, entry: schema.ConsiderationModel, path: PathTuple) -> Weighed:
        """The linked consideration of one entry."""
        condition = self._typed(entry.if_, (*path, "if"), None, "bool")
        texts = (_text(entry.for_), _text(entry.against), _text(entry.open))
        where = self._typed(entry.where, (*path, "where"), None, "bool") if entry.where is not None else None
        return Weighed(entry.consideration, condition, *texts, _source(entry.source), where)

    def window(self, entry: schema.WindowModel, path: PathTuple) -> Window:
        """The window of one entry."""
        if entry.of is not None and entry.of not in self.states:
            self._fault((*path, "of"), f"{entry.of!r} is no State; accepted: the codes of states.yaml")

        def length(text: str | None, name: str) -> Period | None:
            if text is None:
                return None
            try:
                found: Period = literal_value(parse(text), "period")
            except ExpressionError as error:
                self._fault((*path, name), f"{text}: {error}")
                return None
            return found

        return Window(
            tuple(entry.for_), _validity(entry.valid, self.valid), length(entry.earliest, "earliest"),
            length(entry.ahead, "ahead"), length(entry.latest, "latest"), _text(entry.text), entry.cite,
            _source(entry.source), entry.under, entry.of,
        )  # fmt: skip

    def _link(self, text: str, path: PathTuple, domain: str | None) -> tuple[Expr, str]:
        try:
            return link(parse(text), self.scope, domain)
        except (ExpressionError, LinkError) as error:
            self._fault(path, f"{text}: {error}")
            return ["lit", "bool", False], "invalid"

    def _typed(self, text: str, path: PathTuple, domain: str | None, wanted: str) -> Expr:
        expr, type_ = self._link(text, path, domain)
        if type_ not in (wanted, "invalid"):
            message = f"a value of type {wanted} is expected, this is of type {type_}"
            self._fault(path, f"{text}: {message}")
        return expr

    def _fault(self, path: PathTuple, message: str) -> None:
        self.faults.append(Fault(spell(path), message, self.document.file, self.document.line_of(path)))

    def _slots(self, entry: schema.RuleModel, path: PathTuple) -> dict[str, Expr]:
        """The expressions that stand in braces in ``because``."""
        if entry.because is None:
            return {}
        slots: dict[str, Expr] = {}
        for lang in ("fr", "en"):
            for slot in re.findall(r"{([^{}]+)}", getattr(entry.because, lang)):
                slots[slot] = self._link(slot, (*path, "because", lang), entry.each)[0]
        return slots

    def _where(self, entry: schema.RuleModel, path: PathTuple) -> Condition | None:
        if entry.where is None:
            return None
        return self._condition(entry.where, (*path, "where"), entry.each)

    def _condition(self, item: str | schema.ConditionModel, path: PathTuple, domain: str | None) -> Condition:
        if isinstance(item, str):
            return Condition(self._typed(item, path, domain, "bool"), item, None)
        return Condition(self._typed(item.if_, (*path, "if"), domain, "bool"), item.if_, Text(item.fr, item.en))

    def _assessment(self, item: schema.AssessmentModel, path: PathTuple, domain: str | None) -> Assessment:
        return Assessment(
            self._typed(item.yes_if, (*path, "yes_if"), domain, "bool"),
            self._typed(item.no_if, (*path, "no_if"), domain, "bool"),
            _text(item.criterion), _optional_text(item.evidence),
            self._typed(item.body, (*path, "body"), domain, "state") if item.body else None,
        )  # fmt: skip

    def _documents(self, stated: Any, path: PathTuple, domain: str | None) -> tuple[Issued, ...]:
        documents = stated if isinstance(stated, list) else [] if stated is None else [stated]
        return tuple(
            Issued(document)
            if isinstance(document, str)
            else Issued(document.name, self._typed(document.if_, path, domain, "bool"))
            for document in documents
        )

    def _consequence(self, entry: schema.RuleModel, path: PathTuple) -> Consequence:
        then = entry.then
        if then is None:
            if entry.rule and path[0] == "rules":
                self._fault(path, "a rule of the text needs a `then`")
            return Consequence()
        target = "legislation" if then.legislation is not None else "place"
        value_text = then.legislation if then.legislation is not None else then.place
        value = self._typed(value_text, (*path, "then", target), entry.each, "state") if value_text else None
        if value is None and then.gap is None:
            self._fault((*path, "then"), "legislation, place or gap is expected")
        deciders = [then.decided_by] if isinstance(then.decided_by, str) else then.decided_by or []
        return Consequence(
            value, self._documents(then.document, (*path, "then", "document"), entry.each),
            tuple(self._typed(item, (*path, "then", "decided_by"), entry.each, "state") for item in deciders),
            _optional_text(then.gap), _optional_text(then.note),
            self._typed(then.besides, (*path, "then", "besides"), entry.each, "state") if then.besides else None,
            then.status,
        )  # fmt: skip
