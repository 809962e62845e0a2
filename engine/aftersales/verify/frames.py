"""The facts and figures of a case as they are seen in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aftersales.expr.types import Value
from aftersales.policy.model import Offer
from aftersales.verify.meaning import amount_of, symbol_of, truth_of
from aftersales.verify.symbols import Amount, OneOf, Symbol, Truth, beyond, only_where
from aftersales.verify.terms import Formula, all_of, any_of, compare
from aftersales.verify.vocabulary import there

if TYPE_CHECKING:
    from aftersales.verify.carried import Carried
    from aftersales.verify.places import Place


@dataclass(slots=True, repr=False)
class Sight:
    """One place, seen in one way; see ``Carried.sight`` for the ways."""

    carried: Carried
    place: Place
    pinned: bool
    offered: bool
    arriving: bool
    doubtful: frozenset[str]
    facts: dict[str, Symbol] = field(default_factory=dict)
    params: dict[str, Symbol] = field(default_factory=dict)

    def fact(self, name: str) -> Symbol:
        """Return what a fact is here. Raises BeyondProofError for one that has no formula."""
        if name not in self.facts:
            symbol = self._seen(name)
            offer = self._offer(name)
            self.facts[name] = symbol if offer is None else self._among(offer, symbol)
        return self.facts[name]

    def param(self, name: str) -> Symbol:
        """Return what a param comes to here. Raises BeyondProofError for one that has no formula."""
        if name not in self.params:
            self.params[name] = self.carried.figures.symbol(name, self)
        return self.params[name]

    def present(self, name: str) -> Truth:
        """Return whether a fact that may be none is there. Raises BeyondProofError where no flag says so."""
        flag = self.carried.vocabulary.flags.get(name)
        symbol = self.fact(flag) if flag is not None else None
        if not isinstance(symbol, Truth):
            raise beyond(f"{name} 没有对应的是否", f"no flag says whether {name} is there")
        return symbol

    def known(self, name: str) -> Formula:
        """Return when a fact is known here, be it as a known none."""
        flag = self.carried.vocabulary.flags.get(name)
        known = self.fact(name).known
        return known if flag is None else any_of((known, _absent(self.fact(flag))))

    def _seen(self, name: str) -> Symbol:
        vocabulary = self.carried.vocabulary
        derived = vocabulary.derivation(name)
        if derived is not None:
            return symbol_of(derived, self)
        look = self.carried.arriving if self.arriving else self.carried.version
        symbol = look(self.place, name)
        flag = vocabulary.flags.get(name)
        if flag is not None:
            symbol = only_where(symbol, there(self.fact(flag)))
        if name in self.doubtful:
            return only_where(symbol, self.carried.known_there(self.place, name))
        if not self.pinned:
            return symbol
        return only_where(symbol, self.carried.pinned(self.place, name))

    def _offer(self, name: str) -> Offer | None:
        offers = self.carried.state(self.place).offers if self.offered else ()
        return next((offer for offer in offers if offer.fact == name), None)

    def _among(self, offer: Offer, symbol: Symbol) -> Symbol:
        """Return ``symbol`` unknown where it is an answer that is not offered here."""
        whole = self.carried.sight(
            self.place,
            pinned=self.pinned,
            arriving=self.arriving,
            doubtful=self.doubtful,
        )
        if offer.at_most is not None:
            return self._below(offer, symbol, whole)
        open_: Mapping[Value, Formula] = {option: truth_of(when, whole).yes for option, when in offer.options}
        match symbol:
            case OneOf(by=by):
                return OneOf({word: all_of((when, open_.get(word, False))) for word, when in by.items()})
            case Truth(yes=yes, no=no):
                return Truth(all_of((yes, open_.get(True, False))), all_of((no, open_.get(False, False))))
            case _:
                raise beyond(f"{offer.fact} 不是选项", f"{offer.fact} is no choice")

    def _below(self, offer: Offer, symbol: Symbol, whole: Sight) -> Symbol:
        """Return an amount known only where it keeps to its bound: a case with a greater one is refused."""
        if offer.at_most is None or not isinstance(symbol, Amount):
            raise beyond(f"{offer.fact} 不是数额", f"{offer.fact} is no amount")
        most = amount_of(offer.at_most, whole)
        return only_where(symbol, all_of((most.known, compare("<=", symbol.value, most.value))))


def _absent(flag: Symbol) -> Formula:
    return flag.no if isinstance(flag, Truth) else False
