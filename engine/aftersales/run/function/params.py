"""Params as generated functions read them: one value for every case, a look-up by platform, or all that chooses them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from aftersales.case.params import PLATFORM, choose
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Param, ParamValue, Policy, Tier
from aftersales.run.function.sheet import Sheet

#: So many rows of tiers a param may have, platforms and all, to be written out wherever it is looked at.
MOST_ROWS = 24
#: Looks a param up for what is told; ``None`` where it is not known.
Reader = Callable[[Mapping[str, Value], Callable[[str], Value]], Value]
#: Looks any fact of what is told up, through what it is derived from.
Lookup = Callable[[Mapping[str, Value], str], Value]


def fixed_params(policy: Policy) -> dict[str, Value]:
    """Return the params that have one value, known whatever a case tells; a shop's own values are not among them."""
    found: dict[str, Value] = {}
    for name, param in policy.params.items():
        if not _is_dated(param):
            value = choose(param, None, _unknown, dt.UTC).value  # no day is looked at
            if value is not UNKNOWN and value is not None:
                found[name] = value
    return found


def is_tabular(policy: Policy, param: Param) -> bool:
    """Return whether the platform alone chooses a param's entry: then ``written`` can write its reader."""
    platform = policy.facts.get(PLATFORM)
    return not _is_dated(param) and platform is not None and platform.derived is None and platform.flag is None


def reader(param: Param, zone: dt.tzinfo, lookup: Lookup) -> Reader:
    """Return what looks a param up by all that may choose it."""

    def by_all(told: Mapping[str, Value], _get: Callable[[str], Value]) -> Value:
        value = choose(param, None, lambda name: lookup(told, name), zone).value
        return None if value is UNKNOWN else value

    return by_all


def write_reader(sheet: Sheet, param: Param) -> Sequence[str]:
    """Return the lines that read a param by its platform, tiers applied."""
    sheet.put(f"return {by_platform(sheet, param)}")
    return sheet.lines


def has_few_rows(param: Param) -> bool:
    """Return whether a param is short enough to be written out wherever it is looked at."""
    return sum(len(entry.value) if isinstance(entry.value, tuple) else 1 for entry in param.values) <= MOST_ROWS


def by_platform(sheet: Sheet, param: Param) -> str:
    """Return the text of what a tabular param is, ``None`` while that is not known, reading what that looks at."""
    amount = sheet.read_fact(param.on) if param.on is not None else "None"
    if param.on is not None and sheet.may_be_none(param.on):
        sheet.put(f"if {amount} is U: {amount} = None")
    told = not sheet.may_be_none(param.on) and sheet.is_known(param.on) if param.on is not None else False
    text = ""
    if any(entry.platform for entry in param.values):
        platform = sheet.read_fact(PLATFORM)
        for value in sheet.policy.facts[PLATFORM].type.values:
            text += f"{_said(sheet, _entry(param, value), amount, told=told)} if {platform} == {value!r} else "
    return f"({text}{_said(sheet, _entry(param, UNKNOWN), amount, told=told)})"


def _entry(param: Param, platform: Value) -> ParamValue | None:
    return choose(param, None, lambda name: platform if name == PLATFORM else UNKNOWN, dt.UTC).entry


def _said(sheet: Sheet, entry: ParamValue | None, amount: str, *, told: bool) -> str:
    """Return the text of an entry; ``None`` where none is sure, or the amount that its tiers look at is not known."""
    said = None if entry is None else 0 if entry.none_found else entry.value
    if not isinstance(said, tuple):
        return sheet.constant(said)
    text = "" if told else f"None if {amount} is None else "
    for tier in said:
        test = _test(tier, amount)
        if test is None:
            return f"({text}{_pay(tier, amount)})"
        text += f"{_pay(tier, amount)} if {test} else "
    return f"({text}0)"


def _test(tier: Tier, amount: str) -> str | None:
    if tier.up_to is not None:
        return f"{amount} <= {tier.up_to}"
    return None if tier.below is None else f"{amount} < {tier.below}"


def _pay(tier: Tier, amount: str) -> str:
    """Return the text of what a row pays: a sum, or a rate rounded half up to the fen, held between its bounds."""
    least, most = tier.least, tier.most
    if not isinstance(tier.pay, Fraction):
        pay = tier.pay if least is None else max(tier.pay, least)
        return str(pay if most is None else min(pay, most))
    above, below = tier.pay.numerator, tier.pay.denominator
    rate = f"({2 * above} * {amount} + {below}) // {2 * below}"
    if least is None:
        return rate if most is None else f"({most} if (q := {rate}) > {most} else q)"
    if most is None:
        return f"({least} if (q := {rate}) < {least} else q)"
    return f"({min(least, most)} if (q := {rate}) < {least} else {most} if q > {most} else q)"


def _is_dated(param: Param) -> bool:
    return param.dated_by is not None and any(value.valid_from or value.valid_until for value in param.values)


def _unknown(_name: str) -> Value:
    return UNKNOWN
