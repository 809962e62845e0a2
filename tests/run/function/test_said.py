"""Answers as JSON text, written by the function itself: byte for byte what its answer is written as."""

import ast
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import aftersales
from aftersales import CaseError, LoadedPolicy
from aftersales.expr.types import Kind, Value
from aftersales.money import show_money
from aftersales.policy.model import Policy
from aftersales.run.function.said import MOST_AMOUNTS, Amounts, AnswerWriter
from aftersales.run.function.written import Written
from rows import questioned

TESTS = Path(__file__).parents[2]
#: A policy, how many rows, and how many of them at least are answered in text at once.
POLICIES = [
    pytest.param(TESTS / "run" / "desk", 500, 60, id="desk"),
    pytest.param(TESTS / "bench" / "small", 500, 30, id="small"),
    pytest.param(None, 80, 1, id="shipped"),
]


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """Load the small policy of the benchmarks once."""
    return aftersales.load(TESTS / "bench" / "small")


def written(policy: Policy, row: dict[str, Value]) -> dict[str, object]:
    """Return scalar facts as a case writes them."""
    return {name: _written(policy.facts[name].type.kind, value) for name, value in row.items() if name in policy.facts}


def _written(kind: Kind, value: Value) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    return show_money(value) if kind is Kind.MONEY and isinstance(value, int) else value


@pytest.mark.parametrize(("folder", "rows", "in_text"), POLICIES)
def test_what_the_function_says_is_its_answer(folder: Path | None, rows: int, in_text: int) -> None:
    """Text or answer: written down, both are the same, to the order of the amounts; on rows all over the policy."""
    policy, dice, writer = aftersales.load(folder), Random(3), AnswerWriter()  # noqa: S311 (no secret)
    met: Counter[type] = Counter()
    while met.total() < rows:
        for row, elapsed, _ in questioned(policy, dice, dice.choice((1, 3, 8, 20))):
            said = policy._functions.say(row, elapsed)
            answer = policy.function(row, elapsed)
            met[type(said)] += 1
            assert (said if isinstance(said, str) else writer.write(said)) == writer.write(answer), row
    assert met[str] >= in_text, met


def test_answer_json_is_the_answer_written(small: LoadedPolicy) -> None:
    """From text to text: what is read of a row, answered and written, byte for byte; faults are raised alike."""
    dice, writer = Random(4), AnswerWriter()  # noqa: S311 (no secret)
    met: Counter[bool] = Counter()
    while met.total() < 300:
        for row, *_ in questioned(small, dice, dice.choice((3, 8, 20))):
            expected = small.function({name: value for name, value in row.items() if name in small.model.facts})
            text = json.dumps(written(small.model, row))
            if expected.error is not None:
                with pytest.raises(CaseError) as fault:
                    small.answer_json(text)
                assert fault.value.diagnostics[0].code == expected.error
            else:
                assert small.answer_json(text) == small.answer_json(text.encode()) == writer.write(expected)
            met[expected.error is None] += 1
    assert min(met.values()) > 2


def test_an_amount_is_written_with_two_decimals() -> None:
    """Any amount, kept or not: as the engine shows it, in quotes; and only so many are kept."""
    amounts = Amounts()
    for fen in (*range(MOST_AMOUNTS + 300), 10**12 + 7, 5, 100):
        assert amounts[fen] == f'"{show_money(fen)}"'
    assert len(amounts) <= MOST_AMOUNTS


def test_no_word_of_an_author_becomes_code(desk: LoadedPolicy) -> None:
    """In the functions that answer in text a policy's names stand as quoted texts only."""
    functions = Written(desk.model, trail=False)
    functions.give(by_machine=None, timed=None)
    functions.start_said()({"issue": "wrong_item", "evidence": "confirmed", "photos_sent": True})
    model = desk.model
    authored = {
        name for words in (model.facts, model.params, model.parties, model.flows, model.states) for name in words
    }
    assert len(functions.texts) > 1
    for text in functions.texts.values():
        for node in ast.walk(ast.parse(text)):
            assert not authored & {getattr(node, name, None) for name in ("id", "attr", "name")}
            if isinstance(node, ast.JoinedStr):
                assert all(set(str(part.value)) <= {"}"} for part in node.values if isinstance(part, ast.Constant))
