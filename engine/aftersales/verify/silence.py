"""Which deadline edge fires: the first listed whose fact the case still waits for, as a formula over what is known.

The rules are those of ``run.standing``: what keeps a case in its state is asked for in the author's order, so that what
is known already decides where silence leads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aftersales.expr.names import facts_of, nodes, parts
from aftersales.expr.tree import All, Choose, Either, Expr, FactRef, ParamRef, Present
from aftersales.policy.model import Late, Offer, State
from aftersales.policy.reads import choosing_facts
from aftersales.verify.meaning import Frame, symbol_of, truth_of
from aftersales.verify.terms import Formula, all_of, any_of, negate
from aftersales.verify.vocabulary import Vocabulary

if TYPE_CHECKING:
    from aftersales.policy.edges import Edge
    from aftersales.verify.carried import Carried
    from aftersales.verify.places import Place

#: For each fact, when it is the one that is waited for.
_Waits = Mapping[str, Formula]


def is_silent(carried: Carried, place: Place, edge: Edge, late: Late) -> Formula:
    """Return when a case rests in ``place`` and its silence leads along ``edge``."""
    state = carried.state(place)
    if late is state.late[0] and late.fact is None:
        return carried.rests(place)
    sight = carried.sight(place, pinned=True, offered=True, doubtful=carried.decides(edge))
    open_ = any_of(truth_of(branch.guard, sight).yes for branch in state.branches)
    return all_of((negate(open_), Silence(carried.vocabulary, state, sight).fires(late)))


def decides_silence(vocabulary: Vocabulary, edge: Edge) -> frozenset[str]:
    """Return the told facts that a deadline edge may need to be known: without one, silence could lead elsewhere.

    What is listed or asked for before the edge's own fact, and what opens an answer to it.
    """
    late, state = edge.way, vocabulary.policy.states.get(edge.source)
    if not isinstance(late, Late) or late.fact is None or state is None:
        return frozenset()
    earlier = (other.fact for other in state.late[: state.late.index(late)])
    found = [vocabulary.told_behind(fact) for fact in earlier if fact is not None]
    asked = _leads_to(vocabulary, state, late.fact)
    found += [_opens_first(vocabulary, offer, late.fact, asked) for offer in state.offers if offer.fact in asked]
    if state.until is not None and asked.isdisjoint(facts_of(state.until)):
        found.append(vocabulary.told_in(state.until))
    found += [_asked_before(vocabulary, [branch.when], asked) for branch in state.branches]
    known = frozenset(name for name, fact in vocabulary.policy.facts.items() if fact.counter)
    return frozenset().union(*found) - {late.fact} - known


def _leads_to(vocabulary: Vocabulary, state: State, name: str) -> frozenset[str]:
    """Return the facts that a case asks for when it waits for ``name``: what rests on it, what it opens an answer to."""
    facts = frozenset((name, *(other for other in _named_in(state) if name in vocabulary.told_behind(other))))
    opened = (o.fact for o in state.offers if any(not facts.isdisjoint(facts_of(when)) for when in _conditions(o)))
    return facts.union(opened)


def _named_in(state: State) -> Iterator[str]:
    for branch in state.branches:
        yield from facts_of(branch.when)


def _opens_first(vocabulary: Vocabulary, offer: Offer, name: str, asked: frozenset[str]) -> frozenset[str]:
    """Return the told facts that an offer's options read before ``name`` is asked for: all of them for its own fact."""
    conditions = _conditions(offer)
    if offer.fact == name:
        return frozenset().union(*(vocabulary.told_in(condition) for condition in conditions))
    return _asked_before(vocabulary, conditions, asked - {offer.fact})


def _asked_before(vocabulary: Vocabulary, conditions: Sequence[Expr], asked: frozenset[str]) -> frozenset[str]:
    """Return the told facts that stand before one of ``asked`` in conditions."""
    leaves = [n for condition in conditions for n in nodes(condition) if isinstance(n, FactRef | ParamRef | Present)]
    last = max((number for number, leaf in enumerate(leaves) if not asked.isdisjoint(facts_of(leaf))), default=0)
    return frozenset().union(*(vocabulary.told_in(leaf) for leaf in leaves[:last]))


def _conditions(offer: Offer) -> Sequence[Expr]:
    return [when for _, when in offer.options] if offer.at_most is None else [offer.at_most]


class Seen(Frame, Protocol):
    """A place as it is seen, which also says what is known there."""

    def known(self, name: str) -> Formula:
        """Return when a fact is known, be it as a known none."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A state in which nobody answers. ``sight`` shows what is known as the deadline passes."""

    vocabulary: Vocabulary
    state: State
    sight: Seen

    def fires(self, late: Late) -> Formula:
        """Return when ``late`` is the edge that fires."""
        waits = self._waits()
        before = self.state.late[: self.state.late.index(late)]
        return all_of((_fits(late, waits), *(negate(_fits(other, waits)) for other in before)))

    def _waits(self) -> _Waits:
        """Return when the case waits for each fact, those that a derived one is opened to included."""
        found = defaultdict[str, list[Formula]](list)
        for name, when in self._missing():
            for fact, opened in self._opened(name):
                found[fact].append(all_of((when, opened)))
        return {name: any_of(when) for name, when in found.items()}

    def _missing(self) -> Iterator[tuple[str, Formula]]:
        """Yield the facts that keep the case here; one of which the options are not open yet gives way to what they read."""
        opens = {offer.fact: self._first_of(_conditions(offer)) for offer in self.state.offers}
        for name, when in self._found():
            instead = opens.get(name, {})
            yield name, all_of((when, negate(any_of(instead.values()))))
            yield from ((other, all_of((when, first))) for other, first in instead.items())

    def _found(self) -> Iterator[tuple[str, Formula]]:
        until = self.state.until
        still = False if until is None else negate(truth_of(until, self.sight).yes)
        if until is not None:
            yield from self._wanting(until)
        open_ = negate(still)
        for branch in self.state.branches:
            yield from ((name, all_of((open_, when))) for name, when in self._blocker(branch.when).items())
            open_ = all_of((open_, negate(truth_of(branch.when, self.sight).yes)))

    def _wanting(self, condition: Expr) -> Iterator[tuple[str, Formula]]:
        """Yield the facts that do not yet make ``condition`` true."""
        here = negate(truth_of(condition, self.sight).yes)
        if isinstance(condition, All | Either):
            for operand in condition.operands:
                yield from ((name, all_of((here, when))) for name, when in self._wanting(operand))
            return
        yield from ((name, here) for name in facts_of(condition))

    def _opened(self, name: str) -> Iterator[tuple[str, Formula]]:
        """Yield a fact and, where it is worked out and has no question of its own, what it waits for."""
        yield name, True
        fact = self.vocabulary.policy.facts.get(name)
        derived = self.vocabulary.derivation(name) if fact is not None and fact.ask is None else None
        if derived is not None:
            for part, when in self._blocker(derived).items():
                yield from ((inner, all_of((when, opened))) for inner, opened in self._opened(part))

    def _blocker(self, expr: Expr) -> _Waits:
        """Return when each fact is the first, in the author's order, that keeps ``expr`` unknown."""
        match expr:
            case FactRef(name=name) | Present(fact=name):
                return {name: negate(self.sight.known(name))}
            case ParamRef(name=name):
                policy = self.vocabulary.policy
                return self._first_unknown(choosing_facts(policy, policy.params[name]))
            case Choose(condition=condition, then=then, otherwise=otherwise):
                decided = truth_of(condition, self.sight)
                found = dict(self._blocker(condition))
                for part, chosen in ((then, decided.yes), (otherwise, decided.no)):
                    _add(found, self._blocker(part), chosen)
                return found
            case _:
                unknown = negate(symbol_of(expr, self.sight).known)
                return {name: all_of((unknown, when)) for name, when in self._first_of(parts(expr)).items()}

    def _first_unknown(self, names: Iterable[str]) -> _Waits:
        found: dict[str, Formula] = {}
        before: Formula = True
        for name in names:
            known = self.sight.known(name)
            found[name] = all_of((before, negate(known)))
            before = all_of((before, known))
        return found

    def _first_of(self, exprs: Sequence[Expr]) -> _Waits:
        found: dict[str, Formula] = {}
        before: Formula = True
        for expr in exprs:
            here = self._blocker(expr)
            _add(found, here, before)
            before = all_of((before, negate(any_of(here.values()))))
        return found


def _add(found: dict[str, Formula], more: _Waits, where: Formula) -> None:
    for name, when in more.items():
        found[name] = any_of((found.get(name, False), all_of((where, when))))


def _fits(late: Late, waits: _Waits) -> Formula:
    return True if late.fact is None else waits.get(late.fact, False)
