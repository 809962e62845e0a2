"""Choosing among mutants: every kind of fault and every flow in its proportion, the same ones for the same seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from random import Random

from aftersales.verify.mutants.mutant import Mutant


def in_turn(mutants: Iterable[Mutant], seed: int) -> tuple[Mutant, ...]:
    """Return the mutants in an order whose every beginning is a sample: each operator and room in its proportion."""
    strata: dict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        strata[mutant.operator, mutant.room].append(mutant)
    random = Random(seed)  # noqa: S311 - a sample, not a secret
    placed: list[tuple[float, Mutant]] = []
    for stratum in strata.values():
        random.shuffle(stratum)
        shift = random.random()
        placed.extend(((number + shift) / len(stratum), mutant) for number, mutant in enumerate(stratum))
    return tuple(mutant for _, mutant in sorted(placed, key=lambda item: item[0]))
