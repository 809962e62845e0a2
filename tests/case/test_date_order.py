"""Dates that cannot be: the direct question and the list of what disagrees say the same."""

import datetime as dt
from itertools import product

from aftersales.case.date_order import dates_fit, disagreeing
from aftersales.expr.types import Value

FIRST = dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC)
DATES: tuple[Value, ...] = ("-", None, FIRST, FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2))


def test_both_say_the_same() -> None:
    """Over every order of three dates, each of them untold, none, or an instant; paid at the door or before."""
    names = ("paid_at", "shipped_at", "delivered_at", "cash_on_delivery")
    met = set()
    paid_at_the_door: tuple[Value, ...] = ("-", True, False)
    for values in product(DATES, DATES, DATES, paid_at_the_door):
        told = {name: value for name, value in zip(names, values, strict=True) if value != "-"}
        assert dates_fit(told) == (not list(disagreeing(told))), told
        met.add(dates_fit(told))
    assert met == {True, False}
