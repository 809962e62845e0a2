"""What an expression comes to in every case at once: three truth values, words, amounts and rates as formulas.

A symbol says for each value when it is *known* to be that; where none of them is, the value is unknown or a known none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from aftersales.errors import AftersalesError, Diagnostic
from aftersales.text import Text
from aftersales.verify.terms import (
    Formula,
    Number,
    all_of,
    any_of,
    choose,
    choose_number,
    compare,
    negate,
    rounded,
    total,
)


class BeyondProofError(AftersalesError):
    """Something that no formula stands for yet, such as a product of two amounts; what reads it is unknown."""


def beyond(zh: str, en: str) -> BeyondProofError:
    """Return the error that says what cannot be put as a formula."""
    return BeyondProofError(Diagnostic("beyond_proof", Text(zh, en)))


@dataclass(frozen=True, slots=True)
class Truth:
    """A flag or a condition: when it is known to hold, and when it is known not to."""

    yes: Formula
    no: Formula

    @property
    def known(self) -> Formula:
        """Return when it is known."""
        return any_of((self.yes, self.no))


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice or a party: when it is known to be each word.

    ``some`` is when it is known to be one of them, ``None`` where that is only said by the words.
    """

    by: Mapping[str, Formula]
    some: Formula | None = None

    @property
    def known(self) -> Formula:
        """Return when it is known."""
        return any_of(self.by.values()) if self.some is None else self.some

    def among(self, words: Collection[str]) -> Truth:
        """Return whether it is one of ``words``."""
        inside = any_of(when for word, when in self.by.items() if word in words)
        if self.some is not None:
            return Truth(inside, all_of((self.some, negate(inside))))
        return Truth(inside, any_of(when for word, when in self.by.items() if word not in words))

    def word(self, word: str) -> Formula:
        """Return when it is known to be ``word``."""
        return self.by.get(word, False)


@dataclass(frozen=True, slots=True)
class Amount:
    """Fen, units or seconds, and when they are known."""

    value: Number
    known: Formula = True

    def plus(self, more: int) -> Amount:
        """Return the amount with ``more`` added."""
        return Amount(total([(1, self.value), (1, more)]), self.known)


@dataclass(frozen=True, slots=True)
class Rates:
    """An exact fraction: for each alternative when it is known to hold, and the fraction as top and bottom."""

    by: tuple[tuple[Formula, Number, int], ...]

    @property
    def known(self) -> Formula:
        """Return when it is known."""
        return any_of(when for when, _, _ in self.by)


Symbol = Truth | OneOf | Amount | Rates


def certain(formula: Formula) -> Truth:
    """Return the flag that is always known and is ``formula``."""
    return Truth(formula, negate(formula))


def mark(symbol: Symbol) -> object:
    """Return what tells two symbols apart: equal marks stand for equal formulas."""
    match symbol:
        case Truth(yes=yes, no=no):
            return _mark(yes), _mark(no)
        case OneOf(by=by):
            return tuple((word, _mark(when)) for word, when in by.items())
        case Amount(value=value, known=known):
            return _mark(value), _mark(known)
        case Rates(by=by):
            return tuple((_mark(when), _mark(top), bottom) for when, top, bottom in by)


def _mark(term: Formula | Number) -> object:
    return type(term), term


def only_where(symbol: Symbol, known: Formula) -> Symbol:
    """Return ``symbol`` known nowhere but where ``known`` holds."""
    if known is True:
        return symbol
    match symbol:
        case Truth(yes=yes, no=no):
            return Truth(all_of((yes, known)), all_of((no, known)))
        case OneOf(by=by):
            some = None if symbol.some is None else all_of((symbol.some, known))
            return OneOf({word: all_of((when, known)) for word, when in by.items()}, some)
        case Amount(value=value, known=before):
            return Amount(value, all_of((before, known)))
        case Rates(by=rates):
            return Rates(tuple((all_of((when, known)), top, bottom) for when, top, bottom in rates))


def chosen(condition: Truth, then: Symbol, otherwise: Symbol) -> Symbol:
    """Return ``then if condition else otherwise``: unknown while the condition is."""
    match then, otherwise:
        case Truth(), Truth():
            return Truth(
                _either(condition, then.yes, otherwise.yes),
                _either(condition, then.no, otherwise.no),
            )
        case OneOf(), OneOf():
            words = dict.fromkeys((*then.by, *otherwise.by))
            by = {word: _either(condition, then.word(word), otherwise.word(word)) for word in words}
            return OneOf(by, _either(condition, then.known, otherwise.known))
        case Amount(), Amount():
            value = choose_number(condition.yes, then.value, otherwise.value)
            return Amount(value, _either(condition, then.known, otherwise.known))
        case Rates(), Rates():
            here = only_where(then, condition.yes), only_where(otherwise, condition.no)
            return Rates(tuple(rate for part in here if isinstance(part, Rates) for rate in part.by))
        case _:
            raise beyond("条件两侧类型不同", "the two sides of an if are of different kinds")


def _either(condition: Truth, then: Formula, otherwise: Formula) -> Formula:
    return any_of((all_of((condition.yes, then)), all_of((condition.no, otherwise))))


def merged(cases: Sequence[tuple[Formula, Symbol]]) -> Symbol:
    """Return the symbol of the one case that applies; the last applies where none before it does."""
    *others, (_, last) = cases
    for when, symbol in reversed(others):
        last = _chosen_surely(when, symbol, last)
    return last


def _chosen_surely(when: Formula, then: Symbol, otherwise: Symbol) -> Symbol:
    if then is otherwise or mark(then) == mark(otherwise):
        return then
    match then, otherwise:
        case Truth(), Truth():
            yes = choose(when, then.yes, otherwise.yes)
            both = then.no, otherwise.no
            surely = all(_opposite(symbol) for symbol in (then, otherwise))
            return Truth(yes, negate(yes) if surely else choose(when, *both))
        case OneOf(), OneOf():
            words = dict.fromkeys((*then.by, *otherwise.by))
            by = {word: choose(when, then.word(word), otherwise.word(word)) for word in words}
            return OneOf(by, choose(when, then.known, otherwise.known))
        case Amount(), Amount():
            return Amount(choose_number(when, then.value, otherwise.value), choose(when, then.known, otherwise.known))
        case _:
            return chosen(certain(when), then, otherwise)


def _opposite(truth: Symbol) -> bool:
    """Return whether a flag is plainly known everywhere: its two sides are each other's negation."""
    if not isinstance(truth, Truth):
        return False
    return negate(truth.yes) is truth.no


def compared(op: str, left: Symbol, right: Symbol) -> Truth:
    """Return ``left op right``: unknown while one side is."""
    match left, right:
        case OneOf(), OneOf():
            same = any_of(all_of((when, right.word(word))) for word, when in left.by.items())
            differ = all_of((left.known, right.known, negate(same)))
            return Truth(same, differ) if op == "==" else Truth(differ, same)
        case Amount(), Amount():
            holds = compare(op, left.value, right.value)
            known = all_of((left.known, right.known))
            return Truth(all_of((known, holds)), all_of((known, negate(holds))))
        case Rates(), Rates():
            return _rates_compared(op, left, right)
        case _:
            raise beyond("比较的两侧类型不同", "a comparison of two different kinds")


def _rates_compared(op: str, left: Rates, right: Rates) -> Truth:
    pairs = [
        (all_of((one, other)), compare(op, total([(below, top)]), total([(bottom, above)])))
        for one, top, bottom in left.by
        for other, above, below in right.by
    ]
    return Truth(
        any_of(all_of((when, holds)) for when, holds in pairs),
        any_of(all_of((when, negate(holds))) for when, holds in pairs),
    )


def times(amount: Amount, rates: Rates) -> Amount:
    """Return an amount of money times a rate, rounded half up to the fen; a negative one as its positive twin."""
    value: Number = 0
    for when, top, bottom in rates.by:
        if not isinstance(top, int):
            raise beyond("两个未知金额相乘", "a product of two open amounts")
        value = choose_number(when, _half_up(amount.value, Fraction(top, bottom)), value)
    return Amount(value, all_of((amount.known, rates.known)))


def _half_up(amount: Number, rate: Fraction) -> Number:
    below = total([(-1, rounded(total([(-1, amount)]), rate))])
    return choose_number(compare(">=", amount, 0), rounded(amount, rate), below)
