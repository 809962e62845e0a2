"""The money of a case: postage terms to amounts, refund lines with their caps, and every transfer they make.

All amounts are fen. A leg's amount is derived from its terms: the insurer's share first, the rest moves from whoever
bears it to whoever advanced it; what a carrier or another third party bears passes through the seller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aftersales.case.view import CaseView
from aftersales.dataclass import dataclass, field
from aftersales.errors import AmountError, Diagnostic
from aftersales.expr.evaluate import blocker, evaluate
from aftersales.expr.types import UNKNOWN
from aftersales.expr.words import derivation
from aftersales.money import show_money
from aftersales.policy.model import Bearing, MoneyLine, Policy
from aftersales.run.decision import Leg, MoneyItem, PaidTo, ReturnedInKind, Transfer, Waiting
from aftersales.run.postage import Postage, derive_postage, leg_amount
from aftersales.run.walk import Walk
from aftersales.run.way_back import in_kind, paid_to
from aftersales.text import Text

GOODS = "goods"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who is liable, who bears each leg, and what is owed to whom; ``lines`` are what the seller pays the buyer."""

    liable: str
    postage: Mapping[str, Leg | None]
    lines: tuple[MoneyItem, ...]
    deductions: tuple[MoneyItem, ...]
    waiting: tuple[Waiting, ...]
    maximum: int | None
    charges: tuple[MoneyItem, ...]
    recover: tuple[MoneyItem, ...]
    transfers: tuple[Transfer, ...]
    warnings: tuple[Text, ...] = ()
    paid_to: tuple[PaidTo, ...] = ()
    returned_in_kind: tuple[ReturnedInKind, ...] = ()

    @property
    def total(self) -> int:
        """Return the sum of the lines, in fen."""
        return sum(line.amount for line in self.lines)

    @property
    def paid(self) -> int:
        """Return what was paid of the lines, in fen."""
        return sum(line.paid for line in self.lines)

    @property
    def due(self) -> int:
        """Return what can be paid now, in fen."""
        return sum(line.due for line in self.lines)


@dataclass(slots=True)
class _Book:
    """Amounts as they are worked out; frozen into a ``Settlement`` at the end."""

    view: CaseView
    refund: dict[str, tuple[int, str]] = field(default_factory=dict)
    deductions: dict[str, tuple[int, str]] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    caps: dict[str, int] = field(default_factory=dict)
    all_goods: bool = False

    def amount(self, line: MoneyLine) -> int | None:
        """Return a line's amount, or note what it waits for. Raises AmountError below zero or above its cap."""
        value = evaluate(line.amount, self.view)
        cap = evaluate(line.cap, self.view) if line.cap is not None else None
        if not isinstance(value, int) or cap is UNKNOWN:
            self.waiting.append(Waiting(line.name, self._missing(line)))
            return None
        if value < 0:
            raise AmountError(_below_zero(line, value))
        if isinstance(cap, int) and value > cap:
            raise AmountError(above_maximum(line.name, value, cap))
        self.caps[line.name] = cap if isinstance(cap, int) else value
        return value

    def _missing(self, line: MoneyLine) -> tuple[str, ...]:
        parts = (line.amount,) if line.cap is None else (line.amount, line.cap)
        facts = (fact for part in parts if (fact := blocker(part, self.view)) is not None)
        return tuple(dict.fromkeys(base for fact in facts for base in self.view.base_needs(fact) or (fact,)))


def settle_money(walk: Walk) -> Settlement:
    """Work out all money of a walk where it stands.

    Raises AmountError where a line is negative or above its maximum: above what was paid and is left, or above its
    own cap. Nothing is ever clamped to fit.
    """
    laid, view = walk.laid, walk.view
    book = _Book(view)
    postage = derive_postage(walk.policy, laid.postage.values(), view)
    _refund_lines(book, laid.refund.values(), laid.deductions.values())
    book.waiting.extend(postage.waiting)
    for name, amount in postage.refund.items():
        book.refund[name] = (amount, postage.because[name])
    charges = _charged(book, laid.charge.values(), postage.charge, postage.because)
    recover = _recovered(book, laid.recover.values(), postage)
    maximum = _maximum(book, walk.policy)
    lines = tuple(_owed(walk, name, *item) for name, item in book.refund.items())
    return Settlement(
        liable=bearer(laid.liable, view),
        postage={leg: postage.legs.get(leg) for leg in walk.policy.legs},
        lines=lines,
        deductions=tuple(MoneyItem(name, *item) for name, item in book.deductions.items()),
        waiting=tuple(book.waiting),
        maximum=maximum,
        charges=tuple(item for item, _ in charges),
        recover=tuple(item for item, _ in recover),
        transfers=tuple(_transfers(lines, charges, recover, postage)),
        warnings=tuple(_overpaid(line) for line in lines if line.paid > line.amount),
        paid_to=paid_to(walk.case, lines),
        returned_in_kind=in_kind(walk.case) if book.all_goods else (),
    )


def _refund_lines(book: _Book, refund: Iterable[MoneyLine], deductions: Iterable[MoneyLine]) -> None:
    for line in refund:
        amount = book.amount(line)
        if amount is None:
            continue
        why = derivation(line.amount, book.view)
        if line.name == GOODS:
            _cap_goods(book, amount)
            net = _deduct(book, amount, deductions)
            if net is None:
                continue
            why = _less(why, book.deductions)
            book.all_goods = amount == goods_left(book.view)
            amount = net
        book.refund[line.name] = (amount, why)


def _deduct(book: _Book, goods: int, deductions: Iterable[MoneyLine]) -> int | None:
    """Lower the goods line; together never below 0: what it cannot hold is waived. ``None``: one is not known yet."""
    left = goods
    for line in deductions:
        before = len(book.waiting)
        amount = book.amount(line)
        if amount is None:
            held = book.waiting.pop() if len(book.waiting) > before else Waiting(line.name, ())
            book.waiting.append(Waiting(GOODS, held.needs))
            return None
        taken = min(amount, left)
        book.deductions[line.name] = (taken, derivation(line.amount, book.view))
        left -= taken
    return left


def _less(why: str, deductions: Mapping[str, tuple[int, str]]) -> str:
    taken = {name: amount for name, (amount, _) in deductions.items() if amount}
    if not taken:
        return why
    names, figures = why.rsplit(" = ", 1) if " = " in why else (why, why)
    more_names = "".join(f" - {name}" for name in taken)
    return f"{names}{more_names} = {figures}" + "".join(f" - {show_money(amount)}" for amount in taken.values())


def _cap_goods(book: _Book, amount: int) -> None:
    left = goods_left(book.view)
    if left is not None and amount > left:
        raise AmountError(above_maximum(GOODS, amount, left))


def goods_left(view: CaseView) -> int | None:
    """Return what was paid for the claimed units and not yet refunded, in fen; ``None`` where it is not known."""
    values = [view.fact(name) for name in ("claimed_paid", "already_refunded") if name in view.policy.facts]
    if not values or not all(isinstance(value, int) for value in values):
        return None
    paid, *refunded = (value for value in values if isinstance(value, int))
    return max(0, paid - sum(refunded))


def _maximum(book: _Book, policy: Policy) -> int | None:
    """Add up what can at most go back: goods left, what the buyer paid for legs as far as told, compensation's caps."""
    goods = goods_left(book.view)
    if goods is None:
        return None
    legs = (leg_amount(leg, book.view) or 0 for leg in policy.legs.values() if leg.advanced == "buyer")
    return goods + sum(legs) + sum(cap for name, cap in book.caps.items() if name in book.refund and name != GOODS)


def _charged(
    book: _Book, lines: Iterable[MoneyLine], legs: Mapping[str, int], because: Mapping[str, str]
) -> list[tuple[MoneyItem, str]]:
    items = [
        (MoneyItem(line.name, amount, derivation(line.amount, book.view)), "buyer")
        for line in lines
        if (amount := book.amount(line)) is not None
    ]
    return items + [(MoneyItem(leg, amount, because[leg]), "buyer") for leg, amount in legs.items()]


def _recovered(book: _Book, lines: Iterable[MoneyLine], postage: Postage) -> list[tuple[MoneyItem, str]]:
    items = [
        (MoneyItem(line.name, amount, derivation(line.amount, book.view)), line.party or "carrier")
        for line in lines
        if (amount := book.amount(line)) is not None
    ]
    return items + [
        (MoneyItem(leg, amount, postage.because[leg]), party) for (leg, party), amount in postage.recover.items()
    ]


def _owed(walk: Walk, name: str, amount: int, because: str) -> MoneyItem:
    paid = walk.ledger.paid.get(name, 0)
    number = walk.ledger.payments.get(name, 0) + 1
    return MoneyItem(name, amount, because, max(0, amount - paid), paid, f"{_case_id(walk)}/{name}/{number}")


def _case_id(walk: Walk) -> str:
    order = walk.case.order
    return walk.case.id or (order.id if order is not None and order.id else "case")


def _transfers(
    lines: tuple[MoneyItem, ...],
    charges: list[tuple[MoneyItem, str]],
    recover: list[tuple[MoneyItem, str]],
    postage: Postage,
) -> Iterator[Transfer]:
    yield from (Transfer("seller", "buyer", line.for_, line.amount) for line in lines if line.amount)
    yield from (Transfer("insurer", "buyer", leg, amount) for leg, amount in postage.insured.items() if amount)
    yield from (Transfer("buyer", "seller", item.for_, item.amount) for item, _ in charges if item.amount)
    yield from (Transfer(party, "seller", item.for_, item.amount) for item, party in recover if item.amount)


def bearer(bearing: Bearing, view: CaseView) -> str:
    """Return the party that ``bearing`` names here, ``shared`` for shares, ``undecided`` while it is not known."""
    if bearing is None:
        return "undecided"
    if isinstance(bearing, tuple):
        return "shared"
    party = evaluate(bearing, view)
    return party if isinstance(party, str) else "undecided"


def above_maximum(name: str, amount: int, maximum: int) -> Diagnostic:
    """Say that a line is above its maximum, naming both in currency units."""
    told, most = show_money(amount), show_money(maximum)
    return Diagnostic(
        "refund_above_maximum",
        Text(f"{name} 应退 {told}，超过上限 {most}", f"{name} comes to {told}, its maximum is {most}"),
    )


def _below_zero(line: MoneyLine, amount: int) -> Diagnostic:
    shown = show_money(amount)
    return Diagnostic(
        "amount_below_zero", Text(f"{line.name} 为负数 {shown}", f"{line.name} comes to {shown}, below zero"), line.span
    )


def _overpaid(line: MoneyItem) -> Text:
    paid, owed = show_money(line.paid), show_money(line.amount)
    return Text(f"{line.for_} 已付 {paid}，多于应付的 {owed}", f"{line.for_}: paid {paid}, more than the {owed} owed")
