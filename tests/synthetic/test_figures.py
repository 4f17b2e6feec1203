from collections import Counter
from pathlib import Path

from cleiss_rules.law.store import the_law
from cleiss_rules.synthetic.figures import figures

GRADES = {"primary", "verified", "official-summary", "secondary"}


def test_every_figure_has_a_source_or_is_a_named_assumption() -> None:
    for row in figures().rows:
        if row.grade == "assumption":
            assert row.note, f"{row.figure}/{row.item}: an assumption says why"
            assert not row.source
        else:
            assert row.grade in GRADES, row
            assert row.source.startswith("http"), row
            assert row.year.isdigit(), row


def test_no_figure_stands_twice() -> None:
    twice = [key for key, times in Counter((row.figure, row.item) for row in figures().rows).items() if times > 1]
    assert twice == []


def test_destinations_add_up_to_the_published_total() -> None:
    total = sum(figures().posting_destinations().values())
    assert round(total) == figures().number("posting_destination", "all")


def test_sectors_of_a_listed_state_are_its_own_and_the_rest_is_shared() -> None:
    known = figures()
    assert known.sectors("LU") == {"industry": 466, "construction": 771, "trade": 74, "services": 786, None: 884 + 131}
    assert known.sectors("DE") == known.sectors("BE")
    assert known.sectors("DE")["construction"] == 5244 - (3 + 771 + 2 + 43 + 50 + 27 + 572)
    listed = ("LT", "LU", "MT", "NO", "NL", "SE", "CH")
    everyone = sum(sum(known.sectors(state).values()) for state in (*listed, "DE"))
    assert everyone == known.number("posting_destination", "all")


def test_shares_of_a_whole_add_up() -> None:
    for figure in ("posting_destination_rest", "posting_origin", "overseas_destination", "nationality_of_residents"):
        assert abs(sum(figures().weights(figure).values()) - 1) < 1e-9, figure


def test_states_are_known_to_the_law() -> None:
    law = the_law()
    names = set(figures().posting_destinations())
    for figure in ("posting_origin", "frontier_state", "overseas_destination", "nationality_of_residents"):
        names |= set(figures().weights(figure))
    assert names <= set(law.states)


def test_the_page_names_every_figure() -> None:
    page = (Path(__file__).parents[2] / "docs" / "population.md").read_text(encoding="utf-8")
    assert {row.figure for row in figures().rows if f"`{row.figure}`" not in page} == set()
