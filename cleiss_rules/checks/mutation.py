"""Which small changes of the law the fixtures notice: a mutant that no expectation contradicts is a hole in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cleiss_rules.checking import check
from cleiss_rules.checks.mutants import Mutant, mutants
from cleiss_rules.determination import determine_under, runs_of
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.facts.case import Case

Watch = Callable[[Sequence[Mutant]], Iterable[Mutant]]


@dataclass(frozen=True, slots=True)
class Survey:
    """How many mutants were made, and which of them no case contradicts."""

    total: int
    survivors: tuple[Mutant, ...]

    @property
    def killed(self) -> int:
        """How many were noticed."""
        return self.total - len(self.survivors)


def survey(
    cases: Sequence[Case], engine: RuleSets, watch: Watch = lambda made: made, only: str | None = None
) -> Survey:
    """Every mutant of the law against the cases that look at what it changes; ``only`` names one instrument."""
    concerned = _cases_by_instrument(cases, engine)
    made = [mutant for mutant in mutants(engine.law) if only in (None, mutant.instrument)]
    survivors = [mutant for mutant in watch(made) if not _noticed(mutant, concerned.get(mutant.instrument, []), engine)]
    return Survey(len(made), tuple(survivors))


def _cases_by_instrument(cases: Sequence[Case], engine: RuleSets) -> dict[str, list[Case]]:
    """The cases that look at an instrument, or at one that uses its notions."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        if not case.expect:
            continue
        looked_at = {run.rules.instrument.id for run in runs_of(case, engine)}
        if any(
            one.branches or one.each_alone for one in case.expect
        ):  # what each State's own law says is looked at too
            looked_at |= {name for name, one in engine.law.instruments.items() if one.law_of is not None}
        used = {used for name in looked_at for used in engine.law.instruments[name].uses}
        for name in looked_at | used:
            found.setdefault(name, []).append(case)
    return found


def _noticed(mutant: Mutant, cases: Iterable[Case], engine: RuleSets) -> bool:
    changed = engine.under(mutant.law, mutant.instrument)
    return any(not verdict.holds for case in cases for verdict in check(case, determine_under(case, changed)))
