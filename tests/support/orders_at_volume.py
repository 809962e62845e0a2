"""Random orders taken apart case by case with the engine's own money code, every fen of each accounted for.

Each order is built as the case room builds one, without reading text; everything that shares, caps or adds money up is
the engine's. ``settle`` takes an order apart completely and returns what does not add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Final

from aftersales.case.computed import compute
from aftersales.case.faults import Faults, Place
from aftersales.case.in_kind import returned_in_kind
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
from aftersales.case.paid_back import pay_back
from aftersales.case.params import apply_tiers
from aftersales.case.prices import STAGES, Discount, net_prices
from aftersales.case.units import GOODS, OUTBOUND
from aftersales.expr.types import UNKNOWN, Value
from aftersales.money import allocate
from aftersales.policy.model import Tier
from aftersales.run.walk import Ledger

#: What a late shipment costs the seller: nothing up to 3.00, then 3.00, from 300.00 on 1 %, at most 30.00.
TIERS: Final = (
    Tier(300, None, 0, None, None),
    Tier(None, 30000, 300, None, None),
    Tier(None, None, Fraction(1, 100), None, 3000),
)
_NOWHERE: Final = Place(Faults())


@dataclass(slots=True)
class Account:
    """What an order gave back so far, in fen, and what did not add up."""

    goods: int = 0
    exchanged: int = 0
    outbound: int = 0
    charged: int = 0
    compensation: int = 0
    points: int = 0
    coupons: int = 0
    only_fault: bool = True
    payments: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def expect(self, name: str, got: int, wanted: int) -> None:
        """Note an amount that is not what it should be."""
        if got != wanted:
            self.wrong.append(f"{name}: {got} instead of {wanted}")

    def keep(self, name: str, holds: bool) -> None:
        """Note a law that does not hold."""
        if not holds:
            self.wrong.append(name)


def draw_order(dice: Random) -> Order:
    """Return a paid and shipped order: up to four lines, two discounts and three payments."""
    lines = [(dice.randint(1, 4), _draw_price(dice)) for _ in range(dice.randint(1, 4))]
    gross = [quantity * price for quantity, price in lines]
    asked = [_draw_discount(dice, gross) for _ in range(dice.choice((0, 0, 1, 2)))]
    nets, shared = net_prices(gross, asked)
    paid = [net or 0 for net in nets]
    discounts = tuple(
        OrderDiscount(
            asked_for.stage,
            asked_for.amount,
            {line + 1: part for line, part in zip(asked_for.lines, taken.shares, strict=True)},
            {line + 1: worth for line, worth in zip(asked_for.lines, taken.worth, strict=True)},
            "seller",
            asked_for.threshold,
        )
        for asked_for, taken in zip(asked, shared, strict=True)
        if taken is not None
    )
    postage = dice.choice((0, 0, 800, dice.randint(1, 3000)))
    whole = sum(paid) + postage
    parts = allocate(whole, [dice.randint(1, 9) for _ in range(dice.choice((1, 1, 2, 3)))])
    return Order(
        id="1",
        lines=tuple(
            OrderLine(number, str(number), "", quantity, fen, price)
            for number, ((quantity, price), fen) in enumerate(zip(lines, paid, strict=True), 1)
        ),
        payments=tuple(Payment(f"p{number}", "alipay", part) for number, part in enumerate(parts)),
        refunds=(),
        facts={"postage_paid": postage, "order_paid": whole},
        discounts=discounts,
    )


def _draw_price(dice: Random) -> int:
    return dice.choice((1, 99, 999, 5900, dice.randint(1, 99_999)))


def _draw_discount(dice: Random, gross: list[int]) -> Discount:
    covered = tuple(sorted(dice.sample(range(len(gross)), dice.randint(1, len(gross)))))
    worth = sum(gross[line] for line in covered)
    threshold = dice.choice((None, worth, worth // 2))
    return Discount(dice.choice(STAGES), dice.randint(0, worth // 3), covered, _NOWHERE, "seller", threshold)


def settle(order: Order, dice: Random) -> Account:
    """Take ``order`` apart in random cases until nothing is kept, and return its account."""
    account, ledger = Account(), Ledger()
    refunds: list[OtherRefund] = []
    for number, units in enumerate(_partition(order, dice)):
        _settle_case(_Case(f"C{number}", order, refunds, units), account, dice)
    _compensate(order, account, ledger)
    _close(order, account)
    return account


def _partition(order: Order, dice: Random) -> Iterator[tuple[ClaimedUnits, ...]]:
    """Yield random groups of units until every unit of the order was claimed once."""
    left = {line.number: line.quantity for line in order.lines}
    while left:
        taken = {number: dice.randint(0, units) for number, units in left.items()}
        if not any(taken.values()):
            taken[next(iter(left))] = 1
        yield tuple(ClaimedUnits(number, units) for number, units in taken.items() if units)
        left = {number: units - taken[number] for number, units in left.items() if units > taken[number]}


@dataclass(frozen=True, slots=True)
class _Case:
    """One case of an order: the units it claims behind those that the earlier ones took."""

    name: str
    order: Order
    refunds: list[OtherRefund]
    units: tuple[ClaimedUnits, ...]

    def seen(self) -> tuple[Order, Case]:
        """Return the order with the records of the earlier cases, and the case as the engine sees it."""
        whole = self.order
        order = Order(whole.id, whole.lines, whole.payments, tuple(self.refunds), whole.facts, None, whole.discounts)
        return order, Case(self.name, order, Claim(None, self.units), {})


def _fact(name: str, case: Case) -> int:
    value = compute(name, case, lambda asked: _input(asked, case))
    return value if isinstance(value, int) else -1


def _input(name: str, case: Case) -> Value:
    if name in ("paid_at", "shipped_at"):
        return True
    if name == "cash_on_delivery":
        return False
    return case.order.facts.get(name, UNKNOWN) if case.order is not None else UNKNOWN


def _settle_case(one: _Case, account: Account, dice: Random) -> None:
    """Decide one case: a return with or without fault, a lower price first, or an exchange; and enter it."""
    order, case = one.seen()
    kind = dice.choice(("fault", "fault", "fault", "no_reason", "kept_first", "exchange"))
    account.only_fault = account.only_fault and kind == "fault"
    if kind == "kept_first":
        _keep_at_a_lower_price(one, case, account, dice)
        order, case = one.seen()
    goods = _fact("claimed_paid", case) - _fact("already_refunded", case)
    account.keep(f"{one.name}: goods below zero", goods >= 0)
    outbound = _fact("postage_claimed", case) if kind == "fault" else 0
    held_back = min(goods, _fact("discount_resettled", case)) if kind == "no_reason" else 0
    exchanged = 0
    if kind == "exchange":
        dearer = dice.randint(0, 2 * goods + 1)
        exchanged = min(goods, dearer)
        account.charged += max(0, dearer - goods)
        came_in, went_out = goods + max(0, dearer - goods), dearer + goods - exchanged
        account.expect(f"{one.name}: exchange, what came in", came_in, went_out)
    _pay(one, order, account, goods - held_back - exchanged, outbound)
    account.exchanged += exchanged
    for item in returned_in_kind(order, case.claim):
        account.points += item.amount if item.kind == "points" else 0
        account.coupons += item.amount if item.kind == "coupon" else 0
    _enter(one, case, goods - held_back - exchanged, held_back, exchanged, outbound)


def _keep_at_a_lower_price(one: _Case, case: Case, account: Account, dice: Random) -> None:
    """Let the buyer keep the units of one line for less, before they come back after all."""
    units = one.units[0]
    alone = Case(case.id, case.order, Claim(None, (units,)), {})
    left = _fact("claimed_paid", alone) - _fact("already_refunded", alone)
    line = one.order.lines[units.line - 1]
    amount = dice.randint(0, max(0, min(left, line.paid // 3)))
    order, _ = one.seen()
    _pay(one, order, account, amount, 0)
    one.refunds.append(OtherRefund(f"{one.name}K", units.line, units.quantity, GOODS, amount, {}, "done", kept=True))


def _pay(one: _Case, order: Order, account: Account, goods: int, outbound: int) -> None:
    """Pay a refund back the way it came."""
    account.goods += goods
    account.outbound += outbound
    parts = pay_back(order, goods + outbound, 0)
    account.expect(f"{one.name}: parts of a refund", sum(part.amount for part in parts), goods + outbound)
    for part in parts:
        account.keep(f"{one.name}: more than was paid", part.payment is not None)
        if part.payment is not None:
            account.payments[part.payment.id] = account.payments.get(part.payment.id, 0) + part.amount


def _enter(one: _Case, case: Case, goods: int, held_back: int, exchanged: int, outbound: int) -> None:
    """Record a case's refund by line, as another case of the order will see it."""
    worths = [_line_worth(case, units) for units in one.units]
    shares = allocate(goods, worths) if goods else (0,) * len(worths)
    for place, (units, share) in enumerate(zip(one.units, shares, strict=True)):
        deducted = {"discount_resettled": held_back, "exchanged": exchanged} if place == 0 else {}
        one.refunds.append(OtherRefund(one.name, units.line, units.quantity, GOODS, share, deducted, "done"))
    if outbound:
        one.refunds.append(OtherRefund(one.name, None, 0, OUTBOUND, outbound, {}, "pending"))


def _line_worth(case: Case, units: ClaimedUnits) -> int:
    alone = Case(case.id, case.order, Claim(None, (units,)), {})
    return max(1, _fact("claimed_paid", alone))


def _compensate(order: Order, account: Account, ledger: Ledger) -> None:
    """Pay a late shipment's compensation, and try to pay it again."""
    whole = order.facts["order_paid"]
    owed = apply_tiers(TIERS, whole) if isinstance(whole, int) else 0
    for _ in range(2):
        due = max(0, owed - ledger.paid.get("late_shipment", 0))
        if due:
            ledger.pay("late_shipment", due)
            account.compensation += due
    account.expect("compensation", account.compensation, owed)
    account.keep("compensation above its most", owed <= 3000)


def _close(order: Order, account: Account) -> None:
    """Hold the account of an order of which nothing is kept against what was paid."""
    account.expect("goods", account.goods + account.exchanged, sum(line.paid for line in order.lines))
    postage = order.facts["postage_paid"]
    account.keep("outbound postage above what was paid", isinstance(postage, int) and account.outbound <= postage)
    if account.only_fault:
        whole = sum(payment.amount for payment in order.payments)
        account.expect("everything paid, where all was the seller's fault", account.goods + account.outbound, whole)
    account.expect("payments", sum(account.payments.values()), account.goods + account.outbound)
    for payment in order.payments:
        account.keep("a payment above what it paid", account.payments.get(payment.id, 0) <= payment.amount)
    for kind, back in (("points", account.points), ("coupon", account.coupons)):
        given = sum(discount.amount for discount in order.discounts if discount.kind == kind)
        account.expect(kind, back, given)


def settle_many(seed: int, count: int) -> list[str]:
    """Settle ``count`` random orders from ``seed`` and return what does not add up, naming the order."""
    dice = Random(seed)  # noqa: S311
    wrong = []
    for number in range(count):
        order = draw_order(dice)
        wrong += [f"seed {seed}, order {number}: {fault}" for fault in settle(order, dice).wrong]
    return wrong
