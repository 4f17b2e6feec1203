"""Writing to people and pipes: tables, JSON, and text that can't steer a terminal."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

Row = Sequence[str]


def harmless(text: str) -> str:
    """The text with control and formatting characters spelled out; line ends and tabs stay."""
    if text.isprintable():
        return text
    return "".join(_spelled(char) if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char for char in text)


def _spelled(char: str) -> str:
    return char if char in "\n\t" else char.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    """The text on one line."""
    return harmless(" ".join(text.split("\n")))


def write(text: str) -> None:
    """A text and a line end on standard output."""
    print(harmless(text))


def write_json(data: Any) -> None:
    """Data on standard output, in characters that its encoding has."""
    import json

    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    print(json.dumps(data, indent=2, ensure_ascii=not unicode))


def write_table(headings: Row, rows: Sequence[Row]) -> None:
    """A table: drawn on a terminal, aligned plain text in a pipe."""
    clean = [[one_line(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw(headings, clean)
    else:
        print("\n".join(_aligned([headings, *clean])))


def draw_lanes(rows: Callable[[int], Sequence[tuple[str, Sequence[tuple[str, str]]]]]) -> None:
    """Lanes of coloured bars, as wide as the terminal; a pipe gets none. ``rows`` makes them for a width."""
    if not sys.stdout.isatty():
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    names = max(len(name) for name, _ in rows(40))
    shown = min(names, 34)
    table = Table.grid(padding=(0, 1))
    for name, pieces in rows(max(20, console.width - shown - 3)):
        table.add_row(Text(one_line(name), overflow="ellipsis", no_wrap=True), Text.assemble(*pieces))
    table.columns[0].max_width = shown
    console.print(table)


def _aligned(rows: Sequence[Row]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _draw(headings: Row, rows: Sequence[Row]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=len(rows) > 1)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        # Text, because a string would be read as markup: ``[IT]`` and ``activities[0]`` would vanish.
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)
