"""Formulas and numbers over every case at once, folded as far as they are plain.

A ``Formula`` is a plain ``bool`` where it is settled without the solver, a ``Number`` a plain ``int`` (fen, units,
seconds) likewise. Everything else is a ``Term``: made once, shared wherever it is used again, so that equal terms are one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, Final
from weakref import WeakValueDictionary


class Term:
    """A formula or a number that only the solver can settle: an operation, its detail and what it is applied to.

    ``built`` is what the solver made of it, once it was asked about.
    """

    __slots__ = ("__weakref__", "args", "built", "detail", "op")

    def __init__(self, op: str, detail: Any, args: tuple[Part, ...]) -> None:
        """Take the operation; use ``_made`` instead, which makes equal terms one."""
        self.op = op
        self.detail = detail
        self.args = args
        self.built: object = None


Part = Term | int
Formula = bool | Term
Number = int | Term

_MADE: Final[WeakValueDictionary[tuple[object, ...], Term]] = WeakValueDictionary()


def _made(op: str, args: Iterable[Part] = (), detail: object = None) -> Term:
    """Return the one term of an operation; two that are alike are the same."""
    key = (op, detail, *args)
    found = _MADE.get(key)
    if found is None:
        found = _MADE[key] = Term(op, detail, key[2:])  # type: ignore[arg-type]  # the rest of the key are its parts
    return found


def flag(name: str) -> Term:
    """Return the free truth value called ``name``; the same name is the same value in every formula."""
    return _made("flag", (), name)


def number(name: str) -> Term:
    """Return the free whole number called ``name``."""
    return _made("number", (), name)


def all_of(parts: Iterable[Formula]) -> Formula:
    """Return the formula that holds where all of ``parts`` do."""
    return _joined("and", parts, neutral=True)


def any_of(parts: Iterable[Formula]) -> Formula:
    """Return the formula that holds where one of ``parts`` does."""
    return _joined("or", parts, neutral=False)


def _joined(op: str, parts: Iterable[Formula], *, neutral: bool) -> Formula:
    kept: dict[Term, None] = {}
    for part in parts:
        if not isinstance(part, bool):
            kept[part] = None
        elif part is not neutral:
            return part
    if len(kept) < 2:
        return next(iter(kept), neutral)
    if any(part.op == "not" and part.args[0] in kept for part in kept):
        return not neutral
    return _made(op, kept)


def negate(formula: Formula) -> Formula:
    """Return the formula that holds where ``formula`` does not."""
    if isinstance(formula, bool):
        return not formula
    if formula.op == "not":
        return formula.args[0]  # type: ignore[return-value]  # what is negated is a formula
    return _made("not", (formula,))


def choose(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    """Return ``then`` where ``condition`` holds, else ``otherwise``."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise:
        return then
    if isinstance(then, bool):
        return any_of((condition, otherwise)) if then else all_of((negate(condition), otherwise))
    if isinstance(otherwise, bool):
        return any_of((negate(condition), then)) if otherwise else all_of((condition, then))
    return _made("if", (condition, then, otherwise))


def choose_number(condition: Formula, then: Number, otherwise: Number) -> Number:
    """Return ``then`` where ``condition`` holds, else ``otherwise``."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if _is_same(then, otherwise):
        return then
    return _made("number if", (condition, then, otherwise))


def _is_same(one: Number, other: Number) -> bool:
    return one is other or (isinstance(one, int) and isinstance(other, int) and one == other)


def compare(op: str, left: Number, right: Number) -> Formula:
    """Return ``left op right`` for one of ``== != < <= > >=``.

    A comparison and its negation are one term and its negation, so that folding sees them cancel.
    """
    if isinstance(left, int) and isinstance(right, int):
        return bool(COMPARED[op](left, right))
    if left is right:
        return op in ("==", "<=", ">=")
    opposite = _OPPOSITE.get(op)
    return _made(op, (left, right)) if opposite is None else negate(_made(opposite, (left, right)))


#: The comparisons of plain numbers.
COMPARED: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OPPOSITE: Final = {"!=": "==", "<": ">=", ">": "<="}


def total(terms: Sequence[tuple[int, Number]]) -> Number:
    """Return the sum of ``terms``, each with its factor."""
    plain = sum(factor * term for factor, term in terms if isinstance(term, int))
    open_ = [(factor, term) for factor, term in terms if not isinstance(term, int)]
    if not open_:
        return plain
    if len(open_) == 1 and open_[0][0] == 1 and not plain:
        return open_[0][1]
    return _made("sum", [term for _, term in open_], (tuple(factor for factor, _ in open_), plain))


def rounded(amount: Number, rate: Fraction) -> Number:
    """Return ``amount`` times ``rate``, rounded half up to a whole number, as ``money.times`` does."""
    top, bottom = rate.numerator, rate.denominator
    if isinstance(amount, int):
        return (2 * amount * top + bottom) // (2 * bottom)
    if bottom == 1:
        return total([(top, amount)])
    return _made("rounded", (amount,), (top, bottom))


def least(one: Number, other: Number) -> Number:
    """Return the smaller number."""
    return choose_number(compare("<=", one, other), one, other)


def most(one: Number, other: Number) -> Number:
    """Return the larger number."""
    return choose_number(compare(">=", one, other), one, other)


def at_most_one(parts: Sequence[Formula]) -> Formula:
    """Return the formula that holds where no two of ``parts`` do."""
    sure = sum(part is True for part in parts)
    open_ = [part for part in parts if not isinstance(part, bool)]
    if sure:
        return sure == 1 and negate(any_of(open_))
    if all(_exclude(one, other) for one, other in combinations(open_, 2)):
        return True
    return _made("at most one", open_)


def _exclude(one: Term, other: Term) -> bool:
    """Return whether two formulas plainly never hold together: one asks for what the other rules out."""
    asked = _asked(other)
    return any(negate(part) in asked for part in _asked(one))


def _asked(formula: Term) -> Collection[Term]:
    return [part for part in formula.args if isinstance(part, Term)] if formula.op == "and" else [formula]
