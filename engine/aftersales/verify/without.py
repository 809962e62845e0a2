"""Can a branch be taken while one fact is unknown? What cannot is surely read by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aftersales.expr.names import facts_of
from aftersales.expr.tree import All, Compare, Either, Expr, FactRef, Literal, Not
from aftersales.policy.model import Offer, State
from aftersales.verify.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Without:
    """A state in which the told fact ``missing`` is unknown and any other may have any value."""

    vocabulary: Vocabulary
    state: State
    missing: str

    def can_be(self, expr: Expr, *, outcome: bool) -> bool:
        """Return whether a condition can be known to be ``outcome`` here."""
        match expr:
            case Not(operand=operand):
                return self.can_be(operand, outcome=not outcome)
            case All(operands=operands) | Either(operands=operands):
                every = isinstance(expr, All) == outcome
                return (all if every else any)(self.can_be(part, outcome=outcome) for part in operands)
            case FactRef(name=name) if (derived := self.vocabulary.derivation(name)) is not None:
                return self.can_be(derived, outcome=outcome)
            case Literal(value=value):
                return value is outcome
            case _:
                return self.missing not in self.vocabulary.told_in(expr) and self._offered(expr, outcome=outcome)

    def _offered(self, expr: Expr, *, outcome: bool) -> bool:
        """Return whether an answer that makes ``expr`` come to ``outcome`` can be offered here."""
        offers = [offer for offer in self.state.offers if offer.fact in facts_of(expr)]
        return all(any(self._is_open(offer, expr, outcome=outcome)) for offer in offers)

    def _is_open(self, offer: Offer, expr: Expr, *, outcome: bool) -> Iterator[bool]:
        if offer.at_most is not None:
            yield self.missing not in self.vocabulary.told_in(offer.at_most)
        for option, when in offer.options:
            if _fits(expr, option, outcome=outcome):
                yield self.can_be(when, outcome=True)


def _fits(expr: Expr, option: object, *, outcome: bool) -> bool:
    """Return whether an option can make a comparison with one word come to ``outcome``; yes where that is not plain."""
    match expr:
        case Compare(op="==" | "!=" as op, left=FactRef(), right=Literal(value=word)):
            return ((option == word) == (op == "==")) is outcome
        case FactRef():
            return option is outcome
        case _:
            return True
