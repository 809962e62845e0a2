"""Instants, durations and times of day: reading, showing, and the calendar of the policy's timezone.

An instant is an aware ``datetime`` in UTC, in whole seconds, from 1970 to 2200. It is kept in UTC because Python
compares two datetimes of one timezone by their wall clocks. Every function that counts days is told the timezone.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from aftersales.text import Text, clip, pattern

if TYPE_CHECKING:  # brought in where a timezone is named: a cold start is short
    from zoneinfo import ZoneInfo

EARLIEST: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LATEST: Final = dt.datetime(2200, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
#: The longest duration that is read.
LONGEST: Final = dt.timedelta(days=3660)

_INSTANT: Final = pattern(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?([.,][0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    re.ASCII,
)
_DAY: Final = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DURATION: Final = pattern(r"(0|[1-9][0-9]{0,6})([dhm])", re.ASCII)
_TIME: Final = pattern(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_UNITS: Final = {"d": dt.timedelta(days=1), "h": dt.timedelta(hours=1), "m": dt.timedelta(minutes=1)}
#: From here on a whole number of days is shown in days; below it people say hours (24h, 48h, 72h).
_IN_DAYS_ABOVE: Final = dt.timedelta(hours=72)
_ONE_DAY: Final = _UNITS["d"]
_LAST_SECOND: Final = dt.time(23, 59, 59)
_MOST_DAYS: Final = (LATEST - EARLIEST).days


class TimeFormatError(ValueError):
    """An instant, day, duration or time of day that cannot be read; ``message`` says why in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def parse_instant(text: str) -> dt.datetime:
    """Read an ISO 8601 instant such as ``2026-11-01T10:00+08:00``; it must carry an offset or ``Z``.

    Seconds may be left out, fractions of a second are cut off. Raises ``TimeFormatError``.
    """
    match = _INSTANT().fullmatch(text)
    if match is None:
        raise TimeFormatError(
            Text(
                f"不是时间点（例如 2026-11-01T10:00+08:00）：{clip(text)}",
                f"not an instant such as 2026-11-01T10:00+08:00: {clip(text)}",
            )
        )
    if match[5] is None or (match[4] and not match[3]):
        raise TimeFormatError(_no_offset(text) if match[5] is None else _no_such(text))
    try:
        return as_instant(dt.datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or ':00'}{match[5]}"))
    except TimeFormatError:
        raise
    except ValueError:
        raise TimeFormatError(_no_such(text)) from None


def as_instant(value: dt.datetime) -> dt.datetime:
    """Return an aware datetime as an instant: in UTC and whole seconds.

    Raises ``TimeFormatError`` where it has no offset or lies outside 1970 to 2200.
    """
    if value.utcoffset() is None:
        raise TimeFormatError(_no_offset(value.isoformat()))
    try:
        instant = value.astimezone(dt.UTC).replace(microsecond=0)
    except OverflowError:
        raise TimeFormatError(_outside(value.isoformat())) from None
    if not EARLIEST <= instant <= LATEST:
        raise TimeFormatError(_outside(value.isoformat()))
    return instant


def show_instant(at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return ``at`` in ISO 8601 with the offset of ``zone``: ``2026-11-01T10:00:00+08:00``."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def parse_day(text: str) -> dt.date:
    """Read a day such as ``2026-07-01``, from 1970 to 2200. Raises ``TimeFormatError``."""
    try:
        day = dt.date.fromisoformat(text) if _DAY().fullmatch(text) else None
    except ValueError:
        raise TimeFormatError(_no_such(text)) from None
    if day is None:
        raise TimeFormatError(
            Text(f"不是日期（例如 2026-07-01）：{clip(text)}", f"not a day such as 2026-07-01: {clip(text)}")
        )
    if not EARLIEST.date() <= day <= LATEST.date():
        raise TimeFormatError(_outside(text))
    return day


def parse_duration(text: str) -> dt.timedelta:
    """Read a duration: a whole number and ``d`` (24 hours), ``h`` or ``m`` (minutes): ``48h``, ``7d``, ``30m``.

    At most ``LONGEST``. Raises ``TimeFormatError``.
    """
    match = _DURATION().fullmatch(text)
    if match is None:
        raise TimeFormatError(
            Text(
                f"不是时长（例如 48h、7d、30m）：{clip(text)}",
                f"not a duration such as 48h, 7d or 30m: {clip(text)}",
            )
        )
    length = int(match[1]) * _UNITS[match[2]]
    if length > LONGEST:
        raise TimeFormatError(
            Text(f"时长超过 {LONGEST.days}d：{text}", f"a duration is at most {LONGEST.days}d: {text}")
        )
    return length


def show_duration(length: dt.timedelta) -> str:
    """Return a duration as it is written: days above 72 hours where they come out even, else hours, else minutes."""
    if length > _IN_DAYS_ABOVE and not length % _UNITS["d"]:
        return f"{length // _UNITS['d']}d"
    if length and not length % _UNITS["h"]:
        return f"{length // _UNITS['h']}h"
    return f"{length // _UNITS['m']}m"


def parse_time_of_day(text: str) -> dt.time:
    """Read a time of day such as ``20:00`` (00:00 to 23:59). Raises ``TimeFormatError``."""
    match = _TIME().fullmatch(text)
    if match is None:
        raise TimeFormatError(
            Text(f"不是钟点（例如 20:00）：{clip(text)}", f"not a time of day such as 20:00: {clip(text)}")
        )
    return dt.time(int(match[1]), int(match[2]))


def show_time_of_day(time: dt.time) -> str:
    """Return a time of day as it is written: ``20:00``."""
    return time.strftime("%H:%M")


def zone_named(name: str) -> ZoneInfo:
    """Return the timezone ``name`` (IANA, such as ``Asia/Shanghai``). Raises ``TimeFormatError`` where there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 (see the top)

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TimeFormatError(Text(f"没有这个时区：{clip(name)}", f"there is no timezone {clip(name)}")) from None


def day_start(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return 00:00:00 of ``day`` in ``zone``, as an instant."""
    return _utc(dt.datetime.combine(day, dt.time(), zone))


def day_end(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return 23:59:59 of ``day`` in ``zone``, as an instant: its last second."""
    return _utc(dt.datetime.combine(day, _LAST_SECOND, zone))


def end_of_day(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return the last second of the day in ``zone`` that ``at`` falls on."""
    return day_end(at.astimezone(zone).date(), zone)


def days_between(first: dt.datetime, second: dt.datetime, zone: dt.tzinfo) -> int:
    """Count calendar days in ``zone`` from ``first`` to ``second``; the same day is 0, an earlier ``second`` negative."""
    return (second.astimezone(zone).date() - first.astimezone(zone).date()).days


def add_days(at: dt.datetime, days: int, zone: dt.tzinfo) -> dt.datetime:
    """Return the same time of day in ``zone``, ``days`` calendar days later (negative: earlier).

    A result outside 1970 to 2200 becomes the nearest instant inside.
    """
    if abs(days) > _MOST_DAYS:
        return LATEST if days > 0 else EARLIEST
    return _utc(at.astimezone(zone) + days * _ONE_DAY)


def add_months(at: dt.datetime, months: int, zone: dt.tzinfo) -> dt.datetime:
    """Return the same day and time in ``zone``, ``months`` later; a day the month lacks becomes its last day.

    A result outside 1970 to 2200 becomes the nearest instant inside.
    """
    local = _wall_clock(at, zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if not EARLIEST.year <= year <= LATEST.year:
        return LATEST if months > 0 else EARLIEST
    next_month = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    day = min(local.day, (next_month - _UNITS["d"]).day)
    return _instant(local.replace(year=year, month=month + 1, day=day), zone)


def next_time_of_day(at: dt.datetime, time: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """Return when the clock in ``zone`` next shows ``time``: today where it is not past (exactly then counts)."""
    local = _wall_clock(at, zone)
    today = dt.datetime.combine(local.date(), time)
    return _instant(today if local <= today else today + _UNITS["d"], zone)


def add_hours_within(at: dt.datetime, hours: int, opens: dt.time, closes: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """Return when ``hours`` have passed on a clock in ``zone`` that runs only from ``opens`` to ``closes`` each day.

    Hours that end exactly at closing end that day: 4 hours from 17:00 within 09:00-18:00 end at 12:00 the next day.
    No hours: ``at`` itself. A result past 2200 becomes ``LATEST``. Raises ``ValueError`` unless ``opens < closes``.
    """
    if opens >= closes:
        raise ValueError("a working day opens before it closes")
    if hours <= 0:
        return at
    local = _wall_clock(at, zone)
    day = dt.datetime.combine(local.date(), dt.time())
    opening, closing = _since_midnight(opens), _since_midnight(closes)
    used = min(max(local - day - opening, dt.timedelta()), closing - opening)
    if hours > _MOST_DAYS * 24:
        return LATEST
    whole, rest = divmod(used + hours * _UNITS["h"], closing - opening)
    if not rest:
        whole, rest = whole - 1, closing - opening
    if whole > _MOST_DAYS:
        return LATEST
    return _instant(day + whole * _UNITS["d"] + opening + rest, zone)


def _since_midnight(time: dt.time) -> dt.timedelta:
    """Return the length of the day up to ``time``."""
    return dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)


def _wall_clock(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return what the clock in ``zone`` shows at ``at``, without its offset."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _instant(local: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return the instant at which the clock in ``zone`` shows ``local``, held between 1970 and 2200.

    A time that the clock shows twice is the first; one that it skips is as far after the gap as it is into it.
    """
    return _utc(local.replace(tzinfo=zone))


def _utc(local: dt.datetime) -> dt.datetime:
    """Return an aware datetime in UTC, held between 1970 and 2200."""
    try:
        instant = local.astimezone(dt.UTC)
    except OverflowError:
        return LATEST if local.year > EARLIEST.year else EARLIEST
    return instant if EARLIEST <= instant <= LATEST else min(max(instant, EARLIEST), LATEST)


def _no_offset(text: str) -> Text:
    """Say that an instant lacks its offset."""
    return Text(
        f"时间点要写明时区偏移（例如 +08:00）：{clip(text)}",
        f"an instant carries an offset such as +08:00: {clip(text)}",
    )


def _no_such(text: str) -> Text:
    """Say that the calendar has no such day or the clock no such time."""
    return Text(f"没有这个日期或时刻：{clip(text)}", f"there is no such day or time: {clip(text)}")


def _outside(text: str) -> Text:
    """Say that an instant lies outside the years that are read."""
    return Text(
        f"年份不在 {EARLIEST.year} 到 {LATEST.year} 之间：{clip(text)}",
        f"outside the years {EARLIEST.year} to {LATEST.year}: {clip(text)}",
    )
