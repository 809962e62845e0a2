"""A small policy made by hand: two flows and a sub-flow, with every kind of edge a picture shows."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

import aftersales
from aftersales.draw.gallery import gallery
from aftersales.draw.graph import Graph
from aftersales.expr.tree import TRUE, Compare, Expr, FactRef, Literal, Not
from aftersales.expr.types import FLAG, Kind, Type
from aftersales.policy.model import (
    Action,
    Anytime,
    Branch,
    End,
    Fact,
    Flow,
    Late,
    MoneyLine,
    Policy,
    PostageLeg,
    PostageTerm,
    Share,
    State,
    Target,
    Terms,
    Todo,
    WithinDays,
    WithinDuration,
)
from aftersales.source import Source, Span
from aftersales.text import Text

SPAN = Span(Source("small.yaml", ""), 1, 1, 1, 1)
WANTS = Type(Kind.CHOICE, ("reship", "trip", "nothing"))
MONEY = Type(Kind.MONEY)
PARTY = Type(Kind.PARTY, ("buyer", "seller", "nobody"))
TWO_DAYS = WithinDuration(Literal(Type(Kind.DURATION), dt.timedelta(hours=48)))
PAID = FactRef(MONEY, "claimed_paid")


def fact(name: str, kind: Type, zh: str, en: str, answered_by: str, **values: Text) -> Fact:
    """Return a fact with titles."""
    return Fact(name, kind, Text(zh, en), answered_by, SPAN, value_titles=values)


def wants(value: str, fact: str = "wants") -> Expr:
    """Return the condition that the buyer wants ``value``."""
    return Compare("==", FactRef(WANTS, fact), Literal(WANTS, value))


def branch(when: Expr, state: str, *, otherwise: bool = False, target: Target | None = None) -> Branch:
    """Return a branch to a state."""
    return Branch(when, when, target or Target(state), SPAN, otherwise=otherwise)


def state(key: str, zh: str, en: str, **more: object) -> State:
    """Return a state of the flow that its key names."""
    flow, name = key.split(".", maxsplit=1)
    return State(key, flow, name, Text(zh, en), SPAN, **more)  # type: ignore[arg-type]


def party(name: str) -> Expr:
    """Return a party word."""
    return Literal(PARTY, name)


STATES = (
    state(
        "main.ask",
        "核实",
        "Check",
        do=(Todo("send_photos"), Todo("soothe", after=("send_photos",))),
        within=TWO_DAYS,
        late=(
            Late("photos_sent", Target("main.refused"), SPAN),
            Late("wants", Target("main.ask", take=(("wants", "nothing"),)), SPAN),
        ),
        branches=(
            branch(Not(FactRef(FLAG, "photos_sent")), "main.refused"),
            branch(
                wants("nothing"),
                "main.ask",
                target=Target("main.ask", forget=("photos_sent", "wants"), restart=True),
            ),
            branch(TRUE, "main.choose", otherwise=True),
        ),
    ),
    state(
        "main.choose",
        "协商方案",
        "Agree on a remedy",
        do=(Todo("offer"),),
        duties=("soothe",),
        within=WithinDays(Literal(Type(Kind.COUNT), 7), end_of_day=True),
        late=(Late(None, Target("main.refused"), SPAN),),
        branches=(
            branch(wants("reship", "remedy"), "main.done"),
            branch(wants("trip", "remedy"), "main.trip"),
            branch(wants("nothing", "remedy"), "other.start", target=Target("other.start", hands_over=True)),
        ),
    ),
    state("main.trip", "退货", "Return", uses="journey", branches=(branch(TRUE, "main.trip.sent"),)),
    state(
        "main.trip.sent",
        "等寄出",
        "Wait for the parcel",
        until=FactRef(FLAG, "photos_sent"),
        within=TWO_DAYS,
        late=(Late(None, Target("main.refused"), SPAN),),
        branches=(branch(TRUE, "main.done"),),
    ),
    state(
        "main.done",
        "退款退邮费",
        "Refund goods and postage",
        end=End("refunded", None),
        do=(Todo("pay"),),
        terms=Terms(
            says_liable=True,
            liable=(Share("buyer", Fraction(3, 10)), Share("seller", None)),
            postage=(
                PostageTerm("outbound", None, party("nobody"), insured=True, span=SPAN),
                PostageTerm("return", party("buyer"), party("seller"), insured=False, span=SPAN),
            ),
            refund=(MoneyLine("goods", PAID, PAID, SPAN),),
            recover=(MoneyLine("goods", PAID, None, SPAN, party="carrier"),),
        ),
    ),
    state("main.refused", "结案", "Closed", end=End("refused", Text("没有凭据", "no evidence"))),
    state("main.withdrawn", "已撤销", "Withdrawn", end=End("refused", None)),
    state("other.start", "转来", "Handed over", end=End("refunded", None)),
    state("journey.sent", "等寄出", "Wait for the parcel", no_deadline=Text("由买家决定", "the buyer decides")),
)


@pytest.fixture(scope="session")
def shipped() -> aftersales.LoadedPolicy:
    """Return the shipped policy."""
    return aftersales.load()


@pytest.fixture(scope="session")
def graphs(shipped: aftersales.LoadedPolicy) -> dict[str, Graph]:
    """Return every picture of the shipped policy by its file name."""
    return gallery(shipped.model)


@pytest.fixture
def policy() -> Policy:
    """Return the small policy."""
    flows = {
        "main": ("错发", "Wrong item", "main.ask"),
        "other": ("其他", "Other", "other.start"),
        "journey": ("退货行程", "The way back", "journey.sent"),
    }
    facts = (
        fact(
            "photos_sent",
            FLAG,
            "照片已发",
            "photos sent",
            "buyer",
            false=Text("没发照片", "no photos"),
            true=Text("照片已发", "photos sent"),
        ),
        fact(
            "wants",
            WANTS,
            "诉求",
            "what the buyer wants",
            "buyer",
            reship=Text("补发", "a reship"),
            trip=Text("退货", "a return"),
            nothing=Text("不要什么", "nothing"),
        ),
        fact(
            "remedy",
            WANTS,
            "方案",
            "the remedy",
            "buyer",
            reship=Text("补发", "a reship"),
            trip=Text("退货", "a return"),
            nothing=Text("不要什么", "nothing"),
        ),
        fact("withdrawn", FLAG, "撤销", "withdrawn", "buyer"),
        fact("claimed_paid", MONEY, "所退部分实付", "paid for what is claimed", "order"),
    )
    actions = {
        "send_photos": ("buyer", "发照片", "Send photos"),
        "soothe": ("agent", "安抚", "Soothe"),
        "offer": ("agent", "提出方案", "Offer remedies"),
        "pay": ("agent", "付款", "Pay"),
    }
    interrupt = Anytime("main", "withdrawn", Target("main.withdrawn"), SPAN)
    return Policy(
        id="small",
        version="1",
        title=Text("小规则", "Small policy"),
        timezone="Asia/Shanghai",
        currency="CNY",
        root="main",
        roles={"agent": Text("客服", "agent")},
        parties={
            "buyer": Text("买家", "buyer"),
            "seller": Text("卖家", "seller"),
            "carrier": Text("快递", "carrier"),
            "nobody": Text("无人", "nobody"),
        },
        outcomes={"refunded": Text("退款", "refunded"), "refused": Text("拒绝", "refused")},
        legs={
            "outbound": PostageLeg("outbound", Text("发出运费", "outbound postage"), None, None, "seller"),
            "return": PostageLeg("return", Text("退回运费", "return postage"), None, None, "seller"),
        },
        facts={entry.name: entry for entry in facts},
        line_facts={},
        holds=(),
        params={},
        actions={name: Action(name, by, Text(zh, en), SPAN) for name, (by, zh, en) in actions.items()},
        sources={},
        flows={
            name: Flow(
                name,
                Text(zh, en),
                start,
                tuple(entry.key for entry in STATES if entry.flow == name),
                SPAN,
                anytime=(interrupt,) if name == "main" else (),
            )
            for name, (zh, en, start) in flows.items()
        },
        states={entry.key: entry for entry in STATES},
        digest="0" * 64,
        folder="small",
    )
