"""Reading the order record: its lines, payments, other cases' refunds, and the facts that its keys tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from aftersales.case.discounts import price_lines
from aftersales.case.faults import Place
from aftersales.case.fields import Fields, read_entries, read_fields, read_money, read_word
from aftersales.case.lines import LineDraft, find_line, read_lines
from aftersales.case.model import Order, OrderLine, OtherRefund, Payment
from aftersales.case.sums import check_sums
from aftersales.case.units import GOODS
from aftersales.case.values import read_value, told_by_order
from aftersales.dataclass import dataclass
from aftersales.errors import ConflictError
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Fact, Policy
from aftersales.text import Text

MOST_PAYMENTS: Final = 1_000
MOST_REFUNDS: Final = 1_000
_OWN_KEYS: Final = ("id", "shop", "currency", "lines", "discounts", "payments", "refunds")
_INSURANCE: Final = "freight_insurance"
_PAYMENT_KEYS: Final = ("id", "kind", "amount", "currency")
_REFUND_KEYS: Final = (
    "case", "line", "sku", "quantity", "for", "amount", "deducted", "status", "kept", "currency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as read, and its lines with their places for what refers to them."""

    order: Order
    lines: tuple[LineDraft, ...]


def read_order(policy: Policy, data: object, place: Place) -> OrderDraft | None:
    """Read the order record; ``None`` where it is no record at all."""
    facts = {name: fact for name, fact in policy.facts.items() if told_by_order(fact)}
    insured = (_INSURANCE,) if "insured_up_to" in facts or "freight_insured" in policy.facts else ()
    fields = read_fields(data, place, (*_OWN_KEYS, *insured, *facts), facts=policy.facts)
    if fields is None:
        return None
    _check_currency(policy, fields)
    drafts = read_lines(policy, fields)
    priced = price_lines(policy, fields, drafts)
    told = _order_facts(policy, facts, fields)
    payments = _read_payments(fields)
    refunds = _read_refunds(fields, drafts)
    lines = tuple(_line(draft, fen) for draft, fen in zip(drafts, priced.paid, strict=True))
    if not place.faults.found:
        check_sums(fields, Order(None, lines, payments, refunds, told))
    if payments and "order_paid" in facts and facts["order_paid"].derived is None:
        told.setdefault("order_paid", sum(payment.amount for payment in payments))
    order = Order(fields.text("id"), lines, payments, refunds, told, fields.text("shop"), priced.discounts)
    return OrderDraft(order, drafts)


def _line(draft: LineDraft, paid: int | None) -> OrderLine:
    """Return the line as the engines see it; what is at fault stands as nothing, the case is refused anyway."""
    return OrderLine(
        number=draft.number,
        sku=draft.sku or "",
        title=draft.title,
        quantity=draft.quantity or 1,
        paid=paid or 0,
        unit_price=draft.unit_price,
        shipped_at=draft.shipped_at,
        delivered_at=draft.delivered_at,
        attributes={name: value for name, value in draft.attributes.items() if value is not UNKNOWN},
        bundle=draft.bundle,
    )


def _check_currency(policy: Policy, order: Fields) -> None:
    """Note every amount in another currency than the policy's: the order's own, a line's, a payment's, a refund's."""
    _same_currency(order, policy.currency)
    for key in ("lines", "discounts", "payments", "refunds"):
        entries = order.entries.get(key)
        for number, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
            if isinstance(entry, Mapping):
                _same_currency(Fields(entry, order.at(key).at(number)), policy.currency)


def _same_currency(fields: Fields, currency: str) -> None:
    """Note a currency other than the one that the policy decides in."""
    told = fields.text("currency")
    if told is not None and told != currency:
        fields.at("currency").fault(
            "currency_mixed",
            Text(f"这里是 {told}，政策以 {currency} 计算", f"this is in {told}, the policy decides in {currency}"),
            kind=ConflictError,
        )


def _order_facts(policy: Policy, facts: Mapping[str, Fact], fields: Fields) -> dict[str, Value]:
    """Return the facts that the order's keys tell."""
    told: dict[str, Value] = {}
    for name, fact in facts.items():
        if fields.has(name):
            told[name] = read_value(policy, fact, fields.entries[name], fields.at(name))
    for name, value in _insurance(policy, fields).items() if fields.has(_INSURANCE) else ():
        if told.setdefault(name, value) != value:
            fields.at(_INSURANCE).fault(
                "told_twice",
                Text(f"与这里的 {name} 不一致", f"{name} says something else here"),
                kind=ConflictError,
            )
    return {name: value for name, value in told.items() if value is not UNKNOWN}


def _insurance(policy: Policy, fields: Fields) -> Mapping[str, Value]:
    """Read ``freight_insurance``: insured up to this amount, null where not insured at all."""
    data = fields.entries[_INSURANCE]
    limit = None if data is None else read_money(data, fields.at(_INSURANCE))
    if data is not None and limit is None:
        return {}
    told: dict[str, Value] = {}
    if "insured_up_to" in policy.facts:
        nullable = policy.facts["insured_up_to"].flag is not None
        told["insured_up_to"] = UNKNOWN if limit is None and not nullable else limit
    covered = policy.facts.get("freight_insured")
    if covered is not None and covered.derived is None:
        told["freight_insured"] = limit is not None
    return told


def _read_payments(order: Fields) -> tuple[Payment, ...]:
    """Read ``order.payments``; every payment has its own id."""
    payments: dict[str, Payment] = {}
    for place, data in order.items("payments", MOST_PAYMENTS):
        fields = read_fields(data, place, _PAYMENT_KEYS)
        if fields is None or not fields.require("id", "amount"):
            continue
        id_, amount = fields.text("id"), fields.money("amount")
        if id_ is None or amount is None:
            continue
        if id_ in payments:
            fields.at("id").fault(
                "payment_twice", Text(f"付款 {id_} 出现两次", f"payment {id_} is there twice"), kind=ConflictError
            )
        payments[id_] = Payment(id_, fields.text("kind") or "", amount)
    return tuple(payments.values())


def _read_refunds(order: Fields, drafts: Sequence[LineDraft]) -> tuple[OtherRefund, ...]:
    """Read ``order.refunds``: what other cases of this order gave back or are about to."""
    refunds = []
    for place, data in order.items("refunds", MOST_REFUNDS):
        fields = read_fields(data, place, _REFUND_KEYS)
        if fields is not None and fields.require("case", "for", "amount", "status"):
            refunds.append(_read_refund(fields, drafts))
    return tuple(refund for refund in refunds if refund is not None)


def _read_refund(fields: Fields, drafts: Sequence[LineDraft]) -> OtherRefund | None:
    """Read one refund of another case; one for goods names its line and units."""
    case, for_, amount = fields.text("case"), fields.text("for"), fields.money("amount")
    goods = for_ == GOODS
    if goods and not fields.require("quantity"):
        return None
    line = find_line(fields, drafts) if goods or fields.has("line") or fields.has("sku") else None
    quantity = fields.count("quantity", 1 if goods else 0)
    status = read_word(fields.entries["status"], fields.at("status"), ("done", "pending"))
    deducted = _read_deducted(fields)
    kept = fields.flag("kept") or False
    if (
        case is None
        or for_ is None
        or amount is None
        or status is None
        or (goods and (line is None or quantity is None))
    ):
        return None
    settled: Literal["done", "pending"] = "done" if status == "done" else "pending"
    return OtherRefund(case, line.number if line else None, quantity or 0, for_, amount, deducted, settled, kept)


def _read_deducted(fields: Fields) -> Mapping[str, int]:
    """Read what was held back from a refund, by name, in fen."""
    if not fields.has("deducted"):
        return {}
    entries = read_entries(fields.entries["deducted"], fields.at("deducted")) or {}
    amounts = {name: read_money(data, fields.at("deducted").at(name)) for name, data in entries.items()}
    return {name: amount for name, amount in amounts.items() if amount is not None}
