"""What formulas and amounts are made of; those with the same parts are one object, so that they are told apart by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Comparison = Literal["<", "<=", "=="]
Function = Literal["days_between", "add_days", "add_months"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Test:
    """The code of ``column`` is one of ``codes``; it has ``size`` codes, 0 for unknown."""

    column: str
    codes: frozenset[int]
    size: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Holds:
    """``left`` compares with ``right``; both are numbers that the row knows wherever the answer matters."""

    op: Comparison
    left: Term
    right: Term


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Both:
    """Every part is true; there are at least two."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Any_:  # noqa: N801  # the built-in name is taken
    """Some part is true; there are at least two."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Opposite:
    """``part`` is false; it is no ``Test``."""

    part: Formula


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Const:
    """A number that is the same in every row."""

    value: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Number:
    """The number in ``column``, at most ``bound`` away from 0; anything at all where the row does not know it."""

    column: str
    bound: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Total:
    """Parts with their factors, added up."""

    parts: tuple[tuple[int, Term], ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Product:
    """``factors`` multiplied, divided by ``divisor`` and rounded half up, a negative product as its positive twin."""

    factors: tuple[Term, ...]
    divisor: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Floor:
    """``part`` divided by ``divisor``, rounded down; ``part`` is never negative."""

    part: Term
    divisor: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Extreme:
    """The least or the most of the parts; there are at least two."""

    which: Literal["min", "max"]
    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Pick:
    """``then`` where ``when`` is true, else ``otherwise``."""

    when: Formula
    then: Term
    otherwise: Term


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Calendar:
    """A date function over instants (seconds since 1970) in the policy's timezone."""

    function: Function
    parts: tuple[Term, ...]


Formula = bool | Test | Holds | Both | Any_ | Opposite
Term = Const | Number | Total | Product | Floor | Extreme | Pick | Calendar
