"""The population as Arrow tables and blocks: the same rows for the same seed, in whatever blocks they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cleiss_rules.errors import CleissRulesError

#: rows of a block unless another number is asked for
BLOCK = 262_144
MOST_ROWS = 10**12


class InvalidPopulation(CleissRulesError):
    """A population that can't be made: a number of rows, a seed or a file that doesn't fit, or a missing library."""


def population(rows: int, seed: int = 0) -> Any:
    """``rows`` synthetic situations as a ``pyarrow.Table``, in the shape that ``determine_table`` reads.

    The first rows of a larger population are those of a smaller one with the same seed. Raises InvalidPopulation.
    """
    pa = _pyarrow()
    from cleiss_rules.synthetic.columns import schema

    return pa.Table.from_batches(batches(rows, seed), schema())


def batches(rows: int, seed: int = 0, block: int = BLOCK) -> Iterator[Any]:
    """The same as record batches of at most ``block`` rows; memory does not grow with ``rows``."""
    _fits("rows", rows, 0, MOST_ROWS)
    _fits("seed", seed, 0, 2**64 - 1)
    _fits("block", block, 1, 2**24)
    _pyarrow()
    return _batches(rows, seed, block)


def _batches(rows: int, seed: int, block: int) -> Iterator[Any]:
    from cleiss_rules.synthetic.situations import CHUNK, fill

    held = -1
    for start in range(0, rows, block):
        stop = min(start + block, rows)
        parts = []
        for chunk in range(start // CHUNK, (stop - 1) // CHUNK + 1):
            if chunk != held:
                sheet, held = fill(seed, chunk), chunk
            first = chunk * CHUNK
            parts.append(sheet.batch(first, slice(max(start - first, 0), min(stop - first, CHUNK))))
        yield parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: list[Any]) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches(parts).combine_chunks().to_batches()[0]


def _fits(name: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidPopulation(f"{name}: {value!r}; accepted: a whole number from {least} to {most}")


def _pyarrow() -> Any:
    try:
        import numpy  # noqa: F401
        import pyarrow
    except ImportError as error:
        raise InvalidPopulation(
            f"a population needs numpy and pyarrow ({error.name} is missing): pip install 'cleiss-rules[columnar]'"
        ) from error
    return pyarrow
