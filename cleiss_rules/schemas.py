"""The published shapes as JSON Schema (2020-12), so that editors complete and check a file while it is typed."""

from __future__ import annotations

from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """The shape of a case file."""
    from cleiss_rules.facts.case import Case

    return {"$schema": DIALECT, **Case.model_json_schema(by_alias=True)}


def result_schema() -> dict[str, Any]:
    """The shape of a result, as ``determine --json`` prints it."""
    from cleiss_rules.result import Result

    return {"$schema": DIALECT, **Result.model_json_schema(by_alias=True, mode="serialization")}


def certificate_schema() -> dict[str, Any]:
    """The shape of the certificate that a granted decision carries."""
    from cleiss_rules.result import Certificate

    return {"$schema": DIALECT, **Certificate.model_json_schema(by_alias=True, mode="serialization")}


def law_schema() -> dict[str, Any]:
    """The shape of an instrument file under ``agreements/``."""
    from cleiss_rules.law.schema import json_schema

    return json_schema()
