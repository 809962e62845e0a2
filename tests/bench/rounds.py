"""Measuring in rounds: every candidate has its turn in each round, so that a busy machine is busy for all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, TypeVar

T = TypeVar("T")
#: The least that a turn takes, in seconds of CPU time; shorter ones are repeated.
TURN: Final = 0.05
#: The least number of rounds whose median means something, and as many as make it steady on a busy machine.
FEWEST: Final = 7
ROUNDS: Final = 15


@dataclass(frozen=True)
class Ratio:
    """How much longer one candidate takes than another: the median over the rounds, and the range."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{shown(self.middle)} ({shown(self.least)}–{shown(self.most)})"


@dataclass(frozen=True)
class Measured:
    """Seconds for one item, a figure for each round."""

    name: str
    seconds: tuple[float, ...]

    @property
    def middle(self) -> float:
        """Return the median over the rounds, in seconds."""
        return median(self.seconds)

    def over(self, other: Measured) -> Ratio:
        """Return how much longer this takes than ``other``, round by round."""
        ratios = [mine / its for mine, its in zip(self.seconds, other.seconds, strict=True)]
        return Ratio(median(ratios), min(ratios), max(ratios))


def measure(
    candidates: Mapping[str, Callable[[], int]],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
    turn: float = TURN,
) -> dict[str, Measured]:
    """Measure every candidate in each round; a call does a number of items and returns it.

    The order turns from round to round. One call of each goes before the first round and does not count.
    """
    repeats = {name: _repeats(do, clock, turn) for name, do in candidates.items()}
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    names = list(candidates)
    for round_ in range(rounds):
        first = round_ % len(names)
        for name in (*names[first:], *names[:first]):
            seconds[name].append(_turn(candidates[name], repeats[name], clock))
    return {name: Measured(name, tuple(figures)) for name, figures in seconds.items()}


def over_all(do: Callable[[T], object], items: Sequence[T]) -> Callable[[], int]:
    """Return a candidate that does every item once."""

    def every() -> int:
        for item in items:
            do(item)
        return len(items)

    return every


def _repeats(do: Callable[[], int], clock: Callable[[], float], turn: float) -> int:
    do()
    started = clock()
    do()
    return max(1, round(turn / max(clock() - started, 1e-6)))


def _turn(do: Callable[[], int], repeats: int, clock: Callable[[], float]) -> float:
    gc.collect()
    gc.disable()
    try:
        started = clock()
        items = sum(do() for _ in range(repeats))
        return (clock() - started) / items
    finally:
        gc.enable()


def shown(figure: float) -> str:
    """Return a figure with three digits that count: ``0.94``, ``1.30``, ``46.2``, ``1,070``."""
    if figure >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def seconds(figure: float) -> str:
    """Return a length of time with its unit: ``18 ns``, ``1.30 µs``, ``52.1 ms``, ``3.20 s``."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if figure >= size:
            return f"{shown(figure / size)} {unit}"
    return f"{shown(figure * 1e9)} ns"
