"""What is asked about a row: formulas that are true or false of it, and amounts worked out from its columns.

A row is a code per column (0: unknown) and, for a number, its value beside the code. Formulas and amounts are made by
the functions here, which simplify them, and each is made once: two that are written alike are one object. So whatever
runs over rows can keep what it has worked out, by object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal
from weakref import WeakValueDictionary

from aftersales.columns.nodes import (
    Any_,
    Both,
    Calendar,
    Comparison,
    Const,
    Extreme,
    Floor,
    Formula,
    Function,
    Holds,
    Number,
    Opposite,
    Pick,
    Product,
    Term,
    Test,
    Total,
)
from aftersales.columns.reach import Reach, reach

_MADE: Final[WeakValueDictionary[tuple[Any, ...], Any]] = WeakValueDictionary()


def _made(kind: type, *parts: Any) -> Any:
    """Return the one object of this kind with these parts."""
    key = (kind, *parts)
    found = _MADE.get(key)
    if found is None:
        found = _MADE[key] = kind(*parts)
    return found


def among(column: str, codes: Iterable[int], size: int) -> Formula:
    """Return whether the code of ``column``, one of ``size``, is one of ``codes``."""
    kept = frozenset(codes)
    if not kept or len(kept) == size:
        return bool(kept)
    made: Formula = _made(Test, column, kept, size)
    return made


def compare(op: Literal["==", "!=", "<", "<=", ">", ">="], left: Term, right: Term) -> Formula:
    """Return whether ``left`` compares with ``right``."""
    match op:
        case "!=":
            return negate(compare("==", left, right))
        case ">":
            return compare("<", right, left)
        case ">=":
            return compare("<=", right, left)
        case _ if isinstance(left, Const) and isinstance(right, Const):
            return {"==": left.value == right.value, "<": left.value < right.value, "<=": left.value <= right.value}[op]
        case _ if left is right:
            return op != "<"
        case "<" if _is_part(right, left, "max") or _is_part(left, right, "min"):
            return False
        case "<=" if _is_part(right, left, "min") or _is_part(left, right, "max"):
            return True
        case _:
            made: Formula = _made(Holds, op, left, right)
            return made if (sure := _sure(op, reach(left), reach(right))) is None else sure


def _sure(op: Comparison, left: Reach, right: Reach) -> bool | None:
    """Return what a comparison comes to for whatever amounts within reach; ``None`` where they tell."""
    if left[1] < right[0]:
        return op != "=="
    if left[0] > right[1] or (op == "<" and left[0] == right[1]):
        return False
    return True if op == "<=" and left[1] == right[0] else None


def _is_part(part: Term, whole: Term, which: Literal["min", "max"]) -> bool:
    """Return whether ``whole`` is the least or the most of ``part`` and others."""
    return isinstance(whole, Extreme) and whole.which == which and part in whole.parts


def negate(formula: Formula) -> Formula:
    """Return the opposite of ``formula``."""
    match formula:
        case bool():
            return not formula
        case Test(column, codes, size):
            return among(column, frozenset(range(size)) - codes, size)
        case Opposite(part):
            return part
        case Both(parts):
            return any_of(negate(part) for part in parts)
        case Any_(parts):
            return all_of(negate(part) for part in parts)
        case _:
            made: Formula = _made(Opposite, formula)
            return made


def all_of(formulas: Iterable[Formula]) -> Formula:
    """Return whether every one of ``formulas`` is true; true where there are none."""
    parts = _merged(formulas, Both)
    if parts is None:
        return False
    parts = _given(parts)
    return _joined(parts, Both, nothing=True)


def any_of(formulas: Iterable[Formula]) -> Formula:
    """Return whether one of ``formulas`` is true; false where there are none."""
    parts = _merged(formulas, Any_)
    return True if parts is None else _joined(parts, Any_, nothing=False)


def _joined(parts: list[Formula], kind: type[Both | Any_], *, nothing: bool) -> Formula:
    if len(parts) <= 1:
        return parts[0] if parts else nothing
    made: Formula = _made(kind, tuple(parts))
    return made


def _flat(formulas: Iterable[Formula], kind: type[Both | Any_]) -> Iterator[Formula]:
    for formula in formulas:
        if isinstance(formula, kind):
            yield from formula.parts
        else:
            yield formula


def _merged(formulas: Iterable[Formula], kind: type[Both | Any_]) -> list[Formula] | None:
    """Return the parts, each once, tests of one column as one; ``None`` where one of them (or two) settles it."""
    decisive = kind is Any_
    tests: dict[str, Test] = {}
    rest: dict[Formula, None] = {}
    for part in _flat(formulas, kind):
        if isinstance(part, bool):
            if part is decisive:
                return None
        elif isinstance(part, Test):
            merged = _both_tests(tests.get(part.column), part, kind)
            if isinstance(merged, bool):
                return None
            tests[part.column] = merged
        elif isinstance(part, Holds | Opposite) and negate(part) in rest:
            return None
        else:
            rest[part] = None
    return [*tests.values(), *rest]


def _both_tests(one: Test | None, other: Test, kind: type[Both | Any_]) -> Test | bool:
    if one is None:
        return other
    codes = one.codes & other.codes if kind is Both else one.codes | other.codes
    merged = among(one.column, codes, one.size)
    return merged if isinstance(merged, Test | bool) else bool(codes)


def _given(parts: list[Formula]) -> list[Formula]:
    """Take out of every choice what the other parts already settle."""
    tests = {part.column: part.codes for part in parts if isinstance(part, Test)}
    whole = set(parts)
    kept: list[Formula] = []
    for part in parts:
        slim = _slim(part, tests, whole) if isinstance(part, Any_) else part
        if slim is not True:
            kept.append(slim)
    if any(part is not new for part, new in zip(parts, kept, strict=False)) or len(kept) < len(parts):
        again = _merged(kept, Both)
        return [False] if again is None else again
    return kept


def _slim(choice: Any_, tests: dict[str, frozenset[int]], whole: set[Formula]) -> Formula:
    """Return a choice under what is known of the tests' columns and of whole parts."""
    if any(part in whole for part in choice.parts):
        return True
    left: list[Formula] = []
    for part in choice.parts:
        known = tests.get(part.column) if isinstance(part, Test) else None
        if known is None or not isinstance(part, Test):
            if not isinstance(part, Holds | Opposite) or negate(part) not in whole:
                left.append(part)
        elif known <= part.codes:
            return True
        elif known & part.codes:
            left.append(part)
    return choice if len(left) == len(choice.parts) else any_of(left)


def const(value: int) -> Term:
    """Return a number that is the same in every row."""
    made: Term = _made(Const, value)
    return made


def number(column: str, bound: int) -> Term:
    """Return the number in a column, at most ``bound`` away from 0."""
    made: Term = _made(Number, column, bound)
    return made


def total(parts: Iterable[tuple[int, Term]]) -> Term:
    """Return parts with their factors, added up."""
    fixed, open_ = 0, dict[Term, int]()
    for factor, part in parts:
        inside = part.parts if isinstance(part, Total) else ((1, part),)
        for inner, term in inside:
            if isinstance(term, Const):
                fixed += factor * inner * term.value
            else:
                open_[term] = open_.get(term, 0) + factor * inner
    kept = [(factor, term) for term, factor in open_.items() if factor]
    if not kept or (fixed == 0 and len(kept) == 1 and kept[0][0] == 1):
        return kept[0][1] if kept else const(fixed)
    made: Term = _made(Total, (*kept, (1, const(fixed))) if fixed else tuple(kept))
    return made


def product(factors: Iterable[Term], divisor: int = 1) -> Term:
    """Return factors multiplied, divided by ``divisor`` and rounded half up."""
    fixed, open_ = 1, list[Term]()
    for factor in factors:
        if isinstance(factor, Const):
            fixed *= factor.value
        else:
            open_.append(factor)
    if not open_ or fixed == 0:
        return const(_half_up(fixed, divisor) if not open_ else 0)
    if fixed == divisor == 1 and len(open_) == 1:
        return open_[0]
    made: Term = _made(Product, (*open_, const(fixed)) if fixed != 1 else tuple(open_), divisor)
    return made


def _half_up(value: int, divisor: int) -> int:
    rounded = (2 * abs(value) + divisor) // (2 * divisor)
    return rounded if value >= 0 else -rounded


def floor(part: Term, divisor: int) -> Term:
    """Return ``part``, never negative, divided by ``divisor`` and rounded down."""
    if isinstance(part, Const):
        return const(part.value // divisor)
    made: Term = _made(Floor, part, divisor)
    return part if divisor == 1 else made


def extreme(which: Literal["min", "max"], parts: Iterable[Term]) -> Term:
    """Return the least or the most of the parts."""
    flat = dict.fromkeys(
        inner
        for part in parts
        for inner in (part.parts if isinstance(part, Extreme) and part.which == which else (part,))
    )
    fixed = [part.value for part in flat if isinstance(part, Const)]
    kept: list[Term] = [part for part in flat if not isinstance(part, Const)]
    if fixed:
        kept.append(const(min(fixed) if which == "min" else max(fixed)))
    made: Term = kept[0] if len(kept) == 1 else _made(Extreme, which, tuple(kept))
    return made


def pick(when: Formula, then: Term, otherwise: Term) -> Term:
    """Return ``then`` where ``when`` is true, else ``otherwise``."""
    if isinstance(when, bool):
        return then if when else otherwise
    if then is otherwise:
        return then
    made: Term = _made(Pick, when, then, otherwise)
    return made


def calendar(function: Function, parts: tuple[Term, ...]) -> Term:
    """Return a date function over instants in the policy's timezone."""
    made: Term = _made(Calendar, function, parts)
    return made
