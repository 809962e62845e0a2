"""Reading the order of an everyday case fast: what its keys tell, its lines and its payments.

What is rare in an order (discounts, refunds of other cases, sets, gifts, lines with dates of their own) is read by
``quick_rare``. Anything else, and anything at fault, is for ``read_order``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from aftersales.case.faults import Faults, Place
from aftersales.case.fields import LONGEST_TITLE, LONGEST_WORD, read_count
from aftersales.case.from_order import Goods, LinePart
from aftersales.case.quick_shapes import Keys, Reader, Shapes, made_reader, written_facts
from aftersales.case.quick_values import Meanings, QuickValues, Unread
from aftersales.case.values import told_by_order
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.instants import TimeFormatError, parse_instant
from aftersales.money import LARGEST, MoneyFormatError, parse_money
from aftersales.policy.computed import GIFT_PRICE
from aftersales.policy.model import Policy

if TYPE_CHECKING:  # what is rare is brought in with the first order that has it: a cold start is short
    from aftersales.case.model import Order, OtherRefund
    from aftersales.case.quick_rare import RareOrders

#: An order with more lines, or payments, than this is no everyday one.
MOST: Final = 100
#: The key of what the parcel is insured for on its way back.
INSURANCE: Final = "freight_insurance"
_OWN_KEYS: Final = frozenset({"id", "shop", "currency", "lines", "payments", "discounts", "refunds"})
_LINE_KEYS: Final = frozenset({"sku", "title", "quantity", "unit_price", "paid"})
_RARE_LINE_KEYS: Final = frozenset({"shipped_at", "delivered_at", "bundle"})
_PAYMENT_KEYS: Final = frozenset({"id", "kind", "amount"})
#: Makes a record of a ``NamedTuple`` with all its parts, in a third of the time of a call.
_new: Final[Any] = tuple.__new__

Record = dict[str, object]
#: A payment: its id, its kind, and its amount in fen.
Paid = tuple[str, str, int]
_T = TypeVar("_T", bound=Value)


class OrderPart(NamedTuple):
    """An order as far as deciding needs it; ``goods`` where it has lines, ``whole`` where anything in it is rare."""

    id: str | None
    shop: str | None
    told: dict[str, Value]
    goods: Goods | None
    payments: Sequence[Paid]
    whole: Order | None = None


class QuickOrders:
    """Reads the orders of everyday cases of one policy; threads may share it."""

    def __init__(self, policy: Policy, values: QuickValues) -> None:
        self._policy = policy
        self._values = values
        self._line_values = QuickValues(policy, policy.line_facts)
        self._of_order = frozenset(name for name, fact in policy.facts.items() if told_by_order(fact))
        insured = {"insured_up_to", "freight_insured"} & self._of_order
        self._own_keys = _OWN_KEYS | {INSURANCE} if insured else _OWN_KEYS
        self._order_keys = self._own_keys | self._of_order
        limit, covered = policy.facts.get("insured_up_to"), policy.facts.get("freight_insured")
        self._insured_up_to = limit is not None
        self.may_be_uninsured = limit is not None and limit.flag is not None
        self.tells_covered = covered is not None and covered.derived is None
        self._tells_paid = "order_paid" in self._of_order and policy.facts["order_paid"].derived is None
        self._readers = Shapes(self._reader)
        self._line_shapes = Shapes(self._line_reader)
        #: What reads the lines that come often, none of them rare, by their keys.
        self.line_readers = self._line_shapes.readers
        self._attributes = frozenset(policy.line_facts)
        self._lines: dict[Keys, tuple[Keys, bool]] = {}
        self.money, self.count, self.instant = Shape(_money), Shape(_count), Shape(_instant)

    def read(self, order: Record) -> OrderPart:
        """Read an order. Raises ``Unread``, or a KeyError or TypeError, where it is no everyday one, or at fault."""
        told = self._told_by(order)
        id_ = text(order["id"], LONGEST_WORD) if "id" in order else None
        shop = text(order["shop"], LONGEST_WORD) if "shop" in order else None
        if "currency" in order and order["currency"] != self._policy.currency:
            raise Unread
        if INSURANCE in order:
            self._insurance(order[INSURANCE], told)
        payments = self._payments(records(order["payments"], MOST)) if "payments" in order else ()
        if "lines" not in order or "refunds" in order or "discounts" in order:
            return self._with_rare(order, OrderPart(id_, shop, told, None, payments))
        paid, units, lines = 0, 0, []
        for record in records(order["lines"], MOST, least=1):
            line, rare = self.line(record)
            if rare:
                return self._with_rare(order, OrderPart(id_, shop, told, None, payments))
            paid += line.paid
            units += line.units
            lines.append(line)
        if payments or "order_paid" in told:
            self._check_sums(paid, payments, told)
        made: OrderPart = _new(OrderPart, (id_, shop, told, Goods(lines, paid, units), payments, None))
        return made

    # ── what its keys tell ──────────────────────────────────────────────────────────────────────────────────────

    def _told_by(self, order: Record) -> dict[str, Value]:
        reader = self._readers.readers.get(tuple(order)) or self._readers.count(order)
        if reader is not None:
            try:
                return reader(order)
            except (Unread, KeyError, TypeError):
                pass
        self._check_keys(order)
        return {name: self._values.value(name, told) for name, told in order.items() if name in self._of_order}

    def told_of(self, keys: Keys) -> Keys:
        """Return the facts that an order with these keys tells. Raises ``Unread`` where it may not have one of them."""
        self._check_keys(keys)
        return tuple(name for name in keys if name in self._of_order)

    def _check_keys(self, keys: Iterable[str]) -> None:
        """Raise ``Unread`` where an order may not have one of these keys."""
        if not self._order_keys.issuperset(keys):
            raise Unread

    def _reader(self, keys: Keys) -> Reader:
        """Return a reader of what an order with these keys tells."""
        self._check_keys(keys)
        return self._values.reader(keys, self._own_keys - self._of_order)

    def _insurance(self, written: object, told: dict[str, Value]) -> None:
        limit = None if written is None else self.money.read(written)
        says = self._insured_up_to and (limit is not None or self.may_be_uninsured)
        if says and told.setdefault("insured_up_to", limit) != limit:
            raise Unread
        if self.tells_covered and told.setdefault("freight_insured", limit is not None) is not (limit is not None):
            raise Unread

    # ── its lines ───────────────────────────────────────────────────────────────────────────────────────────────

    def line(self, line: Record) -> tuple[LinePart, bool]:
        """Read an order line without discounts, and return whether anything in it is rare."""
        reader = self.line_readers.get(keys := tuple(line))
        if reader is not None:
            return reader(line), False
        own, rare = self._lines.get(keys) or self._shape(keys)
        if not rare:
            self._line_shapes.count(line)
        sku = text(line["sku"], LONGEST_WORD)
        title = text(line["title"], LONGEST_TITLE) if "title" in line else ""
        units = self.count.read(line["quantity"])
        price = self.money.read(line["unit_price"]) if "unit_price" in line else None
        gross = None if price is None else price * units
        paid = self.money.read(line["paid"]) if "paid" in line else gross
        if units < 1 or paid is None or (gross is not None and (paid > gross or gross > LARGEST)):
            raise Unread
        value = self._line_values.value
        attributes = {name: value(name, line[name]) for name in own}
        return LinePart(attributes, units, paid, price, sku, title), rare

    def _line_reader(self, keys: Keys) -> Callable[[Mapping[str, object]], LinePart]:
        """Return a reader of lines with these keys, none of them rare, that reads what ``line`` reads of them."""
        at = {name: f"a{number}" for number, name in enumerate(keys)}
        space: dict[str, Any] = {"Unread": Unread, "new": _new, "Part": LinePart, "U": UNKNOWN}
        space |= {"money": self.money.texts, "count": self.count.texts}
        lines = [f"units = count[{at['quantity']}]", "if units < 1: raise Unread"]
        if "unit_price" in at:
            lines += [f"price = money[{at['unit_price']}]", "paid = gross = price * units"]
        if "paid" in at:
            lines.append(f"paid = money[{at['paid']}]")
        elif "unit_price" not in at:
            return made_reader(keys, ["raise Unread"], space)
        if "unit_price" in at:
            lines.append(f"if paid > gross or gross > {LARGEST}: raise Unread")
        for name, longest in (("sku", LONGEST_WORD), ("title", LONGEST_TITLE)):
            if name in at:
                lines.append(f"if {not_text(at[name], longest)}: raise Unread")
        facts = written_facts(keys, self._policy.line_facts, self._line_values.texts, space)
        price, title = "price" if "unit_price" in at else "None", at.get("title", "''")
        lines.append(f"return new(Part, ({facts}, units, paid, {price}, {at['sku']}, {title}, U, U, None))")
        return made_reader(keys, lines, space)

    def _shape(self, keys: Keys) -> tuple[Keys, bool]:
        """Return the attributes among the keys of a line, and whether one of the keys is rare.

        Raises ``Unread`` where a line may not have one of the keys.
        """
        own = tuple(name for name in keys if name in self._attributes)
        rare = {name for name in keys if name in _RARE_LINE_KEYS or name == GIFT_PRICE}
        if not {*own, *rare, *_LINE_KEYS}.issuperset(keys):
            raise Unread
        shape = own, bool(rare)
        if len(self._lines) < MOST:
            self._lines[keys] = shape
        return shape

    def find_line(self, entry: Record, lines: Sequence[LinePart]) -> int:
        """Return the place (from 0) of the line that an entry names by ``line`` or ``sku``."""
        if "line" in entry:
            named = self.count.read(entry["line"]) - 1
            if not 0 <= named < len(lines) or ("sku" in entry and lines[named].sku != entry["sku"]):
                raise Unread
            return named
        sku = entry["sku"]
        places = [place for place, line in enumerate(lines) if line.sku == sku]
        if len(places) != 1:
            raise Unread
        return places[0]

    # ── its payments ────────────────────────────────────────────────────────────────────────────────────────────

    def _payments(self, payments: Sequence[Record]) -> Sequence[Paid]:
        found: dict[str, Paid] = {}
        for payment in payments:
            if not payment.keys() <= _PAYMENT_KEYS:
                raise Unread
            kind = text(payment["kind"], LONGEST_WORD) if "kind" in payment else ""
            id_ = text(payment["id"], LONGEST_WORD)
            found[id_] = id_, kind, self.money.read(payment["amount"])
        if len(found) < len(payments):
            raise Unread
        return tuple(found.values())

    def _check_sums(self, goods: int, payments: Sequence[Paid], told: dict[str, Value]) -> None:
        """Take in what was paid in all. Raises ``Unread`` where the figures do not add up."""
        order_paid, postage = told.get("order_paid"), told.get("postage_paid")
        whole = goods + postage if isinstance(postage, int) else None
        if isinstance(order_paid, int) and whole is not None and order_paid != whole and _is_paid(told):
            raise Unread
        if payments:
            paid_in = sum([amount for _, _, amount in payments])
            wanted = order_paid if isinstance(order_paid, int) else whole
            if paid_in != wanted if wanted is not None else paid_in < goods:
                raise Unread
        self.pay(payments, told)

    def pay(self, payments: Sequence[Paid], told: dict[str, Value]) -> None:
        """Take in what the payments come to, where nothing else tells what was paid in all."""
        if payments and self._tells_paid:
            told.setdefault("order_paid", sum([amount for _, _, amount in payments]))

    # ── what is rare ────────────────────────────────────────────────────────────────────────────────────────────

    def _with_rare(self, order: Record, part: OrderPart) -> OrderPart:
        if "lines" not in order:
            if "discounts" in order or "refunds" in order:
                raise Unread
            self.pay(part.payments, part.told)
            return part
        return self.rare.read(order, part)

    @cached_property
    def rare(self) -> RareOrders:
        """Return what reads the rare orders."""
        from aftersales.case.quick_rare import RareOrders  # noqa: PLC0415 (see the top)

        return RareOrders(self._policy, self)

    def kept(self, refunds: object, lines: Sequence[LinePart]) -> tuple[Sequence[OtherRefund], int] | None:
        """Return refunds of goods that the buyer kept (see ``RareOrders``)."""
        return self.rare.kept(refunds, lines)


class Shape(Generic[_T]):
    """Values of one shape, read once each: texts, and numbers apart from them."""

    def __init__(self, read: Callable[[object], _T | Unknown]) -> None:
        self._numbers: Meanings[_T] = Meanings(read, (int,))
        #: What texts mean, and numbers; of anything else nothing is known.
        self.texts: Meanings[_T] = Meanings(read, (str,), self._numbers)

    def read(self, written: object) -> _T:
        """Return what a text or a number means. Raises ``Unread``, or a TypeError, for anything else."""
        return self.texts[written]


def _money(written: object) -> int | Unknown:
    try:
        return parse_money(written)
    except MoneyFormatError:
        return UNKNOWN


def _count(written: object) -> int | Unknown:
    count = read_count(written, Place(Faults()))
    return UNKNOWN if count is None else count


def records(written: object, most: int, *, least: int = 0) -> Sequence[Record]:
    """Return the records of a list. Raises ``Unread`` where it is none, or too short or long."""
    if not isinstance(written, list | tuple) or not least <= len(written) <= most:
        raise Unread
    for entry in written:
        if type(entry) is not dict:
            raise Unread
    return written


def not_text(local: str, longest: int) -> str:
    """Return the text that is true where a local holds no text, or one that is empty or too long."""
    return f"type({local}) is not str or not {local} or len({local}) > {longest}"


def text(written: object, longest: int) -> str:
    """Return a text that is not too long. Raises ``Unread`` for anything else."""
    if type(written) is not str or not 0 < len(written) <= longest:
        raise Unread
    return written


def tell(told: dict[str, Value], more: Mapping[str, Value]) -> None:
    """Add what is told by another part of the case. Raises ``Unread`` where they tell a fact differently."""
    if not told.keys().isdisjoint(more) and any(told[name] != more[name] for name in told.keys() & more.keys()):
        raise Unread
    told.update(more)


def _is_paid(told: Mapping[str, Value]) -> bool:
    """Return whether the order counts as paid: not one that is paid at the door, nor one known to be unpaid."""
    if "paid_at" in told:
        return told["paid_at"] is not None
    return told.get("cash_on_delivery") is not True


def _instant(written: object) -> dt.datetime | Unknown:
    """Return the instant that a text means."""
    try:
        return parse_instant(written) if isinstance(written, str) else UNKNOWN
    except TimeFormatError:
        return UNKNOWN
