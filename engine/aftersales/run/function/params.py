"""Params as generated functions read them: one value for every case, a look-up by platform, or all that chooses them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from aftersales.case.params import PLATFORM, choose
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Param, ParamValue, Policy, Tier
from aftersales.run.function.sheet import Sheet

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


def write_reader(sheet: Sheet, param: Param, zone: dt.tzinfo) -> Sequence[str]:
    """Return the lines that read a param by its platform, tiers applied."""
    amount = sheet.read_fact(param.on) if param.on is not None else "None"
    if param.on is not None and sheet.may_be_none(param.on):
        sheet.put(f"if {amount} is U: {amount} = None")
    if any(entry.platform for entry in param.values):
        platform = sheet.read_fact(PLATFORM)
        for value in sheet.policy.facts[PLATFORM].type.values:
            with sheet.under(f"if {platform} == {value!r}"):
                _say(sheet, _entry(param, value, zone), amount)
    _say(sheet, _entry(param, UNKNOWN, zone), amount)
    return sheet.lines


def _entry(param: Param, platform: Value, zone: dt.tzinfo) -> ParamValue | None:
    return choose(param, None, lambda name: platform if name == PLATFORM else UNKNOWN, zone).entry


def _say(sheet: Sheet, entry: ParamValue | None, amount: str) -> None:
    """Write the value of an entry; ``None`` where none is sure, or the amount that its tiers look at is not known."""
    said = None if entry is None else 0 if entry.none_found else entry.value
    if not isinstance(said, tuple):
        sheet.put(f"return {sheet.constant(said)}")
        return
    sheet.put(f"if {amount} is None: return None")
    for tier in said:
        test = _test(tier, amount)
        sheet.put(f"if {test}: return {_pay(tier, amount)}" if test else f"return {_pay(tier, amount)}")
    sheet.put("return 0")


def _test(tier: Tier, amount: str) -> str | None:
    if tier.up_to is not None:
        return f"{amount} <= {tier.up_to}"
    return None if tier.below is None else f"{amount} < {tier.below}"


def _pay(tier: Tier, amount: str) -> str:
    """Return the text of what a row pays: a sum, or a rate rounded half up to the fen, held between its bounds."""
    if isinstance(tier.pay, Fraction):
        above, below = tier.pay.numerator, tier.pay.denominator
        pay = f"(2 * {amount} * {above} + {below}) // {2 * below}"
    else:
        pay = str(tier.pay)
    pay = pay if tier.least is None else f"max({pay}, {tier.least})"
    return pay if tier.most is None else f"min({pay}, {tier.most})"


def _is_dated(param: Param) -> bool:
    return param.dated_by is not None and any(value.valid_from or value.valid_until for value in param.values)


def _unknown(_name: str) -> Value:
    return UNKNOWN
