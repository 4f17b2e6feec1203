"""An answer with the names of its States taken out, so that it serves every row whose States play the same roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cleiss_rules.result import Segment, Words

#: a State by its role in the row, or by its code where a text names it whoever takes part
Named = tuple[int | str, ...]
_EMPLOYER = re.compile(r"^employers\.employer(\d+)\.(?:activity\.[^.]+\.)?(.*)$")
_MEMBER = re.compile(r"^(?:person\.)?(activities|documents|agreements|benefits|insured)\[(\d*)\]\.?(.*)$")
_SLOT = {
    "activities": "activity", "documents": "document", "agreements": "agreement", "benefits": "benefit",
    "insured": "insured",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Template:
    """What the columns of an answer say. ``compared`` holds what two answers of one row have to share to be one."""

    outcome: str
    legislation: Named
    instrument: str | None
    relation: str | None
    rule: str | None
    missing: str | None
    reason: tuple[str, str]
    documents: str | None
    grade: str | None
    compared: frozenset[object]


def template_of(segment: Segment, roles: Sequence[str], names: dict[str, Words]) -> Template:
    """The template of an answer to a row whose States are ``roles``; ``names`` are those of all States."""
    number = {state: position for position, state in enumerate(roles)}

    def states(found: Sequence[str]) -> Named:
        return tuple(number.get(state, state) for state in found)

    spoken = sorted(((names[role], place) for place, role in enumerate(roles) if role in names), key=_by_length)

    def nameless(words: Words) -> tuple[str, str, frozenset[int]]:
        """What is said, and of which States: in another order it is still the same."""
        fr, en, named = words.fr, words.en, set[int]()
        for name, place in spoken:
            if name.fr in fr:
                fr = _french(name.fr).sub("<>", fr)
            if name.en in en:
                en, found = _english(name.en).subn("<>", en)
                named |= {place} if found else set()
        return fr, en, frozenset(named)

    missing = tuple(column_of(one.path) for one in segment.missing)
    deciding = tuple(one.rule for one in segment.basis if one.role == "decides")
    compared: set[object] = {
        ("outcome", segment.outcome, segment.unbounded, frozenset(states(segment.legislation)), segment.instrument, segment.relation),
        *(("basis", one.rule, one.role) for one in segment.basis),
        *(("document", name) for name in segment.documents),
        *(("decided_by", state) for state in states(segment.decided_by)),
        *(("missing", one.fact, column_of(one.path)) for one in segment.missing),
        *(("gap", one.instrument, one.what, one.article) for one in segment.gaps),
        *(("discretion", one.rule, states((one.body,) if one.body else ())) for one in segment.discretion),
        *(("note", nameless(words)) for words in segment.notes),
        *(("assumption", one.fact, column_of(one.path)) for one in segment.assumptions),
    }  # fmt: skip
    return Template(
        outcome=segment.outcome,
        legislation=states(segment.legislation),
        instrument=segment.instrument,
        relation=segment.relation,
        rule=" ".join(deciding) or None,
        missing=" ".join(dict.fromkeys(missing)) or None,
        reason=(_reason(segment, "fr"), _reason(segment, "en")),
        documents=", ".join(segment.documents) or None,
        grade=segment.grade,
        compared=frozenset(compared),
    )


@lru_cache(maxsize=1024)
def _french(name: str) -> re.Pattern[str]:
    """The name of a State, with its article."""
    return re.compile(rf"(\b(la|le|les) |\bl')?\b{re.escape(name)}\b")


@lru_cache(maxsize=1024)
def _english(name: str) -> re.Pattern[str]:
    return re.compile(rf"(\bthe )?\b{re.escape(name)}\b")


def _by_length(entry: tuple[Words, int]) -> int:
    return -len(entry[0].fr)


def column_of(path: str) -> str:
    """The column that a path of a case stands for: ``activities[0].posting.from_state`` is ``activity1.posting…``."""
    employer = _EMPLOYER.match(path)
    if employer:
        return f"activity{employer[1]}.employer.{employer[2]}"
    member = _MEMBER.match(path)
    if member:
        slot = _SLOT[member[1]]
        number = int(member[2]) + 1 if member[2] else ""
        return f"{slot}{number}.{member[3]}" if member[3] else f"{slot}{number}"
    return path


_OPEN = {
    "missing": Words(fr="il manque : {}", en="missing: {}"),
    "assess": Words(fr="à apprécier : {}", en="to be assessed: {}"),
    "read": Words(fr="à lire : {}", en="to be read: {}"),
    "nothing": Words(
        fr="aucun texte encodé ne désigne de législation : le droit interne s'applique",
        en="no encoded text names a legislation: national law applies",
    ),
}


def _reason(segment: Segment, lang: str) -> str:
    """Why, in one line: the provisions that decide, or what keeps the answer open."""
    from cleiss_rules.explain.citations import in_language

    cites = [in_language(one.cite, lang) for one in segment.basis if one.role == "decides"]
    if segment.outcome in ("determined", "bound", "conflict") and cites:
        return "; ".join(dict.fromkeys(cites))
    parts: list[str] = []
    for key, said in (
        ("missing", [getattr(one.question, lang) for one in segment.missing]),
        ("assess", [getattr(one.criterion, lang) for one in segment.discretion]),
        ("read", [in_language(one.article, lang) for one in segment.gaps]),
    ):
        if said:
            parts.append(getattr(_OPEN[key], lang).format("; ".join(dict.fromkeys(said))))
    return " | ".join(parts) or getattr(_OPEN["nothing"], lang)
