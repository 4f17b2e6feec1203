"""The full explanation: every rule, every condition with its value, and what was set aside."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from cleiss_rules.determination import determine
from cleiss_rules.engine import truth
from cleiss_rules.explain import phrases
from cleiss_rules.explain.full import tree, tree_lines
from cleiss_rules.explain.sentences import say
from cleiss_rules.explain.steps import step_lines
from cleiss_rules.facts.case import Case
from cleiss_rules.result import Segment

LANGS: tuple[Literal["fr", "en"], ...] = ("fr", "en")
NAMES = ("posted", "several", "undetermined", "discretionary", "bound", "algeria", "unbounded")


def first(answer: Any, name: str) -> Segment:
    segment: Segment = answer(name).segments[0]
    return segment


def told(answer: Any, name: str, lang: str) -> list[str]:
    return tree_lines(first(answer, name).proof_graph(), lang)


def below(lines: list[str], start: str) -> list[str]:
    """The lines under the one that starts so, up to the next that is as deep."""
    index = next(index for index, line in enumerate(lines) if line.strip().startswith(start))
    depth = len(lines[index]) - len(lines[index].lstrip())
    found: list[str] = []
    for line in lines[index + 1 :]:
        if len(line) - len(line.lstrip()) <= depth:
            break
        found.append(line.strip())
    return found


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_every_condition_of_a_rule_that_stands_has_its_value(answer: Any, name: str, lang: Literal["fr", "en"]) -> None:
    proof = first(answer, name).proof_graph()
    lines = [line.strip() for line in tree_lines(proof, lang)]
    shown = 0
    for finding in (*proof.resolution.standing, *proof.resolution.open):
        for item in finding.items:
            if item.applies == truth.FALSE or item.truth == truth.FALSE:
                continue
            for condition, value in zip(finding.rule.when, item.conditions, strict=True):
                said = phrases.TRUTHS[truth.NAMES[value]].in_(lang)
                assert f"- [{said}] {say(condition, lang)}" in lines
                shown += 1
    assert shown > 0


@pytest.mark.parametrize(
    ("name", "value", "french", "english"),
    [
        ("posted", "yes", "[oui] le lien organique avec l'employeur", "[yes] the direct relationship with the sending"),
        (
            "undetermined",
            "unknown",
            "[inconnu] le lien organique avec l'employeur",
            "[unknown] the direct relationship",
        ),
        (
            "discretionary",
            "to be assessed",
            "[à apprécier] l'employeur exerce normalement",
            "[to be assessed] the employer normally carries on",
        ),
        ("several", "no", "[non] la personne a au moins deux employeurs", "[no] the person has at least two employers"),
    ],
)
def test_the_four_values(answer: Any, name: str, value: str, french: str, english: str) -> None:
    for lang, start in (("fr", french), ("en", english)):
        assert [line for line in told(answer, name, lang) if line.strip().startswith(f"- {start}")]


def test_a_condition_shows_the_facts_it_looked_at(answer: Any) -> None:
    lines = told(answer, "posted", "en")
    assert "- direct relationship with the employer: yes" in below(lines, "- [yes] the direct relationship")
    substantial = below(lines, "- [yes] the employer normally carries on substantial activities")
    assert "- employer's share of turnover (France): 40%" in substantial
    assert "- indicative share of turnover in the sending State (article 14(2)): 25%" in substantial
    length = below(lines, "- [yes] the planned length does not exceed 24 months")
    assert "- longest posting (article 12(1) and (2)): 24 months" in length
    assert [line for line in length if line.endswith("from 1 January 2026 to 31 December 2027 (24 months)")]


def test_a_rule_that_was_set_aside_and_by_what(answer: Any) -> None:
    assert (
        "  - article 11(3)(a), General rule: law of the State of work: set aside by article 12(1), leads to Italy"
        in told(answer, "posted", "en")
    )
    (line,) = [line for line in told(answer, "posted", "fr") if "écartée par" in line]
    assert line.startswith("  - article 11, paragraphe 3, point a), ")
    assert line.endswith(" : écartée par article 12, paragraphe 1, désigne l'Italie")


@pytest.mark.parametrize("lang", LANGS)
def test_a_rule_that_fails_is_shown_up_to_where_it_fails(answer: Any, lang: Literal["fr", "en"]) -> None:
    cite = {"fr": "- article 13, paragraphe 1, point b), sous ii),", "en": "- article 13(1)(b)(ii),"}[lang]
    rule = below(told(answer, "several", lang), cite)
    values = [line.split("]")[0].removeprefix("- [") for line in rule if line.startswith("- [")]
    yes, no = phrases.TRUTHS["true"].in_(lang), phrases.TRUTHS["false"].in_(lang)
    assert values == [yes, yes, no]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_the_grade_and_address_of_its_source(answer: Any, name: str, lang: Literal["fr", "en"]) -> None:
    nodes = tree(first(answer, name).proof_graph(), lang)
    rules = [index for index, (depth, _) in enumerate(nodes) if depth == 1]
    assert len(rules) > 1
    grades = tuple(grade.in_(lang) for grade in phrases.GRADES.values())
    start = phrases.SOURCE_LINE.in_(lang).partition("{")[0]
    for index in rules:
        depth, line = nodes[index + 1]
        assert depth == 2
        assert line.startswith(tuple(start + grade for grade in grades))


def test_the_source_of_article_12(answer: Any) -> None:
    url = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:02004R0883-20190731"
    assert below(told(answer, "posted", "en"), "- article 12(1), Posted employee")[0] == (
        f"- source: source checked, {url}, read on 2026-11-23"
    )
    assert below(told(answer, "posted", "fr"), "- article 12, paragraphe 1, Salarié détaché")[0] == (
        f"- source : source relue, {url}, lue le 2026-11-23"
    )


def test_the_case_law_of_a_rule(answer: Any) -> None:
    rule = below(told(answer, "posted", "en"), "- article 12(1), Posted employee")
    (line,) = [line for line in rule if line.startswith("- Case law: ")]
    assert "C-202/97" in line


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", NAMES)
def test_the_depth_of_a_line_is_its_indentation(answer: Any, name: str, lang: Literal["fr", "en"]) -> None:
    proof = first(answer, name).proof_graph()
    nodes, lines = tree(proof, lang), tree_lines(proof, lang)
    assert len(nodes) == len(lines)
    before = -1
    for (depth, text), line in zip(nodes, lines, strict=True):
        assert line == ("  " * depth + "- " + text if depth else text)
        assert "\n" not in text
        assert depth <= before + 1, text
        before = depth
    assert nodes[0][0] == 0
    assert max(depth for depth, _ in nodes) >= 3


def test_an_item_is_named_by_its_place_in_the_case(answer: Any) -> None:
    nodes = tree(first(answer, "posted").proof_graph(), "en")
    assert (2, "activities[0]: employed work done under a posting") in nodes
    index = nodes.index((2, "activities[0]: employed work done under a posting"))
    assert nodes[index + 1][0] == 3


def test_the_text_that_applies_and_its_relation(answer: Any) -> None:
    assert told(answer, "posted", "en")[0] == (
        "Text that applies: Regulation (EC) No 883/2004 on the coordination of social security systems (European Union)"
    )
    assert told(answer, "algeria", "fr")[0].startswith("Texte applicable : ")
    assert "(" not in told(answer, "algeria", "en")[0]


def test_rules_that_do_not_concern_the_case_are_on_one_line(answer: Any) -> None:
    (line,) = [line for line in told(answer, "posted", "en") if line.startswith("Not concerned here: ")]
    assert "article 13(1)(a)" in line
    assert "article 12(1);" not in line
    assert line == told(answer, "posted", "en")[-1]


def test_what_is_already_fixed_has_its_own_part(answer: Any) -> None:
    lines = told(answer, "bound", "en")
    assert "What is already fixed" in lines
    fixed = below(lines, "What is already fixed")
    assert fixed[0].startswith("- articles 5(1) and 19(2) of Regulation (EC) No 987/2009, ")
    assert fixed[0].endswith(": stands, leads to France")
    assert "- documents[0]" in [line.partition(":")[0] for line in fixed]
    assert "What is already fixed" not in told(answer, "posted", "en")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_program_shows(answer: Any, name: str) -> None:
    for lang in LANGS:
        text = "\n".join(told(answer, name, lang))
        for trace in ("{", "}", "None", "Text(", "Period(", "Span(", "KnownSet", "frozenset", "datetime", "['"):
            assert trace not in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_full_explanation_begins_with_the_short_one(answer: Any, lang: Literal["fr", "en"]) -> None:
    result = answer("posted")
    short, full = result.explain(lang, "short"), result.explain(lang, "full")
    steps = step_lines(result.segments[0], lang)
    assert len(steps) == 2
    assert full == short + "\n" + "\n".join([*told(answer, "posted", lang), *steps]) + "\n"


def test_an_answer_without_text_has_nothing_more_to_tell(answer: Any) -> None:
    assert answer("outside").explain("en", "full") == answer("outside").explain("en")


def test_planned_months_show_no_invented_day_in_the_facts(posted: dict[str, Any]) -> None:
    activity = posted["activities"][0]
    activity.update({"from": None, "to": None})
    activity["posting"]["planned_months"] = 18
    proof = determine(Case.model_validate(posted)).segments[0].proof_graph()
    for lang, length in (("fr", "18 mois"), ("en", "18 months")):
        text = "\n".join(tree_lines(proof, lang))
        assert "2001" not in text
        assert length in text


def test_the_kind_of_a_benefit_is_told_in_french(spread: dict[str, Any]) -> None:
    spread["activities"] = []
    spread["person"]["benefits"] = [{"kind": "unemployment", "state": "DE"}]
    proof = determine(Case.model_validate(spread)).segments[0].proof_graph()
    lines = tree_lines(proof, "fr")
    assert [line for line in lines if line.strip().startswith("- prestation : ")]
    assert not [line for line in lines if "unemployment" in line]
