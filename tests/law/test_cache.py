"""What is kept between runs: whole or not at all, and not for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleiss_rules.law import cache
from cleiss_rules.law.cache import cache_folder, keep, load_cached, read_kept
from cleiss_rules.law.store import law_folder, the_law


def test_only_the_laws_used_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    law, read = the_law(), list[str]()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("cleiss_rules.law.load.load", lambda _root, digest: (read.append(digest), law)[1])
    digests = [f"{number:032d}" for number in range(cache._MOST_LAWS + 3)]
    for number, digest in enumerate(digests):
        load_cached(law_folder(), digest)
        (newest,) = cache_folder().glob(f"law-{digest}-*.json")
        os.utime(newest, (number, number))
    assert len(list(cache_folder().iterdir())) == cache._MOST_LAWS
    assert load_cached(law_folder(), digests[-1]) == law
    assert read == digests
    load_cached(law_folder(), digests[0])
    assert read == [*digests, digests[0]]


def test_what_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert not keep(tmp_path / "file" / "law.json", b"body")
    assert keep(tmp_path / "law.json", b"body")
    assert read_kept(tmp_path / "law.json") == b"body"
    assert {one.name for one in tmp_path.iterdir()} == {"file", "law.json"}
