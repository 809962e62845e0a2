"""The small policy as one would write it by hand in Python: facts in, the engine's own ``Answer`` out.

Every fact that a case comes to must be known: a missing one is a ``KeyError``, where the engine asks for it. What is
told is judged as the policy judges it: an answer that is not offered does not count, an amount above its bound is a
fault. That both agree is checked before anything is measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from aftersales.run.function.answer import Answer, at_fault
from aftersales.run.function.reached import NO_FEN, NOTHING

#: One row of scalar facts: words, flags, counts, money in fen.
Facts = Mapping[str, Any]
Fen = dict[str, int | None]

CAP: Final = 2000
NO_REASON_DAYS: Final = 7
REPAIRS_ALLOWED: Final = 2

_ON_ITS_WAY: Final = {"return": "undecided"}
_SELLER_OUT: Final = {"outbound": "seller"}
_SELLER_BACK: Final = {"outbound": "seller", "return": "seller"}
_SELLER_EXCHANGE: Final = {"return": "seller", "reship": "seller"}
_SELLER_RESHIP: Final = {"reship": "seller"}
_CARRIER_OUT: Final = {"outbound": "carrier"}
_CARRIER_RESHIP: Final = {"reship": "carrier"}
_BUYER_BACK: Final = {"return": "buyer"}
_BUYER_BOTH: Final = {"outbound": "buyer", "return": "buyer"}
_BUYER_FREE: Final = {"outbound": "seller", "return": "buyer"}
_MAKER: Final = {"return": "manufacturer", "reship": "manufacturer"}
_BUYER_REPAIR: Final = {"return": "buyer", "reship": "buyer"}


def decide(facts: Facts) -> Answer:
    """Decide one row of facts."""
    return _FLOWS[facts["issue"]](facts)


def of_records() -> Callable[[Any], Answer]:
    """Return ``decide`` for records: its own text, with an attribute wherever a key of a row is looked up."""
    text = re.sub(r'\bfacts\["(\w+)"\]', r"facts.\1", Path(__file__).read_text(encoding="utf-8"))
    space: dict[str, Any] = {"__name__": __name__, "__file__": __file__}
    exec(compile(text, "<by hand, of records>", "exec"), space)  # noqa: S102 (this file)
    found: Callable[[Any], Answer] = space["decide"]
    return found


def _rest(state: str, need: str) -> Answer:
    return Answer(state, None, "undecided", NOTHING, NO_FEN, need, None)


def _on_its_way(facts: Facts, state: str, need: str) -> Answer:
    """Rest while the goods come back: who bears that is open, what the insurer will pay is not."""
    fen: Fen = {"refund_return": None}
    if insured := _insured(facts):
        fen["insured_return"] = insured
    return Answer(state, None, "undecided", _ON_ITS_WAY, fen, need, None)


def _not_shipped(facts: Facts) -> Answer:
    cause = facts["not_shipped_cause"]
    if cause == "in_queue":
        return Answer("not_shipped.urged", "kept", "nobody", NOTHING, NO_FEN, None, None)
    if cause == "shipment_not_marked":
        return Answer("not_shipped.marked", "kept", "seller", NOTHING, NO_FEN, None, None)
    if cause == "out_of_stock":
        fen = _goods(facts)
        fen["refund_compensation"] = out_of_stock(facts["platform"], facts["order_paid"])
        _outbound(facts, fen)
        return Answer("not_shipped.shortage", "refund_only", "seller", _SELLER_OUT, fen, None, None)
    wants = facts["wants"]
    if wants == "refund_only":
        fen = _goods(facts)
        _outbound(facts, fen)
        return Answer("not_shipped.refunded", "refund_only", "seller", _SELLER_OUT, fen, None, None)
    if wants == "reship":
        return Answer("not_shipped.shipped_now", "reship", "seller", NOTHING, NO_FEN, None, None)
    return _rest("not_shipped.overlooked", "wants")


def _late_shipment(facts: Facts) -> Answer:
    if not facts["ship_late"]:
        return Answer("late_shipment.in_time", "kept", "nobody", NOTHING, NO_FEN, None, None)
    wants = facts["wants"]
    if wants not in {"keep", "refund_only"}:
        return _rest("late_shipment.choose", "wants")
    compensation = late_shipment(facts["platform"], facts["order_paid"])
    if wants == "keep":
        fen: Fen = {"refund_compensation": compensation}
        return Answer("late_shipment.waited", "kept", "seller", NOTHING, fen, None, None)
    fen = _goods(facts)
    fen["refund_compensation"] = compensation
    _outbound(facts, fen)
    return Answer("late_shipment.refunded", "refund_only", "seller", _SELLER_OUT, fen, None, None)


def _not_received(facts: Facts) -> Answer:
    status = facts["parcel_status"]
    if status == "in_transit":
        return Answer("not_received.on_its_way", "kept", "nobody", NOTHING, NO_FEN, None, None)
    if status == "exception":
        return Answer("not_received.forwarded", "reship", "carrier", _SELLER_RESHIP, NO_FEN, None, None)
    if status == "returned":
        fen = _goods(facts)
        _outbound_of_carrier(facts, fen)
        return Answer("not_received.came_back", "refund_only", "carrier", _CARRIER_OUT, fen, None, None)
    if status == "delivered" and facts["handover_proven"]:
        return Answer("not_received.proven", "refused", "buyer", NOTHING, NO_FEN, None, None)
    return _lost(facts)


def _lost(facts: Facts) -> Answer:
    if facts["carrier_chosen_by"] == "buyer":
        return Answer("lost_parcel.own_carrier", "refused", "buyer", NOTHING, NO_FEN, None, None)
    wants = facts["wants"]
    if wants == "refund_only":
        fen = _goods(facts)
        fen["recover_goods"] = fen["refund_goods"]
        _outbound_of_carrier(facts, fen)
        return Answer("lost_parcel.refunded", "refund_only", "carrier", _CARRIER_OUT, fen, None, None)
    if wants == "reship":
        postage = facts["reship_postage"]
        return Answer(
            "lost_parcel.resent",
            "reship",
            "carrier",
            _CARRIER_RESHIP,
            {"recover_reship": postage} if postage else NO_FEN,
            None,
            None,
        )
    return _rest("lost_parcel.choose", "wants")


def _missing_item(facts: Facts) -> Answer:
    evidence = facts["evidence"]
    if evidence == "none":
        return Answer("missing_item.unproven", "refused", "nobody", NOTHING, NO_FEN, None, None)
    record = facts["warehouse_record"]
    if record == "confirms_seller":
        return Answer("missing_item.complete", "refused", "buyer", NOTHING, NO_FEN, None, None)
    if evidence == "insufficient" and record == "no_record":
        return Answer("missing_item.unproven", "refused", "nobody", NOTHING, NO_FEN, None, None)
    wants = facts["wants"]
    if wants == "refund_only" or not facts["in_stock"]:
        return Answer("missing_item.refunded", "refund_only", "seller", NOTHING, _goods(facts), None, None)
    if wants == "reship":
        return Answer("missing_item.resent", "reship", "seller", _SELLER_RESHIP, NO_FEN, None, None)
    return _rest("missing_item.choose", "wants")


def _wrong_item(facts: Facts) -> Answer:
    evidence = facts["evidence"]
    if evidence == "none":
        return Answer("wrong_item.unproven", "refused", "nobody", NOTHING, NO_FEN, None, None)
    if evidence != "confirmed" and facts["warehouse_record"] == "confirms_seller":
        return Answer("wrong_item.sent_right", "refused", "buyer", NOTHING, NO_FEN, None, None)
    wants = facts["wants"]
    if wants == "partial_refund":
        return _kept(facts, "wrong_item.price", "wrong_item.kept")
    if wants != "return_and_refund":
        in_stock = facts["in_stock"]
        if wants != "exchange" or not in_stock:
            return _rest("wrong_item.choose", "wants")
    if not facts["return_received"]:
        return _on_its_way(facts, "wrong_item.way_back", "return_received")
    if facts["inspection_verdict"] == "rejected":
        fen = _goods(facts)
        if insured := _insured(facts):
            fen["insured_return"] = insured
        return Answer("wrong_item.sent_back_wrongly", "return_and_refund", "buyer", _BUYER_BACK, fen, None, None)
    if wants == "exchange":
        fen = {}
        _way_back(facts, fen)
        return Answer("wrong_item.exchanged", "exchange", "seller", _SELLER_EXCHANGE, fen, None, None)
    fen = _goods(facts)
    _way_back(facts, fen)
    _outbound(facts, fen)
    return Answer("wrong_item.refunded", "return_and_refund", "seller", _SELLER_BACK, fen, None, None)


def _quality(facts: Facts) -> Answer:
    evidence = facts["evidence"]
    if evidence == "insufficient" and facts["severity"] == "minor":
        return Answer("quality.no_defect", "refused", "nobody", NOTHING, NO_FEN, None, None)
    wants = facts["wants"]
    if wants == "partial_refund":
        return _kept(facts, "quality.price", "quality.kept")
    if wants == "refund_only" and evidence == "confirmed" and facts["severity"] == "severe":
        fen = _goods(facts)
        _outbound(facts, fen)
        return Answer("quality.refunded_only", "refund_only", "seller", _SELLER_OUT, fen, None, None)
    if wants not in {"return_and_refund", "exchange", "refund_only"}:
        return _rest("quality.choose", "wants")
    if not facts["return_received"]:
        return _on_its_way(facts, "quality.way_back", "return_received")
    if facts["inspection_verdict"] == "rejected":
        return _no_reason(facts)
    if wants == "exchange" and facts["in_stock"]:
        fen = {}
        _way_back(facts, fen)
        return Answer("quality.exchanged", "exchange", "seller", _SELLER_EXCHANGE, fen, None, None)
    fen = _goods(facts)
    _way_back(facts, fen)
    _outbound(facts, fen)
    return Answer("quality.refunded", "return_and_refund", "seller", _SELLER_BACK, fen, None, None)


def _no_reason(facts: Facts) -> Answer:
    if not facts["returnable"] or facts["days_since_delivered"] > NO_REASON_DAYS:
        return Answer("no_reason.not_covered", "refused", "buyer", _BUYER_BACK, NO_FEN, None, None)
    if not facts["return_received"]:
        return _on_its_way(facts, "no_reason.way_back", "return_received")
    if not facts["intact"]:
        return Answer("no_reason.worn", "refused", "buyer", _BUYER_BACK, NO_FEN, None, None)
    fen = _goods(facts)
    if insured := _insured(facts):
        fen["insured_return"] = insured
    if facts["free_shipping"] == "always":
        _outbound(facts, fen)
        return Answer("no_reason.refunded_free_shipping", "return_and_refund", "buyer", _BUYER_FREE, fen, None, None)
    goods = facts["claimed_paid"] - facts["already_refunded"]
    fen["deduction_threshold_postage"] = taken = min(facts["threshold_postage"], goods)
    fen["refund_goods"] = goods - taken
    return Answer("no_reason.refunded", "return_and_refund", "buyer", _BUYER_BOTH, fen, None, None)


def _warranty(facts: Facts) -> Answer:
    if facts["damaged_by_buyer"] or not facts["in_warranty"]:
        if not facts["repair_accepted"]:
            return Answer("warranty.declined", "refused", "buyer", NOTHING, NO_FEN, None, None)
        fen: Fen = {"charge_repair": facts["repair_price"]}
        if postage := facts["reship_postage"]:
            fen["charge_reship"] = postage
        if insured := _insured(facts):
            fen["insured_return"] = insured
        return Answer("warranty.paid_repair", "repair", "buyer", _BUYER_REPAIR, fen, None, None)
    fen = {}
    _way_back(facts, fen)
    if back := fen.get("refund_return"):
        fen["recover_return"] = back
    if postage := facts["reship_postage"]:
        fen["recover_reship"] = postage
    if facts["in_exchange_period"] or facts["failed_repairs"] >= REPAIRS_ALLOWED:
        return Answer("warranty.replaced", "exchange", "manufacturer", _MAKER, fen, None, None)
    return Answer("warranty.repaired", "repair", "manufacturer", _MAKER, fen, None, None)


def _kept(facts: Facts, price: str, kept: str) -> Answer:
    """Return what a negotiated refund comes to: at most its cap, and what is left of the goods."""
    offered = facts["offered_amount"]
    if offered > CAP:
        return at_fault("above_maximum")
    if offered == 0:
        return _rest(price, "offered_amount")
    if offered > facts["claimed_paid"] - facts["already_refunded"]:
        return at_fault("refund_above_maximum")
    return Answer(kept, "partial_refund", "seller", NOTHING, {"refund_goods": offered}, None, None)


def _goods(facts: Facts) -> Fen:
    return {"refund_goods": facts["claimed_paid"] - facts["already_refunded"]}


def _outbound(facts: Facts, fen: Fen) -> None:
    """Refund the way out, which the buyer advanced."""
    if postage := facts["postage_claimed"]:
        fen["refund_outbound"] = postage


def _outbound_of_carrier(facts: Facts, fen: Fen) -> None:
    if postage := facts["postage_claimed"]:
        fen["refund_outbound"] = fen["recover_outbound"] = postage


def _insured(facts: Facts) -> int:
    """Return what the insurer pays the buyer for the way back."""
    limit = facts["insured_up_to"]
    return min(facts["return_postage"], limit) if limit else 0


def _way_back(facts: Facts, fen: Fen) -> None:
    """Refund the way back, less what the insurer pays for it."""
    insured = _insured(facts)
    if insured:
        fen["insured_return"] = insured
    if rest := facts["return_postage"] - insured:
        fen["refund_return"] = rest


def late_shipment(platform: str, paid: int) -> int:
    """Return the compensation for late shipment, in fen."""
    if platform == "tmall":
        return min(max((2 * paid * 3 + 10) // 20, 500), 50_000)
    if platform == "taobao":
        return min(max((2 * paid + 10) // 20, 500), 10_000)
    if paid <= 300:
        return 0
    return 300 if paid < 30_000 else min((2 * paid + 100) // 200, 3000)


def out_of_stock(platform: str, paid: int) -> int:
    """Return the compensation for missing stock, in fen."""
    if platform == "tmall":
        return min((2 * paid * 3 + 10) // 20, 50_000)
    return min(max((2 * paid + 10) // 20, 500), 10_000) if platform == "taobao" else 0


_FLOWS: Final[Mapping[str, Callable[[Facts], Answer]]] = {
    "not_shipped": _not_shipped,
    "late_shipment": _late_shipment,
    "not_received": _not_received,
    "lost": _lost,
    "missing_item": _missing_item,
    "wrong_item": _wrong_item,
    "quality": _quality,
    "no_reason": _no_reason,
    "warranty": _warranty,
}
