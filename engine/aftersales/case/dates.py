"""When the claimed goods left and arrived: the order's dates, or those of the claimed lines where they have their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from aftersales.case.date_order import DELIVERED_AT, SHIPPED_AT, disagreeing
from aftersales.case.faults import Place
from aftersales.case.model import Claim, ClaimedUnits, Order, OrderLine
from aftersales.case.units import claimed_units
from aftersales.errors import ConflictError
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.instants import show_instant, zone_named
from aftersales.policy.model import Policy
from aftersales.text import Text


def dates_of_claimed(
    policy: Policy,
    order: Order,
    units: tuple[ClaimedUnits, ...] | None,
    told: dict[str, Value],
    place: Place,
) -> None:
    """Put the dates of the claimed lines in place of the order's, in ``told``, where a line has its own.

    Delivered when the last claimed line was; not delivered while one of them is not. Lines of which some were shipped
    and some were not are noted as a fault: they are two cases.
    """
    numbers = {claimed.line for claimed in claimed_units(order, Claim(None, units))}
    lines = [line for line in order.lines if line.number in numbers]
    for name in (SHIPPED_AT, DELIVERED_AT):
        own = [_own(line, name) for line in lines]
        if name not in policy.facts or all(date is UNKNOWN for date in own):
            continue
        dates = [told.get(name, UNKNOWN) if date is UNKNOWN else date for date in own]
        if name == SHIPPED_AT and None in dates and any(isinstance(date, dt.datetime) for date in dates):
            _note_partly_shipped(lines, dates, place)
        told.pop(name, None)
        joined = _latest(dates)
        if joined is not UNKNOWN:
            told[name] = joined


def _own(line: OrderLine, name: str) -> dt.datetime | None | Unknown:
    """Return a line's own date."""
    return line.shipped_at if name == SHIPPED_AT else line.delivered_at


def _latest(dates: Sequence[Value]) -> Value:
    """Return the latest date; none where one did not happen, unknown where one is not told."""
    if None in dates:
        return None
    known = [date for date in dates if isinstance(date, dt.datetime)]
    return max(known) if len(known) == len(dates) else UNKNOWN


def _note_partly_shipped(lines: Sequence[OrderLine], dates: Sequence[Value], place: Place) -> None:
    """Note that the claim mixes shipped and unshipped lines."""
    waiting = ", ".join(str(line.number) for line, date in zip(lines, dates, strict=True) if date is None)
    named = f"lines {waiting}" if "," in waiting else f"line {waiting}"
    place.at("claim").fault(
        "partly_shipped",
        Text(
            f"申请的商品有的已发货、有的未发货（第 {waiting} 行），请分成两案",
            f"some of the claimed lines were shipped and some were not ({named}): hand in a case for each",
        ),
        kind=ConflictError,
    )


def check_dates(policy: Policy, told: Mapping[str, Value], places: Mapping[str, Place]) -> None:
    """Note dates in an order that cannot be: delivered before shipped, shipped before paid.

    Goods paid for at the door are shipped before they are paid. ``places`` says where each fact was told.
    """
    for names, dates in disagreeing(told):
        _note_dates(policy, places[names[1]], names, dates)


def _note_dates(
    policy: Policy, place: Place, names: tuple[str, str], dates: tuple[dt.datetime | None, dt.datetime]
) -> None:
    """Note that the second of two dates lies before the first, or that the first never happened."""
    zone = zone_named(policy.timezone)
    first, second = ("null" if date is None else show_instant(date, zone) for date in dates)
    place.fault(
        "dates_disagree",
        Text(f"{names[1]} 是 {second}，而 {names[0]} 是 {first}", f"{names[1]} is {second}, but {names[0]} is {first}"),
        kind=ConflictError,
    )
