"""Values of several ways put together: in one case only one way was taken, and its value is the one that holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from aftersales.verify.terms import Formula, choose

K = TypeVar("K")

#: Which of several things is so, each with when: where a term was laid down, which of its answers a fact has.
Origins = Mapping[K, Formula]


def formula_mark(formula: Formula) -> object:
    """Return what tells two formulas apart."""
    return formula


def chosen_formula(cases: Sequence[tuple[Formula, Formula]]) -> Formula:
    """Return the formula of the way that was taken; the last is that of any other."""
    *others, (_, last) = cases
    for when, value in reversed(others):
        last = choose(when, value, last)
    return last


def origin_mark(origins: Origins[K]) -> object:
    """Return what tells two of them apart."""
    return tuple((name, formula_mark(when)) for name, when in origins.items())


def joined_origins(cases: Sequence[tuple[Formula, Origins[K]]]) -> Origins[K]:
    """Return which of several things is so on the way that was taken."""
    names: Iterable[K] = dict.fromkeys(name for _, origins in cases for name in origins)
    return {name: chosen_formula([(when, origins.get(name, False)) for when, origins in cases]) for name in names}
