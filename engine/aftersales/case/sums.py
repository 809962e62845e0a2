"""Checks that the figures of an order record add up: payments, and what other cases refunded of it."""

from __future__ import annotations

from aftersales.case.faults import Place
from aftersales.case.fields import Fields
from aftersales.case.model import Order, OrderLine, OtherRefund
from aftersales.case.resettled import DISCOUNT_RESETTLED
from aftersales.case.units import GOODS, OUTBOUND
from aftersales.errors import AmountError, ConflictError
from aftersales.money import show_money
from aftersales.text import Text


def check_sums(fields: Fields, order: Order) -> None:
    """Note every figure of a readable order that cannot be, naming the figures that disagree."""
    if order.lines:
        _check_payments(fields, order)
        _check_refunds(fields, order)


def _check_payments(fields: Fields, order: Order) -> None:
    """Note payments that do not add up to goods and outbound postage, and an ``order_paid`` that does not."""
    goods, told = sum(line.paid for line in order.lines), order.facts.get("order_paid")
    postage = order.facts.get("postage_paid")
    whole = goods + postage if isinstance(postage, int) else None
    if isinstance(told, int) and whole is not None and told != whole and _is_paid(order):
        _note_unequal(fields.at("order_paid"), told, whole)
    if not order.payments:
        return
    paid = sum(payment.amount for payment in order.payments)
    wanted = told if isinstance(told, int) else whole
    if wanted is not None and paid != wanted:
        _note_unequal(fields.at("payments"), paid, wanted)
    elif wanted is None and paid < goods:
        _note_unequal(fields.at("payments"), paid, goods)


def _is_paid(order: Order) -> bool:
    """Return whether the order counts as paid: not one that is paid at the door, nor one known to be unpaid."""
    if "paid_at" in order.facts:
        return order.facts["paid_at"] is not None
    return order.facts.get("cash_on_delivery") is not True


def _note_unequal(place: Place, paid: int, wanted: int) -> None:
    """Note that money paid is not what goods and outbound postage come to."""
    got, due = show_money(paid), show_money(wanted)
    place.fault(
        "payments_disagree",
        Text(f"共付 {got}，而商品加发货运费是 {due}", f"{got} was paid, but goods and outbound postage come to {due}"),
        kind=ConflictError,
    )


def _check_refunds(fields: Fields, order: Order) -> None:
    """Note refunds of other cases above the units or the money of their line, or above the outbound postage."""
    moved = sum(refund.deducted.get(DISCOUNT_RESETTLED, 0) for refund in order.refunds)
    for line in order.lines:
        own = [refund for refund in order.refunds if refund.line == line.number]
        _check_line(fields.at("refunds"), line, own, moved)
    goods, back = sum(line.paid for line in order.lines), sum(_worth(refund) for refund in order.refunds) - moved
    if moved and back > goods:
        _note_above(fields.at("refunds"), Text("商品", "the goods"), back, goods)
    postage = order.facts.get("postage_paid")
    refunded = sum(refund.amount for refund in order.refunds if refund.for_ == OUTBOUND)
    if isinstance(postage, int) and refunded > postage:
        _note_above(fields.at("refunds"), Text("发货运费", "the outbound postage"), refunded, postage)


def _check_line(place: Place, line: OrderLine, refunds: list[OtherRefund], moved: int) -> None:
    """Note refunds of one line above its units or above what was paid for it.

    ``moved`` fen were held back from some lines for a lost discount and go back with others.
    """
    gone = sum(refund.quantity for refund in refunds if refund.for_ == GOODS and not refund.kept)
    most_kept = max((refund.quantity for refund in refunds if refund.kept), default=0)
    for units in (gone, most_kept):
        if units > line.quantity:
            place.fault(
                "more_than_bought",
                Text(
                    f"其他售后单处理了第 {line.number} 行的 {units} 件，只买了 {line.quantity} 件",
                    f"other cases took {units} of line {line.number}, {line.quantity} were bought",
                ),
                kind=ConflictError,
            )
    refunded = sum(_worth(refund) for refund in refunds)
    if refunded > line.paid + moved:
        name = Text(f"第 {line.number} 行", f"line {line.number}")
        _note_above(place, name, refunded, line.paid)


def _worth(refund: OtherRefund) -> int:
    """Return what a refund of goods used up of its line, in fen: what was paid out and what was held back from it."""
    return refund.amount + sum(refund.deducted.values()) if refund.for_ == GOODS else 0


def _note_above(place: Place, what: Text, refunded: int, paid: int) -> None:
    """Note that other cases refunded more than was paid."""
    out, most = show_money(refunded), show_money(paid)
    place.fault(
        "refunds_above_paid",
        Text(
            f"其他售后单已退{what.zh} {out}，超过实付 {most}",
            f"other cases refunded {out} of {what.en}, {most} was paid",
        ),
        kind=AmountError,
    )
