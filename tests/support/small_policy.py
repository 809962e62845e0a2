"""A small policy, built without files, that has every kind of fact and param that a case can meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from aftersales.case.read import read_case
from aftersales.case.view import CaseView
from aftersales.expr.tree import Call, Compare, FactRef, LineRef, Over, ParamRef, Present, Product, Sum
from aftersales.expr.types import FLAG, Kind, Type, Value
from aftersales.instants import day_end, day_start, parse_day, zone_named
from aftersales.policy.model import Action, Fact, Holds, Param, ParamValue, Policy, Tier
from aftersales.source import Source, Span
from aftersales.text import Text

ZONE = zone_named("Asia/Shanghai")
PLACE = Span(Source("policy.yaml", "policy"), 1, 1, 1, 7)
COUNT, MONEY, INSTANT, RATE = Type(Kind.COUNT), Type(Kind.MONEY), Type(Kind.INSTANT), Type(Kind.RATE)


def text(word: str) -> Text:
    """Return the same word in both languages."""
    return Text(word, word)


def fact(name: str, type_: Type, answered_by: str = "", **more: object) -> Fact:
    """Return a fact; one that somebody answers has a question."""
    ask = text(f"{name}?") if answered_by else None
    return replace(Fact(name, type_, text(name), answered_by, PLACE, ask=ask), **more)  # type: ignore[arg-type]


def param(name: str, type_: Type, *values: ParamValue, **more: object) -> Param:
    """Return a param with these candidates."""
    return replace(Param(name, type_, text(name), values, PLACE), **more)  # type: ignore[arg-type]


def value(of: Value | tuple[Tier, ...], **more: object) -> ParamValue:
    """Return a candidate of a param."""
    return replace(ParamValue(of, "shop", "S1", PLACE), **more)  # type: ignore[arg-type]


def choice(*words: str) -> Type:
    """Return the type of a choice between ``words``."""
    return Type(Kind.CHOICE, words)


FACTS = (
    fact("platform", choice("tmall", "douyin", "taobao"), "order"),
    fact("issue", choice("wrong_item", "no_reason_return"), "buyer"),
    fact("opened_at", INSTANT, "buyer"),
    fact("paid_at", INSTANT, "order", flag="paid"),
    fact("shipped_at", INSTANT, "order", flag="shipped"),
    fact("delivered_at", INSTANT, "order", flag="delivered"),
    fact("shipped", FLAG, derived=Present("shipped_at")),
    fact("delivered", FLAG, derived=Present("delivered_at")),
    fact(
        "days_since_delivered",
        COUNT,
        derived=Call(COUNT, "days_between", (FactRef(INSTANT, "delivered_at"), FactRef(INSTANT, "opened_at"))),
    ),
    fact("cash_on_delivery", FLAG, "order"),
    fact("postage_paid", MONEY, "order"),
    fact("order_paid", MONEY, "order"),
    fact("free_shipping", choice("none", "always", "threshold"), "order"),
    fact("free_shipping_threshold", MONEY, "order"),
    fact("postage_if_not_free", MONEY, "order"),
    fact("insured_up_to", MONEY, "order", flag="freight_insured"),
    fact("freight_insured", FLAG, derived=Present("insured_up_to")),
    fact("goods_paid", MONEY, computed=True),
    fact("claimed_paid", MONEY, computed=True),
    fact("already_refunded", MONEY, computed=True),
    fact("postage_claimed", MONEY, computed=True),
    fact("threshold_postage", MONEY, computed=True),
    fact("discount_resettled", MONEY, computed=True),
    fact("gifts_kept", MONEY, computed=True),
    fact("bundle_broken", FLAG, computed=True),
    fact(
        "goods_left",
        MONEY,
        derived=Sum(MONEY, ((1, FactRef(MONEY, "claimed_paid")), (-1, FactRef(MONEY, "already_refunded")))),
    ),
    fact(
        "compensation",
        MONEY,
        derived=Product(MONEY, (ParamRef(RATE, "compensation_rate"), FactRef(MONEY, "order_paid"))),
    ),
    fact(
        "claimed_total",
        MONEY,
        derived=Over(MONEY, "total", "claimed", LineRef(MONEY, "paid")),
    ),
    fact("evidence", choice("none", "insufficient", "confirmed"), "agent"),
    fact("photos_sent", FLAG, "buyer"),
    fact("carrier_chosen_by", Type(Kind.PARTY, ("buyer", "seller")), "order"),
    fact("return_postage", Type(Kind.MONEY, low=0, high=99900), "buyer"),
    fact("previous_exchanges", Type(Kind.COUNT, low=0, high=9), "order"),
    fact("agreed_rate", RATE, "agent"),
    fact("agreed_wait", Type(Kind.DURATION), "agent"),
    fact("pickup", Type(Kind.TIME_OF_DAY), "carrier"),
    fact("photo_rounds", COUNT, "policy", counter=True),
)

TIERS = (
    Tier(300, None, 0, None, None),
    Tier(None, 30000, 300, None, None),
    Tier(None, None, Fraction(1, 100), 100, 3000),
)

PARAMS = (
    param("remedy_wait", Type(Kind.DURATION), value(dt.timedelta(hours=48))),
    param(
        "compensation_rate",
        RATE,
        value(Fraction(5, 100), shop="corner"),
        value(Fraction(30, 100), platform="tmall", valid_until=day_end(parse_day("2026-06-30"), ZONE)),
        value(Fraction(10, 100), platform="tmall", valid_from=day_start(parse_day("2026-07-01"), ZONE)),
        value(0, platform="douyin", none_found=True),
        value(Fraction(10, 100)),
        dated_by="paid_at",
    ),
    param("late_pay", MONEY, value(TIERS), on="order_paid"),
)


_RELATION = Compare("<=", FactRef(MONEY, "already_refunded"), FactRef(MONEY, "claimed_paid"))

SMALL = Policy(
    id="small",
    version="1",
    title=text("small"),
    timezone="Asia/Shanghai",
    currency="CNY",
    root="reception",
    roles={"agent": text("agent")},
    parties={party: text(party) for party in ("buyer", "seller", "carrier", "platform")},
    outcomes={},
    legs={},
    facts={known.name: known for known in FACTS},
    line_facts={
        "kind": fact("kind", choice("normal", "made_to_order"), "order"),
        "gift_price": fact("gift_price", MONEY, "order"),
    },
    holds=(Holds(_RELATION, PLACE),),
    params={known.name: known for known in PARAMS},
    actions={
        "refund": Action("refund", "agent", text("refund"), PLACE, pays=True),
        "soothe": Action("soothe", "agent", text("soothe"), PLACE),
    },
    sources={},
    flows={},
    states={},
    digest="",
    folder="",
)


def look(data: Mapping[str, object]) -> CaseView:
    """Read a case under the small policy and look at it with what it tells."""
    case = read_case(SMALL, data)
    return CaseView(SMALL, case, case.told)
