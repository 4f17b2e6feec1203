"""From errors to exit statuses: 2 with a line per fault, never a traceback."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from cleiss_rules.errors import CleissRulesError, FaultyInput

HOLDS, DIFFERS, UNUSABLE, DEFECT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141
P = ParamSpec("P")


def guarded(command: Callable[P, int]) -> Callable[P, None]:
    """A command that ends with its exit status, whatever happens inside it."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(_status(functools.partial(command, *args, **kwargs)))

    return run


def complain(text: str) -> None:
    """One line on standard error."""
    from cleiss_rules.cli.output import one_line

    print(one_line(text), file=sys.stderr)


def _status(command: Callable[[], int]) -> int:
    try:
        status = command()
        # What is still buffered has to fail here, not when the interpreter shuts down.
        sys.stdout.flush()
    except (typer.Exit, typer.BadParameter):
        raise
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return PIPE_CLOSED
    except Exception as error:
        lines = _what_was_wrong(error)
        for line in lines or (_defect(error),):
            complain(line)
        return UNUSABLE if lines else DEFECT
    return status


def _what_was_wrong(error: Exception) -> list[str]:
    """A line per fault of the input; none where the fault is this program's."""
    if isinstance(error, FaultyInput):
        return [str(fault) for fault in error.faults]
    if isinstance(error, CleissRulesError):
        return [str(error)]
    if isinstance(error, OSError):
        _forget_output()
        return [f"{error.filename or '<standard output>'}: can't be used: {error.strerror}"]
    if isinstance(error, (RecursionError, MemoryError)):
        return [f"the input is too large or nested too deeply ({type(error).__name__})"]
    return []


def _defect(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    what = f"{type(error).__name__}: {error}"
    return f"cleiss-rules: a defect of this program, not of the input{notes}: {what} ({place.filename}:{place.lineno})"


def _forget_output() -> None:
    """Nobody reads standard output any more: what is still buffered must not fail again at shut-down."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
