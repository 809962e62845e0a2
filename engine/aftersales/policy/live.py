"""Which facts still matter in a state: those that it, or a state further on, looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import Expr
from aftersales.policy.arrival import inputs
from aftersales.policy.fields import NOTHING, Bits, Fields
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State, Target
from aftersales.policy.reads import asides_of, choosing_facts, of_offers
from aftersales.source import Span


def live_facts(policy: Policy, reads: Reads) -> Mapping[str, Bits]:
    """Return for every state the fields of all facts that may yet be read or forgotten by a case that stands there."""
    before = defaultdict[str, set[str]](set)
    live: dict[str, Bits] = {}
    for state in policy.states.values():
        live[state.key] = reads.in_(state) | reads.fields.mask(_changed_in(policy, state))
        for target in targets_of(policy, state):
            before[target.state].add(state.key)
    waiting = dict.fromkeys(live)
    while waiting:
        key, _ = waiting.popitem()
        here = live[key]
        for source in before[key]:
            joined = live[source] | here
            if joined != live[source]:
                live[source] = joined
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


class Reads:
    """Says which facts states read, also through derived facts, params and offers; what facts rest on is looked up once."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self._policy = policy = fields.policy
        self._behind: dict[str, Bits] = {}
        self._of_params = {name: choosing_facts(policy, param) for name, param in policy.params.items()}
        self._named: dict[int, tuple[tuple[str, ...], Expr]] = {}
        self._opened: dict[int, Bits] = {}
        self._in: dict[str, Bits] = {}
        self._asides: dict[str, Sequence[tuple[Expr, Span]]] = {}

    def in_(self, state: State) -> Bits:
        """Return the fields of all facts that may make a difference in ``state``."""
        found = self._in.get(state.key)
        if found is None:
            asides = self.opened(expr for expr, _ in self.asides(state))
            found = self._in[state.key] = self.deciding(state) | asides
        return found

    def names_in(self, state: State) -> frozenset[str]:
        """Return every fact that may make a difference in ``state``."""
        return frozenset(self.fields.names(self.in_(state)))

    def deciding(self, state: State) -> Bits:
        """Return the fields of all facts that may decide how a case goes on from ``state``: not what its terms come to."""
        found = self.fields.mask(offer.fact for offer in state.offers)
        if state.until is not None:
            found |= self._opened_of(state.until)
        found |= self.opened(branch.guard for branch in state.branches)
        return found | self.opened(expr for expr, _ in of_offers(state)) if state.offers else found

    def asides(self, state: State) -> Sequence[tuple[Expr, Span]]:
        """Return what a state reads besides its guards, as ``reads.asides_of`` does; each state is walked over once."""
        found = self._asides.get(state.key)
        if found is None:
            found = self._asides[state.key] = tuple(asides_of(state))
        return found

    def opened(self, exprs: Iterable[Expr]) -> Bits:
        """Return the fields of all facts that may make a difference to expressions."""
        found = NOTHING
        for expr in exprs:
            found |= self._opened_of(expr)
        return found

    def facts_of(self, expr: Expr) -> tuple[str, ...]:
        """Return the facts that a part of the policy reads, as ``names.facts_of`` does; each part is walked over once."""
        found = self._named.get(id(expr))
        if found is None:
            found = self._named[id(expr)] = (facts_of(expr), expr)
        return found[0]

    def _opened_of(self, expr: Expr) -> Bits:
        key = id(expr)
        if key not in self._opened:
            found = NOTHING
            for name in self.facts_of(expr):
                found |= self._with_behind(name)
            for param in params_of(expr):
                for name in self._of_params[param]:
                    found |= self._with_behind(name)
            self._opened[key] = found
        return self._opened[key]

    def _with_behind(self, name: str) -> Bits:
        """Return the field of a fact and of all that it is made of, through derived facts and what chooses params."""
        if name not in self._behind:
            fact = self._policy.facts[name]
            opened = NOTHING if fact.derived is None else self.opened((fact.derived,))
            self._behind[name] = opened | self.fields.mask((name, *inputs(fact)))
        return self._behind[name]


def _changed_in(policy: Policy, state: State) -> Iterator[str]:
    for target in targets_of(policy, state):
        yield from target.forget
        yield from (name for name, _ in target.add)
