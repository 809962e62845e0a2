"""The flat names of a policy as formulas: what is decided about the cases that stand in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aftersales.policy.flat_names import DUTIES, NEXT_ACTIONS, UNDECIDED
from aftersales.verify.carried import Carried
from aftersales.verify.places import Place
from aftersales.verify.settled import Settled
from aftersales.verify.symbols import Amount, OneOf, Symbol, Truth, beyond, certain, only_where
from aftersales.verify.terms import any_of, negate

#: What a line of money is worth that no state lays down, in a policy whose states were revised after its laws were read.
_NO_SUCH_LINE = Amount(0)


@dataclass(slots=True, repr=False)
class FlatPlace:
    """One place seen by flat names; beside them the facts and params there."""

    carried: Carried
    place: Place
    settled: Settled = field(init=False)
    made: dict[str, Symbol] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settled = Settled(self.carried, self.place)

    def fact(self, name: str) -> Symbol:
        """Return what a flat name or a fact is here. Raises BeyondProofError for one that has no formula."""
        if name not in self.made:
            self.made[name] = self._flat(name)
        return self.made[name]

    def param(self, name: str) -> Symbol:
        """Return what a param comes to here."""
        return self.carried.sight(self.place).param(name)

    def present(self, name: str) -> Truth:
        """Return whether a fact that may be none is there."""
        return self.carried.sight(self.place).present(name)

    def _flat(self, name: str) -> Symbol:
        word, within, group = name.partition(" in ")
        if within:
            return self._listed(word, group)
        if name in self.carried.vocabulary.flat:
            return self._decided(name)
        told = name in self.carried.vocabulary.policy.facts
        return self.carried.sight(self.place).fact(name) if told else _NO_SUCH_LINE

    def _listed(self, action: str, group: str) -> Symbol:
        if group == NEXT_ACTIONS:
            return certain(any(todo.action == action for todo in self.carried.state(self.place).do))
        if group == DUTIES:
            return certain(self.carried.owed(self.place, action))
        raise beyond(f"{group} 不是清单", f"{group} is no list of actions")

    def _decided(self, name: str) -> Symbol:
        state, money = self.carried.state(self.place), self.settled
        plain: Mapping[str, Callable[[], Symbol]] = {
            "flow": lambda: OneOf({state.flow: True}, some=True),
            "state": lambda: OneOf({state.name: True}, some=True),
            "outcome": lambda: OneOf({} if state.end is None else {state.end.outcome: True}),
            "liable": lambda: _or_undecided(money.liable()),
            "silence": lambda: certain(self.carried.silent(self.place)),
            "goods_left": money.goods_left,
            "refund_maximum": money.maximum,
            "buyer_net": money.buyer_net,
        }
        return plain[name]() if name in plain else self._of_book_or_leg(name)

    def _of_book_or_leg(self, name: str) -> Symbol:
        for leg in self.carried.vocabulary.policy.legs:
            if name.startswith(f"{leg}_"):
                return self._of_leg(leg, name.removeprefix(f"{leg}_"))
        book, _, line = name.partition("_")
        if line == "total":
            return self.settled.sum_of(book)
        read = {
            "refund": self.settled.refund,
            "deduction": self.settled.deduction,
            "charge": self.settled.charge,
            "recover": self.settled.recover,
        }
        return read[book](line)

    def _of_leg(self, name: str, what: str) -> Symbol:
        leg = self.settled.leg(name)
        if what == "borne":
            return only_where(_or_undecided(leg.borne), leg.laid)
        if what == "advanced":
            return only_where(_or_undecided(leg.advanced), leg.laid)
        return self.settled.by(name, what.removeprefix("by_"))


def _or_undecided(party: OneOf) -> OneOf:
    """Return who it is, ``undecided`` while that is not known."""
    by = {**party.by, UNDECIDED: any_of((party.word(UNDECIDED), negate(party.known)))}
    return OneOf(by, some=True)
