"""Random cases of the small policy, as scalar facts: money in fen, ``None`` where there is none."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

from aftersales.expr.types import Kind, Value
from aftersales.money import show_money
from aftersales.policy.model import Policy

#: The policy that is measured.
SMALL: Final = Path(__file__).parent / "small"
#: The issues, and what the buyer may want where each of them asks.
WISHES: Final[dict[str, Sequence[str]]] = {
    "not_shipped": ("refund_only", "reship"),
    "late_shipment": ("keep", "refund_only"),
    "not_received": ("refund_only", "reship"),
    "lost": ("refund_only", "reship"),
    "missing_item": ("refund_only", "reship"),
    "wrong_item": ("partial_refund", "return_and_refund", "exchange"),
    "quality": ("partial_refund", "return_and_refund", "exchange", "refund_only"),
    "no_reason": ("return_and_refund",),
    "warranty": ("exchange",),
}
#: The answers of every fact that is a choice, a party or a flag.
CHOICES: Final[dict[str, Sequence[str | bool]]] = {
    "platform": ("tmall", "taobao", "douyin"),
    "not_shipped_cause": ("out_of_stock", "shipment_not_marked", "order_overlooked", "in_queue"),
    "ship_late": (True, True, False),
    "parcel_status": ("in_transit", "delivered", "lost", "exception", "returned"),
    "handover_proven": (True, False),
    "carrier_chosen_by": ("seller", "seller", "buyer"),
    "evidence": ("none", "insufficient", "confirmed", "confirmed"),
    "warehouse_record": ("confirms_buyer", "confirms_seller", "no_record"),
    "severity": ("minor", "severe"),
    "in_stock": (True, True, False),
    "inspection_verdict": ("confirmed", "confirmed", "rejected"),
    "intact": (True, True, False),
    "returnable": (True, True, False),
    "free_shipping": ("none", "always", "threshold"),
    "in_warranty": (True, True, False),
    "in_exchange_period": (True, False, False),
    "damaged_by_buyer": (True, False, False),
    "repair_accepted": (True, False),
}
#: What the order record tells of every case.
ORDER: Final = (
    "platform",
    "order_paid",
    "claimed_paid",
    "already_refunded",
    "postage_claimed",
    "threshold_postage",
    "free_shipping",
    "insured_up_to",
    "days_since_delivered",
    "carrier_chosen_by",
    "ship_late",
)
_BACK: Final = ("return_received", "return_postage", "inspection_verdict")
#: What else is told where it is about an issue: everything that its flow may ask.
ASKED: Final[dict[str, Sequence[str]]] = {
    "not_shipped": ("not_shipped_cause", "wants"),
    "late_shipment": ("wants",),
    "not_received": ("parcel_status", "handover_proven", "wants", "reship_postage"),
    "lost": ("wants", "reship_postage"),
    "missing_item": ("evidence", "warehouse_record", "wants", "in_stock"),
    "wrong_item": ("evidence", "warehouse_record", "wants", "in_stock", "offered_amount", *_BACK),
    "quality": ("evidence", "severity", "wants", "in_stock", "offered_amount", "returnable", "intact", *_BACK),
    "no_reason": ("returnable", "return_received", "return_postage", "intact"),
    "warranty": (
        "damaged_by_buyer",
        "in_warranty",
        "in_exchange_period",
        "failed_repairs",
        "repair_accepted",
        "repair_price",
        "return_postage",
        "reship_postage",
    ),
}
#: A negotiated refund is at most this; the policy's own figure.
CAP: Final = 2000


def draw_case(dice: Random) -> dict[str, Value]:
    """Draw a case with all that its issue may ask: it comes to an end, and no amount is above its bound."""
    everything = _draw(dice)
    return {name: everything[name] for name in ("issue", *ORDER, *ASKED[str(everything["issue"])])}


def _draw(dice: Random) -> dict[str, Value]:
    issue = dice.choice(tuple(WISHES))
    case: dict[str, Value] = {"issue": issue, **{name: dice.choice(values) for name, values in CHOICES.items()}}
    claimed = dice.randint(CAP, 300_000)
    wants = dice.choice(WISHES[issue])
    if issue == "wrong_item" and wants == "exchange" and not case["in_stock"]:
        wants = "return_and_refund"
    return case | {
        "wants": wants,
        "order_paid": claimed + dice.choice((0, dice.randint(0, 100_000))),
        "claimed_paid": claimed,
        "already_refunded": dice.choice((0, 0, dice.randint(0, claimed - CAP))),
        "postage_claimed": dice.choice((0, dice.randint(0, 3000))),
        "threshold_postage": dice.choice((0, 0, dice.randint(1, 2000))),
        "insured_up_to": dice.choice((None, dice.randint(1, 2500))),
        "days_since_delivered": dice.randint(0, 12),
        "return_postage": dice.randint(0, 5000),
        "reship_postage": dice.randint(0, 5000),
        "offered_amount": dice.randint(1, CAP),
        "return_received": True,
        "failed_repairs": dice.randint(0, 4),
        "repair_price": dice.randint(0, 80_000),
    }


def draw_with_gaps(dice: Random) -> dict[str, Value]:
    """Draw a case that tells anything or nothing of everything: what is not asked, not offered, above a bound."""
    case = _draw(dice)
    case["wants"] = dice.choice(sorted({wish for wishes in WISHES.values() for wish in wishes}))
    case["return_received"] = dice.random() < 0.8
    case["offered_amount"] = dice.randint(0, CAP + 200)
    case["already_refunded"] = dice.randint(0, 2000) if dice.random() < 0.5 else case["already_refunded"]
    share = dice.choice((0.0, 0.02, 0.1, 0.3))
    return {name: value for name, value in case.items() if name == "issue" or dice.random() >= share}


def draw_cases(count: int, seed: int, *, gaps: bool = False) -> list[dict[str, Value]]:
    """Draw ``count`` cases from ``seed``; the same ones each time."""
    dice = Random(seed)  # noqa: S311  # cases to measure with, no secrets
    draw = draw_with_gaps if gaps else draw_case
    return [draw(dice) for _ in range(count)]


def written(policy: Policy, case: Mapping[str, Value]) -> dict[str, object]:
    """Return scalar facts as a case writes them: money as text with two decimals."""
    money = {name for name in case if policy.facts[name].type.kind is Kind.MONEY}
    return {
        name: show_money(value) if name in money and isinstance(value, int) else value for name, value in case.items()
    }


def written_fen(fen: Mapping[str, int | None]) -> dict[str, str | None]:
    """Return lines of money as JSON has them."""
    return {name: None if amount is None else show_money(amount) for name, amount in fen.items()}
