"""What kind a part of the untyped tree has by itself, before anything is expected of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from aftersales.expr.raw import (
    Addition,
    Application,
    Conditional,
    Multiplication,
    Name,
    Number,
    Raw,
)
from aftersales.expr.types import FLAG, Kind, Type
from aftersales.text import Text

#: Functions and how they are written; the first two stand everywhere, the others only where a fact is derived.
#: Where ``claimed`` stands, ``lines`` may stand too.
USAGE: Final[Mapping[str, str]] = {
    "min": "min(a, b)",
    "max": "max(a, b)",
    "present": "present(FACT)",
    "days_between": "days_between(INSTANT, INSTANT)",
    "add_days": "add_days(INSTANT, COUNT)",
    "add_months": "add_months(INSTANT, COUNT)",
    "latest": "latest(INSTANT, INSTANT)",
    "every": "every(claimed, CONDITION)",
    "some": "some(claimed, CONDITION)",
    "total": "total(claimed, AMOUNT)",
    "how_many": "how_many(claimed, CONDITION)",
}
#: What the functions give whose result does not depend on what they are given.
RESULTS: Final[Mapping[str, Type]] = {
    "present": FLAG,
    "every": FLAG,
    "some": FLAG,
    "how_many": Type(Kind.COUNT),
    "days_between": Type(Kind.COUNT),
    "add_days": Type(Kind.INSTANT),
    "add_months": Type(Kind.INSTANT),
    "latest": Type(Kind.INSTANT),
}


class Kinds:
    """The kinds of the names of one scope; a word that is no name of it, or more than one, has none."""

    def __init__(self, names: Sequence[Mapping[str, Type]], lines: Mapping[str, Type]) -> None:
        self._names = names
        self._lines = lines

    def of(self, raw: Raw) -> Type | None:
        """Return the type that ``raw`` has by itself, ``None`` where only its neighbours tell."""
        match raw:
            case Name(word="true" | "false"):
                return FLAG
            case Name(word=word):
                senses = [names[word] for names in self._names if word in names]
                return senses[0] if len(senses) == 1 else None
            case Number():
                return None
            case Addition(terms=terms):
                return self.first(term for _, term in terms)
            case Multiplication():
                kinds = [found.kind for factor in factors(raw) if (found := self.of(factor)) is not None]
                return Type(product_kind(kinds)) if kinds else None
            case Conditional(then=then, otherwise=otherwise):
                return self.first((then, otherwise))
            case Application():
                return self._of_call(raw)
            case _:
                return FLAG

    def first(self, inside: Iterable[Raw]) -> Type | None:
        """Return the type of the first of ``inside`` that has one."""
        return next((found for raw in inside if (found := self.of(raw)) is not None), None)

    def _of_call(self, raw: Application) -> Type | None:
        if raw.function == "total":
            return Kinds((*self._names, self._lines), {}).first(raw.arguments[1:])
        return RESULTS.get(raw.function) or self.first(raw.arguments)


def factors(raw: Multiplication) -> tuple[Raw, ...]:
    """Return the factors of ``raw``, products in brackets taken apart: a product is rounded once."""
    return tuple(
        part
        for factor in raw.factors
        for part in (factors(factor) if isinstance(factor, Multiplication) else (factor,))
    )


def product_kind(kinds: Sequence[Kind]) -> Kind:
    """Return the kind of a product: money where a factor is, else a count where one is, else a rate."""
    return next((kind for kind in (Kind.MONEY, Kind.COUNT) if kind in kinds), kinds[0])


def unmultiplied(kinds: Sequence[Kind], *, compared: bool) -> Text | None:
    """Say why factors of these ``kinds`` are not multiplied, ``None`` where they are."""
    if not set(kinds) <= {Kind.MONEY, Kind.COUNT, Kind.RATE}:
        return Text("只有数量、金额和比率可以相乘", "only counts, money and rates are multiplied")
    if kinds.count(Kind.MONEY) > 1:
        return Text("金额不能乘金额", "money is not multiplied by money")
    if Kind.MONEY not in kinds and {Kind.COUNT, Kind.RATE} <= set(kinds) and not compared:
        return Text("数量乘比率只能用来比较", "a count times a rate is only compared")
    return None


def comparable(one: Type, other: Type) -> bool:
    """Return whether two things of one kind may be equal: choices of the same values, parties with one in common."""
    left, right = set(one.values), set(other.values)
    return left == right or (one.kind is Kind.PARTY and bool(left & right))


def is_plain(raw: Raw) -> bool:
    """Return whether ``raw`` may stand twice: in a chain both comparisons look at the middle."""
    match raw:
        case Name() | Number():
            return True
        case Addition(terms=terms):
            return all(is_plain(term) for _, term in terms)
        case Multiplication(factors=inside):
            return all(is_plain(factor) for factor in inside)
        case _:
            return False
