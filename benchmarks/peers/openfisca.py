"""OpenFisca-core: a tax-benefit system with an entity, variables and formulas; unknown is a code, as it knows none."""

from __future__ import annotations

import logging
from dataclasses import fields
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.peers.problem import EMPLOYED, LONGEST_POSTING, SUBSTANTIAL, UNKNOWN_SHARE, YES, Answers, Rows

logging.disable(logging.WARNING)
PERIOD = "2026-01"
Person = build_entity(key="person", plural="persons", label="A person", is_person=True)
Inputs = dict[str, Any]


def _input(name: str) -> type[Variable]:
    facts = {"value_type": int, "entity": Person, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (Variable,), facts)


class branch(Variable):  # type: ignore[misc]  # noqa: N801
    value_type, entity, definition_period = int, Person, DateUnit.MONTH
    label = "which case of the problem a row is"

    def formula(person: Any, period: Any) -> Any:  # noqa: N805
        r = {name: person(name, period) for name in ("agreed", "posted_from", "months", "replaces", "kind1", "kind2")}
        r |= {name: person(name, period) for name in ("state1", "state2", "residence", "share1", "share2")}
        employed, posted = r["kind1"] == EMPLOYED, r["posted_from"] != 0
        first = r["residence"] == r["state1"]
        here = first | (r["residence"] == r["state2"])
        share = np.where(first, r["share1"], r["share2"])
        unknown = (r["residence"] == 0) | (here & (share == UNKNOWN_SHARE))
        elsewhere = person("elsewhere", period)
        tests = [
            r["agreed"] != 0,
            posted & ((r["months"] > LONGEST_POSTING) | (r["replaces"] == YES)),
            posted & employed & (r["replaces"] == 0),
            posted,
            (r["state2"] == 0) | (r["state2"] == r["state1"]),
            r["kind1"] != r["kind2"],
            unknown & (r["residence"] != 0) & (r["residence"] == elsewhere),
            unknown,
            here & (share >= SUBSTANTIAL),
            elsewhere != 0,
        ]
        return np.select(tests, [0, 1, 2, 3, 1, 4, 5, 2, 6, 7], 2)


class elsewhere(Variable):  # type: ignore[misc]  # noqa: N801
    value_type, entity, definition_period = int, Person, DateUnit.MONTH
    label = "State that article 13(1)(b) or 13(2)(b) leads to"

    def formula(person: Any, period: Any) -> Any:  # noqa: N805
        return np.where(person("kind1", period) == EMPLOYED, person("seat", period), person("state1", period))


class legislation(Variable):  # type: ignore[misc]  # noqa: N801
    value_type, entity, definition_period = int, Person, DateUnit.MONTH
    label = "State whose legislation applies"

    def formula(person: Any, period: Any) -> Any:  # noqa: N805
        state1, residence = person("state1", period), person("residence", period)
        mixed = np.where(person("kind1", period) == EMPLOYED, state1, person("state2", period))
        found = [person("agreed", period), state1, 0, person("posted_from", period), mixed]
        return np.choose(person("branch", period), [*found, residence, residence, person("elsewhere", period)])


class rule(Variable):  # type: ignore[misc]  # noqa: N801
    value_type, entity, definition_period = int, Person, DateUnit.MONTH
    label = "rule that the answer rests on"

    def formula(person: Any, period: Any) -> Any:  # noqa: N805
        employed = person("kind1", period) == EMPLOYED
        base = np.where(employed, 4, 7)
        found = [11, 1, 0, np.where(employed, 2, 3), 10, base + 2, base, base + 1]
        return np.choose(person("branch", period), found)


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([Person])
    for variable in (*(_input(field.name) for field in fields(Rows)), branch, elsewhere, legislation, rule):
        system.add_variable(variable)
    return system


SYSTEM = _system()


def prepare(rows: Rows) -> dict[str, Any]:
    return {name: codes.astype(np.int32) for name, codes in rows.columns().items()}


def decide(columns: dict[str, Any]) -> Answers:
    simulation = SimulationBuilder().build_default_simulation(SYSTEM, len(columns["state1"]))
    for name, codes in columns.items():
        simulation.set_input(name, PERIOD, codes)
    states, rules = (simulation.calculate(name, PERIOD) for name in ("legislation", "rule"))
    return states.astype(np.uint8), rules.astype(np.uint8)
