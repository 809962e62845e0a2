"""Records of which some parts are worked out when they are first looked at; equal in everything to ones made at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

from aftersales.dataclass import names_of
from aftersales.expr.types import Value
from aftersales.run.decision import Decision, Leg, MoneyItem, NextAction, Refund, Transfer

if TYPE_CHECKING:
    from aftersales.run.function.books import Mark
    from aftersales.run.function.places import Owed
    from aftersales.run.quick_parts import QuickParts

#: Where silence leads, and the answers that it records where the case then stays.
Silence = tuple[str | None, tuple[tuple[str, Value], ...]]


class Lazy:
    """Stands before a record's own class: parts that come ``later`` are asked for as they are looked at, and then held.

    The others are looked at as in any record. Where it is compared, copied or shown whole, all parts are worked out.
    """

    __slots__ = ()

    told_by: QuickParts
    #: Which record of the decision it is.
    mark: Mark
    #: The class of the record as it is made at once, and the names of its fields.
    _kind: ClassVar[type]
    _names: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, later: Collection[str] = ()) -> None:
        if later:
            cls._kind = cls.__bases__[1]
            cls._names = names_of(cls._kind)
        for name in later:
            setattr(cls, name, property(cls._asking_for(name)))

    def __new__(cls, *given: Any, **named: Any) -> Any:
        """Return a record that is made at once: with all its parts, it is not lazy."""
        return cls._kind(*given, **named)

    @classmethod
    def _asking_for(cls, name: str) -> Callable[[Any], object]:
        """Return what reads a part where it is held, and else asks for it."""
        part = getattr(cls._kind, name)
        held, hold = part.__get__, part.__set__

        def read(record: Lazy) -> object:
            try:
                return held(record)
            except AttributeError:
                pass  # not held yet
            value = record.told_by.of_record(record.mark, name)
            hold(record, value)
            return value

        return read

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


_new: Final[Any] = object.__new__
#: What puts each part of a decision in its place, though decisions are frozen.
PARTS_OF: Final[Mapping[str, Callable[[Decision, object], None]]] = {
    name: getattr(Decision, name).__set__ for name in names_of(Decision)
}
#: Parts that are worked out together, when the first of them is looked at.
_FIGURES: Final = (
    *("status", "due", "next_actions", "needs"),
    *("postage", "refund", "charges", "recover", "transfers"),
)
#: What is there from the start.
_AT_ONCE: Final = ("policy", "flow", "state", "title", "outcome", "reason", "liable", "outlook", "parts")


class LazyDecision(Lazy, Decision, later=tuple(name for name in names_of(Decision) if name not in _AT_ONCE)):
    """A decision of which each part is worked out when it, or one that rests on the same, is first looked at."""

    __slots__ = ("told_by",)

    @classmethod
    def _asking_for(cls, name: str) -> Callable[[Any], object]:
        part, together = getattr(Decision, name), name in _FIGURES
        held, hold = part.__get__, part.__set__

        def read(decision: LazyDecision) -> object:
            told_by = decision.told_by
            if together and not told_by.begun:
                told_by.fill(decision)
            try:
                return held(decision)
            except AttributeError:
                pass  # left to the long way
            value = told_by.part(name)
            hold(decision, value)
            return value

        return read


#: Decisions of which all figures are there: these are looked at like those of any record.
WITH_FIGURES: Final[type] = type(
    "LazyDecision", (LazyDecision,), {"__slots__": (), **{name: getattr(Decision, name) for name in _FIGURES}}
)


class LazyRefund(Lazy, Refund, later=("waiting", "maximum", "paid_to", "returned_in_kind")):
    """A refund whose amounts are there, and whose maximum and ways back are worked out when they are looked at."""

    __slots__ = ("mark", "told_by")


class LazyItem(Lazy, MoneyItem, later=("because",)):
    """A money line of which the derivation is written when it is looked at."""

    __slots__ = ("mark", "told_by")


class LazyLeg(Lazy, Leg, later=("advanced_by", "amount", "insurer_pays", "shares", "because")):
    """A leg of which it is known who bears it, and whose figures are worked out when they are looked at."""

    __slots__ = ("mark", "told_by")


class LazyAction(Lazy, NextAction, later=("say",)):
    """An action whose script is filled in when it is looked at."""

    __slots__ = ("mark", "told_by")


def draft(kind: type, *own: str) -> Any:
    """Return a class of records that are filled in and then become those of ``kind``, or lazy ones with ``own`` parts.

    A frozen record is filled by a call for each part; a draft, whose parts may be set, takes a fifth of the time.
    """
    space = {"__slots__": own, "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type("Draft", (kind,), space)


_TRANSFER, _SAID = draft(Transfer), draft(NextAction)
_REFUND, _ITEM, _LEG, _ACTION = (draft(kind, "mark", "told_by") for kind in (Refund, MoneyItem, Leg, NextAction))
_OF_REFUND: Final = ("refund", 0)


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
    parts: QuickParts, number: int, owed: Owed, fen: int, due: dt.datetime | None, late: Silence
) -> NextAction:
    """Return the action of a number, which pays ``fen`` where it pays; what the case fills in, ``parts`` tell."""
    name, by, title, after, say, is_said, pays, _ = owed
    if is_said:
        made = _new(_SAID)
        made.say = say
    else:
        made = _new(_ACTION)
        made.told_by = parts
        made.mark = ("actions", number)
    made.action = name
    made.by = by
    made.title = title
    made.after = after
    made.amount = fen if pays else None
    made.due = due
    made.if_late, made.if_late_takes = late
    made.__class__ = NextAction if is_said else LazyAction
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
