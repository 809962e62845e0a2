"""Faults inside expressions: each rule yields what could stand in place of one node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from aftersales.expr.build import OPPOSITE, simplify
from aftersales.expr.names import parts
from aftersales.expr.tree import (
    All,
    Call,
    Choose,
    Compare,
    Comparison,
    Either,
    Expr,
    Extreme,
    FactRef,
    In,
    Literal,
    Not,
    Over,
    ParamRef,
    Product,
    Sum,
)
from aftersales.expr.types import Kind, Type

#: Yields what could wrongly stand in place of a node; nothing where the rule does not speak of such nodes.
Rule = Callable[[Expr], Iterator[Expr]]

#: An order that includes equality where the other does not, and the other way round.
_BOUNDARY: Final[Mapping[Comparison, Comparison]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def alternatives(expr: Expr, rule: Rule) -> Iterator[Expr]:
    """Yield ``expr`` with one node replaced by what ``rule`` says, for every node and every alternative, each once."""
    known = {simplify(expr)}
    for other in _replaced(expr, rule):
        plain = simplify(other)
        if plain not in known:
            known.add(plain)
            yield plain


def _replaced(expr: Expr, rule: Rule) -> Iterator[Expr]:
    yield from rule(expr)
    inside = parts(expr)
    for i, part in enumerate(inside):
        for other in _replaced(part, rule):
            yield with_parts(expr, (*inside[:i], other, *inside[i + 1 :]))


def with_parts(expr: Expr, inside: tuple[Expr, ...]) -> Expr:
    """Return ``expr`` made of other parts, in the order of ``parts``."""
    match expr:
        case Compare():
            return replace(expr, left=inside[0], right=inside[1])
        case All() | Either() | Extreme():
            return replace(expr, operands=inside)
        case Product():
            return replace(expr, factors=inside)
        case Call():
            return replace(expr, arguments=inside)
        case Sum(terms=terms):
            return replace(expr, terms=tuple((sign, part) for (sign, _), part in zip(terms, inside, strict=True)))
        case Choose():
            return replace(expr, then=inside[0], condition=inside[1], otherwise=inside[2])
        case Not() | In():
            return replace(expr, operand=inside[0])
        case Over():
            return replace(expr, body=inside[0])
        case _:
            raise AssertionError(expr)


def flipped(expr: Expr) -> Iterator[Expr]:
    """``<`` for ``<=``, ``>`` for ``<=``, ``!=`` for ``==``."""
    if isinstance(expr, Compare):
        if expr.op in _BOUNDARY:
            yield replace(expr, op=_BOUNDARY[expr.op])
        yield replace(expr, op=OPPOSITE[expr.op])


def moved(expr: Expr) -> Iterator[Expr]:
    """One more and one less than a count that something is compared with."""
    match expr:
        case Compare(right=Literal(type=Type(kind=Kind.COUNT), value=int(value)) as bound):
            for other in (value - 1, value + 1):
                if other >= 0:
                    yield replace(expr, right=replace(bound, value=other))
        case _:
            return


def negated(expr: Expr) -> Iterator[Expr]:
    """A flag for its opposite, ``in`` for ``not in``, a condition without its ``not``."""
    match expr:
        case FactRef(type=Type(kind=Kind.FLAG)) | ParamRef(type=Type(kind=Kind.FLAG)) | In():
            yield Not(expr)
        case Not(operand=inner):
            yield inner
        case _:
            return


def shortened(expr: Expr) -> Iterator[Expr]:
    """``and`` and ``or`` without one of their conditions."""
    if isinstance(expr, All | Either):
        for i in range(len(expr.operands)):
            left = (*expr.operands[:i], *expr.operands[i + 1 :])
            yield left[0] if len(left) == 1 else replace(expr, operands=left)


def reworded(expr: Expr) -> Iterator[Expr]:
    """The next word of a choice for the one compared with; a list of words without one of them, or with one more."""
    match expr:
        case Compare(right=Literal(type=Type(kind=Kind.CHOICE | Kind.PARTY)) as word):
            yield replace(expr, right=replace(word, value=next_word(word.type.values, str(word.value))))
        case In(operand=operand, values=values):
            for i in range(len(values) if len(values) > 1 else 0):
                yield replace(expr, values=(*values[:i], *values[i + 1 :]))
            missing = [word for word in operand.type.values if word not in values]
            if len(missing) > 1:
                yield replace(expr, values=(*values, missing[0]))
        case _:
            return


def next_word(words: tuple[str, ...], word: str) -> str:
    """Return the word after ``word``, the first after the last."""
    return words[(words.index(word) + 1) % len(words)]


def miscalculated(expr: Expr) -> Iterator[Expr]:
    """A sum with another sign or without a term, ``min`` for ``max``, a product without a factor of another kind."""
    match expr:
        case Sum(terms=terms):
            for i, (sign, term) in enumerate(terms[1:], start=1):
                yield replace(expr, terms=(*terms[:i], (-sign, term), *terms[i + 1 :]))
            for i in range(len(terms)):
                left = (*terms[:i], *terms[i + 1 :])
                if left and left[0][0] > 0:
                    yield left[0][1] if len(left) == 1 else replace(expr, terms=left)
        case Extreme(which=which, operands=operands):
            yield replace(expr, which="max" if which == "min" else "min")
            for i in range(len(operands)):
                left_ = (*operands[:i], *operands[i + 1 :])
                yield left_[0] if len(left_) == 1 else replace(expr, operands=left_)
        case Product(type=kind, factors=factors):
            yield from (factor for factor in factors if factor.type.kind is kind.kind)
        case _:
            return


def crossed(expr: Expr) -> Iterator[Expr]:
    """``a if c else b`` with ``a`` and ``b`` in each other's place."""
    if isinstance(expr, Choose):
        yield replace(expr, then=expr.otherwise, otherwise=expr.then)


def mispaid(expr: Expr) -> Iterator[Expr]:
    """Another party for the one that is named: the buyer and the seller, whichever it was not."""
    match expr:
        case Literal(type=Type(kind=Kind.PARTY, values=values), value=value):
            yield from (replace(expr, value=other) for other in _payers(values) if other != value)
        case FactRef(type=Type(kind=Kind.PARTY, values=values)):
            yield from (Literal(expr.type, other) for other in _payers(values))
        case _:
            return


def _payers(parties: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first two parties: by convention buyer and seller."""
    return parties[:2]
