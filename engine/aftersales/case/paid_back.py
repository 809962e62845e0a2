"""Back the way it came: which part of a refund goes to which payment of the order."""

from __future__ import annotations

from collections.abc import Sequence

from aftersales.case.model import Order, Payment
from aftersales.case.resettled import by_case
from aftersales.case.units import GOODS, OUTBOUND
from aftersales.dataclass import dataclass
from aftersales.money import allocate

#: What the buyer paid with the order; all else that a refund holds is other money.
OF_THE_ORDER = (GOODS, OUTBOUND)


@dataclass(frozen=True, slots=True)
class PaidBack:
    """A part of a refund in fen, and the payment it goes back to; without one (``None``) it is paid out another way."""

    payment: Payment | None
    amount: int


def pay_back(order: Order, of_the_order: int, other: int) -> tuple[PaidBack, ...]:
    """Share a refund over the order's payments by what is left of each, largest remainder; never above what is left.

    ``of_the_order`` (fen) is goods and outbound postage, ``other`` what did not come with the order (compensation, a
    return's receipt) and is paid out another way, like what no payment can hold. What other cases gave back is taken
    off in their order by the same rule, so that all parts of an order together give each payment back exactly. Nothing
    where the payments are not known.
    """
    if not order.payments:
        return ()
    left = _left(order)
    back = min(of_the_order, sum(left))
    shares = allocate(back, left, left)
    parts = [PaidBack(payment, share) for payment, share in zip(order.payments, shares, strict=True) if share]
    rest = of_the_order - back + other
    return (*parts, PaidBack(None, rest)) if rest else tuple(parts)


def _left(order: Order) -> Sequence[int]:
    """Return what other cases left of each payment, in fen."""
    left = [payment.amount for payment in order.payments]
    for refunds in by_case(order.refunds):
        amount = sum(refund.amount for refund in refunds if refund.for_ in OF_THE_ORDER)
        shares = allocate(min(amount, sum(left)), left, left)
        left = [room - share for room, share in zip(left, shares, strict=True)]
    return left
