"""Which rules each rule yields to, as the files declare it, and whether rules yield to each other in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from cleiss_rules.law.model import EVERY_OTHER, Instrument, Law, Rule


def defeaters(rules: Sequence[Rule]) -> dict[str, tuple[str, ...]]:
    """The rules that defeat each rule, by key. A rule that nothing defeats is left out."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        targets = dict.fromkeys(target for target in rule.defeats if target != EVERY_OTHER)
        if EVERY_OTHER in rule.defeats:
            targets |= dict.fromkeys(
                other.key for other in rules if other.question == rule.question and EVERY_OTHER not in other.defeats
            )
        for target in targets:
            found.setdefault(target, []).append(rule.key)
    return {key: tuple(names) for key, names in found.items()}


def circle(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Rules each of which defeats the next, the last of them the first again; none where every exception has an end."""
    try:
        TopologicalSorter(defeaters([rule for rule in rules if rule.kind == "rule"])).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def rules_together(law: Law, instrument: Instrument) -> list[Rule]:
    """The rules that are evaluated together: those of an instrument and of the ones it uses."""
    return [rule for one in (instrument, *(law.instruments[used] for used in instrument.uses)) for rule in one.rules]
