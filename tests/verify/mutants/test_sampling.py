"""Choosing among mutants."""

from __future__ import annotations

from collections import Counter

from aftersales.verify.mutants.operators import mutants_of
from aftersales.verify.mutants.sampling import in_turn
from aftersales.verify.mutants.workshop import Workshop


def test_a_seed_gives_one_order(desk_workshop: Workshop) -> None:
    """The same seed gives the same order, another seed another one, and none loses a mutant."""
    found = list(mutants_of(desk_workshop))
    edits = [[mutant.edit.en for mutant in in_turn(found, seed)] for seed in (1, 1, 2)]
    assert edits[0] == edits[1] != edits[2]
    assert sorted(edits[0]) == sorted(mutant.edit.en for mutant in found)


def test_the_beginning_is_a_sample(desk_workshop: Workshop) -> None:
    """A third of the order has of every kind in every flow a third, give or take one."""
    found = list(mutants_of(desk_workshop))
    whole = Counter((mutant.operator, mutant.room) for mutant in found)
    taken = Counter((mutant.operator, mutant.room) for mutant in in_turn(found, 7)[: len(found) // 3])
    assert all(abs(taken[stratum] - number / 3) <= 1 for stratum, number in whole.items())
