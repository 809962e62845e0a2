"""Compiles ``params.yaml`` and the overlays of platforms and shops: every candidate value with where it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aftersales.dataclass import dataclass
from aftersales.expr.types import Kind, Type, Value
from aftersales.instants import day_end, day_start
from aftersales.policy.facts import read_type
from aftersales.policy.faults import FACT, PARAM, SOURCE, Faults
from aftersales.policy.model import Fact, Param, ParamValue, Tier
from aftersales.policy.reads import PLATFORM
from aftersales.policy.values import placeholder, read_value
from aftersales.policy.vocabulary import Words
from aftersales.syntax.tree import Name, OverlaySyntax, ParamSyntax, PeriodSyntax, ScalarText, TierSyntax
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class _Where:
    """Whose value a candidate is."""

    platform: str | None = None
    shop: str | None = None


def read_params(
    params: Iterable[ParamSyntax],
    overlays: Iterable[OverlaySyntax],
    facts: Mapping[str, Fact],
    words: Words,
    faults: Faults,
) -> Mapping[str, Param]:
    """Return every param with all its candidates: shops' before platforms' before the shipped ones."""
    written = {param.name.text: param for param in params}
    layers = sorted(overlays, key=lambda overlay: overlay.kind != "shop")
    for overlay in layers:
        _check_overlay(overlay, written, facts, faults)
    return {
        name: _param(param, layers, facts, words, faults)
        for name, param in written.items()
        if _free(param, facts, faults)
    }


def _free(param: ParamSyntax, facts: Mapping[str, Fact], faults: Faults) -> bool:
    if param.name.text not in facts:
        return True
    other = facts[param.name.text].span
    message = Text(f"{param.name} 已在 {other} 声明为事实", f"{param.name} is already declared as a fact at {other}")
    faults.add("declared_twice", param.name.span, message)
    return False


def _check_overlay(
    overlay: OverlaySyntax, params: Mapping[str, ParamSyntax], facts: Mapping[str, Fact], faults: Faults
) -> None:
    if overlay.kind == PLATFORM:
        known = facts[PLATFORM].type.values if PLATFORM in facts else ()
        faults.known(overlay.name, known, Text("平台", "platform"))
    for param in overlay.params:
        faults.known(param.name, params, PARAM)


def _param(
    written: ParamSyntax, layers: list[OverlaySyntax], facts: Mapping[str, Fact], words: Words, faults: Faults
) -> Param:
    name = written.name.text
    type_ = read_type(written.type, written.values, words, faults)
    found: list[ParamValue] = []
    for overlay in layers:
        where = _Where(**{overlay.kind: overlay.name.text})
        for param in overlay.params:
            if param.name.text == name:
                found += [_candidate(period, where, name, type_, words, faults) for period in param.periods]
    found += [_candidate(period, _Where(), name, type_, words, faults) for period in written.periods]
    return Param(
        name=name,
        type=type_,
        title=written.title.text,
        values=tuple(found),
        span=written.span,
        floor=_bound(written.floor, type_, name, faults),
        ceiling=_bound(written.ceiling, type_, name, faults),
        dated_by=_fact_named(written.dated_by, Kind.INSTANT, facts, faults),
        on=_fact_named(written.on, Kind.MONEY, facts, faults),
        value_titles={value.value.text: value.title.text for value in written.values if value.title},
    )


def _candidate(period: PeriodSyntax, where: _Where, name: str, type_: Type, words: Words, faults: Faults) -> ParamValue:
    source = _source(period, name, words, faults)
    return ParamValue(
        value=_value(period, name, type_, faults),
        layer=words.sources[source].layer if source in words.sources else "document",
        source=source,
        span=period.span,
        platform=where.platform,
        shop=where.shop,
        valid_from=day_start(period.valid_from, words.zone) if period.valid_from else None,
        valid_until=day_end(period.valid_until, words.zone) if period.valid_until else None,
        none_found=period.none_found,
    )


def _source(period: PeriodSyntax, name: str, words: Words, faults: Faults) -> str:
    if period.source is None:
        message = Text(f"{name} 的这个值没有来源", f"this value of {name} has no source")
        faults.add("no_source", period.span, message, Text("写上 source", "give source: an id of sources.yaml"))
        return ""
    faults.known(period.source, words.sources, SOURCE)
    return period.source.text


def _value(period: PeriodSyntax, name: str, type_: Type, faults: Faults) -> Value | tuple[Tier, ...]:
    if period.value is not None:
        return read_value(period.value, type_, name, faults)
    if period.tiers:
        if type_.kind is not Kind.MONEY:
            message = Text(f"只有金额参数有分档，{name} 不是", f"only a money param has tiers, which {name} is not")
            faults.add("wrong_type", period.span, message)
        return tuple(_tier(tier) for tier in period.tiers)
    if type_.kind not in {Kind.MONEY, Kind.COUNT, Kind.RATE}:
        message = Text(f"none_found 表示零，{name} 不是数字", f"none_found stands for zero, and {name} is no number")
        faults.add("wrong_type", period.span, message)
    return placeholder(type_)


def _tier(tier: TierSyntax) -> Tier:
    return Tier(tier.up_to, tier.below, tier.pay, tier.least, tier.most)


def _bound(written: ScalarText | None, type_: Type, name: str, faults: Faults) -> Value:
    return None if written is None else read_value(written, type_, name, faults)


def _fact_named(name: Name | None, kind: Kind, facts: Mapping[str, Fact], faults: Faults) -> str | None:
    if name is None or not faults.known(name, facts, FACT):
        return None
    fact = facts[name.text]
    if fact.type.kind is not kind or fact.flow is not None:
        message = Text(
            f"这里应是 facts.yaml 中的{'时间点' if kind is Kind.INSTANT else '金额'}事实，{name} 不是",
            f"this is {'an instant' if kind is Kind.INSTANT else 'a money'} fact of facts.yaml, which {name} is not",
        )
        faults.add("wrong_type", name.span, message)
        return None
    return name.text
