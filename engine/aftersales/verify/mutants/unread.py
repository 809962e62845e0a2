"""Facts that nobody looks at any more: to forget, take or count them differently changes no decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aftersales.policy.live import live_facts, read_in
from aftersales.policy.model import Branch, Policy, Reopen, State, Target
from aftersales.policy.reads import of_terms
from aftersales.run.reads import names_read, with_inputs

Way = Branch | Reopen


class Unread:
    """What is still read from every state of a policy on; money lines laid down on the way read to the very end."""

    def __init__(self, policy: Policy) -> None:
        read = {key: read_in(policy, state) for key, state in policy.states.items()}
        self._live: Mapping[str, frozenset[str]] = live_facts(policy, read)
        terms = (expr for state in policy.states.values() for expr, _ in of_terms(state.terms, state.span))
        named = {name for expr in terms for name in names_read(policy, expr)}
        legs = (name for leg in policy.legs.values() for name in (leg.amount, leg.insured) if name is not None)
        heard = (way.on for flow in policy.flows.values() for way in flow.anytime)
        holds = (name for each in policy.holds for name in names_read(policy, each.condition))
        self._always = frozenset(with_inputs(policy, (*named, *legs, *heard, *holds)))

    def same(self, before: Target, after: Target) -> bool:
        """Return whether two targets differ at most in what they do to facts that are not read from there on."""
        if (before.state, before.restart, before.hands_over) != (after.state, after.restart, after.hands_over):
            return False
        return not any(self._is_read(name, before.state) for name in _treated_differently(before, after))

    def _is_read(self, name: str, state: str) -> bool:
        return name in self._always or name in self._live[state]


def _treated_differently(before: Target, after: Target) -> Iterable[str]:
    """Yield the facts that only one of two targets forgets, takes so, or counts so."""
    yield from set(before.forget) ^ set(after.forget)
    yield from (name for name, _ in set(before.take) ^ set(after.take))
    yield from (name for name, _ in set(before.add) ^ set(after.add))


def ways_of(state: State) -> tuple[Way, ...]:
    """Return the ways out of a state that answers open, in order."""
    return (*state.branches, *state.reopen)
