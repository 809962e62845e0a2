"""The calendar over arrays counts as the calendar of single instants does."""

import datetime as dt
from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from aftersales import instants
from aftersales.columns import days

ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC")


def drawn(seed: int, count: int = 300) -> list[dt.datetime]:
    """Draw instants, many of them near where a clock is changed."""
    dice = Random(seed)  # noqa: S311  # times to compare, no secrets
    first, last = int(instants.EARLIEST.timestamp()), int(instants.LATEST.timestamp())
    turns = [
        dt.datetime(year, month, day, 6, 30, tzinfo=dt.UTC) for year in (1988, 2026) for month, day in ((3, 8), (11, 1))
    ]
    near = [int(dice.choice(turns).timestamp()) + dice.randint(-200_000, 200_000) for _ in range(count // 2)]
    spread = [dice.randint(first, last) for _ in range(count // 2)]
    return [dt.datetime.fromtimestamp(at, dt.UTC) for at in near + spread]


def seconds(times: list[dt.datetime]) -> days.Seconds:
    """Return instants as the arrays hold them."""
    return np.array([int(at.timestamp()) for at in times], np.int64)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize(
    ("array", "single"),
    [(days.add_days, instants.add_days), (days.add_months, instants.add_months)],
    ids=["days", "months"],
)
def test_later_days_and_months(
    name: str, array: Callable[..., days.Seconds], single: Callable[..., dt.datetime]
) -> None:
    """Days and months later come to the same instant, clock changes, short months and what is outside among them."""
    # A month later in the east it is the first morning of 2201 there, and 2200 elsewhere.
    ends = [instants.EARLIEST, instants.LATEST, dt.datetime(2200, 11, 30, 20, tzinfo=dt.UTC)] * 20
    zone, times, dice = instants.zone_named(name), drawn(1) + drawn(9) + ends, Random(2)  # noqa: S311
    counts = [dice.choice((dice.randint(-3, 3), dice.randint(-40, 40), dice.randint(-3_000, 3_000))) for _ in times]
    found = array(seconds(times), np.array(counts, np.int64), days.zone(name))
    assert found.tolist() == seconds([single(at, n, zone) for at, n in zip(times, counts, strict=True)]).tolist()


@pytest.mark.parametrize("name", ZONES)
def test_days_between_and_ends_of_days(name: str) -> None:
    """Days between two instants, the last second of a day and the next time of day are the same."""
    zone, times, others = instants.zone_named(name), drawn(3), drawn(4)
    here, there, in_ = seconds(times), seconds(others), days.zone(name)
    between = [instants.days_between(a, b, zone) for a, b in zip(times, others, strict=True)]
    assert days.days_between(here, there, in_).tolist() == between
    assert days.end_of_day(here, in_).tolist() == seconds([instants.end_of_day(at, zone) for at in times]).tolist()
    evening = np.array(20 * 3600, np.int64)
    right = seconds([instants.next_time_of_day(at, dt.time(20), zone) for at in times])
    assert days.next_time_of_day(here, evening, in_).tolist() == right.tolist()


@pytest.mark.parametrize("name", ZONES)
def test_hours_of_working_days(name: str) -> None:
    """Hours that run only from opening to closing end at the same instant."""
    zone, times, dice = instants.zone_named(name), drawn(5), Random(6)  # noqa: S311
    hours = [dice.randint(0, 40) for _ in times]
    found = days.add_hours_within(seconds(times), np.array(hours, np.int64), 9 * 3600, 18 * 3600, days.zone(name))
    right = [
        instants.add_hours_within(at, n, dt.time(9), dt.time(18), zone) for at, n in zip(times, hours, strict=True)
    ]
    assert found.tolist() == seconds(right).tolist()
