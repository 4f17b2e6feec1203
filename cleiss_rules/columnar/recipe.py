"""From what is to be told of rows to the steps that tell it: what is the same for all rows is worked out once.

A value is a register of its own, or one of two values by a mark (a column that holds one word where it holds any), or the
same for all rows. Steps on values of the last two kinds are taken once, not for every row; the same step on the same
values is one step; what nothing looks at is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cleiss_rules.columnar import program as steps
from cleiss_rules.columnar import search
from cleiss_rules.columnar.layout import EIGHT, Layout
from cleiss_rules.columnar.program import FIXED, IN, OUT, TOGETHER, WIDTH

BYTE, DAY, NUMBER = range(3)
#: a register holds a few values more than there are rows at a time
ROOM = TOGETHER + 64
_WORD = (1 << 64) - 1
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Part:
    """Where something of a source lies, which is known for a block only: ``bits``, ``offset``, ``values``, ``table``, ``size``."""

    source: int
    name: str


@dataclass(eq=False, slots=True)
class Value:
    """What rows have: ``yes`` or ``no`` by a mark, ``yes`` for all without one, or what a step makes of each row."""

    kind: int
    step: Step | None = None
    mark: Value | None = None
    yes: float = 0
    no: float = 0
    #: of codes, a mark that tells which are not 0, where it is known
    nonzero: Value | None = None
    #: of places in a dictionary, how many there are, and its number
    size: int = 0
    dictionary: int | None = None

    @property
    def is_same(self) -> bool:
        """Whether all rows have the same."""
        return self.step is None and self.mark is None

    def key(self) -> object:
        """The same for equal values."""
        return (self.kind, self.yes) if self.is_same else id(self)


@dataclass(eq=False, slots=True)
class Step:
    """A loop with what it reads and writes; ``spare``: a register of bytes to work in; ``marks``: whether it marks rows."""

    loop: int
    inputs: tuple[Value, ...]
    fixed: tuple[int | Part, ...]
    outs: tuple[Value, ...] = ()
    spare: bool = False
    marks: bool = False
    #: inputs and outputs that stand in a list of their own
    listed: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A code of a signature as it is told: by a place among the distinct ones, with both values where a mark tells it."""

    place: int
    yes: float = 0
    no: float = 0
    dictionary: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """The steps for blocks of one kind, and what they need."""

    steps: npt.NDArray[np.int64]
    parts: Sequence[tuple[int, int, Part]]
    more: npt.NDArray[np.int64]
    registers: tuple[int, int, int]
    same: tuple[Sequence[tuple[int, float]], Sequence[tuple[int, float]], Sequence[tuple[int, float]]]
    constants: npt.NDArray[np.float64]
    words: int
    #: what all rows are marked with
    slow: int
    #: what is kept of rows, by name: a number among what is kept, or the value that all rows have
    kept: dict[str, tuple[int, int] | int]
    #: how the codes follow from the words; how large each of them can be
    shown: tuple[Shown | float, ...]
    sizes: tuple[int, ...]
    #: tables that the steps look into
    held: Sequence[Any]


class Recipe:
    """Collects what is to be told of rows."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self._codes: list[Value] = []
        self._steps: list[Step] = []
        self._made: dict[object, tuple[Value, ...]] = {}
        self._constants: dict[float, int] = {0.0: 0}
        self._kept: dict[str, Value] = {}
        self._slow = 0
        self._arrays: list[Any] = []

    # ---- what can be said of values -----------------------------------------------------------------------------------

    @staticmethod
    def same(kind: int, value: float) -> Value:
        """A value that all rows have."""
        return Value(kind, yes=value)

    @staticmethod
    def chosen(kind: int, mark: Value, yes: float, no: float) -> Value:
        """One of two values, by a mark."""
        if mark.is_same or yes == no or (yes != yes and no != no):
            return Value(kind, yes=yes if mark.yes or not mark.is_same else no)
        if kind == BYTE and (yes, no) == (1, 0):
            return mark
        return Value(kind, mark=mark, yes=yes, no=no, nonzero=mark if kind == BYTE and yes and not no else None)

    def constant(self, value: float) -> int:
        """A number that steps compare with."""
        return self._constants.setdefault(float(value), len(self._constants))

    def at(self, held: npt.NDArray[Any]) -> int:
        """The address of an array, which is kept as long as the recipe is."""
        self._arrays.append(held)
        return int(held.ctypes.data)

    def take(
        self, loop: int, inputs: Sequence[Value], fixed: Sequence[int | Part] = (), outs: Sequence[int] = (BYTE,),
        *, marks: bool = False,
    ) -> tuple[Value, ...]:  # fmt: skip
        """What a step makes of values; ``outs``: the kinds of what it makes; ``marks``: whether it may mark rows."""
        marked = {id(one.mark): one.mark for one in inputs if one.mark is not None}
        alone = [one for one in inputs if one.step is not None]
        if inputs and (not alone or (len({id(one) for one in alone} | set(marked)) == 1 and _are_marks(alone))):
            mark = next(iter(marked.values()), alone[0] if alone else None)
            if len(marked) <= 1 and mark is not None:
                return self._of_both(loop, inputs, fixed, outs, mark)
            if mark is None:
                found, slow = self._once(loop, [(one.kind, one.yes) for one in inputs], fixed, outs)
                self._slow |= slow
                return tuple(self.same(kind, value) for kind, value in zip(outs, found, strict=True))
        return self._step(loop, tuple(self._row(one) for one in inputs), tuple(fixed), outs, marks=marks)

    def either(self, one: Value, two: Value) -> Value:
        """1 where one of two codes is not 0."""
        one, two = self.nonzero(one), self.nonzero(two)
        if one.is_same or two.is_same:
            same, other = (one, two) if one.is_same else (two, one)
            return self.same(BYTE, 1) if same.yes else other
        return one if one is two else self.mark(self.take(steps.OR, (one, two))[0])

    def both(self, one: Value, two: Value) -> Value:
        """1 where both marks are set."""
        if one.is_same or two.is_same:
            same, other = (one, two) if one.is_same else (two, one)
            return other if same.yes else self.same(BYTE, 0)
        return one if one is two else self.mark(self.take(steps.AND, (one, two))[0])

    def nonzero(self, code: Value) -> Value:
        """1 where a code is not 0."""
        if code.is_same:
            return self.same(BYTE, code.yes != 0)
        if code.mark is not None:
            return self.chosen(BYTE, code.mark, code.yes != 0, code.no != 0)
        return code.nonzero or self.mark(self.take(steps.NONZERO, (code,))[0])

    @staticmethod
    def mark(made: Value) -> Value:
        """The same, known to be 0 or 1."""
        if made.step is not None:
            made.nonzero = made
        return made

    def slow_where(self, mark: Value) -> None:
        """Rows with a mark go the long way."""
        if mark.is_same:
            self._slow |= int(mark.yes)
        else:
            told = (mark.mark, int(mark.yes), int(mark.no)) if mark.mark is not None else (mark, 1, 0)
            self._step(steps.SLOW, (told[0],), told[1:], (), marks=True)

    def field(self, code: Value, size: int) -> Value:
        """A code of the signature, smaller than ``size``."""
        self.sizes.append(size)
        self._codes.append(code)
        return code

    def keep(self, name: str, value: Value) -> None:
        """Has a day or a mark of every row kept by name."""
        self._kept[name] = value

    # ---- steps --------------------------------------------------------------------------------------------------------

    def _of_both(
        self, loop: int, inputs: Sequence[Value], fixed: Sequence[int | Part], outs: Sequence[int], mark: Value
    ) -> tuple[Value, ...]:
        """A step on values that one mark tells."""
        yes, slow_yes = self._once(loop, [(one.kind, 1 if one is mark else one.yes) for one in inputs], fixed, outs)
        values = [(one.kind, 0 if one is mark else one.yes if one.is_same else one.no) for one in inputs]
        no, slow_no = self._once(loop, values, fixed, outs)
        self._slow |= slow_yes & slow_no
        if slow_yes != slow_no:
            self._step(steps.SLOW, (mark,), (slow_yes, slow_no), (), marks=True)
        return tuple(self.chosen(kind, mark, one, two) for kind, one, two in zip(outs, yes, no, strict=True))

    def _once(
        self, loop: int, inputs: Sequence[tuple[int, float]], fixed: Sequence[int | Part], outs: Sequence[int]
    ) -> tuple[list[float], int]:
        """What a step makes of one row, and how it marks it."""
        room = len(inputs) + len(outs) + 1
        files = np.zeros((room, ROOM), np.uint8), np.zeros((room, ROOM), np.int32), np.zeros((room, ROOM))
        step, slow = np.zeros((1, WIDTH), np.int64), np.zeros(1, np.uint8)
        step[0, 0] = loop
        for place, (kind, value) in enumerate(inputs):
            files[kind][place, 0] = value
            step[0, IN + place] = place
        for place, _ in enumerate(outs):
            step[0, OUT + place] = len(inputs) + place
        step[0, FIXED : FIXED + len(fixed)] = [int(one) for one in fixed if not isinstance(one, Part)]
        recipe = (step, np.zeros(1, np.int64), *files, self._numbers())
        search.steps_taken(recipe, slow, np.zeros((1, 1), np.uint64), np.zeros(1, np.uint64))
        return [files[kind][len(inputs) + place, 0].item() for place, kind in enumerate(outs)], int(slow[0])

    def _step(
        self, loop: int, inputs: tuple[Value, ...], fixed: tuple[int | Part, ...], outs: Sequence[int],
        *, marks: bool = False, spare: bool = False, listed: int = 0,
    ) -> tuple[Value, ...]:  # fmt: skip
        key = (loop, tuple(one.key() for one in inputs), fixed)
        if key not in self._made:
            step = Step(loop, inputs, fixed, marks=marks, spare=spare)
            step.outs = tuple(Value(kind, step) for kind in outs)
            if listed:
                step.listed, step.inputs = (*inputs[-listed:], *step.outs[2:]), inputs[:-listed]
            self._steps.append(step)
            self._made[key] = step.outs
        return self._made[key]

    def source(
        self, loop: int, inputs: Sequence[Value], fixed: Sequence[int | Part], kind: int, *, marks: bool
    ) -> Value:
        """What is read of a column."""
        return self._step(loop, tuple(self._row(one) for one in inputs), tuple(fixed), (kind,), marks=marks)[0]

    def shares(self, stated: Sequence[Value], there: Sequence[Value]) -> tuple[Value, ...]:
        """The completed shares of the first activity, the rows with several, and all shares of those."""
        count = len(stated)
        inputs = tuple(self._row(one) for one in (*stated, *there))
        outs = (NUMBER, DAY, *[NUMBER] * count)
        return self._step(steps.SHARES, inputs, (0, count), outs, marks=True, listed=2 * count)

    def share(self, several: Value, compact: Sequence[Value], fixed: Sequence[int]) -> Value:
        """The share of a State among the activities of rows with several."""
        inputs = (several, *compact)
        return self._step(steps.SHARE, inputs, tuple(fixed), (BYTE,), spare=True, listed=len(compact))[0]

    def _row(self, value: Value) -> Value:
        """A value as a register, or the same for all rows."""
        if value.mark is None:
            return value
        if value.kind == NUMBER:
            fixed = self.constant(value.yes), self.constant(value.no)
            return self._step(steps.CHOSEN_NUMBER, (value.mark,), fixed, (NUMBER,))[0]
        loop = steps.CHOSEN_BYTE if value.kind == BYTE else steps.CHOSEN_DAY
        return self._step(loop, (value.mark,), (int(value.yes), int(value.no)), (value.kind,))[0]

    def _numbers(self) -> npt.NDArray[np.float64]:
        return np.array(list(self._constants), np.float64)

    # ---- all of it, ready to be done ----------------------------------------------------------------------------------

    def ready(self, *, whole: bool) -> Ready:
        """The steps; ``whole``: whether the words hold every code in its own place, or only what tells rows apart."""
        codes, sizes, shown = (self._codes, self.sizes, ()) if whole else self._distinct()
        rows = [self._row(code) for code in codes]
        kept = {name: self._row(value) for name, value in self._kept.items()}
        return _Written(self, rows, sizes, kept).ready(tuple(shown))

    def _distinct(self) -> tuple[list[Value], list[int], list[Shown | float]]:
        """The codes that differ from row to row, each once; and how all codes follow from them."""
        place: dict[int, int] = {}
        sizes: list[int] = []
        values: list[Value] = []
        shown: list[Shown | float] = []
        for code, size in zip(self._codes, self.sizes, strict=True):
            if code.is_same:
                shown.append(code.yes)
                continue
            told = code.mark or code
            at = place.setdefault(id(told), len(values))
            if at == len(values):
                values.append(told)
                sizes.append(0)
            sizes[at] = max(sizes[at], 2 if told is not code else code.size or size)
            shown.append(Shown(at, code.yes, code.no, code.dictionary))
        return values, sizes, shown


def _are_marks(values: Iterable[Value]) -> bool:
    return all(one.nonzero is one for one in values)


@dataclass(slots=True)
class _Written:
    """The steps of a recipe with their registers."""

    recipe: Recipe
    codes: Sequence[Value]
    sizes: Sequence[int]
    kept: dict[str, Value]
    free: tuple[list[int], list[int], list[int]] = field(default_factory=lambda: ([], [], []))
    used: list[int] = field(default_factory=lambda: [0, 0, 0])
    register: dict[int, int] = field(default_factory=dict)
    same: dict[tuple[int, float], int] = field(default_factory=dict)
    lines: list[list[int]] = field(default_factory=list)
    parts: list[tuple[int, int, Part]] = field(default_factory=list)
    more: list[int] = field(default_factory=lambda: [0])

    def ready(self, shown: tuple[Shown | float, ...]) -> Ready:
        """All of it."""
        steps_ = self._needed()
        layout = Layout(self.sizes)
        base = [0] * layout.words
        puts: dict[int, list[int]] = {}
        for number, code in enumerate(self.codes):
            byte, bit = (int(one) for one in layout.places[number])
            if code.is_same:
                base[byte // EIGHT] |= int(code.yes) << (EIGHT * (byte % EIGHT) + bit)
            else:
                puts.setdefault(id(code), []).append(number)
        planes: dict[int, int] = {}
        keeping = {id(value): name for name, value in self.kept.items() if not value.is_same}
        last = _last_uses(steps_)
        kept: dict[str, tuple[int, int] | int] = {
            name: int(value.yes) for name, value in self.kept.items() if value.is_same
        }
        counts = [0, 0]
        for at, step in enumerate(steps_):
            self._write(step)
            for value in step.outs:
                for number in puts.get(id(value), ()):
                    byte, bit = (int(one) for one in layout.places[number])
                    first = byte not in planes
                    plane = planes.setdefault(byte, self._new(BYTE) if first else 0)
                    self._line(steps.PUT, [plane], [self.register[id(value)]], [1 << bit, int(first)])
                if id(value) in keeping:
                    for name in [name for name, one in self.kept.items() if one is value]:
                        kept[name] = (value.kind, counts[value.kind])
                        counts[value.kind] += 1
                        loop = steps.KEEP_DAY if value.kind == DAY else steps.KEEP_BYTE
                        self._line(loop, [], [self.register[id(value)]], [Part(-1, name)])
            self._let_go(step, at, last)
        self._join(planes, base, layout)
        return Ready(
            np.array(self.lines, np.int64).reshape(-1, WIDTH), self.parts, np.array(self.more, np.int64),
            (self.used[0], self.used[1], self.used[2]), self._all_same(), self.recipe._numbers(), layout.words,
            self.recipe._slow, kept, shown, tuple(self.recipe.sizes), self.recipe._arrays,
        )  # fmt: skip

    def _needed(self) -> list[Step]:
        """The steps that something looks at, in their order."""
        wanted = {id(one.step) for one in (*self.codes, *self.kept.values()) if one.step is not None}
        found: list[Step] = []
        for step in reversed(self.recipe._steps):
            if step.marks or id(step) in wanted:
                found.append(step)
                wanted |= {id(one.step) for one in (*step.inputs, *step.listed) if one.step is not None}
        return found[::-1]

    def _write(self, step: Step) -> None:
        inputs = [self._register(one) for one in step.inputs]
        outs = [self._own(one) for one in step.outs]
        spare = [self._new(BYTE)] if step.spare else []
        fixed: list[int | Part] = list(step.fixed)
        if step.listed:
            listed = [self._register(one) for one in step.listed]
            if step.loop == steps.SHARES:
                fixed[0] = len(self.more)
            else:
                fixed.append(len(self.more))
            self.more += listed
            outs = outs[:2]
        self._line(step.loop, [*outs, *spare], inputs, fixed)
        for one in spare:
            self.free[BYTE].append(one)

    def _line(self, loop: int, outs: Sequence[int], inputs: Sequence[int], fixed: Sequence[int | Part]) -> None:
        line = [0] * WIDTH
        line[0] = loop
        line[OUT : OUT + len(outs)] = outs
        line[IN : IN + len(inputs)] = inputs
        for place, one in enumerate(fixed):
            if isinstance(one, Part):
                self.parts.append((len(self.lines), FIXED + place, one))
            else:
                line[FIXED + place] = one
        self.lines.append(line)

    def _join(self, planes: dict[int, int], base: Sequence[int], layout: Layout) -> None:
        nothing = self._register(Value(BYTE))
        for word in range(layout.words):
            eight = [planes.get(word * EIGHT + place, nothing) for place in range(EIGHT)]
            told = base[word] & _WORD
            self._line(steps.JOINED, [], [word, told - (1 << 64) if told >> 63 else told], eight)

    def _register(self, value: Value) -> int:
        """The register of a value; those that all rows have stand in some that no step writes."""
        if value.is_same:
            key = value.kind, float(value.yes)
            found = next((at for (kind, one), at in self.same.items() if kind == key[0] and _equal(one, key[1])), None)
            if found is None:
                found = self.same[key] = self.used[value.kind]
                self.used[value.kind] += 1
            return found
        return self.register[id(value)]

    def _own(self, value: Value) -> int:
        if id(value) not in self.register:
            self.register[id(value)] = self._new(value.kind)
        return self.register[id(value)]

    def _new(self, kind: int) -> int:
        if self.free[kind]:
            return self.free[kind].pop()
        self.used[kind] += 1
        return self.used[kind] - 1

    def _let_go(self, step: Step, at: int, last: dict[int, int]) -> None:
        """Registers whose values no later step reads are free again."""
        done = {id(one): one for one in (*step.inputs, *step.listed, *step.outs) if not one.is_same}
        for key, value in done.items():
            if last.get(key, -1) <= at:
                self.free[value.kind].append(self.register[key])

    def _all_same(self) -> Any:
        files: tuple[list[tuple[int, float]], ...] = ([], [], [])
        for (kind, value), at in self.same.items():
            files[kind].append((at, value))
        return files


def _equal(one: float, two: float) -> bool:
    return one == two or (one != one and two != two)


def _last_uses(steps_: Sequence[Step]) -> dict[int, int]:
    """For each value the last step that reads it."""
    found: dict[int, int] = {}
    for at, step in enumerate(steps_):
        for one in (*step.inputs, *step.listed):
            found[id(one)] = at
    return found
