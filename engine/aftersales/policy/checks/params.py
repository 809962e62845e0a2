"""Do the values of every param keep the law's bounds, and is there exactly one for every day?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Final

from aftersales.errors import Diagnostic
from aftersales.expr.types import Kind, Type, Value
from aftersales.instants import show_duration, show_time_of_day
from aftersales.money import show_money, show_rate
from aftersales.policy.checks.shown import word
from aftersales.policy.model import Param, ParamValue, Tier
from aftersales.source import Span
from aftersales.text import Text

#: The params of a policy by name: these checks need nothing else, and so run even where a flow cannot be compiled.
Params = Mapping[str, Param]

_SECOND = dt.timedelta(seconds=1)


def every_value_keeps_its_bounds(params: Params) -> Iterator[Diagnostic]:
    """Find values below a param's floor or above its ceiling: the law is a floor that no shop goes under."""
    for param in params.values():
        for value in param.values:
            least, most = _range(value)
            if _below(least, param.floor):
                low, floor = show_value(least, param.type), show_value(param.floor, param.type)
                message = Text(
                    f"{param.name} 为 {low}，低于下限 {floor}", f"{param.name} is {low}, below its floor {floor}"
                )
                yield Diagnostic("below_floor", message, value.span)
            if _below(param.ceiling, most):
                high, ceiling = show_value(most, param.type), show_value(param.ceiling, param.type)
                message = Text(
                    f"{param.name} 为 {high}，高于上限 {ceiling}",
                    f"{param.name} is {high}, above its ceiling {ceiling}",
                )
                yield Diagnostic("above_ceiling", message, value.span)
            elif most is None and param.ceiling is not None:
                message = Text(f"{param.name} 的分档没有封顶", f"a tier of {param.name} has no max")
                yield Diagnostic("above_ceiling", message, value.span, Text("写上 max", "give it a max"))


def every_day_has_one_value(params: Params) -> Iterator[Diagnostic]:
    """Find periods that are reversed, overlap, or leave days out, each layer by itself."""
    for param in params.values():
        for _, layer in groupby(param.values, key=lambda value: (value.shop, value.platform)):
            periods = sorted(layer, key=_begins)
            yield from (fault for value in periods for fault in _reversed(param, value))
            yield from (fault for one, other in pairwise(periods) for fault in _between(param, one, other))
            if periods[0].shop is None and periods[0].platform is None and not any(map(_is_reversed, periods)):
                yield from _open_ended(param, periods)
        yield from _undated(param)


def every_amount_has_one_tier(params: Params) -> Iterator[Diagnostic]:
    """Find tier tables that do not ascend, end too early or have no fact to be applied to."""
    for param in params.values():
        for value in param.values:
            if isinstance(value.value, tuple):
                yield from _tiers(value.value, value.span)
                if param.on is None:
                    message = Text(
                        f"{param.name} 有分档，却没写按哪个金额", f"{param.name} has tiers and no amount they go by"
                    )
                    yield Diagnostic("tiers_without_on", message, value.span, Text("写上 on", "give on: a money fact"))


PARAM_CHECKS: Final[tuple[Callable[[Params], Iterable[Diagnostic]], ...]] = (
    every_value_keeps_its_bounds,
    every_day_has_one_value,
    every_amount_has_one_tier,
)


def check_params(params: Params) -> Iterator[Diagnostic]:
    """Yield every fault that the checks of params find."""
    for ask in PARAM_CHECKS:
        yield from ask(params)


def _range(value: ParamValue) -> tuple[Value, Value]:
    """Return the least and the most that a value can come to; a tier by a rate without bounds: 0 and ``None``."""
    if value.none_found:
        return 0, 0
    if not isinstance(value.value, tuple):
        return value.value, value.value
    least = [tier.pay if isinstance(tier.pay, int) else tier.least or 0 for tier in value.value]
    most = [tier.pay if isinstance(tier.pay, int) else tier.most for tier in value.value]
    return min(least), None if None in most else max(amount for amount in most if amount is not None)


def show_value(value: Value, type_: Type) -> str:
    """Return a param's value as the author writes it."""
    match value:
        case bool() | str():
            return word(value)
        case int():
            return show_money(value) if type_.kind is Kind.MONEY else str(value)
        case Fraction():
            return show_rate(value)
        case dt.timedelta():
            return show_duration(value)
        case dt.time():
            return show_time_of_day(value)
        case _:
            return str(value)


def _below(one: Value, other: Value) -> bool:
    match one, other:
        case (bool(), _) | (_, bool()):
            return False
        case (int() | Fraction(), int() | Fraction()):
            return one < other
        case (dt.timedelta(), dt.timedelta()):
            return one < other
        case (dt.time(), dt.time()):
            return one < other
        case _:
            return False


def _begins(value: ParamValue) -> dt.datetime:
    return value.valid_from or dt.datetime.min.replace(tzinfo=dt.UTC)


def _reversed(param: Param, value: ParamValue) -> Iterator[Diagnostic]:
    if _is_reversed(value):
        message = Text(f"{param.name} 的这段时间首尾颠倒", f"this period of {param.name} ends before it begins")
        yield Diagnostic("period_reversed", message, value.span)


def _is_reversed(value: ParamValue) -> bool:
    return value.valid_from is not None and value.valid_until is not None and value.valid_from > value.valid_until


def _between(param: Param, one: ParamValue, other: ParamValue) -> Iterator[Diagnostic]:
    if one.valid_until is None or other.valid_from is None or other.valid_from <= one.valid_until:
        message = Text(f"{param.name} 的两段时间重叠", f"two periods of {param.name} overlap")
        yield Diagnostic("period_overlap", message, other.span)
    elif other.valid_from - one.valid_until > _SECOND:
        message = Text(
            f"{param.name} 在这段时间之前有空档", f"{param.name} has no value for the days before this period"
        )
        yield Diagnostic("period_gap", message, other.span)


def _open_ended(param: Param, periods: list[ParamValue]) -> Iterator[Diagnostic]:
    if periods[0].valid_from is not None:
        message = Text(f"{param.name} 在最早一段之前没有值", f"{param.name} has no value before its first period")
        hint = Text("去掉最早一段的 valid_from", "leave out valid_from of the first period")
        yield Diagnostic("period_gap", message, periods[0].span, hint)
    if periods[-1].valid_until is not None:
        message = Text(f"{param.name} 在最后一段之后没有值", f"{param.name} has no value after its last period")
        hint = Text("去掉最后一段的 valid_until", "leave out valid_until of the last period")
        yield Diagnostic("period_gap", message, periods[-1].span, hint)


def _undated(param: Param) -> Iterator[Diagnostic]:
    dated = next((value for value in param.values if value.valid_from or value.valid_until), None)
    if dated is not None and param.dated_by is None:
        message = Text(
            f"{param.name} 有日期，却没写按哪个时间点", f"{param.name} has dates and no instant that chooses among them"
        )
        yield Diagnostic("no_dated_by", message, dated.span, Text("写上 dated_by", "give dated_by: an instant fact"))


def _tiers(rows: tuple[Tier, ...], span: Span) -> Iterator[Diagnostic]:
    *bounded, last = rows
    if last.up_to is not None or last.below is not None:
        message = Text("分档的最后一行应涵盖其余金额", "the last tier has no bound, it is for the rest")
        yield Diagnostic("tiers_end", message, span)
    edges = [_edge(row) for row in bounded]
    if None in edges:
        message = Text("只有最后一档可以没有上限", "only the last tier has no bound")
        yield Diagnostic("tiers_unbounded", message, span)
    elif any(one >= other for one, other in pairwise(edges) if one is not None and other is not None):
        yield Diagnostic("tiers_order", Text("分档应由低到高", "tiers go from low to high"), span)
    if any(row.least is not None and row.most is not None and row.least > row.most for row in rows):
        yield Diagnostic("tiers_bounds", Text("这一档的下限高于上限", "the min of a tier is above its max"), span)


def _edge(row: Tier) -> tuple[int, int] | None:
    """Return where a row ends: an amount, and 1 where the amount itself is still in."""
    if row.up_to is not None:
        return (row.up_to, 1)
    return None if row.below is None else (row.below, 0)
