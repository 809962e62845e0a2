"""The generated function gives the machine's answers: random rows, unknowns, bounds, loops, and time that passes."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

import aftersales
from aftersales import LoadedPolicy
from rows import questioned

TESTS = Path(__file__).parents[1]
#: A policy, how many rows, and how many different states they come to at least.
POLICIES = [
    pytest.param(TESTS / "run" / "desk", 1_500, 25, id="desk"),
    pytest.param(TESTS / "bench" / "small", 1_500, 30, id="small"),
    pytest.param(None, 400, 50, id="shipped"),
]


def machine_and_function(policy: LoadedPolicy, rows: int, seed: int) -> Counter[str]:
    """Compare both on rows and return how often they came to each state or fault."""
    dice = Random(seed)  # noqa: S311 (rows to test with, no secrets)
    met: Counter[str] = Counter()
    while met.total() < rows:
        for row, elapsed, expected in questioned(policy, dice, dice.choice((1, 3, 8, 20))):
            before = dict(row)
            assert policy.function(row, elapsed) == expected, (row, elapsed)
            assert row == before
            met[expected.error or expected.state] += 1
    return met


@pytest.mark.parametrize(("folder", "rows", "states"), POLICIES)
def test_the_function_answers_as_the_machine_does(folder: Path | None, rows: int, states: int) -> None:
    """State, outcome, liability, bearers, fen, first need and fault are the machine's, on rows all over the policy."""
    met = machine_and_function(aftersales.load(folder), rows, seed=20261106)
    assert len(met) >= states


def test_faults_are_among_the_rows() -> None:
    """The rows have cases at fault too, of several kinds: the function hands them to the machine."""
    met = machine_and_function(aftersales.load(TESTS / "run" / "desk"), 1_000, seed=7)
    assert {"told_disagrees", "relation_broken", "refund_above_maximum"} <= met.keys()
