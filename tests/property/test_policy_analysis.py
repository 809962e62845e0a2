"""What the checks foresee holds for every case: the analysis may allow too much, never too little."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aftersales
from aftersales import CaseError, LoadedPolicy
from aftersales.case.read import read_case
from aftersales.expr.types import UNKNOWN
from aftersales.policy.edges import edges
from aftersales.policy.model import Anytime
from aftersales.policy.possible import Analysis, analyse
from aftersales.run.fold import fold
from aftersales.run.machine import PolicyMachine
from aftersales.run.walk import Walk
from strategies import Answer, case_of, guided

MINIMAL = aftersales.load(Path(__file__).parents[1] / "flows" / "good" / "minimal")
SHIPPED = aftersales.load()
POLICIES = [pytest.param(MINIMAL, id="minimal"), pytest.param(SHIPPED, id="shipped")]

#: The faults of a case that only a hole in the policy explains.
HOLES = {"no_branch", "two_branches", "no_rest"}


@cache
def analysed(policy: LoadedPolicy) -> Analysis:
    """Return the analysis of a policy, made once."""
    return analyse(policy.model)


@cache
def machine_of(policy: LoadedPolicy) -> PolicyMachine:
    """Return the machine of a policy, made once."""
    return PolicyMachine(policy.model)


def walked(policy: LoadedPolicy, start: dict[str, object], answers: list[Answer]) -> Walk | None:
    """Return where a case stands; ``None`` where it is at fault, which is then no hole of the policy."""
    try:
        case = read_case(policy.model, case_of(answers, start))
        return fold(machine_of(policy), policy.model, case)
    except CaseError as fault:
        if HOLES & {diagnostic.code for diagnostic in fault.diagnostics}:
            raise
        return None


@cache
def foreseen(policy: LoadedPolicy) -> frozenset[str]:
    """Return the names of all edges that the analysis says a case can take; interrupts always can."""
    ways = [move.way for move in analysed(policy).moves(lambda _: True)]
    taken = {id(way) for way in ways}
    return frozenset(edge.key for edge in edges(policy.model) if isinstance(edge.way, Anytime) or id(edge.way) in taken)


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_no_case_takes_a_way_that_was_not_foreseen(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Every edge that a case walks is one that the analysis says can be walked."""
    walk = walked(policy, *data.draw(guided(policy, most=20)))
    if walk is not None:
        assert {step.edge for step in walk.path if step.edge} <= foreseen(policy)


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_what_is_surely_known_is_known(policy: LoadedPolicy, data: st.DataObject) -> None:
    """Wherever a case stands, it knows what the analysis says is known there, and with a value that it says is possible."""
    walk = walked(policy, *data.draw(guided(policy, most=20)))
    if walk is None:
        return
    for name, known in analysed(policy).arrival(walk.state).items():
        value = walk.view.fact(name)
        assert value is not UNKNOWN, name
        assert known.values is None or value in known.values, name
