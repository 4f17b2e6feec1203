"""All answers and legislations that occurred, by number."""

from __future__ import annotations

import numpy as np

from cleiss_rules.columnar.answer import Template
from cleiss_rules.columnar.days import Codes

#: in place of a template, counted from here on: several answers at a time
MANY = 1 << 22


class Growing:
    """Whole numbers that are added one by one and read as a column."""

    def __init__(self) -> None:
        self._held = np.zeros(256, np.int32)
        self.size = 0

    def add(self, value: int) -> None:
        """Adds a number at the end. What was read before stays as it was."""
        if self.size == len(self._held):
            grown = np.zeros(2 * self.size, np.int32)
            grown[: self.size] = self._held
            self._held = grown
        self._held[self.size] = value
        self.size += 1

    @property
    def column(self) -> Codes:
        """All numbers (and room behind them)."""
        return self._held


class Templates:
    """All templates and legislations that occurred, by number."""

    def __init__(self) -> None:
        self.templates: list[Template] = []
        self.legislations: list[str] = []
        #: by number, answers that stand beside each other: template and legislation of each
        self.several: list[tuple[tuple[int, int], ...]] = []
        #: by number: templates that say the same in another order, and the same States in another order, are alike
        self.alike, self.same_states = Growing(), Growing()
        self._numbers: dict[Template, int] = {}
        self._compared: dict[frozenset[object], int] = {}
        self._texts: dict[str, int] = {}
        self._sets: dict[frozenset[str], int] = {}
        self._beside: dict[tuple[tuple[int, int], ...], int] = {}

    def number(self, template: Template) -> int:
        """The number of a template."""
        if template not in self._numbers:
            self.templates.append(template)
            self.alike.add(self._compared.setdefault(template.compared, len(self._compared)))
            self._numbers[template] = len(self.templates) - 1
        return self._numbers[template]

    def legislation(self, text: str) -> int:
        """The number of one or several States."""
        if text not in self._texts:
            self.legislations.append(text)
            self.same_states.add(self._sets.setdefault(frozenset(text.split()), len(self._sets)))
            self._texts[text] = len(self.legislations) - 1
        return self._texts[text]

    def beside(self, answers: tuple[tuple[int, int], ...]) -> int:
        """What stands in place of the template of several answers at a time."""
        if answers not in self._beside:
            self.several.append(answers)
            self._beside[answers] = MANY + len(self.several) - 1
        return self._beside[answers]
