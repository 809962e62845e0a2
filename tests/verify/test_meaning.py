"""Formulas mean what the evaluator says: on one case every symbol folds to just that value, unknown included."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, reject
from hypothesis import strategies as st

from aftersales.expr.evaluate import evaluate
from aftersales.expr.tree import Expr
from aftersales.expr.types import UNKNOWN, Kind
from aftersales.verify.meaning import symbol_of
from aftersales.verify.symbols import BeyondProofError
from expression_trees import amounts, cases, conditions, parties
from expressions import PlainCase, read
from plain_frames import PlainFrame, plain_worth, worth

EXPRESSIONS = st.one_of(
    conditions(depth=2), amounts(Kind.MONEY, depth=2), amounts(Kind.COUNT, depth=1), parties(depth=1)
)


def folded(expr: Expr, case: PlainCase) -> object:
    """Return what the formula of an expression comes to in one case."""
    return worth(symbol_of(expr, PlainFrame(case)))


@given(EXPRESSIONS, cases())
def test_every_tree_means_what_it_is_worth(expr: Expr, case: PlainCase) -> None:
    """Whatever has a formula folds to the evaluator's value: three truth values, words, and money to the fen."""
    try:
        found = folded(expr, case)
    except BeyondProofError:
        reject()
    assert found == plain_worth(evaluate(expr, case))


def test_half_a_fen() -> None:
    """A share of an amount is rounded half up to the fen, a negative one as its positive twin."""
    expr = read("share * (claimed_paid - already_refunded)", Kind.MONEY)
    for paid, refunded, expected in ((1, 0, 1), (3, 0, 2), (0, 1, -1), (0, 3, -2), (0, 0, 0)):
        case = PlainCase({"claimed_paid": paid, "already_refunded": refunded}, {"share": Fraction(1, 2)})
        assert folded(expr, case) == expected == evaluate(expr, case)


def test_unknown_rate() -> None:
    """A share of which the rate is not known is not known, whatever the amount."""
    told = PlainCase({"claimed_paid": 100, "already_refunded": 0})
    assert folded(read("share * (claimed_paid - already_refunded)", Kind.MONEY), told) is UNKNOWN


def test_unknown_beside_false() -> None:
    """``unknown and false`` is false, ``unknown or true`` is true, else the unknown stays."""
    told = PlainCase({"delivered": False, "photos_sent": True})
    assert folded(read("intact and delivered"), told) is False
    assert folded(read("intact or photos_sent"), told) is True
    assert folded(read("intact and photos_sent"), told) is UNKNOWN
    assert folded(read("intact or delivered"), told) is UNKNOWN
