"""Reading cases from YAML and JSON files, with the file and line of every fault."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from cleiss_rules.errors import Fault, FaultyInput, InvalidCase
from cleiss_rules.facts.case import MEASURES, Case
from cleiss_rules.yaml12 import MOST_BYTES, Document, PathTuple, parse_documents, read_document, spell

# What was expected where a value has not even the right shape.
_EXPECTED = {
    "tuple_type": "a list is expected",
    "dict_type": "a mapping is expected",
    "model_type": "a mapping is expected",
    "string_type": "text is expected",
    "int_type": "a whole number is expected",
    "float_type": "a number is expected",
}
# Faults can hide others: those of fields the order of days, these what only the whole case tells.
_PASSES = 3
_ENTRY = 2  # the length of a path such as activities[0]
_TOLD_PATH = re.compile(r"([a-z_]+(?:\[[0-9]+\]|\.[a-z_]+)*): ")


def read_case(path: str | Path) -> Case:
    """The case of a file; ``-`` is standard input. Raises InvalidCase with every fault."""
    try:
        if str(path) == "-":
            document = parse_documents(sys.stdin.buffer.read(MOST_BYTES + 1), "<standard input>", single=True)[0]
        else:
            document = read_document(Path(path))
    except FaultyInput as error:
        raise InvalidCase(error.faults) from None
    return case_of(document)


def case_of(document: Document) -> Case:
    """The case that a document holds. Raises InvalidCase with every fault."""
    if not isinstance(document.data, Mapping):
        found = "a list" if isinstance(document.data, list) else f"{document.data!r:.60}"
        raise InvalidCase([Fault("", f"a mapping is expected, this is {found}", document.file, document.line_of(()))])
    try:
        return super(Case, Case).model_validate(document.data)
    except ValidationError as error:
        raise InvalidCase(faults_of(error, document.data, document)) from None


def faults_of(error: ValidationError, data: Any, document: Document | None = None) -> list[Fault]:
    """What pydantic found in the data, in the words of the contract; a document adds file and lines."""
    found = _found(error, data)
    if isinstance(data, Mapping):
        for path, message in _hidden(data, found):
            found.setdefault((path, message), "value_error")
    faults = [
        Fault(spell(path), message, document.file if document else None, document.line_of(path) if document else None)
        for (path, message), kind in found.items()
        if kind not in _EXPECTED or not _told_better(path, found)
    ]
    return sorted(faults, key=lambda fault: fault.line or 0)


def _found(error: ValidationError, data: Any) -> dict[tuple[PathTuple, str], str]:
    """The faults by path and message, each with its kind; one of the whole case holds a fault to a line."""
    found: dict[tuple[PathTuple, str], str] = {}
    for detail in error.errors(include_url=False):
        path = _without_branches(tuple(detail["loc"]), data)
        for line in _message(detail, path).split("\n"):
            found.setdefault(_told_path(path, line), detail["type"])
    return found


def _hidden(data: Mapping[Any, Any], found: Mapping[tuple[PathTuple, str], str]) -> Iterator[tuple[PathTuple, str]]:
    """What pydantic does not look at while parts are faulty, such as the order of days: looked at without those parts."""
    faulty = {cut for (path, _), kind in found.items() for cut in _cut(path, kind, data)}
    for _ in range(_PASSES):
        places: dict[PathTuple, list[int]] = {}
        rest = _without(data, (), faulty, places)
        rest.setdefault("format", 1)
        try:
            super(Case, Case).model_validate(rest)
        except ValidationError as error:
            more = {(_original(path, places), message): kind for (path, message), kind in _found(error, rest).items()}
        else:
            return
        for (path, message), kind in more.items():
            if kind != "missing" and ("employers" in rest or path[-1:] != ("employer",)):
                yield path, message
        before = len(faulty)
        faulty |= {cut for (path, _), kind in more.items() for cut in _cut(path, kind, data)}
        if len(faulty) == before:
            return


def _cut(path: PathTuple, kind: str, data: Any) -> Set[PathTuple]:
    """What to leave out: the value; of an entry without a key it needs, or with days that do not hold, the whole entry.

    An activity stays, for its employer has to be described whatever its days; its shares go, for they are of some days.
    """
    value = data
    for part in path:
        known = isinstance(value, Mapping) or (isinstance(value, list) and isinstance(part, int) and part < len(value))
        value = value[part] if known and (not isinstance(value, Mapping) or part in value) else None
    wrong_order = kind == "value_error" and isinstance(value, Mapping)
    if kind == "missing" or path[-1:] in (("from",), ("to",)):
        path = path[:-1]
    elif not wrong_order:
        return {path}
    if kind != "missing" and path[:1] == ("activities",) and len(path) == _ENTRY:
        return {(*path, key) for key in ("from", "to", *MEASURES)}
    return {path}


def _without(value: Any, path: PathTuple, faulty: Set[PathTuple], places: dict[PathTuple, list[int]]) -> Any:
    """The value without its faulty parts; ``places`` keeps where the members of shortened lists were."""
    if isinstance(value, Mapping):
        return {
            key: {} if (*path, key) in faulty else _without(part, (*path, key), faulty, places)
            for key, part in value.items()
            if (*path, key) not in faulty or path == ("employers",)
        }
    if isinstance(value, (list, tuple)):
        places[path] = [index for index in range(len(value)) if (*path, index) not in faulty]
        return [_without(value[index], (*path, index), faulty, places) for index in places[path]]
    return value


def _original(path: PathTuple, places: Mapping[PathTuple, list[int]]) -> PathTuple:
    found: PathTuple = ()
    for part in path:
        kept = places.get(found)
        found += (kept[part] if isinstance(part, int) and kept is not None else part,)
    return found


def _told_better(path: PathTuple, found: Mapping[tuple[PathTuple, str], str]) -> bool:
    """Whether the other branch of a union fits the value's shape and tells what is wrong with it."""
    return any(
        other[: len(path)] == path and (len(other) > len(path) or kind not in _EXPECTED)
        for (other, _), kind in found.items()
    )


def _told_path(path: PathTuple, message: str) -> tuple[PathTuple, str]:
    """A rule over the whole case names the path in its message, as ``activities[0].employer: …``."""
    told = _TOLD_PATH.match(message)
    if told is None or path:
        return path, message
    parts = re.findall(r"[a-z_]+|[0-9]+", told.group(1))
    return tuple(int(part) if part.isdigit() else part for part in parts), message[told.end() :]


def _without_branches(path: tuple[Any, ...], data: Any) -> PathTuple:
    """pydantic adds the tried branch of a union, and ``[key]`` for a faulty key; what is in the data stays."""
    kept: list[str | int] = []
    for part in path:
        if part == "[key]" or (isinstance(part, str) and data is not None and not isinstance(data, Mapping)):
            continue
        kept.append(part)
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
    return tuple(kept)


def _message(detail: Any, path: PathTuple) -> str:
    kind, value = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        return f"this key is not known{_nearest(path)}"
    if kind == "missing":
        return "this key is needed"
    if kind == "literal_error":
        return f"{value!r:.80} is not accepted; accepted: {detail['ctx']['expected']}"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    text = _EXPECTED.get(kind) or detail["msg"][:1].lower() + detail["msg"][1:]
    found = "null" if value is None else f"{value!r:.80}"
    return f"{found}: {text}" if not isinstance(value, (Mapping, list)) else text


def _nearest(path: PathTuple) -> str:
    known = _keys_at(Case, path[:-1])
    close = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
    if close:
        return f"; the nearest known key is {close[0]}"
    return f"; accepted: {', '.join(known)}" if known else ""


def _keys_at(model: type[BaseModel], path: PathTuple) -> list[str]:
    """The keys that a model knows at a path."""
    models: list[type[BaseModel]] = [model]
    for part in path:
        if isinstance(part, int):
            continue
        found: list[type[BaseModel]] = []
        for candidate in models:
            for name, field in candidate.model_fields.items():
                if part in (name, field.alias):
                    found += _models_in(field.annotation)
        models = found or models
    return sorted({field.alias or name for candidate in models for name, field in candidate.model_fields.items()})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
