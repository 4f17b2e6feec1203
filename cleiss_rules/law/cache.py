"""Keeping the linked law between runs, as JSON that can hold no code.

A file of the cache is named by the digest of the law and of this program's version of the representation, and carries
the digest of its own content; whatever does not fit is ignored and written again. Writing is atomic, so two processes
may start at once. A cache that can't be written is no error.
"""

from __future__ import annotations

import dataclasses
import gc
import hashlib
import json
import os
import tempfile
import types
import typing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from cleiss_rules.calendar import Period
from cleiss_rules.law import model
from cleiss_rules.law.model import Law

_VERSION = "4"
_MOST_LAWS = 8


def cache_folder() -> Path:
    """Where the cache lives: XDG_CACHE_HOME, else ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "cleiss_rules"


def load_cached(root: Path, digest: str) -> Law:
    """The law below ``root``, from the cache if it holds exactly these files, else read and linked."""
    path = _path(digest)
    cached = _read(path)
    if cached is not None:
        return cached
    from cleiss_rules.law.load import load

    law = load(root, digest)
    _write(path, law)
    return law


def _path(digest: str) -> Path:
    program = hashlib.sha256((_VERSION + Path(model.__file__).read_text(encoding="utf-8")).encode()).hexdigest()
    return cache_folder() / f"law-{digest[:32]}-{program[:16]}.json"


def read_kept(path: Path) -> bytes | None:
    """What was kept in a file; nothing where there is none or it does not hold what its digest says."""
    try:
        stated, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return body if hashlib.sha256(body).hexdigest().encode() == stated else None


def keep(path: Path, *parts: bytes | memoryview) -> bool:
    """Keeps what the parts make together in a file with its digest, all or nothing; whether that could be done."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(digest.hexdigest().encode() + b"\n")
            file.writelines(parts)
        os.replace(temporary, path)
    except OSError:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        return False
    return True


def _read(path: Path) -> Law | None:
    body = read_kept(path)
    if body is None:
        return None
    try:
        with _uncollected():
            law: Law = _decode(Law, json.loads(body))
    except (ValueError, KeyError, TypeError):
        return None
    return law


@contextmanager
def _uncollected() -> Iterator[None]:
    """Everything that is made here stays, so the garbage collector would look through it again and again for nothing."""
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()


def _write(path: Path, law: Law) -> None:
    if keep(path, json.dumps(_encode(law), ensure_ascii=False, separators=(",", ":")).encode()):
        _forget_older(path)


def _forget_older(path: Path) -> None:
    """Of the laws in a folder, only those used last are kept: each change of a file makes another one."""
    try:
        kept = sorted(path.parent.glob("law-*.json"), key=lambda one: -one.stat().st_mtime)
        for one in kept[_MOST_LAWS:]:
            one.unlink(missing_ok=True)
    except OSError:  # somebody else has tidied up, or the folder may not be changed
        pass


def _encode(value: Any) -> Any:
    if isinstance(value, Period):
        return {"count": value.count, "unit": value.unit}
    if isinstance(value, model.ParameterValue) and isinstance(value.value, date):
        value = dataclasses.replace(value, value={"day": value.value.isoformat()})
    if dataclasses.is_dataclass(value):
        return [_encode(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    return value


@lru_cache(maxsize=64)
def _decoders(cls: type[Any]) -> tuple[Any, ...]:
    hints = get_type_hints(cls)
    return tuple(_decoder(hints[field.name]) for field in dataclasses.fields(cls))


def _decode(cls: type[Any], data: Any) -> Any:
    decoders: tuple[Any, ...] = _decoders(cls)  # type: ignore[arg-type]
    return cls(*(decode(item) for decode, item in zip(decoders, data, strict=True)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"count", "unit"}:
        return Period(value["count"], value["unit"])
    if isinstance(value, dict) and value.keys() == {"day"}:
        return date.fromisoformat(value["day"])
    return value


@lru_cache(maxsize=256)
def _decoder(hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = _decoder(next(argument for argument in arguments if argument is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = _decoder(arguments[0])
        return lambda value: tuple(item(part) for part in value)
    if origin is not None and issubclass(origin, Mapping):
        item = _decoder(arguments[1])
        return lambda value: {key: item(part) for key, part in value.items()}
    if hint is date:
        return date.fromisoformat
    if hint is Period:
        return _plain
    if dataclasses.is_dataclass(hint):
        return lambda value: _decode(typing.cast("type[Any]", hint), value)
    return _plain
