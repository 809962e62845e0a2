"""Which facts an expression or a fact rests on: inputs of derived and computed facts, dates and platforms of params."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import Expr
from aftersales.policy.computed import COMPUTED_FACTS
from aftersales.policy.model import Policy
from aftersales.policy.reads import choosing_facts


def names_read(policy: Policy, expr: Expr) -> Iterator[str]:
    """Yield the facts that ``expr`` names, and those that choose the params it names."""
    yield from facts_of(expr)
    for name in params_of(expr):
        yield from choosing_facts(policy, policy.params[name])


def with_inputs(policy: Policy, names: Iterable[str], told: Collection[str] = ()) -> Iterator[str]:
    """Yield ``names`` and all that they rest on, each once; a fact in ``told`` stands for itself."""
    unread, seen = list(names), set[str]()
    while unread:
        name = unread.pop()
        if name not in seen:
            seen.add(name)
            yield name
            if name not in told:
                unread.extend(_inputs(policy, name))


def _inputs(policy: Policy, name: str) -> Iterator[str]:
    fact = policy.facts[name]
    if fact.derived is not None:
        yield from names_read(policy, fact.derived)
    if fact.computed:
        yield from (part for part in COMPUTED_FACTS[name] if part in policy.facts)
