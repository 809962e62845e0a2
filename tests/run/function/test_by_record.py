"""The function of records: it answers as the machine does, whatever a record tells, and refuses what is no fact."""

import ast
import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from msgspec import structs

import aftersales
from aftersales import LoadedPolicy
from aftersales.expr.types import UNKNOWN, Value
from aftersales.run.function.answer import Answer
from aftersales.run.function.reference import by_machine
from rows import OPENED, Row, questioned

TESTS = Path(__file__).parents[2]
SMALL = TESTS / "bench" / "small"
POLICIES = [
    pytest.param(TESTS / "run" / "desk", 1_000, 20, id="desk"),
    pytest.param(SMALL, 1_000, 25, id="small"),
    pytest.param(None, 300, 40, id="shipped"),
]


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """Load the small policy of the benchmarks once."""
    return aftersales.load(SMALL)


def drawn(policy: LoadedPolicy, dice: Random) -> list[Row]:
    """Return some rows that a record may tell: without facts that follow from others, and without a clock."""
    facts = policy.model.facts
    may_be_told = {name for name, fact in facts.items() if fact.derived is None and not fact.counter}
    asked = [row for row, *_ in questioned(policy, dice, dice.choice((1, 3, 8, 20)))]
    return [{name: value for name, value in row.items() if name in may_be_told} for row in asked]


@pytest.mark.parametrize(("folder", "rows", "states"), POLICIES)
def test_a_record_is_answered_as_the_machine_answers(folder: Path | None, rows: int, states: int) -> None:
    """State, outcome, liability, bearers, fen, first need and fault, on rows all over the policy, most of them partly known."""
    policy, dice, met = aftersales.load(folder), Random(20261122), Counter[str]()  # noqa: S311 (no secret)
    while met.total() < rows:
        for row in drawn(policy, dice):
            answer = policy.record_function(policy.record_type(**row))
            assert answer == by_machine(policy.machine, policy.model, row, None), row
            met[answer.error or answer.state] += 1
    assert len(met) >= states


def test_what_is_not_told_is_asked_for(small: LoadedPolicy) -> None:
    """A bot tells a record one answer after another until the case is decided; a record itself never changes."""
    first = small.record_type(issue="not_shipped", claimed_paid=5900, already_refunded=0, postage_claimed=0)
    asked = small.record_function(first)
    assert (asked.need, asked.outcome) == ("not_shipped_cause", None)
    second = structs.replace(first, not_shipped_cause="order_overlooked")
    assert small.record_function(second).need == "wants"
    end = small.record_function(structs.replace(second, wants="refund_only"))
    assert (end.outcome, end.need, dict(end.fen)) == ("refund_only", None, {"refund_goods": 5900})
    with pytest.raises(AttributeError):
        first.wants = "refund_only"


def test_none_is_told_where_a_fact_may_be_none(small: LoadedPolicy) -> None:
    """Whether the way back is insured is not the same as that nobody knows it."""
    back = {"issue": "no_reason", "returnable": True, "days_since_delivered": 3, "return_received": False}
    order = {"claimed_paid": 5900, "already_refunded": 0, "return_postage": 1000}
    unknown, none, some = (
        small.record_function(small.record_type(**back, **order, **told)).fen
        for told in ({}, {"insured_up_to": None}, {"insured_up_to": 800})
    )
    assert "insured_return" not in none
    assert some["insured_return"] == 800
    assert small.record_type().insured_up_to is UNKNOWN
    assert unknown == small.function({**back, **order}).fen


@pytest.mark.parametrize("name", ["isue", "freight_insured", "v12", "elapsed"])
def test_what_is_no_fact_to_tell_is_refused(small: LoadedPolicy, name: str) -> None:
    """A slip of the pen, a fact that follows from others, and the engine's own names are no part of a record."""
    with pytest.raises(TypeError, match=name):
        small.record_type(**{name: True})


def test_a_record_at_fault_has_its_code(small: LoadedPolicy) -> None:
    """Nothing is raised about a case at fault."""
    told = small.record_type(issue="lost", claimed_paid=100, already_refunded=200)
    assert small.record_function(told) == small.function(
        {"issue": "lost", "claimed_paid": 100, "already_refunded": 200}
    )
    assert small.record_function(told).error == "relation_broken"


@pytest.mark.parametrize(
    "value", [True, 0, "lost", Fraction(1, 3), OPENED, dt.timedelta(days=2), dt.time(9), 10**15], ids=str
)
def test_values_are_told_as_the_engine_holds_them(small: LoadedPolicy, value: Value) -> None:
    """Whatever the careful function is given was not changed on the way, and what nobody told is not among it."""
    record = small.record_type(order_paid=value, insured_up_to=None)
    told = small._recorded.records.told(record)
    assert told == {"order_paid": value, "insured_up_to": None}
    assert type(told["order_paid"]) is type(value)


def test_no_word_of_an_author_becomes_code(small: LoadedPolicy) -> None:
    """In functions of records the facts stand by their numbers."""
    small.record_function(small.record_type(issue="lost"))
    texts = small._recorded._written.texts
    model = small.model
    authored = {name for words in (model.facts, model.params, model.parties, model.states) for name in words}
    assert texts
    for text in texts.values():
        for node in ast.walk(ast.parse(text)):
            assert not authored & {getattr(node, name, None) for name in ("id", "attr", "name")}


def test_threads_may_share_the_function_of_records() -> None:
    """While it is written, callers in other threads get the answers that one gets alone."""
    alone, dice = aftersales.load(SMALL), Random(3)  # noqa: S311 (no secret)
    rows = [row for _ in range(40) for row in drawn(alone, dice)]
    right = [alone.function(row) for row in rows]
    for _ in range(3):
        shared = aftersales.load(SMALL, cache=False)

        def answered(row: Row, policy: LoadedPolicy = shared) -> Answer:
            return policy.record_function(policy.record_type(**row))

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(answered, rows)) == right
