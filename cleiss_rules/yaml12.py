"""Reading YAML 1.2 and JSON safely, keeping the line of every value.

``NO`` is Norway and ``on`` is a key: only ``true`` and ``false`` are Booleans. Dates stay text, so that whoever
knows the field decides. Nothing is constructed but mappings, lists and plain values, and nothing grows beyond
the limits below, whatever aliases a file holds. This module knows neither cases nor law.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cleiss_rules.errors import Fault, FaultyInput

MOST_BYTES = 4 * 1024 * 1024
MOST_VALUES = 200_000
MOST_DEPTH = 60

PathTuple = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_QUOTED = frozenset(("'", '"', "|", ">"))
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Document:
    """What a file says (``data``) and on which line each path of it stands (``lines``)."""

    file: str
    data: Any
    lines: dict[PathTuple, int] = field(default_factory=dict)

    def line_of(self, path: PathTuple) -> int | None:
        """The line of the path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def spell(path: PathTuple) -> str:
    """A path as people write it: ``activities[0].posting.from_state``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def read_document(path: Path) -> Document:
    """One YAML or JSON file. Raises FaultyInput when it can't be read or is not well-formed."""
    return read_documents(path, single=True)[0]


def read_documents(path: Path, *, single: bool = False) -> list[Document]:
    """All documents of a file (YAML separates them with ``---``)."""
    name = str(path)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FaultyInput([Fault("", f"is {size:,} bytes; at most {MOST_BYTES:,} are read", name)])
        text = path.read_bytes()
    except OSError as error:
        raise FaultyInput([Fault("", f"can't be read: {error.strerror}", name)]) from None
    return parse_documents(text, name, single=single)


def parse_documents(text: bytes, name: str, *, single: bool = False) -> list[Document]:
    """Documents from bytes; ``name`` stands for the file in faults."""
    if len(text) > MOST_BYTES:
        raise FaultyInput([Fault("", f"is {len(text):,} bytes; at most {MOST_BYTES:,} are read", name)])
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise FaultyInput([Fault("", "is not UTF-8 text", name, line)]) from None
    if name.endswith(".json"):
        _reject_broken_json(decoded, name)
    try:
        nodes = list(yaml.compose_all(decoded, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FaultyInput([Fault("", f"is not well-formed YAML: {error.problem}", name, line)]) from None
    except yaml.YAMLError as error:
        raise FaultyInput([Fault("", f"is not well-formed YAML: {str(error).splitlines()[0]}", name, 1)]) from None
    except RecursionError:
        raise FaultyInput([Fault("", f"is nested more than {MOST_DEPTH} deep", name, 1)]) from None
    if not nodes or nodes == [None]:
        raise FaultyInput([Fault("", "is empty; a mapping is expected", name, 1)])
    if single and len(nodes) > 1:
        line = nodes[1].start_mark.line + 1
        raise FaultyInput([Fault("", f"holds {len(nodes)} documents; one is expected", name, line)])
    return [_Builder(name).build(node) for node in nodes]


def _reject_broken_json(text: str, name: str) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise FaultyInput([Fault("", f"is not well-formed JSON: {error.msg}", name, error.lineno)]) from None
    except RecursionError:
        raise FaultyInput([Fault("", f"is nested more than {MOST_DEPTH} deep", name, 1)]) from None


class _Builder:
    """Turns a node graph into plain values, counting what aliases would blow up."""

    def __init__(self, name: str) -> None:
        self.document = Document(name, None)
        self.values = 0

    def build(self, node: yaml.Node) -> Document:
        self.document.data = self._value(node, ())
        return self.document

    def _fail(self, node: yaml.Node, path: PathTuple, message: str) -> FaultyInput:
        return FaultyInput([Fault(spell(path), message, self.document.file, node.start_mark.line + 1)])

    def _value(self, node: yaml.Node, path: PathTuple) -> Any:
        self.values += 1
        if self.values > MOST_VALUES:
            raise self._fail(node, (), f"holds more than {MOST_VALUES:,} values once its aliases are written out")
        if len(path) > MOST_DEPTH:
            raise self._fail(node, path[:3], f"is nested more than {MOST_DEPTH} deep")
        self.document.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        return _plain(node)

    def _mapping(self, node: yaml.MappingNode, path: PathTuple) -> Mapping[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._fail(key_node, path, "a key must be plain text")
            key = key_node.value
            here = (*path, key)
            if key in result:
                raise self._fail(key_node, here, "this key stands twice in the same mapping")
            result[key] = self._value(value_node, here)
            self.document.lines[here] = key_node.start_mark.line + 1
        return result


def _plain(node: yaml.Node) -> Any:
    text: str = node.value
    if getattr(node, "style", None) in _QUOTED or node.tag == "!":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
