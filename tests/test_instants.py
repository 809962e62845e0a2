import datetime as dt
import re

import pytest

from aftersales import instants
from aftersales.instants import EARLIEST, LATEST, TimeFormatError, parse_instant

SHANGHAI = instants.zone_named("Asia/Shanghai")
BERLIN = instants.zone_named("Europe/Berlin")


def at(text: str, zone: dt.tzinfo = SHANGHAI) -> dt.datetime:
    """Return the instant at which the clock in ``zone`` shows ``text``."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-11-01T10:00+08:00", "2026-11-01T10:00:00+08:00"),
        ("2026-11-01T10:00:59.999+08:00", "2026-11-01T10:00:59+08:00"),
        ("2026-11-01 10:00:00+0800", "2026-11-01T10:00:00+08:00"),
        ("2026-11-01T02:00Z", "2026-11-01T10:00:00+08:00"),
        ("2026-11-01T02:00+00", "2026-11-01T10:00:00+08:00"),
        ("1970-01-01T00:00Z", "1970-01-01T08:00:00+08:00"),
    ],
)
def test_reads_instants(written: str, shown: str) -> None:
    """An instant is read with its offset, in whole seconds, and shown in the policy's timezone."""
    instant = parse_instant(written)
    assert instants.show_instant(instant, SHANGHAI) == shown
    assert instant.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2026-11-01T10:00", "an instant carries an offset such as +08:00: 2026-11-01T10:00"),
        ("2026-11-01", "not an instant such as 2026-11-01T10:00+08:00: 2026-11-01"),
        ("20261101T100000Z", "not an instant such as 2026-11-01T10:00+08:00: 20261101T100000Z"),
        ("2026-W45-1T10:00Z", "not an instant such as 2026-11-01T10:00+08:00: 2026-W45-1T10:00Z"),
        ("2026-02-30T10:00Z", "there is no such day or time: 2026-02-30T10:00Z"),
        ("2026-11-01T24:00Z", "there is no such day or time: 2026-11-01T24:00Z"),
        ("2026-11-01T10:00.5Z", "there is no such day or time: 2026-11-01T10:00.5Z"),
        ("2026-11-01T10:00+99:00", "there is no such day or time: 2026-11-01T10:00+99:00"),
        ("1969-12-31T23:59Z", "outside the years 1970 to 2200: 1969-12-31T23:59:00+00:00"),
        ("9999-12-31T23:59-23:00", "outside the years 1970 to 2200: 9999-12-31T23:59:00-23:00"),
        ("２０２６-11-01T10:00Z", "not an instant such as 2026-11-01T10:00+08:00: ２０２６-11-01T10:00Z"),
    ],
)
def test_refuses_what_is_no_instant(written: str, message: str) -> None:
    """An instant without offset, off the calendar or out of range is refused with its reason."""
    with pytest.raises(TimeFormatError, match=f"^{re.escape(message)}$"):
        parse_instant(written)


def test_takes_an_aware_datetime_only() -> None:
    """A caller's datetime is taken in whole seconds, and refused without an offset."""
    aware = dt.datetime(2026, 11, 1, 10, 0, 0, 999, tzinfo=SHANGHAI)
    assert instants.as_instant(aware) == at("2026-11-01T10:00")
    with pytest.raises(TimeFormatError):
        instants.as_instant(aware.replace(tzinfo=None))


def test_the_repeated_hour_of_autumn_keeps_its_order() -> None:
    """Two instants that show the same wall clock stay apart."""
    first, second = parse_instant("2026-10-25T02:30+02:00"), parse_instant("2026-10-25T02:30+01:00")
    assert second - first == dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("written", "length", "shown"),
    [
        ("48h", dt.timedelta(hours=48), "48h"),
        ("7d", dt.timedelta(days=7), "7d"),
        ("30m", dt.timedelta(minutes=30), "30m"),
        ("90m", dt.timedelta(minutes=90), "90m"),
        ("3d", dt.timedelta(days=3), "72h"),
        ("100h", dt.timedelta(hours=100), "100h"),
        ("0h", dt.timedelta(), "0m"),
        ("3660d", instants.LONGEST, "3660d"),
    ],
)
def test_reads_and_shows_durations(written: str, length: dt.timedelta, shown: str) -> None:
    """A duration is a whole number and its unit, shown as people say it."""
    assert instants.parse_duration(written) == length
    assert instants.show_duration(length) == shown


@pytest.mark.parametrize(
    "written", ["48", "h", "1.5h", "-1h", "1h30m", "48 h", "07d", "1w", "３d", "3661d", "99999999d"]
)
def test_refuses_what_is_no_duration(written: str) -> None:
    """A duration is one plain number with one unit."""
    with pytest.raises(TimeFormatError):
        instants.parse_duration(written)


def test_reads_and_shows_times_of_day() -> None:
    """A time of day is hours and minutes."""
    assert instants.parse_time_of_day("20:00") == dt.time(20)
    assert instants.show_time_of_day(dt.time(9, 5)) == "09:05"


@pytest.mark.parametrize("written", ["24:00", "9:00", "20:60", "20:00:00", "2000", ""])
def test_refuses_what_is_no_time_of_day(written: str) -> None:
    """Two digits, a colon, two digits, on a clock."""
    with pytest.raises(TimeFormatError):
        instants.parse_time_of_day(written)


@pytest.mark.parametrize(
    "name", ["Asia/Shanghe", "", "../../etc/passwd", "/etc/passwd", "Asia", "\0", "Asia/Shanghai\n"]
)
def test_refuses_a_timezone_that_does_not_exist(name: str) -> None:
    """A policy's timezone is one of the IANA names, whatever a file says."""
    with pytest.raises(TimeFormatError):
        instants.zone_named(name)


def test_days_are_whole_and_local() -> None:
    """A day of a period runs from its first to its last second in the policy's timezone."""
    day = instants.parse_day("2026-07-01")
    assert instants.day_start(day, SHANGHAI) == at("2026-07-01T00:00")
    assert instants.day_end(day, SHANGHAI) == at("2026-07-01T23:59:59")


@pytest.mark.parametrize(
    "written", ["2026-7-1", "2026-02-30", "20260701", "1969-12-31", "2201-01-01", "2026-07-01T00:00"]
)
def test_refuses_what_is_no_day(written: str) -> None:
    """A day is year, month and day, on the calendar, from 1970 to 2200."""
    with pytest.raises(TimeFormatError):
        instants.parse_day(written)


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("2026-11-05T23:59", "2026-11-06T00:00", 1),
        ("2026-11-05T00:00", "2026-11-05T23:59", 0),
        ("2026-11-05T10:00", "2026-11-12T09:00", 7),
        ("2026-11-06T00:00", "2026-11-05T23:59", -1),
    ],
)
def test_counts_calendar_days_of_the_timezone(first: str, second: str, days: int) -> None:
    """The day of delivery is 0; midnight in the policy's timezone makes the next day."""
    assert instants.days_between(at(first), at(second), SHANGHAI) == days


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31T10:00", 1, "2026-02-28T10:00"),
        ("2028-01-31T10:00", 1, "2028-02-29T10:00"),
        ("2026-11-30T10:00", 3, "2027-02-28T10:00"),
        ("2026-03-31T10:00", -1, "2026-02-28T10:00"),
        ("2026-11-01T00:30", 12, "2027-11-01T00:30"),
    ],
)
def test_months_end_where_the_month_ends(start: str, months: int, end: str) -> None:
    """A day that the month lacks becomes its last day."""
    assert instants.add_months(at(start), months, SHANGHAI) == at(end)


def test_days_keep_the_wall_clock() -> None:
    """A day in which the clock jumps is still a day; a time that it skips comes as much later."""
    assert instants.add_days(at("2026-03-28T10:00", BERLIN), 1, BERLIN) == at("2026-03-29T10:00", BERLIN)
    assert instants.add_days(at("2026-03-28T02:30", BERLIN), 1, BERLIN) == parse_instant("2026-03-29T03:30+02:00")


@pytest.mark.parametrize("many", [10**6, 10**12])
def test_a_date_past_the_calendar_is_its_end(many: int) -> None:
    """No count makes a date that cannot be held."""
    start = at("2026-11-01T10:00")
    assert instants.add_days(start, many, SHANGHAI) == LATEST
    assert instants.add_days(start, -many, SHANGHAI) == EARLIEST
    assert instants.add_months(start, many, SHANGHAI) == LATEST
    assert instants.add_months(start, -many, SHANGHAI) == EARLIEST
    assert instants.add_hours_within(start, many * 10, dt.time(9), dt.time(18), SHANGHAI) == LATEST


def test_the_end_of_a_day_is_its_last_second() -> None:
    """The last second of the local day."""
    assert instants.end_of_day(at("2026-11-01T00:30"), SHANGHAI) == at("2026-11-01T23:59:59")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-01T19:59:59", "2026-11-01T20:00"),
        ("2026-11-01T20:00:00", "2026-11-01T20:00"),
        ("2026-11-01T20:00:01", "2026-11-02T20:00"),
    ],
)
def test_the_next_pickup(now: str, then: str) -> None:
    """Exactly at pickup counts as today, past it is the next day."""
    assert instants.next_time_of_day(at(now), dt.time(20), SHANGHAI) == at(then)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-01T10:00", 4, "2026-11-01T14:00"),
        ("2026-11-01T17:00", 1, "2026-11-01T18:00"),
        ("2026-11-01T17:00", 4, "2026-11-02T12:00"),
        ("2026-11-01T18:00", 1, "2026-11-02T10:00"),
        ("2026-11-01T23:00", 9, "2026-11-02T18:00"),
        ("2026-11-01T03:00", 1, "2026-11-01T10:00"),
        ("2026-11-01T10:00", 90, "2026-11-11T10:00"),
        ("2026-11-01T23:00", 0, "2026-11-01T23:00"),
    ],
)
def test_hours_run_while_the_desk_is_open(start: str, hours: int, end: str) -> None:
    """Hours run from 09:00 to 18:00 only; what ends at closing ends that day."""
    assert instants.add_hours_within(at(start), hours, dt.time(9), dt.time(18), SHANGHAI) == at(end)


def test_a_desk_opens_before_it_closes() -> None:
    """Opening hours that run backwards are refused."""
    with pytest.raises(ValueError, match="opens before it closes"):
        instants.add_hours_within(at("2026-11-01T10:00"), 1, dt.time(18), dt.time(9), SHANGHAI)
