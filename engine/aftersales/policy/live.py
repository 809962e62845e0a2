"""Which facts still matter in a state: those that it, or a state further on, looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import Expr
from aftersales.policy.arrival import inputs
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State, Target
from aftersales.policy.reads import asides_of, choosing_facts, of_offers


def live_facts(policy: Policy, read: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """Return for every state the facts that may yet be read or forgotten by a case that stands there.

    ``read`` are those that make a difference in each state itself.
    """
    before = defaultdict[str, set[str]](set)
    live: dict[str, frozenset[str]] = {}
    for state in policy.states.values():
        live[state.key] = read[state.key].union(_changed_in(policy, state))
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


def ways_of(policy: Policy, state: State) -> Iterator[Branch | Late | Reopen | Anytime]:
    """Yield every way that is written for ``state``, the interrupts of its flow included."""
    yield from state.branches
    yield from state.late
    yield from state.reopen
    if state.end is None:
        yield from policy.flows[state.flow].anytime


def targets_of(policy: Policy, state: State) -> Iterator[Target]:
    """Yield every target that is written for ``state``, the interrupts of its flow included."""
    return (way.target for way in ways_of(policy, state))


def along_the_ways(policy: Policy, start: str) -> Mapping[str, int]:
    """Return the states that ``start`` leads to with their ranks from 0: behind all that lead to them, loops aside."""
    done: list[str] = []
    seen = {start}
    open_ = [(start, targets_of(policy, policy.states[start]))]
    while open_:
        targets = open_[-1][1]
        target = next((target.state for target in targets if target.state not in seen), None)
        if target is None:
            done.append(open_.pop()[0])
        else:
            seen.add(target)
            open_.append((target, targets_of(policy, policy.states[target])))
    return {key: rank for rank, key in enumerate(reversed(done))}


def read_in(policy: Policy, state: State) -> frozenset[str]:
    """Return every fact that may make a difference in ``state``, also through derived facts, params and offers."""
    return Reads(policy).in_(state)


class Reads:
    """Says which facts states read, also through derived facts, params and offers; what facts rest on is looked up once."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._behind: dict[str, frozenset[str]] = {}
        self._of_params = {name: choosing_facts(policy, param) for name, param in policy.params.items()}
        self._named: dict[int, tuple[tuple[str, ...], Expr]] = {}

    def in_(self, state: State) -> frozenset[str]:
        """Return every fact that may make a difference in ``state``."""
        return self.deciding(state).union(self.opened(expr for expr, _ in asides_of(state)))

    def deciding(self, state: State) -> frozenset[str]:
        """Return every fact that may decide how a case goes on from ``state``, by itself: not what its terms come to."""
        exprs = [branch.guard for branch in state.branches]
        exprs += [] if state.until is None else [state.until]
        exprs += [expr for expr, _ in of_offers(state)]
        return self.opened(exprs).union(offer.fact for offer in state.offers)

    def opened(self, exprs: Iterable[Expr]) -> frozenset[str]:
        """Return every fact that may make a difference to expressions."""
        read: set[str] = set()
        read.update(*map(self._directly, exprs))
        return frozenset(read).union(*map(self._rests_on, read))

    def _directly(self, expr: Expr) -> tuple[str, ...]:
        """Return the facts that an expression names, and those that choose its params; each is walked over once."""
        found = self._named.get(id(expr))
        if found is None:
            chosen = [fact for name in params_of(expr) for fact in self._of_params[name]]
            found = self._named[id(expr)] = ((*facts_of(expr), *chosen), expr)
        return found[0]

    def _rests_on(self, name: str) -> frozenset[str]:
        """Return what a fact is made of, through derived facts and what chooses params."""
        if name not in self._behind:
            fact = self._policy.facts[name]
            opened = frozenset[str]() if fact.derived is None else self.opened((fact.derived,))
            self._behind[name] = opened.union(inputs(fact))
        return self._behind[name]


def _changed_in(policy: Policy, state: State) -> Iterator[str]:
    for target in targets_of(policy, state):
        yield from target.forget
        yield from (name for name, _ in target.add)
