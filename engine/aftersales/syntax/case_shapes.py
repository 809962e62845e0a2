"""The shapes of a case and of worked cases, for editors and the schema; the case room reads them, with the policy."""

from __future__ import annotations

from typing import Final

from aftersales.syntax.leaves import BOTH, COUNT, FLAG, MONEY, NAME, TEXT, VALUE_OR_NULL, one_of
from aftersales.syntax.records import Field, Record, optional, required
from aftersales.syntax.shapes import Anything, Keyed, Leaf, Listed, Shape
from aftersales.text import Text

_INSTANT: Final = Leaf(
    Text("时间点", "an instant"),
    lambda scalar: scalar.text,
    {
        "type": "string",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$",
    },
)
_INSTANT_OR_NULL: Final = Leaf(
    _INSTANT.what, lambda scalar: scalar.text, {"anyOf": [_INSTANT.as_schema, {"type": "null"}]}, null=True
)
_MONEY_OR_NULL: Final = Leaf(
    MONEY.what, lambda scalar: scalar.text, {"anyOf": [MONEY.as_schema, {"type": "null"}]}, null=True
)


def _pair(name: object, value: object, _: object) -> tuple[object, object]:
    return name, value


_FACTS: Final = Keyed(Text("事实及其值", "facts with their values"), NAME, VALUE_OR_NULL, _pair)
_AMOUNTS: Final = Keyed(Text("具名金额", "named amounts"), NAME, MONEY, _pair)


def _record(name: str, what: Text, *fields: Field[object], facts: bool = False) -> Record[None]:
    """Return a record that is only described here; with ``facts`` its other keys are facts of the policy."""
    return Record(name, what, fields, lambda _: None, others=_FACTS if facts else None)


def _list_of(what: Text, item: Shape[object]) -> Listed[object]:
    return Listed(what, item)


_ORDER_LINE: Final = _record(
    "order_line",
    Text("订单行", "an order line"),
    required("sku", TEXT, "商品编码", "the article"),
    optional("title", TEXT, "商品标题", "the article's title"),
    required("quantity", COUNT, "件数", "units"),
    optional("unit_price", MONEY, "单价", "the price of a unit before discounts"),
    optional("paid", MONEY, "此行实付", "what was paid for the line after all discounts"),
    optional("currency", TEXT, "货币", "the currency; that of the policy"),
    optional("shipped_at", _INSTANT_OR_NULL, "此行发货时间", "when the line was shipped; null: not yet"),
    optional("delivered_at", _INSTANT_OR_NULL, "此行签收时间", "when the line was delivered; null: not yet"),
    optional("bundle", TEXT, "所属套装", "the set that the line was sold in"),
    facts=True,
)
_DISCOUNT: Final = _record(
    "discount",
    Text("优惠", "a discount"),
    required("kind", TEXT, "优惠种类", "what kind of discount"),
    required("amount", MONEY, "金额", "the amount"),
    optional(
        "lines", _list_of(Text("行号列表", "a list of line numbers"), COUNT), "适用的行", "the lines it applies to"
    ),
    optional("funded_by", NAME, "由谁出资", "who paid for it"),
    optional("threshold", MONEY, "门槛（满多少）", "what its goods must be worth for it"),
    optional("id", TEXT, "优惠编号", "its id, such as the coupon's"),
    optional("currency", TEXT, "货币", "the currency"),
)
_PAYMENT: Final = _record(
    "payment",
    Text("付款", "a payment"),
    required("id", TEXT, "付款编号", "the payment's id"),
    optional("kind", TEXT, "付款方式", "how it was paid"),
    required("amount", MONEY, "金额", "the amount"),
    optional("currency", TEXT, "货币", "the currency"),
)
_OTHER_REFUND: Final = _record(
    "other_refund",
    Text("其他案件的退款", "a refund of another case"),
    required("case", TEXT, "哪个案件", "which case"),
    optional("line", COUNT, "订单行号", "the order line's number"),
    optional("sku", TEXT, "商品编码", "the article, where it stands on one line only"),
    optional("quantity", COUNT, "件数", "units"),
    required("for", NAME, "退的是什么", "what was refunded: goods, outbound …"),
    required("amount", MONEY, "金额", "the amount"),
    optional("deducted", _AMOUNTS, "已扣除的金额", "what was held back from it"),
    required("status", one_of(Text("状态", "a status"), "done", "pending"), "已退或待退", "done or pending"),
    optional("kept", FLAG, "买家留下商品", "the buyer kept the goods"),
    optional("currency", TEXT, "货币", "the currency"),
)
_ORDER: Final = _record(
    "order",
    Text("订单", "an order"),
    optional("id", TEXT, "订单号", "the order's number"),
    optional("shop", TEXT, "店铺", "the shop; chooses its params"),
    optional("currency", TEXT, "货币", "the currency"),
    optional("lines", _list_of(Text("订单行", "order lines"), _ORDER_LINE), "订单行", "the order's lines"),
    optional("discounts", _list_of(Text("优惠列表", "discounts"), _DISCOUNT), "优惠", "discounts"),
    optional("payments", _list_of(Text("付款列表", "payments"), _PAYMENT), "付款", "payments"),
    optional(
        "refunds", _list_of(Text("退款列表", "refunds"), _OTHER_REFUND), "其他案件的退款", "refunds of other cases"
    ),
    optional("freight_insurance", _MONEY_OR_NULL, "运费险赔付上限", "return freight insured up to; null: not insured"),
    facts=True,
)
_CLAIMED: Final = _record(
    "claimed_units",
    Text("申请的商品", "claimed units"),
    optional("sku", TEXT, "商品编码", "the article, where it stands on one line only"),
    optional("line", COUNT, "订单行号", "the order line's number, from 1"),
    required("quantity", COUNT, "件数", "units"),
    optional("replacement", TEXT, "想换成的商品", "the article wanted instead"),
)
_PART: Final = _record(
    "part",
    Text("其中一个问题", "one of several problems"),
    optional("issue", NAME, "问题", "what is wrong"),
    required("lines", _list_of(Text("申请的商品", "claimed units"), _CLAIMED), "哪些商品", "the units it is about"),
    optional("facts", _FACTS, "这个问题的事实", "facts of this problem alone"),
)
_CLAIM: Final = _record(
    "claim",
    Text("申请", "a claim"),
    optional("issue", NAME, "问题", "what is wrong"),
    optional("opened_at", _INSTANT, "申请时间", "when it was opened"),
    optional(
        "lines",
        _list_of(Text("申请的商品", "claimed units"), _CLAIMED),
        "哪些商品",
        "the units it is about; all without it",
    ),
    optional(
        "parts",
        _list_of(Text("多个问题", "several problems"), _PART),
        "一单多个问题，各自判断",
        "several problems of the order, each decided on its own; instead of issue and lines",
    ),
)
_OVERRIDE: Final = _record(
    "override", Text("改判", "an override"), required("to", TEXT, "改判到哪个状态", "the state the case goes on at")
)
_EVENT: Final = Record(
    "event",
    Text("事件", "an event"),
    (
        optional("id", TEXT, "事件编号", "the event's id; the same id twice is one event"),
        optional("at", _INSTANT, "发生时间", "when it happened"),
        optional("tell", _FACTS, "告知的事实", "what was answered"),
        optional("done", NAME, "完成的动作", "the action reported done"),
        optional("amount", MONEY, "付出的金额", "what a paying action paid"),
        optional("correct", _FACTS, "更正的事实", "answers that replace what was told before"),
        optional("override", _OVERRIDE, "改判", "a decision against the flow"),
        optional("by", NAME, "谁改判", "the role that overrides"),
        optional("because", TEXT, "改判的理由", "why it overrides"),
        optional("part", COUNT, "属于第几个问题", "the part it belongs to, from 1"),
    ),
    lambda _: None,
    one_of=(("tell", "done", "correct", "override"),),
    needs={"amount": "done", "override": "by", "by": "because", "because": "override"},
)
_CASE_FIELDS: Final[tuple[Field[object], ...]] = (
    optional("id", TEXT, "案件编号", "the case's id"),
    optional("order", _ORDER, "订单记录", "the order record"),
    optional("claim", _CLAIM, "买家的申请", "what the buyer asks"),
    optional("facts", _FACTS, "已知的事实", "facts known when the claim was opened"),
    optional(
        "events", _list_of(Text("事件列表", "events"), _EVENT), "先后发生的事", "what was told and done over time"
    ),
    optional("as_of", _INSTANT, "看到何时为止", "the moment the case is looked at"),
)
CASE_FILE: Final = _record("case", Text("案件", "a case"), *_CASE_FIELDS)
_WORKED_CASE: Final = _record(
    "worked_case",
    Text("范例案件", "a worked case"),
    required("name", TEXT, "名称", "the case's name, once in its file"),
    optional("title", BOTH, "标题", "what it shows"),
    *_CASE_FIELDS,
    optional("expect", Anything({"type": "object"}), "应有的决定", "any part of the decision"),
)
CASES_FILE: Final = _list_of(Text("范例案件列表", "a list of worked cases"), _WORKED_CASE)
