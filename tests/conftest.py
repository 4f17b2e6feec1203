"""Cases that many tests start from."""

from __future__ import annotations

import copy
from typing import Any

import pytest

POSTED: dict[str, Any] = {
    "format": 1,
    "known_on": "2026-11-23",
    "period": {"from": "2026-01-01", "to": "2027-12-31"},
    "person": {
        "nationalities": ["FR"],
        "residence": "FR",
        "insured": [{"state": "FR", "from": "2019-03-01", "to": "2025-12-31"}],
    },
    "employers": {
        "acme": {"actual": True, "kind": "undertaking", "seat": "FR", "decision_centre": "FR",
                 "activity": {"FR": {"turnover_share": 40, "internal_management_only": False}}},
    },
    "activities": [
        {"kind": "employed", "state": "IT", "employer": "acme", "from": "2026-01-01", "to": "2027-12-31",
         "pattern": "one_off",
         "posting": {"from_state": "FR", "direct_relationship": True, "replaces_posted_person": False,
                     "recruited_for_posting": False, "lent_on": False}},
    ],
}  # fmt: skip

SPREAD: dict[str, Any] = {
    "format": 1,
    "known_on": "2026-11-23",
    "period": {"from": "2026-01-01", "to": "2026-12-31"},
    "person": {"nationalities": ["FR"], "residence": "FR"},
    "employers": {
        "one": {"actual": True, "seat": "DE", "decision_centre": "DE"},
        "two": {"actual": True, "seat": "FR", "decision_centre": "FR"},
    },
    "activities": [
        {"kind": "employed", "state": "FR", "employer": "one", "from": "2026-01-01", "to": "2026-12-31",
         "working_time": 24.9, "remuneration": 24.9},
        {"kind": "employed", "state": "DE", "employer": "one", "from": "2026-01-01", "to": "2026-12-31",
         "working_time": 75.1, "remuneration": 75.1},
    ],
}  # fmt: skip


@pytest.fixture
def posted() -> dict[str, Any]:
    return copy.deepcopy(POSTED)


@pytest.fixture
def spread() -> dict[str, Any]:
    return copy.deepcopy(SPREAD)
