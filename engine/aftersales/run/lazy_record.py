"""Records of which some parts are worked out when they are first looked at; equal in everything to ones made at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from aftersales.dataclass import names_of
from aftersales.expr.types import Value
from aftersales.run.decision import Decision, Leg, MoneyItem, NextAction, PolicyStamp, Refund

if TYPE_CHECKING:
    from aftersales.policy.model import State
    from aftersales.run.function.places import Owed

#: Works one part of a record out, by the name of its field.
Part = Callable[[str], object]
#: Where silence leads, and the answers that it records where the case then stays.
Silence = tuple[str | None, tuple[tuple[str, Value], ...]]


class Lazy:
    """Stands before a record's own class: the record is told its parts as they are looked at, and then holds them.

    Where it is compared, copied or shown whole, all parts are worked out.
    """

    __slots__ = ()

    told_by: Part
    #: The class of the record as it is made at once, and the names of its fields.
    _kind: ClassVar[type]
    _names: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        cls._kind = cls.__bases__[1]
        cls._names = names_of(cls._kind)

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise AttributeError(name)
        value = self.told_by(name)
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
_new: Final[Any] = object.__new__


class LazyDecision(Lazy, Decision):
    """A decision of which each part is worked out when it is first looked at."""

    __slots__ = ("told_by",)


class LazyRefund(Lazy, Refund):
    """A refund whose amounts are there, and whose maximum and ways back are worked out when they are looked at."""

    __slots__ = ("told_by",)


class LazyItem(Lazy, MoneyItem):
    """A money line of which the derivation is written when it is looked at."""

    __slots__ = ("told_by",)


class LazyLeg(Lazy, Leg):
    """A leg of which it is known who bears it, and whose figures are worked out when they are looked at."""

    __slots__ = ("told_by",)


class LazyAction(Lazy, NextAction):
    """An action whose script is filled in when it is looked at."""

    __slots__ = ("told_by",)


def _draft(kind: type) -> Any:
    """Return a class of records that are filled in and then become lazy ones of ``kind``.

    A frozen record is filled by a call for each part; a draft, whose parts may be set, takes a fifth of the time.
    """
    own = {"__slots__": ("told_by",), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type("Draft", (kind,), own)


_DECISION, _REFUND, _ITEM, _LEG, _ACTION = (_draft(kind) for kind in (Decision, Refund, MoneyItem, Leg, NextAction))


def lazy_decision(part: Part, policy: PolicyStamp, state: State, outcome: str | None, liable: str | None) -> Decision:
    """Return a decision that knows where the case stands and asks ``part`` for the rest."""
    made = _new(_DECISION)
    made.told_by = part
    made.policy = policy
    made.flow = state.flow
    made.state = state.name
    made.title = state.title
    made.outcome = outcome
    made.reason = state.end.reason if state.end is not None else None
    made.liable = liable
    made.outlook = made.parts = None
    made.__class__ = LazyDecision
    return cast("Decision", made)


def lazy_refund(
    part: Part, lines: tuple[MoneyItem, ...], deductions: tuple[MoneyItem, ...], total: int, *, waits: bool
) -> Refund:
    """Return a refund of which nothing is paid; where a line ``waits``, ``part`` is asked for what waits as well."""
    made = _new(_REFUND)
    made.told_by = part
    made.total = made.due = total
    made.paid = 0
    made.lines = lines
    made.deductions = deductions
    if not waits:
        made.waiting = ()
    made.__class__ = LazyRefund
    return cast("Refund", made)


def lazy_item(part: Part, name: str, amount: int, due: int, id_: str | None) -> MoneyItem:
    """Return a money line of which nothing is paid, and ``part`` tells the derivation."""
    made = _new(_ITEM)
    made.told_by = part
    made.for_ = name
    made.amount = amount
    made.due = due
    made.paid = 0
    made.id = id_
    made.__class__ = LazyItem
    return cast("MoneyItem", made)


def lazy_leg(part: Part, borne_by: str) -> Leg:
    """Return a leg that ``borne_by`` bears, and of which ``part`` tells the rest."""
    made = _new(_LEG)
    made.told_by = part
    made.borne_by = borne_by
    made.__class__ = LazyLeg
    return cast("Leg", made)


def lazy_action(part: Part, owed: Owed, amount: int | None, due: dt.datetime | None, late: Silence) -> NextAction:
    """Return an action of which ``part`` tells what is said, where the case fills that in."""
    made = _new(_ACTION)
    made.told_by = part
    made.action = owed.name
    made.by = owed.by
    made.title = owed.title
    made.after = owed.after
    made.amount = amount
    made.due = due
    made.if_late, made.if_late_takes = late
    if owed.is_said:
        made.say = owed.say
    made.__class__ = LazyAction
    return cast("NextAction", made)
