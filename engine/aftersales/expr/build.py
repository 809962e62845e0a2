"""Making expressions from expressions, and trying conditions out on their atoms.

All of it keeps the three truth values: what is made is true, false and unknown exactly where its description says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from aftersales.expr.names import parts
from aftersales.expr.tree import FALSE, TRUE, All, Choose, Compare, Comparison, Either, Expr, Literal, Not
from aftersales.expr.types import FLAG, UNKNOWN, Unknown

#: One of the three truth values.
Truth = bool | Unknown
#: A condition made ready for trying out: gives its truth from the truths of its atoms, by their places.
Trial = Callable[[Sequence[Truth]], Truth]

#: What a comparison says when it does not hold.
OPPOSITE: Final[Mapping[Comparison, Comparison]] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}


def negate(expr: Expr) -> Expr:
    """Return the condition that is true where ``expr`` is false, and unknown where it is unknown."""
    match expr:
        case Literal(value=bool(value)):
            return FALSE if value else TRUE
        case Not(operand=operand):
            return operand
        case Compare(op=op, left=left, right=right):
            return Compare(OPPOSITE[op], left, right)
        case _:
            return Not(expr)


def conjoin(exprs: Iterable[Expr]) -> Expr:
    """Return ``a and b and …`` of all, in order, each condition once; of none: true."""
    return _join(All, exprs)


def disjoin(exprs: Iterable[Expr]) -> Expr:
    """Return ``a or b or …`` of all, in order, each condition once; of none: false."""
    return _join(Either, exprs)


def simplify(expr: Expr) -> Expr:
    """Return ``expr`` with written-down truths worked in, nested ``and`` and ``or`` joined, doubles left out.

    What is inside comparisons and amounts stays as it is.
    """
    match expr:
        case All(operands=operands):
            return conjoin(simplify(operand) for operand in operands)
        case Either(operands=operands):
            return disjoin(simplify(operand) for operand in operands)
        case Not(operand=operand):
            return negate(simplify(operand))
        case Choose(type=type_, condition=condition, then=then, otherwise=otherwise):
            decided = simplify(condition)
            if isinstance(decided, Literal):
                return simplify(then if decided.value else otherwise)
            return Choose(type_, decided, simplify(then), simplify(otherwise))
        case _:
            return expr


def atoms(expr: Expr) -> tuple[Expr, ...]:
    """Return the conditions that ``expr`` is put together from, each once, in order.

    An atom is a flag, a comparison, an ``in``, a ``present`` or a condition over lines: nothing with ``and``, ``or``,
    ``not`` or ``if`` around it.
    """
    found: dict[Expr, None] = {}
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, All | Either | Not | Choose):
            waiting.extend(reversed(parts(node)))
        elif not isinstance(node, Literal):
            found[node] = None
    return tuple(found)


def trial(expr: Expr, order: Sequence[Expr]) -> Trial:
    """Make ``expr`` ready for being tried out many times; ``order`` lists its atoms, maybe among others.

    Some hundred thousand trials a second. Raises KeyError where an atom of ``expr`` is not in ``order``.
    """
    return _trial(expr, {atom: place for place, atom in enumerate(order)})


def assign(expr: Expr, values: Mapping[Expr, Truth]) -> Truth:
    """Return the truth of ``expr`` from the truths of its atoms; one that is not in ``values`` is unknown."""
    order = tuple({**dict.fromkeys(atoms(expr)), **values})
    return trial(expr, order)([values.get(atom, UNKNOWN) for atom in order])


def _join(join: type[All | Either], exprs: Iterable[Expr]) -> Expr:
    neutral, decisive = (TRUE, FALSE) if join is All else (FALSE, TRUE)
    flat: dict[Expr, None] = {}
    for expr in exprs:
        flat.update(dict.fromkeys(expr.operands if isinstance(expr, join) else (expr,)))
    flat.pop(neutral, None)
    if decisive in flat:
        return decisive
    if not flat:
        return neutral
    return next(iter(flat)) if len(flat) == 1 else join(tuple(flat))


def _trial(expr: Expr, places: Mapping[Expr, int]) -> Trial:
    match expr:
        case Literal(type=type_, value=bool(value)) if type_ == FLAG:
            return lambda _truths: value
        case Not(operand=operand):
            return _denied(_trial(operand, places))
        case All(operands=operands):
            return _joined([_trial(operand, places) for operand in operands], decisive=False)
        case Either(operands=operands):
            return _joined([_trial(operand, places) for operand in operands], decisive=True)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return _chosen(*(_trial(part, places) for part in (condition, then, otherwise)))
        case _:
            place = places[expr]
            return lambda truths: truths[place]


def _denied(inner: Trial) -> Trial:
    def run(truths: Sequence[Truth]) -> Truth:
        truth = inner(truths)
        return UNKNOWN if truth is UNKNOWN else not truth

    return run


def _joined(inner: Sequence[Trial], *, decisive: bool) -> Trial:
    def run(truths: Sequence[Truth]) -> Truth:
        result: Truth = not decisive
        for operand in inner:
            truth = operand(truths)
            if truth is decisive:
                return decisive
            if truth is UNKNOWN:
                result = UNKNOWN
        return result

    return run


def _chosen(condition: Trial, then: Trial, otherwise: Trial) -> Trial:
    def run(truths: Sequence[Truth]) -> Truth:
        decided = condition(truths)
        if decided is UNKNOWN:
            return UNKNOWN
        return then(truths) if decided else otherwise(truths)

    return run
