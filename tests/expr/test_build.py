"""Expressions made from expressions keep their meaning in all three truth values."""

from __future__ import annotations

import itertools
import time

import pytest

from aftersales.expr.build import Truth, assign, atoms, conjoin, disjoin, negate, simplify, trial
from aftersales.expr.tree import FALSE, TRUE, All, Either, Not
from aftersales.expr.types import UNKNOWN, Kind
from aftersales.expr.words import code
from expressions import read

THREE: tuple[Truth, ...] = (True, False, UNKNOWN)
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


def test_atoms() -> None:
    """Atoms are listed once, in order; amounts and lines are not opened."""
    text = "delivered and not (days > 0 or evidence in (none, confirmed)) and (some(lines, gift) if intact else present(delivered_at)) and days > 0 and true"
    found = [code(atom) for atom in atoms(read(text))]
    condition_first = ["delivered", "days > 0", "evidence in (none, confirmed)", "some(lines, gift)", "intact"]
    assert found == [*condition_first, "present(delivered_at)"]


def test_a_trial_is_fast() -> None:
    """All assignments of ten atoms with three values each are tried out in about a second."""
    flags = [f"{name} > 0" for name in ("days", "rounds")] + ["delivered", "intact", "photos_sent", "goodwill"]
    flags += [f"evidence == {word}" for word in ("none", "insufficient", "confirmed")] + ["claimed_paid > 0"]
    expr = read(f"({' and '.join(flags[:5])}) or not ({' or '.join(flags[5:])})")
    tried = trial(expr, atoms(expr))
    began = time.monotonic()
    truths = [tried(values) for values in itertools.product(THREE, repeat=10)]
    assert time.monotonic() - began < 3
    assert (truths.count(True), truths.count(False)) == (485, 44521)


def test_assign() -> None:
    """What is not assigned is unknown; ``if`` waits for its condition."""
    assert assign(All((A, B)), {A: True}) is UNKNOWN
    assert assign(All((A, B)), {B: False}) is False
    assert assign(Either((A, Not(B))), {B: False}) is True
    chosen = read("days > 0 if delivered else intact")
    assert assign(chosen, {B: True, C: True}) is UNKNOWN
    assert assign(chosen, {A: False, B: True}) is True
    assert assign(chosen, {A: True, C: False}) is False
    assert assign(TRUE, {}) is True


def test_a_trial_knows_its_atoms() -> None:
    """An atom without a place is an error of the caller, told at once."""
    with pytest.raises(KeyError):
        trial(All((A, B)), [A])
