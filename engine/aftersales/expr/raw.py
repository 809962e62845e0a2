"""The untyped tree: what the author wrote, with character offsets (``end`` exclusive), before names are resolved."""

from __future__ import annotations

from typing import Literal

from aftersales.dataclass import dataclass

Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Name:
    """A word: a fact, a param, a choice value, a party, ``true`` or ``false``."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Number:
    """A written number, 0 to 9."""

    start: int
    end: int
    value: int


@dataclass(frozen=True, slots=True)
class Negation:
    """``not x``."""

    start: int
    end: int
    operand: Raw


@dataclass(frozen=True, slots=True)
class Junction:
    """``a and b and …`` or ``a or b or …``."""

    start: int
    end: int
    word: Literal["and", "or"]
    operands: tuple[Raw, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """``a < b <= c``: one more operand than operators."""

    start: int
    end: int
    operands: tuple[Raw, ...]
    operators: tuple[Operator, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """``x in (a, b)`` or ``x not in (a, b)``."""

    start: int
    end: int
    operand: Raw
    words: tuple[Name, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Belonging:
    """``x in list`` or ``x not in list``: whether one of the lists that the scope knows holds a word."""

    start: int
    end: int
    word: Name
    group: Name
    negated: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """``a + b - c``: terms with their signs (+1 or -1)."""

    start: int
    end: int
    terms: tuple[tuple[int, Raw], ...]


@dataclass(frozen=True, slots=True)
class Multiplication:
    """``a * b * …``."""

    start: int
    end: int
    factors: tuple[Raw, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``then if condition else otherwise``."""

    start: int
    end: int
    condition: Raw
    then: Raw
    otherwise: Raw


@dataclass(frozen=True, slots=True)
class Application:
    """``function(arguments)``; ``name_end`` is where the function's name ends."""

    start: int
    end: int
    function: str
    name_end: int
    arguments: tuple[Raw, ...]


Raw = (
    Name
    | Number
    | Negation
    | Junction
    | Chain
    | Membership
    | Belonging
    | Addition
    | Multiplication
    | Conditional
    | Application
)
