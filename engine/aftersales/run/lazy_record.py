"""Records of which some parts are worked out when they are first looked at; equal in everything to ones made at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, ClassVar, Final, Self

from aftersales.run.decision import Decision, Leg, MoneyItem, NextAction, Refund

#: Works one part of a record out, by the name of its field.
Part = Callable[[str], object]


class Lazy:
    """Stands before a record's own class: the record is told its parts as they are looked at, and then holds them.

    Where it is compared, copied or shown whole, all parts are worked out.
    """

    __slots__ = ()

    _part: Part
    #: The class of the record as it is made at once, and the names of its fields.
    _kind: ClassVar[type]
    _names: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        cls._kind = cls.__bases__[1]
        cls._names = tuple(field.name for field in fields(cls._kind))

    @classmethod
    def of(cls, part: Part, known: Mapping[str, object]) -> Self:
        """Return a record that holds the ``known`` parts and asks ``part`` for the others."""
        made = cls.__new__(cls)
        _set(made, "_part", part)
        for name, value in known.items():
            _set(made, name, value)
        return made

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise AttributeError(name)
        value = self._part(name)
        _set(self, name, value)
        return value

    def whole(self) -> Any:
        """Return the record with all its parts, as one made at once."""
        return self._kind(*(getattr(self, name) for name in self._names))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Lazy):
            return bool(self.whole() == other.whole())
        return bool(self.whole() == other) if isinstance(other, self._kind) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.whole())

    def __repr__(self) -> str:
        return repr(self.whole())

    def __reduce__(self) -> tuple[object, ...]:
        return self._kind, tuple(getattr(self, name) for name in self._names)


_set: Final = object.__setattr__


class LazyDecision(Lazy, Decision):
    """A decision of which each part is worked out when it is first looked at."""

    __slots__ = ("_part",)


class LazyRefund(Lazy, Refund):
    """A refund whose amounts are there, and whose maximum and ways back are worked out when they are looked at."""

    __slots__ = ("_part",)


class LazyItem(Lazy, MoneyItem):
    """A money line of which the derivation is written when it is looked at."""

    __slots__ = ("_part",)


class LazyLeg(Lazy, Leg):
    """A leg of which it is known who bears it, and whose figures are worked out when they are looked at."""

    __slots__ = ("_part",)


class LazyAction(Lazy, NextAction):
    """An action whose script is filled in when it is looked at."""

    __slots__ = ("_part",)
