"""``coverage`` and ``mutate``: what the fixtures exercise of the law, and which changes of it they would not notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cleiss_rules.checks.coverage import Coverage, Exercised
from cleiss_rules.checks.coverage import coverage as coverage_of
from cleiss_rules.checks.mutation import Survey, survey
from cleiss_rules.cli import output
from cleiss_rules.cli.watching import Watcher
from cleiss_rules.determination import engine_in_use
from cleiss_rules.engine.truth import DISCRETION, FALSE, TRUE, UNKNOWN
from cleiss_rules.facts.case import Case
from cleiss_rules.testing.collect import cases_under

HEADINGS = ("rule", "condition", "met", "not met", "unknown", "assessed")


def cases_of(paths: Sequence[str]) -> list[Case]:
    """Every case under the paths. Raises FaultyInput."""
    watcher = Watcher()
    return [filed.case for filed in cases_under(paths, lambda files: watcher.watch(files, "reading"))]


def cover(paths: Sequence[str]) -> Coverage:
    """What the cases under the paths exercise."""
    return coverage_of(Watcher().watch(cases_of(paths), "determining"), engine_in_use())


def show_coverage(found: Coverage, *, every: bool) -> None:
    """The conditions that are exercised on one side only (or all), the rules that never stood, and the counts."""
    rows = [_row(one) for one in (found.conditions if every else found.one_sided)]
    if rows:
        output.write_table(HEADINGS, rows)
    if found.never_stood:
        output.write("\nnever met: " + ", ".join(found.never_stood))
    both = len(found.conditions) - len(found.one_sided)
    met = len(found.rules) - len(found.never_stood)
    output.write(f"\n{both} of {len(found.conditions)} conditions on both sides, {met} of {len(found.rules)} rules met")


def _row(one: Exercised) -> tuple[str, ...]:
    where = "where" if one.condition == 0 else f"when {one.condition}"
    return (one.rule, f"{where}: {one.text}", *(str(one.counts[side]) for side in (TRUE, FALSE, UNKNOWN, DISCRETION)))


def coverage_data(found: Coverage) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "format": 1,
        "conditions": [
            {
                "rule": one.rule, "file": one.file, "line": one.line, "condition": one.condition, "if": one.text,
                "met": one.counts[TRUE], "not_met": one.counts[FALSE], "unknown": one.counts[UNKNOWN],
                "assessed": one.counts[DISCRETION],
            }
            for one in found.conditions
        ],
        "never_met": found.never_stood,
    }  # fmt: skip


def mutate(paths: Sequence[str], only: str | None) -> Survey:
    """Every mutant of the law against the cases under the paths."""
    return survey(cases_of(paths), engine_in_use(), lambda made: Watcher().watch(made, "trying mutants"), only)


def show_survey(found: Survey) -> None:
    """The mutants that nobody noticed, and the count on the last line."""
    if found.survivors:
        output.write_table(("survivor", "grade"), [(mutant.name, mutant.grade) for mutant in found.survivors])
    output.write(f"killed {found.killed} of {found.total}")


def survey_data(found: Survey) -> dict[str, Any]:
    """The same as plain data."""
    survivors = [{"where": mutant.where, "what": mutant.what, "grade": mutant.grade} for mutant in found.survivors]
    return {"format": 1, "killed": found.killed, "total": found.total, "survivors": survivors}
