"""The relations of cases of one shape: it is known when they are written which facts are told, and which nobody tells.

What nobody tells breaks no relation, nor does what orders are held against as they are read; and what is surely told need
not be asked whether it is.
"""

from __future__ import annotations

from collections.abc import Collection

from aftersales.case.quick_plain import never_above
from aftersales.expr.names import facts_of
from aftersales.expr.tree import Compare, Expr, FactRef, Literal, Not, ParamRef, Present
from aftersales.policy.model import Fact
from aftersales.run.function.sheet import Names, Sheet


class ShapedSheet(Sheet):
    """The body of a function of cases that surely tell some facts, others ``perhaps``, and nothing derived."""

    def __init__(self, names: Names, told: Collection[str], perhaps: Collection[str]) -> None:
        super().__init__(names)
        self._told = frozenset(told)
        self._perhaps = frozenset(perhaps)
        self._never_above = never_above(told)

    def is_known(self, name: str) -> bool:
        """Return whether a fact is known wherever what comes next is run."""
        derived = self.policy.facts[name].derived
        return name in self._told or (isinstance(derived, Present) and derived.fact in self._told)

    def is_never_false(self, condition: Expr) -> bool:
        """Return whether a condition cannot be false: for want of what it looks at, or by the way orders are read."""
        match condition:
            case Compare(op="<=", left=FactRef(name=left), right=FactRef(name=right)) if (
                left,
                right,
            ) in self._never_above:
                return True
            case Compare(left=FactRef() | ParamRef() | Literal(), right=FactRef() | ParamRef() | Literal()):
                return any(self._is_never_told(name) for name in facts_of(condition))
            case FactRef(name=name) | Not(operand=FactRef(name=name)) | Present(fact=name):
                return self._is_never_told(name)
            case _:
                return False

    def _is_never_told(self, name: str) -> bool:
        fact = self.policy.facts[name]
        if fact.derived is not None:
            return isinstance(fact.derived, Present) and self._is_never_told(fact.derived.fact)
        return not (fact.counter or name in self._told or name in self._perhaps)

    def _read_into(self, local: str, fact: Fact) -> None:
        derived = fact.derived
        if fact.name in self._told:
            self.put(f"{local} = f[{fact.name!r}]")
        elif isinstance(derived, Present) and derived.fact in self._told:
            self.put(f"{local} = {self.read_fact(derived.fact)} is not None")
        else:
            super()._read_into(local, fact)
