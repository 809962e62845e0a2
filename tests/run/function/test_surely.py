"""The function takes facts as told: where one is not, or is told as nothing, it answers as the careful one does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

import aftersales
from aftersales import Answer, LoadedPolicy
from aftersales.expr.types import Value
from aftersales.run.function.reference import by_machine
from rows import Row, questioned

TESTS = Path(__file__).parents[2]
POLICIES = [
    pytest.param(TESTS / "run" / "desk", 25, id="desk"),
    pytest.param(TESTS / "bench" / "small", 60, id="small"),
    pytest.param(None, 3, id="shipped"),
]


def whole(policy: LoadedPolicy) -> Callable[[Row], Answer]:
    """Return the function that asks of every fact whether it is known."""
    found: Callable[[Row], Answer] = policy.function.__globals__["whole"]
    return found


def last_rows(policy: LoadedPolicy, rows: int) -> Iterator[Row]:
    """Yield rows that tell all that their case was asked, to its end or to where it rests."""
    dice = Random(17)  # noqa: S311 (rows to test with, no secret)
    left = rows
    while left:
        asked = [row for row, *_ in questioned(policy, dice, 20)]
        if len(asked) > 2:
            left -= 1
            yield asked[-1]


@pytest.mark.parametrize(("folder", "rows"), POLICIES)
def test_a_fact_that_is_not_told(folder: Path | None, rows: int) -> None:
    """Without any one of its facts, a row is answered as the machine answers it."""
    policy, questions = aftersales.load(folder), 0
    for row in last_rows(policy, rows):
        for name in row:
            less = {other: value for other, value in row.items() if other != name}
            answer = policy.function(less)
            assert answer == by_machine(policy.machine, policy.model, less) == whole(policy)(less), (row, name)
            questions += answer.need == name
    assert questions > 2


@pytest.mark.parametrize(("folder", "rows"), POLICIES)
def test_a_fact_that_is_told_as_nothing(folder: Path | None, rows: int) -> None:
    """Where a fact is told as none, the careful function's answer is given; if it may be none, it is the machine's too."""
    policy, machine = aftersales.load(folder), 0
    for row in last_rows(policy, rows):
        for name in row.keys() & policy.model.facts.keys():
            nothing: dict[str, Value] = {**row, name: None}
            answer = found(policy.function, nothing)
            assert answer == found(whole(policy), nothing), (row, name)
            if policy.model.facts[name].flag is not None:
                assert answer == by_machine(policy.machine, policy.model, nothing), (row, name)
                machine += 1
    assert machine > 2


def found(function: Callable[[Row], Answer], row: Row) -> Answer | type[Exception]:
    """Return an answer, or what is raised where a fact is told as nothing that may not be."""
    try:
        return function(row)
    except (KeyError, TypeError) as fault:
        return type(fault)


def test_what_is_asked_may_be_missing_from_the_start() -> None:
    """A row without the facts that every order tells, or without any, is answered too."""
    policy = aftersales.load(TESTS / "bench" / "small")
    rows: tuple[Row, ...] = ({}, {"issue": "lost"}, {"issue": "lost", "claimed_paid": 5900}, {"issue": "x"})
    for row in rows:
        assert policy.function(row) == by_machine(policy.machine, policy.model, row)


def test_a_value_of_another_type_is_the_callers_fault() -> None:
    """Facts are taken unchecked: what cannot be looked at is a TypeError, as it is in Python."""
    policy = aftersales.load(TESTS / "bench" / "small")
    with pytest.raises(TypeError):
        policy.function({"issue": ["lost"]})
    with pytest.raises(TypeError):
        policy.function({"issue": "lost", "claimed_paid": "59.00", "already_refunded": 0})
