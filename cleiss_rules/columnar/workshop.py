"""Runs recipes on blocks of rows: the registers they work on are used again, block after block. Needs numba."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar import program
from cleiss_rules.columnar.recipe import DAY, ROOM, Ready
from cleiss_rules.columnar.sheet import Source

Words = npt.NDArray[np.uint64]
#: what was kept of rows: a column, or what all of them have
Kept = dict[str, Any]
#: registers that nobody uses; to ask the system for memory anew costs as much as a tenth of a run
_free: list[_Registers] = []


@dataclass(frozen=True, slots=True)
class Made:
    """What a recipe tells of a block: the words of each row, how it is marked (0: not), and what was kept."""

    words: Words
    slow: npt.NDArray[np.uint8]
    kept: Kept


class _Registers:
    def __init__(self) -> None:
        self.files: list[Any] = [np.zeros((0, ROOM), kind) for kind in (np.uint8, np.int32, np.float64)]

    def room_for(self, ready: Ready) -> None:
        """Makes room, and writes down what all rows have."""
        for place, wanted in enumerate(ready.registers):
            if len(self.files[place]) < wanted:
                self.files[place] = np.zeros((wanted, ROOM), self.files[place].dtype)
        for file, same in zip(self.files, ready.same, strict=True):
            for register, value in same:
                file[register] = value


def made(ready: Ready, sources: Sequence[Source], count: int) -> Made:
    """Takes all steps of a recipe for the rows of a block."""
    try:
        registers = _free.pop()
    except IndexError:
        registers = _Registers()
    try:
        registers.room_for(ready)
        return _run(ready, sources, count, registers)
    finally:
        _free.append(registers)


def _run(ready: Ready, sources: Sequence[Source], count: int, registers: _Registers) -> Made:
    kept: Kept = {}
    addresses: dict[str, int] = {}
    for name, where in ready.kept.items():
        if isinstance(where, int):
            kept[name] = where
            continue
        kept[name] = np.empty(count, np.int32 if where[0] == DAY else np.uint8)
        addresses[name] = kept[name].ctypes.data
    steps = ready.steps.copy()
    for line, place, part in ready.parts:
        steps[line, place] = addresses[part.name] if part.source < 0 else sources[part.source].part(part.name)
    words = np.empty((ready.words, count), np.uint64)
    slow = np.full(count, ready.slow, np.uint8)
    program.run(steps, ready.more, *registers.files, ready.constants, slow, program.EIGHT, words)
    return Made(words, slow, kept)
