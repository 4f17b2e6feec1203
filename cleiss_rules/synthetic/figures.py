"""The figures that a population follows: what was published, with its source, and what is assumed, by name.

They stand in ``figures.csv`` beside this module; no figure stands in code.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("figures.csv")
#: what the figures of `posting_sector` call a form that carries no sector
NO_SECTOR = frozenset({"unassigned", "collected_by_cleiss"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``source`` is empty where ``grade`` is ``assumption``; ``note`` then tells why."""

    figure: str
    item: str
    value: str
    unit: str
    year: str
    grade: str
    source: str
    note: str


class Figures:
    """All figures, by name and item."""

    def __init__(self, rows: list[Figure]) -> None:
        self.rows = tuple(rows)
        self._by_name: dict[str, dict[str, Figure]] = {}
        for row in rows:
            self._by_name.setdefault(row.figure, {})[row.item] = row

    def number(self, figure: str, item: str) -> float:
        """One figure as a number, in the unit of its row."""
        return float(self._by_name[figure][item].value)

    def text(self, figure: str, item: str) -> str:
        """One figure as it is written: a date."""
        return self._by_name[figure][item].value

    def weights(self, figure: str) -> Mapping[str, float]:
        """All items of a figure with their weights."""
        return {item: float(row.value) for item, row in self._by_name[figure].items()}

    def posting_destinations(self) -> Mapping[str, float]:
        """Forms by State of work: the published ones, and the rest of the total as it is assumed to divide."""
        known = dict(self.weights("posting_destination"))
        rest = known.pop("all") - sum(known.values())
        shares = self.weights("posting_destination_rest")
        total = sum(shares.values())
        return known | {state: rest * share / total for state, share in shares.items()}

    def sectors(self, state: str) -> Mapping[str | None, float]:
        """Forms by sector for a State of work, None where the form has none; unlisted States share the rest."""
        found: dict[str, dict[str, float]] = {}
        for item, weight in self.weights("posting_sector").items():
            place, sector = item.split("/")
            found.setdefault(place, {})[sector] = weight
        everywhere = found.pop("all")
        of_state = found.get(state) or {
            sector: weight - sum(listed[sector] for listed in found.values()) for sector, weight in everywhere.items()
        }
        named: dict[str | None, float] = {name: weight for name, weight in of_state.items() if name not in NO_SECTOR}
        named[None] = sum(weight for name, weight in of_state.items() if name in NO_SECTOR)
        return named

    def posting_days(self, state: str) -> float:
        """Mean duration of a posting from France to a State, in days."""
        known = self.weights("posting_days")
        return known.get(state, known["rest"])


@lru_cache(maxsize=1)
def figures() -> Figures:
    """The figures of the package."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return Figures([Figure(**row) for row in csv.DictReader(file)])
