"""From list prices to what was paid per line: list − activity − coupon − points, shared to the fen.

Each discount is shared by the net of the stage before, by largest remainder, ties by line order, never above what is
left of a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aftersales.case.faults import Place
from aftersales.dataclass import dataclass
from aftersales.errors import AmountError
from aftersales.money import allocate, show_money
from aftersales.text import Text

#: The discount stages, in the order in which they are taken off.
STAGES: Final = ("activity", "coupon", "points")


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount of ``amount`` fen in one of the stages; ``lines`` are the places (from 0) that it covers.

    ``threshold`` (fen) is what its goods must be worth for it, where there is such a condition.
    """

    stage: str
    amount: int
    lines: tuple[int, ...]
    place: Place
    funded_by: str | None = None
    threshold: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What a discount took off each covered line, and what that line was worth before its stage; both in fen."""

    shares: tuple[int, ...]
    worth: tuple[int, ...]


def net_prices(
    gross: Sequence[int | None], discounts: Sequence[Discount]
) -> tuple[list[int | None], list[Shared | None]]:
    """Return what is paid for each line, in fen, from its list price, and how each discount was shared.

    ``None`` where that cannot be worked out. A discount above what is left of its lines is noted as a fault.
    """
    net = list(gross)
    shared: list[Shared | None] = [None] * len(discounts)
    for stage in STAGES:
        before = tuple(net)
        for number, discount in enumerate(discounts):
            if discount.stage == stage:
                shared[number] = _take_off(net, before, discount)
    return net, shared


def _take_off(net: list[int | None], before: Sequence[int | None], discount: Discount) -> Shared | None:
    """Lower the covered lines by their shares; where one of them has no price, none of them has a known net."""
    weights = [weight for line in discount.lines if (weight := before[line]) is not None]
    rooms = [room for line in discount.lines if (room := net[line]) is not None]
    if len(rooms) < len(discount.lines) or len(weights) < len(discount.lines):
        _forget(net, discount)
        return None
    if discount.amount > sum(rooms):
        _note_too_large(discount, sum(rooms))
        _forget(net, discount)
        return None
    shares = allocate(discount.amount, weights, rooms)
    for line, room, share in zip(discount.lines, rooms, shares, strict=True):
        net[line] = room - share
    return Shared(shares, tuple(weights))


def _forget(net: list[int | None], discount: Discount) -> None:
    """Make the nets of the covered lines unknown."""
    for line in discount.lines:
        net[line] = None


def _note_too_large(discount: Discount, left: int) -> None:
    """Note that a discount is more than its lines can hold."""
    amount, most = show_money(discount.amount), show_money(left)
    discount.place.at("amount").fault(
        "discount_above_price",
        Text(
            f"优惠 {amount} 超过这些商品剩余的 {most}",
            f"a discount of {amount} is more than the {most} left of its lines",
        ),
        kind=AmountError,
    )
