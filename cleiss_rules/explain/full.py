"""The full explanation of a segment: every rule, every condition with its value and facts, what was set aside and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleiss_rules.engine import truth
from cleiss_rules.engine.findings import Finding, ItemFinding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.explain import phrases, sentences, values
from cleiss_rules.explain.citations import in_language
from cleiss_rules.explain.sentences import fill, say, states
from cleiss_rules.facts.paths import case_path
from cleiss_rules.law.model import Source, Text

Node = tuple[int, str]


def tree(proof: Proof, lang: str) -> list[Node]:
    """The proof as lines with their depth, from the text that applies down to the facts."""
    return list(_tree(proof, lang))


def tree_lines(proof: Proof, lang: str) -> list[str]:
    """The same as indented plain text."""
    return [f"{'  ' * depth}{'- ' if depth else ''}{text}" for depth, text in tree(proof, lang)]


def _tree(proof: Proof, lang: str) -> Iterator[Node]:
    instrument = proof.rules.instrument
    relation = proof.rules.relation.title.in_(lang)
    name = instrument.title.in_(lang) + (f" ({relation})" if relation else "")
    yield 0, f"{phrases.APPLIES.in_(lang)}{phrases.COLON.in_(lang)}{name}"
    yield from _findings(proof, [finding for finding in proof.scope if finding.truth != truth.FALSE], lang)
    yield from _part(proof, phrases.FIXED, [f for f in proof.binding if f.items], lang)
    yield from _part(proof, phrases.PLACES, proof.places, lang)
    concerned, others = _split(proof.findings)
    yield from _part(proof, phrases.RULES, concerned, lang)
    if others:
        cites = dict.fromkeys(_short_cite(proof, finding, lang) for finding in others)
        yield 0, f"{phrases.NOT_CONCERNED.in_(lang)}{phrases.COLON.in_(lang)}{phrases.SEMICOLON.in_(lang).join(cites)}"


def _split(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Rules that look at something here, and rules that concern no item of the case or fail on their first condition."""
    concerned: list[Finding] = []
    others: list[Finding] = []
    for finding in findings:
        far = finding.truth == truth.FALSE and all(
            not item.conditions or item.conditions[0] == truth.FALSE for item in finding.items
        )
        (others if far else concerned).append(finding)
    return concerned, others


def _part(proof: Proof, title: Text, findings: Iterable[Finding], lang: str) -> Iterator[Node]:
    findings = list(findings)
    if findings:
        yield 0, title.in_(lang)
        yield from _findings(proof, findings, lang)


def _findings(proof: Proof, findings: Iterable[Finding], lang: str) -> Iterator[Node]:
    for finding in findings:
        yield 1, _rule_line(proof, finding, lang)
        yield 2, _source_line(finding.rule.source, lang)
        if finding.rule.cases:
            yield 2, f"{phrases.JUDGMENTS.in_(lang)}{phrases.COLON.in_(lang)}{', '.join(finding.rule.cases)}"
        for item in finding.items:
            if item.applies != truth.FALSE:
                yield from _item(proof, finding, item, lang)


def _rule_line(proof: Proof, finding: Finding, lang: str) -> str:
    state = _state(proof, finding)
    beaten = proof.resolution.defeated.get(finding.rule.key)
    if beaten and finding.truth == truth.TRUE:
        rules = ", ".join(in_language(proof.rules.by_key[key].rule.cite, lang) for key in beaten)
        said = fill(phrases.DEFEATED_BY, lang, rules=rules)
    else:
        said = phrases.STATES_OF_RULE[state].in_(lang)
    text = f"{_short_cite(proof, finding, lang)}, {finding.rule.title.in_(lang)}{phrases.COLON.in_(lang)}{said}"
    if finding.values and finding.truth != truth.FALSE:
        text += f", {fill(phrases.LEADING_TO, lang, states=states(finding.values, lang))}"
    return text


def _state(proof: Proof, finding: Finding) -> str:
    """How a rule fares; rules that make a text apply, or move a place of work, hold or not by themselves."""
    own = proof.state_of(finding)
    if finding in proof.scope or finding in proof.places:
        return {truth.TRUE: "stands", truth.FALSE: "fails"}.get(finding.truth, "open")
    return own


def _short_cite(proof: Proof, finding: Finding, lang: str) -> str:
    spelled = in_language(finding.rule.cite, lang)
    if finding.rule.instrument == proof.rules.instrument.id:
        return spelled
    return sentences.cite(proof, finding, lang)


def _source_line(source: Source, lang: str) -> str:
    read = fill(phrases.READ_ON, lang, day=source.read_on) if source.read_on else ""
    url = f", {source.url}" if source.url else ""
    return fill(phrases.SOURCE_LINE, lang, grade=phrases.GRADES[source.grade].in_(lang), url=url, read=read)


def _item(proof: Proof, finding: Finding, item: ItemFinding, lang: str) -> Iterator[Node]:
    depth = 2
    path = case_path(proof.env.sit.case, "", item.item) if item.item is not None else ""
    if path:
        where = finding.rule.where
        yield 2, path + (f"{phrases.COLON.in_(lang)}{say(where, lang)}" if where is not None else "")
        depth = 3
    for condition, value in zip(finding.rule.when, item.conditions, strict=False):
        answer = phrases.TRUTHS[truth.NAMES[value]].in_(lang)
        yield depth, f"[{answer}] {say(condition, lang)}"
        for text in sentences.facts(proof, condition, item, lang):
            yield depth + 1, text
        for notion in proof.notions_of(condition.expr, item.item):
            yield depth + 1, _notion(proof, notion, lang)
        if value == truth.FALSE:
            break


def _notion(proof: Proof, notion: object, lang: str) -> str:
    law = proof.rules.law
    key, cite, value = (getattr(notion, name) for name in ("key", "cite", "value"))
    instrument, name = key.split("/", 1)
    parameter = law.instruments[instrument].parameters.get(name)
    title = parameter.title if parameter is not None else law.rule(key).title
    if isinstance(value, int) and not isinstance(value, bool) and parameter is None:
        text = phrases.TRUTHS[truth.NAMES[value]].in_(lang)
    else:
        text = values.value_text(value, lang, law)
    return f"{title.in_(lang)} ({in_language(cite, lang)}){phrases.COLON.in_(lang)}{text}"
