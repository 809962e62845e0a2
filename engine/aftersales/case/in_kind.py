"""What goes back in kind with returned goods: points by share of the units, a coupon whole with its last unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.case.model import Claim, Order, OrderDiscount
from aftersales.case.units import claimed_stretches, taken
from aftersales.dataclass import dataclass
from aftersales.money import cumulative_floor

POINTS: Final = "points"
COUPON: Final = "coupon"


@dataclass(frozen=True, slots=True)
class InKind:
    """Points or a coupon that go back to the buyer; ``amount`` is what they were worth as a discount, in fen.

    ``funded_by`` is the party that gave them (``None``: not told).
    """

    kind: str
    id: str | None
    amount: int
    funded_by: str | None


def returned_in_kind(order: Order, claim: Claim) -> tuple[InKind, ...]:
    """Return the points and coupons that go back once the claimed units are refunded in full.

    Points go by cumulative floor, so that every partition of the order returns all of them; a coupon goes back whole
    with the last of the units that it was used for.
    """
    return tuple(
        InKind(discount.kind, discount.id, amount, discount.funded_by)
        for discount in order.discounts
        if (amount := _amount(discount, order, claim)) > 0
    )


def _amount(discount: OrderDiscount, order: Order, claim: Claim) -> int:
    """Return what of a discount goes back with the claimed units."""
    if discount.kind == POINTS:
        return sum(_point_shares(discount, order, claim))
    return discount.amount if discount.kind == COUPON and _is_last(discount, order, claim) else 0


def _point_shares(discount: OrderDiscount, order: Order, claim: Claim) -> Iterator[int]:
    """Yield the points of every claimed stretch."""
    for stretch in claimed_stretches(order, claim):
        share = discount.shares.get(stretch.line.number, 0)
        yield cumulative_floor(share, stretch.first, stretch.last, stretch.line.quantity)


def _is_last(discount: OrderDiscount, order: Order, claim: Claim) -> bool:
    """Return whether the claim has units that the coupon was used for, and leaves none of them with the buyer."""
    claimed = {stretch.line.number: stretch.last for stretch in claimed_stretches(order, claim)}
    gone = {**taken(order), **claimed}
    covered = [line for line in order.lines if line.number in discount.shares]
    touched = any(line.number in claimed for line in covered)
    return touched and all(gone.get(line.number, 0) == line.quantity for line in covered)
