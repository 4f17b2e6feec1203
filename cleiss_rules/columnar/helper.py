"""A process that asks the reference engine for rows that another one hands it. Started by ``helpers``, and by nobody else.

It gets and gives pickled lists over its pipes. Templates and reads are given by number, each written out when it first
comes. It ends when nobody is left who could ask, and when nobody has asked for a while.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Hashable, Sequence
from threading import Timer
from typing import Any, Generic, TypeVar

from cleiss_rules.columnar.answer import Template
from cleiss_rules.columnar.asking import Asker, Question
from cleiss_rules.columnar.reads import Read, WatchingCompiler
from cleiss_rules.engine.rulesets import RuleSets
from cleiss_rules.law.store import the_law

#: after so many seconds without a question the process ends; it is started again when it is needed
_PATIENCE = 20.0
#: of a row that was refused, and of one whose answer failed here: who asked finds out why by asking itself
REFUSED, FAILED = 0, -1
T = TypeVar("T", bound=Hashable)


class Numbered(Generic[T]):
    """Things by number, in the order in which they first came."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}
        self._new: list[T] = []

    def of(self, things: Sequence[T]) -> tuple[int, ...]:
        """The numbers of some things."""
        return tuple(self._number(one) for one in things)

    def new(self) -> list[T]:
        """Those that came since this was last asked."""
        found, self._new = self._new, []
        return found

    def _number(self, one: T) -> int:
        known = self._numbers.get(one)
        if known is None:
            known = self._numbers[one] = len(self._numbers)
            self._new.append(one)
        return known


class Desk:
    """Answers lists of questions."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._templates: Numbered[Template] = Numbered()
        self._reads: Numbered[Read] = Numbered()

    def answers(self, questions: Sequence[Question]) -> tuple[list[Template], list[Read], list[Any]]:
        """The templates and reads that are new, and of each question the numbers of both."""
        found = [self._answer(question) for question in questions]
        return self._templates.new(), self._reads.new(), found

    def _answer(self, question: Question) -> Any:
        try:
            told = self._asker.told(question)
        except Exception:  # who asked meets it again, and tells it
            return FAILED
        return REFUSED if told is None else (self._templates.of(told.templates), self._reads.of(told.read))


def serve(digest: str) -> None:
    """Answers questions under the law with a digest until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what else is printed is no answer
    law = the_law()
    if law.digest != digest:
        return
    desk = Desk(Asker(RuleSets(law, WatchingCompiler)))
    given: Any = [], [], []
    while True:
        pickle.dump(given, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        bored = Timer(_PATIENCE, os._exit, (0,))
        bored.daemon = True
        bored.start()
        try:
            questions = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        bored.cancel()
        given = desk.answers(questions)
