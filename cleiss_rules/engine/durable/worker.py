"""The process in which durable-rules runs: rule sets in, facts in, what fired out; one JSON line each way.

Run as a file, it needs nothing but durable-rules. It knows no law. A process of its own because faults of that package
end the process; nothing of it is then lost but one answer. Every request is bounded in time by the operating system.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

#: a job is a node of the rules and its inputs; an input is a number, or [place of an earlier job, turned round or not]
Job = list[Any]
#: what turns a result of one kind of node into an input of the other kind: the two extremes change places
_TURNED = (3, 1, 2, 0)
RESULTS = ("0", "1", "2", "3")


class Unheard(Exception):
    """A fact on which no rule fired, or rules that contradict each other."""


def _host(fired: list[tuple[Any, str]]) -> Any:
    from durable.engine import Host

    class Recorder(Host):  # type: ignore[misc]  # the package has no types
        """A host without background threads whose actions only write down what fired."""

        def _run(self) -> None:
            pass

        def get_action(self, name: str) -> Callable[[Any], None]:
            return lambda context: fired.append((context.m.id, name))

    return Recorder()


class Session:
    """Defines rule sets and runs one batch of jobs at a time."""

    def __init__(self) -> None:
        self.fired: list[tuple[Any, str]] = []
        self.host = _host(self.fired)
        self.runs = 0

    def define(self, name: str, rules: dict[str, Any]) -> None:
        """A rule set; its name is never used again in this process."""
        self.host.register_rulesets({name: rules})

    def run(self, name: str, jobs: Sequence[Job]) -> list[int]:
        """The result of every job. The facts and the state of the run are gone afterwards."""
        self.runs += 1
        sid = str(self.runs)
        results: list[int] = [-1] * len(jobs)
        try:
            for batch in _levels(jobs):
                self._assert(name, sid, batch, jobs, results)
            exception = self.host.get_state(name, sid).get("exception")
            if exception:
                raise Unheard(str(exception))
        finally:
            self.host.delete_state(name, sid)
        return results

    def _assert(self, name: str, sid: str, batch: Sequence[int], jobs: Sequence[Job], results: list[int]) -> None:
        self.fired.clear()
        facts = [_fact(sid, place, jobs[place], results) for place in batch]
        self.host.assert_facts(name, facts)
        for place, result in self.fired:
            if results[int(place)] not in (-1, int(result)):  # an $or fires once for every branch that holds
                raise Unheard(f"rules of two results fired on {jobs[int(place)]}")
            results[int(place)] = int(result)
        for place in batch:
            if results[place] == -1:
                raise Unheard(f"no rule fired on {jobs[place]}")


def _fact(sid: str, place: int, job: Job, results: Sequence[int]) -> dict[str, Any]:
    fact: dict[str, Any] = {"sid": sid, "id": str(place), "node": job[0]}
    for number, given in enumerate(job[1]):
        if isinstance(given, list):
            result = results[given[0]]
            fact[f"c{number}"] = _TURNED[result] if given[1] else result
        else:
            fact[f"c{number}"] = given
    return fact


def _levels(jobs: Sequence[Job]) -> list[list[int]]:
    """The places of the jobs, in batches of which each only needs those before it."""
    levels: list[int] = []
    batches: list[list[int]] = []
    for place, (_, inputs) in enumerate(jobs):
        level = max((levels[given[0]] + 1 for given in inputs if isinstance(given, list)), default=0)
        levels.append(level)
        if level == len(batches):
            batches.append([])
        batches[level].append(place)
    return batches


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
        try:
            if "rules" in request:
                session.define(request["name"], request["rules"])
            answer: Any = {"results": session.run(request["name"], request["jobs"]) if request["jobs"] else []}
        except Exception as error:
            answer = {"fault": f"{type(error).__name__}: {getattr(error, 'message', error)}"}
        _bounded(0)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
