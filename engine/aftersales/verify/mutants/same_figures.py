"""Params that come to the same in every case: values that no case reaches, rows that pay alike at every amount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import product

from aftersales.case.params import Choice, apply_tiers, choose
from aftersales.errors import UnmatchedCaseError
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Param, Policy, Tier
from aftersales.policy.reads import PLATFORM

#: How far above the highest bound of a tier table amounts are tried, in fen: rates have settled by then.
_BEYOND = 500_000


def same_figures(policy: Policy, before: Param, after: Param) -> bool:
    """Return whether a param comes to the same on every platform, in every shop, at every date and amount."""
    zone = dt.UTC
    for shop, platform, date in product(_shops(before, after), _platforms(policy), _dates(before, after)):
        known = {PLATFORM: platform, before.dated_by or "": date}
        one, other = (_chosen(param, shop, known, zone) for param in (before, after))
        if not _alike(one, other):
            return False
    return True


def _chosen(param: Param, shop: str | None, known: dict[str, Value], zone: dt.tzinfo) -> Choice | None:
    """Return what a param comes to, tiers not applied; ``None`` where none is valid."""
    try:
        return choose(param, shop, lambda name: known.get(name, UNKNOWN), zone)
    except UnmatchedCaseError:
        return None


def _alike(one: Choice | None, other: Choice | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.entry is None or other.entry is None:
        return one == other
    said = (one.entry.none_found, one.value, one.blocker) == (other.entry.none_found, other.value, other.blocker)
    rows = one.entry.value, other.entry.value
    if isinstance(rows[0], tuple) and isinstance(rows[1], tuple):
        return said and pay_alike(rows[0], rows[1])
    return said and rows[0] == rows[1]


def pay_alike(one: tuple[Tier, ...], other: tuple[Tier, ...]) -> bool:
    """Return whether two tier tables pay the same on every amount up to well beyond their highest bound."""
    if one == other:
        return True
    bounds = [bound for row in (*one, *other) for bound in (row.up_to, row.below, row.most) if bound is not None]
    return all(
        apply_tiers(one, amount) == apply_tiers(other, amount) for amount in range(max(bounds, default=0) + _BEYOND)
    )


def _shops(*params: Param) -> Iterator[str | None]:
    yield from dict.fromkeys((None, *(entry.shop for param in params for entry in param.values)))


def _platforms(policy: Policy) -> Iterator[Value]:
    yield UNKNOWN
    yield from policy.facts[PLATFORM].type.values if PLATFORM in policy.facts else ()


def _dates(*params: Param) -> Iterator[Value]:
    """Yield an unknown date, and dates at and around every end of a period."""
    yield UNKNOWN
    day = dt.timedelta(days=1)
    for param in params:
        for entry in param.values:
            for end in (entry.valid_from, entry.valid_until):
                if end is not None:
                    yield from (end - day, end, end + day)
    yield dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
