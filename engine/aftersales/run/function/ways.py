"""The ways out of a state as a tree of tests: which conditions are looked at, in which order, and what is then sure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aftersales.dataclass import dataclass, replace
from aftersales.expr.build import negate, simplify
from aftersales.expr.tree import All, Choose, Compare, Either, Expr, Extreme, FactRef, In, Literal, Not, Product, Sum
from aftersales.policy.model import Branch
from aftersales.run.function.texts import NO, Place, either, false, known, settled


@dataclass(frozen=True, slots=True)
class Way:
    """A branch of a state by its number, with the conditions that are not sure yet; all of them must hold."""

    number: int
    branch: Branch
    left: tuple[Expr, ...]

    def given(self, sure: Iterable[Expr]) -> Way:
        """Return the way where some conditions are sure."""
        known_true = tuple(sure)  # a few at most: comparing them costs less than hashing whole trees
        return replace(self, left=tuple(part for part in self.left if part not in known_true))


def ways_of(branches: Sequence[Branch]) -> tuple[Way, ...]:
    """Return the ways of a state in the author's order, each with all conditions of its guard."""
    return tuple(Way(number, branch, conditions(branch.guard)) for number, branch in enumerate(branches))


def conditions(guard: Expr) -> tuple[Expr, ...]:
    """Return what must all hold for a guard to hold."""
    whole = simplify(guard)
    if isinstance(whole, All):
        return whole.operands
    return () if isinstance(whole, Literal) and whole.value is True else (whole,)


def by_value(ways: Sequence[Way]) -> Iterator[tuple[Expr, tuple[Way, ...]]] | None:
    """Return the ways as a table over one fact, each of its values with its ways; ``None`` where they are none."""
    tests = [_tested(way.left[0]) if way.left else None for way in ways]
    first = tests[0] if tests else None
    if first is None or len(ways) < 2 or any(test is None or test[0] != first[0] for test in tests):
        return None
    groups: dict[Expr, list[Way]] = {}
    values: dict[object, Expr] = {}
    for way, test in zip(ways, tests, strict=True):
        for value in test[1] if test is not None else ():
            if values.setdefault(value, way.left[0]) != way.left[0]:
                return None
        groups.setdefault(way.left[0], []).append(way)
    return ((test, tuple(way.given((test,)) for way in group)) for test, group in groups.items())


def values_of(test: Expr) -> tuple[object, ...]:
    """Return the values for which a test of ``by_value`` holds."""
    tested = _tested(test)
    return () if tested is None else tested[1]


def _tested(condition: Expr) -> tuple[str, tuple[object, ...]] | None:
    """Return the fact that a condition compares with values, and those values."""
    match condition:
        case Compare(op="==", left=FactRef(name=name), right=Literal(value=value)):
            return name, (value,)
        case In(operand=FactRef(name=name), values=values):
            return name, values
        case FactRef(name=name):
            return name, (True,)
        case Not(operand=FactRef(name=name)):
            return name, (False,)
        case _:
            return None


def excluded(way: Way, below: Sequence[Way]) -> tuple[Expr, ...]:
    """Return what is sure once the way is known not to be open: what every way below it asks for; else nothing."""
    if not below or not way.left:
        return ()
    own = way.left[0] if len(way.left) == 1 else All(way.left)
    against = conditions(negate(own))
    return against if all(set(against) <= set(other.left) for other in below) else ()


def unknown(expr: Expr, at: Place) -> str:
    """Return the text that is true where a condition that is not known to be true is not known at all."""
    if settled(expr, at):
        return NO
    match expr:
        case All() | Either() | Choose():
            against = false(expr, at)
            return NO if against == "True" else f"not {against}"
        case Not(operand=operand):
            return unknown(operand, at) if not isinstance(operand, All | Either | Choose) else f"not {false(expr, at)}"
        case Compare(left=left, right=right):
            return either((unknown(left, at), unknown(right, at)))
        case In(operand=operand):
            return unknown(operand, at)
        case Sum() | Product() | Extreme():
            return f"not {known(expr, at)}"
        case FactRef(name=name) if not at.may_be_none(name):
            return f"{at.fact(name)} is None"
        case _:
            certain = known(expr, at)
            return NO if certain == "True" else f"not {certain}"
