"""Reading the plainest orders at one go: their keys, their lines, and all that follows from them, by one written function.

Such an order is claimed whole, and nothing that it follows from is told by another part of the case. A function is written
for orders with the same keys; it reads what ``QuickOrders`` and ``FromOrder`` read of them, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aftersales.case.date_order import CASH_ON_DELIVERY, DATES, DELIVERED_AT, PAID_AT, SHIPPED_AT
from aftersales.case.fields import ISSUE, LONGEST_WORD, OPENED_AT
from aftersales.case.from_order import FromOrder, LinePart
from aftersales.case.quick_order import INSURANCE, MOST, QuickOrders, not_text
from aftersales.case.quick_shapes import Keys, made_reader, meant
from aftersales.case.quick_values import QuickValues
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.policy.model import Policy

if TYPE_CHECKING:  # a whole order is put together later, if ever: a cold start is short
    from aftersales.case.model import Order, OtherRefund

_LIMIT, _COVERED = "insured_up_to", "freight_insured"
_POSTAGE, _SHIPPING, _ORDER_PAID = "postage_paid", "free_shipping", "order_paid"
_THRESHOLDS: Final = ("free_shipping_threshold", "postage_if_not_free")
#: What always follows from a plain order.
ALWAYS_FOLLOW: Final = (
    *("already_refunded", "discount_resettled", "gifts_kept", "goods_paid", "claimed_paid", "bundle_broken"),
)
#: Amounts and instants of which a plain order never has the first above the second, and what it tells where that is
#: because these are held against each other as it is read.
_NEVER_ABOVE: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("claimed_paid", "goods_paid"): frozenset(),
    ("postage_claimed", _POSTAGE): frozenset(),
    ("goods_paid", _ORDER_PAID): frozenset({_ORDER_PAID, _POSTAGE}),
    (SHIPPED_AT, DELIVERED_AT): frozenset({SHIPPED_AT, DELIVERED_AT}),
}
_RARE_KEYS: Final = frozenset({"payments", "discounts", ISSUE, OPENED_AT})
#: Of what kind a fact must be for the plain way, where the policy has it, and whether it may be a known none.
_KINDS: Final[Mapping[str, tuple[Kind, bool]]] = {
    **dict.fromkeys((PAID_AT, SHIPPED_AT, DELIVERED_AT), (Kind.INSTANT, True)),
    **dict.fromkeys((_POSTAGE, _ORDER_PAID, *_THRESHOLDS), (Kind.MONEY, False)),
    _SHIPPING: (Kind.CHOICE, False),
    CASH_ON_DELIVERY: (Kind.FLAG, False),
}


def never_above(told: Collection[str]) -> Collection[tuple[str, str]]:
    """Return pairs of facts of which the first is never above, or later than, the second in plain orders that tell ``told``.

    Other orders are not read as plain ones.
    """
    return {pair for pair, needed in _NEVER_ABOVE.items() if needed.issubset(told)}


class PlainOrder(NamedTuple):
    """A plain order as it was read; what its keys tell, the case tells under ``names``."""

    id: str | None
    shop: str | None
    names: tuple[str, ...]
    lines: Sequence[LinePart]
    #: What other cases refunded of it, all of it on goods that the buyer kept.
    refunds: Sequence[OtherRefund]

    def written_out(self, told: Mapping[str, Value]) -> Order:
        """Return the order as ``read_order`` reads it."""
        from aftersales.case.model import Order  # noqa: PLC0415 (see the top)
        from aftersales.case.quick_rare import order_line  # noqa: PLC0415

        lines = tuple(order_line(number, line) for number, line in enumerate(self.lines, 1))
        facts = {name: told[name] for name in self.names}
        return Order(self.id, lines, (), tuple(self.refunds), facts, self.shop)


#: Reads an order: what is told, with the issue and instant of its claim, and the order; ``None`` where it is not as plain
#: as it looks.
PlainReader = Callable[[Mapping[str, object], Value, Value], "tuple[dict[str, Value], PlainOrder] | None"]


class PlainOrders:
    """Writes the readers of the plain orders of one policy."""

    def __init__(self, policy: Policy, values: QuickValues, orders: QuickOrders, from_order: FromOrder) -> None:
        self.policy = policy
        self.values = values
        self.orders = orders
        self.from_order = from_order
        #: What no other part of the case may tell.
        self.apart = from_order.inputs | from_order.names | DATES

    def reader(self, keys: Keys) -> PlainReader:
        """Return the reader of orders with these keys. Raises ``Unread`` where an order may not have one of them."""
        told = self.orders.told_of(keys)
        if not self._is_plain(keys, told):
            return _not_plain
        space: dict[str, Any] = {}
        return made_reader(keys, _Text(self, keys, told, space).written(), space, (ISSUE, OPENED_AT))

    def _is_plain(self, keys: Keys, told: Keys) -> bool:
        facts = self.policy.facts
        insured = self.orders.may_be_uninsured and {_LIMIT, _COVERED}.isdisjoint(told)
        return (
            self.from_order.words is not None
            and self.from_order.names.isdisjoint(told)
            and (insured or INSURANCE not in keys)
            and {"lines", PAID_AT}.issubset(keys)
            and _RARE_KEYS.isdisjoint(keys)
            and all(
                facts[name].type.kind is kind and (may_be_none or facts[name].flag is None)
                for name, (kind, may_be_none) in _KINDS.items()
                if name in keys
            )
        )


def _not_plain(_order: Mapping[str, object], _issue: Value, _opened_at: Value) -> None:
    """Read nothing: orders with such keys are never plain."""


class _Text:
    """The text of one reader; the local of a key holds its value as it was written, and then as it is meant."""

    def __init__(self, plain: PlainOrders, keys: Keys, told: Sequence[str], space: dict[str, Any]) -> None:
        self._plain = plain
        self._told = told
        self._space = space
        self._at = {name: f"a{number}" for number, name in enumerate(keys)}
        self._is_paid = f"{self._at[PAID_AT]} is not None"
        #: What is told, by the text of its value.
        self._entries = {name: self._at[name] for name in told}

    def written(self) -> Sequence[str]:
        """Return the lines of the reader."""
        orders = self._plain.orders
        self._space.update(currency=self._plain.policy.currency, U=UNKNOWN)
        self._space.update(new=tuple.__new__, Part=PlainOrder, line_readers=orders.line_readers)
        self._space.update(money=orders.money.texts, kept_of=orders.kept)
        lines = [*self._own(), *self._facts(), *self._dates(), *self._lines()]
        self._space["names"] = tuple(self._entries)
        follows = self._follows()
        self._entries |= {name: name for name in (ISSUE, OPENED_AT) if name in self._plain.policy.facts}
        lines.append(f"told = {{{', '.join(f'{name!r}: {text}' for name, text in self._entries.items())}}}")
        parts = ", ".join((self._at.get("id", "None"), self._at.get("shop", "None"), "names", "parts", "refunds"))
        return [*lines, *follows, f"return told, new(Part, ({parts}))"]

    # ── its keys ────────────────────────────────────────────────────────────────────────────────────────────────

    def _own(self) -> Sequence[str]:
        """Return the lines that read what is no fact: who sold it under which number, in which currency, how insured."""
        lines = [
            f"if {not_text(self._at[name], LONGEST_WORD)}: return None" for name in ("id", "shop") if name in self._at
        ]
        if "currency" in self._at:
            lines.append(f"if {self._at['currency']} != currency: return None")
        if INSURANCE in self._at:
            limit = self._at[INSURANCE]
            lines.append(f"if {limit} is not None: {limit} = money[{limit}]")
            self._entries[_LIMIT] = limit
            if self._plain.orders.tells_covered:
                self._entries[_COVERED] = f"{limit} is not None"
        return lines

    def _facts(self) -> Sequence[str]:
        facts, texts = self._plain.policy.facts, self._plain.values.texts
        return [
            f"{self._at[name]} = {meant(facts[name], self._at[name], texts[name], self._space)}" for name in self._told
        ]

    def _dates(self) -> Sequence[str]:
        """Return the lines that give up where ``dates_fit`` would not be true."""
        lines, at = [], self._at
        if SHIPPED_AT in at and DELIVERED_AT in at:
            shipped, delivered = at[SHIPPED_AT], at[DELIVERED_AT]
            unfit = f"{delivered} is not None and ({shipped} is None or {delivered} < {shipped})"
            lines.append(f"if {unfit}: return None")
        if SHIPPED_AT in at:
            unfit = f"{at[SHIPPED_AT]} is not None and {self._is_paid} and {at[SHIPPED_AT]} < {at[PAID_AT]}"
            at_the_door = f" and {at[CASH_ON_DELIVERY]} is not True" if CASH_ON_DELIVERY in at else ""
            lines.append(f"if {unfit}{at_the_door}: return None")
        return lines

    # ── its lines ───────────────────────────────────────────────────────────────────────────────────────────────

    def _lines(self) -> Sequence[str]:
        written, at = self._at["lines"], self._at
        words = self._plain.from_order.words or ()
        lines = [
            f"if type({written}) is not list or not 0 < len({written}) <= {MOST}: return None",
            "paid, parts = 0, []",
            *(f"every{number} = True" for number, _ in enumerate(words)),
            f"for line in {written}:",
            " if type(line) is not dict: return None",
            " part = line_readers[tuple(line)](line)",
            " paid += part[2]",
            " parts.append(part)",
            *(line for number, (_, attribute, word) in enumerate(words) for line in _said(number, attribute, word)),
        ]
        if _ORDER_PAID in at and _POSTAGE in at:
            lines.append(f"if {at[_ORDER_PAID]} != paid + {at[_POSTAGE]} and {self._is_paid}: return None")
        lines.append(f"if not ({self._is_paid}): paid = 0")
        if "refunds" not in at:
            return [*lines, "refunds, back = (), 0"]
        return [
            *lines,
            f"kept = kept_of({at['refunds']}, parts)",
            "if kept is None: return None",
            "refunds, back = kept",
        ]

    def _follows(self) -> Sequence[str]:
        """Enter what always follows, and return the lines that tell what may."""
        self._entries |= {"already_refunded": "back", "discount_resettled": "0", "gifts_kept": "0"}
        self._entries |= {"goods_paid": "paid", "claimed_paid": "paid", "bundle_broken": "False"}
        return [*self._postage(), *self._threshold(), *self._words()]

    def _postage(self) -> Sequence[str]:
        """Tell the outbound postage: all of it, as the claim is about all of the order."""
        postage = self._at.get(_POSTAGE)
        if postage is not None and SHIPPED_AT in self._at:
            self._entries["postage_claimed"] = f"{postage} if {self._is_paid} else 0"
            return ()
        nothing = f"not ({self._is_paid})" if postage is None else f"{postage} == 0 or not ({self._is_paid})"
        return (f"if {nothing}: told['postage_claimed'] = 0",)

    def _threshold(self) -> Sequence[str]:
        """Tell that nothing is due for an order of which nothing is kept."""
        if _SHIPPING not in self._at:
            return ()
        if all(name in self._at for name in _THRESHOLDS):
            self._entries["threshold_postage"] = "0"
            return ()
        return (f"if {self._at[_SHIPPING]} != 'threshold' or not ({self._is_paid}): told['threshold_postage'] = 0",)

    def _words(self) -> Sequence[str]:
        """Tell whether all lines say a word of themselves, where that is known."""
        words = self._plain.from_order.words or ()
        return [
            f"if every{number} is not None: told[{name!r}] = every{number}" for number, (name, _, _) in enumerate(words)
        ]


def _said(number: int, attribute: str, word: str) -> Sequence[str]:
    """Return the lines that look whether one more line says a word; unknown where one says nothing and none says no."""
    every = f"every{number}"
    return (
        f" said = part[0].get({attribute!r}, U)",
        f" if said != {word!r}: {every} = None if said is U and {every} is not False else False",
    )
