"""What follows from an everyday order: its goods and the claimed ones, with no other case, set, gift or discount.

Each amount is what ``computed.compute`` comes to for such an order, by a shorter way; all money is fen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.expr.names import facts_of, nodes, params_of
from aftersales.expr.tree import Collection, Compare, Expr, LineRef, Literal, Over
from aftersales.expr.types import UNKNOWN, Value
from aftersales.instants import zone_named
from aftersales.money import cumulative_floor
from aftersales.policy.computed import COMPUTED_FACTS
from aftersales.policy.model import Policy

#: What the computed facts are worked out from; where one of these follows from others itself, the long way is taken.
_INPUTS: Final = (
    *("cash_on_delivery", "paid_at", "shipped_at", "postage_paid"),
    *("free_shipping", "free_shipping_threshold", "postage_if_not_free"),
)


@dataclass(frozen=True, slots=True)
class LinePart:
    """Units of an order line with what was paid for them; ``unit_price`` is ``None`` where nobody told it."""

    attributes: Mapping[str, Value]
    units: int
    paid: int
    unit_price: int | None
    sku: str = ""
    title: str = ""


class Goods:
    """Goods of an order: what was paid for them, how many units they are; ``claimed`` are those that the claim is about."""

    __slots__ = ("claimed", "lines", "paid", "units")

    def __init__(self, lines: Sequence[LinePart]) -> None:
        self.claimed: Goods = self
        self.lines = lines
        self.paid = self.units = 0
        for line in lines:
            self.paid += line.paid
            self.units += line.units


class FromOrder:
    """Works out the facts of one policy that follow from an order; ``usable``: the policy allows for the short way."""

    def __init__(self, policy: Policy) -> None:
        self._timezone = policy.timezone
        computed = {name for name, fact in policy.facts.items() if fact.computed}
        self._unwanted = COMPUTED_FACTS.keys() - computed
        over = {
            name: fact.derived
            for name, fact in policy.facts.items()
            if fact.derived is not None and any(isinstance(node, Over) for node in nodes(fact.derived))
        }
        known = (policy.facts[name] for name in _INPUTS if name in policy.facts)
        self.usable = all(fact.derived is None and not fact.computed for fact in known)
        self.usable &= computed <= COMPUTED_FACTS.keys()
        self._over = {name: self._judged(expr) for name, expr in over.items()}
        read = {name for expr in over.values() for name in facts_of(expr)}
        self.usable &= not any(params_of(expr) for expr in over.values())
        self.usable &= all(policy.facts[name].derived is None and not policy.facts[name].computed for name in read)
        #: What follows from the order's lines.
        self.names = tuple(dict.fromkeys((*computed, *self._over)))
        #: What is looked at once, before the case goes its way: it must be the same at its end.
        self.inputs = frozenset(read.union(_INPUTS, computed, self._over))
        self._without = {} if "cash_on_delivery" in policy.facts else {"cash_on_delivery": False}

    def facts(self, goods: Goods, told: Mapping[str, Value]) -> dict[str, Value]:
        """Return what is known of the facts that follow from ``goods`` and what is told."""
        paid = self._is_paid(told)
        found: dict[str, Value] = {"already_refunded": 0, "bundle_broken": False}
        if paid is not None:
            found["goods_paid"], found["claimed_paid"] = (goods.paid, goods.claimed.paid) if paid else (0, 0)
            found["discount_resettled"] = found["gifts_kept"] = 0
        postage, threshold = _outbound(goods, told, paid=paid), _threshold(goods, told, paid=paid)
        if postage is not None:
            found["postage_claimed"] = postage
        if threshold is not None:
            found["threshold_postage"] = threshold
        if self._unwanted:
            found = {name: value for name, value in found.items() if name not in self._unwanted}
        for name, judge in self._over.items():
            value = judge(goods, told)
            if value is not UNKNOWN:
                found[name] = value
        return found

    def _judged(self, expr: Expr) -> Callable[[Goods, Mapping[str, Value]], Value]:
        """Return what works out a condition over order lines: at once for the plainest, else as ``evaluate`` does."""
        match expr:
            case Over(
                which="every",
                collection="claimed",
                body=Compare(op="==", left=LineRef(name=name), right=Literal(value=str(word))),
            ):
                return lambda goods, _told: _every(name, word, goods.claimed.lines)
            case _:
                return lambda goods, told: self._evaluated(expr, goods, told)

    def _evaluated(self, expr: Expr, goods: Goods, told: Mapping[str, Value]) -> Value:
        from aftersales.expr.evaluate import evaluate  # noqa: PLC0415 (rarely asked for: a cold start is short)

        return evaluate(expr, _Lines(goods, told, zone_named(self._timezone)))

    def _is_paid(self, told: Mapping[str, Value]) -> bool | None:
        paid_at = told.get("paid_at", UNKNOWN)
        if paid_at is None:
            return False
        cash = told.get("cash_on_delivery", self._without.get("cash_on_delivery"))
        return True if paid_at is not UNKNOWN or cash is False else None


def _outbound(goods: Goods, told: Mapping[str, Value], *, paid: bool | None) -> int | None:
    """Return the outbound postage that goes with the claim."""
    postage, shipped_at = told.get("postage_paid"), told.get("shipped_at", UNKNOWN)
    if postage == 0 or paid is False:
        return 0
    if not isinstance(postage, int) or paid is None or shipped_at is UNKNOWN:
        return None
    claimed, whole = (goods.claimed.paid, goods.paid) if goods.paid else (goods.claimed.units, goods.units)
    if shipped_at is None:
        return postage if claimed == whole else 0
    return cumulative_floor(postage, 0, claimed, whole)


def _threshold(goods: Goods, told: Mapping[str, Value], *, paid: bool | None) -> int | None:
    """Return the postage that is due once what is kept no longer reaches the threshold of free postage."""
    shipping = told.get("free_shipping")
    if shipping is None:
        return None
    if shipping != "threshold" or paid is False:
        return 0
    threshold, postage = told.get("free_shipping_threshold"), told.get("postage_if_not_free")
    if not isinstance(threshold, int) or not isinstance(postage, int) or paid is None:
        return None
    return postage if 0 < goods.paid - goods.claimed.paid < threshold <= goods.paid else 0


def _every(name: str, word: str, parts: Sequence[LinePart]) -> Value:
    """Return whether all lines say ``word`` of ``name``; unknown where one of them says nothing and none says no."""
    said = {part.attributes.get(name, UNKNOWN) for part in parts} - {word}
    return not said or (UNKNOWN if said == {UNKNOWN} else False)


class _Lines:
    """Where a condition over order lines takes its values from: the lines, and what is told."""

    def __init__(self, goods: Goods, told: Mapping[str, Value], zone: dt.tzinfo) -> None:
        self._goods = goods
        self._told = told
        self.zone = zone

    def fact(self, name: str) -> Value:
        return self._told.get(name, UNKNOWN)

    def param(self, name: str) -> Value:
        raise KeyError(name)

    def param_blocker(self, name: str) -> str:
        raise KeyError(name)

    def lines(self, collection: Collection) -> Sequence[Mapping[str, Value]]:
        parts = self._goods.lines if collection == "lines" else self._goods.claimed.lines
        return [
            {
                **part.attributes,
                "quantity": part.units,
                "paid": part.paid,
                "unit_price": UNKNOWN if part.unit_price is None else part.unit_price,
            }
            for part in parts
        ]
