"""The process in which durable-rules runs: rule sets in, facts in, what fired out; one JSON line each way.

Run as a file, it needs nothing but durable-rules. It knows no law. A process of its own because faults of that package
end the process; nothing of it is then lost but one answer. Every request is bounded in time by the operating system.

The engine of the package is asked itself: its Python layer starts threads, swallows what goes wrong in a consequent, and
costs more than the matching. A consequent here is the name of the rule that fired, read off the agenda.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any

#: a job is the rule set, the rule and the part that are its node, and its inputs; an input is a number, or
#: [place of an earlier job, turned round or not]
Job = list[Any]
#: what turns a result of one kind of node into an input of the other kind: the two extremes change places
_TURNED = (3, 1, 2, 0)
#: whose facts they are; those of one request are gone before the next one, so one name serves for all
_SID = "1"
#: durable-rules knows facts by a hash of their ids; the numbers up to this one have different ones
MOST_JOBS = 100_000
#: what it says of facts: that rules fired on all of them, or that none did on one
_TAKEN, _NOT_HANDLED = 0, 1


class Unheard(Exception):
    """A fact on which no rule fired, or rules that contradict each other."""


class Session:
    """Defines rule sets and runs one batch of jobs at a time."""

    def __init__(self) -> None:
        import durable_rules_engine

        self._engine: Any = durable_rules_engine
        self._handles: dict[str, int] = {}
        self._results: dict[str, dict[str, int]] = {}

    def define(self, name: str, rules: dict[str, Any]) -> None:
        """A rule set; its name is never used again in this process."""
        if name in self._handles:
            raise Unheard(f"the rule set {name} is defined twice")
        self._results[name] = {rule: int(told["run"]) for rule, told in rules.items()}
        tests = {rule: {"all": told["all"]} for rule, told in rules.items()}
        self._handles[name] = self._engine.create_ruleset(name, json.dumps(tests))

    def run(self, jobs: Sequence[Job]) -> list[int]:
        """The result of every job. The facts of the run are gone afterwards; after a fault, the process has to end."""
        if len(jobs) > MOST_JOBS:
            raise Unheard(f"{len(jobs)} jobs at once; at most {MOST_JOBS}")
        results: list[int] = [-1] * len(jobs)
        for batch in _batches(jobs):
            self._decide(jobs[batch[0]][0], batch, jobs, results)
        return results

    def held(self, name: str) -> list[Any]:
        """The facts that a rule set still has."""
        found: list[Any] = json.loads(self._engine.get_facts(self._handles[name], _SID))
        return found

    def _decide(self, name: str, batch: Sequence[int], jobs: Sequence[Job], results: list[int]) -> None:
        handle = self._handles[name]
        facts = json.dumps([_fact(place, jobs[place], results) for place in batch])
        said, state = self._engine.assert_facts(handle, facts)
        if said not in (_TAKEN, _NOT_HANDLED):
            raise Unheard(f"durable-rules did not take the facts ({said})")
        for place, result in self._fired(name, state):
            if results[place] not in (-1, result):  # an $or fires once for every branch that holds
                raise Unheard(f"rules of two results fired on {jobs[place]}")
            results[place] = result
        for place in batch:
            if results[place] == -1:
                raise Unheard(f"no rule fired on {jobs[place]}")
        said, _ = self._engine.retract_facts(handle, facts)
        if said != _TAKEN:
            raise Unheard(f"durable-rules did not give the facts back ({said})")

    def _fired(self, name: str, state: int) -> Iterator[tuple[int, int]]:
        """What is on the agenda: the place of a fact, and the result of the rule that fired on it."""
        handle, results = self._handles[name], self._results[name]
        first = self._engine.start_action_for_state(handle, state)
        action = None if first is None else first[1]
        while action is not None:
            ((rule, fact),) = json.loads(action).items()
            yield int(fact["m"]["id"]), results[rule]
            action = self._engine.complete_and_start_action(handle, state)


def _fact(place: int, job: Job, results: Sequence[int]) -> dict[str, Any]:
    fact: dict[str, Any] = {"sid": _SID, "id": str(place), "rule": job[1], "part": job[2]}
    for number, given in enumerate(job[3]):
        if type(given) is list:
            result = results[given[0]]
            given = _TURNED[result] if given[1] else result
        fact[f"c{number}"] = given
    return fact


def _batches(jobs: Sequence[Job]) -> Iterator[list[int]]:
    """The places of the jobs, in batches of one rule set each, of which each only needs those before it."""
    levels: list[int] = []
    batches: list[dict[str, list[int]]] = []
    for place, (name, _, _, inputs) in enumerate(jobs):
        level = 0
        for given in inputs:
            if type(given) is list and levels[given[0]] >= level:
                level = levels[given[0]] + 1
        levels.append(level)
        if level == len(batches):
            batches.append({})
        batches[level].setdefault(name, []).append(place)
    for batch in batches:
        yield from batch.values()


def _bounded(seconds: float) -> None:
    """Ends this process when a request takes longer, even inside the package."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
    else:
        import faulthandler

        if seconds:
            faulthandler.dump_traceback_later(seconds, exit=True, file=sys.stderr)
        else:
            faulthandler.cancel_dump_traceback_later()


def _answered(session: Session, request: dict[str, Any]) -> dict[str, Any]:
    try:
        for name, rules in request["define"].items():
            session.define(name, rules)
        return {"results": session.run(request["jobs"])}
    except Exception as error:
        return {"fault": f"{type(error).__name__}: {error}"}


def main(seconds: float) -> None:
    """Answers requests until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the package prints is no answer
    session: Session | None = None
    try:
        session = Session()
        first: Any = {"ready": True}
    except Exception as error:
        first = {"missing": f"{type(error).__name__}: {error}"}
    print(json.dumps(first), file=answers, flush=True)
    if session is None:
        return
    for line in sys.stdin:
        request = json.loads(line)
        _bounded(seconds)
        answer = _answered(session, request)
        _bounded(0)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
