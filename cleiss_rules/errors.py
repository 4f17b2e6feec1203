"""Every error that a caller can cause. Nothing here knows law or engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class CleissRulesError(Exception):
    """Base class of all errors that a caller can cause."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input, with all that is needed to mend it.

    ``file`` and ``line`` are None for data that did not come from a file.
    """

    path: str
    message: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = self.file or ""
        if self.line is not None:
            where += f":{self.line}"
        return ": ".join(part for part in (where, self.path, self.message) if part)


class FaultyInput(CleissRulesError):
    """An input that can't be used; ``faults`` holds every fault, not the first only."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InvalidCase(FaultyInput):
    """A case that is not of the shape of ``docs/case-format``."""


class InvalidLaw(FaultyInput):
    """A file under ``agreements/`` that does not follow the schema or the expression grammar."""
