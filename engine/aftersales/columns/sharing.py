"""What several formulas and amounts of a query are made of: worked out once, as a column that the others name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from aftersales.columns.nodes import (
    Any_,
    Both,
    Calendar,
    Const,
    Extreme,
    Floor,
    Formula,
    Holds,
    Number,
    Opposite,
    Pick,
    Product,
    Term,
    Test,
    Total,
)
from aftersales.columns.reach import bound

Node = Formula | Term

#: A product beyond this may not fit 64 bits: it is worked out only for the rows that it is about.
_ROOM = 1 << 61


def shared(roots: Iterable[Node]) -> Sequence[Sequence[Node]]:
    """Return the parts that more than one place of ``roots`` needs, in layers: each rests on those before it alone."""
    order, needed = _walked(roots)
    layer: dict[Node, int] = {}
    safe: dict[Node, bool] = {}
    chosen: list[list[Node]] = []
    for node in order:
        safe[node] = all(safe[part] for part in parts_of(node)) and _fits(node)
        below = max((layer[part] for part in parts_of(node)), default=0)
        named = needed[node] > 1 and safe[node] and not isinstance(node, Test | Number | Const)
        layer[node] = below + 1 if named else below
        if named:
            chosen += [] if below < len(chosen) else [[]]
            chosen[below].append(node)
    return chosen


def _walked(roots: Iterable[Node]) -> tuple[list[Node], Counter[Node]]:
    """Return every part once, behind those that it is made of, and how often its text would be written."""
    order: dict[Node, None] = {}
    needed: Counter[Node] = Counter()
    waiting: list[tuple[Node, bool]] = [(root, False) for root in roots if not isinstance(root, bool)]
    needed.update(root for root, _ in waiting)
    while waiting:
        node, is_done = waiting.pop()
        if is_done:
            order[node] = None
        elif node not in order:
            waiting.append((node, True))
            waiting += [(part, False) for part in parts_of(node)]
    for node in order:
        needed.update(parts_of(node))
    return list(order), needed


def parts_of(node: Node) -> Iterator[Node]:
    """Yield what a formula or an amount is made of, as often as its text says it; a fixed truth is no part."""
    yield from (part for part in _said(node) if not isinstance(part, bool))


def _said(node: Node) -> Iterator[Node]:
    match node:
        case Both(parts) | Any_(parts):
            yield from parts
        case Opposite(part):
            yield part
        case Holds(_, left, right):
            yield from (left, right)
        case Total(parts):
            yield from (part for _, part in parts)
        case Product(factors):
            yield from (*factors, *factors)
        case Floor(part):
            yield part
        case Extreme(_, parts) | Calendar(_, parts):
            yield from parts
        case Pick(when, then, otherwise):
            yield from (when, then, otherwise)
        case _:
            return


def nodes_of(roots: Iterable[Node]) -> list[Node]:
    """Return ``roots`` and all that they are made of, once, each behind its parts."""
    return _walked(roots)[0]


def all_fit(roots: Iterable[Node]) -> bool:
    """Return whether every amount that ``roots`` are made of fits 64 bits in every row."""
    return all(_fits(node) for node in nodes_of(roots))


def _fits(node: Node) -> bool:
    """Return whether an amount fits 64 bits in every row."""
    if not isinstance(node, Product):
        return True
    most = 1
    for factor in node.factors:
        most *= max(1, bound(factor))
    return most < _ROOM
