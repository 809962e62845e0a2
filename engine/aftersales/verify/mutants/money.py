"""Whether the money of a case comes out alike under two versions of one state's terms, wherever these may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from aftersales.expr.tree import Literal
from aftersales.policy.model import MoneyLine, Terms
from aftersales.verify.carried import Carried
from aftersales.verify.frames import Sight
from aftersales.verify.mutants import differ
from aftersales.verify.mutants.partly import Partly
from aftersales.verify.places import Place
from aftersales.verify.settled import GOODS, Settled
from aftersales.verify.symbols import Amount
from aftersales.verify.terms import Formula, any_of

_BOOKS = ("refund", "deductions", "charge", "recover")


def money_of(carried: Carried, place: Place) -> Settled:
    """Return the money of the cases in a place, of which anything may still be unknown."""
    money = Settled(carried, place)
    money.sight = cast("Sight", Partly(carried, place))
    return money


class Money:
    """The terms of one policy and of its mutant, as far as a state says them differently."""

    def __init__(self, before: Carried, after: Carried, terms: Terms, changed: Terms) -> None:
        self._before = before
        self._after = after
        self._lines = tuple(_lines_touched(terms, changed))
        self._legs = _legs_touched(terms, changed)

    def unlike(self, place: Place) -> Formula:
        """Return when the money or the liability of a case in ``place`` differs."""
        one, other = money_of(self._before, place), money_of(self._after, place)
        found = [differ.symbols(one.liable(), other.liable())]
        found += [differ.legs(one.leg(name), other.leg(name)) for name in self._legs]
        for book, name in self._lines:
            found.append(differ.lines(one.line(book, name), other.line(book, name)))
            if book == "refund" and name != GOODS:
                found.append(differ.symbols(_cap(one, name), _cap(other, name)))
        return any_of(found)


def plainly_unlike(terms: Terms, changed: Terms) -> bool:
    """Return whether two terms differ in what no formula stands for: fixed shares, or who pays a line."""
    return _fixed(terms) != _fixed(changed)


def _fixed(terms: Terms) -> tuple[object, ...]:
    shares = [("liable", terms.liable)] + [(term.leg, term.borne) for term in terms.postage]
    payers = tuple((line.name, line.party) for line in terms.recover if line.party is not None and not _nothing(line))
    return (*(share for share in shares if isinstance(share[1], tuple)), *payers)


def _nothing(line: MoneyLine) -> bool:
    """Return whether a line is plainly 0: whoever would pay it pays nothing."""
    return isinstance(line.amount, Literal) and line.amount.value == 0


def _cap(money: Settled, name: str) -> Amount:
    return Amount(money.cap(name))


def _lines_touched(terms: Terms, changed: Terms) -> Iterator[tuple[str, str]]:
    """Yield the lines, by book and name, that two terms do not say alike."""
    for book in _BOOKS:
        one, other = (_by_name(part, book) for part in (terms, changed))
        yield from ((book, name) for name in dict.fromkeys((*one, *other)) if one.get(name) != other.get(name))


def _by_name(terms: Terms, book: str) -> dict[str, MoneyLine]:
    lines: tuple[MoneyLine, ...] = getattr(terms, book)
    return {line.name: line for line in lines}


def _legs_touched(terms: Terms, changed: Terms) -> tuple[str, ...]:
    one, other = ({term.leg: term for term in part.postage} for part in (terms, changed))
    return tuple(leg for leg in dict.fromkeys((*one, *other)) if one.get(leg) != other.get(leg))
