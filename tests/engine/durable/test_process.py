"""The process of durable-rules: rules fire as the truth tables say, and what goes wrong in it costs one answer."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("durable")

from cleiss_rules.engine.defeats import Defeats
from cleiss_rules.engine.durable import process as process_module
from cleiss_rules.engine.durable.process import EngineFault, Process
from cleiss_rules.engine.durable.program import STRENGTHS, TRUTHS, Operator, Program, fnv1a, program
from cleiss_rules.engine.durable.rules import DurableDefeats
from cleiss_rules.engine.truth import DISCRETION, FALSE, NAMES, TRUE, UNKNOWN, all_of, any_of

WIDTHS = [(f"{operator}.{size}", size) for operator in STRENGTHS for size in range(1, 4)]


@pytest.fixture(scope="module")
def worker() -> Iterator[Process]:
    found = Process(seconds=5.0)
    yield found
    found.close()


@pytest.fixture(scope="module")
def nodes() -> Program:
    return program((), widths=WIDTHS)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_nodes_are_conjunctions_and_disjunctions_of_four_truths(worker: Process, nodes: Program, size: int) -> None:
    cases = list(product(NAMES, repeat=size))
    for operator, expected in (("and", all_of), ("or", any_of)):
        kind: Operator = operator  # type: ignore[assignment]
        jobs = [(f"{operator}.{size}", [STRENGTHS[kind][value] for value in values]) for values in cases]
        found = worker.run(nodes, jobs)
        assert [TRUTHS[kind][one] for one in found] == [expected(values) for values in cases]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([TRUE, UNKNOWN, DISCRETION]), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8),
)
def test_exceptions_stand_as_in_the_reference_engine(truths: list[int], edges: list[tuple[int, int]]) -> None:
    names = [f"x/{number}" for number in range(len(truths))]
    rivals: dict[str, tuple[str, ...]] = {}
    for beaten, rival in edges:
        if beaten < rival < len(names):  # no rule defeats itself, by whatever way round
            rivals[names[beaten]] = (*rivals.get(names[beaten], ()), names[rival])
    told = {name: [value] for name, value in zip(names, truths, strict=True)}
    assert dict(DurableDefeats(rivals).standing(told)) == dict(Defeats(rivals).standing(told))


def test_a_process_that_dies_costs_one_answer(nodes: Program) -> None:
    worker = Process(seconds=5.0)
    assert worker.run(nodes, [("and.1", [0])]) == [0]
    assert worker._worker is not None
    os.kill(worker._worker.pid, signal.SIGKILL)
    with pytest.raises(EngineFault, match="its process ended"):
        worker.run(nodes, [("and.1", [0])])
    assert worker.run(nodes, [("and.1", [3])]) == [3]
    worker.close()


def test_a_fact_on_which_no_rule_fires_is_a_fault(worker: Process, nodes: Program) -> None:
    with pytest.raises(EngineFault, match="Could not handle message"):
        worker.run(nodes, [("and.2", [4, 4])])
    assert worker.run(nodes, [("and.2", [4, 3])]) == [3]


def test_a_missing_package_is_told_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch, nodes: Program) -> None:
    monkeypatch.setattr(process_module.sys, "executable", sys.executable)
    worker = Process(seconds=5.0)
    monkeypatch.setattr(worker, "_read", lambda _: {"missing": "ModuleNotFoundError: No module named 'durable'"})
    with pytest.raises(EngineFault, match=r"No module named 'durable'.*pip install 'cleiss-rules\[durable\]'"):
        worker.run(nodes, [("and.1", [0])])


def test_names_are_told_apart_by_the_hash_of_the_package() -> None:
    assert fnv1a("") == 2166136261
    assert fnv1a("case-478212") == fnv1a("case-1221200")
    assert FALSE == 0
