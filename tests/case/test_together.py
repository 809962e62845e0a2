"""Sets and gifts: what a claim breaks up, and what it leaves with the buyer."""

import pytest

from small_policy import look

PAID = "2026-11-01T10:00+08:00"


def claiming(
    lines: list[dict[str, object]], claimed: dict[int, int], refunds: list[dict[str, object]], fact: str
) -> object:
    """Return a fact of a paid order, claiming ``{line: units}``."""
    claim = {"lines": [{"line": number, "quantity": units} for number, units in claimed.items()]}
    return look({"order": {"paid_at": PAID, "lines": lines, "refunds": refunds}, "claim": claim}).fact(fact)


def taken(line: int, units: int, **more: object) -> dict[str, object]:
    """Return another case's refund of goods."""
    return {"case": "C0", "line": line, "quantity": units, "for": "goods", "amount": 0, "status": "done", **more}


TABLE_AND_CHAIRS: list[dict[str, object]] = [
    {"sku": "TABLE", "quantity": 2, "paid": "200.00", "bundle": "dining"},
    {"sku": "CHAIR", "quantity": 8, "paid": "400.00", "bundle": "dining"},
    {"sku": "LAMP", "quantity": 1, "paid": "50.00"},
]


@pytest.mark.parametrize(
    ("claimed", "broken"),
    [
        pytest.param({1: 1, 2: 4}, False, id="one whole set"),
        pytest.param({1: 2, 2: 8}, False, id="both sets"),
        pytest.param({1: 1}, True, id="a table without its chairs"),
        pytest.param({1: 1, 2: 3}, True, id="one chair too few"),
        pytest.param({2: 4}, True, id="the chairs alone"),
        pytest.param({3: 1}, False, id="no part of the set"),
    ],
)
def test_a_part_of_a_set(claimed: dict[int, int], broken: bool) -> None:
    """Two tables with four chairs each: only whole sets leave the rest whole."""
    assert claiming(TABLE_AND_CHAIRS, claimed, [], "bundle_broken") is broken


def test_the_rest_of_a_broken_set_makes_it_whole_again() -> None:
    """Where another case took the table, its four chairs complete the set."""
    assert claiming(TABLE_AND_CHAIRS, {2: 4}, [taken(1, 1)], "bundle_broken") is False


def test_a_set_on_one_line() -> None:
    """Units of one line are whole sets each."""
    lines: list[dict[str, object]] = [{"sku": "SET", "quantity": 3, "paid": "30.00", "bundle": "s"}]
    assert claiming(lines, {1: 1}, [], "bundle_broken") is False


WITH_GIFTS: list[dict[str, object]] = [
    {"sku": "LAMP", "quantity": 2, "paid": "100.00"},
    {"sku": "BULB", "quantity": 3, "paid": 0, "gift_price": "4.00"},
]


@pytest.mark.parametrize(
    ("claimed", "refunds", "fen"),
    [
        pytest.param({1: 2}, [], 1200, id="all lamps go back, three bulbs stay"),
        pytest.param({1: 2, 2: 2}, [], 400, id="one bulb stays"),
        pytest.param({1: 2, 2: 3}, [], 0, id="everything goes back"),
        pytest.param({1: 1}, [], 0, id="a lamp is kept, and the gifts with it"),
        pytest.param({1: 1}, [taken(1, 1)], 1200, id="the last lamp"),
        pytest.param({1: 1}, [taken(1, 1, deducted={"gifts_kept": "12.00"})], 0, id="deducted before"),
    ],
)
def test_gifts_that_stay(claimed: dict[int, int], refunds: list[dict[str, object]], fen: int) -> None:
    """Gifts are deducted at the price stated beforehand, once, and only where nothing that was bought is kept."""
    assert claiming(WITH_GIFTS, claimed, refunds, "gifts_kept") == fen
