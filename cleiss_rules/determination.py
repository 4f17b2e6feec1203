"""Which legislation applies: the first of the two questions that the library answers (*législation applicable*).

Case → slices → instruments that bind → rules → answer. No law is known here: which instrument binds, which rule yields
to which, and every threshold stand in ``agreements/``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cleiss_rules.answers import answer_segment, merged, no_text_segment, open_text_segment, with_causes
from cleiss_rules.calendar import Span
from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.possible import settle
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.reference import Outcome, Resolution, resolve
from cleiss_rules.engine.ruleset import SCOPE, RuleSet
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.engine.truth import FALSE, TRUE
from cleiss_rules.facts.case import Case
from cleiss_rules.facts.postings import unbroken_start
from cleiss_rules.facts.situation import Earlier, Situation, states_involved, states_named
from cleiss_rules.facts.timeline import Cause, Slice, asked_period, slices
from cleiss_rules.law.store import the_law
from cleiss_rules.passed_over import passed_over, with_passed_over
from cleiss_rules.result import Result, Segment, Words
from cleiss_rules.second_cover import keeps_some, may_have_second_cover, with_second_cover

#: what evaluates the same law
ENGINES = ("reference", "durable")


def engine_in_use() -> RuleSets:
    """The compiled rule sets of the law in use."""
    return _engine(the_law().digest)


@lru_cache(maxsize=4)
def _engine(digest: str) -> RuleSets:
    law = the_law()
    assert law.digest == digest
    return RuleSets(law)


def engine_named(name: str) -> RuleSets:
    """The law in use under the engine of that name (``reference``, ``durable``). Raises ValueError for another."""
    if name == "reference":
        return engine_in_use()
    if name != "durable":
        raise ValueError(f"{name!r} is no engine; accepted: {', '.join(ENGINES)}")
    return _durable(the_law().digest)


@lru_cache(maxsize=4)
def _durable(digest: str) -> RuleSets:
    from cleiss_rules.engine.durable.rules import DurableRuleSet

    law = the_law()
    assert law.digest == digest
    return RuleSets(law, rule_set=DurableRuleSet)


def determine(case: Case, *, scenario: str | None = None, engine: str = "reference") -> Result:
    """The applicable legislation in each part of the case's period, with proof.

    ``engine``: ``reference``, or ``durable`` for the same rules fired by durable-rules (extra ``durable``).
    ``scenario`` names a reform under ``agreements/scenarios/`` (or a file of that kind) that is tried out; each answer
    then says that it is no law in force. Pure otherwise: no file is read once the law is loaded, and nothing a caller
    can see changes. Raises InvalidLaw when the law files are faulty.
    """
    if scenario is None:
        return determine_under(case, engine_named(engine))
    if engine != "reference":
        raise ValueError(f"a scenario is tried out by the reference engine, not by {engine!r}")
    return _tried_out(case, scenario)


def _tried_out(case: Case, name: str) -> Result:
    from cleiss_rules.law.scenario import scenario

    reform = scenario(name, the_law())
    result = determine_under(case, RuleSets(reform.law))
    day = reform.applies_from.isoformat()
    note = Words(
        fr=f"Scénario, et non droit en vigueur : {reform.title.fr}, supposée applicable à partir du {day}.",
        en=f"A scenario, not law in force: {reform.title.en}, assumed to apply from {day} on.",
    )
    marked = [segment.model_copy(update={"notes": (*segment.notes, note)}) for segment in result.segments]
    return result.model_copy(update={"segments": tuple(marked)})


def determine_under(case: Case, engine: RuleSets) -> Result:
    """The same under other rules than those in use: a mutant in a test of the fixtures, a reform as a scenario."""
    decision = None
    if case.request is not None:
        from cleiss_rules.requests import decide

        decision = decide(case, engine, lambda other: segments_of(other, engine))
    return Result.made(
        {"_case": case, "_rules": engine.law.digest},
        case=case.id, known_on=case.known_on or date.today(), segments=segments_of(case, engine), decision=decision,
    )  # fmt: skip


def segments_of(case: Case, engine: RuleSets) -> tuple[Segment, ...]:
    """The segments of the answer alone."""
    parts = slices(case, changes_of_law(case, engine))
    segments: list[Segment] = []
    answered: Answered | None = None
    end: date | None = None
    for part in parts:
        situation = Situation(case, part.span, _earlier(case, engine))
        if answered is not None and answered.goes_on(situation, engine):
            end = part.span.end
            continue
        if answered is not None:
            segments += answered.until(end)
        answered, end = _answers(case, part, situation, engine), part.span.end
    if answered is not None:
        segments += answered.until(end)
    return tuple(with_causes(merged(segments), parts))


def _earlier(case: Case, engine: RuleSets) -> Earlier:
    """How the rules in force on an earlier day decide the case, for the transition from one text to the next."""
    known: dict[date, str | None] = {}

    def single(day: date) -> str | None:
        if day not in known:
            found = _answered(case, Slice(Span(day, day)), engine).segments
            settled = all(one.outcome in (Outcome.DETERMINED.value, Outcome.BOUND.value) for one in found)
            states = {one.legislation for one in found}
            known[day] = states.pop()[0] if settled and [len(s) for s in states] == [1] else None
        return known[day]

    return single


def runs_of(case: Case, engine: RuleSets) -> Iterator[Run]:
    """Everything that is looked at for a case, instruments that turn out not to bind included."""
    for part in slices(case, changes_of_law(case, engine)):
        situation = Situation(case, part.span, _earlier(case, engine))
        for residual in (False, True):
            looked_at = _rule_sets(situation, engine, residual=residual, ruled_out=True)
            yield from (_run(rules, situation, engine) for rules in looked_at)


@dataclass(slots=True, eq=False)
class Run:
    """One instrument in one relation, evaluated on one slice; ``applies``: the rules that let it bind, as they fare."""

    rules: RuleSet
    env: Env
    binds: int
    applies: tuple[Finding, ...]

    @property
    def scope(self) -> tuple[Finding, ...]:
        """How all the rules fare that say whether the instrument binds, those that fail included."""
        return tuple(self.rules.scope_findings(self.env))

    @property
    def name(self) -> str:
        """The instrument, with its relation where it has some."""
        relation = self.rules.relation.id
        return f"{self.rules.instrument.id}:{relation}" if relation else self.rules.instrument.id


@dataclass(slots=True, eq=False)
class Answered:
    """The answers of a slice, and what they rest on: its facts, and all that was looked at, by whether it is residual."""

    situation: Situation
    looked_at: Mapping[bool, Sequence[RuleSet]]
    segments: Sequence[Segment]

    def goes_on(self, situation: Situation, engine: RuleSets) -> bool:
        """Whether the answers hold for a later slice too, since nothing differs of what they rest on."""
        return self.situation.goes_on(situation) and all(
            _say_the_same(rules, _rule_sets(situation, engine, residual=residual), engine)
            for residual, rules in self.looked_at.items()
        )

    def until(self, day: date | None) -> Sequence[Segment]:
        """The answers, for all the days up to one, on which they go on."""
        return [one if one.to == day else one.model_copy(update={"to": day}) for one in self.segments]


def _say_the_same(one: Sequence[RuleSet], two: Sequence[RuleSet], engine: RuleSets) -> bool:
    return one is two or (len(one) == len(two) and all(map(engine.alike, one, two)))


def _answered(case: Case, part: Slice, engine: RuleSets) -> Answered:
    """The answers of a slice by itself."""
    return _answers(case, part, Situation(case, part.span, _earlier(case, engine)), engine)


def _answers(case: Case, part: Slice, situation: Situation, engine: RuleSets) -> Answered:
    """The answers of a slice of which the situation tells."""
    looked_at: dict[bool, Sequence[RuleSet]] = {False: _rule_sets(situation, engine)}
    first = _runs(looked_at[False], situation, engine)
    runs = [run for run in first if run.binds != FALSE]
    alone = not any(run.binds == TRUE for run in runs)
    if alone:
        looked_at[True] = _rule_sets(situation, engine, residual=True)
        others = (_run(rules, situation, engine) for rules in looked_at[True])
        runs += [run for run in others if run.binds != FALSE]
    beaten = {run.name: _beaten_by(run, runs) for run in runs}
    certain = [run for run in runs if run.binds == TRUE and not beaten[run.name]]
    open_ = [
        run
        for run in runs
        if run not in certain and not any(rival.binds == TRUE and rival in certain for rival in beaten[run.name])
    ]
    segments = [answer_segment(part, prove(run), case) for run in certain]
    segments = [_with_second_cover(segment, situation, engine, looked_at) for segment in segments]
    if open_:
        proofs = [prove(run) for run in open_]
        settled = _same_answer(part, list(zip(open_, proofs, strict=True)), beaten, case)
        segments.append(settled or open_text_segment(part, proofs, case))
    if not runs:
        segments.append(no_text_segment(part, situation))
    perhaps = {run.rules.instrument.id for run in runs}  # a text that may bind in another relation is not passed over
    ruled_out = (run for run in first if run.binds == FALSE and run.rules.instrument.id not in perhaps)
    told = passed_over((run.rules, run.env) for run in ruled_out) if alone else ()
    return Answered(situation, looked_at, with_passed_over(segments, told) if told else segments)


def _with_second_cover(
    segment: Segment, situation: Situation, engine: RuleSets, looked_at: dict[bool, Sequence[RuleSet]]
) -> Segment:
    """The answer of a text, joined by the legislation that a text which yields to it keeps besides."""
    if not may_have_second_cover(segment, situation.case):
        return segment
    if True not in looked_at:
        looked_at[True] = _rule_sets(situation, engine, residual=True)
    runs = (_run(rules, situation, engine) for rules in looked_at[True] if keeps_some(rules))
    return with_second_cover(segment, ((run.rules, run.env) for run in runs if run.binds == TRUE))


def _same_answer(
    part: Slice, told: Sequence[tuple[Run, Proof]], beaten: Mapping[str, Sequence[Run]], case: Case
) -> Segment | None:
    """Where one of several texts surely binds and all of them name the same State, which of them it is changes nothing.

    The answer is that of the sure text that yields to no other sure one, as the law declares it.
    """
    states = {proof.resolution.states for _, proof in told}
    settled = all(proof.resolution.outcome in (Outcome.DETERMINED, Outcome.BOUND) for _, proof in told)
    sure = {run.name: proof for run, proof in told if run.binds == TRUE}
    if not (sure and settled and len(states) == 1):
        return None
    first = [name for name in sure if not any(rival.name in sure for rival in beaten[name])]
    return answer_segment(part, sure[min(first or sure)], case)


def _rule_sets(
    situation: Situation, engine: RuleSets, *, residual: bool = False, ruled_out: bool = False
) -> Sequence[RuleSet]:
    """What may bind; the residual instruments, which yield to every other, are asked for by themselves."""
    case = situation.case
    linked = states_involved(situation).must.union(case.person.nationalities or ())
    known_on = case.known_on or date.today()
    return engine.in_force(linked, situation.first_day, known_on, residual=residual, ruled_out=ruled_out)


def _runs(looked_at: Sequence[RuleSet], situation: Situation, engine: RuleSets) -> list[Run]:
    """Those texts evaluated that matter: not the relations of one that another relation, which binds, goes before."""
    found: list[Run] = []
    before: set[tuple[str, str]] = set()
    for rules in looked_at:
        if (rules.instrument.id, rules.relation.id) in before:
            continue
        run = _run(rules, situation, engine)
        found.append(run)
        if run.binds == TRUE:
            before.update((rules.instrument.id, relation) for relation in rules.relation.defeats)
    return found


def _run(rules: RuleSet, situation: Situation, engine: RuleSets) -> Run:
    env = rules.env(situation, engine)
    found = rules.live(SCOPE, env)
    truths = [finding.truth for finding in found]
    binds = TRUE if TRUE in truths else next(iter(truths), FALSE)
    return Run(rules, env, binds, tuple(found))


def _beaten_by(run: Run, runs: Sequence[Run]) -> list[Run]:
    """The runs to which this one yields: another relation of the same text, or a text that goes first."""
    instrument, relation = run.rules.instrument, run.rules.relation.id
    found: list[Run] = []
    for rival in runs:
        if rival is run:
            continue
        same = rival.rules.instrument.id == instrument.id
        if (same and relation in rival.rules.relation.defeats) or (
            not same and _yields(run.rules, rival.rules.instrument.id)
        ):
            found.append(rival)
    return found


def _yields(rules: RuleSet, rival: str) -> bool:
    yields_to = (*rules.instrument.yields_to, *rules.relation.yields_to)
    return "*" in yields_to or rival in yields_to


def prove(run: Run) -> Proof:
    """The answer of one rule set on one situation, with everything behind it."""
    rules, env, scope = run.rules, run.env, run.applies
    binding = tuple(rules.live("binding", env))
    fixed = resolve(binding, rules.defeaters)
    found = rules.live("applicable_legislation", env)
    by_rules = settle(rules, env, resolve(found, rules.defeaters), found)
    places = tuple(rules.places_used(env))
    if fixed.outcome is None:
        kept = _kept(resolve(rules.live("transition", env), rules.defeaters), by_rules)
        return Proof(rules, env, scope, places, kept or by_rules, by_rules if kept else None)
    outcome = {Outcome.DETERMINED: Outcome.BOUND, Outcome.CONFLICT: Outcome.DISCRETIONARY}.get(
        fixed.outcome, fixed.outcome
    )
    states = fixed.states
    if (
        outcome is not Outcome.BOUND and fixed.outcome is not Outcome.CONFLICT
    ):  # perhaps it does not bind: then the rules
        states = tuple(dict.fromkeys((*fixed.states, *by_rules.states)))
    final = Resolution(outcome, states, fixed.standing, fixed.open, fixed.defeated, fixed.unbounded)
    return Proof(rules, env, scope, places, final, by_rules)


def _kept(transition: Resolution, by_rules: Resolution) -> Resolution | None:
    """The legislation that a transitional rule keeps where the new rules would, or could, lead to another State."""
    if transition.outcome is not Outcome.DETERMINED:
        return None
    same = by_rules.outcome is Outcome.DETERMINED and by_rules.states == transition.states
    return None if same else transition


def changes_of_law(case: Case, engine: RuleSets) -> list[tuple[date, Cause]]:
    """First days, inside the period, of texts and of limits that run from the start of a posting."""
    period = asked_period(case)
    days, names = engine.dates(states_named(case).union(case.person.nationalities or ()))  # by which relations bind too
    first = bisect_right(days, period.start)
    last = len(days) if period.end is None else bisect_right(days, period.end)
    changes = list(zip(days[first:last], names[first:last], strict=True))
    return changes + _limits_reached(case, period, engine)


def _limits_reached(case: Case, period: Span, engine: RuleSets) -> list[tuple[date, Cause]]:
    changes: list[tuple[date, Cause]] = []
    for activity in case.activities:
        start = unbroken_start(activity) if activity.posting is not None else None
        if start is not None:
            reached = engine.limits_from(start)
            changes += [(day, cause) for day, cause in reached if day in period and day in activity.span]
    return changes
