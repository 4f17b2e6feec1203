"""Finding and reading regression cases in files and folders. Nothing is determined or compared here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleiss_rules.errors import Fault, FaultyInput, InvalidLaw
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.read import case_of
from cleiss_rules.yaml12 import MOST_BYTES, Document, parse_documents, read_documents

SUFFIXES = frozenset((".yaml", ".yml", ".json"))


@dataclass(frozen=True, slots=True)
class FiledCase:
    """A case with the file and lines it stands on. ``number`` counts the documents of the file from 1."""

    document: Document
    number: int
    case: Case

    @property
    def file(self) -> str:
        """The file as it was named."""
        return self.document.file

    @property
    def name(self) -> str:
        """The id of the case, else the name of its file."""
        if self.case.id is not None:
            return self.case.id
        return Path(self.file).stem + (f"#{self.number}" if self.number > 1 else "")

    def line_of(self, index: int) -> int | None:
        """The line of the entry of ``expect`` with that index."""
        return self.document.line_of(("expect", index))


def _as_it_is(files: Sequence[str]) -> Iterable[str]:
    return files


def cases_under(paths: Iterable[str], watch: Callable[[Sequence[str]], Iterable[str]] = _as_it_is) -> list[FiledCase]:
    """Every case of the files and folders (*.yaml, *.yml, *.json at any depth; names beginning with a dot are left out).

    ``-`` is standard input; ``watch`` sees the files pass, to show progress. Raises FaultyInput with every fault: a path
    that can't be read, a file without a case, an invalid case, an id that stands twice; also where nothing is expected.
    """
    given, faults = list(paths), list[Fault]()
    files = _files(given, faults)
    cases: list[FiledCase] = []
    for file in watch(files):
        try:
            cases += _cases_of(file, faults)
        except InvalidLaw:
            raise
        except FaultyInput as error:
            faults += error.faults
    faults += _repeated_ids(cases)
    if not faults and not any(filed.case.expect for filed in cases):
        what = "no case expects anything" if cases else "there is no case"
        faults.append(Fault("", f"{what} here; a case with `expect` is needed", ", ".join(given)))
    if faults:
        raise FaultyInput(faults)
    return cases


def _files(paths: Iterable[str], faults: list[Fault]) -> list[str]:
    """Each file once, whatever paths lead to it."""
    found: dict[str, str] = {}
    for path in paths:
        for file in _walk(path, faults) if os.path.isdir(path) else [path]:
            found.setdefault("-" if file == "-" else os.path.realpath(file), file)
    return list(found.values())


def _walk(folder: str, faults: list[Fault]) -> Iterator[str]:
    def unreadable(error: OSError) -> None:
        faults.append(Fault("", f"can't be read: {error.strerror}", str(error.filename)))

    for place, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield os.path.join(place, name)


def _cases_of(file: str, faults: list[Fault]) -> list[FiledCase]:
    documents = _documents(file)
    cases: list[FiledCase] = []
    for number, document in enumerate(documents, start=1):
        # What follows a last ``---`` is an empty document that nobody meant to write.
        if document.data is None and len(documents) > 1:
            continue
        try:
            cases.append(FiledCase(document, number, case_of(document)))
        except InvalidLaw:
            raise  # a fault of the law is told once, not for every case
        except FaultyInput as error:
            faults += error.faults
    return cases


def _documents(file: str) -> list[Document]:
    if file == "-":
        return parse_documents(sys.stdin.buffer.read(MOST_BYTES + 1), "<standard input>")
    return read_documents(Path(file))


def _repeated_ids(cases: Iterable[FiledCase]) -> Iterator[Fault]:
    first: dict[str, FiledCase] = {}
    for filed in cases:
        if filed.case.id is None:
            continue
        earlier = first.setdefault(filed.case.id, filed)
        if earlier is not filed:
            place = f"{earlier.file}:{earlier.document.line_of(('id',))}"
            message = f"{filed.case.id!r} is already the id of the case at {place}; an id stands once in its tree"
            yield Fault("id", message, filed.file, filed.document.line_of(("id",)))
