"""Imagined cases: each condition is decided in as few worlds as it needs."""

from __future__ import annotations

import pytest

from aftersales.expr.check import read_expr
from aftersales.expr.scope import Scope
from aftersales.expr.tree import Expr
from aftersales.expr.types import FLAG, UNKNOWN, Unknown
from aftersales.policy.arrival import Known
from aftersales.policy.fields import NOTHING
from aftersales.policy.lore import Lore
from aftersales.policy.model import Offer, Policy
from aftersales.policy.world import World, explore


def _condition(policy: Policy, text: str) -> Expr:
    """Return a condition of a policy."""
    scope = Scope(
        facts={name: fact.type for name, fact in policy.facts.items()},
        params={name: param.type for name, param in policy.params.items()},
        parties=tuple(policy.parties),
    )
    expr, faults = read_expr(text, scope, FLAG, lambda _start, _end: None)
    assert expr is not None, faults
    return expr


def _answers(policy: Policy, text: str, arrival: dict[str, Known] | None = None) -> list[bool | Unknown]:
    """Return the truth of a condition in every world that it tells apart."""
    lore = Lore(policy)
    return _truths(lore, _condition(policy, text), arrival or {})


def _truths(lore: Lore, condition: Expr, arrival: dict[str, Known]) -> list[bool | Unknown]:
    found = explore(lore, lore.fields.of(arrival), (), lambda world: world.truth(condition))
    return [answer for _, answer in found]


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("intact", [UNKNOWN, True, False]),
        ("intact or not intact", [UNKNOWN, True, True]),
        ("evidence == none and evidence == confirmed", [UNKNOWN, False, False, False]),
        ("evidence in (none, confirmed)", [UNKNOWN, True, False, True]),
        ("photo_rounds < 2", [True]),
        ("true", [True]),
    ],
)
def test_listed_values_are_tried_one_by_one(minimal: Policy, text: str, answers: list[bool | Unknown]) -> None:
    """A flag, choice or counter has each of its values in one world, and is unknown in one where it may be."""
    known = {"photo_rounds": Known(frozenset({0}))}
    assert _answers(minimal, text, known) == answers


@pytest.mark.parametrize(
    "text",
    [
        "order_paid <= claimed_paid or order_paid > claimed_paid",
        "order_paid < claimed_paid or claimed_paid <= order_paid",
        "order_paid == claimed_paid or order_paid != claimed_paid",
        "days_since_delivered < 3 or days_since_delivered == 3 or days_since_delivered > 3",
        "days_since_delivered >= 0",
        "order_paid - claimed_paid < return_postage or order_paid - claimed_paid >= return_postage",
    ],
)
def test_a_comparison_and_its_negation_cover_all(minimal: Policy, text: str) -> None:
    """Two amounts that are known are below, equal or above: never none of the three."""
    read = ("order_paid", "claimed_paid", "days_since_delivered", "return_postage")
    assert set(_answers(minimal, text, {name: Known(None) for name in read})) == {True}


@pytest.mark.parametrize(
    "text",
    [
        "days_since_delivered < 2 and days_since_delivered > 5",
        "days_since_delivered == 1 and days_since_delivered == 2",
        "order_paid < claimed_paid and claimed_paid < order_paid",
        "return_postage < 0",
    ],
)
def test_what_contradicts_itself_is_false_in_every_world(minimal: Policy, text: str) -> None:
    """One amount compared twice is compared the same way, and keeps its bounds."""
    read = ("order_paid", "claimed_paid", "days_since_delivered", "return_postage")
    assert set(_answers(minimal, text, {name: Known(None) for name in read})) == {False}


@pytest.mark.parametrize(
    "text",
    [
        "photo_rounds < 2",
        "(order_paid if intact else claimed_paid) - return_postage < claimed_paid",
        "max(order_paid if intact else claimed_paid, return_postage) < order_paid",
    ],
)
def test_what_is_compared_is_the_same_however_often_it_is_imagined(minimal: Policy, text: str) -> None:
    """Amounts that a world makes are made once, so that what is known of them does not grow with the worlds."""
    lore, condition = Lore(minimal), _condition(minimal, text)
    read = ("photo_rounds", "order_paid", "claimed_paid", "return_postage", "intact")
    known = {name: Known(None) for name in read}
    first = _truths(lore, condition, known)
    kept = len(lore._pairs)
    assert kept > 0
    assert _truths(lore, condition, known) == first
    assert len(lore._pairs) == kept


def test_a_param_is_known_where_what_chooses_it_is(minimal: Policy) -> None:
    """A param that a platform overlays waits for the platform; one that everybody shares waits for nothing."""
    days = {"days_since_delivered": Known(None)}
    assert UNKNOWN in _answers(minimal, "days_since_delivered <= no_reason_days", days)
    known = {**days, "platform": Known(frozenset({"tmall"}))}
    assert UNKNOWN not in _answers(minimal, "days_since_delivered <= no_reason_days", known)
    assert UNKNOWN not in _answers(minimal, "refund_payer == finance")


def test_only_offered_values_are_answers(minimal: Policy) -> None:
    """An option counts where its condition is true; where that is unknown, so is the answer."""
    choose = minimal.states["wrong_item.choose"]
    offers: tuple[Offer, ...] = choose.offers
    exchange = choose.branches[1].guard

    def ask(world: World) -> tuple[bool | Unknown, object]:
        return world.truth(exchange), world.chosen.get(("value", "in_stock"))

    found = [answer for _, answer in explore(Lore(minimal), NOTHING, offers, ask)]
    assert (True, True) in found
    assert (UNKNOWN, None) in found
    assert (True, False) not in found
