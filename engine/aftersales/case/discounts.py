"""Reading the discounts of an order: what they took off each line, and what was paid for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aftersales.case.fields import Fields, read_fields
from aftersales.case.lines import MOST_LINES, LineDraft, find_number
from aftersales.case.model import OrderDiscount
from aftersales.case.prices import STAGES, Discount, Shared, net_prices
from aftersales.dataclass import dataclass
from aftersales.errors import ConflictError
from aftersales.money import allocate, show_money
from aftersales.policy.model import Policy
from aftersales.text import Text

MOST_DISCOUNTS: Final = 1_000
_DISCOUNT_KEYS: Final = ("kind", "amount", "lines", "funded_by", "threshold", "id", "currency")


@dataclass(frozen=True, slots=True)
class Priced:
    """What was paid for each line in fen (``None``: at fault), and the order's discounts as shared over the lines."""

    paid: tuple[int | None, ...]
    discounts: tuple[OrderDiscount, ...]


def price_lines(policy: Policy, order: Fields, drafts: Sequence[LineDraft]) -> Priced:
    """Return what was paid for each line, as told or worked out from prices and discounts, and the discounts' shares.

    Where both are possible they must agree; where neither is, the line is at fault.
    """
    discounts = _read_discounts(policy, order, drafts)
    nets, shared = net_prices([draft.gross for draft in drafts], discounts)
    exact = order.has("discounts")
    paid = tuple(_paid(draft, net, exact=exact) for draft, net in zip(drafts, nets, strict=True))
    if order.place.faults.found:
        return Priced(paid, ())
    units = [draft.quantity or 1 for draft in drafts]
    return Priced(paid, tuple(taken_off(*pair, units, paid) for pair in zip(discounts, shared, strict=True)))


def _paid(draft: LineDraft, net: int | None, *, exact: bool) -> int | None:
    """Return what was paid for one line; ``exact``: its discounts are all told."""
    if not draft.fields.has("paid"):
        if net is None:
            _note_unpriced(draft)
        return net
    if draft.paid is not None and net is not None and (draft.paid > net or (exact and draft.paid != net)):
        paid, worked_out = show_money(draft.paid), show_money(net)
        draft.fields.at("paid").fault(
            "paid_disagrees",
            Text(
                f"实付写的是 {paid}，按单价和优惠算出来是 {worked_out}",
                f"paid is given as {paid}, unit price and discounts make it {worked_out}",
            ),
            kind=ConflictError,
        )
    return draft.paid


def _note_unpriced(draft: LineDraft) -> None:
    """Note why it cannot be worked out what was paid for a line, unless its price is at fault itself."""
    if not draft.fields.has("unit_price"):
        draft.fields.place.fault(
            "key_missing", Text("缺少 paid 或 unit_price", "paid is missing, or unit_price to work it out")
        )
    elif draft.gross is not None and not draft.fields.place.faults.found:
        draft.fields.place.fault(
            "key_missing",
            Text(
                "缺少 paid：优惠分摊不了，因为同享优惠的商品有的没有可用的单价",
                "paid is missing: a discount cannot be shared, not all of its lines have a usable unit price",
            ),
        )


def _read_discounts(policy: Policy, order: Fields, drafts: Sequence[LineDraft]) -> list[Discount]:
    """Read ``order.discounts``."""
    discounts = []
    for place, data in order.items("discounts", MOST_DISCOUNTS):
        fields = read_fields(data, place, _DISCOUNT_KEYS)
        if fields is None or not fields.require("kind", "amount"):
            continue
        stage, amount = fields.word("kind", STAGES), fields.money("amount")
        funded_by, threshold = fields.word("funded_by", tuple(policy.parties)), fields.money("threshold")
        lines, id_ = _covered(fields, drafts), fields.text("id")
        if stage is not None and amount is not None and lines is not None:
            _need_prices(fields, [drafts[line] for line in lines])
            discounts.append(Discount(stage, amount, lines, place, funded_by, threshold, id_))
    return discounts


def _need_prices(discount: Fields, drafts: Sequence[LineDraft]) -> None:
    """Note a threshold over lines without prices: nobody could tell whether what is kept still reaches it."""
    if discount.has("threshold") and any(draft.gross is None for draft in drafts):
        message = Text(
            "有门槛的优惠，所覆盖的每行都要写 unit_price",
            "a discount with a threshold needs the unit_price of every line it covers",
        )
        discount.at("threshold").fault("price_missing", message)


def taken_off(
    discount: Discount, shared: Shared | None, units: Sequence[int], paid: Sequence[int | None]
) -> OrderDiscount:
    """Return a discount with its shares; on lines without prices it is shared by what was paid for them.

    ``units`` and ``paid`` (fen) are those of all lines of the order.
    """
    numbers = [line + 1 for line in discount.lines]
    if shared is None:
        weights = [paid[line] or 0 for line in discount.lines]
        covered = [units[line] for line in discount.lines]
        shared = Shared(allocate(discount.amount, weights if any(weights) else covered), ())
    return OrderDiscount(
        kind=discount.stage,
        amount=discount.amount,
        shares=dict(zip(numbers, shared.shares, strict=True)),
        worth=dict(zip(numbers, shared.worth, strict=False)),
        funded_by=discount.funded_by,
        threshold=discount.threshold,
        id=discount.id,
    )


def _covered(fields: Fields, drafts: Sequence[LineDraft]) -> tuple[int, ...] | None:
    """Return the places (from 0) of the lines that a discount covers; all of them where it names none."""
    if not fields.has("lines"):
        return tuple(range(len(drafts)))
    found = [find_number(data, place, drafts) for place, data in fields.items("lines", MOST_LINES)]
    numbers = [draft.number for draft in found if draft is not None]
    if len(set(numbers)) < len(numbers):
        fields.at("lines").fault("line_twice", Text("同一行写了两次", "a line is named twice"), kind=ConflictError)
        return None
    places = [place for place, draft in enumerate(drafts) if draft.number in numbers]
    return tuple(places) if len(places) == len(found) and places else None
