"""Which facts still matter in a state: those that it, or a state further on, looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import Expr
from aftersales.policy.arrival import inputs
from aftersales.policy.model import Policy, State, Target
from aftersales.policy.reads import asides_of
from aftersales.policy.world import choosing_facts


def live_facts(policy: Policy) -> Mapping[str, frozenset[str]]:
    """Return for every state the facts that may yet be read or forgotten by a case that stands there."""
    before = defaultdict[str, set[str]](set)
    live: dict[str, frozenset[str]] = {}
    for state in policy.states.values():
        live[state.key] = frozenset(_read(policy, state))
        for target in targets_of(policy, state):
            before[target.state].add(state.key)
    waiting = dict.fromkeys(live)
    while waiting:
        key, _ = waiting.popitem()
        for source in before[key]:
            if not live[key] <= live[source]:
                live[source] |= live[key]
                waiting[source] = None
    return live


def targets_of(policy: Policy, state: State) -> Iterator[Target]:
    """Yield every target that is written for ``state``, the interrupts of its flow included."""
    yield from (branch.target for branch in state.branches)
    yield from (late.target for late in state.late)
    yield from (reopen.target for reopen in state.reopen)
    if state.end is None:
        yield from (way.target for way in policy.flows[state.flow].anytime)


def _read(policy: Policy, state: State) -> Iterator[str]:
    exprs = [branch.guard for branch in state.branches]
    exprs += [expr for expr, _ in asides_of(state)]
    exprs += [] if state.until is None else [state.until]
    yield from _opened(policy, exprs)
    yield from (offer.fact for offer in state.offers)
    for target in targets_of(policy, state):
        yield from target.forget
        yield from (name for name, _ in target.add)


def _opened(policy: Policy, exprs: Iterable[Expr]) -> Iterator[str]:
    """Yield the facts that expressions read, through derived facts and what chooses params."""
    waiting = list(exprs)
    seen: set[str] = set()
    while waiting:
        expr = waiting.pop()
        chosen_by = (fact for name in params_of(expr) for fact in choosing_facts(policy, policy.params[name]))
        for name in (*facts_of(expr), *chosen_by):
            if name in seen:
                continue
            seen.add(name)
            yield name
            fact = policy.facts[name]
            yield from inputs(fact)
            if fact.derived is not None:
                waiting.append(fact.derived)
