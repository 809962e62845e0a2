"""Days counted in a timezone far from any change of its offset: quick, and what ``instants`` counts there."""

from __future__ import annotations

import datetime as dt
from typing import Final

from aftersales import instants
from aftersales.instants import EARLIEST, LATEST

_UTC: Final = dt.UTC
_ONE_DAY: Final = dt.timedelta(days=1)
_DAYS: Final = range(EARLIEST.toordinal() + 1, LATEST.toordinal() - 1)
_MOST_DAYS: Final = len(_DAYS)
#: Days whose offset is kept.
_MOST_KEPT: Final = 4_000


class Steady(dict[int, dt.timedelta | None]):
    """The offset of a timezone by days of UTC (their ordinals); ``None`` where it changes that day or a day around it.

    No timezone has ever changed its offset and changed it back within a day. Threads may share it.
    """

    def __init__(self, zone: dt.tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, day: int) -> dt.timedelta | None:
        offset = self._offset(day) if day in _DAYS else None
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[day] = offset
        return offset

    def _offset(self, day: int) -> dt.timedelta | None:
        starts = (dt.datetime.fromordinal(day + more).replace(tzinfo=_UTC) for more in (-1, 0, 1, 2))
        offsets = {start.astimezone(self._zone).utcoffset() for start in starts}
        return offsets.pop() if len(offsets) == 1 else None


class SteadyDays:
    """Counts days and lengths of time in one timezone; each call is what its namesake, or clock, comes to."""

    def __init__(self, zone: dt.tzinfo) -> None:
        self._zone = zone
        self._offsets = Steady(zone)

    def days_between(self, first: dt.datetime, second: dt.datetime, zone: dt.tzinfo) -> int:
        """Count calendar days as ``instants.days_between`` does; ``zone`` is that of the object."""
        if first.tzinfo is _UTC is second.tzinfo:
            offsets = self._offsets
            before, after = offsets[first.toordinal()], offsets[second.toordinal()]
            if before is not None and after is not None:
                return (second + after).toordinal() - (first + before).toordinal()
        return instants.days_between(first, second, zone)

    def add_days(self, at: dt.datetime, days: int, zone: dt.tzinfo) -> dt.datetime:
        """Return the same time of day as ``instants.add_days`` does; ``zone`` is that of the object."""
        if at.tzinfo is _UTC and -_MOST_DAYS < days < _MOST_DAYS:
            offsets, later = self._offsets, at + days * _ONE_DAY
            offset = offsets[at.toordinal()]
            if offset is not None and offset == offsets[later.toordinal()]:
                return later
        return instants.add_days(at, days, zone)

    def after(self, at: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """Return when a clock in the timezone has gone on for ``length``: in UTC or the timezone, as is quicker."""
        if at.tzinfo is _UTC:
            offsets, later = self._offsets, at + length
            offset = offsets[at.toordinal()]
            if offset is not None and offset == offsets[later.toordinal()]:
                return later
        return at.astimezone(self._zone) + length
