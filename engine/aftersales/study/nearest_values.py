"""The nearest value of a fact that makes a condition true: the boundary on either side of what was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from aftersales.expr.types import UNKNOWN, Kind, Type, Value
from aftersales.instants import EARLIEST, LATEST, add_days
from aftersales.policy.arrival import finite_values

#: The farthest that is looked: 100,000 yuan, some 27 years of days, 30 years of seconds.
_FARTHEST: Final = {Kind.MONEY: 10_000_000, Kind.COUNT: 10_000, Kind.INSTANT: 1_000_000_000}
_FARTHEST_DAYS: Final = 10_000

#: Tells whether a value makes the condition what is wanted.
Fits = Callable[[Value], bool]
#: The value at a distance from the one told.
Moved = Callable[[int], Value]


def nearest_values(type_: Type, told: Value, fits: Fits, zone: dt.tzinfo, *, by_days: bool) -> Iterator[Value]:
    """Yield the values that fit in place of ``told``, of a flag or a choice all, else the nearest below and above.

    An instant is moved by whole days in ``zone`` where the condition counts days (``by_days``), else to the second. A
    condition is taken to change at one bound on either side; what is yielded fits in any case.
    """
    words = finite_values(type_)
    if words is not None:
        yield from (word for word in words if word != told and fits(word))
        return
    farthest = _FARTHEST_DAYS if by_days else _FARTHEST.get(type_.kind, 0)
    for sign in (-1, 1):

        def moved(far: int, sign: int = sign) -> Value:
            return _moved(type_, told, sign * far, zone, by_days=by_days)

        found = _bound(moved, fits, farthest)
        if found is not UNKNOWN:
            yield found


def distance(old: Value, new: Value) -> float:
    """Return how far apart two values of one type are, to choose the nearer; 0 where that says nothing."""
    if isinstance(old, dt.datetime) and isinstance(new, dt.datetime):
        return abs((new - old).total_seconds())
    if isinstance(old, int) and isinstance(new, int):
        return abs(new - old)
    return 0


def _moved(type_: Type, told: Value, by: int, zone: dt.tzinfo, *, by_days: bool) -> Value:
    """Return ``told`` moved, ``UNKNOWN`` where that leaves the bounds of its type or it cannot be moved."""
    if isinstance(told, dt.datetime):
        moved = add_days(told, by, zone) if by_days else told + dt.timedelta(seconds=by)
        return moved if EARLIEST < moved < LATEST else UNKNOWN
    if isinstance(told, bool) or not isinstance(told, int):
        return UNKNOWN
    value, high = told + by, type_.high
    return value if value >= (type_.low or 0) and (high is None or value <= high) else UNKNOWN


def _bound(moved: Moved, fits: Fits, farthest: int) -> Value:
    """Return the value nearest to what was told that fits, in one direction; ``UNKNOWN`` where none does.

    The distance is doubled until it fits, then halved; where doubling leaves the type, its last value is looked at.
    """
    misses, far = 0, 1
    while far <= farthest and moved(far) is not UNKNOWN:
        if fits(moved(far)):
            return _halved(moved, fits, misses, far)
        misses, far = far, far * 2
    last = _last_inside(moved, misses, min(far, farthest + 1))
    return _halved(moved, fits, misses, last) if last > misses and fits(moved(last)) else UNKNOWN


def _halved(moved: Moved, fits: Fits, misses: int, hits: int) -> Value:
    while hits - misses > 1:
        middle = (hits + misses) // 2
        misses, hits = (misses, middle) if fits(moved(middle)) else (middle, hits)
    return moved(hits)


def _last_inside(moved: Moved, inside: int, outside: int) -> int:
    while outside - inside > 1:
        middle = (inside + outside) // 2
        inside, outside = (inside, middle) if moved(middle) is UNKNOWN else (middle, outside)
    return inside
