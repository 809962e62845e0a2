"""The typed expression tree: every name is resolved, every node knows its type; engines match on these nodes only.

Nodes are put into dicts all the time: the hash of the frequent ones is over what mostly tells them apart, not over types.

Three values run through every node: a fact that nobody told is ``UNKNOWN``; ``and``/``or``/``not`` follow Kleene.
"""

from __future__ import annotations

from typing import Literal as OneOfWords

from aftersales.dataclass import dataclass
from aftersales.expr.types import FLAG, Type, Value

Comparison = OneOfWords["==", "!=", "<", "<=", ">", ">="]
Collection = OneOfWords["lines", "claimed"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written down: a choice or party word, ``true``/``false``, 0 or a small count."""

    type: Type
    value: Value

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True, slots=True)
class FactRef:
    """A fact of the case (told, derived or computed)."""

    type: Type
    name: str

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class ParamRef:
    """A param; its value is chosen per case by platform, shop and date, a tier table is applied to its ``on`` fact."""

    type: Type
    name: str

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class LineRef:
    """An attribute of the order line that the enclosing ``Over`` looks at."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """``not x``."""

    operand: Expr
    type: Type = FLAG

    def __hash__(self) -> int:
        return hash((Not, self.operand))


@dataclass(frozen=True, slots=True)
class All:
    """``a and b and …``: what stands right of an unknown operand waits for it. No operands: true."""

    operands: tuple[Expr, ...]
    type: Type = FLAG

    def __hash__(self) -> int:
        return hash((All, self.operands))


@dataclass(frozen=True, slots=True)
class Either:
    """``a or b or …``. No operands: false."""

    operands: tuple[Expr, ...]
    type: Type = FLAG

    def __hash__(self) -> int:
        return hash((Either, self.operands))


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right``, both of one kind; a chain ``a < b < c`` is an ``All`` of these."""

    op: Comparison
    left: Expr
    right: Expr
    type: Type = FLAG

    def __hash__(self) -> int:
        return hash((self.op, self.left, self.right))


@dataclass(frozen=True, slots=True)
class In:
    """``operand in (a, b)`` over choice or party words."""

    operand: Expr
    values: tuple[str, ...]
    type: Type = FLAG

    def __hash__(self) -> int:
        return hash((self.operand, self.values))


@dataclass(frozen=True, slots=True)
class Sum:
    """``a + b - c``: terms with their signs (+1 or -1), all of one kind."""

    type: Type
    terms: tuple[tuple[int, Expr], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """``a * b * …``: exact over all factors, rounded half up to the fen once where the type is money."""

    type: Type
    factors: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Extreme:
    """``min(a, b, …)`` or ``max(a, b, …)``."""

    type: Type
    which: OneOfWords["min", "max"]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """``then if condition else otherwise``."""

    type: Type
    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Present:
    """``present(fact)``: false where the fact is a known none (null), true where it has a value."""

    fact: str
    type: Type = FLAG


@dataclass(frozen=True, slots=True)
class Call:
    """A date function, only in a derived fact: ``days_between add_days add_months latest``."""

    type: Type
    function: OneOfWords["days_between", "add_days", "add_months", "latest"]
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """``every some total how_many`` over order lines: all (``lines``) or the claimed ones (``claimed``)."""

    type: Type
    which: OneOfWords["every", "some", "total", "how_many"]
    collection: Collection
    body: Expr


Expr = (
    Literal
    | FactRef
    | ParamRef
    | LineRef
    | Not
    | All
    | Either
    | Compare
    | In
    | Sum
    | Product
    | Extreme
    | Choose
    | Present
    | Call
    | Over
)

TRUE = Literal(FLAG, value=True)
FALSE = Literal(FLAG, value=False)
