"""The shape of the files under ``agreements/``: pydantic models, from which the JSON Schema for editors is made.

What a name means and whether types fit is checked later, in ``link``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Grade = Literal["primary", "verified", "official-summary", "secondary", "recalled"]
Under = Literal["own_law", "agreement"]
RequestKind = Literal["posting", "prolongation", "exceptional_maintenance", "exemption", "telework_exception"]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class TextModel(_Strict):
    """The same words in French and English."""

    fr: str
    en: str


class SourceModel(_Strict):
    """Where it was read, how good the source is, on which day."""

    grade: Grade
    url: str | None = None
    read_on: date | None = None
    note: str | None = None


class SpanModel(_Strict):
    """First and last day; a missing end is open."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None


class ValidityModel(SpanModel):
    """Days in force; other days for a relation stand under its name."""

    by_relation: dict[str, SpanModel] = {}
    published_on: date | None = None


class ConditionModel(_Strict):
    """A condition with the words a caseworker would use for it."""

    if_: str = Field(alias="if")
    fr: str
    en: str


class AssessmentModel(_Strict):
    """An assessment that is an institution's, with the clear cases on both sides."""

    yes_if: str
    no_if: str
    criterion: TextModel
    evidence: TextModel | None = None
    body: str | None = None


class DocumentModel(_Strict):
    """A document that is only issued where a condition holds (a form of one side of an agreement)."""

    name: str
    if_: str = Field(alias="if")


class ConsequenceModel(_Strict):
    """What follows. ``legislation`` for a rule on the applicable legislation, ``place`` for one on the place of work.

    ``besides`` names a State whose legislation the text itself keeps next to the first one; a note has to say so.
    """

    legislation: str | None = None
    place: str | None = None
    document: str | DocumentModel | list[str | DocumentModel] | None = None
    decided_by: str | list[str] | None = None
    besides: str | None = None
    status: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])$")] | None = None
    gap: TextModel | None = None
    note: TextModel | None = None

    @model_validator(mode="after")
    def _two_are_explained(self) -> ConsequenceModel:
        if self.besides is not None and self.note is None:
            raise ValueError("a second legislation (besides) needs a note that says why both are kept")
        return self


class RuleModel(_Strict):
    """One entry per paragraph; exactly one of ``rule``, ``define`` and ``assess`` names it."""

    rule: Identifier | None = None
    define: Identifier | None = None
    assess: Identifier | None = None
    name: Name | None = None
    title: TextModel
    cite: str
    valid: ValidityModel | None = None
    question: Literal[
        "applicable_legislation", "place_of_work", "binding", "transition", "telework_exception", "besides",
        "own_law", "own_law_exempts", "voluntary", "exemption",
    ] = "applicable_legislation"  # fmt: skip
    defeats: list[str] = []
    each: Literal["activity", "document", "agreement", "benefit"] | None = None
    where: str | ConditionModel | None = None
    when: list[str | ConditionModel] = []
    value: str | None = None
    assessment: AssessmentModel | None = None
    then: ConsequenceModel | None = None
    because: TextModel | None = None
    cases: list[str] = []
    source: SourceModel | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> RuleModel:
        named = [key for key in ("rule", "define", "assess") if getattr(self, key) is not None]
        if len(named) != 1:
            raise ValueError("exactly one of rule, define, assess names an entry")
        if (self.name is None) == (named != ["rule"]):
            raise ValueError("define and assess need a name, rule has none")
        if (self.value is None) == (named == ["define"]):
            raise ValueError("a define, and nothing else, has a value")
        if (self.assessment is None) == (named == ["assess"]):
            raise ValueError("an assess, and nothing else, has an assessment")
        return self


class ParameterValueModel(_Strict):
    """One dated value; ``unknown`` says that no source tells."""

    value: str
    valid: ValidityModel | None = None
    cite: str
    source: SourceModel | None = None


class ParameterModel(_Strict):
    """A named threshold; ``type`` is needed only where every value is unknown and it is no length of time."""

    title: TextModel
    type: Literal["period", "percent", "number", "date"] | None = None
    values: list[ParameterValueModel] = Field(min_length=1)


class RelationModel(_Strict):
    """One coordination that the instrument takes part in, with the groups of States it spans."""

    title: TextModel
    territory: list[str]
    valid: ValidityModel | None = None
    defeats: list[str] = []
    yields_to: list[str] = []


Answer = Literal[
    "yes", "no", "unknown", "not_described", "contested", "once_in_force", "by_exception_agreement", "none_found",
]  # fmt: skip


class FormModel(SpanModel):
    """A form and the days of its number; ``of``: the State whose institutions issue it, none means either side's."""

    name: str
    of: str | None = None


class ClauseModel(_Strict):
    """What an instrument says on one point, for comparison; ``longest`` names a parameter or an unbounded length.

    ``total`` names the parameter of the longest posting with its prolongations, ``times`` that of how many there may be.
    """

    clause: Literal[
        "posting", "prolongation", "derogation", "self_employed_posting", "self_employed_prolongation",
        "self_employed_derogation", "transport_crews", "seafarers", "diplomatic_staff", "civil_servants", "telework",
        "short_missions", "family_cover", "reposting", "conditions",
    ]  # fmt: skip
    allowed: Answer = "unknown"
    longest: str | None = None
    total: str | None = None
    times: str | None = None
    leave_counted: Answer | None = None
    decided_by: (
        Literal["sending_institution_alone", "sending_institution", "joint", "not_applicable", "unknown"] | None
    ) = None
    form: str | list[FormModel] = []
    cite: str
    source: SourceModel | None = None
    note: TextModel | None = None


class CoverModel(_Strict):
    """One point of the scope: who and what the instrument covers, and where."""

    what: Literal[
        "nationality", "employed", "self_employed", "civil_servants", "students", "unemployed", "non_active",
        "refugees_stateless", "third_country_nationals", "territory", "branches", "unemployment", "kept_by_posting",
    ]  # fmt: skip
    value: TextModel
    source: SourceModel | None = None


class BodyModel(SpanModel):
    """An institution of one side and the days of its competence.

    ``name``: as it calls itself, or in both languages where words describe it. ``for``: the requests that are filed with
    it; left out, any; ``none`` for a body that takes no request (liaison, benefits, competence that no source tells).
    """

    state: str
    name: str | TextModel
    for_: list[RequestKind] | Literal["none"] | None = Field(None, alias="for")
    role: TextModel
    source: SourceModel | None = None


class HistoryModel(_Strict):
    """A text that changed, replaced or carried out the instrument; ``conflict`` keeps sources that contradict each other."""

    what: Literal["publication", "amendment", "replaces", "implementing", "conflict", "status"]
    text: TextModel
    date: str | None = None
    source: SourceModel | None = None


class StepModel(_Strict):
    """A step of the procedure that follows an answer: who does what, with which document, by when."""

    step: Identifier
    title: TextModel
    cite: str
    valid: ValidityModel | None = None
    after: list[str] = []
    each: Literal["activity", "document", "agreement", "benefit"] | None = None
    if_: str | None = Field(None, alias="if")
    actor: str | None = None
    does: TextModel
    documents: list[str] = []
    process: str | None = None
    limit: str | None = None
    runs_from: str | None = None
    deadline: TextModel | None = None
    strength: Literal["hard", "soft", "guidance"] | None = None
    source: SourceModel | None = None

    @model_validator(mode="after")
    def _limit_runs(self) -> StepModel:
        if (self.limit is None) != (self.runs_from is None):
            raise ValueError("limit and runs_from go together: a length and the date it runs from")
        return self


class ConsiderationModel(_Strict):
    """What speaks for a discretionary request when a condition holds, and against it when it does not.

    ``where`` says when it is weighed at all.
    """

    consideration: Identifier
    where: str | None = None
    if_: str = Field(alias="if")
    for_: TextModel = Field(alias="for")
    against: TextModel
    open: TextModel
    source: SourceModel


class WindowModel(_Strict):
    """When a request has to be filed, counted from the first day asked for.

    ``earliest``: not sooner than so long before it; ``ahead``: so long before the eve at the latest; ``latest``: so long
    after it at the latest. ``under``: only where an agreement answers, or only where the State's own law does.
    ``of``: the State whose institutions are asked, where the source tells of one side only.
    """

    for_: list[RequestKind] = Field(alias="for")
    of: str | None = None
    under: Under | None = None
    valid: ValidityModel | None = None
    earliest: str | None = None
    ahead: str | None = None
    latest: str | None = None
    text: TextModel
    cite: str
    source: SourceModel


class AskedModel(_Strict):
    """One thing a request has to tell; ``path``: where it stands in a case (none: no case tells it); ``of``: for whose work.

    ``under``: only where an agreement answers, or only where the State's own law does.
    """

    path: str | None = None
    of: Literal["employed", "self_employed"] | None = None
    under: Under | None = None
    fr: str
    en: str


class FollowUpModel(_Strict):
    """What follows a decision: within ``within`` of the day of filing, or of an event that no case dates (no length)."""

    on: list[Literal["granted", "refused", "needs_agreement", "discretionary"]]
    within: str | None = None
    text: TextModel
    cite: str
    source: SourceModel


class DossierModel(_Strict):
    """What the file of a request holds: who files it, on which form, what it tells, what follows. The first that fits is used.

    ``under``: only where an agreement answers, or only where the State's own law does.
    """

    for_: list[RequestKind] = Field(alias="for")
    under: Under | None = None
    form: str | None = None
    filed_by: TextModel
    asks: list[AskedModel]
    follow_up: list[FollowUpModel] = []
    cite: str
    source: SourceModel


Branch = Literal[
    "sickness", "maternity", "invalidity", "old_age", "survivors", "death", "work_injury", "unemployment", "family",
]  # fmt: skip


class CoverageModel(_Strict):
    """Which branches a legislation governs that the instrument keeps away from the place of work.

    ``rules``: the rules that keep it (none: all). ``kept``: only where this State's legislation is kept. A branch that is
    named nowhere is one of which no source tells. ``outside`` is left to each State's own law, ``host`` to that of the place
    of work, where a source says so.
    """

    covers: list[Branch] | Literal["all"] = []
    outside: list[Branch] = []
    host: list[Branch] = []
    rules: list[str] = []
    kept: str | None = None
    valid: ValidityModel | None = None
    cite: str
    source: SourceModel | None = None
    note: TextModel | None = None

    @model_validator(mode="after")
    def _inside_or_outside(self) -> CoverageModel:
        named = [*self.outside, *self.host, *(self.covers if isinstance(self.covers, list) else [])]
        twice = sorted({branch for branch in named if named.count(branch) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} can't be covered, outside and the host State's at once")
        return self


class HintModel(_Strict):
    """What is remembered of clauses, parameters or rules of an instrument, unconfirmed."""

    on: list[str] = Field(min_length=1)
    fr: str
    en: str


class HintsModel(_Strict):
    """``agreements/bilateral/hints.yaml``: by instrument, what is remembered and no source confirms."""

    hints: dict[Identifier, list[HintModel]]


class InstrumentModel(_Strict):
    """One file per instrument. ``law_of``: the State whose own law it is, ``*`` for what sources tell of other States."""

    instrument: Identifier
    kind: Literal["regulation", "agreement", "bilateral", "decree", "national"]
    title: TextModel
    name: TextModel
    status: Literal["in_force", "ended", "signed_not_in_force", "none_found"] = "in_force"
    valid: ValidityModel
    source: SourceModel
    uses: list[str] = []
    yields_to: list[str] = []
    states: list[str] = []
    relations: dict[str, RelationModel] = {}
    parameters: dict[Name, ParameterModel] = {}
    binds: list[RuleModel] = []
    rules: list[RuleModel] = []
    about: str | None = None
    signed: str | None = None
    history: list[HistoryModel] = []
    covers: list[CoverModel] = []
    clauses: list[ClauseModel] = []
    bodies: list[BodyModel] = []
    procedure: list[StepModel] = []
    considerations: list[ConsiderationModel] = []
    windows: list[WindowModel] = []
    dossiers: list[DossierModel] = []
    branches: list[CoverageModel] = []
    law_of: str | None = None


class FactModel(_Strict):
    """A fact: what it is called, what type it has, how one asks for it.

    ``remedy``: where the person or the employer can still bring a missing condition about, the words for it after *if*.
    """

    type: str
    takes: list[str] = []
    values: list[str] = []
    label: TextModel
    question: TextModel
    assumed: TextModel | None = None
    remedy: TextModel | None = None
    words: dict[str, TextModel] = {}


class VocabularyModel(_Strict):
    """``agreements/vocabulary.yaml``."""

    person: dict[str, FactModel]
    case: dict[str, FactModel]
    activity: dict[str, FactModel]
    document: dict[str, FactModel]
    agreement: dict[str, FactModel]
    benefit: dict[str, FactModel]


class GroupModel(_Strict):
    """A group of States with the days on which each belonged to it."""

    title: TextModel
    note: str | None = None
    source: SourceModel
    members: dict[str, SpanModel | list[SpanModel]]


class StatesModel(_Strict):
    """``agreements/states.yaml``."""

    aliases: dict[str, str]
    states: dict[str, TextModel]
    groups: dict[str, GroupModel]


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of an instrument file, for editors."""
    schema = InstrumentModel.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
