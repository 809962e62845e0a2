"""Records of which some parts are worked out when they are first looked at; equal in everything to ones made at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from aftersales.dataclass import names_of
from aftersales.expr.types import Value
from aftersales.run.decision import Decision, Leg, MoneyItem, NextAction, PolicyStamp, Refund, Transfer

if TYPE_CHECKING:
    from aftersales.policy.model import State
    from aftersales.run.function.books import Mark
    from aftersales.run.function.places import Owed
    from aftersales.run.quick_parts import QuickParts

#: Where silence leads, and the answers that it records where the case then stays.
Silence = tuple[str | None, tuple[tuple[str, Value], ...]]


class Lazy:
    """Stands before a record's own class: the record asks for its parts as they are looked at, and then holds them.

    Where it is compared, copied or shown whole, all parts are worked out.
    """

    __slots__ = ()

    told_by: QuickParts
    #: Which record of the decision it is.
    mark: Mark
    #: The class of the record as it is made at once, and the names of its fields.
    _kind: ClassVar[type]
    _names: ClassVar[tuple[str, ...]]
    _parts: ClassVar[frozenset[str]]

    def __init_subclass__(cls) -> None:
        cls._kind = cls.__bases__[1]
        cls._names = names_of(cls._kind)
        cls._parts = frozenset(cls._names)

    def __getattr__(self, name: str) -> Any:
        if name not in self._parts:
            raise AttributeError(name)
        value = self.told_by.of_record(self.mark, name)
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
_get: Final = object.__getattribute__
_new: Final[Any] = object.__new__
#: What puts each part of a decision in its place, though decisions are frozen.
PARTS_OF: Final[Mapping[str, Callable[[Decision, object], None]]] = {
    name: getattr(Decision, name).__set__ for name in names_of(Decision)
}


class LazyDecision(Lazy, Decision):
    """A decision of which each part is worked out when it, or one that rests on the same, is first looked at."""

    __slots__ = ("told_by",)

    def __getattr__(self, name: str) -> Any:
        if name not in self._parts:
            raise AttributeError(name)
        if self.told_by.fill(self, name):
            try:
                return _get(self, name)
            except AttributeError:
                pass  # left to the long way
        value = self.told_by.part(name)
        _set(self, name, value)
        return value


class LazyRefund(Lazy, Refund):
    """A refund whose amounts are there, and whose maximum and ways back are worked out when they are looked at."""

    __slots__ = ("mark", "told_by")


class LazyItem(Lazy, MoneyItem):
    """A money line of which the derivation is written when it is looked at."""

    __slots__ = ("mark", "told_by")


class LazyLeg(Lazy, Leg):
    """A leg of which it is known who bears it, and whose figures are worked out when they are looked at."""

    __slots__ = ("mark", "told_by")


class LazyAction(Lazy, NextAction):
    """An action whose script is filled in when it is looked at."""

    __slots__ = ("mark", "told_by")


def _draft(kind: type, *own: str) -> Any:
    """Return a class of records that are filled in and then become those of ``kind``, or lazy ones with ``own`` parts.

    A frozen record is filled by a call for each part; a draft, whose parts may be set, takes a fifth of the time.
    """
    space = {"__slots__": own, "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type("Draft", (kind,), space)


_DECISION, _TRANSFER = _draft(Decision, "told_by"), _draft(Transfer)
_REFUND, _ITEM, _LEG, _ACTION = (_draft(kind, "mark", "told_by") for kind in (Refund, MoneyItem, Leg, NextAction))
_OF_REFUND: Final = ("refund", 0)


def lazy_decision(
    parts: QuickParts, policy: PolicyStamp, state: State, outcome: str | None, liable: str | None
) -> Decision:
    """Return a decision that knows where the case stands and asks ``parts`` for the rest."""
    made = _new(_DECISION)
    made.told_by = parts
    made.policy = policy
    made.flow = state.flow
    made.state = state.name
    made.title = state.title
    made.outcome = outcome
    made.reason = state.end.reason if state.end is not None else None
    made.liable = liable
    made.outlook = made.parts = None
    made.__class__ = LazyDecision
    return made  # type: ignore[no-any-return]


def lazy_refund(
    parts: QuickParts,
    lines: tuple[MoneyItem, ...],
    deductions: tuple[MoneyItem, ...],
    total: int,
    *,
    waits: bool,
) -> Refund:
    """Return a refund of which nothing is paid; where a line ``waits``, ``parts`` are asked for what waits as well."""
    made = _new(_REFUND)
    made.told_by = parts
    made.mark = _OF_REFUND
    made.total = made.due = total
    made.paid = 0
    made.lines = lines
    made.deductions = deductions
    if not waits:
        made.waiting = ()
    made.__class__ = LazyRefund
    return made  # type: ignore[no-any-return]


def lazy_item(parts: QuickParts, mark: Mark, name: str, amount: int, due: int, id_: str | None) -> MoneyItem:
    """Return a money line of which nothing is paid, and ``parts`` tell the derivation."""
    made = _new(_ITEM)
    made.told_by = parts
    made.mark = mark
    made.for_ = name
    made.amount = amount
    made.due = due
    made.paid = 0
    made.id = id_
    made.__class__ = LazyItem
    return made  # type: ignore[no-any-return]


def lazy_leg(parts: QuickParts, mark: Mark, borne_by: str) -> Leg:
    """Return a leg that ``borne_by`` bears, and of which ``parts`` tell the rest."""
    made = _new(_LEG)
    made.told_by = parts
    made.mark = mark
    made.borne_by = borne_by
    made.__class__ = LazyLeg
    return made  # type: ignore[no-any-return]


def lazy_action(
    parts: QuickParts, mark: Mark, owed: Owed, amount: int | None, due: dt.datetime | None, late: Silence
) -> NextAction:
    """Return an action of which ``parts`` tell what is said, where the case fills that in."""
    made = _new(_ACTION)
    made.told_by = parts
    made.mark = mark
    made.action, made.by, made.title, made.after, say, is_said, _, _ = owed
    made.amount = amount
    made.due = due
    made.if_late, made.if_late_takes = late
    if is_said:
        made.say = say
    made.__class__ = LazyAction
    return made  # type: ignore[no-any-return]


def transfer(payer: str, payee: str, name: str, amount: int) -> Transfer:
    """Return a payment between two parties."""
    made = _new(_TRANSFER)
    made.from_ = payer
    made.to = payee
    made.for_ = name
    made.amount = amount
    made.__class__ = Transfer
    return made  # type: ignore[no-any-return]
