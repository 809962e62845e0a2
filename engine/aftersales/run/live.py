"""Which answers can still matter: the facts that any state reachable from here, or a term laid down so far, reads."""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.expr.tree import Expr
from aftersales.policy.model import Policy, PostageTerm, State, Target, Terms
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
        return self._from(walk.state) | self._close(_of_terms(self._policy, terms))

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
            for target in self._targets(state):
                if target.state not in seen:
                    seen.add(target.state)
                    waiting.append(target.state)

    def _targets(self, state: State) -> Iterator[Target]:
        yield from (branch.target for branch in state.branches)
        yield from (late.target for late in state.late)
        yield from (interrupt.target for interrupt in self._policy.flows[state.flow].anytime)

    def _close(self, names: Iterator[str]) -> frozenset[str]:
        return frozenset(with_inputs(self._policy, names))


def _of_state(policy: Policy, state: State) -> Iterator[str]:
    for expr in _expressions(state):
        yield from names_read(policy, expr)
    yield from (offer.fact for offer in state.offers)
    yield from (way.on for way in policy.flows[state.flow].anytime)
    yield from _of_terms(policy, state.terms)


def _expressions(state: State) -> Iterator[Expr]:
    yield from (branch.when for branch in state.branches)
    if state.until is not None:
        yield state.until
    for offer in state.offers:
        yield from (when for _, when in offer.options)
        if offer.at_most is not None:
            yield offer.at_most


def _of_terms(policy: Policy, terms: Terms) -> Iterator[str]:
    for expr in _amounts_and_bearers(terms):
        yield from names_read(policy, expr)
    for term in terms.postage:
        leg = policy.legs[term.leg]
        yield from (name for name in (leg.amount, leg.insured) if name is not None)
        yield from (name for name in ("insured_up_to", "insurance_payout") if name in policy.facts)


def _amounts_and_bearers(terms: Terms) -> Iterator[Expr]:
    if terms.liable is not None and not isinstance(terms.liable, tuple):
        yield terms.liable
    yield from _bearers(terms.postage)
    for line in (*terms.refund, *terms.deductions, *terms.charge, *terms.recover):
        yield line.amount
        if line.cap is not None:
            yield line.cap


def _bearers(postage: tuple[PostageTerm, ...]) -> Iterator[Expr]:
    for term in postage:
        if term.advanced is not None:
            yield term.advanced
        if term.borne is not None and not isinstance(term.borne, tuple):
            yield term.borne
