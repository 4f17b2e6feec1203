"""Answers by branch, and what each State's own law says by itself, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from cleiss_rules.explain import countries, phrases
from cleiss_rules.explain.citations import in_language, in_prose
from cleiss_rules.explain.sentences import capital, fill, inside
from cleiss_rules.law.model import BRANCHES, Text
from cleiss_rules.result import BranchAnswer, OwnLaw, Segment

NAMES = {
    "sickness": Text("maladie", "sickness"),
    "maternity": Text("maternité", "maternity"),
    "invalidity": Text("invalidité", "invalidity"),
    "old_age": Text("vieillesse", "old age"),
    "survivors": Text("survivants", "survivors"),
    "death": Text("décès", "death"),
    "work_injury": Text("accidents du travail", "accidents at work"),
    "unemployment": Text("chômage", "unemployment"),
    "family": Text("famille", "family"),
}
_BY_BRANCH = Text("Par branche", "By branch")
_EACH = Text("Chaque droit pris isolément", "Each State's law by itself")
_BY_TEXT = Text("législation {of} ({cite})", "legislation {of} ({cite})")
_BY_OWN_LAW = Text("droit interne {of}{double}{open}", "own law {of}{double}{open}")
_DOUBLE = Text(" (double affiliation)", " (double cover)")
_AND_OPEN = Text(" ; reste à établir pour {states}", "; not settled for {states}")
_ONLY_OPEN = Text(
    "laissé au droit interne de chaque État ; reste à établir pour {states}",
    "left to each State's own law; not settled for {states}",
)
_NOBODY = Text("aucun des deux États n'assure", "neither State insures")
_INSURES = {
    "yes": Text("assure dans toutes les branches", "insures in every branch"),
    "partly": Text("assure : {branches}", "insures: {branches}"),
    "no": Text("n'assure dans aucune branche", "insures in no branch"),
    "unknown": Text("indéterminé", "undetermined"),
}
_NOT = Text("n'assure pas : {branches}", "does not insure: {branches}")
_OPEN = Text("reste à établir : {branches}", "not settled: {branches}")
_ASK = Text("il faut savoir : {questions}", "to be asked: {questions}")
_TOGETHER = Text("Ensemble", "Together")
_CONCLUSIONS = {
    "double": Text("double affiliation", "double cover"),
    "single": Text("aucune double affiliation", "no double cover"),
    "none": Text("aucune affiliation obligatoire", "no compulsory cover"),
    "open": Text("ce qui reste à établir ne permet pas de conclure", "what is not settled allows no conclusion"),
}
_TWICE = Text("assuré deux fois : {branches}", "insured twice: {branches}")
_NOWHERE = Text("assuré nulle part : {branches}", "insured nowhere: {branches}")


def branch_lines(segment: Segment, lang: str) -> list[str]:
    """One line for the branches that share an answer; nothing where the answer holds for every branch."""
    found = sorted(segment.branches, key=_order)
    if not found:
        return []
    groups = [list(same) for _, same in groupby(found, _order)]
    lines = [
        _line(capital(_branches([one.branch for one in group], lang)), _said(group[0], segment, lang), lang)
        for group in groups
    ]
    return ["\n".join([_BY_BRANCH.in_(lang) + phrases.COLON.in_(lang).rstrip(), *lines])]


def own_law_lines(segment: Segment, lang: str) -> list[str]:
    """What each State's law says by itself, and what follows from the two."""
    each = segment.each_alone
    if each is None:
        return []
    colon = phrases.COLON.in_(lang)
    lines = [_line(countries.name(one.state, lang), _own_law(one, segment, lang), lang) for one in each.states]
    told = [_CONCLUSIONS[each.conclusion].in_(lang)]
    told += [fill(_TWICE, lang, branches=_branches(each.twice, lang))] if each.twice else []
    told += [fill(_NOWHERE, lang, branches=_branches(each.nowhere, lang))] if each.nowhere else []
    lines.append(_line(_TOGETHER.in_(lang), phrases.SEMICOLON.in_(lang).join(told), lang))
    return ["\n".join([_EACH.in_(lang) + colon.rstrip(), *lines])]


def _line(label: str, text: str, lang: str) -> str:
    return f"  {label}{phrases.COLON.in_(lang)}{text.rstrip('.')}."


def shown_at_once(segment: Segment) -> bool:
    """Whether the view of each State belongs into the short answer: where no text coordinates, or not every branch."""
    if segment._proof is None:
        return False
    return segment.proof_graph().rules.instrument.law_of is not None or any(
        one.by == "national_law" for one in segment.branches
    )


def _order(one: BranchAnswer) -> tuple[object, ...]:
    """Branches with the same answer stand together: what the text keeps, what national law says, what is unknown."""
    rank = ("instrument", "national_law", "unknown").index(one.by)
    return (rank, not one.legislation, one.legislation, one.possible)


def _branches(names: Sequence[str], lang: str) -> str:
    return ", ".join(NAMES[name].in_(lang) for name in BRANCHES if name in names)


def _said(one: BranchAnswer, segment: Segment, lang: str) -> str:
    if one.message is not None:
        told: str = getattr(one.message, lang)
        hint = (
            f"{phrases.SEMICOLON.in_(lang)}{phrases.HINT.in_(lang).lower()}{phrases.COLON.in_(lang)}"
            if one.hint
            else ""
        )
        return told + hint + (getattr(one.hint, lang) if one.hint else "")
    if one.by == "instrument":
        return fill(_BY_TEXT, lang, of=_of(one.legislation, lang), cite=in_language(_bare(one, segment), lang))
    states = countries.list_of(one.possible, lang, phrases.AND.in_(lang))
    if not one.legislation:
        return fill(_ONLY_OPEN, lang, states=states) if one.possible else _NOBODY.in_(lang)
    return fill(
        _BY_OWN_LAW, lang, of=_of(one.legislation, lang),
        double=_DOUBLE.in_(lang) if len(one.legislation) > 1 else "",
        open=fill(_AND_OPEN, lang, states=states) if one.possible else "",
    )  # fmt: skip


def _bare(one: BranchAnswer, segment: Segment) -> str:
    """The article alone: the text is the one that the answer names."""
    proof = segment.proof_graph()
    return one.cites[0].removeprefix(f"{proof.rules.instrument.name.en}, ")


def _of(codes: Sequence[str], lang: str) -> str:
    joint = f" {phrases.AND.in_(lang)} "
    return joint.join(countries.of(code) if lang == "fr" else f"of {countries.the(code, lang)}" for code in codes)


def _own_law(one: OwnLaw, segment: Segment, lang: str) -> str:
    return phrases.SEMICOLON.in_(lang).join(_parts(one, segment, lang)).replace(f"{phrases.SEMICOLON.in_(lang)}(", " (")


def _parts(one: OwnLaw, segment: Segment, lang: str) -> Iterator[str]:
    if one.message is not None:
        yield getattr(one.message, lang)
        return
    yield fill(_INSURES[one.insures], lang, branches=_branches(one.branches, lang))
    if one.not_insured and one.insures != "no":
        yield fill(_NOT, lang, branches=_branches(one.not_insured, lang))
    left = [name for name in BRANCHES if name not in one.branches and name not in one.not_insured]
    if left and one.insures == "partly":
        yield fill(_OPEN, lang, branches=_branches(left, lang))
    law = segment.proof_graph().rules.law
    cites = dict.fromkeys(in_prose(law, law.rule(basis.rule), lang) for basis in one.basis)
    if cites:
        yield f"({', '.join(cites)})"
    if one.missing:
        questions = dict.fromkeys(inside(getattr(missing.question, lang)) for missing in one.missing)
        yield fill(_ASK, lang, questions=phrases.SEMICOLON.in_(lang).join(questions))
    yield from dict.fromkeys(inside(getattr(gap.message, lang)) for gap in one.gaps)
    if one.voluntary is not None:
        yield getattr(one.voluntary, lang)
