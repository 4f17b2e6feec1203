"""Reading cases from YAML and JSON files, with the file and line of every fault."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from cleiss_rules.errors import Fault, FaultyInput, InvalidCase
from cleiss_rules.facts.case import Case
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
    found: dict[tuple[PathTuple, str], str] = {}
    for detail in error.errors(include_url=False):
        path = _without_branches(tuple(detail["loc"]), data)
        path, message = _told_path(path, _message(detail, path))
        found.setdefault((path, message), detail["type"])
    faults = [
        Fault(spell(path), message, document.file if document else None, document.line_of(path) if document else None)
        for (path, message), kind in found.items()
        if kind not in _EXPECTED or not _told_better(path, found)
    ]
    return sorted(faults, key=lambda fault: fault.line or 0)


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
