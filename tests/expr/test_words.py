"""Expressions as text, in people's words, and how an amount came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import pytest

from aftersales.expr.tree import TRUE, All, Either, Literal, Not, Sum
from aftersales.expr.types import FLAG, UNKNOWN, Kind, Type, Value
from aftersales.expr.words import code, derivation, say, show
from aftersales.text import Lang
from expressions import COUNT, DURATION, EVIDENCE, INSTANT, MONEY, RATE, SHANGHAI, TIME_OF_DAY, PlainCase, read

TITLES: Mapping[str, str | tuple[str, str]] = {
    "days": "签收", "no_reason_days": "7 天", "evidence": "证据", "none": "无", "confirmed": "已确认",
    "insufficient": "不足", "delivered": ("已签收", "未签收"), "photos_sent": ("已发照片", "未发照片"),
    "intact": ("商品完好", "商品不完好"), "goodwill": ("通融", "不通融"), "buyer": "买家", "seller": "卖家",
    "chosen_by": "快递由谁选", "claimed_paid": "申请商品实付", "already_refunded": "已退货款", "share": "30%",
    "delivered_at": "签收时间", "opened_at": "申请时间", "rounds": "补照片次数", "gift": ("赠品", "非赠品"),
    "paid": "实付", "cap": "上限", "sort": "种类",
}  # fmt: skip


class Titles:
    """Titles in one language, as a policy would give them."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def title(self, name: str) -> str:
        """Return the title of a name."""
        title = TITLES[name] if self.lang is Lang.ZH else name.replace("_", " ")
        assert isinstance(title, str)
        return title

    fact = param = who = title

    def value(self, fact: str, value: Value, /) -> str:
        """Return the title of a value of a fact."""
        if isinstance(value, str):
            return self.title(value)
        sides = TITLES[fact] if self.lang is Lang.ZH else (self.title(fact), f"no {self.title(fact)}")
        return sides[0] if value else sides[1]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("days <= no_reason_days and intact", "签收 ≤ 7 天 且 商品完好", "days ≤ no reason days and intact"),
        ("photos_sent", "已发照片", "photos sent"),
        ("not photos_sent", "未发照片", "no photos sent"),
        ("not not photos_sent", "已发照片", "photos sent"),
        ("evidence == confirmed", "证据 = 已确认", "evidence = confirmed"),
        ("confirmed != evidence", "证据 ≠ 已确认", "evidence ≠ confirmed"),
        ("not evidence == confirmed", "证据 ≠ 已确认", "evidence ≠ confirmed"),
        ("not days > no_reason_days", "签收 ≤ 7 天", "days ≤ no reason days"),
        ("0 < days", "签收 > 0", "days > 0"),
        ("evidence in (none, confirmed)", "证据 = 无 或 已确认", "evidence = none or confirmed"),
        (
            "evidence in (none, confirmed) and intact",
            "（证据 = 无 或 已确认） 且 商品完好",
            "(evidence = none or confirmed) and intact",
        ),
        ("evidence not in (none, confirmed)", "证据 不是 无、已确认", "evidence is neither none nor confirmed"),
        ("delivered or intact and goodwill", "已签收 或 商品完好 且 通融", "delivered or intact and goodwill"),
        ("(delivered or intact) and goodwill", "（已签收 或 商品完好） 且 通融", "(delivered or intact) and goodwill"),
        ("not (delivered and intact)", "不（已签收 且 商品完好）", "not (delivered and intact)"),
        ("chosen_by == buyer", "快递由谁选 = 买家", "chosen by = buyer"),
        (
            "(buyer if intact else seller) == chosen_by",
            "（若 商品完好 则 买家，否则 卖家） = 快递由谁选",
            "(buyer if intact, otherwise seller) = chosen by",
        ),
        (
            "(evidence if intact else none) == confirmed",
            "（若 商品完好 则 证据，否则 none） = 已确认",
            "(evidence if intact, otherwise none) = confirmed",
        ),
        (
            "(none if intact else evidence) == confirmed",
            "（若 商品完好 则 none，否则 证据） = 已确认",
            "(none if intact, otherwise evidence) = confirmed",
        ),
        (
            "max(0, claimed_paid - already_refunded) * share > cap",
            "较大者（0.00，申请商品实付 − 已退货款） × 30% > 上限",
            "the larger of (0.00, claimed paid − already refunded) × share > cap",
        ),
        ("present(delivered_at)", "有签收时间", "there is delivered at"),
        ("not present(delivered_at)", "无签收时间", "there is no delivered at"),
        (
            "days_between(delivered_at, opened_at) > 3",
            "从 签收时间 到 申请时间 的天数 > 3",
            "days from delivered at to opened at > 3",
        ),
        (
            "latest(delivered_at, opened_at) > add_days(opened_at, rounds)",
            "最晚者（签收时间，申请时间） > 申请时间 之后 补照片次数 天",
            "the latest of (delivered at, opened at) > rounds days after opened at",
        ),
        (
            "every(claimed, not gift and paid > 0)",
            "每个申请行都（非赠品 且 实付 > 0.00）",
            "every claimed line (no gift and paid > 0.00)",
        ),
        (
            "how_many(lines, sort in (none, confirmed)) > 1",
            "订单行的行数（种类 = 无 或 已确认） > 1",
            "number of order lines (sort = none or confirmed) > 1",
        ),
    ],
)
def test_say(text: str, zh: str, en: str) -> None:
    """Conditions are told in titles, without the signs of the language, in both languages."""
    expr = read(text)
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == zh
    assert say(expr, Titles(Lang.EN), Lang.EN) == en


def test_say_amounts() -> None:
    """Amounts are told with their signs."""
    expr = read("claimed_paid - already_refunded * share + cap", Kind.MONEY)
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == "申请商品实付 − 已退货款 × 30% + 上限"


CASE = PlainCase(
    {"claimed_paid": 5900, "already_refunded": 0, "intact": True, "evidence": "none", "delivered_at": None, "days": 3},
    {"share": Fraction(3, 10), "no_reason_days": 7},
)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("claimed_paid - already_refunded", Kind.MONEY, "claimed_paid - already_refunded = 59.00 - 0.00"),
        ("claimed_paid", Kind.MONEY, "claimed_paid = 59.00"),
        ("0", Kind.MONEY, "0.00"),
        ("claimed_paid * share", Kind.MONEY, "claimed_paid * share = 59.00 * 30%"),
        ("min(claimed_paid, 0)", Kind.MONEY, "min(claimed_paid, 0) = min(59.00, 0)"),
        ("cap - claimed_paid", Kind.MONEY, "cap - claimed_paid = cap - 59.00"),
        (
            "claimed_paid - already_refunded if intact else cap",
            Kind.MONEY,
            "claimed_paid - already_refunded if intact else cap = 59.00 - 0.00",
        ),
        (
            "claimed_paid if delivered else 0",
            Kind.MONEY,
            "claimed_paid if delivered else 0 = 59.00 if delivered else 0",
        ),
        (
            "cap - (claimed_paid if intact else 0) * share",
            Kind.MONEY,
            "cap - (claimed_paid if intact else 0) * share = cap - 59.00 * 30%",
        ),
        (
            "days <= no_reason_days and intact",
            Kind.FLAG,
            "days <= no_reason_days and intact = 3 <= 7 and true",
        ),
        ("total(lines, paid)", Kind.MONEY, "total(lines, paid) = total(lines, paid)"),
        ("add_days(delivered_at, days)", Kind.INSTANT, "add_days(delivered_at, days) = null"),
    ],
)
def test_derivation(text: str, kind: Kind, told: str) -> None:
    """An amount is told as its formula and the same formula with values; what is unknown keeps its name."""
    assert derivation(read(text, kind), CASE) == told


@pytest.mark.parametrize(
    ("value", "type_", "shown"),
    [
        (5900, MONEY, "59.00"),
        (-5, MONEY, "-0.05"),
        (3, COUNT, "3"),
        (Fraction(3, 10), RATE, "30%"),
        (Fraction(0), RATE, "0%"),
        (dt.timedelta(hours=48), DURATION, "48h"),
        (dt.time(20), TIME_OF_DAY, "20:00"),
        (dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC), INSTANT, "2026-11-01T02:00:00+00:00"),
        (True, FLAG, "true"),
        (False, FLAG, "false"),
        ("confirmed", EVIDENCE, "confirmed"),
        (None, INSTANT, "null"),
        (UNKNOWN, MONEY, "unknown"),
    ],
)
def test_show(value: Value, type_: Type, shown: str) -> None:
    """A value is shown as files write it."""
    assert show(value, type_) == shown


def test_instants_are_shown_in_a_zone() -> None:
    """An instant takes the offset of the zone it is shown in."""
    assert show(dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC), INSTANT, SHANGHAI) == "2026-11-01T10:00:00+08:00"


def test_trees_that_no_author_wrote() -> None:
    """What only the policy compiler makes is written as near to the language as can be."""
    delivered = read("delivered")
    assert code(All(())) == "true"
    assert code(Either(())) == "false"
    assert code(Either((delivered,))) == "delivered"
    assert say(Either((delivered,)), Titles(Lang.ZH), Lang.ZH) == "已签收"
    assert code(Not(All((delivered, Either((delivered, TRUE)))))) == "not (delivered and (delivered or true))"
    assert code(Literal(MONEY, 5900)) == "59.00"
    assert code(Sum(MONEY, ((-1, Literal(MONEY, 500)), (1, Literal(MONEY, 0))))) == "0 - 5.00 + 0"
