"""Expressions as text, in people's words, and how an amount came about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import pytest

from aftersales.expr.tree import TRUE, All, Compare, Comparison, Either, FactRef, In, Literal, Not, Sum
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
        ("days <= no_reason_days and intact", "签收不超过 7 天 且 商品完好", "days at most no reason days and intact"),
        ("photos_sent", "已发照片", "photos sent"),
        ("rounds + days < 2", "补照片次数 + 签收，合计不到 2", "rounds + days, together fewer than 2"),
        ("days + rounds >= 1", "签收 + 补照片次数，合计至少 1 次", "days + rounds, together at least 1"),
        ("days - rounds >= 1", "签收 − 补照片次数至少 1 次", "days − rounds at least 1"),
        ("not photos_sent", "未发照片", "no photos sent"),
        ("not not photos_sent", "已发照片", "photos sent"),
        ("evidence == confirmed", "证据是“已确认”", "evidence is confirmed"),
        ("confirmed != evidence", "证据不是“已确认”", "evidence is not confirmed"),
        ("not evidence == confirmed", "证据不是“已确认”", "evidence is not confirmed"),
        ("not days > no_reason_days", "签收不超过 7 天", "days at most no reason days"),
        ("0 < days", "签收大于 0", "1 or more days"),
        ("cap - share * cap >= 0", "上限 − 30% × 上限 ≥ 0.00", "cap − share × cap ≥ 0.00"),
        ("opened_at > delivered_at", "申请时间晚于签收时间", "opened at is after delivered at"),
        ("opened_at <= delivered_at", "申请时间不晚于签收时间", "opened at is not after delivered at"),
        ("evidence in (none,)", "证据是“无”", "evidence is none"),
        ("evidence in (none, confirmed)", "证据是“无”或“已确认”", "evidence is none or confirmed"),
        (
            "evidence in (none, confirmed) and intact",
            "（证据是“无”或“已确认”）且 商品完好",
            "(evidence is none or confirmed) and intact",
        ),
        ("evidence not in (none, confirmed)", "证据不是“无”或“已确认”", "evidence is neither none nor confirmed"),
        ("delivered or intact and goodwill", "已签收 或 商品完好 且 通融", "delivered or intact and goodwill"),
        ("(delivered or intact) and goodwill", "（已签收 或 商品完好）且 通融", "(delivered or intact) and goodwill"),
        ("not (delivered and intact)", "未签收 或 商品不完好", "no delivered or no intact"),
        ("not (delivered or evidence == none)", "未签收 且 证据不是“无”", "no delivered and evidence is not none"),
        (
            "not some(claimed, gift)",
            "并非（有申请行（赠品））",
            "not (some claimed line (gift))",
        ),
        ("chosen_by == buyer", "快递由谁选是买家", "chosen by is buyer"),
        (
            "(buyer if intact else seller) == chosen_by",
            "（商品完好时为买家，否则为卖家）是快递由谁选",
            "(buyer if intact, otherwise seller) is chosen by",
        ),
        (
            "(evidence if intact else none) == confirmed",
            "（商品完好时为证据，否则为“none”）是“已确认”",
            "(evidence if intact, otherwise none) is confirmed",
        ),
        (
            "(none if intact else evidence) == confirmed",
            "（商品完好时为“none”，否则为证据）是“已确认”",
            "(none if intact, otherwise evidence) is confirmed",
        ),
        (
            "max(0, claimed_paid - already_refunded) * share > cap",
            "（申请商品实付 − 已退货款，最少 0）× 30% > 上限",
            "(claimed paid − already refunded, but no less than 0) × share > cap",
        ),
        ("present(delivered_at)", "有签收时间", "there is delivered at"),
        ("not present(delivered_at)", "无签收时间", "there is no delivered at"),
        (
            "days_between(delivered_at, opened_at) > 3",
            "从签收时间到申请时间的天数 > 3",
            "days from delivered at to opened at > 3",
        ),
        (
            "latest(delivered_at, opened_at) > add_days(opened_at, rounds)",
            "签收时间和申请时间中较晚者晚于申请时间之后 补照片次数 天",
            "the later of delivered at and opened at is after rounds days after opened at",
        ),
        (
            "every(claimed, not gift and paid > 0)",
            "每个申请行都（非赠品 且 实付大于 0）",
            "every claimed line (no gift and paid above 0)",
        ),
        (
            "how_many(lines, sort in (none, confirmed)) > 1",
            "订单行的行数（种类是“无”或“已确认”）> 1",
            "number of order lines (sort is none or confirmed) > 1",
        ),
    ],
)
def test_say(text: str, zh: str, en: str) -> None:
    """Conditions are told in titles, without the signs of the language, in both languages."""
    expr = read(text)
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == zh
    assert say(expr, Titles(Lang.EN), Lang.EN) == en


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "claimed_paid - already_refunded * share + cap",
            "申请商品实付 − 已退货款 × 30% + 上限",
            "claimed paid − already refunded × share + cap",
        ),
        ("min(cap, claimed_paid)", "上限和申请商品实付中较低者", "the lower of cap and claimed paid"),
        (
            "max(cap, claimed_paid - already_refunded, share * cap)",
            "上限、（申请商品实付 − 已退货款）和 30% × 上限中最高者",
            "the highest of cap, (claimed paid − already refunded) and share × cap",
        ),
        ("min(0, cap)", "上限，最多 0", "cap, but no more than 0"),
        (
            "cap - max(cap, claimed_paid)",
            "上限 −（上限和申请商品实付中较高者）",
            "cap − (the higher of cap and claimed paid)",
        ),
        (
            "cap if intact else claimed_paid",
            "商品完好时为上限，否则为申请商品实付",
            "cap if intact, otherwise claimed paid",
        ),
        (
            "cap if intact else claimed_paid if delivered else already_refunded",
            "商品完好时为上限，已签收时为申请商品实付，否则为已退货款",
            "cap if intact, claimed paid if delivered, otherwise already refunded",
        ),
        (
            "cap - claimed_paid if intact else 0",
            "（上限 − 申请商品实付）（若商品完好）",
            "(cap − claimed paid) (if intact)",
        ),
        (
            "max(claimed_paid, cap if intact else 0, claimed_paid if intact else cap)",
            "申请商品实付、上限（若商品完好）和（商品完好时为申请商品实付，否则为上限）中最高者",
            "the highest of claimed paid, cap (if intact) and (claimed paid if intact, otherwise cap)",
        ),
    ],
)
def test_say_amounts(text: str, zh: str, en: str) -> None:
    """Amounts are told with their signs, a choice between them in words, a choice against nothing as a condition."""
    expr = read(text, Kind.MONEY)
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == zh
    assert say(expr, Titles(Lang.EN), Lang.EN) == en


@pytest.mark.parametrize(
    ("values", "zh", "en"),
    [
        (
            ("none", "insufficient", "confirmed"),
            "证据是“无”“不足”或“已确认”",
            "evidence is none, insufficient or confirmed",
        ),
        (("none", "insufficient", "confirmed", "buyer"), "证据不是“卖家”", "evidence is not seller"),
        (("none", "insufficient", "confirmed", "buyer", "seller"), None, None),
    ],
)
def test_say_nearly_all_words(values: tuple[str, ...], zh: str | None, en: str | None) -> None:
    """Nearly all the words that there are read as what it is not; all of them are listed, nothing is left to deny."""
    every = Type(Kind.CHOICE, ("none", "insufficient", "confirmed", "buyer", "seller"))
    expr = In(FactRef(every, "evidence"), values)
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == (zh or "证据是“无”“不足”“已确认”“买家”或“卖家”")
    assert say(expr, Titles(Lang.EN), Lang.EN) == (en or "evidence is none, insufficient, confirmed, buyer or seller")


@pytest.mark.parametrize(
    ("low", "op", "zh", "en"),
    [
        (0, ">=", "上限已知", "cap is known"),
        (0, "<", "上限未知", "cap is not known"),
        (0, ">", "上限大于 0", "cap above 0"),
        (None, ">=", "上限不低于 0.00", "cap at least 0.00"),
    ],
)
def test_say_known(low: int | None, op: Comparison, zh: str, en: str) -> None:
    """That an amount is 0 or more says only that it is known, where it is never below 0."""
    expr = Compare(op, FactRef(Type(Kind.MONEY, low=low), "cap"), Literal(MONEY, 0))
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == zh
    assert say(expr, Titles(Lang.EN), Lang.EN) == en


@pytest.mark.parametrize(
    ("op", "limit", "zh", "en"),
    [
        ("==", 0, "补照片次数为 0", "no rounds"),
        ("!=", 0, "补照片次数不为 0", "rounds other than 0"),
        (">", 0, "补照片次数大于 0", "1 or more rounds"),
        ("<", 1, "补照片次数为 0", "no rounds"),
        (">=", 1, "补照片次数至少 1 次", "1 or more rounds"),
        ("<=", 1, "补照片次数不超过 1 次", "fewer than 2 rounds"),
        (">", 1, "补照片次数超过 1 次", "at least 2 rounds"),
        ("==", 1, "补照片次数 = 1", "rounds = 1"),
        ("<", 2, "补照片次数不到 2 次", "fewer than 2 rounds"),
        ("<=", 2, "补照片次数不超过 2 次", "at most 2 rounds"),
        (">", 2, "补照片次数超过 2 次", "more than 2 rounds"),
        (">=", 2, "补照片次数至少 2 次", "at least 2 rounds"),
        ("==", 2, "补照片次数 = 2", "rounds = 2"),
    ],
)
def test_say_how_many(op: Comparison, limit: int, zh: str, en: str) -> None:
    """How many there are is said in words, in Chinese with what they are counted in; English says none as such."""
    expr = Compare(op, FactRef(Type(Kind.COUNT, low=0), "rounds"), Literal(COUNT, limit))
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == zh
    assert say(expr, Titles(Lang.EN), Lang.EN) == en


def test_say_below_one_is_not_none_where_a_count_may_be_negative() -> None:
    """Fewer than 1 is none only of what is never below 0."""
    expr = Compare("<", FactRef(COUNT, "rounds"), Literal(COUNT, 1))
    assert say(expr, Titles(Lang.EN), Lang.EN) == "fewer than 1 rounds"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("claimed_paid == 0", "申请商品实付为 0", "no claimed paid"),
        ("claimed_paid < cap", "申请商品实付低于上限", "claimed paid less than cap"),
        ("claimed_paid <= cap", "申请商品实付不超过上限", "claimed paid at most cap"),
        ("claimed_paid > cap", "申请商品实付超过上限", "claimed paid more than cap"),
        ("claimed_paid >= cap", "申请商品实付不低于上限", "claimed paid at least cap"),
        ("claimed_paid == cap", "申请商品实付等于上限", "claimed paid equal to cap"),
        (
            "claimed_paid + already_refunded >= cap",
            "申请商品实付 + 已退货款 ≥ 上限",
            "claimed paid + already refunded ≥ cap",
        ),
    ],
)
def test_say_how_much(text: str, zh: str, en: str) -> None:
    """An amount is compared in words; one that is worked out keeps the signs."""
    assert say(read(text), Titles(Lang.ZH), Lang.ZH) == zh
    assert say(read(text), Titles(Lang.EN), Lang.EN) == en


def test_say_parties() -> None:
    """A party is told by its name, without quotation marks, also in a list."""
    expr = read("chosen_by in (buyer, seller)")
    assert say(expr, Titles(Lang.ZH), Lang.ZH) == "快递由谁选是买家或卖家"
    assert say(expr, Titles(Lang.EN), Lang.EN) == "chosen by is buyer or seller"


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
