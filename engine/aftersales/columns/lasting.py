"""What still matters of a path: rows whose ways differed only in what nobody looks at again stand in one place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from aftersales.columns.sight import Context
from aftersales.expr.tree import Expr
from aftersales.policy.edges import source_of
from aftersales.policy.fields import Fields
from aftersales.policy.live import Reads, live_facts, targets_of
from aftersales.policy.model import MoneyLine, Policy, PostageTerm
from aftersales.run.laid import Laid
from aftersales.run.reads import names_read, with_inputs

#: What a leg's and the goods' money is worked out from, beside the policy's own formulas.
_MONEY = ("claimed_paid", "already_refunded", "insurance_payout", "insured_up_to")


class Lasting:
    """What of a path still matters in each state of a policy."""

    def __init__(self, policy: Policy, columns: Collection[str]) -> None:
        self._policy = policy
        self._columns = columns
        reads = Reads(Fields(policy))
        self._live = {key: frozenset(reads.fields.names(live)) for key, live in live_facts(policy, reads).items()}

    @cached_property
    def _always(self) -> frozenset[str]:
        """Return the facts that matter wherever rows come to stand."""
        policy = self._policy
        legs = (name for leg in policy.legs.values() for name in (leg.amount, leg.insured) if name is not None)
        held = (name for holds in policy.holds for name in names_read(policy, holds.condition))
        derived = (
            fact.name for fact in policy.facts.values() if fact.derived is not None and fact.name in self._columns
        )
        money = (name for name in _MONEY if name in policy.facts)
        return frozenset(with_inputs(policy, (*legs, *held, *derived, *money)))

    @cached_property
    def _ahead(self) -> Mapping[str, frozenset[str]]:
        """Return the states that a row can still come to from each state, itself included."""
        policy = self._policy
        next_ = {key: {target.state for target in targets_of(policy, state)} for key, state in policy.states.items()}
        ahead = {key: {key} for key in next_}
        changed = True
        while changed:
            changed = False
            for key, targets in next_.items():
                more = set().union(*(ahead[target] for target in targets)) - ahead[key]
                ahead[key] |= more
                changed = changed or bool(more)
        return {key: frozenset(states) for key, states in ahead.items()}

    def context(self, state: str, context: Context, laid: Laid) -> Context:
        """Return what of the changed facts still matters in a state."""
        changed = context.changed - self._live[state] - self._always
        if not changed:
            return context
        changed -= frozenset(with_inputs(self._policy, _laid_facts(self._policy, laid)))
        return Context(
            context.forgotten - changed,
            tuple((name, value) for name, value in context.taken if name not in changed),
            tuple((name, count) for name, count in context.counts if name not in changed),
        )

    def fired(self, state: str, fired: frozenset[str]) -> frozenset[str]:
        """Return which of the edges that fire once could fire again from a state."""
        states = self._ahead[state]
        flows = {self._policy.states[key].flow for key in states}
        return frozenset(key for key in fired if source_of(key) in (flows if "!" in key else states))

    def quiet(self, state: str, quiet: frozenset[str]) -> frozenset[str]:
        """Return which of the interrupts' facts could still be looked at from a state."""
        flows = {self._policy.states[key].flow for key in self._ahead[state]}
        return quiet.intersection(way.on for flow in flows for way in self._policy.flows[flow].anytime)


def _laid_facts(policy: Policy, laid: Laid) -> Iterator[str]:
    for expr in _laid_exprs(laid):
        yield from names_read(policy, expr)


def _laid_exprs(laid: Laid) -> Iterator[Expr]:
    if laid.liable is not None and not isinstance(laid.liable, tuple):
        yield laid.liable
    for term in laid.postage.values():
        yield from _of_term(term)
    for book in (laid.refund, laid.deductions, laid.charge, laid.recover):
        for line in book.values():
            yield from _of_line(line)


def _of_term(term: PostageTerm) -> Iterator[Expr]:
    if term.borne is not None and not isinstance(term.borne, tuple):
        yield term.borne
    if term.advanced is not None:
        yield term.advanced


def _of_line(line: MoneyLine) -> Iterator[Expr]:
    yield line.amount
    if line.cap is not None:
        yield line.cap
