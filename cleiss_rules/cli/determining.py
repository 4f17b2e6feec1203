"""``determine``: one case, its segments and the explanation."""

from __future__ import annotations

import re
from datetime import date

from cleiss_rules.cli import output, words
from cleiss_rules.cli.words import Lang
from cleiss_rules.explain import phrases
from cleiss_rules.explain.citations import in_language
from cleiss_rules.explain.timeline import terminal_rows
from cleiss_rules.facts.case import Case, CasePeriod
from cleiss_rules.law.store import the_law
from cleiss_rules.result import Basis, Result, Segment

# Several States are kept side by side in these outcomes; in the others one of them remains to be found.
_SETTLED = frozenset(("determined", "bound"))
_WORD = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words.BETWEEN_ARTICLES))


def with_period(case: Case, first: date, last: date | None) -> Case:
    """The case asked about other days."""
    return case.model_copy(update={"period": CasePeriod(from_=first, to=last)})


def show(result: Result, lang: Lang, detail: str) -> None:
    """The segments as a table, then the explanation."""
    # Explained first: should it fail, nothing has been written.
    text = result.explain(lang=lang.value, detail="full" if detail == "full" else "short")
    if len(result.segments) > 1:
        output.draw_lanes(lambda width: terminal_rows(result, lang.value, width))
    output.write_table(words.HEADINGS[lang], [_row(segment, lang) for segment in result.segments])
    output.write("\n" + text.rstrip("\n"))


def _row(segment: Segment, lang: Lang) -> tuple[str, ...]:
    last = segment.to.isoformat() if segment.to is not None else words.OPEN_END[lang]
    return (
        segment.from_.isoformat(),
        last,
        _outcome(segment, lang),
        _legislation(segment, lang),
        _article(segment, lang),
        _instrument(segment, lang),
    )


def _outcome(segment: Segment, lang: Lang) -> str:
    if segment.outcome == "undetermined" and not segment.missing and segment.gaps:
        return words.LAW_MISSING[lang]
    return words.OUTCOMES[lang][segment.outcome]


def _legislation(segment: Segment, lang: Lang) -> str:
    law = the_law()
    names = [
        f"{code} {law.states[code].in_(lang.value)}" if code in law.states else code for code in segment.legislation
    ]
    if segment.unbounded:
        names.append((phrases.ANOTHER if names else phrases.NO_STATE_YET).in_(lang.value))
    joint = words.AND if segment.outcome in _SETTLED else words.OR
    return joint[lang].join(names) or "–"


def _article(segment: Segment, lang: Lang) -> str:
    return (
        "; ".join(dict.fromkeys(_cite(basis, segment, lang) for basis in segment.basis if basis.role == "decides"))
        or "–"
    )


def _cite(basis: Basis, segment: Segment, lang: Lang) -> str:
    """The article alone where its text is the one that the next column names."""
    law = the_law()
    try:
        rule = law.rule(basis.rule)
    except KeyError:
        return basis.cite
    text = law.instruments[rule.instrument]
    name = "" if rule.instrument == segment.instrument or text.shared else f"{text.name.in_(lang.value)}, "
    cite = _short(rule.cite, lang) if rule.cite.startswith("art.") else in_language(rule.cite, lang.value)
    return name + cite


def _short(cite: str, lang: Lang) -> str:
    """An article as a table has room for it: figures as in the law files, the words between them in the language."""
    if lang is Lang.en:
        return cite
    return _WORD.sub(lambda found: words.BETWEEN_ARTICLES[found[0]], cite)


def _instrument(segment: Segment, lang: Lang) -> str:
    if segment.instrument is None:
        return "–"
    instrument = the_law().instruments.get(segment.instrument)
    return instrument.name.in_(lang.value) if instrument is not None else segment.instrument
