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
from cleiss_rules.engine.durable.process import EngineFault, Input, Job, Process
from cleiss_rules.engine.durable.program import (
    MOST_INPUTS,
    MOST_NODES,
    NOT_LOOKED_AT,
    STRENGTHS,
    TRUTHS,
    Operator,
    TooLarge,
    fnv1a,
    logic,
    program,
    stands,
    together,
)
from cleiss_rules.engine.durable.rules import DurableDefeats, Sheet
from cleiss_rules.engine.durable.worker import MOST_JOBS, Session, Unheard
from cleiss_rules.engine.truth import DISCRETION, FALSE, NAMES, TRUE, UNKNOWN, all_of, any_of

COMBINED = {"and": all_of, "or": any_of}
RIVALS = tuple(f"x/{number}" for number in range(6))


@pytest.fixture(scope="module")
def worker() -> Iterator[Process]:
    found = Process(seconds=5.0)
    yield found
    found.close()


def _job(operator: Operator, *inputs: Input) -> Job:
    return logic(), together(operator, len(inputs)), inputs


@pytest.mark.parametrize("size", [2, 3])
def test_nodes_are_conjunctions_and_disjunctions_of_four_truths(worker: Process, size: int) -> None:
    cases = list(product(NAMES, repeat=size))
    for operator, strengths in STRENGTHS.items():
        found = worker.run([_job(operator, *(strengths[value] for value in values)) for values in cases])
        assert [TRUTHS[operator][one] for one in found] == [COMBINED[operator](values) for values in cases]


@pytest.mark.parametrize("operator", STRENGTHS)
def test_the_widest_node_hears_every_input(worker: Process, operator: Operator) -> None:
    wide = [[0] * place + [strength] + [0] * (MOST_INPUTS - place - 1) for place in range(12) for strength in range(4)]
    wide += [[1, 2] * 6, [NOT_LOOKED_AT] * 11 + [3], [2] * 12]
    assert worker.run([_job(operator, *inputs) for inputs in wide]) == [*([0, 1, 2, 3] * 12), 2, 3, 2]


def test_results_of_one_rule_set_are_inputs_of_another(worker: Process) -> None:
    own = program((("a_rule", "when", 1), ("a_rule", "where", 2)))
    jobs: list[Job] = [
        (own, ("a_rule", "when", 1), [3]),
        (own, ("a_rule", "where", 2), [1, 0]),
        _job("or", (0, True), (1, True)),
        _job("and", (0, False), (1, False)),
        (own, ("a_rule", "where", 2), [(2, False), (3, True)]),
    ]
    assert worker.run(jobs) == [3, 1, 1, 3, 1]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([TRUE, UNKNOWN, DISCRETION]), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8),
)
def test_exceptions_stand_as_in_the_reference_engine(truths: list[int], edges: list[tuple[int, int]]) -> None:
    rivals: dict[str, tuple[str, ...]] = {}
    for beaten, rival in edges:
        if beaten < rival < len(truths):  # no rule defeats itself, by whatever way round
            rivals[RIVALS[beaten]] = (*rivals.get(RIVALS[beaten], ()), RIVALS[rival])
    told = {name: [value] for name, value in zip(RIVALS, truths, strict=False)}
    held = program(tuple(stands(name) for name in RIVALS))
    fired = DurableDefeats(rivals, {name: (held, name) for name in RIVALS})
    assert dict(fired.standing(told)) == dict(Defeats(rivals).standing(told))


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(STRENGTHS)), st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=40))
def test_any_number_of_truths_is_put_together(operator: Operator, values: list[int]) -> None:
    sheet = Sheet()
    place = sheet.combined(operator, [STRENGTHS[operator][value] for value in values])
    sheet.run()
    assert sheet.truth(place, operator) == COMBINED[operator](values)


def test_a_process_that_dies_costs_one_answer() -> None:
    worker = Process(seconds=5.0)
    assert worker.run([_job("and", 0, 0)]) == [0]
    assert worker._worker is not None
    os.kill(worker._worker.pid, signal.SIGKILL)
    with pytest.raises(EngineFault, match="its process ended"):
        worker.run([_job("and", 0, 0)])
    assert worker.run([_job("and", 3, 0)]) == [3]
    worker.close()


def test_a_request_that_takes_too_long_costs_one_answer() -> None:
    worker = Process(seconds=0.05)
    with pytest.raises(EngineFault, match="its process ended"):
        worker.run([_job("and", 0, 0) for _ in range(MOST_JOBS)])
    worker._seconds = 5.0
    assert worker.run([_job("and", 0, 2)]) == [2]
    worker.close()


def test_a_fact_on_which_no_rule_fires_is_a_fault(worker: Process) -> None:
    with pytest.raises(EngineFault, match=r"no rule fired on .*'and', 'together 2', \[4, 4\]"):
        worker.run([_job("and", 0, 0), _job("and", NOT_LOOKED_AT, NOT_LOOKED_AT)])
    assert worker.run([_job("and", NOT_LOOKED_AT, 3)]) == [3]


def test_rules_of_two_results_are_a_fault() -> None:
    session = Session()
    one, two = ({"all": [{"m": {"$and": [{"rule": "a"}, {"c0": value}]}}], "run": str(value)} for value in (1, 2))
    one["all"], two["run"] = two["all"], "1"
    session.define("agreeing", {"one": one, "two": two})
    assert session.run([["agreeing", "a", "", [2]]]) == [1]
    session.define("contrary", {"one": one, "two": {**two, "run": "2"}})
    with pytest.raises(Unheard, match="two results"):
        session.run([["contrary", "a", "", [2]]])


def test_no_fact_outlives_a_request_and_no_rule_set_is_defined_twice() -> None:
    session, of = Session(), logic()
    session.define(of.name, of.rules)
    for strength in range(4):
        assert session.run([[of.name, "or", "together 2", [0, strength]], [of.name, "and", "together 2", [1, 1]]]) == [
            strength,
            1,
        ]
        assert session.held(of.name) == []
    with pytest.raises(Unheard, match="defined twice"):
        session.define(of.name, of.rules)


def test_a_rule_set_that_is_too_large_is_refused() -> None:
    with pytest.raises(TooLarge, match=f"holds {MOST_NODES}"):
        program(tuple((f"rule_{number}", "when", 1) for number in range(MOST_NODES + 1)))
    with pytest.raises(TooLarge, match="can't tell the names"):
        program((("case-478212", "when", 1), ("case-1221200", "when", 1)))


def test_a_missing_package_is_told_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module.sys, "executable", sys.executable)
    worker = Process(seconds=5.0)
    monkeypatch.setattr(worker, "_read", lambda _: {"missing": "ModuleNotFoundError: No module named 'durable'"})
    with pytest.raises(EngineFault, match=r"No module named 'durable'.*pip install 'cleiss-rules\[durable\]'"):
        worker.run([_job("and", 0, 0)])


def test_names_are_told_apart_by_the_hash_of_the_package() -> None:
    assert fnv1a("") == 2166136261
    assert fnv1a("case-478212") == fnv1a("case-1221200")
    assert len({fnv1a(str(number)) for number in range(MOST_JOBS)}) == MOST_JOBS
    assert FALSE == 0
