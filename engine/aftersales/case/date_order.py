"""Which dates of an order cannot be: delivered before shipped, shipped before paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from aftersales.expr.types import Value

PAID_AT: Final = "paid_at"
SHIPPED_AT: Final = "shipped_at"
DELIVERED_AT: Final = "delivered_at"
CASH_ON_DELIVERY: Final = "cash_on_delivery"
#: What ``dates_fit`` looks at.
DATES: Final = frozenset({PAID_AT, SHIPPED_AT, DELIVERED_AT, CASH_ON_DELIVERY})


def dates_fit(told: Mapping[str, Value]) -> bool:
    """Return whether no two dates of those that are told are ``disagreeing``; said directly, as every case is asked."""
    shipped, delivered = told.get(SHIPPED_AT), told.get(DELIVERED_AT)
    if isinstance(delivered, dt.datetime):
        if shipped is None and SHIPPED_AT in told:
            return False
        if isinstance(shipped, dt.datetime) and delivered < shipped:
            return False
    paid = told.get(PAID_AT) if isinstance(shipped, dt.datetime) else None
    if not isinstance(paid, dt.datetime) or not isinstance(shipped, dt.datetime):
        return True
    return shipped >= paid or told.get(CASH_ON_DELIVERY) is True


def disagreeing(
    told: Mapping[str, Value],
) -> Iterator[tuple[tuple[str, str], tuple[dt.datetime | None, dt.datetime]]]:
    """Yield every two dates of which the second is before the first, or the first never happened."""
    pairs = [(SHIPPED_AT, DELIVERED_AT)]
    if told.get(CASH_ON_DELIVERY) is not True:
        pairs.append((PAID_AT, SHIPPED_AT))
    for earlier, later in pairs:
        first, second = told.get(earlier), told.get(later)
        if isinstance(second, dt.datetime) and earlier in told and earlier == SHIPPED_AT and first is None:
            yield (earlier, later), (None, second)
        elif isinstance(first, dt.datetime) and isinstance(second, dt.datetime) and second < first:
            yield (earlier, later), (first, second)
