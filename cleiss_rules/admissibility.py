"""Whether the file of a request is complete, and what follows its decision (*recevabilité, suites*)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from cleiss_rules.calendar import last_day
from cleiss_rules.engine.proof import Proof
from cleiss_rules.facts.case import Case
from cleiss_rules.law.model import Dossier
from cleiss_rules.request_file import RequestFile
from cleiss_rules.request_words import of_posting
from cleiss_rules.result import Admissibility, AskedFor, Deadline, Words
from cleiss_rules.working_days import working_day_from

_STEP = re.compile(r"([^.\[\]]+)(\[\])?")


def admissibility(file: RequestFile, proof: Proof | None, taker: str) -> Admissibility | None:
    """What the file of a request has to hold for the State that takes it; None where no text tells."""
    dossier = next(iter(_dossiers(file, taker)), None)
    if dossier is None:
        return None
    case = file.case
    asked = tuple(
        AskedFor.made(what=Words.made(fr=one.text.fr, en=one.text.en), path=one.path, known=_stated(case, one.path))
        for one in dossier.asks
        if file.fits(one.under) and (one.of is None or any(a.kind in (None, one.of) for a in case.activities))
    )
    return Admissibility.made(
        filed_by=Words.made(fr=dossier.filed_by.fr, en=dossier.filed_by.en), form=dossier.form or _form(file),
        asked=asked, papers=tuple(_papers(proof)), cite=dossier.cite, grade=dossier.source.grade, source=dossier.source.url,
    )  # fmt: skip


def follow_up(file: RequestFile, outcome: str, taker: str) -> tuple[Deadline, ...]:
    """What follows the decision, with its day where the day of filing is known; weekends and holidays are left out."""
    request = file.case.request
    filed = request.filed_on if request is not None else None
    found: list[Deadline] = []
    for dossier in _dossiers(file, taker):
        for step in dossier.follow_up:
            if outcome not in step.outcomes:
                continue
            day: date | None = None
            if step.within is not None and filed is not None:
                day = working_day_from(last_day(filed, step.within), taker)
            words = Words.made(fr=step.text.fr, en=step.text.en)
            found.append(Deadline.made(what=words, day=day, cite=step.cite, grade=step.source.grade))
    return tuple(dict.fromkeys(found))


def _dossiers(file: RequestFile, taker: str) -> Iterator[Dossier]:
    """Those of the instrument and of the texts it uses come first, then those of the own law of the State that is asked.

    A State's own law never tells how another State's institution is asked, nor how its refusal is appealed.
    """
    texts = [*file.texts]
    texts += [one for one in file.law.instruments.values() if one.law_of == taker and one not in texts]
    for text in texts:
        yield from (one for one in text.dossiers if file.kind in one.kinds and file.fits(one.under))


def _form(file: RequestFile) -> str | None:
    """The form that the agreement's clause names for this request."""
    name = {"exceptional_maintenance": "derogation", "exemption": "posting"}.get(file.kind, file.kind)
    return next(iter(file.forms(file.clause(name))), None)


def _papers(proof: Proof | None) -> Iterator[Words]:
    """The evidence to ask for: that of the assessments which the rules on postings turn on."""
    if proof is None:
        return
    seen: set[str] = set()
    for finding in proof.findings:
        if not of_posting(finding.rule) or not finding.items:
            continue
        for condition in finding.rule.when:
            for leaf in proof.rules.leaves(condition.expr):
                rule = proof.rules.wording.definitions.get(leaf.expr[1]) if leaf.expr[0] == "def" else None
                evidence = rule.assess.evidence if rule is not None and rule.assess is not None else None
                if evidence is not None and evidence.en not in seen:
                    seen.add(evidence.en)
                    yield Words.made(fr=evidence.fr, en=evidence.en)


def _stated(case: Case, path: str | None) -> bool:
    """Whether a case tells something under a path, an empty list included; ``[]``: of any member of a list."""
    if path is None:
        return False
    found: list[Any] = [case]
    for name, several in _STEP.findall(path):
        held = [_part(one, name) for one in found]
        found = [one for value in held if value is not None for one in (_members(value) if several else (value,))]
    return any(value not in (None, {}, "") for value in found)


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else getattr(value, {"from": "from_"}.get(name, name), None)


def _members(value: Any) -> tuple[Any, ...]:
    return tuple(value.values()) if isinstance(value, dict) else tuple(value)
