"""What if a case had been told otherwise: one answer, one date, one amount of the order record changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from aftersales.case.date_order import DELIVERED_AT, PAID_AT, SHIPPED_AT
from aftersales.case.dates import check_dates
from aftersales.case.faults import Faults, Place
from aftersales.case.model import Case, Order, Tell
from aftersales.case.units import claimed_stretches
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Policy

#: Where a fact was told that no event told: at the opening of the case, or by the lines of its order.
OPENING: Final = -1
LINES: Final = -2
OPENED_AT: Final = "opened_at"
#: The computed facts that a changed price of the claimed goods changes.
_PRICES: Final = ("claimed_paid", "goods_paid")


@dataclass(frozen=True, slots=True)
class Change:
    """A fact told as ``new`` in place of ``old``; ``new`` ``UNKNOWN``: not told at all.

    ``place`` is the number of the event that told it, ``OPENING`` or ``LINES``; ``fact`` may be an attribute of the
    claimed order lines.
    """

    fact: str
    old: Value
    new: Value
    place: int


def place_of(policy: Policy, case: Case, fact: str, value: Value, until: datetime | None) -> int | None:
    """Return where ``fact`` was told last as ``value``, up to ``until``; ``None`` where nobody told it."""
    for number in range(len(case.events) - 1, -1, -1):
        event = case.events[number]
        in_time = until is None or event.at is None or event.at <= until
        if isinstance(event, Tell) and in_time and event.values.get(fact, UNKNOWN) == value:
            return number
    if case.told.get(fact, UNKNOWN) == value:
        return OPENING
    known = policy.facts.get(fact)
    has_lines = case.order is not None and bool(case.order.lines)
    in_lines = fact in policy.line_facts or (known is not None and known.computed and fact in _PRICES)
    return LINES if in_lines and has_lines else None


def suppose(policy: Policy, case: Case, changes: Iterable[Change]) -> Case | None:
    """Return ``case`` as if it had been told with ``changes``; ``None`` where its order cannot say so.

    The rest of the record is not looked at: whether the dates of the order fit is ``fits``.
    """
    for change in changes:
        changed = _with(policy, case, change)
        if changed is None:
            return None
        case = changed
    return case


def fits(policy: Policy, case: Case) -> bool:
    """Return whether the dates of a supposed order can be: paid, then shipped, then delivered."""
    faults = Faults(None)
    check_dates(policy, case.told, {name: Place(faults, (name,)) for name in case.told})
    return not faults.found


def made_to_fit(case: Case) -> Change | None:
    """Return the change that puts the dates of an order right again: what came before or after a changed date.

    Goods that arrived were shipped, and goods that were not shipped did not arrive; ``None`` where that does not help.
    """
    shipped, delivered = (case.told.get(name, UNKNOWN) for name in (SHIPPED_AT, DELIVERED_AT))
    if isinstance(delivered, datetime) and (shipped is None or (isinstance(shipped, datetime) and shipped > delivered)):
        paid = case.told.get(PAID_AT)
        in_time = isinstance(paid, datetime) and paid <= delivered
        return Change(SHIPPED_AT, shipped, paid if in_time else delivered, OPENING)
    return None


def _with(policy: Policy, case: Case, change: Change) -> Case | None:
    if change.place == LINES:
        order = case.order
        changed = _with_lines(policy, case, order, change) if order is not None else None
        return None if changed is None else replace(case, order=changed)
    if change.place == OPENING:
        case = replace(case, told=_told(case.told, change))
        if change.fact == OPENED_AT and isinstance(change.new, datetime):
            case = replace(case, claim=replace(case.claim, opened_at=change.new))
        return case
    event = case.events[change.place]
    if not isinstance(event, Tell):
        return None
    right = replace(event, values=_told(event.values, change))
    return replace(case, events=(*case.events[: change.place], right, *case.events[change.place + 1 :]))


def _told(values: Mapping[str, Value], change: Change) -> dict[str, Value]:
    if change.new is UNKNOWN:
        return {name: value for name, value in values.items() if name != change.fact}
    return {**values, change.fact: change.new}


def _with_lines(policy: Policy, case: Case, order: Order, change: Change) -> Order | None:
    claimed = claimed_stretches(order, case.claim)
    if change.fact in policy.line_facts:
        numbers = {part.line.number for part in claimed}
        lines = tuple(
            replace(line, attributes={**line.attributes, change.fact: change.new}) if line.number in numbers else line
            for line in order.lines
        )
        return replace(order, lines=lines)
    if not isinstance(change.new, int) or not isinstance(change.old, int):
        return None
    for part in claimed:
        paid = part.line.paid + change.new - change.old
        if part.last - part.first == part.line.quantity and paid >= 0:
            dearer = replace(part.line, paid=paid)
            return replace(order, lines=tuple(dearer if line is part.line else line for line in order.lines))
    return None
