"""An answer as HTML: well-formed, and nothing of a case is ever markup."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from cleiss_rules.determination import determine
from cleiss_rules.explain.html import language, page
from cleiss_rules.facts.case import Case
from cleiss_rules.result import Result

HOSTILE = "<script>alert(1)</script>"
NAMES = ("posted", "several", "undetermined", "discretionary", "bound", "outside", "algeria", "unbounded")


class Reader(HTMLParser):
    """What a browser would make of it: the elements, their balance, the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[str] = []
        self.classes: list[str] = []
        self.attributes: set[str] = set()
        self.faults: list[str] = []
        self.text = ""
        self.summaries: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p" and "p" in self.open:
            self.faults.append("p inside p")
        if tag == "li" and self.open[-1] != "ul":
            self.faults.append(f"li inside {self.open[-1]}")
        self.open.append(tag)
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.classes += [value or "" for name, value in attrs if name == "class"]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if self.open and self.open[-1] == "summary":
            self.summaries.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_element_is_closed(answer: Any, name: str, lang: str) -> None:
    result: Result = answer(name)
    reader = read(page(result, lang))
    assert (reader.faults, reader.open) == ([], [])
    assert reader.classes == ["cleiss", *(segment.outcome for segment in result.segments)]
    assert reader.seen.count("section") == len(result.segments)
    assert reader.attributes == {"class"}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_says_what_the_text_says(answer: Any, lang: Any) -> None:
    result: Result = answer("posted")
    told = read(page(result, lang)).text
    for line in result.explain(lang, "full").splitlines():
        assert line.strip().removeprefix("- ") in told


@pytest.mark.parametrize(("lang", "summary"), [("fr", "Toutes les conditions"), ("en", "Every condition")])
def test_the_proof_is_folded(answer: Any, lang: str, summary: str) -> None:
    reader = read(page(answer("posted"), lang))
    assert reader.seen.count("details") == 1
    assert reader.summaries == [summary]
    assert reader.seen.count("li") > 20


def test_without_a_proof_there_is_nothing_to_unfold(answer: Any) -> None:
    assert "details" not in read(page(answer("outside"), "fr")).seen


def hostile(case: dict[str, Any], where: str) -> dict[str, Any]:
    if where == "id":
        case["id"] = case["title"] = case["about"] = HOSTILE
    elif where == "employer":
        case["employers"][HOSTILE] = case["employers"].pop("one")
        for activity in case["activities"]:
            activity["employer"] = HOSTILE
    else:
        for activity in case["activities"]:
            activity["sector"] = HOSTILE
            activity["id"] = HOSTILE
    return case


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("where", ["id", "employer", "sector"])
def test_what_a_case_says_is_never_markup(spread: dict[str, Any], where: str, lang: str) -> None:
    html = page(determine(Case.model_validate(hostile(spread, where))), lang)
    reader = read(html)
    assert "<script" not in html
    assert "script" not in reader.seen
    assert (reader.faults, reader.open) == ([], [])
    if where == "employer":
        assert HOSTILE in reader.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_missing_fact_of_a_hostile_employer_is_escaped_too(spread: dict[str, Any]) -> None:
    case = hostile(spread, "employer")
    del case["employers"][HOSTILE]["seat"]
    html = page(determine(Case.model_validate(case)), "en")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_quotes_and_ampersands_are_escaped(spread: dict[str, Any]) -> None:
    name = "\"a\" & 'b' <i>"
    spread["employers"][name] = spread["employers"].pop("one")
    for activity in spread["activities"]:
        activity["employer"] = name
    html = page(determine(Case.model_validate(spread)), "en")
    assert name in read(html).text
    assert "<i>" not in html
    assert "&amp; " in html


@pytest.mark.parametrize(
    ("locale", "lang"), [("fr_FR.UTF-8", "fr"), ("FR", "fr"), ("en_US.UTF-8", "en"), ("C", "en"), ("", "en")]
)
def test_a_notebook_speaks_the_language_of_the_locale(
    answer: Any, locale: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    result = answer("posted")
    assert language() == lang
    assert result._repr_html_() == page(result, lang)
    assert page(result, "fr") != page(result, "en")
