import datetime as dt
from fractions import Fraction

import pytest

from aftersales.case.params import apply_tiers, choose
from aftersales.errors import UnmatchedCaseError
from aftersales.expr.types import UNKNOWN, Value
from aftersales.instants import day_end, day_start, parse_day, parse_instant, zone_named
from small_policy import COUNT, INSTANT, PLACE, SMALL, TIERS, look, param, value

ZONE = zone_named("Asia/Shanghai")
JUNE, JULY = "2026-06-30T23:59:59+08:00", "2026-07-01T00:00+08:00"


@pytest.mark.parametrize(
    ("order", "rate"),
    [
        ({"platform": "tmall", "paid_at": JUNE}, Fraction(30, 100)),
        ({"platform": "tmall", "paid_at": JULY}, Fraction(10, 100)),
        ({"platform": "taobao", "paid_at": JUNE}, Fraction(10, 100)),
        ({"platform": "taobao"}, Fraction(10, 100)),
        ({"platform": "douyin"}, 0),
        ({"platform": "tmall", "paid_at": JUNE, "shop": "corner"}, Fraction(5, 100)),
        ({"shop": "corner"}, Fraction(5, 100)),
        ({"platform": "taobao", "shop": "other"}, Fraction(10, 100)),
    ],
    ids=str,
)
def test_the_nearest_overlay_and_its_period_decide(order: dict[str, object], rate: Value) -> None:
    """Shop before platform before shipped, then the period with the local day of the case's date."""
    assert look({"order": order}).param("compensation_rate") == rate


@pytest.mark.parametrize(
    ("order", "blocker"),
    [
        ({}, "platform"),
        ({"paid_at": JULY}, "platform"),
        ({"platform": "tmall"}, "paid_at"),
    ],
    ids=str,
)
def test_says_which_fact_chooses(order: dict[str, object], blocker: str) -> None:
    """While an entry cannot be chosen, the param is unknown and names the fact that would choose it."""
    view = look({"order": order})
    assert view.param("compensation_rate") is UNKNOWN
    assert view.param_blocker("compensation_rate") == blocker
    assert view.param_note("compensation_rate") is None


def test_nothing_is_asked_where_all_entries_agree() -> None:
    """A platform that would not change the value is not asked for."""
    same = param("same", COUNT, value(7, platform="tmall"), value(7))
    assert choose(same, None, lambda _: UNKNOWN, ZONE).value == 7


def test_a_date_that_never_came_gives_no_value() -> None:
    """Over a known none the param is none too, unless its periods agree."""
    order = {"order": {"platform": "tmall", "paid_at": None}}
    assert look(order).param("compensation_rate") is None
    assert look({"order": {"platform": "taobao", "paid_at": None}}).param("compensation_rate") == Fraction(10, 100)


def test_an_overlay_out_of_its_period_leaves_the_shipped_value() -> None:
    """A platform's value that begins later does not hold before; what is not yet known may be either."""
    starts = day_start(parse_day("2026-07-01"), ZONE)
    later = param("later", COUNT, value(9, platform="tmall", valid_from=starts), value(7), dated_by="paid_at")

    def known(**facts: Value) -> object:
        chosen = choose(later, None, lambda name: facts.get(name, UNKNOWN), ZONE)
        return chosen.blocker or chosen.value

    assert known(platform="tmall", paid_at=parse_instant(JUNE)) == 7
    assert known(platform="tmall", paid_at=parse_instant(JULY)) == 9
    assert known(paid_at=parse_instant(JUNE)) == 7


def test_a_case_before_every_period_is_unmatched() -> None:
    """Where no entry is valid at the case's date, that is an error with its figures."""
    ended = param("ended", COUNT, value(7, valid_until=day_end(parse_day("2026-06-30"), ZONE)), dated_by="paid_at")
    with pytest.raises(UnmatchedCaseError, match="param ended has no value that is valid at 2026-07-01T00:00:00"):
        choose(ended, None, lambda _: parse_instant(JULY), ZONE)


@pytest.mark.parametrize(
    ("amount", "pays"),
    [
        (0, 0),
        (300, 0),
        (301, 300),
        (29999, 300),
        (30000, 300),
        (30050, 301),
        (5000, 300),
        (300000, 3000),
        (999999, 3000),
    ],
)
def test_tiers_pay_by_amount(amount: int, pays: int) -> None:
    """Up to 3.00 nothing, below 300.00 a sum, from there one per cent, at most 30.00."""
    assert apply_tiers(TIERS, amount) == pays


def test_a_tier_table_waits_for_its_amount() -> None:
    """A tier table is applied to its fact, and blocks on it."""
    assert look({"order": {"order_paid": "59.00"}}).param("late_pay") == 300
    view = look({})
    assert (view.param("late_pay"), view.param_blocker("late_pay")) == (UNKNOWN, "order_paid")
    assert view.param_note("late_pay") is not None


def test_a_plain_param_needs_nothing() -> None:
    """A figure that nobody overlays is known in every case, and says where it comes from."""
    view = look({})
    assert view.param("remedy_wait") == dt.timedelta(hours=48)
    with pytest.raises(KeyError):
        view.param_blocker("remedy_wait")
    note = view.param_note("remedy_wait")
    assert note is not None
    assert note.source == "S1"


def test_says_where_no_rule_was_found() -> None:
    """A platform without a rule is seen as such."""
    note = look({"order": {"platform": "douyin"}}).param_note("compensation_rate")
    assert note is not None
    assert note.none_found


def test_the_small_policy_is_as_the_tests_say() -> None:
    """The candidates stand shop before platform before shipped, as the loader leaves them."""
    values = SMALL.params["compensation_rate"].values
    assert [entry.shop or entry.platform for entry in values] == ["corner", "tmall", "tmall", "douyin", None]
    assert (values[0].span, SMALL.facts["paid_at"].type) == (PLACE, INSTANT)
