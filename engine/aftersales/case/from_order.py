"""What follows from an everyday order: what was paid for its goods and the claimed ones, and which postage.

Each amount is what ``computed.compute`` comes to for such an order, by a shorter way; all money is fen. What sets, gifts,
lost discounts and refunds of kept goods come to is left to that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from aftersales.expr.names import facts_of, nodes, params_of
from aftersales.expr.tree import Collection, Compare, Expr, LineRef, Literal, Over
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.instants import zone_named
from aftersales.money import cumulative_floor
from aftersales.policy.computed import COMPUTED_FACTS
from aftersales.policy.model import Policy

#: What the computed facts are worked out from; where one of these follows from others itself, the long way is taken.
_INPUTS: Final = (
    *("cash_on_delivery", "paid_at", "shipped_at", "postage_paid"),
    *("free_shipping", "free_shipping_threshold", "postage_if_not_free"),
)


#: Works out those facts of an order that are rare in it, from what is told.
Rare = Callable[[Mapping[str, Value]], Mapping[str, Value]]


class LinePart(NamedTuple):
    """An order line as far as deciding needs it; ``unit_price`` is ``None`` where nobody told it.

    What it says of its own dates and set is there for the ``OrderLine`` that it becomes.
    """

    attributes: Mapping[str, Value]
    units: int
    paid: int
    unit_price: int | None
    sku: str
    title: str
    shipped_at: dt.datetime | None | Unknown = UNKNOWN
    delivered_at: dt.datetime | None | Unknown = UNKNOWN
    bundle: str | None = None


class Goods:
    """Goods of an order: what was paid for them, how many they are, how many other cases took, and the claimed ones.

    ``gone`` and ``claimed`` are units by line; ``None`` where no other case took any, and where all are claimed.
    ``outbound`` is what other cases refunded of the outbound postage; ``rare`` works out what ``FromOrder`` does not.
    """

    __slots__ = (
        *("claimed", "claimed_paid", "claimed_units", "gone", "gone_paid", "gone_units", "lines"),
        *("outbound", "paid", "postage_deducted", "rare", "units"),
    )

    def __init__(self, lines: Sequence[LinePart], paid: int, units: int) -> None:
        self.lines = lines
        self.paid = self.claimed_paid = paid
        self.units = self.claimed_units = units
        self.gone_paid = self.gone_units = self.outbound = 0
        self.gone: Sequence[int] | None = None
        self.claimed: Sequence[int] | None = None
        self.postage_deducted = False
        self.rare: Rare | None = None

    def take(self, gone: Sequence[int]) -> None:
        """Let other cases have taken ``gone`` units of each line, from its first one on; what is left is claimed."""
        self.gone = gone
        self.gone_paid = sum(line.paid * units // line.units for line, units in zip(self.lines, gone, strict=True))
        self.gone_units = sum(gone)
        self.claimed_paid, self.claimed_units = self.paid - self.gone_paid, self.units - self.gone_units

    def claim(self, claimed: Sequence[int]) -> None:
        """Let the claim be about so many units of each line, right behind those that other cases took."""
        self.claimed = claimed
        self.claimed_paid, self.claimed_units = 0, sum(claimed)
        for place, units in enumerate(claimed):
            if units:
                line, before = self.lines[place], self.gone[place] if self.gone else 0
                self.claimed_paid += cumulative_floor(line.paid, before, before + units, line.units)

    def claimed_of(self) -> Sequence[LinePart]:
        """Return the lines of which anything is claimed, each as a whole."""
        if self.claimed is not None:
            return [line for line, count in zip(self.lines, self.claimed, strict=True) if count]
        if self.gone is None:
            return self.lines
        return [line for line, before in zip(self.lines, self.gone, strict=True) if line.units > before]

    def claimed_lines(self) -> Sequence[LinePart]:
        """Return what is claimed of each line, paid for by cumulative floor; no line of which nothing is."""
        if self.gone is None and self.claimed is None:
            return self.lines
        gone = self.gone or [0] * len(self.lines)
        units = self.claimed or [line.units - before for line, before in zip(self.lines, gone, strict=True)]
        return [
            line._replace(units=count, paid=cumulative_floor(line.paid, before, before + count, line.units))
            for line, before, count in zip(self.lines, gone, units, strict=True)
            if count
        ]


class FromOrder:
    """Works out the facts of one policy that follow from an order; ``usable``: the policy allows for the short way."""

    def __init__(self, policy: Policy) -> None:
        self._timezone = policy.timezone
        computed = {name for name, fact in policy.facts.items() if fact.computed}
        self._has_all = COMPUTED_FACTS.keys() <= computed
        over = {
            name: fact.derived
            for name, fact in policy.facts.items()
            if fact.derived is not None and any(isinstance(node, Over) for node in nodes(fact.derived))
        }
        known = (policy.facts[name] for name in _INPUTS if name in policy.facts)
        self.usable = all(fact.derived is None and not fact.computed for fact in known)
        self.usable &= computed <= COMPUTED_FACTS.keys()
        self._over = tuple((name, self._judged(expr)) for name, expr in over.items())
        read = {name for expr in over.values() for name in facts_of(expr)}
        self.usable &= not any(params_of(expr) for expr in over.values())
        self.usable &= all(policy.facts[name].derived is None and not policy.facts[name].computed for name in read)
        #: The facts that say whether every claimed line says a word of itself: their names, of what, and the word.
        #: ``None`` where other conditions look at the lines, or not all that is computed is asked for.
        self.words = _words(over) if self.usable and self._has_all else None
        #: What follows from the order's lines.
        self.names = frozenset((*computed, *over))
        #: What is looked at once, before the case goes its way: it must be the same at its end.
        self.inputs = frozenset(read.union(_INPUTS, computed, over))
        self._without = {} if "cash_on_delivery" in policy.facts else {"cash_on_delivery": False}

    def tell(self, goods: Goods, told: dict[str, Value]) -> bool:
        """Put what is known of the facts that follow from ``goods`` into ``told``, and return whether none was there."""
        if not told.keys().isdisjoint(self.names):
            return False
        if self._has_all:
            self._work_out(goods, told)
        else:
            found = dict(told)
            self._work_out(goods, found)
            told.update({name: found[name] for name in self.names if name in found})
        return True

    def _work_out(self, goods: Goods, told: dict[str, Value]) -> None:
        """Put all that is computed of an order into ``told``, and what its lines say."""
        paid = self._is_paid(told)
        told["already_refunded"], told["bundle_broken"] = 0, False
        if paid is not None:
            told["goods_paid"], told["claimed_paid"] = (goods.paid, goods.claimed_paid) if paid else (0, 0)
            told["discount_resettled"] = told["gifts_kept"] = 0
        postage, threshold = _outbound(goods, told, paid=paid), _threshold(goods, told, paid=paid)
        if postage is not None:
            told["postage_claimed"] = postage
        if threshold is not None:
            told["threshold_postage"] = threshold
        if goods.rare is not None:
            told.update(goods.rare(told))
        for name, judge in self._over:
            value = judge(goods, told)
            if value is not UNKNOWN:
                told[name] = value

    def _judged(self, expr: Expr) -> Callable[[Goods, Mapping[str, Value]], Value]:
        """Return what works out a condition over order lines: at once for the plainest, else as ``evaluate`` does."""
        said = _word_of_every(expr)
        return partial(_every, *said) if said is not None else lambda goods, told: self._evaluated(expr, goods, told)

    def _evaluated(self, expr: Expr, goods: Goods, told: Mapping[str, Value]) -> Value:
        from aftersales.expr.evaluate import evaluate  # noqa: PLC0415 (rarely asked for: a cold start is short)

        return evaluate(expr, _Lines(goods, told, zone_named(self._timezone)))

    def _is_paid(self, told: Mapping[str, Value]) -> bool | None:
        paid_at = told.get("paid_at", UNKNOWN)
        if paid_at is None:
            return False
        cash = told.get("cash_on_delivery", self._without.get("cash_on_delivery"))
        return True if paid_at is not UNKNOWN or cash is False else None


def _words(over: Mapping[str, Expr]) -> Sequence[tuple[str, str, str]] | None:
    """Return the facts that say whether every claimed line says a word; ``None`` where one says anything else."""
    found = [(name, said) for name, expr in over.items() if (said := _word_of_every(expr)) is not None]
    return [(name, *said) for name, said in found] if len(found) == len(over) else None


def _word_of_every(expr: Expr) -> tuple[str, str] | None:
    """Return what every claimed line must say for a condition to hold, and of what; ``None`` for another one."""
    match expr:
        case Over(
            which="every",
            collection="claimed",
            body=Compare(op="==", left=LineRef(name=name), right=Literal(value=str(word))),
        ):
            return name, word
        case _:
            return None


def _outbound(goods: Goods, told: Mapping[str, Value], *, paid: bool | None) -> int | None:
    """Return the outbound postage that goes with the claim."""
    postage, shipped_at = told.get("postage_paid"), told.get("shipped_at", UNKNOWN)
    if postage == 0 or paid is False:
        return 0
    if not isinstance(postage, int) or paid is None or shipped_at is UNKNOWN:
        return None
    before, claimed, whole = goods.gone_paid, goods.claimed_paid, goods.paid
    if not whole:
        before, claimed, whole = goods.gone_units, goods.claimed_units, goods.units
    if shipped_at is None:
        share = postage if before + claimed == whole else 0
    else:
        share = cumulative_floor(postage, before, before + claimed, whole)
    return min(share, max(0, postage - goods.outbound)) if goods.outbound else share


def _threshold(goods: Goods, told: Mapping[str, Value], *, paid: bool | None) -> int | None:
    """Return the postage that is due once what is kept no longer reaches the threshold of free postage."""
    shipping = told.get("free_shipping")
    if shipping is None:
        return None
    if shipping != "threshold" or paid is False or goods.postage_deducted:
        return 0
    threshold, postage = told.get("free_shipping_threshold"), told.get("postage_if_not_free")
    if not isinstance(threshold, int) or not isinstance(postage, int) or paid is None:
        return None
    kept = goods.paid - goods.gone_paid - goods.claimed_paid
    return postage if 0 < kept < threshold <= goods.paid else 0


def _every(name: str, word: str, goods: Goods, _told: Mapping[str, Value]) -> Value:
    """Return whether all claimed lines say ``word`` of ``name``; unknown where one says nothing and none says no."""
    known = True
    for part in goods.claimed_of():
        said = part.attributes.get(name, UNKNOWN)
        if said is UNKNOWN:
            known = False
        elif said != word:
            return False
    return True if known else UNKNOWN


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
        parts = self._goods.lines if collection == "lines" else self._goods.claimed_lines()
        return [
            {
                **part.attributes,
                "quantity": part.units,
                "paid": part.paid,
                "unit_price": UNKNOWN if part.unit_price is None else part.unit_price,
            }
            for part in parts
        ]
