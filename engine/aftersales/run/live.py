"""Which answers can still matter: the facts that any state reachable from here, or a term laid down so far, reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from aftersales.policy.live import targets_of
from aftersales.policy.model import Policy, PostageTerm, State, Terms
from aftersales.policy.reads import asides_of, of_terms
from aftersales.run.reads import names_read, with_inputs
from aftersales.run.walk import Walk


class LiveFacts:
    """The live facts of a policy's states, worked out as they are asked for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._known: dict[str, frozenset[str]] = {}

    def at(self, walk: Walk) -> frozenset[str]:
        """Return the facts whose answers can still change where ``walk`` goes or what it comes to."""
        laid = walk.laid
        lines = (*laid.refund.values(), *laid.deductions.values(), *laid.charge.values(), *laid.recover.values())
        terms = Terms(postage=tuple(laid.postage.values()), refund=lines, liable=laid.liable)
        laid_down = (name for expr, _ in of_terms(terms, walk.at_state.span) for name in names_read(self._policy, expr))
        return self._from(walk.state) | self._close(chain(laid_down, _of_legs(self._policy, terms.postage)))

    def _from(self, key: str) -> frozenset[str]:
        if key not in self._known:
            read = (name for state in self._reachable(key) for name in _of_state(self._policy, state))
            self._known[key] = self._close(read)
        return self._known[key]

    def _reachable(self, key: str) -> Iterator[State]:
        waiting, seen = [key], {key}
        while waiting:
            state = self._policy.states[waiting.pop()]
            yield state
            for target in targets_of(self._policy, state):
                if target.state not in seen:
                    seen.add(target.state)
                    waiting.append(target.state)

    def _close(self, names: Iterator[str]) -> frozenset[str]:
        return frozenset(with_inputs(self._policy, names))


def _of_state(policy: Policy, state: State) -> Iterator[str]:
    guards = [branch.when for branch in state.branches] + ([] if state.until is None else [state.until])
    for expr in (*guards, *(aside for aside, _ in asides_of(state))):
        yield from names_read(policy, expr)
    yield from (offer.fact for offer in state.offers)
    yield from (way.on for way in policy.flows[state.flow].anytime)
    yield from _of_legs(policy, state.terms.postage)


def _of_legs(policy: Policy, postage: Iterable[PostageTerm]) -> Iterator[str]:
    for term in postage:
        leg = policy.legs[term.leg]
        yield from (name for name in (leg.amount, leg.insured) if name is not None)
        yield from (name for name in ("insured_up_to", "insurance_payout") if name in policy.facts)
