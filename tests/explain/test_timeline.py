"""The picture of an answer: every segment drawn once, on its lane, inside the frame."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

import cleiss_rules as cr
from cleiss_rules.explain.timeline import bars, svg, terminal_rows

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def life(spread: dict[str, Any]) -> cr.Result:
    """France, then Germany with a home office, then Germany without end."""
    first, second = spread["activities"]
    person = {**spread["person"], "residence": "DE"}
    activities = [
        {**second, "id": "<berlin>", "from": "2024-01-01", "to": None, "working_time": 80, "remuneration": None},
        {**first, "from": "2026-01-01", "to": "2027-12-31", "working_time": 20, "remuneration": None},
    ]
    data = {**spread, "period": {"from": "2024-01-01"}, "person": person, "activities": activities}
    return cr.determine(cr.Case.model_validate(data))


def test_every_segment_is_drawn_inside_the_period(life: cr.Result) -> None:
    drawn = bars(life, "en")
    assert len(drawn) == len(life.segments) > 1
    assert all(0 <= bar.start < bar.end <= 1 for bar in drawn)
    assert drawn[0].start == 0
    assert [bar.end for bar in drawn[:-1]] == pytest.approx([bar.start for bar in drawn[1:]])


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_svg_is_well_formed_and_tells_days_and_causes(life: cr.Result, lang: str) -> None:
    root = ElementTree.fromstring(svg(life, lang))
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert len(titles) == len(life.segments)
    assert any("2026" in title for title in titles)
    assert all("<" not in (text.text or "") for text in root.iter(f"{SVG}text"))
    width = float(root.attrib["viewBox"].split()[2])
    for shape in root.iter(f"{SVG}rect"):
        assert 0 <= float(shape.attrib["x"]) <= float(shape.attrib["x"]) + float(shape.attrib["width"]) <= width


@pytest.mark.parametrize("width", [20, 57, 120])
def test_a_lane_is_as_wide_as_the_terminal_allows(life: cr.Result, width: int) -> None:
    for _, pieces in terminal_rows(life, "en", width):
        assert sum(len(text) for text, _ in pieces) <= width + len(life.segments)


def test_a_notebook_shows_the_picture_only_where_something_changes(life: cr.Result, posted: dict[str, Any]) -> None:
    assert "<svg" in life._repr_html_()
    assert "<svg" not in cr.determine(cr.Case.model_validate(posted))._repr_html_()


def test_every_boundary_names_its_cause(life: cr.Result) -> None:
    assert all(segment.causes for segment in life.segments[1:])
