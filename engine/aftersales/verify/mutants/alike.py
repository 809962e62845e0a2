"""Shows that a mutant decides every case as the policy does, so that no test could ever notice it.

Alike means: the same states, actions, duties, deadlines and money, whatever is told and whatever is still unknown. What
explains a decision (the words of a condition, which of several missing facts is asked first) may differ. Whatever
cannot be shown counts as a real fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import Final, cast

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.policy.model import Branch, Fact, Offer, Policy, State
from aftersales.run.reads import names_read, with_inputs
from aftersales.verify.atlas import Atlas
from aftersales.verify.carried import Carried
from aftersales.verify.frames import Sight
from aftersales.verify.meaning import symbol_of, truth_of
from aftersales.verify.mutants import differ
from aftersales.verify.mutants.breaches import first_broken
from aftersales.verify.mutants.differ import either
from aftersales.verify.mutants.money import Money, money_of, plainly_unlike
from aftersales.verify.mutants.mutant import Mutant
from aftersales.verify.mutants.partly import Partly
from aftersales.verify.mutants.same_figures import same_figures
from aftersales.verify.mutants.settled_choices import without_dead_choices
from aftersales.verify.mutants.unread import Unread, ways_of
from aftersales.verify.places import Place
from aftersales.verify.silence import Silence
from aftersales.verify.symbols import BeyondProofError
from aftersales.verify.terms import Formula, all_of, any_of, compare, negate

#: What a state says that is compared by the solver; everything else must be equal as it stands.
_SETTLED: Final = ("branches", "late", "offers", "until", "reopen", "terms", "do")


@dataclass(slots=True)
class Alike:
    """Settles mutants of one policy; see the module. Not to be used by two threads at once."""

    atlas: Atlas
    unread: Unread = field(init=False)

    def __post_init__(self) -> None:
        self.unread = Unread(self.atlas.policy)

    def equivalent(self, _mutant: Mutant, mutated: Policy) -> bool | None:
        """Return whether the mutated policy surely decides alike; ``None`` where that cannot be shown."""
        policy = self.atlas.policy
        if (mutated.flows, mutated.actions) != (policy.flows, policy.actions):
            return None
        if not all(self._same_fact(policy.facts[name], other) for name, other in mutated.facts.items()):
            return None
        figures = (
            (policy.params[name], other) for name, other in mutated.params.items() if other != policy.params[name]
        )
        states = [(policy.states[key], other) for key, other in mutated.states.items() if other != policy.states[key]]
        try:
            same = all(same_figures(policy, *pair) for pair in figures) and all(
                self._same(before, after, mutated) for before, after in states
            )
        except BeyondProofError:
            return None
        return same or None

    def broken_law(self, _mutant: Mutant, mutated: Policy) -> str | None:
        """Return a law of the policy that the mutated one surely breaks, shown by a case; ``None`` where none is found.

        Asked where a state lays down other money or liability and all else is as it was; where cases go other ways,
        the laws are held against the worked cases alone.
        """
        policy = self.atlas.policy
        changed = [key for key, state in mutated.states.items() if state != policy.states[key]]
        if not changed or replace(mutated, states=policy.states) != policy:
            return None
        if any(replace(mutated.states[key], terms=policy.states[key].terms) != policy.states[key] for key in changed):
            return None
        places = dict.fromkeys(place for key in changed for place in self._behind(key))
        other = replace(self.atlas, policy=mutated, carried=self._twin(mutated), flats={})
        return first_broken(other, tuple(places))

    def _same_fact(self, before: Fact, after: Fact) -> bool:
        """Return whether a derived fact is made of the same, but for alternatives that a param rules out."""
        if before == after or before.derived is None or after.derived is None:
            return before == after
        one, other = (without_dead_choices(self.atlas.policy, fact.derived) for fact in (before, after) if fact.derived)
        return replace(after, derived=before.derived) == before and one == other

    def _same(self, before: State, after: State, mutated: Policy) -> bool:
        plain = replace(after, **{name: getattr(before, name) for name in _SETTLED})
        asks: tuple[Callable[[State, State], bool], ...] = (
            self._same_ways,
            self._same_waiting,
            self._same_offers,
            self._same_work,
        )
        return plain == before and all(ask(before, after) for ask in asks) and self._same_terms(before, after, mutated)

    def _never(self, key: str, formula: Callable[[Place], Formula]) -> bool:
        """Return whether no case that comes to a state ever meets ``formula`` there."""
        return all(
            self.atlas.find(all_of((self.atlas.here(place), formula(place))), [place]) is None
            for place in self.atlas.map.rounds(key)
        )

    def _partly(self, place: Place) -> Partly:
        return Partly(self.atlas.carried, place)

    def _equal(self, key: str, pairs: Sequence[tuple[Expr, Expr]]) -> bool:
        """Return whether expressions come to the same in a state, whatever is unknown there."""
        if all(one == other for one, other in pairs):
            return True

        def unlike(place: Place) -> Formula:
            seen = self._partly(place)
            return any_of(differ.symbols(symbol_of(one, seen), symbol_of(other, seen)) for one, other in pairs)

        return self._never(key, unlike)

    def _same_ways(self, before: State, after: State) -> bool:
        """Return whether branches and reopenings open alike, read alike, and lead alike."""
        if len(before.branches) != len(after.branches) or len(before.reopen) != len(after.reopen):
            return False
        ways = zip(ways_of(before), ways_of(after), strict=True)
        if not all(self.unread.same(one.target, other.target) for one, other in ways):
            return False
        if any(one.within != other.within for one, other in zip(before.reopen, after.reopen, strict=True)):
            return False
        guards = [(one.guard, other.guard) for one, other in zip(before.branches, after.branches, strict=True)]
        reopened = [(one.when, other.when) for one, other in zip(before.reopen, after.reopen, strict=True)]
        return self._reads_alike(before, after) and self._equal(before.key, [*guards, *reopened])

    def _reads_alike(self, before: State, after: State) -> bool:
        """Return whether every branch that is taken holds on to the same answers."""
        return all(
            one.when == other.when or self._read(one) == self._read(other)
            for one, other in zip(before.branches, after.branches, strict=True)
        )

    def _read(self, branch: Branch) -> frozenset[str]:
        policy = self.atlas.policy
        return frozenset(with_inputs(policy, (*facts_of(branch.when), *names_read(policy, branch.when))))

    def _same_waiting(self, before: State, after: State) -> bool:
        """Return whether silence leads alike: whoever is silent, the edge that fires goes the same way."""
        if before.until != after.until:
            return False
        asked = [[branch.when for branch in state.branches] for state in (before, after)]
        one_way = len({(late.target, late.fact is None) for late in before.late}) <= 1
        if before.late == after.late and (asked[0] == asked[1] or one_way):
            return True
        return self._never(before.key, partial(self._silent_apart, before, after))

    def _silent_apart(self, before: State, after: State, place: Place) -> Formula:
        """Return when a case that rests in ``place`` goes another way in silence than it did, or goes on waiting."""
        seen, vocabulary = self._partly(place), self.atlas.carried.vocabulary
        one, other = (Silence(vocabulary, state, cast("Sight", seen)) for state in (before, after))
        rests = negate(any_of(truth_of(branch.guard, seen).yes for branch in before.branches))
        apart = (
            all_of((one.fires(late), other.fires(turned)))
            for late, turned in product(before.late, after.late)
            if not self.unread.same(late.target, turned.target)
        )
        answered = either(*(any_of(each.fires(late) for late in each.state.late) for each in (one, other)))
        return all_of((rests, any_of((*apart, answered))))

    def _same_offers(self, before: State, after: State) -> bool:
        """Return whether the same answers are offered: the same options, open in the same cases."""
        if before.offers == after.offers:
            return True
        pairs = [*_conditions(before.offers, after.offers)]
        return bool(pairs) and self._equal(before.key, pairs)

    def _same_work(self, before: State, after: State) -> bool:
        """Return whether the same is owed: what is left out pays money, and none is ever due there."""
        left_out = [todo for todo in before.do if todo not in after.do]
        if tuple(todo for todo in before.do if todo not in left_out) != after.do:
            return False
        pays = all(self.atlas.policy.actions[todo.action].pays for todo in left_out)
        return not left_out or (pays and self._never(before.key, self._is_due))

    def _is_due(self, place: Place) -> Formula:
        total = money_of(self.atlas.carried, place).sum_of("refund")
        return compare(">", total.value, 0)

    def _same_terms(self, before: State, after: State, mutated: Policy) -> bool:
        """Return whether money and liability come out alike wherever what the state lays down may hold."""
        if before.terms == after.terms:
            return True
        if plainly_unlike(before.terms, after.terms):
            return False
        ask = Money(self.atlas.carried, self._twin(mutated), before.terms, after.terms)
        return all(
            self.atlas.find(all_of((self.atlas.here(place), ask.unlike(place))), [place]) is None
            for place in self._behind(before.key)
        )

    def _twin(self, mutated: Policy) -> Carried:
        """Return what cases carry under other terms: all is shared but what was laid down."""
        carried = self.atlas.carried
        memo = {key: value for key, value in carried.memo.items() if key[0] != "laid"}
        twin = replace(carried, vocabulary=replace(carried.vocabulary, policy=mutated), memo=memo)
        twin.rules = carried.rules
        return twin

    def _behind(self, key: str) -> Iterator[Place]:
        """Yield every place that a case may come to from a state, its own first."""
        waiting, seen = list(self.atlas.map.rounds(key)), set[Place]()
        while waiting:
            place = waiting.pop(0)
            if place not in seen:
                seen.add(place)
                yield place
                waiting += [passage.target for passage in self.atlas.map.out.get(place, ())]


def _conditions(before: Sequence[Offer], after: Sequence[Offer]) -> Iterator[tuple[Expr, Expr]]:
    """Yield what two lists of offers make depend on conditions, pair by pair; nothing where they are not comparable."""
    pairs: list[tuple[Expr, Expr]] = []
    if [offer.fact for offer in before] != [offer.fact for offer in after]:
        return
    for one, other in zip(before, after, strict=True):
        if [value for value, _ in one.options] != [value for value, _ in other.options]:
            return
        pairs += [(when, also) for (_, when), (_, also) in zip(one.options, other.options, strict=True)]
        if (one.at_most is None) != (other.at_most is None):
            return
        if one.at_most is not None and other.at_most is not None:
            pairs.append((one.at_most, other.at_most))
    yield from pairs
