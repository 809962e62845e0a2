"""Found cases are made small: what does not matter is left out, what is left is told plainly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from aftersales.verify.replay import Document
from aftersales.verify.smallest import smallest

OPENED = dt.datetime(2026, 11, 6, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
Facts = dict[str, object]


def told(*events: Facts, issue: str = "wrong_item", late: bool = False) -> Document:
    """Return a case told in rounds, a minute apart; ``late``: looked at ten days later."""
    made = tuple((OPENED + dt.timedelta(minutes=number), values) for number, values in enumerate(events))
    seen = OPENED + dt.timedelta(days=10) if late else None
    return Document(issue, OPENED, None, made, seen, ("lost_parcel", "wrong_item"))


def last(case: Document) -> Facts:
    """Return what is known in the end."""
    return {name: value for _, values in case.events for name, value in values.items()}


def fen(known: Facts, name: str) -> int:
    """Return an amount, or a count, 0 where it is not told."""
    value = known.get(name, 0)
    return value if isinstance(value, int) else int(str(value).replace(".", ""))


def facts(case: Document) -> object:
    """Return the facts of a case that is told at once."""
    return case.to_dict().get("facts", {})


def answers(case: Document) -> list[object]:
    """Return what the buyer wants, one answer after the other."""
    return [values["wants"] for _, values in case.events if "wants" in values]


@pytest.mark.parametrize(
    ("case", "shows", "expected"),
    [
        ({"a": True, "b": "x"}, lambda known: known.get("a") is True, {"a": True}),
        ({"paid": "153.74"}, lambda known: known.get("paid", "0.00") != "0.00", {"paid": "100.00"}),
        ({"paid": "153.74"}, lambda known: known.get("paid", "0").endswith("4"), {"paid": "153.74"}),
        (
            {"paid": "153.74"},
            lambda known: fen(known, "paid") > 120_00 and fen(known, "paid") < 200_00,
            {"paid": "153.00"},
        ),
        ({"days": 23}, lambda known: fen(known, "days") > 7, {"days": 8}),
        (
            {"x": "3.17", "y": "3.17"},
            lambda known: known.get("x", 0) == known.get("y", 1),
            {"x": "100.00", "y": "100.00"},
        ),
        ({"x": "3.17", "y": "3.18"}, lambda known: fen(known, "x") < fen(known, "y") > 0, {"y": "100.00"}),
    ],
    ids=["fewest", "round", "exact", "whole", "least", "equal", "differ"],
)
def test_plain_facts(case: Facts, shows: Callable[[Facts], bool], expected: Facts) -> None:
    """Facts that do not matter go; amounts become round ones, counts the least that shows the same."""
    found = smallest(told(case), lambda other: bool(shows(last(other))))
    assert facts(found) == expected


def test_rounds_that_do_not_matter() -> None:
    """A case told in rounds is told at once where that shows the same, and later looks are left out."""
    found = smallest(told({"a": True}, {"b": True}, late=True), lambda case: last(case).get("b") is True)
    assert found == told({"b": True})


def test_rounds_that_matter_stay() -> None:
    """An answer given twice stays two answers, and a deadline that must pass keeps its look."""
    case = told({"wants": "repair", "x": True}, {"wants": "refund"}, late=True)
    shown = smallest(case, lambda other: other.as_of is not None and answers(other) == ["repair", "refund"])
    assert [values for _, values in shown.events] == [{"wants": "repair"}, {"wants": "refund"}]
    assert shown.as_of == case.as_of


def test_another_issue_is_shorter() -> None:
    """A roundabout way is left out: the issue that leads there with fewer facts is taken."""

    def shows(case: Document) -> bool:
        return case.issue == "lost_parcel" or {"truly_lost", "listened"} <= last(case).keys()

    assert smallest(told({"truly_lost": True, "listened": True}), shows).issue == "lost_parcel"


def test_it_still_shows_what_it_did() -> None:
    """A case of which everything matters stays as it is."""
    case = told({"a": True, "paid": "0.07"}, {"a": False})
    assert smallest(case, lambda other: other == case) == case
