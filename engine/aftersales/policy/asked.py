"""What conditions, words and amounts ask of an imagined case: each is made into a function of the case, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aftersales.dataclass import replace
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
    Present,
    Product,
    Sum,
)
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.policy.arrival import finite_values

if TYPE_CHECKING:  # a world asks what is made here
    from aftersales.policy.world import World

Truth = bool | Unknown
Condition = Callable[["World"], Truth]
Word = Callable[["World"], Value]
Amount = Callable[["World"], "Expr | Unknown"]
_Asked = TypeVar("_Asked")

_SIGNS: Final[Mapping[Comparison, frozenset[int]]] = {
    "==": frozenset({0}),
    "!=": frozenset({-1, 1}),
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}


class Asked:
    """The functions of one policy's expressions; each expression is known by its identity, and kept alive here."""

    def __init__(self) -> None:
        self._conditions: dict[int, tuple[Condition, Expr]] = {}
        self._words: dict[int, tuple[Word, Expr]] = {}
        self._amounts: dict[int, tuple[Amount, Expr]] = {}

    def condition(self, expr: Expr) -> Condition:
        """Return what says whether a condition holds in a world."""
        return _once(self._conditions, expr, self._condition)

    def word(self, expr: Expr) -> Word:
        """Return what says the value of an expression whose values can be listed: a flag, a choice, a party."""
        return _once(self._words, expr, self._word)

    def amount(self, expr: Expr) -> Amount:
        """Return what says an amount, count or instant with everything in it decided that can be."""
        return _once(self._amounts, expr, self._amount)

    def _condition(self, expr: Expr) -> Condition:
        make = _CONDITIONS.get(type(expr))
        return _flag(self.word(expr)) if make is None else make(self, expr)

    def _word(self, expr: Expr) -> Word:
        make = _WORDS.get(type(expr))
        return self.condition(expr) if make is None else make(self, expr)

    def _amount(self, expr: Expr) -> Amount:
        make = _AMOUNTS.get(type(expr))
        return _known_or_not(expr) if make is None else make(self, expr)


def _once(made: dict[int, tuple[_Asked, Expr]], expr: Expr, make: Callable[[Expr], _Asked]) -> _Asked:
    found = made.get(id(expr))
    if found is None:
        found = made[id(expr)] = (make(expr), expr)
    return found[0]


# ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _flag(word: Word) -> Condition:
    def ask(world: World) -> Truth:
        value = word(world)
        return value if isinstance(value, bool) else UNKNOWN

    return ask


def _compared(asked: Asked, expr: Compare) -> Condition:
    if finite_values(expr.left.type) is None:
        return _kept(_ordered(asked.amount(expr.left), asked.amount(expr.right), _SIGNS[expr.op]), id(expr))
    same = expr.op == "=="
    if isinstance(expr.left, FactRef) and isinstance(expr.right, Literal):
        return _is(expr.left.name, expr.right.value, same=same)
    left, right = asked.word(expr.left), asked.word(expr.right)

    def ask(world: World) -> Truth:
        one, other = left(world), right(world)
        return UNKNOWN if one is UNKNOWN or other is UNKNOWN else (one == other) is same

    return ask


def _is(name: str, value: Value, *, same: bool) -> Condition:
    """Return what says whether a fact is (or is not) just this: most conditions are such."""

    def ask(world: World) -> Truth:
        facts = world.facts
        found = facts[name] if name in facts else world.fact(name)
        return UNKNOWN if found is UNKNOWN or value is UNKNOWN else (found == value) is same

    return ask


def _ordered(left: Amount, right: Amount, signs: frozenset[int]) -> Condition:
    def ask(world: World) -> Truth:
        low, high = left(world), right(world)
        if isinstance(low, Unknown) or isinstance(high, Unknown):
            return UNKNOWN
        return world.sign(low, high) in signs

    return ask


def _kept(find: Condition, key: int) -> Condition:
    """Return ``find`` with what it finds kept in the world under ``key``: it takes a while, and is asked for again."""

    def ask(world: World) -> Truth:
        truths = world.truths
        if key not in truths:
            truths[key] = find(world)
        return truths[key]

    return ask


def _all(asked: Asked, expr: All) -> Condition:
    return _kept(_junction([asked.condition(operand) for operand in expr.operands], decisive=False), id(expr))


def _either(asked: Asked, expr: Either) -> Condition:
    return _kept(_junction([asked.condition(operand) for operand in expr.operands], decisive=True), id(expr))


def _junction(operands: Sequence[Condition], *, decisive: bool) -> Condition:
    def ask(world: World) -> Truth:
        seen: Truth = not decisive
        for operand in operands:
            value = operand(world)
            if value is decisive:
                return value
            if value is UNKNOWN:
                seen = UNKNOWN
        return seen

    return ask


def _not(asked: Asked, expr: Not) -> Condition:
    operand = asked.condition(expr.operand)

    def ask(world: World) -> Truth:
        holds = operand(world)
        return UNKNOWN if holds is UNKNOWN else not holds

    return ask


def _in(asked: Asked, expr: In) -> Condition:
    operand, values = asked.word(expr.operand), expr.values

    def ask(world: World) -> Truth:
        value = operand(world)
        return UNKNOWN if value is UNKNOWN else value in values

    return ask


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fact(_: Asked, expr: FactRef) -> Word:
    name = expr.name

    def ask(world: World) -> Value:
        facts = world.facts
        return facts[name] if name in facts else world.fact(name)

    return ask


def _literal(_: Asked, expr: Literal) -> Word:
    value = expr.value
    return lambda _world: value


def _param(_: Asked, expr: ParamRef) -> Word:
    name = expr.name
    return lambda world: world.param(name)


def _chosen(asked: Asked, expr: Choose) -> Word:
    return _choice(asked.condition(expr.condition), asked.word(expr.then), asked.word(expr.otherwise))


def _choice(
    condition: Condition, then: Callable[[World], _Asked], otherwise: Callable[[World], _Asked]
) -> Callable[[World], _Asked | Unknown]:
    def ask(world: World) -> _Asked | Unknown:
        holds = condition(world)
        if holds is UNKNOWN:
            return UNKNOWN
        return then(world) if holds else otherwise(world)

    return ask


def _opaque(_: Asked, expr: Expr) -> Word:
    """Return what chooses freely whether something is known, and whether it is so."""

    def ask(world: World) -> Value:
        if world.choose(("known", expr), (False, True)) is not True:
            return UNKNOWN
        return world.choose(("value", expr), (True, False))

    return ask


# ── amounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _number(_: Asked, expr: Literal) -> Amount:
    return lambda _world: expr


def _amount_of_fact(_: Asked, expr: FactRef) -> Amount:
    return lambda world: world.amount_of_fact(expr)


def _amount_of_param(_: Asked, expr: ParamRef) -> Amount:
    name = expr.name
    return lambda world: expr if world.knows_param(name) else UNKNOWN


def _chosen_amount(asked: Asked, expr: Choose) -> Amount:
    return _choice(asked.condition(expr.condition), asked.amount(expr.then), asked.amount(expr.otherwise))


def _made_of(asked: Asked, expr: Sum | Product | Extreme | Call) -> Amount:
    """Return what decides every part; where nothing is then written in another way, the amount is the one that it was.

    Of the same parts it is the same amount each time.
    """
    inside = parts(expr)
    amounts = [asked.amount(part) for part in inside]
    made: dict[tuple[int, ...], tuple[Expr, list[Expr]]] = {tuple(map(id, inside)): (expr, [*inside])}

    def ask(world: World) -> Expr | Unknown:
        found: list[Expr] = []
        for amount in amounts:
            part = amount(world)
            if isinstance(part, Unknown):
                return UNKNOWN
            found.append(part)
        key = tuple(map(id, found))
        if key not in made:
            made[key] = (_with(expr, tuple(found)), found)
        return made[key][0]

    return ask


def _with(expr: Sum | Product | Extreme | Call, found: tuple[Expr, ...]) -> Expr:
    """Return an amount made of other parts."""
    match expr:
        case Sum():
            signs = [sign for sign, _ in expr.terms]
            return replace(expr, terms=tuple(zip(signs, found, strict=True)))
        case Product():
            return replace(expr, factors=found)
        case Extreme():
            return replace(expr, operands=found)
        case _:
            return replace(expr, arguments=found)


def _known_or_not(expr: Expr) -> Amount:
    return lambda world: expr if world.choose(("known", expr), (False, True)) is True else UNKNOWN


_CONDITIONS: Final[dict[type, Callable[[Asked, Any], Condition]]] = {
    Compare: _compared,
    All: _all,
    Not: _not,
    In: _in,
    Either: _either,
}
_WORDS: Final[dict[type, Callable[[Asked, Any], Word]]] = {
    FactRef: _fact,
    Literal: _literal,
    ParamRef: _param,
    Choose: _chosen,
    Present: _opaque,
    Over: _opaque,
}
_AMOUNTS: Final[dict[type, Callable[[Asked, Any], Amount]]] = {
    Literal: _number,
    FactRef: _amount_of_fact,
    ParamRef: _amount_of_param,
    Choose: _chosen_amount,
    Sum: _made_of,
    Product: _made_of,
    Extreme: _made_of,
    Call: _made_of,
}
