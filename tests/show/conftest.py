"""A small wrong-item policy and two decisions under it, built by hand: pages are tested without the engine."""

from __future__ import annotations

import datetime as dt

import pytest

from aftersales.expr.types import FLAG, Kind, Type
from aftersales.policy.model import Action, End, Fact, Flow, Late, Policy, PolicySource, PostageLeg, State, Target
from aftersales.run.decision import (
    Decision,
    Duty,
    Leg,
    MoneyItem,
    Need,
    NextAction,
    Outlook,
    PathStep,
    PolicyStamp,
    Refund,
    SourceStamp,
    Transfer,
    Waiting,
    Way,
)
from aftersales.source import Source, Span
from aftersales.text import Text

SPAN = Span(Source("flows/wrong_item.yaml", "flow: wrong_item\n"), 1, 1, 1, 5)
CHINA = dt.timezone(dt.timedelta(hours=8))
NO_REFUND = Refund(total=0, paid=0, due=0, maximum=6500, lines=(), deductions=(), waiting=())
YES_NO = {"true": Text("是", "yes"), "false": Text("否", "no")}


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return an instant of November 2026 on the policy's clock."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


def _choice(name: str, title: Text, asks: Text, from_: str, values: dict[str, Text]) -> Fact:
    return Fact(name, Type(Kind.CHOICE, tuple(values)), title, from_, SPAN, ask=asks, value_titles=values)


def _facts() -> dict[str, Fact]:
    record = {
        "confirms_buyer": Text("证实买家所说", "confirms the buyer"),
        "confirms_seller": Text("证实发货无误", "confirms the seller"),
        "no_record": Text("没有记录", "no record"),
    }
    remedies = {"reship": Text("补发", "reship"), "exchange": Text("换货", "exchange")}
    photos = Text("买家发来照片或视频了吗？", "has the buyer sent photos or a video?")
    facts = [
        Fact("photos_sent", FLAG, Text("已发照片", "photos sent"), "buyer", SPAN, ask=photos, value_titles=YES_NO),
        _choice(
            "warehouse_record",
            Text("出库记录", "outbound record"),
            Text("出库单和打包视频显示什么？", "what do the outbound record and the packing video show?"),
            "warehouse",
            record,
        ),
        _choice(
            "wants",
            Text("买家诉求", "remedy wanted"),
            Text("买家想怎么解决？", "what does the buyer want?"),
            "buyer",
            remedies,
        ),
        Fact("return_postage", Type(Kind.MONEY, low=0), Text("退回邮费金额", "cost of the way back"), "buyer", SPAN),
        Fact(
            "claimed_paid",
            Type(Kind.MONEY),
            Text("申请部分实付", "paid for the claimed goods"),
            "order",
            SPAN,
            computed=True,
        ),
        Fact("already_refunded", Type(Kind.MONEY), Text("已退货款", "already refunded"), "order", SPAN, computed=True),
    ]
    return {fact.name: fact for fact in facts}


def _state(name: str, title: Text, end: End | None = None, late: tuple[Late, ...] = ()) -> State:
    return State(f"wrong_item.{name}", "wrong_item", name, title, SPAN, end=end, late=late)


def _states() -> dict[str, State]:
    silent = Late("photos_sent", Target("wrong_item.closed_without_evidence"), SPAN)
    states = [
        _state("verify", Text("核实错发", "check the claim"), late=(silent,)),
        _state("choose_remedy", Text("协商方案", "agree on a remedy")),
        _state("supervisor_checks", Text("主管核查", "the supervisor checks")),
        _state("closed_without_evidence", Text("未举证，关闭", "closed without evidence"), End("refused", None)),
        _state("refunded", Text("退款退邮费", "refund goods and postage"), End("return_and_refund", None)),
    ]
    return {state.key: state for state in states}


@pytest.fixture
def policy() -> Policy:
    """A policy with one flow of five states."""
    states = _states()
    return Policy(
        id="cn_aftersales",
        version="2026.11",
        title=Text("电商售后规则", "after-sales policy"),
        timezone="Asia/Shanghai",
        currency="CNY",
        root="wrong_item",
        roles={
            "agent": Text("客服", "agent"),
            "warehouse": Text("仓库", "warehouse"),
            "finance": Text("财务", "finance"),
        },
        parties={
            "buyer": Text("买家", "buyer"),
            "seller": Text("卖家", "seller"),
            "insurer": Text("保险公司", "insurer"),
        },
        outcomes={
            "return_and_refund": Text("退货退款", "return and refund"),
            "exchange": Text("换货", "exchange"),
            "refused": Text("拒绝", "refused"),
        },
        legs={
            "outbound": PostageLeg("outbound", Text("发出邮费", "outbound"), "postage_claimed", None, "buyer"),
            "return": PostageLeg("return", Text("退回邮费", "return"), "return_postage", "freight_insured", "buyer"),
        },
        facts=_facts(),
        line_facts={},
        holds=(),
        params={},
        actions={
            "restock": Action("restock", "warehouse", Text("退货入库", "restock the goods"), SPAN),
            "send_photos": Action("send_photos", "buyer", Text("发照片", "send photos"), SPAN),
        },
        sources={
            "T26": PolicySource("T26", Text("淘宝争议规则", "Taobao dispute rules"), "platform", SPAN, article="26")
        },
        flows={"wrong_item": Flow("wrong_item", Text("错发", "Wrong item"), "wrong_item.verify", tuple(states), SPAN)},
        states=states,
        digest="0" * 64,
        folder="flows",
    )


@pytest.fixture
def resting() -> Decision:
    """A case that rests in ``verify``: the warehouse has not answered yet."""
    photos = Text(
        "亲，麻烦发一下收到商品的照片，我们马上核实。", "please send a photo of what arrived, we check it at once"
    )
    return Decision(
        policy=PolicyStamp("cn_aftersales", "2026.11", "0" * 64),
        flow="wrong_item",
        state="verify",
        title=Text("核实错发", "check the claim"),
        status="open",
        outcome=None,
        reason=None,
        liable=None,
        next_actions=(
            NextAction(
                "send_photos", "buyer", Text("发照片", "send photos"), photos, at(8, 11), "closed_without_evidence"
            ),
            NextAction(
                "check_outbound_record",
                "warehouse",
                Text("查出库单和打包视频", "check the outbound record and the packing video"),
                None,
                at(8, 11),
                "supervisor_checks",
                after=("send_photos",),
            ),
        ),
        duties=(
            Duty("find", "agent", Text("找到责任人", "find the responsible person"), at(6, 11), None, "incidents"),
        ),
        needs=(
            Need(
                "warehouse_record",
                Text("出库单和打包视频显示什么？", "what do the outbound record and the packing video show?"),
                "warehouse",
                ("confirms_buyer", "confirms_seller", "no_record"),
                (
                    Text("证实买家所说", "confirms the buyer"),
                    Text("证实发货无误", "confirms the seller"),
                    Text("没有记录", "no record"),
                ),
            ),
        ),
        due=at(8, 11),
        postage={"outbound": None, "return": Leg("buyer", "undecided", None, 0, {}, "")},
        refund=Refund(0, 0, 0, 6500, (), (), (Waiting("return", ("return_postage",)),)),
        charges=(),
        recover=(),
        transfers=(),
        path=(PathStep("wrong_item", "verify", Text("核实错发", "check the claim"), "opened", {}, at(6, 11)),),
        sources=(SourceStamp("T26", "platform", Text("淘宝争议规则", "Taobao dispute rules"), "26"),),
        warnings=(Text("承诺以聊天记录为准", "promises in the chat bind"),),
        outlook=Outlook(
            ways=(
                Way(
                    if_={"warehouse_record": "confirms_buyer", "wants": "exchange"},
                    shortest={"warehouse_record": "confirms_buyer", "wants": "exchange"},
                    ways=2,
                    flow="wrong_item",
                    state="refunded",
                    outcome="exchange",
                    liable="seller",
                    postage={"return": "seller"},
                    refund_least=0,
                    refund_most=0,
                ),
                Way(
                    {},
                    {"photos_sent": True},
                    2,
                    "wrong_item",
                    "refunded",
                    "return_and_refund",
                    "seller",
                    {"return": "seller"},
                    5900,
                    None,
                ),
                Way(
                    {},
                    {},
                    1,
                    "wrong_item",
                    "closed_without_evidence",
                    "refused",
                    "buyer",
                    {},
                    0,
                    6500,
                    if_nobody_answers=True,
                ),
            ),
            more=3,
            complete=False,
        ),
    )


@pytest.fixture
def settled() -> Decision:
    """The same case after the return arrived: goods refunded, the way back shared."""
    return Decision(
        policy=PolicyStamp("cn_aftersales", "2026.11", "0" * 64),
        flow="wrong_item",
        state="refunded",
        title=Text("退款退邮费", "refund goods and postage"),
        status="settled",
        outcome="return_and_refund",
        reason=Text("仓库证实发错", "the warehouse confirms the wrong item"),
        liable="seller",
        next_actions=(
            NextAction("refund", "finance", Text("退款", "refund"), None, None, None, after=("restock",), amount=6500),
        ),
        duties=(),
        needs=(),
        due=None,
        postage={"outbound": None, "return": Leg("buyer", "shared", 1200, 500, {"insurer": 500, "seller": 700}, "")},
        refund=Refund(
            total=6500,
            paid=0,
            due=6500,
            maximum=6500,
            lines=(
                MoneyItem("goods", 5900, "claimed_paid - already_refunded = 59.00 - 0.00", due=5900, id="g1"),
                MoneyItem("return", 700, "return_postage = 12.00 - 5.00", due=700, id="r1"),
            ),
            deductions=(MoneyItem("gift", 100, "1.00"),),
            waiting=(),
        ),
        charges=(MoneyItem("price_difference", 2000, "20.00", due=2000),),
        recover=(MoneyItem("goods", 5900, "claimed_paid = 59.00"),),
        transfers=(Transfer("seller", "buyer", "goods", 5900), Transfer("insurer", "buyer", "return", 500)),
        path=(
            PathStep("wrong_item", "verify", Text("核实错发", "check the claim"), "opened", {}, at(6, 11)),
            PathStep(
                "wrong_item",
                "refunded",
                Text("退款退邮费", "refund goods and postage"),
                "warehouse_record != confirms_seller and photos_sent",
                {"warehouse_record": "confirms_buyer", "photos_sent": True, "return_postage": 1200},
                at(7, 9, 30),
                "wrong_item.verify->0",
                (
                    SourceStamp("S4", "document", Text("培训资料", "training material"), None),
                    SourceStamp("T26", "platform", Text("淘宝争议规则", "Taobao dispute rules"), "26"),
                    SourceStamp("L24", "law", Text("消费者权益保护法", "consumer law"), "24"),
                    SourceStamp("S2", "document", Text("研究", "study"), None),
                ),
            ),
        ),
        sources=(),
        warnings=(),
    )
