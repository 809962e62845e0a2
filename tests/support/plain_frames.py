"""One case put as plain symbols: what is known is a constant, so that formulas fold to truth values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from aftersales.case.view import CaseView
from aftersales.expr.types import UNKNOWN, Kind, Type, Value
from aftersales.verify.symbols import Amount, OneOf, Rates, Symbol, Truth, beyond, certain
from aftersales.verify.vocabulary import constant
from expressions import FACTS, PARAMS, PlainCase


def plain_symbol(value: Value, type_: Type) -> Symbol:
    """Return a value as a symbol; one that is unknown or a known none is known to be nothing."""
    known = value is not UNKNOWN and value is not None
    match type_.kind:
        case Kind.RATE:
            ratio = Fraction(value) if isinstance(value, int | Fraction) else Fraction(0)
            return Rates(((known, ratio.numerator, ratio.denominator),))
        case Kind.TIME_OF_DAY:
            raise beyond("时刻", "a time of day")
        case _ if known:
            return constant(value)
        case Kind.FLAG:
            return Truth(yes=False, no=False)
        case Kind.CHOICE | Kind.PARTY:
            return OneOf({})
        case _:
            return Amount(0, known=False)


@dataclass(frozen=True)
class PlainFrame:
    """The symbols of a case made of plain mappings."""

    case: PlainCase

    def fact(self, name: str) -> Symbol:
        """Return what was told."""
        return plain_symbol(self.case.fact(name), FACTS[name])

    def param(self, name: str) -> Symbol:
        """Return the param's value."""
        return plain_symbol(self.case.param(name), PARAMS[name])

    def present(self, name: str) -> Truth:
        """Return whether a fact is there."""
        value = self.case.fact(name)
        return Truth(yes=False, no=False) if value is UNKNOWN else certain(value is not None)


@dataclass(frozen=True)
class PlainSight:
    """The symbols of a real case as it stands."""

    view: CaseView

    def fact(self, name: str) -> Symbol:
        """Return what a fact is; a derived one too is looked up, not worked out."""
        return plain_symbol(self.view.fact(name), self.view.policy.facts[name].type)

    def param(self, name: str) -> Symbol:
        """Return the param's value."""
        return plain_symbol(self.view.param(name), self.view.policy.params[name].type)

    def present(self, name: str) -> Truth:
        """Return whether a fact is there."""
        value = self.view.fact(name)
        return Truth(yes=False, no=False) if value is UNKNOWN else certain(value is not None)

    def known(self, name: str) -> bool:
        """Return whether a fact is known, be it as a known none."""
        return self.view.fact(name) is not UNKNOWN


def worth(symbol: Symbol) -> Value:
    """Return what a symbol made of constants comes to; nothing that is only settled by the solver."""
    match symbol:
        case Truth(yes=yes, no=no):
            assert isinstance(yes, bool)
            assert isinstance(no, bool)
            assert not (yes and no)
            return yes if yes or no else UNKNOWN
        case OneOf(by=by):
            words = [word for word, when in by.items() if when is True]
            assert len(words) <= 1
            assert symbol.known is bool(words)
            return words[0] if words else UNKNOWN
        case Amount(value=value, known=known):
            assert isinstance(value, int)
            return value if known is True else UNKNOWN
        case Rates(by=by):
            ratios = [Fraction(top, below) for when, top, below in by if when is True and isinstance(top, int)]
            return ratios[0] if ratios else UNKNOWN


def plain_worth(value: Value) -> Value:
    """Return a value as a proof counts it: instants and lengths of time in seconds."""
    if isinstance(value, dt.datetime):
        return int(value.timestamp())
    return int(value.total_seconds()) if isinstance(value, dt.timedelta) else value
