"""The facts that the case room computes from the order record in code: sharing money is no expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Each computed fact with the facts it reads besides the order's lines, other cases' refunds and the claim.
COMPUTED_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "goods_paid": ("cash_on_delivery", "paid_at"),
    "claimed_paid": ("cash_on_delivery", "paid_at"),
    "already_refunded": (),
    "postage_claimed": ("postage_paid", "goods_paid", "claimed_paid", "shipped_at"),
    "threshold_postage": (
        "free_shipping",
        "free_shipping_threshold",
        "postage_if_not_free",
        "goods_paid",
        "claimed_paid",
    ),
    "discount_resettled": ("cash_on_delivery", "paid_at"),
    "gifts_kept": ("cash_on_delivery", "paid_at"),
    "bundle_broken": (),
}
#: The computed facts that are flags; the others are money.
COMPUTED_FLAGS: Final = frozenset({"bundle_broken"})
#: The line fact with the price of a gift's unit, stated beforehand.
GIFT_PRICE: Final = "gift_price"
