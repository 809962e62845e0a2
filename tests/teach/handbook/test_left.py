"""What is left to the last row of a table: exactly the cases that no row above it fits."""

from __future__ import annotations

import pytest

from aftersales.expr.tree import Compare, Comparison, Expr, FactRef, Literal, Not, ParamRef
from aftersales.expr.types import Kind, Type, Value
from aftersales.policy.model import Policy, Target
from aftersales.run.loaded import LoadedPolicy
from aftersales.teach.handbook.decisions import Answers, Way, decision_of
from aftersales.teach.handbook.left import what_is_left
from aftersales.teach.handbook.rest import values_to_choose
from handbook_tables import fits, worlds

THERE = Target("x.there")
LEFT = Way({}, THERE, otherwise=True)
MONEY = Type(Kind.MONEY, low=0)
PRICE = FactRef(MONEY, "claimed_paid")
LIMIT = ParamRef(MONEY, "limit")


@pytest.fixture(scope="module")
def model(policy: LoadedPolicy) -> Policy:
    """The shipped policy as engines see it."""
    return policy.model


def left_to(way: Way, above: list[Way], model: Policy) -> dict[str, Answers] | None:
    """Return what is left, of all answers there are."""

    def answers_to(name: str) -> tuple[Value, ...]:
        return values_to_choose(model.facts.get(name) or model.params[name])

    found = what_is_left(way, above, model, answers_to)
    return None if found is None else dict(found)


def comparing(*signs: Comparison, limit: Expr = LIMIT) -> list[Way]:
    """Return a row for each sign."""
    return [Way({"claimed_paid": Answers(conditions=(Compare(sign, PRICE, limit),))}, THERE) for sign in signs]


def test_what_is_left_fits_where_nothing_above_does(model: Policy) -> None:
    """For every combination of answers the row that is left over fits by its words where no row above it does."""
    looked_at = 0
    for state in model.states.values():
        decision = decision_of((state,))
        for number, way in enumerate(decision.ways):
            left = left_to(way, list(decision.ways[:number]), model) if way.otherwise else None
            for facts in worlds(model, decision) if left is not None else ():
                said = Way({**way.answers, **(left or {})}, way.target)
                above = any(fits(one, facts) for one in decision.ways[:number])
                assert fits(said, facts) == (fits(way, facts) and not above), (state.key, facts)
                looked_at += 1
    assert looked_at > 150


@pytest.mark.parametrize(
    ("signs", "left"),
    [((">",), "<="), (("<",), ">="), ((">", "<"), "=="), (("==",), "!="), (("<=",), ">"), ((">=", "=="), "<")],
)
def test_a_comparison_leaves_its_opposite(signs: tuple[Comparison, ...], left: Comparison, model: Policy) -> None:
    """What no comparison with one limit takes is a comparison with that limit; what is more and less leaves alike."""
    found = left_to(LEFT, comparing(*signs), model)
    assert found == {"claimed_paid": Answers(conditions=(Compare(left, PRICE, LIMIT),))}


def test_a_denied_comparison_is_its_opposite(model: Policy) -> None:
    """``not >`` leaves ``>``, not a denial of a denial."""
    row = Way({"claimed_paid": Answers(conditions=(Not(Compare(">", PRICE, LIMIT)),))}, THERE)
    assert left_to(LEFT, [row], model) == {"claimed_paid": Answers(conditions=(Compare(">", PRICE, LIMIT),))}


def test_mixtures_are_not_taken_apart(model: Policy) -> None:
    """Two limits, or a row that asks two things that no other row settles, leave no list of answers."""
    other = Literal(MONEY, 500)
    assert left_to(LEFT, [*comparing(">"), *comparing("<", limit=other)], model) is None
    assert left_to(LEFT, comparing(">", "<="), model) is None
    delivered, shipped = Answers(values=(True,)), Answers(values=(True,))
    both = Way({"delivered": delivered, "shipped": shipped}, THERE)
    assert left_to(LEFT, [both], model) is None
    assert left_to(LEFT, [both, Way({"shipped": shipped}, THERE)], model) == {"shipped": Answers(values=(False,))}
    settled = left_to(LEFT, [Way({"shipped": Answers(values=(False,))}, THERE), both], model)
    assert settled == {"shipped": Answers(values=(True,)), "delivered": Answers(values=(False,))}


def test_beside_nothing_there_is_only_more(model: Policy) -> None:
    """An amount that is not 0 is said to be more, for it is never less."""
    kind = model.facts["return_postage"].type
    (condition,) = (left_to(LEFT, [Way({"return_postage": Answers(values=(0,))}, THERE)], model) or {})[
        "return_postage"
    ].conditions
    assert condition == Compare(">", FactRef(kind, "return_postage"), Literal(kind, 0))


def test_rows_above_to_the_same_place_are_part_of_what_is_left(model: Policy) -> None:
    """Sent late: two rows that differ in their sources only are one, and its sources are theirs."""
    decision = decision_of((model.states["late_shipment.sent_late"],))
    *_, above, last = decision.ways
    assert above.target != last.target
    assert set(last.sources) == {"T27", "shop_choice"}
