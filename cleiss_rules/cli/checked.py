"""``check``: every expectation of many cases, and how what differs is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cleiss_rules.checking import Difference, Verdict, check, stated
from cleiss_rules.cli import output
from cleiss_rules.cli.watching import Watcher
from cleiss_rules.determination import determine
from cleiss_rules.testing.collect import FiledCase, cases_under

HEADINGS = ("file", "case", "expectation", "expected", "got")


@dataclass(frozen=True, slots=True)
class Checked:
    """A case with the verdicts on its expectations."""

    filed: FiledCase
    verdicts: tuple[Verdict, ...]


def check_paths(paths: Sequence[str]) -> list[Checked]:
    """Every case with ``expect`` under the paths, determined and compared. Raises FaultyInput with every fault."""
    watcher = Watcher()
    cases = cases_under(paths, lambda files: watcher.watch(files, "reading"))
    expecting = [filed for filed in cases if filed.case.expect]
    return [_checked(filed) for filed in watcher.watch(expecting, "checking")]


def _checked(filed: FiledCase) -> Checked:
    try:
        return Checked(filed, check(filed.case, determine(filed.case)))
    except Exception as error:
        error.add_note(f"met in {filed.file}, case {filed.name}")
        raise


def counts(checked: Sequence[Checked]) -> dict[str, int]:
    """How many cases and expectations there are, and how many of the latter differ."""
    verdicts = [verdict for one in checked for verdict in one.verdicts]
    differ = sum(not verdict.holds for verdict in verdicts)
    return {"cases": len(checked), "expectations": len(verdicts), "differ": differ}


def show(checked: Sequence[Checked]) -> None:
    """A table of what differs, and the counts on the last line."""
    rows = [
        (_place(one.filed, verdict), one.filed.name, entry_text(verdict), _expected(difference), _got(difference))
        for one in checked
        for verdict in one.verdicts
        for difference in verdict.differences
    ]
    if rows:
        output.write_table(HEADINGS, rows)
    total = counts(checked)
    cases, expectations = _counted(total["cases"], "case"), _counted(total["expectations"], "expectation")
    output.write(f"{cases}, {expectations}, {total['differ']} differ")


def as_data(checked: Sequence[Checked]) -> dict[str, Any]:
    """The same as plain data."""
    differences = [
        {
            "file": one.filed.file,
            "line": one.filed.line_of(verdict.index),
            "case": one.filed.name,
            "expectation": verdict.index,
            "expect": stated(verdict.expectation),
            "differences": [_difference_data(difference) for difference in verdict.differences],
        }
        for one in checked
        for verdict in one.verdicts
        if not verdict.holds
    ]
    return {"format": 1, **counts(checked), "differences": differences}


def entry_text(verdict: Verdict) -> str:
    """How an entry is called: its path in the case and what it selects."""
    expectation = verdict.expectation
    parts = [f"expect[{verdict.index}]"]
    if expectation.on is not None:
        parts.append(f"on {expectation.on}")
    if expectation.instrument is not None:
        parts.append(expectation.instrument)
    return " ".join(parts)


def difference_text(difference: Difference) -> str:
    """One difference in a sentence."""
    return f"{_expected(difference)}; got {_got(difference)}"


def _place(filed: FiledCase, verdict: Verdict) -> str:
    line = filed.line_of(verdict.index)
    return filed.file if line is None else f"{filed.file}:{line}"


def _expected(difference: Difference) -> str:
    return f"{difference.what}: {', '.join(difference.expected) or 'none'}"


def _got(difference: Difference) -> str:
    found = ", ".join(difference.got)
    if difference.remark is not None:
        return f"{difference.remark} ({found})" if found else difference.remark
    return f"{found or 'none'}{_days(difference)}"


def _days(difference: Difference) -> str:
    if difference.segment is None:
        return ""
    first, last = difference.segment
    return f" (from {first} to {last})" if last is not None else f" (from {first})"


def _difference_data(difference: Difference) -> dict[str, Any]:
    first, last = difference.segment or (None, None)
    return {
        "what": difference.what,
        "expected": list(difference.expected),
        "got": list(difference.got),
        "from": first.isoformat() if first is not None else None,
        "to": last.isoformat() if last is not None else None,
        "remark": difference.remark,
    }


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
