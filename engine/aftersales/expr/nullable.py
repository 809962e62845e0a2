"""Which facts that may be a known none are read without the flag that says they are there."""

from __future__ import annotations

from collections.abc import Mapping

from aftersales.expr.names import parts
from aftersales.expr.tree import All, Choose, Either, Expr, FactRef, Not, Present

_NONE: frozenset[str] = frozenset()


def unguarded_nullables(expr: Expr, flags_of: Mapping[str, str], known_true: frozenset[str]) -> tuple[str, ...]:
    """Return the nullable facts that ``expr`` reads where their flag is not surely true, each once, in order.

    ``flags_of`` maps every nullable fact, also a derived one that reads such a fact, to its flag; ``known_true`` are
    the flags that hold wherever ``expr`` is read. A flag guards what stands right of it in an ``and``, what stands
    right of its ``not`` in an ``or``, and the branch of an ``if`` that it chooses.
    """
    return tuple(dict.fromkeys(_Reads(flags_of).unguarded(expr, known_true)))


class _Reads:
    def __init__(self, flags_of: Mapping[str, str]) -> None:
        self._flags_of = flags_of

    def unguarded(self, expr: Expr, known: frozenset[str]) -> list[str]:
        match expr:
            case FactRef(name=name):
                return [name] if name in self._flags_of and self._flags_of[name] not in known else []
            case All(operands=operands):
                return self._one_by_one(operands, known, holds=True)
            case Either(operands=operands):
                return self._one_by_one(operands, known, holds=False)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                return [
                    *self.unguarded(condition, known),
                    *self.unguarded(then, known | self._implied(condition, holds=True)),
                    *self.unguarded(otherwise, known | self._implied(condition, holds=False)),
                ]
            case _:
                return [name for part in parts(expr) for name in self.unguarded(part, known)]

    def _one_by_one(self, operands: tuple[Expr, ...], known: frozenset[str], *, holds: bool) -> list[str]:
        """Read operands from left to right; each may lean on all before it being ``holds``."""
        found: list[str] = []
        for operand in operands:
            found += self.unguarded(operand, known)
            known |= self._implied(operand, holds=holds)
        return found

    def _implied(self, expr: Expr, *, holds: bool) -> frozenset[str]:
        """Return the flags that are surely true where ``expr`` is ``holds``."""
        match expr:
            case FactRef(name=name):
                return frozenset({name}) if holds else _NONE
            case Present(fact=fact) if holds and fact in self._flags_of:
                return frozenset({self._flags_of[fact]})
            case Not(operand=operand):
                return self._implied(operand, holds=not holds)
            case All(operands=operands) | Either(operands=operands) if operands:
                each = [self._implied(operand, holds=holds) for operand in operands]
                return _NONE.union(*each) if holds == isinstance(expr, All) else each[0].intersection(*each)
            case _:
                return _NONE
