"""Formulas for a difference: when two symbols, two money lines or two legs are not the same."""

from __future__ import annotations

from aftersales.verify.settled import LegFormula, LineFormula
from aftersales.verify.symbols import Amount, OneOf, Rates, Symbol, Truth
from aftersales.verify.terms import Formula, all_of, any_of, compare, negate


def either(one: Formula, other: Formula) -> Formula:
    """Return when just one of two formulas holds."""
    return any_of((all_of((one, negate(other))), all_of((other, negate(one)))))


def symbols(one: Symbol, other: Symbol) -> Formula:
    """Return when two symbols are known differently, or known to be different."""
    match one, other:
        case Truth(), Truth():
            return any_of((either(one.yes, other.yes), either(one.no, other.no)))
        case OneOf(), OneOf():
            words = dict.fromkeys((*one.by, *other.by))
            return any_of(either(one.word(word), other.word(word)) for word in words)
        case Amount(), Amount():
            unlike = all_of((one.known, other.known, compare("!=", one.value, other.value)))
            return any_of((either(one.known, other.known), unlike))
        case Rates(), Rates() if one.by == other.by:
            return False
        case _:
            return True


def lines(one: LineFormula, other: LineFormula) -> Formula:
    """Return when two money lines are laid down differently, come to something different, or break another cap."""
    unlike = all_of((one.laid, symbols(one.amount, other.amount)))
    return any_of((either(one.laid, other.laid), unlike, either(one.broken, other.broken)))


def legs(one: LegFormula, other: LegFormula) -> Formula:
    """Return when two legs differ in who travels, advances or bears them, or in what the insurer pays."""
    parties = (symbols(one.advanced, other.advanced), symbols(one.borne, other.borne))
    unlike = any_of((*parties, symbols(one.insurer, other.insurer)))
    return any_of((either(one.laid, other.laid), all_of((one.laid, unlike))))
