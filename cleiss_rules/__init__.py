"""Which State's social-security legislation applies to people who work or live across borders, and why.

    >>> import cleiss_rules as cr
    >>> case = cr.read_case("fixtures/guides/at-posting-hungary.yaml")    # doctest: +SKIP
    >>> print(cr.determine(case).explain(lang="fr"))                      # doctest: +SKIP

What is named here is the public interface; it is imported when first used, so that importing the package is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleiss_rules.columnar.table import determine_table, explain_row, situations
    from cleiss_rules.determination import determine
    from cleiss_rules.errors import CleissRulesError, Fault, InvalidCase, InvalidLaw
    from cleiss_rules.facts.case import Case
    from cleiss_rules.facts.read import read_case
    from cleiss_rules.result import Result, Segment
    from cleiss_rules.synthetic.population import InvalidPopulation, population

_HOMES = {
    "Case": "cleiss_rules.facts.case",
    "CleissRulesError": "cleiss_rules.errors",
    "Fault": "cleiss_rules.errors",
    "InvalidCase": "cleiss_rules.errors",
    "InvalidLaw": "cleiss_rules.errors",
    "InvalidPopulation": "cleiss_rules.synthetic.population",
    "Result": "cleiss_rules.result",
    "Segment": "cleiss_rules.result",
    "determine": "cleiss_rules.determination",
    "determine_table": "cleiss_rules.columnar.table",
    "explain_row": "cleiss_rules.columnar.table",
    "population": "cleiss_rules.synthetic.population",
    "read_case": "cleiss_rules.facts.read",
    "situations": "cleiss_rules.columnar.table",
}

__all__ = [
    "Case",
    "CleissRulesError",
    "Fault",
    "InvalidCase",
    "InvalidLaw",
    "InvalidPopulation",
    "Result",
    "Segment",
    "determine",
    "determine_table",
    "explain_row",
    "population",
    "read_case",
    "situations",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'cleiss_rules' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
