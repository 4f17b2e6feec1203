"""A progress bar for what turns out to last."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 2.0


class Watcher:
    """Shows how far a loop is, on standard error, once PATIENCE seconds have passed since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def watch(self, items: Sequence[T], what: str) -> Iterator[T]:
        """The items, one after the other."""
        for index, item in enumerate(items):
            yield item
            if self._lasts():
                yield from self._drawn(items, index + 1, what)
                return

    def _lasts(self) -> bool:
        return time.monotonic() - self._start > PATIENCE and sys.stderr is not None and sys.stderr.isatty()

    def _drawn(self, items: Sequence[T], done: int, what: str) -> Iterator[T]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(what, total=len(items), completed=done)
            for item in items[done:]:
                yield item
                progress.advance(task)
