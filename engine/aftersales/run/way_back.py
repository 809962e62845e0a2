"""How a refund reaches the buyer: which payments it goes back to, and which points and coupons go back with it."""

from __future__ import annotations

from collections.abc import Iterable

from aftersales.case.in_kind import returned_in_kind
from aftersales.case.model import Case
from aftersales.case.paid_back import OF_THE_ORDER, pay_back
from aftersales.run.decision import MoneyItem, PaidTo, ReturnedInKind


def paid_to(case: Case, lines: Iterable[MoneyItem]) -> tuple[PaidTo, ...]:
    """Share refund lines over the payments of the order; nothing where these are not known. The parts add up."""
    if case.order is None:
        return ()
    amounts = {line.for_: line.amount for line in lines}
    of_the_order = sum(amounts.get(name, 0) for name in OF_THE_ORDER)
    parts = pay_back(case.order, of_the_order, sum(amounts.values()) - of_the_order)
    return tuple(
        PaidTo(part.payment.id, part.payment.kind or None, part.amount)
        if part.payment is not None
        else PaidTo(None, None, part.amount)
        for part in parts
    )


def in_kind(case: Case) -> tuple[ReturnedInKind, ...]:
    """Return what goes back in kind once all of the claimed goods is refunded."""
    if case.order is None:
        return ()
    return tuple(
        ReturnedInKind(item.kind, item.id, item.amount, item.funded_by)
        for item in returned_in_kind(case.order, case.claim)
    )
