"""Columns answer as the machine does, row by row."""

import pytest

from aftersales import LoadedPolicy
from row_frames import Told, draw_told, expected, frame_of
from rows import OPENED, Row


def check(policy: LoadedPolicy, told: list[Told]) -> None:
    """Compare every column of every row; of two faults of a row the one that the machine finds first is named."""
    found = policy.decide_frame(frame_of(policy.model, told)).to_dicts()
    for (row, elapsed), wanted, got in zip(told, expected(policy, told), found, strict=True):
        assert got == wanted, (row, elapsed)


@pytest.mark.parametrize("seed", range(3))
def test_the_desk_with_deadlines(desk: LoadedPolicy, seed: int) -> None:
    """Every column of every row is what the machine answers, unknown facts, faults and passed deadlines among them."""
    check(desk, draw_told(desk, 250, seed))


@pytest.mark.parametrize("seed", range(3))
def test_the_small_policy(small: LoadedPolicy, seed: int) -> None:
    """Every column of every row is what the machine answers."""
    check(small, draw_told(small, 250, seed))


def test_rows_reach_most_states(desk: LoadedPolicy) -> None:
    """The rows that are compared stand in most states, and some are at fault: agreeing on nothing proves nothing."""
    told = [row for seed in range(3) for row in draw_told(desk, 250, seed)]
    found = desk.decide_frame(frame_of(desk.model, told))
    assert found["state"].n_unique() > len(desk.model.states) * 0.7
    assert found["error"].n_unique() > 3


def test_the_shipped_policy(shipped: LoadedPolicy) -> None:
    """Some rows of the shipped policy are answered as the machine answers them."""
    check(shipped, draw_told(shipped, 200, 7))


def test_an_interrupt_comes_before_guards(shipped: LoadedPolicy) -> None:
    """Where an interrupt fires no guard is looked at: a derived fact told wrongly is found later, if at all."""
    row: Row = {
        "delivered_at": OPENED,
        "delivered": False,
        "claimed_paid": 1,
        "already_refunded": 0,
        "platform_stepped_in": True,
        "evidence_submitted": True,
        "platform_verdict": "agreed",
    }
    told: list[Told] = [({**row, "platform_award": fen}, None) for fen in (2, 1)]
    assert [found["error"] for found in expected(shipped, told)] == ["above_maximum", "told_disagrees"]
    check(shipped, told)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", ["shipped", "small", "desk"])
def test_a_hundred_thousand_rows(request: pytest.FixtureRequest, name: str, seed: int) -> None:
    """A hundred thousand rows of each policy, unknown facts among them, are answered as the machine answers them."""
    policy: LoadedPolicy = request.getfixturevalue(name)
    check(policy, draw_told(policy, 10_000, seed))
