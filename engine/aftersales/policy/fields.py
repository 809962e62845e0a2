"""What is known of a case's facts as one number: thousands of such are kept, compared and joined while a policy is checked.

Every fact has a field of bits in it. The lowest says that the fact is surely known, the next that no branch has read it
since it was taken as an answer (a real answer may then replace it), the others which of its listed values are possible;
a fact whose values cannot be listed has none of these. The field of a fact that is not known is empty. So what is known
where two ways meet that know the same facts is ``|`` of their numbers, and what of it concerns some facts is ``&``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from aftersales.expr.types import Value
from aftersales.policy.arrival import Arrival, Known, fact_values, goes_into
from aftersales.policy.model import Policy, Target

#: What is known, as a number of the fields of one policy.
Bits = int

#: Nothing is known.
NOTHING: Final[Bits] = 0


class Fields:
    """Where the facts of one policy stand in such numbers.

    ``bit`` and ``unread`` have the lowest two bits of each fact, ``value`` that of each listed value, ``values`` those of all
    of them, ``whole`` its field, ``anything`` what is known of a fact that was read and may have any value. ``known`` is all
    ``bit`` together.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.bit: dict[str, Bits] = {}
        self.unread: dict[str, Bits] = {}
        self.value: dict[str, dict[Value, Bits]] = {}
        self.values: dict[str, Bits] = {}
        self.whole: dict[str, Bits] = {}
        self.anything: dict[str, Bits] = {}
        self._names: dict[int, str] = {}
        start = 0
        for name, fact in policy.facts.items():
            values = fact_values(fact) or ()
            self._place(name, start, values)
            start += 2 + len(values)
        self.known: Final[Bits] = sum(self.bit.values())
        self._any_unread: Final[Bits] = sum(self.unread.values())
        self._known: dict[tuple[str, Bits], Known] = {}
        self._fields_of: dict[Bits, Bits] = {}
        self._behind: dict[int, tuple[Target, Bits, Bits]] = {}
        self._goes_into = goes_into(policy)

    def _place(self, name: str, start: int, values: Collection[Value]) -> None:
        lowest = 1 << start
        self.bit[name], self.unread[name] = lowest, lowest << 1
        self.value[name] = {value: lowest << number for number, value in enumerate(values, 2)}
        self.whole[name] = (lowest << 2 + len(values)) - lowest
        self.anything[name] = self.whole[name] ^ self.unread[name]
        self.values[name] = self.anything[name] ^ lowest
        self._names[start] = name

    # ── to and from what can be read ────────────────────────────────────────────────────────────────────────────────

    def at_start(self) -> Bits:
        """Return what is known of every new case: its counters stand at 0."""
        counters = (name for name, fact in self.policy.facts.items() if fact.counter)
        return sum(self.just(name, 0) for name in counters)

    def just(self, name: str, value: Value) -> Bits:
        """Return what is known of a fact that was read, and of which this is the value."""
        return self.bit[name] | self.value[name].get(value, 0)

    def of(self, arrival: Arrival) -> Bits:
        """Return what an arrival knows as a number."""
        known = NOTHING
        for name, entry in arrival.items():
            listed = self.value[name]
            known |= self.bit[name] | (0 if entry.read else self.unread[name])
            known |= sum(bit for value, bit in listed.items() if entry.values is None or value in entry.values)
        return known

    def arrival(self, known: Bits) -> Arrival:
        """Return what is ``known`` by name, in the order of the facts."""
        return {name: self.of_fact(name, known) for name in self.names(known)}

    def names(self, known: Bits) -> Iterator[str]:
        """Yield the facts that are known, in their order."""
        bits = known & self.known
        while bits:
            lowest = bits & -bits
            yield self._names[lowest.bit_length() - 1]
            bits ^= lowest

    def of_fact(self, name: str, known: Bits) -> Known:
        """Return what is known of one fact."""
        field = known & self.whole[name]
        key = (name, field)
        if key not in self._known:
            values = frozenset(value for value, bit in self.value[name].items() if field & bit)
            self._known[key] = Known(values if self.value[name] else None, read=not field & self.unread[name])
        return self._known[key]

    # ── what follows ────────────────────────────────────────────────────────────────────────────────────────────────

    def fields_of(self, known: Bits) -> Bits:
        """Return the whole fields of all facts that are known."""
        bits = known & self.known
        if bits not in self._fields_of:
            self._fields_of[bits] = self.mask(self.names(bits))
        return self._fields_of[bits]

    def mask(self, names: Iterable[str]) -> Bits:
        """Return the whole fields of some facts; none of one that a computed fact rests on and the policy does not have."""
        mask = NOTHING
        for name in names:
            mask |= self.whole.get(name, NOTHING)
        return mask

    def flags(self, names: Iterable[str]) -> Bits:
        """Return what says of some facts that they were not read."""
        return sum(self.unread[name] for name in names)

    def with_more(self, known: Bits, more: Bits) -> Bits:
        """Return what is ``known`` together with what is known by one ``more`` step, which may say more of the same facts."""
        return known & ~self.fields_of(more) | more

    def join(self, several: Iterable[Bits]) -> Bits:
        """Return what is surely known where several ways meet: what all of them know."""
        first, *others = several
        all_, some = first, first
        for known in others:
            all_ &= known
            some |= known
        return some & self.fields_of(all_)

    def may_have_changed(self, known: Bits) -> Bits:
        """Return what is known once the case has rested: a real answer may have replaced one taken for silence."""
        unread = known & self._any_unread
        if unread:
            known |= self.fields_of(unread >> 1)
        return known

    def behind(self, target: Target, known: Bits) -> Bits:
        """Return what is known behind ``target``: after it forgot, took and counted."""
        found = self._behind.get(id(target))
        if found is None:
            found = self._behind[id(target)] = (target, *self._changes(target))
        _, stays, taken = found
        after = known & stays | taken
        for name, more in target.add:
            after = after & ~self.whole[name] | self._counted(name, after, more)
        return after

    def _changes(self, target: Target) -> tuple[Bits, Bits]:
        """Return what a target leaves as it is, and what it takes."""
        changed = {*target.forget, *(name for name, _ in target.take)}
        stale = changed.union(*(self._goes_into[name] for name in changed))
        taken = sum(self.just(name, value) | self.unread[name] for name, value in target.take)
        return ~self.mask(stale), taken

    def _counted(self, name: str, known: Bits, more: int) -> Bits:
        """Return what is known of a counter that was added to: it stays at its bound."""
        bits = self.value[name]
        most = self.policy.facts[name].type.high or 0
        before = [value for value, bit in bits.items() if known & bit] if known & self.bit[name] else bits
        counted = {min(value + more, most) for value in before if isinstance(value, int)}
        return self.bit[name] | sum(bits[value] for value in counted)


def among(mask: Bits, several: Iterable[Bits]) -> tuple[Bits, ...]:
    """Return what each of ``several`` knows of some facts, each once: many differ in other facts only."""
    return tuple(dict.fromkeys([known & mask for known in several]))


#: How many alternatives are told apart before they are taken together.
MOST_ALTERNATIVES: Final = 24


class Alternatives:
    """What different ways to a place know, told apart by which facts they know.

    Of two answers that were given together the one then still says something about the other. More than
    ``MOST_ALTERNATIVES`` are taken together to one, and stay so.
    """

    __slots__ = ("_fields", "_known", "_together", "all")

    def __init__(self, fields: Fields) -> None:
        self.all: dict[Bits, Bits] = {}
        self._fields, self._known = fields, fields.known
        self._together = False

    def add(self, known: Bits) -> bool:
        """Take one more way in; return whether that is news."""
        facts = known & self._known
        before = self.all.get(facts)
        if before is not None and before | known == before:
            return False
        if self._together or (before is None and len(self.all) == MOST_ALTERNATIVES):
            return self._take_together(known)
        self.all[facts] = known if before is None else before | known
        return True

    def _take_together(self, known: Bits) -> bool:
        before, self._together = self.all, True
        joined = self._fields.join((*self.all.values(), known))
        self.all = {joined & self._fields.known: joined}
        return self.all != before
