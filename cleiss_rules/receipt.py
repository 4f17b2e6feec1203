"""The receipt: with which rules, which program and which input an answer was made."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from cleiss_rules.result import Receipt


@lru_cache(maxsize=1)
def engine_version() -> str:
    """The version of the installed package."""
    try:
        return f"cleiss-rules {version('cleiss-rules')}"
    except PackageNotFoundError:
        return "cleiss-rules (not installed)"


def make(case: Any, rules_digest: str) -> Receipt:
    """The receipt of one answer; ``input`` is the SHA-256 of the case's canonical JSON."""
    canonical = case.model_dump_json(by_alias=True, exclude_unset=True, exclude={"expect"}).encode()
    return Receipt.made(
        engine=engine_version(),
        rules=f"sha256:{rules_digest}",
        input=f"sha256:{hashlib.sha256(canonical).hexdigest()}",
    )
