"""What applied on the eve of a day: stated, determined for earlier days from the facts, or unknown."""

from __future__ import annotations

from datetime import date

import pytest

from cleiss_rules.calendar import Span
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.getters import GETTERS
from cleiss_rules.facts.situation import Situation

DAY = date(2010, 5, 1)


def _case(first: str, insured: list[dict[str, str]]) -> Case:
    return Case.model_validate(
        {
            "format": 1,
            "person": {"residence": "FR", "insured": insured},
            "activities": [{"kind": "self_employed", "state": "FR", "from": first}],
        }
    )


@pytest.mark.parametrize(
    ("first", "insured", "since", "found"),
    [
        ("2009-01-01", [], date(2011, 1, 1), "IT"),
        ("2009-01-01", [{"state": "DE", "from": "2009-01-01"}], date(2011, 1, 1), "DE"),
        ("2009-01-01", [{"state": "DE", "from": "2009-01-01"}, {"state": "FR", "from": "2010-01-01"}], date(2011, 1, 1), None),
        ("2010-05-01", [], date(2011, 1, 1), None),
        ("2009-01-01", [], date(2010, 4, 30), None),
    ],
    ids=["found from the facts", "stated", "two are none", "no work was done on that day", "that day itself"],
)  # fmt: skip
def test_what_applied_before(first: str, insured: list[dict[str, str]], since: date, found: str | None) -> None:
    asked: list[date] = []

    def earlier(day: date) -> str | None:
        asked.append(day)
        return "IT"

    situation = Situation(_case(first, insured), Span(since, None), earlier)
    assert GETTERS["legislation_before"](situation, None, DAY) == found
    assert asked == ([date(2010, 4, 30)] if found == "IT" else [])
    assert situation.looked_back is bool(asked)
