"""What would have changed an answer: the rule that would stand instead, and rules that miss by a single condition."""

from __future__ import annotations

from typing import Any

from cleiss_rules.engine import truth
from cleiss_rules.engine.findings import Finding, ItemFinding
from cleiss_rules.engine.proof import Proof
from cleiss_rules.engine.reference import Resolution, resolve
from cleiss_rules.law.model import Condition

Near = tuple[Finding, ItemFinding, Condition, str]


def without_standing(proof: Proof) -> Resolution | None:
    """The answer had the rules that stand not been met; None where something is fixed, or nothing else would speak."""
    if proof.by_rules is not None:
        return proof.by_rules if proof.by_rules.outcome is not None else None
    standing = {finding.rule.key for finding in proof.resolution.standing}
    rest = [finding for finding in proof.findings if finding.rule.key not in standing]
    answer = resolve(rest, proof.rules.defeaters)
    return answer if answer.outcome is not None else None


def near_misses(proof: Proof) -> list[Near]:
    """Rules that fail on one condition only and would lead to another State than the answer.

    Only conditions that a single fact or threshold decides: one on how many States or employers there are asks for
    another situation, not for another figure.
    """
    answer = set(proof.resolution.states)
    found: list[Near] = []
    for finding in proof.findings:
        for item in finding.items:
            missed = _single_miss(finding, item)
            if missed is None or finding.rule.then.value is None or not _plain(missed.expr, proof):
                continue
            state = proof.rules.evaluate(finding.rule.then.value, proof.env, item.item)
            if isinstance(state, str) and state not in answer:
                found.append((finding, item, missed, state))
    return found


def _plain(expr: Any, proof: Proof) -> bool:
    head = expr[0]
    if head in ("and", "or", "not"):
        return all(_plain(part, proof) for part in expr[1:])
    if head == "cmp":
        return all(side[0] in ("fact", "param", "lit", "answer") for side in expr[2:])
    if head == "def":
        rule = proof.rules.wording.definitions.get(expr[1])
        return rule is not None and (rule.assess is not None or _plain(rule.value, proof))
    if head == "call":
        return expr[1] == "shown" and _plain(expr[2], proof)
    return head in ("fact", "given")


def _single_miss(finding: Finding, item: ItemFinding) -> Condition | None:
    missed = item.only_missed() if item.truth == truth.FALSE else None
    return None if missed is None else finding.rule.when[missed]
