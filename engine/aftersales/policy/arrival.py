"""What is surely known of a case where it arrives, and which values it can have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from aftersales.dataclass import dataclass
from aftersales.expr.names import facts_of, nodes
from aftersales.expr.tree import Call, Over, Present
from aftersales.expr.types import Kind, Type, Value
from aftersales.policy.computed import COMPUTED_FACTS
from aftersales.policy.model import Fact, Policy


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that is surely known: its possible values (``None``: any of its type).

    ``read`` is false while no branch has read it since it was taken as an answer: a real answer may then replace it.
    """

    values: frozenset[Value] | None
    read: bool = True


#: The facts that every way to a place has read (or taken) and none forgot since.
Arrival = Mapping[str, Known]


def finite_values(type_: Type) -> tuple[Value, ...] | None:
    """Return all values of a flag, a choice or a party, in the author's order; ``None`` for any other type."""
    if type_.kind is Kind.FLAG:
        return (True, False)
    return type_.values if type_.kind is Kind.CHOICE or type_.kind is Kind.PARTY else None


def is_transparent(fact: Fact) -> bool:
    """Return whether a derived flag, choice or party can be worked out from what it is made of."""
    return (
        fact.derived is not None
        and finite_values(fact.type) is not None
        and not any(isinstance(node, Present | Over | Call) for node in nodes(fact.derived))
    )


def fact_values(fact: Fact) -> tuple[Value, ...] | None:
    """Return the values of a fact that can be listed: also those of a counter, from 0 to its bound."""
    if fact.counter and fact.type.high is not None:
        return tuple(range(fact.type.high + 1))
    return finite_values(fact.type)


def join(arrivals: Iterable[Arrival]) -> Arrival:
    """Return what is surely known where several ways meet."""
    first, *others = arrivals
    joined = dict(first)
    for other in others:
        joined = {name: _either(known, other[name]) for name, known in joined.items() if name in other}
    return joined


def _either(one: Known, other: Known) -> Known:
    if one is other:
        return one
    values = None if one.values is None or other.values is None else one.values | other.values
    read = one.read and other.read
    return one if values == one.values and read == one.read else Known(values, read)


#: For every fact, the derived facts that it goes into, directly or through another.
GoesInto = Mapping[str, frozenset[str]]


def goes_into(policy: Policy) -> GoesInto:
    """Return for every fact the derived facts that are made of it."""
    directly = defaultdict[str, list[str]](list)
    for name, fact in policy.facts.items():
        for made_of in inputs(fact):
            directly[made_of].append(name)
    return {name: frozenset(_ahead(directly, name)) for name in policy.facts}


def _ahead(directly: Mapping[str, list[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = [name for name in directly.get(waiting.pop(), ()) if name not in found]
        found.update(new)
        waiting += new
    return found


def inputs(fact: Fact) -> tuple[str, ...]:
    """Return the facts that a derived or computed fact is directly made of; none for one that is told."""
    if fact.derived is not None:
        return facts_of(fact.derived)
    return COMPUTED_FACTS.get(fact.name, ()) if fact.computed else ()
