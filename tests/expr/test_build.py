"""Expressions made from expressions keep their meaning in all three truth values."""

from __future__ import annotations

import pytest

from aftersales.expr.build import conjoin, disjoin, negate, simplify
from aftersales.expr.tree import FALSE, TRUE, All, Either
from aftersales.expr.types import Kind
from aftersales.expr.words import code
from expressions import read

A, B, C = read("delivered"), read("intact"), read("days > 0")


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("delivered", "not delivered"),
        ("not delivered", "delivered"),
        ("true", "false"),
        ("days > 0", "days <= 0"),
        ("days == 0", "days != 0"),
        ("days <= rounds", "days > rounds"),
        ("evidence in (none, confirmed)", "evidence not in (none, confirmed)"),
        ("delivered and intact", "not (delivered and intact)"),
    ],
)
def test_negate(text: str, denied: str) -> None:
    """A condition is denied without a needless ``not``; twice denied it is the first again."""
    assert code(negate(read(text))) == denied
    assert negate(negate(read(text))) == read(text)


def test_conjoin_and_disjoin() -> None:
    """Conditions are joined in order, flat, each once; what decides alone stands alone."""
    assert conjoin([]) == TRUE
    assert disjoin([]) == FALSE
    assert conjoin([A]) == A
    assert conjoin([A, TRUE, All((B, A)), C]) == All((A, B, C))
    assert disjoin([A, FALSE, Either((B, A)), C]) == Either((A, B, C))
    assert conjoin([A, FALSE, B]) == FALSE
    assert disjoin([A, TRUE, B]) == TRUE
    assert conjoin([A, Either((A, B))]) == All((A, Either((A, B))))


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("delivered and true", "delivered"),
        ("delivered and (intact or not false)", "delivered"),
        ("not (delivered and false)", "true"),
        ("not (days > 0 or false)", "days <= 0"),
        ("delivered or (intact or delivered)", "delivered or intact"),
        ("delivered if true else intact", "delivered"),
        ("delivered if not true else intact and true", "intact"),
        ("delivered if intact or false else photos_sent and true", "delivered if intact else photos_sent"),
        ("delivered and not delivered", "delivered and not delivered"),
    ],
)
def test_simplify(text: str, simple: str) -> None:
    """Written-down truths are worked in; what may be unknown is kept."""
    assert code(simplify(read(text))) == simple


def test_simplify_leaves_amounts_alone() -> None:
    """Amounts stay as they are."""
    expr = read("claimed_paid * share if delivered else 0", Kind.MONEY)
    assert simplify(expr) == expr
