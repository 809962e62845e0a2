"""A place of the policy seen by cases of which anything may still be unknown.

A proof about whole cases is not enough to call two policies alike: what a case waits for shows while facts are missing.
So every told fact is known here or not, freely, unless the way to the place has surely read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from aftersales.verify.carried import Carried
from aftersales.verify.meaning import symbol_of
from aftersales.verify.places import Place
from aftersales.verify.symbols import Symbol, Truth, beyond, only_where
from aftersales.verify.terms import Formula, any_of, flag
from aftersales.verify.vocabulary import there


@dataclass(slots=True)
class Partly:
    """The facts and figures of a place, each known or not; an offer that hides an answer makes it unknown."""

    carried: Carried
    place: Place
    facts: dict[str, Symbol] = field(default_factory=dict)
    params: dict[str, Symbol] = field(default_factory=dict)

    def fact(self, name: str) -> Symbol:
        """Return what a fact is here. Raises BeyondProofError for one that has no formula."""
        if name not in self.facts:
            self.facts[name] = self._seen(name)
        return self.facts[name]

    def _seen(self, name: str) -> Symbol:
        vocabulary = self.carried.vocabulary
        derived = vocabulary.derivation(name)
        if derived is not None:
            return symbol_of(derived, self)
        symbol, behind = self.carried.version(self.place, name), vocabulary.flags.get(name)
        if behind is not None:
            symbol = only_where(symbol, there(self.fact(behind)))
        return only_where(symbol, any_of((flag(f"known {name}"), self.carried.pinned(self.place, name))))

    def param(self, name: str) -> Symbol:
        """Return what a param comes to here. Raises BeyondProofError for one that has no formula."""
        if name not in self.params:
            self.params[name] = self.carried.figures.symbol(name, self)
        return self.params[name]

    def present(self, name: str) -> Truth:
        """Return whether a fact that may be none is there. Raises BeyondProofError where no flag says so."""
        behind = self.carried.vocabulary.flags.get(name)
        symbol = self.fact(behind) if behind is not None else None
        if not isinstance(symbol, Truth):
            raise beyond(f"{name} 没有对应的是否", f"no flag says whether {name} is there")
        return symbol

    def known(self, name: str) -> Formula:
        """Return when a fact is known here, be it as a known none."""
        behind = self.carried.vocabulary.flags.get(name)
        absent = self.fact(behind) if behind is not None else None
        return any_of((self.fact(name).known, absent.no if isinstance(absent, Truth) else False))
