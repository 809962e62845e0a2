"""Params as formulas: shop before platform before shipped, the period of the date, the tier of the amount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aftersales.expr.types import Kind, Value
from aftersales.instants import zone_named
from aftersales.policy.model import Param, ParamValue, Policy, Tier
from aftersales.policy.reads import PLATFORM
from aftersales.verify.meaning import Frame
from aftersales.verify.symbols import Amount, OneOf, Rates, Symbol, Truth, beyond, certain, only_where, times
from aftersales.verify.terms import Formula, Number, all_of, any_of, choose_number, compare, flag, least, most, negate
from aftersales.verify.terms import number as free_number

#: An alternative of a param: when it applies, and the entry.
Alternative = tuple[Formula, ParamValue]


@dataclass(frozen=True, slots=True)
class Figures:
    """The params of a policy. With ``between`` one that has a floor or a ceiling is any value that these allow."""

    policy: Policy
    between: bool = False

    def symbol(self, name: str, frame: Frame) -> Symbol:
        """Return what a param comes to in ``frame``. Raises BeyondProofError for a kind that has no formula."""
        param = self.policy.params[name]
        if self.between and can_vary(param):
            return Amount(figure(name))
        return _summary(param, tuple(self._alternatives(param, frame)), frame)

    def rules(self) -> Iterator[Formula]:
        """Yield what holds of the figures that may vary: their floors and ceilings."""
        for name, param in self.policy.params.items():
            if self.between and can_vary(param):
                low, high = (_plain(bound) for bound in (param.floor, param.ceiling))
                value = figure(name)
                yield compare(">=", value, low if low is not None else 0)
                if high is not None:
                    yield compare("<=", value, high)

    def _alternatives(self, param: Param, frame: Frame) -> Iterator[Alternative]:
        """Yield the entries of a param, each with when it applies: no nearer overlay does."""
        zone = zone_named(self.policy.timezone)
        left: Formula = True
        for shop, platform in dict.fromkeys((entry.shop, entry.platform) for entry in param.values):
            own, other = _in_shop(shop), _on_platform(platform, frame)
            entries = [entry for entry in param.values if (entry.shop, entry.platform) == (shop, platform)]
            valid = [_on_day(entry, param, frame, zone) for entry in entries]
            for when, entry in zip(valid, entries, strict=True):
                yield all_of((left, own.yes, other.yes, when.yes)), entry
            left = all_of((left, any_of((own.no, other.no, all_of(when.no for when in valid)))))


def can_vary(param: Param) -> bool:
    """Return whether a shop may set a figure within a floor or a ceiling, and a formula can leave it open."""
    bounded = param.floor is not None or param.ceiling is not None
    return bounded and param.type.kind in (Kind.COUNT, Kind.MONEY) and param.on is None


def figure(name: str) -> Number:
    """Return the free figure that a param is where it may vary."""
    return free_number(f"param {name}")


def _plain(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def shop_is(name: str) -> Formula:
    """Return when the case is of the shop called ``name``."""
    return flag(f"shop {name}")


def _in_shop(name: str | None) -> Truth:
    return certain(True if name is None else shop_is(name))


def _on_platform(name: str | None, frame: Frame) -> Truth:
    if name is None:
        return certain(formula=True)
    found = frame.fact(PLATFORM)
    if not isinstance(found, OneOf):
        raise beyond(f"{PLATFORM} 不是选项", f"{PLATFORM} is no choice")
    return Truth(found.word(name), any_of(when for word, when in found.by.items() if word != name))


def _on_day(entry: ParamValue, param: Param, frame: Frame, zone: dt.tzinfo) -> Truth:
    """Return whether the instant that dates the param lies in the days of ``entry``, first and last included."""
    if param.dated_by is None or (entry.valid_from is None and entry.valid_until is None):
        return certain(formula=True)
    date = frame.fact(param.dated_by)
    if not isinstance(date, Amount):
        raise beyond(f"{param.dated_by} 不是时间", f"{param.dated_by} is no instant")
    bounds: list[Formula] = []
    if entry.valid_from is not None:
        bounds.append(compare(">=", date.value, _midnight(entry.valid_from, zone, 0)))
    if entry.valid_until is not None:
        bounds.append(compare("<", date.value, _midnight(entry.valid_until, zone, 1)))
    inside = all_of(bounds)
    return Truth(all_of((date.known, inside)), all_of((date.known, negate(inside))))


def _midnight(day: dt.datetime, zone: dt.tzinfo, later: int) -> int:
    date = day.astimezone(zone).date() + dt.timedelta(days=later)
    return int(dt.datetime.combine(date, dt.time(), zone).timestamp())


def _summary(param: Param, alternatives: Sequence[Alternative], frame: Frame) -> Symbol:
    """Put the alternatives of a param together to one symbol of its kind."""
    known = any_of(when for when, _ in alternatives)
    values = [(when, _said(entry)) for when, entry in alternatives]
    match param.type.kind:
        case Kind.FLAG:
            return Truth(
                any_of(when for when, value in values if value is True),
                any_of(when for when, value in values if value is False),
            )
        case Kind.CHOICE | Kind.PARTY:
            words = dict.fromkeys(str(value) for _, value in values)
            return OneOf({word: any_of(when for when, value in values if value == word) for word in words})
        case Kind.RATE:
            return Rates(tuple((when, *_ratio(value)) for when, value in values))
        case Kind.COUNT | Kind.MONEY | Kind.DURATION:
            return only_where(_amount(param, alternatives, frame), known)
        case _:
            raise beyond(f"参数 {param.name} 没有公式", f"param {param.name} has no formula")


def _said(entry: ParamValue) -> Value | tuple[Tier, ...]:
    return 0 if entry.none_found else entry.value


def _ratio(value: object) -> tuple[int, int]:
    numerator, denominator = getattr(value, "numerator", None), getattr(value, "denominator", None)
    if not isinstance(numerator, int) or not isinstance(denominator, int):
        raise beyond("比率不是分数", "a rate that is no fraction")
    return numerator, denominator


def _amount(param: Param, alternatives: Sequence[Alternative], frame: Frame) -> Amount:
    value: Number = 0
    known: Formula = True
    for when, entry in reversed(alternatives):
        said = _said(entry)
        if isinstance(said, tuple):
            tiered = _tiered(said, param, frame)
            value = choose_number(when, tiered.value, value)
            known = all_of((known, any_of((negate(when), tiered.known))))
        else:
            value = choose_number(when, _whole(said), value)
    return Amount(value, known)


def _whole(value: Value) -> int:
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds())
    if not isinstance(value, int):
        raise beyond(f"{value} 没有对应的公式", f"{value} has no formula")
    return value


def _tiered(tiers: Sequence[Tier], param: Param, frame: Frame) -> Amount:
    """Return what a tier table pays on its amount: the first row that matches."""
    amount = frame.fact(param.on or "")
    if not isinstance(amount, Amount):
        raise beyond(f"{param.on} 不是金额", f"{param.on} is no amount")
    paid: Number = 0
    for tier in reversed(tiers):
        paid = choose_number(_matches(tier, amount.value), _pays(tier, amount), paid)
    return Amount(paid, amount.known)


def _matches(tier: Tier, amount: Number) -> Formula:
    if tier.up_to is not None:
        return compare("<=", amount, tier.up_to)
    return True if tier.below is None else compare("<", amount, tier.below)


def _pays(tier: Tier, amount: Amount) -> Number:
    pay = tier.pay if isinstance(tier.pay, int) else times(amount, Rates(((True, *_ratio(tier.pay)),))).value
    pay = pay if tier.least is None else most(pay, tier.least)
    return pay if tier.most is None else least(pay, tier.most)
