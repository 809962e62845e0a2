"""The small policy as a tree of questions over facts that are all known, spelled by every engine it is compared with.

Conditions and amounts are written in Python's syntax once; ``spelling.py`` writes them in each engine's own. An amount
is in fen and always whole, so that engines that count in floats agree too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Row:
    """An end: its state, and what it comes to; ``fen`` has an expression for every line."""

    state: str
    outcome: str
    liable: str
    borne: Mapping[str, str] = field(default_factory=dict)
    fen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """A question: one way on where it is so, another where it is not."""

    when: str
    yes: Tree
    no: Tree


Tree = Row | Ask

_GOODS: Final = {"refund_goods": "claimed_paid - already_refunded"}
_OUT: Final = {"refund_outbound": "postage_claimed"}
_CARRIER_OUT: Final = {**_OUT, "recover_outbound": "postage_claimed"}
_INSURED: Final = {"insured_return": "min(return_postage, insured_up_to)"}
_BACK: Final = {**_INSURED, "refund_return": "return_postage - min(return_postage, insured_up_to)"}
_MAKER: Final = {
    **_BACK,
    "recover_return": "return_postage - min(return_postage, insured_up_to)",
    "recover_reship": "reship_postage",
}
_LATE: Final = (
    "min(max((6 * order_paid + 10) // 20, 500), 50000) if platform == 'tmall'"
    " else min(max((2 * order_paid + 10) // 20, 500), 10000) if platform == 'taobao'"
    " else 0 if order_paid <= 300 else 300 if order_paid < 30000 else min((2 * order_paid + 100) // 200, 3000)"
)
_SHORT: Final = (
    "min((6 * order_paid + 10) // 20, 50000) if platform == 'tmall'"
    " else min(max((2 * order_paid + 10) // 20, 500), 10000) if platform == 'taobao' else 0"
)
_SELLER_OUT: Final = {"outbound": "seller"}
_BUYER_BACK: Final = {"return": "buyer"}


def _returned(flow: str) -> Row:
    borne = {"outbound": "seller", "return": "seller"}
    return Row(f"{flow}.refunded", "return_and_refund", "seller", borne, {**_GOODS, **_BACK, **_OUT})


def _exchanged(flow: str) -> Row:
    return Row(f"{flow}.exchanged", "exchange", "seller", {"return": "seller", "reship": "seller"}, _BACK)


def _kept(flow: str) -> Row:
    return Row(f"{flow}.kept", "partial_refund", "seller", {}, {"refund_goods": "offered_amount"})


_LOST: Final = Ask(
    "carrier_chosen_by == 'buyer'",
    Row("lost_parcel.own_carrier", "refused", "buyer"),
    Ask(
        "wants == 'refund_only'",
        Row(
            "lost_parcel.refunded",
            "refund_only",
            "carrier",
            {"outbound": "carrier"},
            {**_GOODS, "recover_goods": "claimed_paid - already_refunded", **_CARRIER_OUT},
        ),
        Row("lost_parcel.resent", "reship", "carrier", {"reship": "carrier"}, {"recover_reship": "reship_postage"}),
    ),
)
_NO_REASON: Final = Ask(
    "not returnable or days_since_delivered > 7",
    Row("no_reason.not_covered", "refused", "buyer", _BUYER_BACK),
    Ask(
        "not intact",
        Row("no_reason.worn", "refused", "buyer", _BUYER_BACK),
        Ask(
            "free_shipping == 'always'",
            Row(
                "no_reason.refunded_free_shipping",
                "return_and_refund",
                "buyer",
                {"outbound": "seller", "return": "buyer"},
                {**_GOODS, **_INSURED, **_OUT},
            ),
            Row(
                "no_reason.refunded",
                "return_and_refund",
                "buyer",
                {"outbound": "buyer", "return": "buyer"},
                {
                    "refund_goods": "max(claimed_paid - already_refunded - threshold_postage, 0)",
                    "deduction_threshold_postage": "min(threshold_postage, claimed_paid - already_refunded)",
                    **_INSURED,
                },
            ),
        ),
    ),
)

FLOWS: Final[Mapping[str, Tree]] = {
    "not_shipped": Ask(
        "not_shipped_cause == 'out_of_stock'",
        Row(
            "not_shipped.shortage",
            "refund_only",
            "seller",
            _SELLER_OUT,
            {**_GOODS, "refund_compensation": _SHORT, **_OUT},
        ),
        Ask(
            "not_shipped_cause == 'shipment_not_marked'",
            Row("not_shipped.marked", "kept", "seller"),
            Ask(
                "not_shipped_cause == 'in_queue'",
                Row("not_shipped.urged", "kept", "nobody"),
                Ask(
                    "wants == 'refund_only'",
                    Row("not_shipped.refunded", "refund_only", "seller", _SELLER_OUT, {**_GOODS, **_OUT}),
                    Row("not_shipped.shipped_now", "reship", "seller"),
                ),
            ),
        ),
    ),
    "late_shipment": Ask(
        "not ship_late",
        Row("late_shipment.in_time", "kept", "nobody"),
        Ask(
            "wants == 'keep'",
            Row("late_shipment.waited", "kept", "seller", {}, {"refund_compensation": _LATE}),
            Row(
                "late_shipment.refunded",
                "refund_only",
                "seller",
                _SELLER_OUT,
                {**_GOODS, "refund_compensation": _LATE, **_OUT},
            ),
        ),
    ),
    "not_received": Ask(
        "parcel_status == 'in_transit'",
        Row("not_received.on_its_way", "kept", "nobody"),
        Ask(
            "parcel_status == 'exception'",
            Row("not_received.forwarded", "reship", "carrier", {"reship": "seller"}),
            Ask(
                "parcel_status == 'returned'",
                Row(
                    "not_received.came_back",
                    "refund_only",
                    "carrier",
                    {"outbound": "carrier"},
                    {**_GOODS, **_CARRIER_OUT},
                ),
                Ask(
                    "parcel_status == 'delivered' and handover_proven",
                    Row("not_received.proven", "refused", "buyer"),
                    _LOST,
                ),
            ),
        ),
    ),
    "lost": _LOST,
    "missing_item": Ask(
        "evidence == 'none'",
        Row("missing_item.unproven", "refused", "nobody"),
        Ask(
            "warehouse_record == 'confirms_seller'",
            Row("missing_item.complete", "refused", "buyer"),
            Ask(
                "evidence == 'insufficient' and warehouse_record == 'no_record'",
                Row("missing_item.unproven", "refused", "nobody"),
                Ask(
                    "wants == 'reship' and in_stock",
                    Row("missing_item.resent", "reship", "seller", {"reship": "seller"}),
                    Row("missing_item.refunded", "refund_only", "seller", {}, _GOODS),
                ),
            ),
        ),
    ),
    "wrong_item": Ask(
        "evidence == 'none'",
        Row("wrong_item.unproven", "refused", "nobody"),
        Ask(
            "warehouse_record == 'confirms_seller' and evidence != 'confirmed'",
            Row("wrong_item.sent_right", "refused", "buyer"),
            Ask(
                "wants == 'partial_refund'",
                _kept("wrong_item"),
                Ask(
                    "inspection_verdict == 'rejected'",
                    Row(
                        "wrong_item.sent_back_wrongly",
                        "return_and_refund",
                        "buyer",
                        _BUYER_BACK,
                        {**_GOODS, **_INSURED},
                    ),
                    Ask("wants == 'exchange'", _exchanged("wrong_item"), _returned("wrong_item")),
                ),
            ),
        ),
    ),
    "quality": Ask(
        "evidence == 'insufficient' and severity == 'minor'",
        Row("quality.no_defect", "refused", "nobody"),
        Ask(
            "wants == 'partial_refund'",
            _kept("quality"),
            Ask(
                "wants == 'refund_only' and severity == 'severe' and evidence == 'confirmed'",
                Row("quality.refunded_only", "refund_only", "seller", _SELLER_OUT, {**_GOODS, **_OUT}),
                Ask(
                    "inspection_verdict == 'rejected'",
                    _NO_REASON,
                    Ask("wants == 'exchange' and in_stock", _exchanged("quality"), _returned("quality")),
                ),
            ),
        ),
    ),
    "no_reason": _NO_REASON,
    "warranty": Ask(
        "damaged_by_buyer or not in_warranty",
        Ask(
            "repair_accepted",
            Row(
                "warranty.paid_repair",
                "repair",
                "buyer",
                {"return": "buyer", "reship": "buyer"},
                {"charge_repair": "repair_price", "charge_reship": "reship_postage", **_INSURED},
            ),
            Row("warranty.declined", "refused", "buyer"),
        ),
        Ask(
            "in_exchange_period or failed_repairs >= 2",
            Row(
                "warranty.replaced",
                "exchange",
                "manufacturer",
                {"return": "manufacturer", "reship": "manufacturer"},
                _MAKER,
            ),
            Row(
                "warranty.repaired",
                "repair",
                "manufacturer",
                {"return": "manufacturer", "reship": "manufacturer"},
                _MAKER,
            ),
        ),
    ),
}


def whole() -> Tree:
    """Return the whole policy as one tree: the flows behind one question each about the issue."""
    *others, last = FLOWS.items()
    tree = last[1]
    for issue, flow in reversed(others):
        tree = Ask(f"issue == '{issue}'", flow, tree)
    return tree


def table() -> Iterator[tuple[tuple[str, ...], Row]]:
    """Yield every row with the conditions that must all hold for it, in the order of the tree."""
    for issue, flow in FLOWS.items():
        yield from _table(flow, (f"issue == '{issue}'",))


def _table(tree: Tree, held: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Row]]:
    if isinstance(tree, Row):
        yield held, tree
    else:
        yield from _table(tree.yes, (*held, tree.when))
        yield from _table(tree.no, (*held, f"not ({tree.when})"))


def rows() -> tuple[Row, ...]:
    """Return every end once."""
    return tuple({row.state: row for _, row in table()}.values())


#: Every line of money that some end has.
LINES: Final = tuple(dict.fromkeys(name for row in rows() for name in row.fen))
