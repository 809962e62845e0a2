"""Choosing a param for one case: shop before platform before shipped, the period of its date, the tier of its amount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from aftersales.dataclass import dataclass
from aftersales.errors import Diagnostic, UnmatchedCaseError
from aftersales.expr.types import UNKNOWN, Value
from aftersales.instants import show_instant
from aftersales.money import times
from aftersales.policy.model import Param, ParamValue, Tier
from aftersales.text import Text

PLATFORM: Final = "platform"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a param comes to: its value, the entry it was taken from, and the fact that keeps either unknown."""

    value: Value
    entry: ParamValue | None
    blocker: str | None = None


def choose(param: Param, shop: str | None, fact: Callable[[str], Value], zone: dt.tzinfo) -> Choice:
    """Return what ``param`` comes to in a case.

    Where every entry that is still possible says the same, no fact needs to be known for it. Where the date is a known
    none and the entries differ, the param is none too. Raises
    ``UnmatchedCaseError`` where no entry is valid at the case's date.
    """
    platform = fact(PLATFORM) if any(entry.platform for entry in param.values) else None
    date = fact(param.dated_by) if param.dated_by is not None else None
    possible = [_valid_at(group, date, zone) for group in _groups(param, shop, platform)]
    reachable = _reachable(possible)
    if not reachable:
        raise UnmatchedCaseError(_not_valid(param, date, zone))
    entries = [entry for group in reachable for entry in group]
    if all(_says(entry) == _says(entries[0]) for entry in entries):
        return _applied(param, entries[0], fact)
    if date is None and platform is not UNKNOWN:
        return Choice(None, None)
    first = [_says(entry) for entry in reachable[0]]
    by_platform = platform is UNKNOWN and any([_says(entry) for entry in group] != first for group in reachable)
    return Choice(UNKNOWN, None, PLATFORM if by_platform else param.dated_by)


def _groups(param: Param, shop: str | None, platform: Value) -> Iterator[tuple[bool, list[ParamValue]]]:
    """Yield, from the nearest overlay to the shipped value, whether an overlay surely applies, and its entries."""
    levels = dict.fromkeys((entry.shop, entry.platform) for entry in param.values)
    for own_shop, own_platform in levels:
        fits_platform = own_platform is None or platform is UNKNOWN or platform == own_platform
        if (own_shop is None or own_shop == shop) and fits_platform:
            entries = [entry for entry in param.values if (entry.shop, entry.platform) == (own_shop, own_platform)]
            yield own_platform is None or platform is not UNKNOWN, entries


def _valid_at(group: tuple[bool, list[ParamValue]], date: Value, zone: dt.tzinfo) -> tuple[bool, list[ParamValue]]:
    """Keep the entries whose period has the day of ``date``; all of them while the date is unknown."""
    surely, entries = group
    if not isinstance(date, dt.datetime):
        return surely, entries
    day = date.astimezone(zone).date()
    return surely, [entry for entry in entries if _has_day(entry, day, zone)]


def _has_day(entry: ParamValue, day: dt.date, zone: dt.tzinfo) -> bool:
    """Return whether the period of an entry, both its days included, has ``day``."""
    starts = entry.valid_from is None or entry.valid_from.astimezone(zone).date() <= day
    return starts and (entry.valid_until is None or day <= entry.valid_until.astimezone(zone).date())


def _reachable(groups: list[tuple[bool, list[ParamValue]]]) -> list[list[ParamValue]]:
    """Return the groups that may decide: up to the first that surely applies and has an entry."""
    reachable = []
    for surely, entries in groups:
        if entries:
            reachable.append(entries)
            if surely:
                break
    return reachable


def _says(entry: ParamValue) -> Value | tuple[Tier, ...]:
    """Return what an entry says; one that found no rule says 0."""
    return 0 if entry.none_found else entry.value


def _applied(param: Param, entry: ParamValue, fact: Callable[[str], Value]) -> Choice:
    """Return the value of an entry; a tier table is applied to its amount."""
    said = _says(entry)
    if not isinstance(said, tuple):
        return Choice(said, entry)
    amount = fact(param.on) if param.on is not None else UNKNOWN
    if amount is UNKNOWN:
        return Choice(UNKNOWN, entry, param.on)
    return Choice(apply_tiers(said, amount) if isinstance(amount, int) else None, entry)


def apply_tiers(tiers: tuple[Tier, ...], amount: int) -> int:
    """Return what the first matching row pays on ``amount``, all in fen: a sum, or a rate rounded half up, bounded."""
    for tier in tiers:
        if _matches(tier, amount):
            pay = tier.pay if isinstance(tier.pay, int) else times(amount, tier.pay)
            pay = pay if tier.least is None else max(pay, tier.least)
            return pay if tier.most is None else min(pay, tier.most)
    return 0


def _matches(tier: Tier, amount: int) -> bool:
    """Return whether a row is for this amount."""
    if tier.up_to is not None:
        return amount <= tier.up_to
    return tier.below is None or amount < tier.below


def _not_valid(param: Param, date: Value, zone: dt.tzinfo) -> Diagnostic:
    """Say that no entry of a param is valid at the case's date."""
    shown = show_instant(date, zone) if isinstance(date, dt.datetime) else "-"
    return Diagnostic(
        "no_period",
        Text(f"参数 {param.name} 在 {shown} 没有有效值", f"param {param.name} has no value that is valid at {shown}"),
        param.span,
    )
