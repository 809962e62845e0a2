"""What follows from a policy alone and is asked for in every world that is imagined under it: worked out once."""

from __future__ import annotations

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.expr.types import Value
from aftersales.policy.arrival import ANYTHING_UNREAD, Arrival, Known, fact_values, is_transparent
from aftersales.policy.asked import Asked
from aftersales.policy.live import Reads
from aftersales.policy.model import Policy
from aftersales.policy.reads import choosing_facts


class Lore:
    """What is known of the facts, params and amounts of one policy; filled as it is asked for."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.reads = Reads(policy)
        self.asked = Asked()
        self._transparent: dict[str, bool] = {}
        self._values: dict[str, tuple[Value, ...]] = {}
        self._listed: dict[tuple[str, bool], Known] = {}
        self._just: dict[tuple[type, Value, bool], Known] = {}
        self._choosing: dict[str, tuple[str, ...]] = {}
        self._written: dict[Expr, str] = {}
        self._facts: dict[int, tuple[tuple[str, ...], Expr]] = {}

    def is_transparent(self, name: str) -> bool:
        """Return whether a fact is derived and can be worked out from what it is made of."""
        if name not in self._transparent:
            self._transparent[name] = is_transparent(self.policy.facts[name])
        return self._transparent[name]

    def values(self, name: str) -> tuple[Value, ...]:
        """Return the values of a fact that can be listed; none where they cannot."""
        if name not in self._values:
            self._values[name] = fact_values(self.policy.facts[name]) or ()
        return self._values[name]

    def choosing(self, param: str) -> tuple[str, ...]:
        """Return the facts that choose the value of a param."""
        if param not in self._choosing:
            self._choosing[param] = choosing_facts(self.policy, self.policy.params[param])
        return self._choosing[param]

    def facts_of(self, expr: Expr) -> tuple[str, ...]:
        """Return the facts that a part of the policy reads, as ``names.facts_of`` does; each part is walked over once."""
        found = self._facts.get(id(expr))
        if found is None:
            found = self._facts[id(expr)] = (facts_of(expr), expr)
        return found[0]

    def written(self, expr: Expr) -> str:
        """Return an expression in words of the engine's own, by which two are put in order."""
        if expr not in self._written:
            self._written[expr] = repr(expr)
        return self._written[expr]

    def just(self, value: Value, *, read: bool = True) -> Known:
        """Return what is known of a fact of which this is the value; the same object each time."""
        key = (type(value), value, read)
        if key not in self._just:
            self._just[key] = Known(frozenset({value}), read)
        return self._just[key]

    def every_listed(self, known: Arrival) -> Arrival:
        """Return ``known`` with all values written out of each fact that has a list of them and may have any."""
        open_ = {name: self._all_of(name, entry) for name, entry in known.items() if entry.values is None}
        return {**known, **open_} if open_ else known

    def unread_may_change(self, arrival: Arrival) -> Arrival:
        """Return ``arrival`` for a case that has rested: an answer taken for silence may have been replaced by a real one."""
        if all(known.read for known in arrival.values()):
            return arrival
        return {name: known if known.read else self._any_of(name) for name, known in arrival.items()}

    def _any_of(self, name: str) -> Known:
        return self._all_of(name, ANYTHING_UNREAD)

    def _all_of(self, name: str, known: Known) -> Known:
        key = (name, known.read)
        if key not in self._listed:
            values = fact_values(self.policy.facts[name])
            self._listed[key] = Known(None if values is None else frozenset(values), known.read)
        return self._listed[key]
