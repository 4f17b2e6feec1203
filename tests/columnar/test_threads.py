"""Work spread over threads."""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from typing import Any

import pytest

from cleiss_rules.columnar.threads import Threads


@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("items", [0, 1, 2, 40])
def test_what_is_made_comes_in_the_order_of_the_items(number: int, items: int) -> None:
    def made(item: int) -> int:
        time.sleep(0.0001 * ((item * 7) % 5))
        return item * item

    assert Threads(number).map(made, range(items)) == [item * item for item in range(items)]


def test_the_one_who_asks_works_too() -> None:
    both = threading.Barrier(2, timeout=30)
    ids = Threads(2).map(lambda _: (both.wait(), threading.get_ident())[1], range(2))
    assert len(set(ids)) == 2
    assert threading.get_ident() in ids


@pytest.mark.parametrize("bad", [0, 1, 17])
def test_what_fails_is_raised_once_nobody_works_on(bad: int) -> None:
    busy: set[int] = set()

    def made(item: int) -> None:
        busy.add(item)
        try:
            if item == bad:
                raise ValueError(f"item {item}")
            time.sleep(0.001)
        finally:
            busy.discard(item)

    with pytest.raises(ValueError, match=f"item {bad}"):
        Threads(3).map(made, range(200))
    assert not busy


def test_who_is_done_does_not_wait_for_what_others_do() -> None:
    busy, done = threading.Event(), threading.Event()

    def keep_busy(item: int) -> None:
        if threading.current_thread() is not other:
            busy.set()
            done.wait(30)

    other = threading.Thread(target=lambda: Threads(2).map(keep_busy, range(2)))
    other.start()
    busy.wait(30)  # the one thread beside those who ask has its hands full
    assert Threads(2).map(abs, range(-3, 0)) == [3, 2, 1]
    done.set()
    other.join(30)
    assert not other.is_alive()


def _squares(into: Any) -> None:
    into.put(Threads(3).map(lambda item: item * item, range(30)))


@pytest.mark.skipif(sys.platform == "win32", reason="no processes are forked there")
def test_a_process_that_comes_of_one_with_threads_has_threads_of_its_own() -> None:
    Threads(3).map(abs, range(10))
    context: Any = multiprocessing.get_context("fork")
    found = context.Queue()
    child = context.Process(target=_squares, args=(found,))
    child.start()
    assert found.get(timeout=30) == [item * item for item in range(30)]
    child.join(30)
    assert child.exitcode == 0
