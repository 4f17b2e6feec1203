"""Every text in force is asked for a posting, and what cannot be had under it has its reason."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

import cleiss_rules as cr
from cleiss_rules.law.store import the_law
from cleiss_rules.testing.collect import cases_under

FIXTURES = Path(__file__).parents[1] / "fixtures"
WANTED = ("granted", "refused", "needs_agreement", "needs_facts")
#: texts that decide no request by themselves
NO_REQUESTS = {
    "eu-987-2009": "applies through Regulation 883/2004",
    "eu-fa-telework": "its requests are those of Regulation 883/2004 (telework)",
    "bilateral-terms": "notions that the agreements share",
    "exception-requests": "what officers weigh",
    "own-laws": "what other States' own law says",
}
#: what cannot be had under a text, and why
NOT_TO_BE_HAD = {
    ("needs_agreement", "length of the prolongation or who decides it not told"): {
        "fr-ad", "fr-bj", "fr-ca-qc", "fr-gg", "fr-je", "fr-kr", "fr-pf", "fr-pm", "fr-yu-1950", "fr-il", "fr-mr", "fr-ne",
        "fr-ph", "fr-sn", "fr-tg", "uk-eea-convention-2024",
    },
    ("needs_agreement", "no prolongation in the text, and an exception not told or excluded"): {"fr-cm", "fr-ga", "uk-tca"},
    ("needs_agreement", "no other State has to agree, or no exception is provided for"): {"fr-css", "fr-yt"},
    ("granted", "longest posting not told"): {"fr-il", "fr-je", "fr-ml", "fr-mr", "fr-ne", "fr-ph", "fr-pm", "fr-sn", "fr-tg"},
    ("refused", "longest posting not told"): {"fr-je", "fr-pm"},
}  # fmt: skip


@pytest.fixture(scope="module")
def outcomes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for filed in cases_under([str(FIXTURES)]):
        if filed.case.request is not None:
            decision = cr.determine(filed.case).decision
            assert decision is not None
            found[decision.instrument or ""].add(decision.outcome)
    return found


def _texts() -> list[str]:
    return [
        one.id
        for one in the_law().instruments.values()
        if one.status == "in_force" and one.valid.span.end is None and one.id not in NO_REQUESTS
    ]


@pytest.mark.parametrize("outcome", WANTED)
def test_every_text_has_a_request_with_each_outcome_or_a_reason(outcome: str, outcomes: dict[str, set[str]]) -> None:
    excused = set[str]().union(*(names for (kind, _), names in NOT_TO_BE_HAD.items() if kind == outcome))
    assert {name for name in _texts() if outcome not in outcomes[name]} == excused


def test_texts_left_out_decide_no_request(outcomes: dict[str, set[str]]) -> None:
    assert [name for name in NO_REQUESTS if outcomes.get(name)] == []
    assert set(NO_REQUESTS) <= set(the_law().instruments)


def test_a_refusal_for_length_names_what_is_possible() -> None:
    """Refused a day later: the last day that would be accepted, or an exception that can be asked for."""
    without = []
    for filed in cases_under([str(FIXTURES / "requests")]):
        assert filed.case.request is not None
        decision = cr.determine(filed.case).decision
        assert decision is not None
        too_long = any("exceed" in reason.en and "not met" in reason.en for reason in decision.reasons)
        if decision.outcome == "refused" and too_long and not decision.alternatives and decision.latest_end is None:
            without.append(filed.case.id)
    assert without == []
