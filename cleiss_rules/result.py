"""The answer: pydantic models of the contract's second section, with the proof they were made from."""

from __future__ import annotations

from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, computed_field

if TYPE_CHECKING:
    from cleiss_rules.engine.proof import Proof

OutcomeName = Literal["determined", "undetermined", "discretionary", "bound", "conflict", "out_of_scope"]
RoleName = Literal["decides", "place_of_work", "applies", "instead"]
GradeName = Literal["primary", "verified", "official-summary", "secondary", "recalled"]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    @classmethod
    def made(cls, private: dict[str, Any] | None = None, **values: Any) -> Self:
        """An answer from values that are known to be right; what ``model_construct`` does, in a fraction of its time.

        Fields left out take their default, which is immutable in every answer.
        """
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", {**_defaults(cls), **values})
        object.__setattr__(made, "__pydantic_fields_set__", set(values))
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", private)
        return made


@lru_cache(maxsize=64)
def _defaults(cls: type[BaseModel]) -> dict[str, Any]:
    return {name: field.default for name, field in cls.model_fields.items() if not field.is_required()}


class Words(_Answer):
    """The same words in French and English."""

    fr: str
    en: str


class Basis(_Answer):
    """A provision the answer rests on.

    ``role``: it decides, or it moved a place of work, or it makes the text apply; of a refusal ``decides`` is the paragraph
    whose condition is not met, ``instead`` the one that applies without what is asked for.
    """

    rule: str
    cite: str
    grade: GradeName
    source: str | None = None
    read_on: str | None = None
    role: RoleName = "decides"
    cases: tuple[str, ...] = ()


class Missing(_Answer):
    """A fact that is missing: its name in the vocabulary, where it goes in the case, and the question to ask."""

    fact: str
    path: str
    question: Words


class Gap(_Answer):
    """Something that no source available to the rule sets tells, with the article that has to be read.

    ``hint``: what is remembered of it and no source confirms; never used for an answer.
    """

    instrument: str
    what: str
    article: str
    message: Words
    hint: Words | None = None


class Discretion(_Answer):
    """What the law leaves to an institution: the criterion, the evidence to ask for, and who assesses."""

    rule: str
    cite: str
    criterion: Words
    evidence: Words | None = None
    body: str | None = None


class Assumed(_Answer):
    """What nobody stated and the answer took as not shown."""

    fact: str
    path: str
    message: Words


class StepDue(_Answer):
    """A step of the procedure: who acts (a State's institution, or as ``does`` says), with what, by when."""

    step: str
    cite: str
    grade: GradeName
    title: Words
    does: Words
    source: str | None = None
    actor: str | None = None
    documents: tuple[str, ...] = ()
    process: str | None = None
    deadline: Words | None = None
    due: date | None = None
    strength: str | None = None


BranchName = Literal[
    "sickness", "maternity", "invalidity", "old_age", "survivors", "death", "work_injury", "unemployment", "family",
]  # fmt: skip


class BranchAnswer(_Answer):
    """Whose legislation applies in one branch, where the answer does not hold for every branch alike.

    ``by``: the text keeps the branch with the State it names (``instrument``); it leaves the branch to each State's own
    law (``national_law``: no State means that none insures, two that both do); or no source tells (``unknown``).
    ``possible``: States whose law may apply besides or instead, because a fact or a source is missing.
    """

    branch: BranchName
    legislation: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    by: Literal["instrument", "national_law", "unknown"]
    cites: tuple[str, ...] = ()
    grade: GradeName | None = None
    message: Words | None = None
    hint: Words | None = None


class OwnLaw(_Answer):
    """What one State's law says by itself: whether it insures, against what, and what is not known of it.

    ``voluntary``: an insurance that the person may choose (for France, the Caisse des Français de l'étranger).
    """

    state: str
    insures: Literal["yes", "partly", "no", "unknown"]
    branches: tuple[BranchName, ...] = ()
    not_insured: tuple[BranchName, ...] = ()
    basis: tuple[Basis, ...] = ()
    missing: tuple[Missing, ...] = ()
    gaps: tuple[Gap, ...] = ()
    message: Words | None = None
    voluntary: Words | None = None


class EachAlone(_Answer):
    """What the law of each State concerned would say by itself, did no text coordinate them.

    ``conclusion``: some branch would be insured twice (``double``), none twice (``single``), none at all (``none``), or it
    is not known (``open``). ``twice`` and ``nowhere`` name the branches that surely are.
    """

    conclusion: Literal["double", "single", "none", "open"]
    twice: tuple[BranchName, ...] = ()
    nowhere: tuple[BranchName, ...] = ()
    states: tuple[OwnLaw, ...]


class Segment(_Answer):
    """Days with one answer. A boundary names its causes; several instruments give several segments side by side."""

    from_: date = Field(alias="from")
    to: date | None = None
    causes: tuple[Words, ...] = ()
    outcome: OutcomeName
    legislation: tuple[str, ...] = ()
    unbounded: bool = False
    instrument: str | None = None
    relation: str | None = None
    basis: tuple[Basis, ...] = ()
    grade: GradeName | None = None
    documents: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    gaps: tuple[Gap, ...] = ()
    discretion: tuple[Discretion, ...] = ()
    assumptions: tuple[Assumed, ...] = ()
    notes: tuple[Words, ...] = ()
    passed_over: tuple[Words, ...] = ()
    _proof: Any = PrivateAttr(default=None)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def proof(self) -> dict[str, Any] | None:
        """The tree the explanations are rendered from."""
        return self._proof.as_dict() if self._proof is not None else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def branches(self) -> tuple[BranchAnswer, ...]:
        """Whose legislation applies in each branch; nothing where the answer holds for every branch alike."""
        if self._proof is None:
            return ()
        from cleiss_rules.branches import by_branch

        return by_branch(self)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def each_alone(self) -> EachAlone | None:
        """What each State's own law would say by itself; none where a regulation binds several States."""
        if self._proof is None:
            return None
        from cleiss_rules.own_law import each_alone

        return each_alone(self._proof)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def procedure(self) -> tuple[StepDue, ...]:
        """What follows: who acts, with which document, by when."""
        if self._proof is None:
            return ()
        from cleiss_rules.procedure import steps

        return steps(self._proof)

    def proof_graph(self) -> Proof:
        """The proof as objects, for renderers. Raises ValueError where a segment was read back from JSON."""
        if self._proof is None:
            raise ValueError("this segment was not made by determine(): it carries no proof")
        proof: Proof = self._proof
        return proof


DecisionName = Literal["granted", "refused", "needs_agreement", "needs_facts", "discretionary", "not_needed"]


class Days(_Answer):
    """Days that are granted, both ends inside."""

    from_: date = Field(alias="from")
    to: date | None = None


class Consideration(_Answer):
    """Something that speaks for or against a request, or is open; an officer weighs it, the program does not."""

    speaks: Literal["for", "against", "open"]
    text: Words
    grade: GradeName
    source: str | None = None


class Alternative(_Answer):
    """What can be had instead: a shorter period, a prolongation, an individual exception, maintenance by national law."""

    kind: str
    text: Words
    latest_end: date | None = None
    earliest_start: date | None = None
    decided_by: tuple[str, ...] = ()
    cite: str | None = None


class Deadline(_Answer):
    """A day that matters for a request: the ``first`` or the ``last`` on which it can be filed.

    ``kept`` says whether the day of filing respects it; None where that day, or the limit, is not known.
    """

    what: Words
    day: date | None = None
    limit: Literal["first", "last"] | None = None
    kept: bool | None = None
    cite: str
    grade: GradeName


class FiledWith(_Answer):
    """A body that takes the request, by the day of filing; without a name, the authority that ``role`` describes.

    ``name``: as French readers know it; ``called``: the same for readers of both languages.
    """

    state: str
    name: str
    called: Words | None = None
    role: Words


class Holder(_Answer):
    """Section 1 of a certificate: the holder (*titulaire*). A case carries no names; the institution adds them."""

    nationalities: tuple[str, ...] = ()
    state_of_residence: str | None = None


class Workplace(_Answer):
    """Section 5 of a certificate: an employer or place of work in another State."""

    state: str | None = None
    employer: str | None = None
    flag: str | None = None
    home_base: str | None = None


class Certificate(_Answer):
    """What a certificate (PD A1, or the form of an agreement) says, as far as the case tells; ``missing`` names the rest.

    ``status``: the twelve codes of the PD A1 (01 posted employed person … 12 working in the competent State only).
    """

    form: str
    holder: Holder
    legislation: str
    from_: date = Field(alias="from")
    to: date | None = None
    for_the_duration_of_the_activity: bool = False
    provisional: bool = False
    status: str | None = None
    employers: tuple[str, ...] = ()
    workplaces: tuple[Workplace, ...] = ()
    institution_state: str
    basis: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class AskedFor(_Answer):
    """One thing that the file of a request has to tell; ``path``: where a case tells it, ``known``: whether it does."""

    what: Words
    path: str | None = None
    known: bool = False


class Admissibility(_Answer):
    """Whether the file of a request is complete: who files it, on which form, what it tells, with which papers."""

    filed_by: Words
    form: str | None = None
    asked: tuple[AskedFor, ...] = ()
    papers: tuple[Words, ...] = ()
    cite: str
    grade: GradeName
    source: str | None = None

    @property
    def lacking(self) -> tuple[AskedFor, ...]:
        """What the case could tell and does not."""
        return tuple(one for one in self.asked if one.path is not None and not one.known)


class Decision(_Answer):
    """What becomes of what is asked for. A discretionary request is never refused here: an officer decides it.

    ``agreed_with``: the bodies of the other States that have to agree.
    ``instead``: the States whose legislation applies without what is refused.
    ``draft``: for a request that authorities decide, the position as a letter or note to start from.
    """

    request: str
    outcome: DecisionName
    legislation: str | None = None
    instrument: str | None = None
    decided_by: tuple[str, ...] = ()
    granted: Days | None = None
    latest_end: date | None = None
    basis: tuple[Basis, ...] = ()
    grade: GradeName | None = None
    reasons: tuple[Words, ...] = ()
    passed_over: tuple[Words, ...] = ()
    considerations: tuple[Consideration, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    filed_with: tuple[FiledWith, ...] = ()
    agreed_with: tuple[FiledWith, ...] = ()
    instead: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    gaps: tuple[Gap, ...] = ()
    certificate: Certificate | None = None
    admissibility: Admissibility | None = None
    follow_up: tuple[Deadline, ...] = ()
    draft: Words | None = None


class Receipt(_Answer):
    """With which rules and which input the answer was made."""

    engine: str
    rules: str
    input: str


class Result(_Answer):
    """The answer to a case: its segments and, where something was asked for, the decision."""

    format: Literal[1] = 1
    case: str | None = None
    known_on: date
    segments: tuple[Segment, ...]
    decision: Decision | None = None
    _case: Any = PrivateAttr(default=None)
    _rules: str = PrivateAttr(default="")

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def receipt(self) -> Receipt:
        """Hashes of engine, rules and input."""
        from cleiss_rules.receipt import make

        return make(self._case, self._rules)

    def explain(self, lang: Literal["fr", "en"] = "fr", detail: Literal["short", "full"] = "short") -> str:
        """The answer in words: ``short`` for a letter, ``full`` with every condition. Raises ValueError for another language."""
        from cleiss_rules.explain.text import explain

        return explain(self, lang=lang, detail=detail)

    def _repr_html_(self) -> str:
        from cleiss_rules.explain.html import page

        return page(self)
