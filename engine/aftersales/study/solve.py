"""How a condition could have been met: the sets of things that would have to be told otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Final

from aftersales.case.model import Case
from aftersales.expr.names import facts_of
from aftersales.expr.tree import All, Either, Expr, FactRef, Literal, Not
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Offer, Policy
from aftersales.run.reads import names_read, with_inputs
from aftersales.study.single_change import single_changes, truth
from aftersales.study.suppose import Change, place_of
from aftersales.study.watched import Moment

#: Ways to meet one condition that are followed; the conditions of the shipped policy have a handful.
MOST_WAYS: Final = 100

#: Changes that are made together.
Together = frozenset[Change]
_NOTHING: Final[Together] = frozenset()


@dataclass(frozen=True, slots=True)
class Solver:
    """Finds what would have to be told otherwise at one moment of a case.

    ``left_out`` is not empty where a condition could be met in more ways than are followed.
    """

    policy: Policy
    case: Case
    moment: Moment
    left_out: list[Expr] = field(default_factory=list)
    #: What was worked out before, shared by all solvers of one search; a case is kept so that its parts keep identity.
    known: dict[object, tuple[tuple[Together, ...], Case]] = field(default_factory=dict)
    closures: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def into(self, index: int) -> tuple[Together, ...]:
        """Return the sets of changes under which branch ``index`` of the state would be taken.

        What nobody has told is left open: it is asked once the case waits for it. Nothing where the branch is kept
        closed by what cannot be told otherwise, or only by what is still open.
        """
        state = self.moment.state
        until = () if state.until is None else (state.until,)
        above = (Not(branch.when) for branch in state.branches[:index])
        return tuple(way for way in self.ways(All((*until, *above, state.branches[index].when)), want=True) if way)

    def unsaid(self) -> Iterator[Together]:
        """Yield the answers read in the state, one at a time, as if they had not been given."""
        state = self.moment.state
        read = [name for branch in state.branches for name in names_read(self.policy, branch.when)]
        read += [] if state.until is None else facts_of(state.until)
        for name in dict.fromkeys(read):
            told = self.moment.told.get(name, UNKNOWN)
            place = None if told is UNKNOWN else place_of(self.policy, self.case, name, told, self.moment.now)
            if place is not None:
                yield frozenset({Change(name, told, UNKNOWN, place)})

    def ways(self, expr: Expr, *, want: bool) -> tuple[Together, ...]:
        """Return the sets of changes that make ``expr`` what is wanted; an empty set where it is so, or still open."""
        match expr:
            case Literal(value=value):
                return (_NOTHING,) if value is want else ()
            case Not(operand=inner):
                return self.ways(inner, want=not want)
            case All(operands=operands) | Either(operands=operands):
                each = (self.ways(operand, want=want) for operand in operands)
                return self._kept(_joined(each) if isinstance(expr, All) is want else _any_of(each), expr)
            case _:
                return self._single(expr, want=want)

    def _single(self, expr: Expr, *, want: bool) -> tuple[Together, ...]:
        offer = next((o for o in self.moment.state.offers if o.options and facts_of(expr) == (o.fact,)), None)
        if offer is not None:
            return self._by_offer(expr, offer, want=want)
        here = self._here(expr, want=want)
        if here not in self.known:
            self.known[here] = (self._solved(expr, want=want), self.case)
        return self.known[here][0]

    def _solved(self, expr: Expr, *, want: bool) -> tuple[Together, ...]:
        if truth(self.policy, self.case, self.moment.told, expr) in (want, UNKNOWN):
            return (_NOTHING,)
        changes = single_changes(self.policy, self.case, self.moment, expr, want=want)
        each = [tuple(frozenset({change}) for change in changes), self._inside(expr, want=want)]
        return self._kept(_any_of(each), expr)

    def _here(self, expr: Expr, *, want: bool) -> object:
        """Return what decides how one condition can be met: nothing that is read beside it counts."""
        rests_on = self.closures.get(id(expr))
        if rests_on is None:
            rests_on = self.closures[id(expr)] = tuple(with_inputs(self.policy, names_read(self.policy, expr)))
        told = tuple(self.moment.told.get(name, UNKNOWN) for name in rests_on)
        until = self.moment.now if self.case.events else None
        return id(expr), want, told, id(self.case.order), id(self.case.events), until

    def _kept(self, ways: tuple[Together, ...], expr: Expr) -> tuple[Together, ...]:
        if len(ways) > MOST_WAYS:
            self.left_out.append(expr)
        return ways[:MOST_WAYS]

    def _by_offer(self, expr: Expr, offer: Offer, *, want: bool) -> tuple[Together, ...]:
        """Return the ways to an answer that is offered here: the answer itself, and the condition of its option."""
        told = self.moment.told.get(offer.fact, UNKNOWN)
        found: list[tuple[Together, ...]] = []
        for option, when in offer.options:
            if truth(self.policy, self.case, {**self.moment.told, offer.fact: option}, expr) is want:
                found.append(_joined([self._answered(offer.fact, told, option), self.ways(when, want=True)]))
        return _any_of(found)

    def _answered(self, fact: str, told: Value, wanted: Value) -> tuple[Together, ...]:
        if told in (UNKNOWN, wanted):
            return (_NOTHING,)
        place = place_of(self.policy, self.case, fact, told, self.moment.now)
        return () if place is None else (frozenset({Change(fact, told, wanted, place)}),)

    def _inside(self, expr: Expr, *, want: bool) -> tuple[Together, ...]:
        """Return the ways into the condition that a derived flag stands for."""
        if not isinstance(expr, FactRef) or expr.name in self.moment.told:
            return ()
        derived = self.policy.facts[expr.name].derived
        return self.ways(derived, want=want) if isinstance(derived, All | Either | Not) else ()


def _any_of(each: Iterable[tuple[Together, ...]]) -> tuple[Together, ...]:
    """Return all ways of all, each once; nothing else where one asks for nothing."""
    found = dict.fromkeys(way for ways in each for way in ways)
    return (_NOTHING,) if _NOTHING in found else tuple(found)


def _joined(each: Iterable[tuple[Together, ...]]) -> tuple[Together, ...]:
    """Return every way to meet all at once, without those that tell one thing in two ways."""
    found: tuple[Together, ...] = (_NOTHING,)
    for ways in each:
        if not ways:
            return ()
        if ways == (_NOTHING,):
            continue
        both = (one | other for one, other in product(found, ways))
        found = tuple(islice(dict.fromkeys(way for way in both if _agrees(way)), MOST_WAYS + 1))
    return found


def _agrees(way: Together) -> bool:
    return len({(change.fact, change.place) for change in way}) == len(way)
