"""Threshold discounts on partial returns: what is held back when the kept goods no longer earn one, and given back later.

A discount of 10 over 100 is lost once what is kept is worth less than 100, at the prices before it. The kept goods then
cost what they would have cost without it: their share of it is held back from the refund that brought this about. Where
they come back later, that share is refunded with them, so that the whole order gives back all that was paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from aftersales.case.model import Case, Order, OrderDiscount, OtherRefund
from aftersales.case.units import GOODS, Stretch, claimed_stretches, taken
from aftersales.dataclass import dataclass
from aftersales.money import cumulative_floor

#: The name of the deduction, in decisions and in other cases' records.
DISCOUNT_RESETTLED: Final = "discount_resettled"

#: Units that are gone, by line number.
Gone = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Lost:
    """Discounts that one case made the order lose: when that much was ``gone``, the kept units' shares, what it held back."""

    discounts: tuple[OrderDiscount, ...]
    gone: Gone
    shares: int
    held_back: int


def resettled(case: Case, order: Order) -> int:
    """Return the share of the kept units in discounts that this claim makes the order lose, in fen."""
    if not _conditional(order):
        return 0
    before = taken(order)
    after = _and_claimed(before, claimed_stretches(order, case.claim))
    lost_before = [discount for lost in _history(order) for discount in lost.discounts]
    newly = (discount for discount in _lost(order, after) if discount not in lost_before)
    return sum(_kept_share(discount, order, after) for discount in newly)


def restored(case: Case, order: Order) -> int:
    """Return what earlier cases held back for a lost discount and the claimed units give back, in fen."""
    if not _conditional(order):
        return 0
    before = taken(order)
    after = _and_claimed(before, claimed_stretches(order, case.claim))
    return sum(_given_back(lost, order, before, after) for lost in _history(order) if lost.held_back)


def _given_back(lost: _Lost, order: Order, before: Gone, after: Gone) -> int:
    """Return the part of what was held back that goes with the units gone between ``before`` and ``after``."""
    left_then, left_before, left_after = (
        sum(_kept_share(discount, order, gone) for discount in lost.discounts) for gone in (lost.gone, before, after)
    )
    if left_then == 0:
        return 0
    return cumulative_floor(lost.held_back, left_then - left_before, left_then - left_after, left_then)


def _conditional(order: Order) -> bool:
    """Return whether the order has a discount with a threshold at all."""
    return any(discount.threshold is not None for discount in order.discounts)


def _history(order: Order) -> Iterator[_Lost]:
    """Yield what other cases made the order lose, case by case in the order of their first record."""
    gone: dict[int, int] = {}
    known: list[OrderDiscount] = []
    for refunds in by_case(order.refunds):
        for refund in refunds:
            if refund.for_ == GOODS and refund.line is not None and not refund.kept:
                gone[refund.line] = gone.get(refund.line, 0) + refund.quantity
        newly = tuple(discount for discount in _lost(order, gone) if discount not in known)
        if newly:
            known.extend(newly)
            shares = sum(_kept_share(discount, order, gone) for discount in newly)
            held_back = sum(refund.deducted.get(DISCOUNT_RESETTLED, 0) for refund in refunds)
            yield _Lost(newly, dict(gone), shares, min(held_back, shares))


def by_case(refunds: Iterable[OtherRefund]) -> tuple[tuple[OtherRefund, ...], ...]:
    """Return the refunds of each other case together, in the order in which the cases are first named."""
    found: dict[str, list[OtherRefund]] = {}
    for refund in refunds:
        found.setdefault(refund.case, []).append(refund)
    return tuple(tuple(own) for own in found.values())


def _lost(order: Order, gone: Gone) -> Iterator[OrderDiscount]:
    """Yield the discounts that the order once reached and what is kept of it does not; none once nothing is kept."""
    for discount in order.discounts:
        if discount.threshold is None or sum(discount.worth.values()) < discount.threshold:
            continue
        kept = _kept(discount.worth, order, gone)
        still_there = any(
            line.quantity > gone.get(line.number, 0) for line in order.lines if line.number in discount.worth
        )
        if still_there and kept < discount.threshold:
            yield discount


def _kept_share(discount: OrderDiscount, order: Order, gone: Gone) -> int:
    """Return the share of the units that are not gone in a discount."""
    return _kept(discount.shares, order, gone)


def _kept(amounts: Mapping[int, int], order: Order, gone: Gone) -> int:
    """Return the part of amounts by line that the units which are not gone carry, by cumulative floor."""
    return sum(
        cumulative_floor(amounts[line.number], gone.get(line.number, 0), line.quantity, line.quantity)
        for line in order.lines
        if line.number in amounts
    )


def _and_claimed(gone: Gone, claimed: Iterable[Stretch]) -> Gone:
    """Return what is gone once the claimed units are too."""
    return {**gone, **{stretch.line.number: stretch.last for stretch in claimed}}
