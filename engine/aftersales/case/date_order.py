"""Which dates of an order cannot be: delivered before shipped, shipped before paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from aftersales.expr.types import Value

PAID_AT: Final = "paid_at"
SHIPPED_AT: Final = "shipped_at"
DELIVERED_AT: Final = "delivered_at"


def dates_fit(told: Mapping[str, Value]) -> bool:
    """Return whether no two dates of those that are told disagree."""
    if DELIVERED_AT not in told and SHIPPED_AT not in told:
        return True
    return not any(True for _ in disagreeing(told))


def disagreeing(
    told: Mapping[str, Value],
) -> Iterator[tuple[tuple[str, str], tuple[dt.datetime | None, dt.datetime]]]:
    """Yield every two dates of which the second is before the first, or the first never happened."""
    pairs = [(SHIPPED_AT, DELIVERED_AT)]
    if told.get("cash_on_delivery") is not True:
        pairs.append((PAID_AT, SHIPPED_AT))
    for earlier, later in pairs:
        first, second = told.get(earlier), told.get(later)
        if isinstance(second, dt.datetime) and earlier in told and earlier == SHIPPED_AT and first is None:
            yield (earlier, later), (None, second)
        elif isinstance(first, dt.datetime) and isinstance(second, dt.datetime) and second < first:
            yield (earlier, later), (first, second)
