"""The policy's calendar over arrays of instants: seconds since 1970, counted as ``aftersales.instants`` counts them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftersales.instants import EARLIEST, LATEST, zone_named

Seconds = NDArray[np.int64]

DAY: Final = 86_400
_FIRST: Final = int(EARLIEST.timestamp())
_LAST: Final = int(LATEST.timestamp())
#: December of the last year, where the month before the first year is 0.
_LAST_MONTH: Final = (LATEST.year - EARLIEST.year + 1) * 12


class Zone:
    """A timezone as tables: from which instant on, and from which wall clock on, which offset holds."""

    def __init__(self, name: str) -> None:
        self.starts, self.offsets = _offsets(name)
        before = np.concatenate((self.offsets[:1], self.offsets[:-1]))
        self._walls = self.starts + np.maximum(before, self.offsets)

    def wall(self, at: Seconds) -> Seconds:
        """Return what the clock shows, as if its seconds were counted from 1970."""
        return at + self._at(self.starts, at)

    def instant(self, wall: Seconds) -> Seconds:
        """Return when the clock shows ``wall``: the first such time, as far behind a gap as it is into it."""
        found: Seconds = np.clip(wall - self._at(self._walls, wall), _FIRST, _LAST)
        return found

    def _at(self, starts: Seconds, times: Seconds) -> Seconds:
        if not times.size or starts[-1] <= times.min():
            return self.offsets[-1:]
        return self.offsets[np.maximum(np.searchsorted(starts, times, side="right") - 1, 0)]


@cache
def zone(name: str) -> Zone:
    """Return a timezone's tables, made once."""
    return Zone(name)


def _offsets(name: str) -> tuple[Seconds, Seconds]:
    """Find every change of a zone's offset, to the second."""
    found = zone_named(name)

    def offset(at: int) -> int:
        shift = dt.datetime.fromtimestamp(at, found).utcoffset()
        return 0 if shift is None else int(shift.total_seconds())

    starts, offsets = [_FIRST], [offset(_FIRST)]
    for day in range(_FIRST, _LAST, 7 * DAY):
        low, high = day, min(day + 7 * DAY, _LAST)
        if offset(high) == offsets[-1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
        starts.append(high)
        offsets.append(offset(high))
    return np.array(starts, np.int64), np.array(offsets, np.int64)


def days_between(first: Seconds, second: Seconds, in_: Zone) -> Seconds:
    """Count calendar days from ``first`` to ``second``."""
    return in_.wall(second) // DAY - in_.wall(first) // DAY


def add_days(at: Seconds, days: Seconds, in_: Zone) -> Seconds:
    """Return the same time of day, calendar days later."""
    return in_.instant(in_.wall(at) + days * DAY)


def add_months(at: Seconds, months: Seconds, in_: Zone) -> Seconds:
    """Return the same day and time, months later; a day that the month lacks becomes its last day."""
    firsts, of_day = _months()
    wall = in_.wall(at)
    day = wall // DAY
    month = of_day.take(day - firsts[0], mode="clip")
    target = month + months
    last = firsts.take(target + 1, mode="clip") - 1
    day_there = np.minimum(firsts.take(target, mode="clip") + day - firsts.take(month), last)
    found = in_.instant(day_there * DAY + wall - day * DAY)
    outside = (target < 1) | (target > _LAST_MONTH)
    return np.where(outside, np.where(months > 0, _LAST, _FIRST), found)


@cache
def _months() -> tuple[Seconds, Seconds]:
    """Return the first day of every month from the one before 1970 to the second after 2200, and the month of each day."""
    firsts = np.arange("1969-12", "2201-03", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return firsts, np.repeat(np.arange(len(firsts) - 1), np.diff(firsts))


def end_of_day(at: Seconds, in_: Zone) -> Seconds:
    """Return the last second of the day that ``at`` falls on."""
    return in_.instant(in_.wall(at) // DAY * DAY + DAY - 1)


def next_time_of_day(at: Seconds, time: Seconds, in_: Zone) -> Seconds:
    """Return when the clock next shows ``time`` (seconds from midnight); exactly then counts."""
    wall = in_.wall(at)
    today = wall // DAY * DAY + time
    return in_.instant(np.where(wall <= today, today, today + DAY))


def add_hours_within(at: Seconds, hours: Seconds, opens: int, closes: int, in_: Zone) -> Seconds:
    """Return when hours have passed on a clock that runs only from ``opens`` to ``closes`` (seconds from midnight)."""
    wall = in_.wall(at)
    day = wall // DAY * DAY
    length = closes - opens
    run = np.clip(wall - day - opens, 0, length) + hours * 3600
    whole, rest = run // length, run % length
    whole, rest = np.where(rest == 0, whole - 1, whole), np.where(rest == 0, length, rest)
    return np.where(hours <= 0, at, in_.instant(day + whole * DAY + opens + rest))
