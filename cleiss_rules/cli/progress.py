"""A progress bar on standard error, for what takes longer than two seconds."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

#: seconds before a bar is shown
PATIENCE = 2.0


@contextlib.contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told how far the work is. A pipe sees nothing."""
    begun = time.monotonic()
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=total)
    try:

        def told(done: int) -> None:
            if not bar.live.is_started and time.monotonic() - begun > PATIENCE:
                bar.start()
            bar.update(task, completed=done)

        yield told
    finally:
        bar.stop()
