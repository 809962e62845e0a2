"""Values of several ways put together: in one case only one way was taken, and its value is the one that holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aftersales.verify.terms import Formula, choose

#: Where a term of the case was laid down: a state's key, ``None`` where nothing was said so far.
Origins = Mapping[str | None, Formula]


def formula_mark(formula: Formula) -> object:
    """Return what tells two formulas apart."""
    return formula


def chosen_formula(cases: Sequence[tuple[Formula, Formula]]) -> Formula:
    """Return the formula of the way that was taken; the last is that of any other."""
    *others, (_, last) = cases
    for when, value in reversed(others):
        last = choose(when, value, last)
    return last


def origin_mark(origins: Origins) -> object:
    """Return what tells two sets of origins apart."""
    return tuple((name, formula_mark(when)) for name, when in origins.items())


def joined_origins(cases: Sequence[tuple[Formula, Origins]]) -> Origins:
    """Return where a term was laid down on the way that was taken."""
    names: Iterable[str | None] = dict.fromkeys(name for _, origins in cases for name in origins)
    return {name: chosen_formula([(when, origins.get(name, False)) for when, origins in cases]) for name in names}
