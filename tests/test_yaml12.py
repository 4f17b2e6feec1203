from pathlib import Path

import pytest

from cleiss_rules.errors import FaultyInput
from cleiss_rules.yaml12 import parse_documents, read_document, spell


def read(text: str) -> object:
    return parse_documents(text.encode(), "x.yaml")[0].data


def fault(text: str) -> str:
    with pytest.raises(FaultyInput) as caught:
        parse_documents(text.encode(), "x.yaml")
    return str(caught.value)


def test_norway_and_on_are_text() -> None:
    assert read("{state: NO, on: yes, off: true, n: null, d: 2026-01-01}") == {
        "state": "NO", "on": "yes", "off": True, "n": None, "d": "2026-01-01",
    }  # fmt: skip


def test_quoted_numbers_stay_text() -> None:
    assert read("[1, '1', 1.5, -2, 1e3]") == [1, "1", 1.5, -2, 1000.0]


def test_the_line_of_a_value_is_kept() -> None:
    document = parse_documents(b"a:\n  - b: 1\n  - c: 2\n", "x.yaml")[0]
    assert document.line_of(("a", 1, "c")) == 3
    assert document.line_of(("a", 1, "unknown")) == 3
    assert spell(("a", 1, "c")) == "a[1].c"


def test_a_key_twice_is_a_fault_with_its_line() -> None:
    assert fault("a: 1\na: 2\n").startswith("x.yaml:2: a: ")


def test_a_billion_laughs_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert "200,000 values" in fault("\n".join(lines))


def test_an_alias_into_itself_is_refused() -> None:
    assert "deep" in fault("a: &a [*a]")


def test_deep_nesting_is_refused() -> None:
    assert "deep" in fault("[" * 200 + "]" * 200)


def test_nothing_is_constructed() -> None:
    assert read("a: !!python/object/apply:os.system ['true']") == {"a": ["true"]}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "a: [1", "a: b: c", "\tx: 1"])
def test_what_is_no_document_is_a_fault(text: str) -> None:
    assert fault(text).startswith("x.yaml:")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"a: " + b"x" * (50 * 1024 * 1024))
    with pytest.raises(FaultyInput, match=r"at most 4,194,304"):
        read_document(huge)


def test_text_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(FaultyInput, match=r":2: is not UTF-8"):
        read_document(file)
