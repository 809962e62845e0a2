"""Reading an everyday case fast: an order, a claim, facts told once; no events, no parts.

Anything else, and anything at fault, is for ``read_case``. What is read here is what it would have read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aftersales.case.date_order import dates_fit
from aftersales.case.fields import ISSUE, LONGEST_WORD, OPENED_AT
from aftersales.case.from_order import FromOrder, Goods
from aftersales.case.quick_order import MOST, OrderPart, QuickOrders, Record, records, tell, text
from aftersales.case.quick_shapes import Keys, Reader, Shapes
from aftersales.case.quick_values import QuickValues, Unread
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Policy

if TYPE_CHECKING:  # a whole case is put together later, if ever: a cold start is short
    from aftersales.case.model import Case, ClaimedUnits, Order
    from aftersales.case.quick_plain import PlainOrder, PlainOrders, PlainReader

_KEYS: Final = frozenset({"id", "order", "claim", "facts", "as_of"})
_CLAIM_KEYS: Final = frozenset({ISSUE, OPENED_AT, "lines"})
_CLAIMED_KEYS: Final = frozenset({"sku", "line", "quantity"})
_NOTHING: Final[Record] = {}
_NONE: Final[Mapping[str, Value]] = {}
_new: Final[Any] = object.__new__
_NO_ORDER: Final = OrderPart(None, None, {}, None, ())


class QuickCase:
    """A case as far as deciding needs it: what is told, what ``follows`` from its order, its instants.

    What the caller handed in may change afterwards.
    """

    __slots__ = ("as_of", "follows", "id", "opened_at", "order", "read", "shape", "told")

    def __init__(
        self,
        told: dict[str, Value],
        follows: Collection[str],
        opened_at: dt.datetime | None,
        as_of: dt.datetime | None,
        order: OrderPart | PlainOrder,
        id_: str | None,
        shape: tuple[str, ...] | None = None,
    ) -> None:
        self.told = told
        self.follows = follows
        self.opened_at = opened_at
        self.as_of = as_of
        self.order = order
        self.id = id_
        #: What a plain order tells by its keys, where nothing else tells any of the facts ``related`` (see ``QuickCases``).
        self.shape = shape
        #: The whole case, where it was put together or read as a whole.
        self.read: Case | None = None

    @property
    def named(self) -> str:
        """Return what payments of the case are named after: its own id, or its order's."""
        return self.id or self.order.id or "case"

    @property
    def has_lines(self) -> bool:
        """Return whether the case has an order with lines."""
        if self.read is not None:
            return self.read.order is not None and bool(self.read.order.lines)
        return not isinstance(self.order, OrderPart) or self.order.goods is not None

    def with_whole(self, whole: Case) -> QuickCase:
        """Return the same, of which the whole case is known."""
        self.read = whole
        return self

    def whole(self) -> Case:
        """Return the whole case, as ``read_case`` reads it."""
        if self.read is None:
            self.read = self._put_together()
        return self.read

    def _put_together(self) -> Case:
        from aftersales.case.model import Case, Claim  # noqa: PLC0415 (see the top)

        told = {name: value for name, value in self.told.items() if name not in self.follows}
        if not isinstance(self.order, OrderPart):
            return Case(self.id, self.order.written_out(told), Claim(self.opened_at, None), told, (), self.as_of)
        goods = self.order.goods
        units = None if goods is None or goods.claimed is None else claimed_units(goods.claimed)
        order = None if self.order is _NO_ORDER else self.order.whole or _whole(self.order)
        return Case(self.id, order, Claim(self.opened_at, units), told, (), self.as_of)


class QuickCases:
    """Reads everyday cases of one policy; threads may share it.

    ``related`` are facts of which somebody wants to know that nothing else than a plain order tells them.
    """

    def __init__(self, policy: Policy, related: Callable[[], Collection[str]] = tuple) -> None:
        self._policy = policy
        self._related = related
        self._values = QuickValues(policy)
        self._orders = QuickOrders(policy, self._values)
        self._issues: Mapping[object, Value] = self._values.texts[ISSUE] if ISSUE in policy.facts else {}
        self._tells_opened = OPENED_AT in policy.facts
        self._instants = self._orders.instant.texts
        self.from_order = FromOrder(policy)
        self._shapes = Shapes(self._plain_reader)
        self._readers = self._shapes.readers
        self._facts = Shapes(self._facts_reader)
        self._beside = self._facts.readers
        self._follows = self.from_order.names

    def read(self, data: Mapping[str, object]) -> QuickCase:
        """Read a case. Raises ``Unread`` where it is not an everyday one, or at fault."""
        try:
            plain = self.plain(data)
        except (Unread, KeyError, TypeError):
            plain = None
        return plain or self.by_parts(data)

    def plain(self, data: Mapping[str, object]) -> QuickCase | None:
        """Read a case with a plain order, claimed whole; ``None`` where it is another one, or at fault.

        Raises ``Unread``, a KeyError or a TypeError there as well.
        """
        order, claim = data["order"], data["claim"]
        if type(order) is not dict or type(claim) is not dict or len(claim) != 2:
            return None
        reader = self._readers.get(tuple(order)) or self._shapes.count(order)
        if reader is None:
            return None
        opened_at = self._instants[claim[OPENED_AT]]
        read = reader(order, self._issues[claim[ISSUE]], opened_at)
        if read is None:
            return None
        made = _new(QuickCase)
        made.told, plain = told, _ = read
        made.order = plain
        made.follows = self._follows
        made.opened_at = opened_at
        made.shape = plain[2]
        made.id = made.as_of = made.read = None
        parts = 2
        if "facts" in data:
            parts += 1
            if not self._besides(told, data["facts"]):
                made.shape = None
        if "as_of" in data:
            parts += 1
            made.as_of = self._instants[data["as_of"]]
        if "id" in data:
            parts += 1
            made.id = id_ = text(data["id"], LONGEST_WORD)
            if plain[4] and id_ in {refund.case for refund in plain[4]}:
                return None
        return made if len(data) == parts else None

    def _besides(self, told: dict[str, Value], written: object) -> bool:
        """Add the facts of a case with a plain order, and return whether they leave all to it that is watched.

        Raises ``Unread`` where one of them is told already, or the order follows from it.
        """
        if type(written) is not dict:
            raise Unread
        beside = self._beside.get(tuple(written)) or self._facts.count(written)
        if beside is None:
            facts, leaves = self._values.read_each(written), self._leaves(written)
        else:
            reader, leaves = beside
            facts = reader(written)
        count = len(told) + len(facts)
        told.update(facts)
        if len(told) != count:
            raise Unread
        return leaves

    def _leaves(self, names: Collection[str]) -> bool:
        """Return whether facts leave all that is watched to a plain order. Raises ``Unread`` where it follows from one."""
        if self._watched.isdisjoint(names):
            return True
        if not self._plain_orders.apart.isdisjoint(names):
            raise Unread
        return False

    def _facts_reader(self, names: Keys) -> tuple[Reader, bool]:
        leaves = self._leaves(names)
        return self._values.reader(names), leaves

    @cached_property
    def _watched(self) -> frozenset[str]:
        return self._plain_orders.apart.union(self._related())

    def _plain_reader(self, keys: Keys) -> PlainReader:
        return self._plain_orders.reader(keys)

    @cached_property
    def _plain_orders(self) -> PlainOrders:
        """Return what writes the readers of plain orders, brought in where keys have come often."""
        from aftersales.case.quick_plain import PlainOrders  # noqa: PLC0415 (see the top)

        return PlainOrders(self._policy, self._values, self._orders, self.from_order)

    def read_whole(self, data: Mapping[str, object]) -> QuickCase:
        """Read a case of one part without events, however it is written, as ``read_case`` does.

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
        order = _NO_ORDER if whole.order is None else OrderPart(whole.order.id, whole.order.shop, {}, None, ())
        return QuickCase(told, follows, whole.claim.opened_at, whole.as_of, order, whole.id).with_whole(whole)

    def by_parts(self, data: Mapping[str, object]) -> QuickCase:
        """Read a case one part after another. Raises ``Unread`` as ``read`` does."""
        try:
            return self._read(data)
        except (KeyError, TypeError, AttributeError):
            raise Unread from None

    def _read(self, data: Mapping[str, object]) -> QuickCase:
        if not _KEYS.issuperset(data) or not self.from_order.usable:
            raise Unread
        id_ = text(data["id"], LONGEST_WORD) if "id" in data else None
        order = self._orders.read(_record(data["order"])) if "order" in data else _NO_ORDER
        claim = _record(data["claim"]) if "claim" in data else _NOTHING
        if "lines" in claim or order.whole is not None:
            order = self._claim_lines(claim, order, id_)
        at = self._instants[claim[OPENED_AT]] if OPENED_AT in claim else None
        facts = self._values.read(_record(data["facts"])) if "facts" in data else _NONE
        told = _joined(order.told, self._claim(claim, at), facts)
        as_of = self._instants[data["as_of"]] if "as_of" in data else None
        if not dates_fit(told):
            raise Unread
        if order.goods is not None and not self.from_order.tell(order.goods, told):
            raise Unread
        follows = self.from_order.names if order.goods is not None else ()
        return QuickCase(told, follows, _instant(told.get(OPENED_AT)) if at is None else at, as_of, order, id_)

    # ── the claim ───────────────────────────────────────────────────────────────────────────────────────────────

    def _claim(self, claim: Record, at: dt.datetime | None) -> dict[str, Value]:
        """Return what a claim tells that was opened ``at`` an instant."""
        if not _CLAIM_KEYS.issuperset(claim):
            raise Unread
        told: dict[str, Value] = {ISSUE: self._issues[claim[ISSUE]]} if ISSUE in claim else {}
        if at is not None and self._tells_opened:
            told[OPENED_AT] = at
        return told

    def _claim_lines(self, claim: Record, order: OrderPart, id_: str | None) -> OrderPart:
        """Return the order with what the claim is about of its goods."""
        goods, whole = order.goods, order.whole
        if goods is None or (whole is not None and id_ in {refund.case for refund in whole.refunds}):
            raise Unread
        if "lines" in claim:
            goods.claim(self._claimed(records(claim["lines"], MOST, least=1), goods))
        if whole is None:
            return order
        units = None if goods.claimed is None else claimed_units(goods.claimed)
        goods.rare = self._orders.rare.rare(whole, units)
        return self._orders.rare.date(order, units)

    def _claimed(self, claimed: Sequence[Record], goods: Goods) -> Sequence[int]:
        """Return the claimed units of every line."""
        lines = goods.lines
        units, gone = [0] * len(lines), goods.gone or [0] * len(lines)
        for entry in claimed:
            if not _CLAIMED_KEYS.issuperset(entry):
                raise Unread
            line, count = self._orders.find_line(entry, lines), self._orders.count.read(entry["quantity"])
            if units[line] or not 0 < count <= lines[line].units - gone[line]:
                raise Unread
            units[line] = count
        return units


def _joined(order: dict[str, Value], claim: dict[str, Value], facts: Mapping[str, Value]) -> dict[str, Value]:
    """Return what the parts of a case tell together. Raises ``Unread`` where they tell a fact differently."""
    told = {**order, **claim, **facts}
    if len(told) != len(order) + len(claim) + len(facts):
        told = dict(order)
        tell(told, claim)
        tell(told, facts)
    return told


def claimed_units(claimed: Sequence[int]) -> tuple[ClaimedUnits, ...]:
    """Return the claimed units of every line as ``read_claim`` reads them."""
    from aftersales.case.model import ClaimedUnits  # noqa: PLC0415 (see the top)

    return tuple(ClaimedUnits(number, count) for number, count in enumerate(claimed, 1) if count)


def _whole(order: OrderPart) -> Order:
    """Return an order as ``read_order`` reads it."""
    from aftersales.case.model import Order, Payment  # noqa: PLC0415 (see the top)
    from aftersales.case.quick_rare import order_line  # noqa: PLC0415

    lines = () if order.goods is None else order.goods.lines
    return Order(
        order.id,
        tuple(order_line(number, line) for number, line in enumerate(lines, 1)),
        tuple(Payment(*payment) for payment in order.payments),
        (),
        order.told,
        order.shop,
    )


def _record(written: object) -> Record:
    if type(written) is not dict:
        raise Unread
    return written


def _instant(value: Value | None) -> dt.datetime | None:
    return value if isinstance(value, dt.datetime) else None
