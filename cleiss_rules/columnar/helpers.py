"""Rows of many classes determined on several processors at once: by this process, and by others that it starts for it.

Learning is Python, of which one process runs on one processor at a time. The others (``helper``) run no code of the
program that uses this library, know the law by its files, and end with this process. Where none can be started, or one
fails, this process answers by itself.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from cleiss_rules.columnar.answer import Template
from cleiss_rules.columnar.asking import Asker, Question, Told
from cleiss_rules.columnar.helper import FAILED, REFUSED
from cleiss_rules.columnar.reads import Read

#: for fewer rows, another process is not worth its start
WORTH = 1 << 9
#: rows that are handed over together, and how often a helper is ahead of what it has answered
_TOGETHER, _AHEAD = 12, 2
_MOST = 15
#: so often a process that fails is replaced
_PATIENCE = 3
_SERVE = "import sys; sys.path[:0] = sys.argv[2:]; from cleiss_rules.columnar.helper import serve; serve(sys.argv[1])"
#: of a question: its place in the list, and what was told; None where it was refused
Answer = tuple[int, Told | None]


class Helper:
    """A process that answers questions; ``heard`` gets it with each of its replies, and with None once it has ended."""

    def __init__(self, digest: str, heard: SimpleQueue[tuple[Helper, Any]]) -> None:
        self.asked: deque[Sequence[int]] = deque()
        self.ready = self.ended = False
        self._templates: list[Template] = []
        self._reads: list[Read] = []
        command = [sys.executable, "-P", "-c", _SERVE, digest, str(Path(__file__).parents[2])]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        Thread(target=self._listen, args=(heard,), daemon=True).start()

    def ask(self, places: Sequence[int], questions: Sequence[Question]) -> None:
        """Hands over the questions at some places of a list."""
        self.asked.append(places)
        assert self._process.stdin is not None
        try:
            pickle.dump([questions[place] for place in places], self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except OSError:  # it has ended, which is heard of too
            pass

    def told(self, reply: Any) -> Iterator[tuple[int, Any]]:
        """The places of the questions of a reply with their answers; ``FAILED`` where there is none."""
        templates, reads, found = reply
        self._templates += templates
        self._reads += reads
        for place, one in zip(self.asked.popleft() if found else (), found, strict=True):
            if one in (REFUSED, FAILED):
                yield place, one
            else:
                yield (
                    place,
                    Told(tuple(map(self._templates.__getitem__, one[0])), tuple(map(self._reads.__getitem__, one[1]))),
                )

    def close(self) -> None:
        """Ends the process."""
        self.ended, self.ready = True, False
        self.asked.clear()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _listen(self, heard: SimpleQueue[tuple[Helper, Any]]) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                heard.put((self, pickle.load(self._process.stdout)))
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            heard.put((self, None))


class Helpers:
    """The helpers of this process under one law. One list of questions is answered at a time."""

    def __init__(self, digest: str) -> None:
        self._digest = digest
        self._lock = Lock()
        self._helpers: list[Helper] = []
        self._heard: SimpleQueue[tuple[Helper, Any]] = SimpleQueue()
        self._failures = 0

    def answers(self, questions: Sequence[Question], asker: Asker, more: int) -> Iterator[Answer]:
        """The answers to all questions, in any order; ``more``: how many processes can help."""
        with self._lock:
            deque(self._replies(wait=False), maxlen=0)
            self._begin(min(more, _MOST))
            try:
                yield from self._answers(questions, asker)
            finally:  # where nobody wants the answers any more, what is still asked is dropped
                for helper in self._helpers:
                    if helper.asked:
                        helper.close()

    def close(self) -> None:
        """Ends all helpers."""
        for helper in self._helpers:
            helper.close()

    def _answers(self, questions: Sequence[Question], asker: Asker) -> Iterator[Answer]:
        waiting, mine = deque(range(len(questions))), deque[int]()
        while waiting or mine or any(helper.asked for helper in self._helpers):
            for place, told in self._replies(wait=not (waiting or mine)):
                if told == FAILED:
                    mine.append(place)
                else:
                    yield place, None if told == REFUSED else told
            self._hand_out(waiting, questions)
            if mine or waiting:
                place = (mine or waiting).popleft()
                yield place, asker.told(questions[place])

    def _begin(self, count: int) -> None:
        self._helpers = [helper for helper in self._helpers if not helper.ended]
        while len(self._helpers) < count and self._failures < _PATIENCE:
            try:
                self._helpers.append(Helper(self._digest, self._heard))
            except (OSError, ValueError):  # no process can be started here
                self._failures = _PATIENCE

    def _hand_out(self, waiting: deque[int], questions: Sequence[Question]) -> None:
        for helper in self._helpers:
            while helper.ready and len(helper.asked) < _AHEAD and len(waiting) > 1:
                count = max(1, min(_TOGETHER, len(waiting) // (2 * _AHEAD * (1 + len(self._helpers)))))
                helper.ask([waiting.popleft() for _ in range(count)], questions)

    def _replies(self, *, wait: bool) -> Iterator[tuple[int, Any]]:
        """What helpers have answered by now, waiting for one of them where nothing else is left to do."""
        while True:
            try:
                helper, reply = self._heard.get(block=wait)
            except Empty:
                return
            wait = False
            if helper.ended:
                continue
            if reply is not None:
                helper.ready = True
                yield from helper.told(reply)
                continue
            left = [place for places in helper.asked for place in places]
            if left or not helper.ready:  # it did not end because nobody asked it anything
                self._failures += 1
            helper.close()
            yield from ((place, FAILED) for place in left)


@lru_cache(maxsize=2)
def helpers(digest: str, _process: int) -> Helpers:
    """The helpers under a law of one process: a copy of it, made by a fork, has its own."""
    found = Helpers(digest)
    atexit.register(found.close)
    return found


def helping(digest: str) -> Helpers | None:
    """The helpers under the law in use; None where none can be started."""
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    return helpers(digest, os.getpid())
