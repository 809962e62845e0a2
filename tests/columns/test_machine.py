"""Columns answer as the machine does, row by row."""

from pathlib import Path

import pytest

import aftersales
from aftersales import LoadedPolicy
from row_frames import Told, draw_told, expected, frame_of


def check(policy: LoadedPolicy, told: list[Told]) -> None:
    """Compare every row; a row with two faults may be named by either, so its code alone is left out."""
    found = policy.decide_frame(frame_of(policy.model, told)).to_dicts()
    for (row, elapsed), wanted, got in zip(told, expected(policy, told), found, strict=True):
        if {wanted["error"], got["error"]} > {"told_disagrees"} and None not in (wanted["error"], got["error"]):
            continue
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


def test_the_shipped_policy() -> None:
    """Some rows of the shipped policy are answered as the machine answers them."""
    policy = aftersales.load()
    check(policy, draw_told(policy, 60, 7))


@pytest.mark.slow
@pytest.mark.parametrize("folder", [None, Path(__file__).parents[1] / "bench" / "small"], ids=["shipped", "small"])
def test_a_hundred_thousand_rows(folder: Path | None) -> None:
    """A hundred thousand rows are answered as the machine answers them."""
    policy = aftersales.load(folder)
    check(policy, draw_told(policy, 100_000, 11))
