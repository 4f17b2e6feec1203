"""Work spread over threads, of which the one that asks is one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")
S = TypeVar("S")
#: what makes something of each item, in order or over threads
Spread = Callable[[Callable[..., Any], Iterable[Any]], Iterable[Any]]
#: threads that wait for work, by how many they are
_pools: dict[int, ThreadPoolExecutor] = {}
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)  # a process that comes of this one has none of its threads


class Threads:
    """So many threads, the one that asks among them: it works too, so that only the others have to be woken."""

    def __init__(self, number: int) -> None:
        self._others = number - 1

    def map(self, function: Callable[[S], T], items: Iterable[S]) -> list[T]:
        """What a function makes of each item, in their order. Raises what the function raises, once no thread works on."""
        given = list(items)
        found: list[Any] = [None] * len(given)
        numbers = count()

        def work() -> None:
            try:
                while (at := next(numbers)) < len(given):
                    found[at] = function(given[at])
            except BaseException:
                for _ in given:  # nobody takes up another
                    next(numbers)
                raise

        others = min(self._others, len(given) - 1)
        told = [_pool(self._others).submit(work) for _ in range(others)]
        try:
            work()
        finally:  # who has not begun by now, as others keep the threads busy, finds nothing left to do
            begun = [one for one in told if not one.cancel()]
            failed = [error for one in begun if (error := one.exception()) is not None]
        if failed:
            raise failed[0]
        return found


def _pool(number: int) -> ThreadPoolExecutor:
    known = _pools.get(number)
    if known is None:
        known = _pools[number] = ThreadPoolExecutor(number, "cleiss_rules")
    return known
