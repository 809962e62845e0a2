"""When two symbols, money lines or legs are not the same: plain formulas, so that each answer is plain too."""

from __future__ import annotations

import pytest

from aftersales.verify.mutants import differ
from aftersales.verify.settled import LegFormula, LineFormula
from aftersales.verify.symbols import Amount, OneOf, Rates, Symbol, Truth
from aftersales.verify.terms import flag

UNKNOWN = Amount(0, known=False)
LEG = LegFormula(True, OneOf({"buyer": True}), OneOf({"seller": True}), Amount(1200), Amount(0))


def test_just_one_of_two() -> None:
    """Either, not both and not neither."""
    assert differ.either(True, False) is True
    assert differ.either(True, True) is False
    assert differ.either(flag("a"), flag("a")) is False


@pytest.mark.parametrize(
    ("one", "other", "unlike"),
    [
        (Truth(yes=True, no=False), Truth(yes=True, no=False), False),
        (Truth(yes=True, no=False), Truth(yes=False, no=True), True),
        (Truth(yes=True, no=False), Truth(yes=False, no=False), True),
        (OneOf({"a": True}), OneOf({"a": True, "b": False}), False),
        (OneOf({"a": True}), OneOf({"b": True}), True),
        (OneOf({"a": True}), OneOf({}), True),
        (Amount(5), Amount(5), False),
        (Amount(5), Amount(6), True),
        (Amount(5), UNKNOWN, True),
        (UNKNOWN, Amount(7, known=False), False),
        (Rates(((True, 1, 2),)), Rates(((True, 1, 2),)), False),
        (Rates(((True, 1, 2),)), Rates(((True, 1, 3),)), True),
        (Amount(5), Truth(yes=True, no=False), True),
    ],
)
def test_symbols(one: Symbol, other: Symbol, *, unlike: bool) -> None:
    """Another value, or known in one and not in the other, is a difference; two values that are unknown are alike."""
    assert differ.symbols(one, other) is unlike
    assert differ.symbols(other, one) is unlike


def test_lines() -> None:
    """A line differs where only one is laid down, where it comes to something else, or where only one breaks its cap."""
    line = LineFormula(True, Amount(500), False)
    assert differ.lines(line, line) is False
    assert differ.lines(line, LineFormula(False, Amount(500), False)) is True
    assert differ.lines(line, LineFormula(True, Amount(501), False)) is True
    assert differ.lines(line, LineFormula(True, Amount(500), True)) is True


def test_legs() -> None:
    """A leg differs in whether it is travelled, who advances or bears it, and what the insurer pays."""
    assert differ.legs(LEG, LEG) is False
    for other in (
        LegFormula(False, LEG.advanced, LEG.borne, LEG.cost, LEG.insurer),
        LegFormula(True, OneOf({"seller": True}), LEG.borne, LEG.cost, LEG.insurer),
        LegFormula(True, LEG.advanced, OneOf({"buyer": True}), LEG.cost, LEG.insurer),
        LegFormula(True, LEG.advanced, LEG.borne, LEG.cost, Amount(1000)),
    ):
        assert differ.legs(LEG, other) is True


def test_a_leg_that_is_not_travelled_differs_in_nothing() -> None:
    """Whoever would bear a leg that nobody travels makes no difference."""
    away = LegFormula(False, LEG.advanced, LEG.borne, LEG.cost, LEG.insurer)
    other = LegFormula(False, LEG.advanced, OneOf({"buyer": True}), LEG.cost, LEG.insurer)
    assert differ.legs(away, other) is False
