"""The nearest value that makes a condition true: a boundary, on either side of what was told."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.expr.types import FLAG, Kind, Type, Value
from aftersales.study.nearest_values import distance, nearest_values

CHINA = ZoneInfo("Asia/Shanghai")
COUNT = Type(Kind.COUNT, low=0, high=200)
INSTANT = Type(Kind.INSTANT)
NOON = dt.datetime(2026, 11, 6, 4, tzinfo=dt.UTC)


def near(type_: Type, told: Value, fits: object, *, by_days: bool = False) -> list[Value]:
    """Return the nearest values that fit."""
    assert callable(fits)
    return list(nearest_values(type_, told, fits, CHINA, by_days=by_days))


@given(told=st.integers(0, 200), bound=st.integers(0, 200))
def test_the_boundary_of_a_count_is_found_from_anywhere(told: int, bound: int) -> None:
    """Of all counts below or from a bound on, it is the one next to what was told: as counting up and down finds it."""
    fitting = [value for value in range(201) if value >= bound]
    below, above = [v for v in fitting if v < told], [v for v in fitting if v > told]
    expected = ([max(below)] if below else []) + ([min(above)] if above else [])
    assert near(COUNT, told, lambda value: value >= bound) == expected


def test_the_last_value_inside_the_type_is_looked_at() -> None:
    """A bound that only the greatest value meets is found, though doubling leaps over it."""
    assert near(COUNT, 3, lambda value: value >= 200) == [200]
    assert near(COUNT, 3, lambda value: value <= 0) == [0]
    assert near(COUNT, 3, lambda value: value > 200) == []


def test_words_and_flags_are_all_that_fit() -> None:
    """Of words there is no nearest: every other one that fits, in the author's order."""
    words = Type(Kind.CHOICE, ("a", "b", "c"))
    assert near(words, "b", lambda _: True) == ["a", "c"]
    assert near(FLAG, True, lambda value: value is False) == [False]


def test_a_date_is_moved_by_days_where_days_count() -> None:
    """By days it keeps its time of day; to the second it stops at the very bound."""
    bound = dt.datetime(2026, 11, 9, 1, 2, 3, tzinfo=dt.UTC)
    assert near(INSTANT, NOON, lambda at: at >= bound, by_days=True) == [NOON + dt.timedelta(days=3)]
    assert near(INSTANT, NOON, lambda at: at >= bound) == [bound]


@pytest.mark.parametrize(("told", "kind"), [(None, Kind.INSTANT), (dt.timedelta(hours=1), Kind.DURATION)])
def test_what_cannot_be_moved_has_no_nearest(told: Value, kind: Kind) -> None:
    """There is none for a date that did not happen, or for a duration."""
    assert near(Type(kind), told, lambda _: True) == []


def test_the_nearer_of_two_is_told_by_their_distance() -> None:
    """Seconds between instants, the difference of amounts; words are all as far."""
    assert distance(NOON, NOON + dt.timedelta(hours=1)) == 3600
    assert distance(500, 300) == 200
    assert distance("a", "b") == 0
