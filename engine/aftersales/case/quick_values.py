"""Reading told values fast: what a text means for a fact is worked out once and looked up from then on.

Only what reads without a fault is kept; whatever does not is for ``read_told``, which finds and names every fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypeVar

from aftersales.case.faults import Faults, Place
from aftersales.case.quick_shapes import UNLIKE_FLAGS, Reader, Shapes, write_reader
from aftersales.case.values import read_value
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.policy.model import Fact, Policy

#: How many different values are kept for facts of one type; the tables of a policy that runs for years stay small.
MOST_KEPT: Final = 4_000
#: What is told as one of these is equal to nothing but itself; a number might be equal to a flag: both are kept apart.
_PLAIN: Final[frozenset[type]] = frozenset({str, type(None)})
_FLAGS: Final[frozenset[type]] = frozenset({bool})
_NUMBERS: Final[frozenset[type]] = frozenset({int})
_T = TypeVar("_T")


class Unread(Exception):  # noqa: N818 (no fault yet: the long way says what it is)
    """Something is not read here: it may be at fault, or is just rare."""


class Meanings(dict[object, _T]):
    """What each written value of some types means; a new one is read when it is first looked up.

    Whole numbers are looked up in ``numbers``, where these are given: here, they might be equal to a flag. What is kept
    here is in ``kept`` too: in a plain dictionary it is found in half the time.
    """

    def __init__(
        self, read: Callable[[object], _T | Unknown], kinds: Collection[type], numbers: Meanings[_T] | None = None
    ) -> None:
        super().__init__()
        self._read = read
        self._kinds = kinds
        self._numbers = numbers
        self.kept: dict[object, _T] = {}

    def __missing__(self, written: object) -> _T:
        if type(written) is int and self._numbers is not None:
            return self._numbers[written]
        value = self._read(written) if type(written) in self._kinds else UNKNOWN
        if isinstance(value, Unknown):
            raise Unread
        if len(self) >= MOST_KEPT:
            self.clear()  # what is told often is soon kept again
            self.kept.clear()
        self[written] = self.kept[written] = value
        return value


class _Tables(dict[str, Meanings[Value]]):
    """What written values of some types mean for each fact; facts of one type share a table, made when first asked for."""

    def __init__(
        self,
        policy: Policy,
        facts: Mapping[str, Fact],
        kinds: Collection[type],
        numbers: Mapping[str, Meanings[Value]] | None = None,
    ) -> None:
        super().__init__()
        self._policy = policy
        self._facts = facts
        self._kinds = kinds
        self._numbers = numbers
        self._made: dict[object, Meanings[Value]] = {}

    def __missing__(self, name: str) -> Meanings[Value]:
        fact = self._facts[name]
        numbers = None if self._numbers is None or fact.type.kind not in UNLIKE_FLAGS else self._numbers[name]
        meanings = _meanings(self._policy, fact, self._kinds, numbers)
        return self.setdefault(name, self._made.setdefault((fact.type, fact.flag is not None), meanings))


class QuickValues:
    """Reads records of told facts of one policy, or of other facts that are ``declared``; threads may share it."""

    def __init__(self, policy: Policy, declared: Mapping[str, Fact] | None = None) -> None:
        known = policy.facts if declared is None else declared
        facts = {name: fact for name, fact in known.items() if not fact.counter}
        self._facts = facts
        self._numbers: Mapping[str, Meanings[Value]] = _Tables(policy, facts, _NUMBERS)
        self._flags: Mapping[str, Meanings[Value]] = _Tables(policy, facts, _FLAGS)
        #: What texts and known nones mean; of a flag nothing is known here, nor of a number that might be equal to one.
        self.texts: Mapping[str, Meanings[Value]] = _Tables(policy, facts, _PLAIN, self._numbers)
        self._shapes = Shapes(self.reader)
        self._readers = self._shapes.readers

    def read(self, written: Mapping[str, object]) -> dict[str, Value]:
        """Return what a record tells. Raises ``Unread`` where anything of it is rare or at fault."""
        try:
            reader = self._readers.get(tuple(written)) or self._shapes.count(written)
            if reader is not None:
                return reader(written)
        except (Unread, KeyError, TypeError):
            pass
        return self.read_each(written)

    def read_each(self, written: Mapping[str, object]) -> dict[str, Value]:
        """Return what a record tells, one value after another. Raises ``Unread`` as ``read`` does."""
        value = self.value
        try:
            return {name: value(name, told) for name, told in written.items()}
        except (KeyError, TypeError):
            raise Unread from None

    def reader(self, keys: Sequence[str], passed_over: Collection[str] = ()) -> Reader:
        """Return a reader of records with these keys. Raises ``Unread`` where one is neither a fact nor passed over."""
        if not all(name in self._facts or name in passed_over for name in keys):
            raise Unread
        facts = {name: fact for name, fact in self._facts.items() if name not in passed_over}
        return write_reader(keys, facts, self.texts)

    def value(self, name: str, written: object) -> Value:
        """Return what one written value means. Raises ``Unread`` or ``KeyError`` where it is rare or at fault."""
        kind = type(written)
        if kind is str or written is None:
            return self.texts[name][written]
        if kind is bool:
            return self._flags[name][written]
        if kind is int:
            return self._numbers[name][written]
        raise Unread


def _meanings(policy: Policy, fact: Fact, kinds: Collection[type], numbers: Meanings[Value] | None) -> Meanings[Value]:
    def read(written: object) -> Value:
        faults = Faults()
        value = read_value(policy, fact, written, Place(faults))
        return UNKNOWN if faults.found else value

    return Meanings(read, kinds, numbers)
