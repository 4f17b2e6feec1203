"""Cases with every outcome that an explanation has to put into words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from cleiss_rules.determination import determine
from cleiss_rules.facts.case import Case
from cleiss_rules.result import Result

Named = Callable[[str], Result]


@pytest.fixture
def cases(posted: dict[str, Any], spread: dict[str, Any]) -> dict[str, dict[str, Any]]:
    made = {name: copy.deepcopy(posted) for name in ("posted", "undetermined", "discretionary", "bound", "outside")}
    made["several"] = spread
    del made["undetermined"]["activities"][0]["posting"]["direct_relationship"]
    made["undetermined"]["person"].pop("insured")
    made["discretionary"]["employers"]["acme"]["activity"]["FR"]["turnover_share"] = 20
    certificate = {"kind": "A1", "issuer": "FR", "legislation": "FR", "status": "valid"}
    made["bound"]["documents"] = [{**certificate, "from": "2026-01-01", "to": "2027-12-31"}]
    made["outside"]["activities"][0]["state"] = "WF"
    made["algeria"] = copy.deepcopy(posted)
    made["algeria"]["activities"][0]["state"] = "DZ"
    made["unbounded"] = copy.deepcopy(posted)
    made["unbounded"]["activities"][0].pop("posting")
    made["unbounded"]["activities"][0]["kind"] = "civil_servant"
    return made


@pytest.fixture
def answer(cases: dict[str, dict[str, Any]]) -> Named:
    return lambda name: determine(Case.model_validate(cases[name]))
