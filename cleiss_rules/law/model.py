"""The intermediate representation of the law: what every engine and every explanation reads.

All of it is immutable plain data. Expressions are trees as described in ``expression``, after ``link`` has resolved
their names:

* ``fact`` path; ``def`` rule id; ``param`` instrument, name; ``group`` name; ``answer`` question; ``run`` name (what the
  run of an instrument fixes: its territory and relation). The other heads are those of ``expression``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cleiss_rules.calendar import Period, Span

Expr = list[Any]

#: the branches of social security (*branches*), in the order of article 3 of Regulation 883/2004
BRANCHES = (
    "sickness", "maternity", "invalidity", "old_age", "survivors", "death", "work_injury", "unemployment", "family",
)  # fmt: skip
GRADES = ("primary", "verified", "official-summary", "secondary", "recalled")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in French and English."""

    fr: str
    en: str

    def in_(self, lang: str) -> str:
        """The words in ``fr`` or ``en``."""
        return self.fr if lang == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a value was read, when, and how good that source is (one of GRADES)."""

    grade: str
    url: str | None = None
    read_on: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when a wording is in force, and the days that differ for a relation (EEA, Switzerland)."""

    span: Span
    by_relation: Mapping[str, Span] = field(default_factory=dict)
    published_on: date | None = None

    def covers(self, relation: str, day: date) -> bool:
        """Whether the wording is in force in that relation on that day."""
        return day in self.by_relation.get(relation, self.span)

    def known(self, day: date) -> bool:
        """Whether the wording was published by that day; one whose publication is not told counts as published."""
        return self.published_on is None or self.published_on <= day


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of ``when``: the expression, its text as written, and how a caseworker says it."""

    expr: Expr
    text: str
    say: Text | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the law leaves to an institution once neither the clear yes nor the clear no is met."""

    yes: Expr
    no: Expr
    criterion: Text
    evidence: Text | None
    body: Expr | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that follows, everywhere or only where a condition holds (the form of one side of an agreement)."""

    name: str
    only_if: Expr | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows when a rule stands. ``value`` is a State; ``besides`` one kept next to it; ``status`` the code on an A1."""

    value: Expr | None = None
    documents: tuple[Issued, ...] = ()
    decided_by: tuple[Expr, ...] = ()
    gap: Text | None = None
    note: Text | None = None
    besides: Expr | None = None
    status: str | None = None


#: in ``defeats``: every other rule of the same question, but for those that say so themselves
EVERY_OTHER = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """One paragraph. ``kind`` is ``rule``, ``define`` (a notion other rules use) or ``assess`` (an officer's assessment).

    ``key`` is what results and expectations use: ``eu-883-2004/12-1``. ``defeats`` names rules, or every other one.
    """

    key: str
    id: str
    instrument: str
    kind: str
    question: str
    title: Text
    cite: str
    valid: Validity
    source: Source
    each: str | None = None
    where: Condition | None = None
    when: tuple[Condition, ...] = ()
    then: Consequence = Consequence()
    value: Expr | None = None
    type: str | None = None
    assess: Assessment | None = None
    defeats: tuple[str, ...] = ()
    because: Text | None = None
    cases: tuple[str, ...] = ()
    line: int = 0
    slots: Mapping[str, Expr] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold with its dated values; ``value`` None is one that no source tells."""

    name: str
    type: str
    title: Text
    values: tuple[ParameterValue, ...]

    def at(self, relation: str, day: date) -> ParameterValue | None:
        """The value in force on a day; None where the text sets none then."""
        for value in self.values:
            if value.valid.covers(relation, day):
                return value
        return None


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One dated value of a parameter, as a literal of the expression language."""

    value: Any
    valid: Validity
    cite: str
    source: Source


@dataclass(frozen=True, slots=True)
class Relation:
    """One coordination that an instrument takes part in: the Union itself, or the Union with Switzerland."""

    id: str
    title: Text
    territory: tuple[str, ...]
    valid: Validity
    defeats: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form, the days of its number, and the State whose institutions issue it (none: either side's)."""

    name: str
    span: Span
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """What an instrument says on one point, comparable across instruments.

    ``longest`` is the name of a parameter of the instrument, or ``until_completion``, ``indefinite``, ``not_limited``,
    ``none``, ``unknown``; None where the point has no length. ``total`` and ``times`` are names of parameters too: the
    longest posting with its prolongations, and how many of these there may be.
    """

    id: str
    allowed: str
    longest: str | None
    leave_counted: str | None
    decided_by: str | None
    forms: tuple[Form, ...]
    cite: str
    source: Source
    note: Text | None = None
    total: str | None = None
    times: str | None = None

    def forms_on(self, day: date, state: str | None = None) -> tuple[Form, ...]:
        """The forms of a day, of both sides or of one State."""
        return tuple(one for one in self.forms if day in one.span and (state is None or one.of in (None, state)))


@dataclass(frozen=True, slots=True)
class Step:
    """A step that follows an answer. ``after``: the rules whose answer it follows; none means any answer of the text.

    ``limit`` runs from the day after the one that ``runs_from``, a date of the vocabulary, tells.
    """

    key: str
    instrument: str
    title: Text
    cite: str
    valid: Validity
    after: tuple[str, ...]
    each: str | None
    only_if: Expr | None
    actor: Expr | None
    does: Text
    documents: tuple[str, ...]
    process: str | None
    limit: Expr | None
    runs_from: Expr | None
    deadline: Text | None
    strength: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an officer weighs in a discretionary request: a condition, and what it says on each side."""

    id: str
    condition: Expr
    in_favour: Text
    against: Text
    open: Text
    source: Source
    where: Expr | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When a request has to be filed: ``earliest`` and ``ahead`` before the first day asked for, ``latest`` after it."""

    kinds: tuple[str, ...]
    valid: Validity
    earliest: Period | None
    ahead: Period | None
    latest: Period | None
    text: Text
    cite: str
    source: Source
    under: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a request has to tell, where a case tells it (None: no case does), and of whose work (None: of any)."""

    text: Text
    path: str | None
    of: str | None = None
    under: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What follows a decision with one of these outcomes, within a time from the day of filing where one is set."""

    outcomes: tuple[str, ...]
    within: Period | None
    text: Text
    cite: str
    source: Source


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the file of a request of these kinds holds."""

    kinds: tuple[str, ...]
    form: str | None
    filed_by: Text
    asks: tuple[Asked, ...]
    follow_up: tuple[FollowUp, ...]
    cite: str
    source: Source
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """One point of the scope of an instrument: who, what or where."""

    what: str
    value: Text
    source: Source


@dataclass(frozen=True, slots=True)
class Body:
    """An institution of one side, what it does, the days of its competence, and the requests it takes (None: any)."""

    state: str
    name: Text
    role: Text
    span: Span
    source: Source
    kinds: tuple[str, ...] | None = None

    def takes(self, kind: str, day: date) -> bool:
        """Whether a request of a kind is filed with it on a day."""
        return day in self.span and (self.kinds is None or kind in self.kinds)


@dataclass(frozen=True, slots=True)
class History:
    """A text that published, changed, replaced or carried out an instrument, or a contradiction between sources."""

    what: str
    text: Text
    date: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which branches (*branches*) a legislation governs that an instrument keeps away from the place of work.

    ``rules``: the keys of the rules that keep it, none for all; ``kept``: only where this State's legislation is kept.
    ``outside``: left to each State's own law; ``host``: to that of the place of work, as a source tells. A branch that is
    named nowhere is one of which no source tells. In a State's own law: what those rules insure against.
    """

    covers: tuple[str, ...]
    outside: tuple[str, ...]
    host: tuple[str, ...]
    rules: tuple[str, ...]
    kept: str | None
    valid: Validity
    cite: str
    source: Source
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What is remembered of a point that no source tells: never used for an answer, shown as unconfirmed.

    ``on`` names the clauses, parameters and rules of the instrument that it belongs to.
    """

    on: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Instrument:
    """A regulation, an agreement, a decree or a part of national law, with its rules in the order of the text.

    ``law_of``: the State whose own law this is (``*``: any other State, as far as a source tells what its law does).
    """

    id: str
    kind: str
    title: Text
    name: Text
    valid: Validity
    status: str
    source: Source
    uses: tuple[str, ...]
    yields_to: tuple[str, ...]
    states: tuple[str, ...]
    relations: tuple[Relation, ...]
    parameters: Mapping[str, Parameter]
    binds: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    file: str = ""
    signed: str | None = None
    history: tuple[History, ...] = ()
    covers: tuple[Cover, ...] = ()
    clauses: tuple[Clause, ...] = ()
    bodies: tuple[Body, ...] = ()
    procedure: tuple[Step, ...] = ()
    considerations: tuple[Weighed, ...] = ()
    windows: tuple[Window, ...] = ()
    dossiers: tuple[Dossier, ...] = ()
    branches: tuple[Coverage, ...] = ()
    hints: tuple[Hint, ...] = ()
    law_of: str | None = None

    @property
    def shared(self) -> bool:
        """Whether it holds notions that several agreements share: its rules are then rules of the agreement that uses it."""
        return self.kind == "bilateral" and not self.states

    def hint(self, *names: str) -> Text | None:
        """What is remembered, unconfirmed, of a clause, parameter or rule."""
        return next((hint.text for hint in self.hints if set(names) & set(hint.on)), None)


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact of the vocabulary: its type, its name in a sentence, the question that asks for it, how it can be mended."""

    path: str
    domain: str
    type: str
    values: tuple[str, ...]
    label: Text
    question: Text
    takes: tuple[str, ...] = ()
    assumed: Text | None = None
    words: Mapping[str, Text] = field(default_factory=dict)
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """States that a text speaks of together, each with the days on which it belonged."""

    id: str
    title: Text
    members: Mapping[str, tuple[Span, ...]]

    def on(self, day: date) -> frozenset[str]:
        """The members on a day."""
        return frozenset(state for state, spans in self.members.items() if any(day in span for span in spans))


@dataclass(frozen=True, slots=True)
class Law:
    """Everything under ``agreements/``; ``digest`` is the SHA-256 over the files."""

    instruments: Mapping[str, Instrument]
    facts: Mapping[str, FactSpec]
    states: Mapping[str, Text]
    aliases: Mapping[str, str]
    groups: Mapping[str, Group]
    digest: str

    def rule(self, key: str) -> Rule:
        """The first wording of the rule with that key (``eu-883-2004/12-1``). Raises KeyError."""
        instrument = self.instruments[key.split("/", 1)[0]]
        for rule in (*instrument.binds, *instrument.rules):
            if rule.key == key:
                return rule
        raise KeyError(key)
