"""The process in which durable-rules runs, seen from outside: asked one thing at a time, replaced when it ends."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

from cleiss_rules.engine.durable.program import Address, Program, told
from cleiss_rules.errors import CleissRulesError

#: how strongly an input decides: a number, or the place of an earlier job with whether it is turned round
Input = int | tuple[int, bool]
#: a node of a rule set and its inputs
Job = tuple[Program, Address, Sequence[Input]]
#: what one request may take; the longest one of the fixtures takes a hundredth of it
SECONDS = 20.0


class EngineFault(CleissRulesError):
    """durable-rules is not installed, or gave no answer."""


class Process:
    """One worker process. Safe under threads: a request has it for itself."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = RLock()
        self._worker: subprocess.Popen[str] | None = None
        self._defined: set[str] = set()

    def run(self, jobs: Sequence[Job]) -> list[int]:
        """The result of every job. Raises EngineFault; the next request then gets a new process."""
        with self._lock:
            worker = self._started()
            new = {one.name: one.rules for one in {job[0] for job in jobs} if one.name not in self._defined}
            asked = [(of.name, *told(address), inputs) for of, address, inputs in jobs]
            answer = self._asked(worker, {"define": new, "jobs": asked})
            if "results" not in answer:
                self.close()
                raise EngineFault(f"durable-rules: {answer.get('fault', 'no answer')}")
            self._defined |= new.keys()
            found: list[int] = answer["results"]
            return found

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            worker, self._worker = self._worker, None
            self._defined.clear()
            if worker is not None:
                worker.kill()
                worker.communicate()

    def _started(self) -> subprocess.Popen[str]:
        if self._worker is None:
            command = [sys.executable, "-I", str(Path(__file__).with_name("worker.py")), str(self._seconds)]
            self._worker = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                encoding="utf-8",
            )  # fmt: skip
            ready = self._read(self._worker)
            if "ready" not in ready:
                self.close()
                raise EngineFault(
                    f"durable-rules can't be used ({ready.get('missing', 'its process ended')}): "
                    "pip install 'cleiss-rules[durable]' with Python 3.11 or 3.12 and a C compiler"
                )
        return self._worker

    def _asked(self, worker: subprocess.Popen[str], request: dict[str, Any]) -> dict[str, Any]:
        assert worker.stdin is not None
        try:
            worker.stdin.write(json.dumps(request) + "\n")
            worker.stdin.flush()
        except OSError:
            return _ended(worker)
        return self._read(worker)

    def _read(self, worker: subprocess.Popen[str]) -> dict[str, Any]:
        """The next line; nothing where the process ended, as it does by itself when a request takes too long."""
        assert worker.stdout is not None
        line = worker.stdout.readline()
        found: dict[str, Any] = json.loads(line) if line else _ended(worker)
        return found


def _ended(worker: subprocess.Popen[str]) -> dict[str, Any]:
    return {"fault": f"its process ended ({worker.poll()})"}


@lru_cache(maxsize=1)
def process() -> Process:
    """The process of this one."""
    found = Process()
    atexit.register(found.close)
    return found
