"""The facts that follow from the order record by counting and sharing: what was paid, refunded, and which postage.

Their inputs stand in ``policy.computed.COMPUTED_FACTS``. Every amount is fen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from aftersales.case.model import Case, Order
from aftersales.case.resettled import resettled, restored
from aftersales.case.together import bundle_broken, gifts_kept
from aftersales.case.units import OUTBOUND, claimed_stretches, kept_refunds, refunded_on, taken_stretches
from aftersales.expr.types import UNKNOWN, Value
from aftersales.money import cumulative_floor
from aftersales.policy.computed import COMPUTED_FACTS

#: Looks up what is known of a fact.
Lookup = Callable[[str], Value]

#: Inputs that may settle a fact alone; while one is not known, no other is asked for.
_DECIDING: Final = (("cash_on_delivery",), ("free_shipping",))
_THRESHOLD: Final = "threshold"
_THRESHOLD_POSTAGE: Final = "threshold_postage"
#: What an input of a computed fact is where the policy does not have the fact at all.
WITHOUT_FACT: Final[Mapping[str, Value]] = {"cash_on_delivery": False}


def compute(name: str, case: Case, fact: Lookup) -> Value:
    """Return the computed fact ``name`` of a case in fen, ``UNKNOWN`` where the order or an input is not known."""
    order = case.order
    if order is None or not order.lines:
        return UNKNOWN
    return _RULES[name](case, order, fact)


def waits_for(name: str, case: Case, fact: Lookup) -> tuple[str, ...]:
    """Return the inputs that keep the computed fact ``name`` unknown; none where only the order record could help."""
    if case.order is None or not case.order.lines:
        return ()
    return unknown_inputs(name, fact)


def unknown_inputs(name: str, fact: Lookup) -> tuple[str, ...]:
    """Return the same where it is known that the order has lines."""
    unknown = tuple([part for part in COMPUTED_FACTS[name] if fact(part) is UNKNOWN])
    return unknown[:1] if unknown[:1] in _DECIDING else unknown


def _is_paid(fact: Lookup) -> Value:
    """Return whether anything was paid: false for an order known to be unpaid, unknown for one paid at the door."""
    paid_at = fact("paid_at")
    if paid_at is None:
        return False
    if paid_at is not UNKNOWN or fact("cash_on_delivery") is False:
        return True
    return UNKNOWN


def _goods_paid(_case: Case, order: Order, fact: Lookup) -> Value:
    """What was paid for all goods of the order."""
    return _if_paid(fact, sum(line.paid for line in order.lines))


def _claimed_paid(case: Case, order: Order, fact: Lookup) -> Value:
    """What was paid for the claimed units, each line by cumulative floor behind the units that other cases took.

    With it what an earlier case held back for a threshold discount that these units no longer earned.
    """
    return _if_paid(fact, _claimed_worth(case, order) + restored(case, order))


def _if_paid(fact: Lookup, amount: int) -> Value:
    """Return ``amount`` where the order is paid, 0 where it is not."""
    paid = _is_paid(fact)
    return UNKNOWN if paid is UNKNOWN else amount if paid else 0


def _already_refunded(case: Case, order: Order, _fact: Lookup) -> Value:
    """What other cases refunded on the claimed units while the buyer kept them, done and pending."""
    kept = kept_refunds(order)
    return sum(refunded_on(kept, stretch) for stretch in claimed_stretches(order, case.claim))


def _postage_claimed(case: Case, order: Order, fact: Lookup) -> Value:
    """The outbound postage that goes with the claim, never more than other cases left of it.

    Shipped: by share of goods value, cumulative floor. Not shipped: all of it with the last open line, else nothing.
    """
    postage, paid, shipped_at = fact("postage_paid"), _is_paid(fact), fact("shipped_at")
    if postage == 0 or paid is False:
        return 0
    if not isinstance(postage, int) or paid is UNKNOWN or shipped_at is UNKNOWN:
        return UNKNOWN
    before, claimed, whole = _shares(case, order)
    if shipped_at is None:
        share = postage if before + claimed == whole else 0
    else:
        share = cumulative_floor(postage, before, before + claimed, whole)
    refunded = sum(refund.amount for refund in order.refunds if refund.for_ == OUTBOUND)
    return min(share, max(0, postage - refunded))


def _shares(case: Case, order: Order) -> tuple[int, int, int]:
    """Return what is gone, what is claimed and the whole, by goods value; by units where the goods cost nothing."""
    gone, claimed = taken_stretches(order), claimed_stretches(order, case.claim)
    whole = sum(line.paid for line in order.lines)
    if whole:
        return sum(part.paid for part in gone), sum(part.paid for part in claimed), whole
    units = sum(line.quantity for line in order.lines)
    return sum(part.last - part.first for part in gone), sum(part.last - part.first for part in claimed), units


def _threshold_postage(case: Case, order: Order, fact: Lookup) -> Value:
    """The postage that would have been due had the order been what is kept of it; deducted once an order.

    Due where the order reached the threshold of free postage, what is kept does not, and something is kept.
    """
    shipping = fact("free_shipping")
    if shipping is UNKNOWN:
        return UNKNOWN
    taken_once = any(_THRESHOLD_POSTAGE in refund.deducted for refund in order.refunds)
    if shipping != _THRESHOLD or taken_once or _is_paid(fact) is False:
        return 0
    threshold, postage = fact("free_shipping_threshold"), fact("postage_if_not_free")
    if not isinstance(threshold, int) or not isinstance(postage, int) or _is_paid(fact) is UNKNOWN:
        return UNKNOWN
    whole = sum(line.paid for line in order.lines)
    kept = whole - _gone_worth(order) - _claimed_worth(case, order)
    return postage if 0 < kept < threshold <= whole else 0


def _discount_resettled(case: Case, order: Order, fact: Lookup) -> Value:
    """The kept units' share of threshold discounts that this claim makes the order lose."""
    return _if_paid(fact, resettled(case, order))


def _bundle_broken(case: Case, order: Order, _fact: Lookup) -> Value:
    """Whether the claim takes a part of a set and leaves the rest."""
    return bundle_broken(case, order)


def _gifts_kept(case: Case, order: Order, fact: Lookup) -> Value:
    """The stated prices of gifts that stay with a buyer who keeps nothing that was bought."""
    return _if_paid(fact, gifts_kept(case, order))


def _claimed_worth(case: Case, order: Order) -> int:
    """Return what the claimed units cost."""
    return sum(stretch.paid for stretch in claimed_stretches(order, case.claim))


def _gone_worth(order: Order) -> int:
    """Return what the units that other cases took had cost."""
    return sum(stretch.paid for stretch in taken_stretches(order))


_RULES: Final[Mapping[str, Callable[[Case, Order, Lookup], Value]]] = {
    "goods_paid": _goods_paid,
    "claimed_paid": _claimed_paid,
    "already_refunded": _already_refunded,
    "postage_claimed": _postage_claimed,
    _THRESHOLD_POSTAGE: _threshold_postage,
    "discount_resettled": _discount_resettled,
    "gifts_kept": _gifts_kept,
    "bundle_broken": _bundle_broken,
}
