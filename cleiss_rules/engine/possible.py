"""Which States an open answer can still lead to, by trying out what is open.

Two kinds of things are tried: assessments that are not settled, each met and not met, and missing facts that can only
take a few values (a State, a status, yes or no). Where every outcome of the assessments names the same State, what
they turn on can't change the answer, and it is determined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from cleiss_rules.engine.compile import Env
from cleiss_rules.engine.findings import Finding
from cleiss_rules.engine.questions import MissingFact, Questioner
from cleiss_rules.engine.reference import Outcome, Resolution, resolve
from cleiss_rules.engine.ruleset import RuleSet
from cleiss_rules.engine.truth import DISCRETION, FALSE, TRUE, UNKNOWN
from cleiss_rules.facts.paths import case_path, with_value
from cleiss_rules.facts.situation import states_involved
from cleiss_rules.law.model import FactSpec

_QUESTION = "applicable_legislation"
_OPEN = (Outcome.UNDETERMINED, Outcome.DISCRETIONARY)
_MOST_ASSESSMENTS = 4
_MOST_TRIALS = 24
#: the kinds of facts that can only take a few values
_OF_FEW_VALUES = ("state", "enum", "bool")


def settle(rules: RuleSet, env: Env, resolution: Resolution, findings: Sequence[Finding]) -> Resolution:
    """The answer with the States that are really still possible; determined where the open assessments can't matter.

    ``findings``: the rules on the applicable legislation that do not fail, of which the resolution comes.
    """
    if resolution.outcome not in _OPEN:
        return resolution
    resolution = _by_assessments(rules, env, resolution, findings)
    if resolution.outcome is not Outcome.UNDETERMINED:
        return resolution
    return _by_facts(rules, env, resolution)


def _by_assessments(
    rules: RuleSet, env: Env, resolution: Resolution, findings: Sequence[Finding], most: int = _MOST_ASSESSMENTS
) -> Resolution:
    open_ = Questioner.of(rules, env).assessments(resolution.open)
    if not open_ or len(open_) > most:
        return resolution
    answers: list[Resolution] = []
    keys = list(open_)
    notions = frozenset(map(_name, keys))
    known = rules.apart_from(notions, env)
    for truths in product((TRUE, FALSE), repeat=len(keys)):
        tried = rules.env(env.sit)
        tried.memo = known | dict(zip(keys, truths, strict=True))
        answers.append(resolve(rules.live_again(_QUESTION, tried, findings, notions), rules.defeaters))
    return _together(resolution, answers, all(value == DISCRETION for value in open_.values()))


def _any_open(rules: RuleSet, env: Env) -> bool:
    """Whether an assessment that was looked at is open; those that an answer rests on were all looked at."""
    return any(
        (value is UNKNOWN or value is DISCRETION) and _name(key) in rules.assessed for key, value in env.memo.items()
    )


def _name(key: Any) -> Any:
    """The notion that a value is remembered of, for the whole situation or for one item."""
    return key[0] if isinstance(key, tuple) and len(key) == 2 else key


def _together(resolution: Resolution, answers: Sequence[Resolution], all_assessed: bool) -> Resolution:
    states = _states_of(answers)
    unbounded = any(answer.unbounded for answer in answers)
    if all(answer.outcome is Outcome.DETERMINED for answer in answers):
        if len(states) == 1:
            standing = {finding.rule.key: finding for answer in answers for finding in answer.standing}
            return Resolution(Outcome.DETERMINED, states, tuple(standing.values()), (), resolution.defeated)
        outcome = Outcome.DISCRETIONARY if all_assessed else Outcome.UNDETERMINED
        return Resolution(outcome, states, resolution.standing, resolution.open, resolution.defeated)
    return Resolution(resolution.outcome, states, resolution.standing, resolution.open, resolution.defeated, unbounded)


def _states_of(answers: Sequence[Resolution]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(state for answer in answers for state in answer.states))


def _by_facts(rules: RuleSet, env: Env, resolution: Resolution) -> Resolution:
    """The States that the values of missing facts lead to, one trial for each combination of values."""
    situation = env.sit
    paths, complete = _of_few_values(rules, env, resolution)
    if not paths:
        return _bounded_by_parties(rules, resolution)
    territory = rules.wording.territory
    named = sorted(str(state) for state in states_involved(situation).must if state in territory)
    strangers = _strangers(rules, named)
    trials, all_tried = _trials(rules, paths, [*named, *strangers])
    if not trials:
        return _bounded_by_parties(rules, resolution)
    rules.compiler.others_tried(env)
    answers: list[Resolution] = []
    for values in product(*(candidates for _, candidates in trials)):
        case = situation.case
        for (path, _), value in zip(trials, values, strict=True):
            case = with_value(case, path, value)
        tried = rules.env(situation.retold(case))
        found = rules.live(_QUESTION, tried)
        answer = resolve(found, rules.defeaters)
        if answer.outcome in _OPEN and _any_open(rules, tried):
            answer = _by_assessments(rules, tried, answer, found, most=1)
        answers.append(answer)
    states = _states_of(answers)
    settled = all(answer.outcome is Outcome.DETERMINED for answer in answers)
    if complete and all_tried and settled and len(states) == 1 and states[0] not in strangers:
        stood = dict.fromkeys(finding.rule.key for answer in answers for finding in answer.standing)
        standing = tuple(rules.finding(key, env) for key in stood)
        return Resolution(Outcome.DETERMINED, states, standing, (), resolution.defeated)
    unbounded = any(answer.unbounded or any(state in strangers for state in answer.states) for answer in answers)
    possible = tuple(state for state in states if state not in strangers)
    return _bounded_by_parties(rules, replace(resolution, states=possible, unbounded=unbounded))


def _strangers(rules: RuleSet, named: Sequence[str]) -> list[str]:
    """States that stand for all those that the case does not name: one of the territory, one outside it."""
    inside, outside = (next((state for state in states if state not in named), None) for states in rules.by_name)
    return [state for state in (inside, outside) if state is not None]


def _of_few_values(rules: RuleSet, env: Env, resolution: Resolution) -> tuple[Mapping[str, Mapping[str, None]], bool]:
    """Missing facts that can take few values, with the places of each in the case, and whether they are all that is open."""
    facts = rules.wording.facts
    complete = True
    paths: dict[str, dict[str, None]] = {}
    for open_ in Questioner.of(rules, env).open(resolution.open):
        if not isinstance(open_, MissingFact) or facts[open_.path].type not in _OF_FEW_VALUES:
            complete = False
            continue
        path = case_path(env.sit.case, open_.path, open_.item)
        if path.startswith(("activities[", "person.")) and "employer" not in path:
            paths.setdefault(open_.path, {})[path] = None
        else:
            complete = False
    return paths, complete


def _trials(
    rules: RuleSet, paths: Mapping[str, Mapping[str, None]], states: Sequence[str]
) -> tuple[list[tuple[str, Sequence[Any]]], bool]:
    """What to try each of these facts with, as far as the trials stay few, and whether all are tried.

    A fact is tried for every activity it is missing in or for none, so the order of activities changes nothing.
    """
    facts = rules.wording.facts
    complete = True
    found: list[tuple[str, Sequence[Any]]] = []
    trials = 1
    for name in (name for name in facts if name in paths):
        candidates = tuple(_candidates(facts[name], states))
        more = len(candidates) ** len(paths[name])
        if candidates and trials * more <= _MOST_TRIALS:
            trials *= more
            found += [(path, candidates) for path in paths[name]]
        else:
            complete = False
    return found, complete


def _candidates(spec: FactSpec, states: Sequence[str]) -> Iterator[Any]:
    if spec.takes:
        return
    if spec.type == "state":
        yield from states
    elif spec.type == "enum":
        yield from spec.values
    elif spec.type == "bool":
        yield from (True, False)


def _bounded_by_parties(rules: RuleSet, resolution: Resolution) -> Resolution:
    """Under an agreement of two States no third State's legislation is possible."""
    parties = rules.instrument.states
    if not (resolution.unbounded and parties):
        return resolution
    return replace(resolution, states=parties, unbounded=False)
