"""What is surely known of a case where it arrives, and which values it can have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.expr.names import facts_of, nodes
from aftersales.expr.tree import Call, Over, Present
from aftersales.expr.types import Kind, Type, Value
from aftersales.policy.computed import COMPUTED_FACTS
from aftersales.policy.model import Fact, Policy, Target


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that is surely known: its possible values (``None``: any of its type).

    ``read`` is false while no branch has read it since it was taken as an answer: a real answer may then replace it.
    """

    values: frozenset[Value] | None
    read: bool = True


#: What is known of a fact that may be anything, read and not read yet; one for all, as there are thousands.
ANYTHING: Final = Known(None)
ANYTHING_UNREAD: Final = Known(None, read=False)

#: The facts that every way to a place has read (or taken) and none forgot since.
Arrival = Mapping[str, Known]


def at_start(policy: Policy) -> Arrival:
    """Return what is known of every new case: its counters stand at 0."""
    return {name: Known(frozenset({0})) for name, fact in policy.facts.items() if fact.counter}


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


def among(names: frozenset[str], arrivals: Iterable[Arrival]) -> tuple[Arrival, ...]:
    """Return what ``arrivals`` know of some facts, each once: many differ in other facts only."""
    found: dict[object, Arrival] = {}
    for arrival in arrivals:
        known = {name: entry for name, entry in arrival.items() if name in names}
        found.setdefault(what(known), known)
    return tuple(found.values())


def what(arrival: Arrival) -> frozenset[tuple[str, frozenset[Value] | None, bool]]:
    """Return what is known as something that can be a key; two that know the same have the same."""
    return frozenset([(name, known.values, known.read) for name, known in arrival.items()])


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


#: How many alternatives are told apart before they are taken together.
MOST_ALTERNATIVES: Final = 24


class Alternatives:
    """What different ways to a place know, told apart by which facts they know.

    Of two answers that were given together the one then still says something about the other. More than
    ``MOST_ALTERNATIVES`` are taken together to one, and stay so.
    """

    def __init__(self) -> None:
        self.all: dict[frozenset[str], Arrival] = {}
        self._together = False

    def add(self, arrival: Arrival) -> bool:
        """Take one more way in; return whether that is news."""
        names = frozenset(arrival)
        before = self.all.get(names)
        if before == arrival:
            return False
        if self._together or (before is None and len(self.all) == MOST_ALTERNATIVES):
            return self._take_together(arrival)
        self.all[names] = joined = arrival if before is None else join((before, arrival))
        return joined != before

    def _take_together(self, arrival: Arrival) -> bool:
        before, self._together = self.all, True
        joined = join((*self.all.values(), arrival))
        self.all = {frozenset(joined): joined}
        return self.all != before


#: For every fact, the derived facts that it goes into, directly or through another.
GoesInto = Mapping[str, frozenset[str]]


def along(policy: Policy, arrival: Arrival, target: Target, goes_into: GoesInto) -> Arrival:
    """Return what is known behind ``target``: after it forgot, took and counted."""
    if not target.forget and not target.take and not target.add:
        return arrival
    changed = {*target.forget, *(name for name, _ in target.take)}
    stale = changed.union(*(goes_into[name] for name in changed))
    known = {name: entry for name, entry in arrival.items() if name not in stale}
    known.update({name: Known(frozenset({value}), read=False) for name, value in target.take})
    for name, more in target.add:
        known[name] = Known(_counted(policy.facts[name], known.get(name), more))
    return known


def _counted(fact: Fact, before: Known | None, more: int) -> frozenset[Value]:
    most = fact.type.high or 0
    values = before.values if before is not None and before.values is not None else frozenset(range(most + 1))
    return frozenset(min(value + more, most) for value in values if isinstance(value, int))


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
