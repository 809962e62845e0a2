"""What was sold together: sets that a claim may break, and gifts that it may leave with the buyer."""

from __future__ import annotations

from math import gcd
from typing import Final

from aftersales.case.model import Case, Order, OrderLine
from aftersales.case.units import claimed_stretches, taken
from aftersales.policy.computed import GIFT_PRICE

#: The name of the deduction in other cases' records.
GIFTS_KEPT: Final = "gifts_kept"


def bundle_broken(case: Case, order: Order) -> bool:
    """Return whether the claim takes some of a set and leaves the rest: what is gone is no whole number of sets."""
    gone = _gone(case, order)
    claimed = {stretch.line.number for stretch in claimed_stretches(order, case.claim)}
    sets: dict[str, list[OrderLine]] = {}
    for line in order.lines:
        if line.bundle is not None:
            sets.setdefault(line.bundle, []).append(line)
    touched = (lines for lines in sets.values() if any(line.number in claimed for line in lines))
    return any(_is_broken(lines, gone) for lines in touched)


def _is_broken(lines: list[OrderLine], gone: dict[int, int]) -> bool:
    """Return whether what is gone of the lines of one set is no whole number of sets."""
    sets = gcd(*(line.quantity for line in lines))
    whole = gone.get(lines[0].number, 0) * sets // lines[0].quantity
    return any(gone.get(line.number, 0) * sets != whole * line.quantity for line in lines)


def gifts_kept(case: Case, order: Order) -> int:
    """Return the prices, stated beforehand, of gifts left with a buyer who keeps nothing that was bought, in fen.

    Gifts belong to the purchase: while other goods are kept they are no matter. Once an order.
    """
    gone = _gone(case, order)
    left = {line.number: line.quantity - gone.get(line.number, 0) for line in order.lines}
    prices = {line.number: _gift_price(line) for line in order.lines}
    bought = [line for line in order.lines if prices[line.number] is None]
    if any(left[line.number] for line in bought) or any(GIFTS_KEPT in refund.deducted for refund in order.refunds):
        return 0
    return sum(left[number] * price for number, price in prices.items() if price is not None)


def _gift_price(line: OrderLine) -> int | None:
    """Return the price of a gift's unit, in fen; ``None`` for a line that is no gift."""
    price = line.attributes.get(GIFT_PRICE)
    return price if isinstance(price, int) and not isinstance(price, bool) else None


def _gone(case: Case, order: Order) -> dict[int, int]:
    """Return, by line number, the units that are gone once the claimed ones are too."""
    claimed = {stretch.line.number: stretch.last for stretch in claimed_stretches(order, case.claim)}
    return {**taken(order), **claimed}
