"""What expressions are worth: truth tables, exact money, dates, lines, and who keeps a result unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import pytest

from aftersales.expr.evaluate import blocker, evaluate, facts_of, params_of
from aftersales.expr.types import UNKNOWN, Kind, Value
from expressions import PlainCase, read

T, F, U = True, False, UNKNOWN
DAY = dt.timedelta(days=1)
#: Eleven at night in Shanghai.
LATE = dt.datetime(2026, 11, 1, 15, 0, tzinfo=dt.UTC)


def worth(text: str, facts: Mapping[str, Value], kind: Kind = Kind.FLAG) -> Value:
    """Return what a text is worth where these facts are known."""
    told = {name: value for name, value in facts.items() if value is not UNKNOWN}
    return evaluate(read(text, kind), PlainCase(told))


@pytest.mark.parametrize(
    ("left", "right", "both", "one"),
    [(T, T, T, T), (T, F, F, T), (T, U, U, T), (F, F, F, F), (F, U, F, U), (U, U, U, U)],
)
def test_and_and_or_follow_kleene(left: Value, right: Value, both: Value, one: Value) -> None:
    """``and`` and ``or`` decide as soon as one side decides, from either side."""
    for facts in ({"delivered": left, "intact": right}, {"delivered": right, "intact": left}):
        assert worth("delivered and intact", facts) is both
        assert worth("delivered or intact", facts) is one


@pytest.mark.parametrize(("value", "denied"), [(T, F), (F, T), (U, U)])
def test_not_keeps_the_unknown(value: Value, denied: Value) -> None:
    """``not`` of an unknown is unknown."""
    assert worth("not delivered", {"delivered": value}) is denied


@pytest.mark.parametrize(
    ("text", "facts", "result"),
    [
        ("evidence == none", {"evidence": "none"}, T),
        ("evidence != none", {"evidence": "none"}, F),
        ("evidence != none", {}, U),
        ("evidence in (none, confirmed)", {"evidence": "confirmed"}, T),
        ("evidence not in (none, confirmed)", {"evidence": "confirmed"}, F),
        ("evidence not in (none, confirmed)", {}, U),
        ("days < rounds", {"days": 1, "rounds": 2}, T),
        ("days < rounds", {"days": 1}, U),
        ("0 < days < 3", {"days": 3}, F),
        ("0 < days < rounds", {"days": 0}, F),
        ("min(days, rounds) > 0", {"days": 0}, U),
        ("delivered if intact else photos_sent", {"delivered": T, "photos_sent": T}, U),
        ("delivered if intact else photos_sent", {"intact": F, "photos_sent": T}, T),
        ("present(delivered_at)", {"delivered_at": LATE}, T),
        ("present(delivered_at)", {"delivered_at": None}, F),
        ("present(delivered_at)", {}, U),
        ("delivered_at <= opened_at", {"delivered_at": LATE, "opened_at": LATE}, T),
        ("delivered_at <= opened_at", {"delivered_at": None, "opened_at": LATE}, U),
        ("delivered and delivered_at <= opened_at", {"delivered": F, "delivered_at": None}, F),
        ("chosen_by in (buyer, seller)", {"chosen_by": None}, U),
        ("delivered or intact", {"delivered": None, "intact": F}, U),
    ],
)
def test_conditions(text: str, facts: Mapping[str, Value], result: Value) -> None:
    """A comparison over something unknown, or over a known none, is unknown."""
    assert worth(text, facts) is result


@pytest.mark.parametrize(
    ("text", "kind", "facts", "result"),
    [
        ("claimed_paid - already_refunded", Kind.MONEY, {"claimed_paid": 5900, "already_refunded": 500}, 5400),
        ("claimed_paid - already_refunded", Kind.MONEY, {"claimed_paid": 5900}, U),
        ("claimed_paid - already_refunded", Kind.MONEY, {"claimed_paid": 5900, "already_refunded": None}, None),
        ("claimed_paid * days", Kind.MONEY, {"claimed_paid": 333, "days": 3}, 999),
        ("min(claimed_paid, already_refunded)", Kind.MONEY, {"claimed_paid": 3, "already_refunded": 2}, 2),
        ("max(0, claimed_paid - already_refunded)", Kind.MONEY, {"claimed_paid": 3, "already_refunded": 5}, 0),
        ("0 if intact else claimed_paid", Kind.MONEY, {"intact": T}, 0),
        ("0 if intact else claimed_paid", Kind.MONEY, {"intact": F, "claimed_paid": 7}, 7),
        ("0 if intact else claimed_paid", Kind.MONEY, {"claimed_paid": 7}, U),
        ("days + rounds - days", Kind.COUNT, {"days": 2, "rounds": 3}, 3),
        ("days * rounds", Kind.COUNT, {"days": 2, "rounds": 3}, 6),
        ("buyer if intact else chosen_by", Kind.PARTY, {"intact": F, "chosen_by": "seller"}, "seller"),
    ],
)
def test_amounts(text: str, kind: Kind, facts: Mapping[str, Value], result: Value) -> None:
    """Amounts are exact; over a known none they are none, over an unknown unknown."""
    assert worth(text, facts, kind) == result


@pytest.mark.parametrize(
    ("paid", "share", "days", "result"),
    [
        (5, Fraction(1, 10), 1, 1),
        (4, Fraction(1, 10), 1, 0),
        (333, Fraction(1, 3), 3, 333),
        (1, Fraction(1, 3), 2, 1),
        (-5, Fraction(1, 10), 1, -1),
        (-4, Fraction(1, 10), 1, 0),
    ],
)
def test_a_product_is_rounded_once(paid: int, share: Fraction, days: int, result: int) -> None:
    """All factors are multiplied exactly and rounded half up together; a negative product like its positive twin."""
    case = PlainCase({"claimed_paid": paid, "already_refunded": 0, "days": days}, {"share": share})
    assert evaluate(read("(claimed_paid - already_refunded) * share * days", Kind.MONEY), case) == result


def test_a_count_times_a_rate_is_compared_exactly() -> None:
    """A share of a count is not rounded before it is compared."""
    expr = read("rounds > days * share")
    assert evaluate(expr, PlainCase({"rounds": 1, "days": 3}, {"share": Fraction(1, 3)})) is F
    assert evaluate(expr, PlainCase({"rounds": 1, "days": 2}, {"share": Fraction(49, 100)})) is T


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("days_between(delivered_at, opened_at)", Kind.COUNT, 1),
        ("days_between(opened_at, delivered_at)", Kind.COUNT, -1),
        ("add_days(delivered_at, days)", Kind.INSTANT, LATE + 7 * DAY),
        ("add_months(delivered_at, rounds)", Kind.INSTANT, dt.datetime(2027, 2, 1, 15, tzinfo=dt.UTC)),
        ("latest(opened_at, delivered_at)", Kind.INSTANT, LATE + dt.timedelta(hours=2)),
        ("remedy_time + remedy_time", Kind.DURATION, 4 * DAY),
        ("remedy_time - remedy_time", Kind.DURATION, dt.timedelta()),
    ],
)
def test_dates_are_counted_in_the_policys_timezone(text: str, kind: Kind, result: Value) -> None:
    """Days change at midnight of the policy's timezone, not of the instants' own."""
    facts: dict[str, Value] = {"delivered_at": LATE, "opened_at": LATE + dt.timedelta(hours=2), "days": 7, "rounds": 3}
    assert evaluate(read(text, kind), PlainCase(facts, {"remedy_time": 2 * DAY})) == result


LINES: tuple[Mapping[str, Value], ...] = (
    {"gift": T, "paid": 0, "quantity_left": 1},
    {"gift": F, "paid": 590, "quantity_left": 2},
    {"paid": 10},
)


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("every(claimed, gift)", Kind.FLAG, F),
        ("every(lines, gift or days > 0)", Kind.FLAG, U),
        ("some(claimed, gift)", Kind.FLAG, T),
        ("some(lines, paid > claimed_paid)", Kind.FLAG, F),
        ("total(claimed, paid)", Kind.MONEY, 600),
        ("total(lines, paid)", Kind.MONEY, 0),
        ("total(claimed, quantity_left)", Kind.COUNT, U),
        ("how_many(claimed, paid > 0)", Kind.COUNT, 2),
        ("how_many(claimed, gift)", Kind.COUNT, U),
        ("how_many(lines, gift)", Kind.COUNT, 1),
    ],
)
def test_lines_are_looked_through(text: str, kind: Kind, result: Value) -> None:
    """``every`` and ``some`` follow Kleene over the lines; sums and counts need every line known."""
    case = PlainCase({"days": 0, "claimed_paid": 1}, {}, {"claimed": LINES, "lines": LINES[:1]})
    if "days > 0" in text:
        case = PlainCase({}, {}, {"lines": LINES[1:2]})
    assert evaluate(read(text, kind), case) == result


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [("every(claimed, gift)", Kind.FLAG, T), ("some(claimed, gift)", Kind.FLAG, F), ("total(claimed, paid)", Kind.MONEY, 0),
     ("how_many(claimed, gift)", Kind.COUNT, 0), ("every(lines, gift)", Kind.FLAG, U), ("total(lines, paid)", Kind.MONEY, U)],
)  # fmt: skip
def test_no_lines_and_unknown_lines(text: str, kind: Kind, result: Value) -> None:
    """Of no lines every one holds and none does; of unknown lines nothing is known."""
    assert evaluate(read(text, kind), PlainCase(rows={"claimed": ()})) == result


@pytest.mark.parametrize(
    ("text", "facts", "first"),
    [
        ("delivered and intact", {}, "delivered"),
        ("delivered and intact", {"delivered": T}, "intact"),
        ("delivered and intact", {"delivered": F}, None),
        ("delivered and intact", {"intact": F}, None),
        ("delivered or intact", {"delivered": F}, "intact"),
        ("delivered or intact", {"intact": T}, None),
        ("not (delivered and intact) or photos_sent", {"delivered": T}, "intact"),
        ("evidence == none", {}, "evidence"),
        ("evidence in (none, confirmed) and delivered", {"delivered": T}, "evidence"),
        ("days < rounds", {"days": 1}, "rounds"),
        (
            "claimed_paid - already_refunded > return_postage",
            {"claimed_paid": 1, "return_postage": 1},
            "already_refunded",
        ),
        ("days <= no_reason_days", {"days": 1}, "no_reason_days_known_by"),
        ("days <= no_reason_days", {}, "days"),
        ("goodwill or delivered", {}, "goodwill_known_by"),
        ("delivered if intact else photos_sent", {}, "intact"),
        ("delivered if intact else photos_sent", {"intact": F}, "photos_sent"),
        ("delivered if intact else photos_sent", {"intact": F, "photos_sent": T}, None),
        ("min(days, rounds) > 0", {"rounds": 0}, "days"),
        ("present(delivered_at) and intact", {"intact": T}, "delivered_at"),
        ("delivered_at <= opened_at", {"delivered_at": None}, "opened_at"),
        ("delivered_at <= opened_at", {"delivered_at": None, "opened_at": LATE}, None),
        ("delivered_at <= opened_at and intact", {"delivered_at": None, "opened_at": LATE}, "intact"),
        ("every(claimed, gift or delivered)", {}, "delivered"),
        ("every(claimed, gift)", {}, None),
        ("every(lines, delivered)", {}, None),
    ],
)
def test_the_blocker_is_the_first_fact_that_still_matters(
    text: str, facts: Mapping[str, Value], first: str | None
) -> None:
    """Facts are asked for in the author's order, and only those that can still decide."""
    case = PlainCase(facts, {}, {"claimed": ({},)})
    assert blocker(read(text), case) == first


def test_names_read() -> None:
    """Facts and params are listed once, in the author's order; ``present`` reads its fact, lines are no facts."""
    text = "days <= no_reason_days and (delivered if present(delivered_at) else days * share > rounds) and some(lines, paid > cap)"
    assert facts_of(read(text)) == ("days", "delivered", "delivered_at", "rounds")
    assert params_of(read(text)) == ("no_reason_days", "share", "cap")
