"""Reading an everyday case fast: an order of plain lines, a claim, facts told once; no events, no other case's refunds.

Anything else, and anything at fault, is for ``read_case``. What is read here is what it would have read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from aftersales.case.date_order import dates_fit
from aftersales.case.faults import Faults, Place
from aftersales.case.fields import ISSUE, LONGEST_TITLE, LONGEST_WORD, OPENED_AT, read_count
from aftersales.case.from_order import FromOrder, Goods, LinePart
from aftersales.case.quick_shapes import Keys, Reader, Shapes
from aftersales.case.quick_values import Meanings, QuickValues, Unread
from aftersales.case.values import told_by_order
from aftersales.dataclass import dataclass, replace
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.instants import TimeFormatError, parse_instant
from aftersales.money import LARGEST, MoneyFormatError, parse_money
from aftersales.policy.computed import GIFT_PRICE
from aftersales.policy.model import Policy
from aftersales.policy.narrow import shops_of

if TYPE_CHECKING:  # a whole case is put together later, if ever: a cold start is short
    from aftersales.case.model import Case, Order

_KEYS: Final = frozenset({"id", "order", "claim", "facts", "as_of"})
_INSURANCE: Final = "freight_insurance"
_ORDER_KEYS: Final = frozenset({"id", "shop", "currency", "lines", "payments"})
_LINE_KEYS: Final = frozenset({"sku", "title", "quantity", "unit_price", "paid"})
_PAYMENT_KEYS: Final = frozenset({"id", "kind", "amount"})
_CLAIM_KEYS: Final = frozenset({ISSUE, OPENED_AT, "lines"})
_CLAIMED_KEYS: Final = frozenset({"sku", "line", "quantity"})
_EMPTY: Final[dict[str, object]] = {}
_NO_ATTRIBUTES: Final[Mapping[str, Value]] = {}
#: An order with more lines, or payments, than this is no everyday one.
_MOST: Final = 100

Record = dict[str, object]
_T = TypeVar("_T", bound=Value)


@dataclass(slots=True)
class QuickCase:
    """A case as far as deciding needs it: what is told, with what follows from the order; instants; and a copy.

    ``shop`` is there where the policy has params of its own for it. ``whole`` is the case, where that was read at once.
    """

    told: dict[str, Value]
    opened_at: dt.datetime | None
    as_of: dt.datetime | None
    copy: Mapping[str, object]
    shop: str | None = None
    whole: Case | None = None


class QuickCases:
    """Reads everyday cases of one policy; threads may share it."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._values = QuickValues(policy)
        self._line_values = QuickValues(policy, policy.line_facts)
        self._of_order = frozenset(name for name, fact in policy.facts.items() if told_by_order(fact))
        insured = {"insured_up_to", "freight_insured"} & self._of_order
        self._own_keys = _ORDER_KEYS | {_INSURANCE} if insured else _ORDER_KEYS
        self._order_keys = self._own_keys | self._of_order
        self._orders = Shapes(self._order_reader)
        self._line_keys = _LINE_KEYS | frozenset(policy.line_facts) - {GIFT_PRICE}
        self._shops = shops_of(policy)
        self._lines: dict[Keys, Keys] = {}
        self._money, self._count, self._instant = _Shape(_money), _Shape(_count), _Shape(_instant)
        self.from_order = FromOrder(policy)

    def read(self, data: Mapping[str, object]) -> QuickCase:
        """Read a case. Raises ``Unread`` where it is not an everyday one, or at fault."""
        try:
            return self._read(data)
        except (KeyError, TypeError, AttributeError):
            raise Unread from None

    def _read(self, data: Mapping[str, object]) -> QuickCase:
        if not data.keys() <= _KEYS or not self.from_order.usable:
            raise Unread
        copy = dict(data)
        told: dict[str, Value] = {}
        lines = None
        if "id" in data:
            _text(data["id"], LONGEST_WORD)
        if "order" in data:
            copy["order"], lines = self._order(_record(data["order"]), told)
        claim = _record(data["claim"]) if "claim" in data else _EMPTY
        copy["claim"], goods = self._claim(claim, told, lines)
        facts = _record(data["facts"]) if "facts" in data else _EMPTY
        copy["facts"] = dict(facts)
        _tell(told, self._values.read(facts))
        opened_at = self._instant.read(claim[OPENED_AT]) if OPENED_AT in claim else _at(told.get(OPENED_AT))
        as_of = self._instant.read(data["as_of"]) if "as_of" in data else None
        if not dates_fit(told):
            raise Unread
        if goods is not None:
            _tell(told, self.from_order.facts(goods, told))
        return QuickCase(told, opened_at, as_of, copy, self._shop(copy["order"]) if "order" in data else None)

    def _shop(self, order: object) -> str | None:
        """Return the shop of an order where the policy has params of its own for it."""
        shop = order.get("shop") if isinstance(order, dict) else None
        return shop if shop in self._shops else None

    def read_whole(self, data: Mapping[str, object]) -> QuickCase:
        """Read a case of one part without events, with other cases' refunds and discounts, as ``read_case`` does.

        Raises ``Unread`` where it is another one, and the CaseErrors of ``read_case``.
        """
        from aftersales.case.read import read_case  # noqa: PLC0415 (see the top)
        from aftersales.case.view import CaseView  # noqa: PLC0415

        claim = data.get("claim")
        if "events" in data or (isinstance(claim, Mapping) and "parts" in claim) or not self.from_order.usable:
            raise Unread
        whole = read_case(self._policy, data)
        view = CaseView(self._policy, whole, whole.told)
        follows = {name: view.fact(name) for name in self.from_order.names}
        told = {**whole.told, **{name: value for name, value in follows.items() if value is not UNKNOWN}}
        shop = whole.order.shop if whole.order is not None else None
        names = {"id": whole.id, "order": {"id": whole.order.id if whole.order is not None else None}}
        return QuickCase(told, whole.claim.opened_at, whole.as_of, names, shop if shop in self._shops else None, whole)

    def case(self, quick: QuickCase) -> Case:
        """Return the whole case of a ``QuickCase``, as ``read_case`` reads it."""
        return self._whole(quick.copy) if quick.whole is None else quick.whole

    def _whole(self, copy: Mapping[str, object]) -> Case:
        from aftersales.case.model import Case, Claim, ClaimedUnits  # noqa: PLC0415 (see the top)

        told: dict[str, Value] = {}
        order, lines = None, None
        if "order" in copy:
            written, lines = self._order(_record(copy["order"]), told)
            order = self._whole_order(written, lines or [], dict(told))
        claim = _record(copy["claim"])
        self._claim(claim, told, lines)
        _tell(told, self._values.read(_record(copy["facts"])))
        opened_at = self._instant.read(claim[OPENED_AT]) if OPENED_AT in claim else _at(told.get(OPENED_AT))
        units = None
        if "lines" in claim:
            counts = self._claimed(_records(claim["lines"], _MOST), lines or [])
            units = tuple(ClaimedUnits(number, count) for number, count in enumerate(counts, 1) if count)
        as_of = self._instant.read(copy["as_of"]) if "as_of" in copy else None
        id_ = _text(copy["id"], LONGEST_WORD) if "id" in copy else None
        return Case(id_, order, Claim(opened_at, units), told, (), as_of)

    def _whole_order(self, written: Record, lines: list[LinePart], told: Mapping[str, Value]) -> Order:
        from aftersales.case.model import Order, OrderLine, Payment  # noqa: PLC0415 (see the top)

        texts = {name: _text(written[name], LONGEST_WORD) for name in ("id", "shop") if name in written}
        return Order(
            id=texts.get("id"),
            lines=tuple(
                OrderLine(n, one.sku, one.title, one.units, one.paid, one.unit_price, attributes=one.attributes)
                for n, one in enumerate(lines, 1)
            ),
            payments=tuple(
                Payment(_text(one["id"], LONGEST_WORD), str(one.get("kind", "")), self._money.read(one["amount"]))
                for one in _records(written.get("payments", ()), _MOST)
            ),
            refunds=(),
            facts=told,
            shop=texts.get("shop"),
        )

    # ── the order ───────────────────────────────────────────────────────────────────────────────────────────────

    def _order(self, order: Record, told: dict[str, Value]) -> tuple[Record, list[LinePart] | None]:
        told.update(self._told_by(order))
        if "id" in order:
            _text(order["id"], LONGEST_WORD)
        if "shop" in order:
            _text(order["shop"], LONGEST_WORD)
        if "currency" in order and order["currency"] != self._policy.currency:
            raise Unread
        if _INSURANCE in order:
            self._insurance(order[_INSURANCE], told)
        copy = dict(order)
        lines = None
        if "lines" in order:
            copy["lines"] = records = _records(order["lines"], _MOST, least=1)
            lines = [self._line(line) for line in records]
        if "payments" in order:
            copy["payments"] = _records(order["payments"], _MOST)
        self._sums(lines, copy.get("payments"), told)
        return copy, lines

    def _told_by(self, order: Record) -> Mapping[str, Value]:
        """Return what the keys of an order tell."""
        reader = self._orders.readers.get(tuple(order)) or self._orders.count(order)
        if reader is not None:
            try:
                return reader(order)
            except (Unread, KeyError, TypeError):
                pass
        self._check_keys(order)
        return {name: self._values.value(name, told) for name, told in order.items() if name in self._of_order}

    def _check_keys(self, keys: Iterable[str]) -> None:
        """Raise ``Unread`` where an order may not have one of these keys."""
        if not self._order_keys.issuperset(keys):
            raise Unread

    def _order_reader(self, keys: Keys) -> Reader:
        """Return a reader of what an order with these keys tells."""
        self._check_keys(keys)
        return self._values.reader(keys, self._own_keys - self._of_order)

    def _insurance(self, written: object, told: dict[str, Value]) -> None:
        limit = None if written is None else self._money.read(written)
        facts = self._policy.facts
        if "insured_up_to" in facts and (limit is not None or facts["insured_up_to"].flag is not None):
            _tell(told, {"insured_up_to": limit})
        covered = facts.get("freight_insured")
        if covered is not None and covered.derived is None:
            _tell(told, {"freight_insured": limit is not None})

    def _line(self, line: Record) -> LinePart:
        own = self._lines.get(keys := tuple(line))
        if own is None:
            own = self._lines_with(keys)
        sku = _text(line["sku"], LONGEST_WORD)
        title = _text(line["title"], LONGEST_TITLE) if "title" in line else ""
        units = self._count.read(line["quantity"])
        price = self._money.read(line["unit_price"]) if "unit_price" in line else None
        gross = None if price is None else price * units
        paid = self._money.read(line["paid"]) if "paid" in line else gross
        if units < 1 or paid is None or (gross is not None and (paid > gross or gross > LARGEST)):
            raise Unread
        attributes = self._line_values.read({name: line[name] for name in own}) if own else _NO_ATTRIBUTES
        return LinePart(attributes, units, paid, price, sku, title)

    def _lines_with(self, keys: Keys) -> Keys:
        """Return the attributes among the keys of a line. Raises ``Unread`` where it may not have one of the keys."""
        if not self._line_keys.issuperset(keys):
            raise Unread
        own = tuple(name for name in keys if name not in _LINE_KEYS)
        if len(self._lines) < _MOST:
            self._lines[keys] = own
        return own

    def _sums(self, lines: list[LinePart] | None, payments: object, told: dict[str, Value]) -> None:
        """Take in what was paid in all. Raises ``Unread`` where the figures do not add up."""
        paid_in = self._payments(payments) if isinstance(payments, list) else None
        order_paid, postage = told.get("order_paid"), told.get("postage_paid")
        if lines:
            goods = sum(line.paid for line in lines)
            whole = goods + postage if isinstance(postage, int) else None
            if isinstance(order_paid, int) and whole is not None and order_paid != whole and _is_paid(told):
                raise Unread
            wanted = order_paid if isinstance(order_paid, int) else whole
            if paid_in and (paid_in != wanted if wanted is not None else paid_in < goods):
                raise Unread
        fact = self._policy.facts.get("order_paid")
        if paid_in is not None and fact is not None and "order_paid" in self._of_order and fact.derived is None:
            told.setdefault("order_paid", paid_in)

    def _payments(self, payments: list[Record]) -> int | None:
        amounts: dict[str, int] = {}
        for payment in payments:
            if not payment.keys() <= _PAYMENT_KEYS:
                raise Unread
            if "kind" in payment:
                _text(payment["kind"], LONGEST_WORD)
            amounts[_text(payment["id"], LONGEST_WORD)] = self._money.read(payment["amount"])
        if len(amounts) < len(payments):
            raise Unread
        return sum(amounts.values()) if amounts else None

    # ── the claim ───────────────────────────────────────────────────────────────────────────────────────────────

    def _claim(
        self, claim: Record, told: dict[str, Value], lines: list[LinePart] | None
    ) -> tuple[Record, Goods | None]:
        if not claim.keys() <= _CLAIM_KEYS:
            raise Unread
        for name in (ISSUE, OPENED_AT):
            if name in claim and (name == ISSUE or name in self._policy.facts):
                value = self._values.value(name, claim[name])
                if told.setdefault(name, value) != value:
                    raise Unread
        if "lines" not in claim:
            return dict(claim), None if lines is None else _goods(lines, None)
        if lines is None:
            raise Unread
        written = _records(claim["lines"], _MOST, least=1)
        return {**claim, "lines": written}, _goods(lines, self._claimed(written, lines))

    def _claimed(self, claimed: list[Record], lines: list[LinePart]) -> list[int]:
        """Return the claimed units of every line."""
        units = [0] * len(lines)
        for entry in claimed:
            if not entry.keys() <= _CLAIMED_KEYS or not ("sku" in entry or "line" in entry):
                raise Unread
            named = [place for place, line in enumerate(lines) if line.sku == entry.get("sku", line.sku)]
            if "line" in entry:
                named = [place for place in named if place + 1 == self._count.read(entry["line"])]
            count = self._count.read(entry["quantity"])
            if len(named) != 1 or units[named[0]] or not 0 < count <= lines[named[0]].units:
                raise Unread
            units[named[0]] = count
        return units


class _Shape(Generic[_T]):
    """Values of one shape, read once each: texts, and numbers apart from them."""

    def __init__(self, read: Callable[[object], _T | Unknown]) -> None:
        self._texts: Meanings[_T] = Meanings(read, (str,))
        self._numbers: Meanings[_T] = Meanings(read, (int,))

    def read(self, written: object) -> _T:
        """Return what a text or a number means. Raises ``Unread`` for anything else."""
        kind = type(written)
        if kind is str:
            return self._texts[written]
        if kind is int:
            return self._numbers[written]
        raise Unread


def _money(written: object) -> int | Unknown:
    try:
        return parse_money(written)
    except MoneyFormatError:
        return UNKNOWN


def _count(written: object) -> int | Unknown:
    faults = Faults()
    count = read_count(written, Place(faults))
    return UNKNOWN if count is None else count


def _instant(written: object) -> dt.datetime | Unknown:
    try:
        return parse_instant(written) if isinstance(written, str) else UNKNOWN
    except TimeFormatError:
        return UNKNOWN


def _record(written: object) -> Record:
    if type(written) is not dict:
        raise Unread
    return written


def _records(written: object, most: int, *, least: int = 0) -> list[Record]:
    """Return copies of the records of a list."""
    if not isinstance(written, list | tuple) or not least <= len(written) <= most:
        raise Unread
    return [dict(_record(entry)) for entry in written]


def _text(written: object, longest: int) -> str:
    if type(written) is not str or not 0 < len(written) <= longest:
        raise Unread
    return written


def _at(value: Value | None) -> dt.datetime | None:
    return value if isinstance(value, dt.datetime) else None


def _tell(told: dict[str, Value], more: Mapping[str, Value]) -> None:
    """Add what is told by another part of the case; both must tell a fact the same."""
    if not told.keys().isdisjoint(more) and any(told[name] != more[name] for name in told.keys() & more.keys()):
        raise Unread
    told.update(more)


def _is_paid(told: Mapping[str, Value]) -> bool:
    """Return whether the order counts as paid: not one that is paid at the door, nor one known to be unpaid."""
    if "paid_at" in told:
        return told["paid_at"] is not None
    return told.get("cash_on_delivery") is not True


def _goods(lines: Sequence[LinePart], claimed: Sequence[int] | None) -> Goods:
    """Return all goods with what is claimed of each line (``None``: all), by cumulative floor from its first unit."""
    whole = Goods(lines)
    if claimed is not None:
        whole.claimed = Goods(
            [
                replace(line, units=units, paid=line.paid * units // line.units)
                for line, units in zip(lines, claimed, strict=True)
                if units
            ]
        )
    return whole
