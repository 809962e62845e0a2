"""Reading told values fast: what a text means for a fact is worked out once and looked up from then on.

Only what reads without a fault is kept; whatever does not is for ``read_told``, which finds and names every fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from aftersales.case.faults import Faults, Place
from aftersales.case.values import read_value
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.policy.model import Fact, Policy

#: How many different values are kept for one fact; the tables of a policy that runs for years stay small.
MOST_KEPT: Final = 2_000
#: What is told as one of these is equal to nothing but itself; a number might be equal to a flag.
_PLAIN: Final = frozenset({str, bool, type(None)})
_WITH_NUMBERS: Final = _PLAIN | {int}
_T = TypeVar("_T")


class Unread(Exception):  # noqa: N818 (no fault yet: the long way says what it is)
    """Something is not read here: it may be at fault, or is just rare."""


class Meanings(dict[object, _T]):
    """What each written value of one shape means; a new one is read when it is first looked up."""

    def __init__(self, read: Callable[[object], _T | Unknown]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, written: object) -> _T:
        value = self._read(written)
        if isinstance(value, Unknown):
            raise Unread
        if len(self) < MOST_KEPT:
            self[written] = value
        return value


class QuickValues:
    """Reads records of told facts of one policy, or of other facts that are ``declared``; threads may share it."""

    def __init__(self, policy: Policy, declared: Mapping[str, Fact] | None = None) -> None:
        known = policy.facts if declared is None else declared
        facts = {name: fact for name, fact in known.items() if not fact.counter}
        self.texts = {name: _meanings(policy, fact) for name, fact in facts.items()}
        self._numbers = {name: _meanings(policy, fact) for name, fact in facts.items()}

    def read(self, written: Mapping[str, object]) -> dict[str, Value]:
        """Return what a record tells. Raises ``Unread`` where anything of it is rare or at fault."""
        kinds = set(map(type, written.values()))
        texts = self.texts
        try:
            if kinds <= _PLAIN:
                return {name: texts[name][value] for name, value in written.items()}
            if kinds <= _WITH_NUMBERS:
                numbers = self._numbers
                return {
                    name: (numbers if type(value) is int else texts)[name][value] for name, value in written.items()
                }
        except (KeyError, TypeError):
            raise Unread from None
        raise Unread

    def value(self, name: str, written: object) -> Value:
        """Return what one written value means. Raises ``Unread`` or ``KeyError`` where it is rare or at fault."""
        kind = type(written)
        if kind is str or written is None or kind is bool:
            return self.texts[name][written]
        if kind is int:
            return self._numbers[name][written]
        raise Unread


def _meanings(policy: Policy, fact: Fact) -> Meanings[Value]:
    def read(written: object) -> Value:
        faults = Faults()
        value = read_value(policy, fact, written, Place(faults))
        return UNKNOWN if faults.found else value

    return Meanings(read)
