"""What follows from a policy alone and is asked for in every world that is imagined under it: worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from aftersales.expr.tree import Expr, FactRef, Literal
from aftersales.expr.types import Value
from aftersales.policy.arrival import is_transparent
from aftersales.policy.asked import Asked
from aftersales.policy.fields import Fields
from aftersales.policy.live import Reads, along_the_ways
from aftersales.policy.model import Policy
from aftersales.policy.reads import choosing_facts


class Pair:
    """Two amounts that are compared; ``sign`` says how (-1, 0, 1) where that is the same in every world, ``key`` names them."""

    __slots__ = ("key", "left", "right", "sign")

    def __init__(self, left: Expr, right: Expr, sign: int | None = None) -> None:
        self.left, self.right, self.sign = left, right, sign
        self.key = ("order", (left, right))


class Lore:
    """What is known of the facts, params and amounts of one policy; filled as it is asked for."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.fields = Fields(policy)
        self.reads = Reads(self.fields)
        self.facts_of = self.reads.facts_of
        self.asked = Asked()
        self._made_of: dict[str, Expr | None] = {}
        self._choosing: dict[str, tuple[str, ...]] = {}
        self._written: dict[Expr, str] = {}
        self._counted: dict[tuple[str, Value], Literal] = {}
        self._pairs: dict[tuple[int, int], tuple[Pair, tuple[Expr, Expr]]] = {}

    def made_of(self, name: str) -> Expr | None:
        """Return what a derived fact can be worked out from, ``None`` for every other fact."""
        if name not in self._made_of:
            fact = self.policy.facts[name]
            self._made_of[name] = fact.derived if is_transparent(fact) else None
        return self._made_of[name]

    def choosing(self, param: str) -> tuple[str, ...]:
        """Return the facts that choose the value of a param."""
        if param not in self._choosing:
            self._choosing[param] = choosing_facts(self.policy, self.policy.params[param])
        return self._choosing[param]

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Return the states that lead on from the start, each behind all that lead to it, loops aside."""
        return along_the_ways(self.policy, self.policy.flows[self.policy.root].start)

    def counted(self, counter: FactRef, value: Value) -> Literal:
        """Return the number that a counter stands at as an amount; the same object each time."""
        key = (counter.name, value)
        if key not in self._counted:
            self._counted[key] = Literal(counter.type, value)
        return self._counted[key]

    def pair(self, left: Expr, right: Expr) -> Pair:
        """Return two amounts as a pair that is the same whichever of them comes first; each two are put in order once.

        They are known by identity, so who makes amounts makes the same one each time: else this would grow with every world.
        """
        key = (id(left), id(right))
        found = self._pairs.get(key)
        if found is None:
            found = self._pairs[key] = (self._paired(left, right), (left, right))
        return found[0]

    def _paired(self, left: Expr, right: Expr) -> Pair:
        if left == right:
            return Pair(left, right, sign=0)
        if isinstance(left, Literal) and isinstance(right, Literal):
            return Pair(left, right, sign=_sign_of(left.value, right.value))
        if isinstance(left, Literal) or (not isinstance(right, Literal) and self.written(left) > self.written(right)):
            left, right = right, left
        return Pair(left, right)

    def written(self, expr: Expr) -> str:
        """Return an expression in words of the engine's own, by which two are put in order."""
        if expr not in self._written:
            self._written[expr] = repr(expr)
        return self._written[expr]


def _sign_of(left: Value, right: Value) -> int:
    if isinstance(left, int) and isinstance(right, int):
        return (left > right) - (left < right)
    return 0 if left == right else 1
