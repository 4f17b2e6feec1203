"""Faults of law files name file, line, rule and what would be accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleiss_rules.errors import InvalidLaw
from cleiss_rules.law import cache
from cleiss_rules.law.load import load
from cleiss_rules.law.store import digest_of, law_folder


def spoil(folder: Path, old: str, new: str, file: str = "eu/883-2004.yaml") -> str:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidLaw) as caught:
        load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("if: posting.direct_relationship", "if: posting.direct_relation", "near to it: posting.direct_relationship"),
        ("cumulated_posting(fresh_posting_gap) <= longest_posting", "cumulated_posting(fresh_posting_gap) <= 25 %",
         "a length of time can't be compared by `<=` with a percentage"),
        ("if: activity.kind is employed\n", "if: activity.kind is hired\n", "accepted: employed, self_employed"),
        ("if: count(work_states) is 1", "if: count(work_states)", "a value of type bool is expected"),
        ("legislation: only(work_states)", "legislation: work_states", "a value of type state is expected"),
        ("defeats: [11-3-e, 11-2]", "defeats: [11-3-z]", "11-3-z is no rule of this file; accepted:"),
        ("if: not posting.replaces_posted_person", "if: not posting.replaces_posted_person or", "accepted:"),
        ('{value: "24 months"', '{value: "24 moons"', "can't stand here"),
        ("then: {status: \"05\", legislation: activity.administration,", "then: {status: \"05\", legislation: person.residense,",
         "'person.residense' means nothing here; near to it: person.residence"),
        ("cite: art. 12(1)\n", "cites: art. 12(1)\n", "this key is not known"),
    ],
)  # fmt: skip
def test_a_fault_in_an_instrument(folder: Path, old: str, new: str, said: str) -> None:
    line = (folder / "eu/883-2004.yaml").read_text(encoding="utf-8").split(old)[0].count("\n") + 1
    message = spoil(folder, old, new)
    assert said in message
    numbers = [int(part.split(":", 1)[0]) for part in message.split("883-2004.yaml:")[1:]]
    assert any(abs(number - line) <= 4 for number in numbers), message


def test_activity_facts_need_an_activity(folder: Path) -> None:
    assert "each: activity" in spoil(folder, "if: count(work_states) is 1", "if: activity.kind is employed")


def test_a_window_is_that_of_a_state(folder: Path) -> None:
    said = spoil(folder, "of: SM", "of: XX", "bilateral/fr-sm.yaml")
    assert "windows[0].of: 'XX' is no State; accepted: the codes of states.yaml" in said


def test_every_fault_is_told_not_the_first_only(folder: Path) -> None:
    path = folder / "eu/883-2004.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("if: posting.direct_relationship", "if: posting.x").replace(
        "posting.similar_activity", "posting.y"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidLaw) as caught:
        load(folder)
    assert {"posting.x", "posting.y"} <= {fault.message.split(":")[0] for fault in caught.value.faults}


def test_every_rule_has_a_source_with_an_address() -> None:
    law = load(law_folder())
    for instrument in law.instruments.values():
        for rule in (*instrument.rules, *instrument.binds):
            assert rule.source.url, rule.key
            assert rule.cite, rule.key


def test_the_cache_gives_back_the_same_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    digest = digest_of(law_folder())
    first = cache.load_cached(law_folder(), digest)
    assert cache._read(cache._path(digest)) == first  # what was kept can be read
    second = cache.load_cached(law_folder(), digest)
    assert second == first
    assert second is not first


def test_an_altered_cache_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    digest = digest_of(law_folder())
    law = cache.load_cached(law_folder(), digest)
    (file,) = (tmp_path / "cleiss_rules").glob("law-*.json")
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"24 months"', b'"99 months"').replace(b"[24,", b"[99,"))
    assert cache.load_cached(law_folder(), digest) == law
    file.write_bytes(b"\x00")
    assert cache.load_cached(law_folder(), digest) == law


def test_a_cache_that_cant_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert cache.load_cached(law_folder(), digest_of(law_folder())).instruments
