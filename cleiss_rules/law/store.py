"""The law that is in use: found once, read once, kept.

The compiled form is cached under the content of the files it was made from, so an edited file is read anew. A cache
file that does not carry its own digest, or can't be read, is made again.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from cleiss_rules.law.model import Law


def law_folder() -> Path:
    """Where ``agreements/`` stands: named by CLEISS_RULES_LAW, packed with the library, or beside it in a checkout."""
    named = os.environ.get("CLEISS_RULES_LAW")
    if named:
        return Path(named)
    package = Path(__file__).resolve().parent.parent
    packed = package / "_agreements"
    return packed if packed.is_dir() else package.parent / "agreements"


def digest_of(root: Path) -> str:
    """SHA-256 over names and contents of all law files."""
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(path.read_bytes() + b"\0")
    return total.hexdigest()


@lru_cache(maxsize=1)
def the_law() -> Law:
    """The law in use. Raises InvalidLaw when its files are faulty."""
    from cleiss_rules.law import cache

    root = law_folder()
    return cache.load_cached(root, digest_of(root))
