"""Facts that may be a known none are read only behind their flag."""

from __future__ import annotations

import pytest

from aftersales.expr.check import unguarded_nullables
from expressions import read

FLAGS_OF = {"delivered_at": "delivered", "days": "delivered", "return_postage": "intact"}


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("days > 3", ("days",)),
        ("delivered and days > 3", ()),
        ("days > 3 and delivered", ("days",)),
        ("intact and delivered and days > 3 and return_postage > 0", ()),
        ("delivered and intact or days > 3", ("days",)),
        ("not delivered or days > 3", ()),
        ("days > 3 or not delivered", ("days",)),
        ("delivered or days > 3", ("days",)),
        ("not (delivered and days > 3)", ()),
        ("not (not delivered or days > 3)", ()),
        ("not delivered and days > 3", ("days",)),
        ("(not delivered or not intact) or days > 3 or return_postage > 0", ()),
        ("not (delivered and intact) or days > 3 or return_postage > 0", ()),
        ("not (delivered or intact) or days > 3", ("days",)),
        ("(delivered or delivered and intact) and days > 3", ()),
        ("(delivered or intact) and days > 3", ("days",)),
        ("days > 3 if delivered else photos_sent", ()),
        ("photos_sent if delivered else days > 3", ("days",)),
        ("photos_sent if not delivered else days > 3", ()),
        ("(photos_sent if days > 3 else intact) and delivered", ("days",)),
        ("present(delivered_at)", ()),
        ("present(delivered_at) and days > 3", ()),
        ("not present(delivered_at) and days > 3", ("days",)),
        ("days > 3 and days < 7 and return_postage > 0", ("days", "return_postage")),
        ("min(days, rounds) > days_between(delivered_at, opened_at)", ("days", "delivered_at")),
        ("evidence in (none, confirmed) and rounds > 0", ()),
        ("true and days > 3", ("days",)),
    ],
)
def test_a_flag_guards_what_comes_after_it(text: str, bare: tuple[str, ...]) -> None:
    """A fact counts as guarded where its flag is surely true by what stands left of it."""
    assert unguarded_nullables(read(text), FLAGS_OF, frozenset()) == bare


def test_flags_known_on_arrival_guard_everywhere() -> None:
    """A flag that is true wherever the expression is read needs no guard in it."""
    expr = read("days > 3 and return_postage > 0")
    assert unguarded_nullables(expr, FLAGS_OF, frozenset({"delivered"})) == ("return_postage",)
