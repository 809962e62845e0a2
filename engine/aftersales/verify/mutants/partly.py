"""A place of the policy seen by cases of which anything may still be unknown, and what they are asked there.

A proof about whole cases is not enough to call two policies alike: what a case waits for shows while facts are missing.
So every told fact is known here or not, freely, unless the way to the place has surely read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aftersales.expr.names import parts
from aftersales.expr.tree import Choose, Expr, FactRef, ParamRef, Present
from aftersales.policy.model import Offer, State
from aftersales.verify.carried import Carried
from aftersales.verify.meaning import symbol_of, truth_of
from aftersales.verify.places import Place
from aftersales.verify.solver import Formula, all_of, any_of, flag, negate
from aftersales.verify.symbols import Symbol, Truth, beyond, only_where
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

    def asked(self, state: State, fact: str) -> Formula:
        """Return when a case that rests in ``state`` may be asked for ``fact``, or for what is made of it.

        Instead of an answer whose options are still open, what these wait for is asked.
        """
        offered = {offer.fact: _openings(offer) for offer in state.offers}
        found = [self._wanted(state, name, offered.get(name, ())) for name in self._names_for(fact)]
        for name, openings in offered.items():
            wanted = self._wanted(state, name, ())
            found += [all_of((wanted, self._first_of(openings, part))) for part in self._names_for(fact)]
        return any_of(found)

    def _wanted(self, state: State, fact: str, openings: Sequence[Expr]) -> Formula:
        """Return when a branch waits for ``fact``, and all of ``openings`` are known."""
        open_so_far: Formula = True
        found: list[Formula] = []
        for branch in state.branches:
            found.append(all_of((open_so_far, self._blocks(branch.when, fact))))
            open_so_far = all_of((open_so_far, negate(truth_of(branch.when, self).yes)))
        return all_of((any_of(found), *(symbol_of(opening, self).known for opening in openings)))

    def _names_for(self, fact: str) -> Iterator[str]:
        """Yield the facts whose asking may come down to ``fact``: itself, and those that are made of it."""
        yield fact
        made = self.carried.vocabulary.goes_into.get(fact, frozenset())
        yield from sorted(made)

    def _blocks(self, expr: Expr, fact: str) -> Formula:
        """Return when ``fact`` is the first that keeps ``expr`` unknown."""
        match expr:
            case FactRef(name=name) | Present(fact=name):
                return negate(symbol_of(expr, self).known) if name == fact else False
            case ParamRef():
                return negate(symbol_of(expr, self).known)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                decided = truth_of(condition, self)
                here = (self._blocks(condition, fact), all_of((decided.yes, self._blocks(then, fact))))
                inside = any_of((*here, all_of((decided.no, self._blocks(otherwise, fact)))))
            case _:
                inside = self._first_of(parts(expr), fact)
        return all_of((negate(symbol_of(expr, self).known), inside))

    def _first_of(self, inside: Sequence[Expr], fact: str) -> Formula:
        before: Formula = True
        found: list[Formula] = []
        for part in inside:
            found.append(all_of((before, self._blocks(part, fact))))
            before = all_of((before, symbol_of(part, self).known))
        return any_of(found)


def _openings(offer: Offer) -> tuple[Expr, ...]:
    """Return what an offer depends on, in order."""
    return tuple(when for _, when in offer.options) if offer.at_most is None else (offer.at_most,)
