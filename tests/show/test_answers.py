"""What may be typed for each type of fact."""

from __future__ import annotations

import dataclasses

import pytest

from aftersales.expr.types import Kind, Type
from aftersales.policy.model import Policy
from aftersales.run.decision import Need
from aftersales.show.answers import NoAnswerError, format_of, read_answer
from aftersales.text import Text


def asked(policy: Policy, kind: Kind, *, flag: str | None = None) -> tuple[Policy, Need]:
    """Return the policy with a fact ``asked`` of ``kind``, and the need for it."""
    fact = dataclasses.replace(policy.facts["return_postage"], name="asked", type=Type(kind), flag=flag)
    need = Need("asked", fact.title, "buyer", (), ())
    return dataclasses.replace(policy, facts={**policy.facts, "asked": fact}), need


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        (Kind.MONEY, "12.00", "12.00"),
        (Kind.MONEY, "12", "12"),
        (Kind.COUNT, "3", "3"),
        (Kind.RATE, "30%", "30%"),
        (Kind.DURATION, "48h", "48h"),
        (Kind.TIME_OF_DAY, "20:00", "20:00"),
        (Kind.INSTANT, "2026-11-06T11:00+08:00", "2026-11-06T11:00+08:00"),
    ],
)
def test_a_value_is_taken_as_a_case_file_writes_it(policy: Policy, kind: Kind, typed: str, answer: str) -> None:
    """Every type takes the form that case files use."""
    narrowed, need = asked(policy, kind)
    assert read_answer(typed, need, narrowed) == answer


def test_an_instant_without_offset_is_on_the_policys_clock(policy: Policy) -> None:
    """Nobody types an offset at a prompt: the policy's timezone is meant."""
    narrowed, need = asked(policy, Kind.INSTANT)
    assert read_answer("2026-11-06 11:00", need, narrowed) == "2026-11-06T11:00:00+08:00"


@pytest.mark.parametrize("typed", ["无", "没有", "none", "None", "-"])
def test_a_word_says_there_is_none(policy: Policy, typed: str) -> None:
    """Where a fact may be a known none, the word that the question names says so; elsewhere it is no answer."""
    nullable, need = asked(policy, Kind.INSTANT, flag="delivered")
    assert read_answer(typed, need, nullable) is None
    assert "“无”" in format_of(need, nullable).zh
    assert "'none'" in format_of(need, nullable).en
    plain, need = asked(policy, Kind.INSTANT)
    with pytest.raises(NoAnswerError):
        read_answer(typed, need, plain)


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        (Kind.MONEY, "-5", "money is never negative: -5"),
        (Kind.COUNT, "two", "a whole number, 0 or more, belongs here: two"),
        (Kind.COUNT, "1.5", "a whole number, 0 or more, belongs here: 1.5"),
        (Kind.INSTANT, "2026-02-30 11:00", "there is no such day or time"),
    ],
)
def test_a_malformed_value_says_what_belongs_there(policy: Policy, kind: Kind, typed: str, says: str) -> None:
    """The message names what was typed and the form that is wanted."""
    narrowed, need = asked(policy, kind)
    with pytest.raises(NoAnswerError, match=says):
        read_answer(typed, need, narrowed)


def test_every_free_type_tells_its_form(policy: Policy) -> None:
    """A person is never left guessing how a value is typed."""
    for kind in (Kind.MONEY, Kind.COUNT, Kind.RATE, Kind.INSTANT, Kind.DURATION, Kind.TIME_OF_DAY):
        narrowed, need = asked(policy, kind)
        assert format_of(need, narrowed) != Text("退回邮费金额", "cost of the way back")
