"""Relations that need no look: only those that what is derived keeps by itself, whatever a case tells."""

import datetime as dt
from itertools import product

import pytest

import aftersales
from aftersales import LoadedPolicy
from aftersales.case.model import Case, Claim
from aftersales.case.view import CaseView
from aftersales.expr.evaluate import evaluate
from aftersales.expr.tree import Either, Expr, FactRef, Not
from aftersales.expr.types import FLAG, Value
from aftersales.expr.words import code
from aftersales.run.function.implied import never_broken
from aftersales.run.function.params import fixed_params

START = dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


def follows(first: str, then: str) -> Expr:
    """Return that a flag comes with another one."""
    return Either((Not(FactRef(FLAG, first)), FactRef(FLAG, then)))


def test_the_relations_of_the_shipped_policy(policy: LoadedPolicy) -> None:
    """What is very late is late, and what was shipped too late was shipped: dates that were told may yet disagree."""
    fixed = fixed_params(policy.model)
    conditions = [one.condition for one in policy.model.holds]
    assert [code(one) for one in conditions if never_broken(policy.model, fixed, one)] == [
        "not long_late or ship_late",
        "not first_scan_overdue or shipped",
        "not shipped_after_request or shipped",
    ]


@pytest.mark.parametrize(
    ("condition", "changed"),
    [
        (follows("ship_late", "long_late"), {}),
        (follows("delivered", "shipped"), {}),
        (follows("shipped", "first_scan_overdue"), {}),
        (FactRef(FLAG, "shipped"), {}),
        (follows("long_late", "ship_late"), {"long_late_days": 0}),
        (follows("long_late", "ship_late"), {"long_late_days": None}),
        (follows("long_late", "ship_late"), {"promised_ship_days": None}),
    ],
)
def test_what_may_be_broken_is_looked_at(policy: LoadedPolicy, condition: Expr, changed: dict[str, int | None]) -> None:
    """The other way round, between dates that are told, by no days, or with a param that a case may lack."""
    fixed = {**fixed_params(policy.model), **changed}
    known = {name: value for name, value in fixed.items() if value is not None}
    assert not never_broken(policy.model, known, condition)


def test_no_dates_break_them(policy: LoadedPolicy) -> None:
    """Whatever instants are told, none, or not told at all, near each other or not: never false."""
    fixed, model = fixed_params(policy.model), policy.model
    implied = [one.condition for one in model.holds if never_broken(model, fixed, one.condition)]
    instants = (START, START + dt.timedelta(days=3), START + dt.timedelta(days=6, seconds=1))
    names = ("paid_at", "shipped_at", "opened_at", "promised_ship_by", "ordered_at")
    seen = set()
    for dates in product((*instants, None, "untold"), repeat=len(names)):
        told: dict[str, Value] = {
            name: date
            for name, date in zip(names, dates, strict=True)
            if isinstance(date, dt.datetime) or (date is None and model.facts[name].flag is not None)
        }
        view = CaseView(model, Case(None, None, Claim(None, None), told), told)
        seen |= {(number, evaluate(condition, view)) for number, condition in enumerate(implied)}
    assert {value for _, value in seen if isinstance(value, bool)} == {True}
