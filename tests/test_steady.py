"""Days counted far from any change of an offset: the same as by the calendar, in every timezone and at every instant."""

import datetime as dt
from random import Random

import pytest

from aftersales import instants
from aftersales.instants import EARLIEST, LATEST
from aftersales.steady import Steady, SteadyDays

#: Instants, and lengths of time, that are drawn for each timezone.
DRAWN = 4_000
#: One that changes no more, those that change by an hour at different times of UTC, by half an hour, at midnight of UTC,
#: twice within weeks, and once over the date line.
ZONES = (
    *("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/Lisbon"),
    *("Africa/Casablanca", "Asia/Gaza", "Pacific/Apia", "UTC"),
)


@pytest.mark.parametrize("name", ZONES)
def test_days_are_counted_as_by_the_calendar(name: str) -> None:
    """Days between instants, days later and deadlines, near changes of the offset and far from them."""
    zone = instants.zone_named(name)
    days, dice = SteadyDays(zone), Random(20_261_103)  # noqa: S311 (no secret)
    for _ in range(DRAWN):
        first = EARLIEST + dt.timedelta(minutes=dice.randrange(60 * 365 * 24 * 60))
        length = dt.timedelta(minutes=dice.choice((15, 30, 60, 24 * 60, 48 * 60, 7 * 24 * 60)) * dice.randint(1, 30))
        second = first + dice.choice((-1, 1)) * length
        assert days.days_between(first, second, zone) == instants.days_between(first, second, zone)
        count = dice.randint(-400, 400)
        assert days.add_days(first, count, zone) == instants.add_days(first, count, zone)
        assert days.after(first, length) == first.astimezone(zone) + length
        there = first.astimezone(zone)
        assert days.days_between(there, second, zone) == instants.days_between(there, second, zone)
        assert days.after(there, length) == there + length


@pytest.mark.parametrize("at", [EARLIEST, LATEST, LATEST - dt.timedelta(days=3), EARLIEST + dt.timedelta(days=2)])
@pytest.mark.parametrize("count", [-90_000, -5, 0, 5, 90_000])
def test_the_first_and_last_instants_are_kept(at: dt.datetime, count: int) -> None:
    """A result outside the years that are read becomes the nearest instant inside."""
    zone = instants.zone_named("Asia/Shanghai")
    days = SteadyDays(zone)
    assert days.add_days(at, count, zone) == instants.add_days(at, count, zone)
    assert days.days_between(at, LATEST, zone) == instants.days_between(at, LATEST, zone)


def test_no_offset_is_steady_near_its_change() -> None:
    """The days around a change of the clock are left to the calendar; a week later the offset is steady again."""
    steady, change = Steady(instants.zone_named("Europe/Berlin")), dt.date(2026, 3, 29).toordinal()
    found = [steady[change + more] for more in range(-3, 4)]
    hour = dt.timedelta(hours=1)
    assert found == [hour, hour, None, None, None, 2 * hour, 2 * hour]
