"""How far from 0 an amount can be, whatever the row: some comparisons are settled by that alone."""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

from aftersales.columns.nodes import Const, Extreme, Floor, Number, Pick, Product, Term, Total

#: The least and the most that an amount can be.
Reach = tuple[int, int]

#: No date is further from 1970, in seconds.
_DATES: Final = 1 << 33
_FOUND: Final[WeakKeyDictionary[Term, Reach]] = WeakKeyDictionary()


def bound(term: Term) -> int:
    """Return how far from 0 an amount can be."""
    low, high = reach(term)
    return max(-low, high)


def reach(term: Term) -> Reach:
    """Return the least and the most that an amount can be where its columns are known; no column is below 0."""
    if term not in _FOUND:
        _FOUND[term] = _reach(term)
    return _FOUND[term]


def _reach(term: Term) -> Reach:
    match term:
        case Const(value):
            return value, value
        case Number(bound=most):
            return 0, most
        case Total(parts):
            return _sum([_times(reach(part), (factor, factor)) for factor, part in parts])
        case Product(factors, divisor):
            return _divided(_product([reach(factor) for factor in factors]), divisor)
        case Floor(part, divisor):
            low, high = reach(part)
            return low // divisor, high // divisor
        case Extreme(which, inside):
            lows, highs = zip(*map(reach, inside), strict=True)
            return (min(lows), min(highs)) if which == "min" else (max(lows), max(highs))
        case Pick(_, then, otherwise):
            (low, high), (least, most) = reach(then), reach(otherwise)
            return min(low, least), max(high, most)
        case _:
            return -_DATES, _DATES


def _sum(parts: list[Reach]) -> Reach:
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def _product(factors: list[Reach]) -> Reach:
    found = (1, 1)
    for factor in factors:
        found = _times(found, factor)
    return found


def _times(one: Reach, other: Reach) -> Reach:
    ends = [left * right for left in one for right in other]
    return min(ends), max(ends)


def _divided(whole: Reach, divisor: int) -> Reach:
    """Return the reach of a quotient, however it is rounded."""
    low, high = whole
    return low // divisor, -(-high // divisor)
