"""What is rare in an everyday order, read fast: discounts, refunds of other cases, sets, gifts, lines with own dates.

It is read into the whole ``Order``, which is then held against the same rules as one that was read the long way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from aftersales.case.computed import WITHOUT_FACT, compute
from aftersales.case.dates import dates_of_claimed
from aftersales.case.discounts import taken_off
from aftersales.case.faults import Faults, Place
from aftersales.case.fields import LONGEST_WORD, Fields
from aftersales.case.from_order import Goods, LinePart, Rare
from aftersales.case.model import (
    Case,
    Claim,
    ClaimedUnits,
    Order,
    OrderDiscount,
    OrderLine,
    OtherRefund,
    Payment,
)
from aftersales.case.prices import STAGES, Discount, net_prices
from aftersales.case.quick_order import MOST, OrderPart, Record, records, text
from aftersales.case.quick_values import Unread
from aftersales.case.sums import check_sums
from aftersales.case.units import GOODS, OUTBOUND, taken
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.policy.computed import GIFT_PRICE
from aftersales.policy.model import Policy

if TYPE_CHECKING:
    from aftersales.case.quick_order import QuickOrders

_DISCOUNT_KEYS: Final = frozenset({"kind", "amount", "lines", "funded_by", "threshold", "id"})
_REFUND_KEYS: Final = frozenset({
    "case", "line", "sku", "quantity", "for", "amount", "deducted", "status", "kept",
})  # fmt: skip
_SETTLED: Final = frozenset({"done", "pending"})
_FLAGS: Final = {"true": True, "false": False}


class RareOrders:
    """Reads the rare orders of one policy; ``orders`` reads what is everyday in them."""

    def __init__(self, policy: Policy, orders: QuickOrders) -> None:
        self._policy = policy
        self._orders = orders

    def read(self, record: Record, part: OrderPart) -> OrderPart:
        """Read the lines of an order, and what is rare in it. Raises as ``QuickOrders.read`` does."""
        written = records(record["lines"], MOST, least=1)
        lines = [self._line(line) for line in written]
        discounts: Sequence[OrderDiscount] = ()
        if "discounts" in record:
            lines, discounts = self._priced(records(record["discounts"], MOST), written, lines)
        refunds = tuple(self._refund(one, lines) for one in records(record.get("refunds", ()), MOST))
        order = Order(
            part.id,
            tuple(order_line(number, line) for number, line in enumerate(lines, 1)),
            tuple(Payment(*payment) for payment in part.payments),
            refunds,
            part.told,
            part.shop,
            tuple(discounts),
        )
        faults = Faults()
        check_sums(Fields({}, Place(faults)), order)
        if faults.found:
            raise Unread
        self._orders.pay(part.payments, part.told)
        return part._replace(goods=_goods(lines, order), whole=order)

    def _line(self, record: Record) -> LinePart:
        line, rare = self._orders.line(record)
        if not rare:
            return line
        bundle = text(record["bundle"], LONGEST_WORD) if "bundle" in record else None
        shipped_at, delivered_at = self._date(record, "shipped_at"), self._date(record, "delivered_at")
        return line._replace(shipped_at=shipped_at, delivered_at=delivered_at, bundle=bundle)

    def _date(self, record: Record, name: str) -> dt.datetime | None | Unknown:
        if name not in record:
            return UNKNOWN
        written = record[name]
        return None if written is None else self._orders.instant.read(written)

    # ── discounts ───────────────────────────────────────────────────────────────────────────────────────────────

    def _priced(
        self, discounts: Sequence[Record], written: Sequence[Record], lines: Sequence[LinePart]
    ) -> tuple[list[LinePart], Sequence[OrderDiscount]]:
        """Return the lines with what was paid for them, and the discounts as shared over them."""
        faults = Faults()
        found = [self._discount(one, lines, Place(faults)) for one in discounts]
        gross = [None if line.unit_price is None else line.unit_price * line.units for line in lines]
        nets, shared = net_prices(gross, found)
        priced = []
        for record, line, net in zip(written, lines, nets, strict=True):
            if (net is None and "paid" not in record) or (net is not None and "paid" in record and line.paid != net):
                raise Unread
            priced.append(line if net is None else line._replace(paid=net))
        if faults.found:
            raise Unread
        units, paid = [line.units for line in priced], [line.paid for line in priced]
        return priced, [taken_off(one, part, units, paid) for one, part in zip(found, shared, strict=True)]

    def _discount(self, record: Record, lines: Sequence[LinePart], place: Place) -> Discount:
        if not record.keys() <= _DISCOUNT_KEYS:
            raise Unread
        money, threshold = self._orders.money, None
        covered = tuple(range(len(lines))) if "lines" not in record else self._covered(record["lines"], len(lines))
        if "threshold" in record:
            threshold = money.read(record["threshold"])
            if any(lines[line].unit_price is None for line in covered):
                raise Unread
        return Discount(
            _word(record["kind"], STAGES),
            money.read(record["amount"]),
            covered,
            place,
            _word(record["funded_by"], self._policy.parties) if "funded_by" in record else None,
            threshold,
            text(record["id"], LONGEST_WORD) if "id" in record else None,
        )

    def _covered(self, written: object, lines: int) -> tuple[int, ...]:
        """Return the places (from 0) of the lines that a discount names."""
        if not isinstance(written, list | tuple) or not 0 < len(written) <= MOST:
            raise Unread
        numbers = {self._orders.count.read(number) for number in written}
        if len(numbers) < len(written) or not numbers <= set(range(1, lines + 1)):
            raise Unread
        return tuple(sorted(number - 1 for number in numbers))

    # ── refunds of other cases ──────────────────────────────────────────────────────────────────────────────────

    def _refund(self, record: Record, lines: Sequence[LinePart]) -> OtherRefund:
        if not record.keys() <= _REFUND_KEYS:
            raise Unread
        for_ = text(record["for"], LONGEST_WORD)
        goods = for_ == GOODS
        units = self._orders.count.read(record["quantity"]) if goods or "quantity" in record else 0
        if goods and units < 1:
            raise Unread
        number = self._orders.find_line(record, lines) + 1 if goods or "line" in record or "sku" in record else None
        return OtherRefund(
            text(record["case"], LONGEST_WORD),
            number,
            units,
            for_,
            self._orders.money.read(record["amount"]),
            self._deducted(record["deducted"]) if "deducted" in record else {},
            "done" if _word(record["status"], _SETTLED) == "done" else "pending",
            _flag(record["kept"]) if "kept" in record else False,
        )

    def kept(self, written: object, lines: Sequence[LinePart]) -> tuple[Sequence[OtherRefund], int] | None:
        """Return refunds of goods that the buyer kept, and what they come to in fen.

        ``None`` where there is any other one, or something was held back, or one is above its line. Raises ``Unread``, or
        a KeyError or TypeError, where one cannot be read.
        """
        refunds, left = [], [line.paid for line in lines]
        for record in records(written, MOST):
            refund = self._refund(record, lines)
            number = refund.line
            if refund.for_ != GOODS or number is None or not refund.kept or refund.deducted:
                return None
            left[number - 1] -= refund.amount
            if refund.quantity > lines[number - 1].units or left[number - 1] < 0:
                return None
            refunds.append(refund)
        return refunds, sum([refund.amount for refund in refunds])

    def _deducted(self, written: object) -> Mapping[str, int]:
        if type(written) is not dict or not all(type(name) is str for name in written):
            raise Unread
        return {name: self._orders.money.read(amount) for name, amount in written.items()}

    # ── what follows ────────────────────────────────────────────────────────────────────────────────────────────

    def date(self, part: OrderPart, units: tuple[ClaimedUnits, ...] | None) -> OrderPart:
        """Return the order with the dates of the claimed lines in place of its own, where these have their own."""
        order = part.whole
        if order is None or all(line.shipped_at is UNKNOWN is line.delivered_at for line in order.lines):
            return part
        faults, told = Faults(), dict(part.told)
        dates_of_claimed(self._policy, order, units, told, Place(faults))
        if faults.found:
            raise Unread
        return part._replace(told=told)

    def rare(self, order: Order, units: tuple[ClaimedUnits, ...] | None) -> Rare | None:
        """Return what works out those facts that ``FromOrder`` does not, ``None`` where there are none."""
        names = [name for name in _rare_facts(order) if name in self._policy.facts]
        if not names:
            return None
        case = Case(None, order, Claim(None, units), {})

        def worked_out(told: Mapping[str, Value]) -> Mapping[str, Value]:
            def fact(name: str) -> Value:
                return told.get(name, UNKNOWN if name in self._policy.facts else WITHOUT_FACT.get(name, UNKNOWN))

            found = {name: compute(name, case, fact) for name in names}
            return {name: value for name, value in found.items() if value is not UNKNOWN}

        return worked_out


def order_line(number: int, line: LinePart) -> OrderLine:
    """Return a line as ``read_order`` reads it."""
    return OrderLine(
        number,
        line.sku,
        line.title,
        line.units,
        line.paid,
        line.unit_price,
        line.shipped_at,
        line.delivered_at,
        line.attributes,
        line.bundle,
    )


def _goods(lines: Sequence[LinePart], order: Order) -> Goods:
    """Return the goods of an order, with what other cases took and refunded of it."""
    goods = Goods(lines, sum(line.paid for line in lines), sum(line.units for line in lines))
    gone = taken(order)
    if gone:
        goods.take([gone.get(line.number, 0) for line in order.lines])
    goods.outbound = sum(refund.amount for refund in order.refunds if refund.for_ == OUTBOUND)
    goods.postage_deducted = any("threshold_postage" in refund.deducted for refund in order.refunds)
    return goods


def _rare_facts(order: Order) -> Sequence[str]:
    """Return the facts of an order that are more than what was paid for its lines, shared by units."""
    names: list[str] = []
    if any(refund.kept for refund in order.refunds):
        names.append("already_refunded")
    if any(discount.threshold is not None for discount in order.discounts):
        names += ("claimed_paid", "discount_resettled")
    if any(line.bundle is not None for line in order.lines):
        names.append("bundle_broken")
    if any(GIFT_PRICE in line.attributes for line in order.lines):
        names.append("gifts_kept")
    return names


def _word(written: object, words: Collection[str]) -> str:
    if type(written) is not str or written not in words:
        raise Unread
    return written


def _flag(written: object) -> bool:
    flag = written if isinstance(written, bool) else _FLAGS.get(written) if isinstance(written, str) else None
    if flag is None:
        raise Unread
    return flag
