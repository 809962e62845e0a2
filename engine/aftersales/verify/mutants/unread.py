"""Facts that nobody looks at any more: to forget, take or count them differently changes no decision.

To forget such a fact once more is no look at it. What is told of it later may be shown as an answer that waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from aftersales.expr.types import Value
from aftersales.policy.fields import Fields
from aftersales.policy.live import Reads, targets_of
from aftersales.policy.model import Branch, Policy, Reopen, State, Target
from aftersales.policy.reads import of_terms
from aftersales.policy.scripts import placeholders
from aftersales.run.reads import names_read, with_inputs
from aftersales.verify.mutants.answers import told_apart

Way = Branch | Reopen


class Unread:
    """What is still read from every state of a policy on; terms laid down on the way there are read to the very end."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        leads = [(state.key, target.state) for state in policy.states.values() for target in targets_of(policy, state)]
        reads = Reads(Fields(policy))
        ahead = {key: reads.names_in(state) for key, state in policy.states.items()}
        terms = {key: _in_terms(policy, state) for key, state in policy.states.items()}
        self._ahead = _spread(ahead, ((target, source) for source, target in leads))
        self._laid = _spread(terms, leads)
        self._always = frozenset(_everywhere(policy))

    def same(self, before: Target, after: Target) -> bool:
        """Return whether two targets differ at most in what they do to facts that are not read from there on.

        Another answer to a fact that is read may be taken where nothing ahead tells the two apart.
        """
        if (before.state, before.restart, before.hands_over) != (after.state, after.restart, after.hands_over):
            return False
        answers = _other_answers(before, after)
        return not any(
            self._is_read(name, before.state) and self._told_apart(name, before.state, answers.get(name))
            for name in _treated_differently(before, after)
        )

    def _told_apart(self, name: str, state: str, answers: tuple[Value, Value] | None) -> bool:
        if answers is None or name in self._always or name in self._laid[state]:
            return True
        return told_apart(self._policy, state, name, answers)

    def _is_read(self, name: str, state: str) -> bool:
        return name in self._always or name in self._ahead[state] or name in self._laid[state]


def _spread(found: Mapping[str, frozenset[str]], leads: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """Return what is ``found`` in each state together with all that is handed on to it along ``leads``."""
    onward, whole = defaultdict[str, list[str]](list), dict(found)
    for one, other in leads:
        onward[one].append(other)
    waiting = dict.fromkeys(whole)
    while waiting:
        key, _ = waiting.popitem()
        for other in onward[key]:
            if not whole[key] <= whole[other]:
                whole[other] |= whole[key]
                waiting[other] = None
    return whole


def _in_terms(policy: Policy, state: State) -> frozenset[str]:
    named = (name for expr, _ in of_terms(state.terms, state.span) for name in names_read(policy, expr))
    return frozenset(with_inputs(policy, named))


def _everywhere(policy: Policy) -> Iterator[str]:
    """Yield what counts wherever a case stands: the money of legs, interrupts, relations, what scripts say.

    What a derived fact is made of counts too: a case that tells both must tell them alike.
    """
    yield from (name for leg in policy.legs.values() for name in (leg.amount, leg.insured) if name is not None)
    yield from (way.on for flow in policy.flows.values() for way in flow.anytime)
    related = (name for each in policy.holds for name in names_read(policy, each.condition))
    derived = (name for name, fact in policy.facts.items() if fact.derived is not None)
    yield from with_inputs(policy, (*related, *derived))
    scripts = (action.say for action in policy.actions.values() if action.say is not None)
    yield from (name for say in scripts for name in placeholders(say.zh))


def _other_answers(before: Target, after: Target) -> Mapping[str, tuple[Value, Value]]:
    """Return the facts to which both targets take an answer, with the two answers; none where they forget otherwise."""
    if before.forget != after.forget:
        return {}
    taken, instead = dict(before.take), dict(after.take)
    return {name: (taken[name], instead[name]) for name in taken.keys() & instead.keys()}


def _treated_differently(before: Target, after: Target) -> Iterable[str]:
    """Yield the facts that only one of two targets forgets, takes so, or counts so."""
    yield from set(before.forget) ^ set(after.forget)
    yield from (name for name, _ in set(before.take) ^ set(after.take))
    yield from (name for name, _ in set(before.add) ^ set(after.add))


def ways_of(state: State) -> tuple[Way, ...]:
    """Return the ways out of a state that answers open, in order."""
    return (*state.branches, *state.reopen)
