"""Units of order lines: which other cases took back, which the claim is about, and what each stretch of them cost.

The units of a line stand in a row. Cases take them from the front, so that the cumulative floor gives every partition
of the line the same total.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from aftersales.dataclass import dataclass
from aftersales.money import cumulative_floor

if TYPE_CHECKING:  # a cold start only needs the words below
    from aftersales.case.model import Claim, ClaimedUnits, Order, OrderLine

#: What a refund of goods is ``for``.
GOODS: Final = "goods"
#: What a refund of the outbound postage is ``for``.
OUTBOUND: Final = "outbound"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Units ``first`` to ``last`` (from 0, the last not included) of an order line."""

    line: OrderLine
    first: int
    last: int

    @property
    def paid(self) -> int:
        """Return what was paid for these units, in fen, by cumulative floor."""
        return cumulative_floor(self.line.paid, self.first, self.last, self.line.quantity)


def taken(order: Order) -> dict[int, int]:
    """Return, by line number, how many units other cases took back or gave up; kept ones are not among them."""
    units: dict[int, int] = {}
    for refund in order.refunds:
        if refund.for_ == GOODS and refund.line is not None and not refund.kept:
            units[refund.line] = units.get(refund.line, 0) + refund.quantity
    return units


def claimed_units(order: Order, claim: Claim) -> tuple[ClaimedUnits, ...]:
    """Return the units the claim is about: those it names, else every unit that no other case took."""
    if claim.units is not None:
        return claim.units
    gone = taken(order)
    left = ((line.number, line.quantity - gone.get(line.number, 0)) for line in order.lines)
    from aftersales.case.model import ClaimedUnits  # noqa: PLC0415 (see the top)

    return tuple(ClaimedUnits(number, units) for number, units in left if units > 0)


def claimed_stretches(order: Order, claim: Claim) -> tuple[Stretch, ...]:
    """Return the claimed units with their places in their lines: right behind those that other cases took."""
    lines, gone = {line.number: line for line in order.lines}, taken(order)
    return tuple(
        Stretch(lines[units.line], gone.get(units.line, 0), gone.get(units.line, 0) + units.quantity)
        for units in claimed_units(order, claim)
    )


def taken_stretches(order: Order) -> tuple[Stretch, ...]:
    """Return the units that other cases took."""
    gone = taken(order)
    return tuple(Stretch(line, 0, gone[line.number]) for line in order.lines if line.number in gone)


def kept_refunds(order: Order) -> Mapping[int, tuple[tuple[int, int, int], ...]]:
    """Return, by line number, what buyers got for units that they kept: first unit, last (not included), fen.

    A record sits on the next units that were neither taken nor given such a refund before; where these do not
    suffice, it begins again at the first open one.
    """
    units = {line.number: line.quantity for line in order.lines}
    gone: dict[int, int] = {}
    found: dict[int, tuple[tuple[int, int, int], ...]] = {}
    for refund in order.refunds:
        if refund.for_ != GOODS or refund.line is None:
            continue
        open_from = gone.get(refund.line, 0)
        if not refund.kept:
            gone[refund.line] = open_from + refund.quantity
            continue
        before = found.get(refund.line, ())
        first = max(open_from, before[-1][1] if before else 0)
        last_start = max(0, units[refund.line] - refund.quantity)
        first = min(open_from, last_start) if first > last_start else first
        found[refund.line] = (*before, (first, first + refund.quantity, refund.amount))
    return found


def refunded_on(kept: Mapping[int, tuple[tuple[int, int, int], ...]], stretch: Stretch) -> int:
    """Return what other cases refunded on these units while the buyer kept them, in fen."""
    total = 0
    for first, last, amount in kept.get(stretch.line.number, ()):
        begin, end = max(first, stretch.first), min(last, stretch.last)
        if begin < end:
            total += cumulative_floor(amount, begin - first, end - first, last - first)
    return total
