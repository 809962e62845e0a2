"""Functions of rows that tell the same facts: they answer, and refuse, as reading a row and then answering it does."""

import ast
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

import aftersales
from aftersales import CaseError, LoadedPolicy
from aftersales.case.read import read_case
from aftersales.expr.types import UNKNOWN, Kind, Value
from aftersales.money import show_money
from aftersales.policy.model import Policy
from aftersales.run.function.by_row import RowSheet
from aftersales.run.function.said import AnswerWriter
from aftersales.run.function.sheet import Names
from rows import draw_value, questioned

TESTS = Path(__file__).parents[2]
#: What a row may tell that is wrong, or right of some facts only.
ODD: tuple[object, ...] = (True, 0, 1, 1.0, -1, 10**9, None, "", "1", "1.00", "12.345", "-1.00", "buyer", "x", [], {})
FOLDERS = [
    pytest.param(TESTS / "run" / "desk", 12, id="desk"),
    pytest.param(TESTS / "bench" / "small", 20, id="small"),
]
Row = dict[str, object]


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """Load the small policy of the benchmarks once."""
    return aftersales.load(TESTS / "bench" / "small")


def written(policy: Policy, name: str, value: Value) -> object:
    """Return a value as a case writes it."""
    if isinstance(value, dt.datetime):
        return value.isoformat()
    is_money = policy.facts[name].type.kind is Kind.MONEY
    return show_money(value) if is_money and isinstance(value, int) else value


def tellable(policy: Policy, row: dict[str, Value]) -> list[str]:
    """Return the facts of a row that a case may tell, and write as JSON."""
    kinds = {Kind.FLAG, Kind.CHOICE, Kind.PARTY, Kind.COUNT, Kind.MONEY, Kind.INSTANT}
    facts = policy.facts
    return [name for name in row if name in facts and not facts[name].counter and facts[name].type.kind in kinds]


def draw_rows(policy: LoadedPolicy, dice: Random, sets: int) -> Iterator[Row]:
    """Yield rows of a few sets of facts, each set often: first as the policy asks them, then of any values."""
    model = policy.model
    rows = questioned(policy, dice, 20)
    drawn = [row for row, *_ in rows]
    while len(drawn) < sets:
        drawn += [row for row, *_ in questioned(policy, dice, 20)]
    for row in dice.sample(drawn, sets):
        names = tellable(model, row)
        yield {name: written(model, name, row[name]) for name in names}
        for _ in range(30):
            kept = {
                name: row[name] if dice.random() < 0.8 else draw_value(model.facts[name], model, dice) for name in names
            }
            told = {name: written(model, name, value) for name, value in kept.items()}
            if told and dice.random() < 0.15:
                told[dice.choice(list(told))] = dice.choice(ODD)
            yield told


def expected(policy: LoadedPolicy, row: Row) -> str:
    """Return the answer as text, or the code of the first fault, of a row that is read the long way."""
    try:
        told = dict(read_case(policy.model, {"facts": row}).told)
    except CaseError as fault:
        return fault.diagnostics[0].code
    answer = policy.function(told)
    return answer.error or AnswerWriter().write(answer)


def said(policy: LoadedPolicy, row: Row, *, as_json: bool) -> str:
    """Return what a policy says about a row; a fault is said by its code."""
    try:
        return policy.answer_json(json.dumps(row)) if as_json else AnswerWriter().write(policy.answer(row))
    except CaseError as fault:
        return fault.diagnostics[0].code


@pytest.mark.parametrize(("folder", "sets"), FOLDERS)
def test_rows_are_answered_as_ever(folder: Path, sets: int) -> None:
    """Of whatever values: the answer, or the fault, of the long way; as JSON and as an answer; the row stays as it was."""
    policy, dice = aftersales.load(folder), Random(8)  # noqa: S311 (no secret)
    met: Counter[bool] = Counter()
    for row in draw_rows(policy, dice, sets):
        before, right = json.dumps(row), expected(policy, row)
        assert said(policy, row, as_json=False) == right, row
        assert json.dumps(row) == before
        assert said(policy, row, as_json=True) == right, row
        met[right.startswith("{")] += 1
    assert min(met.values()) > 20, met
    assert len(policy._rows._answering.texts) > 1, "rows have functions of their own"
    assert len(policy._rows._saying.texts) > 1


def test_a_shared_answer_cannot_be_changed() -> None:
    """An end without amounts is one answer for all: nobody can change what the next caller gets."""
    policy = aftersales.load(TESTS / "bench" / "small")
    row = {"issue": "not_shipped", "not_shipped_cause": "in_queue", "claimed_paid": "1.00", "already_refunded": "0"}
    policy.answer(row)  # its amounts are read for the first time
    answers = [policy.answer(row) for _ in range(3)]
    assert all(answer is answers[0] for answer in answers)
    with pytest.raises(AttributeError):
        answers[0].state = "x"  # type: ignore[misc]
    for mapping in (answers[0].fen, answers[0].borne):
        with pytest.raises(TypeError):
            mapping["refund_goods"] = 1  # type: ignore[index]


def test_answers_with_amounts_are_the_callers_own() -> None:
    """What a caller does to the amounts of an answer, the next answer does not show."""
    policy = aftersales.load(TESTS / "bench" / "small")
    row = {"issue": "missing_item", "evidence": "confirmed", "warehouse_record": "no_record", "wants": "refund_only"}
    row |= {"in_stock": "true", "claimed_paid": "59.00", "already_refunded": "0.00"}
    for _ in range(3):
        answer = policy.answer({**row, "in_stock": True})
        assert answer.fen == {"refund_goods": 5900}
        answer.fen["refund_goods"] = 1  # type: ignore[index]


def test_no_word_of_an_author_becomes_code() -> None:
    """In functions of rows a policy's names stand as quoted texts only."""
    desk, dice = aftersales.load(TESTS / "run" / "desk"), Random(9)  # noqa: S311 (no secret)
    for row in draw_rows(desk, dice, 6):
        said(desk, row, as_json=dice.random() < 0.5)
    model, texts = desk.model, {**desk._rows._answering.texts, **desk._rows._saying.texts}
    authored = {
        name for words in (model.facts, model.params, model.parties, model.flows, model.states) for name in words
    }
    assert len(texts) > 1
    for text in texts.values():
        for node in ast.walk(ast.parse(text)):
            assert not authored & {getattr(node, name, None) for name in ("id", "attr", "name")}


def test_threads_may_share_functions_of_rows() -> None:
    """While functions of rows are written, callers in other threads get the answers that one gets alone."""
    alone, dice = aftersales.load(TESTS / "bench" / "small"), Random(10)  # noqa: S311 (no secret)
    rows = list(draw_rows(alone, dice, 6))
    right = [expected(alone, row) for row in rows]
    for _ in range(3):
        shared = aftersales.load(TESTS / "bench" / "small", cache=False)
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(partial(said, shared, as_json=True), rows)) == right


@pytest.mark.parametrize(("told", "follows"), [(2500, True), (0, True), (None, False), (UNKNOWN, None)])
def test_a_flag_that_follows_from_what_a_row_tells(desk: LoadedPolicy, told: Value, follows: bool | None) -> None:
    """Whether there is something is known as soon as that is told, and as none where it is told that there is none."""
    names = Names(desk.model, {})
    sheet = RowSheet(names, ())
    with sheet.loosely():
        local = sheet.read_fact("freight_insured")
    space: dict[str, object] = {"U": UNKNOWN, "f": SimpleNamespace(**{f"v{names.facts['insured_up_to']}": told})}
    exec("\n".join(line.strip() for line in sheet.lines), space)  # noqa: S102 (the engine's own text)
    assert space[local] is follows


def test_a_text_that_cannot_be_read_is_a_fault_wherever_the_case_ends(small: LoadedPolicy) -> None:
    """Every amount of a row is read, also one that its answer does not need."""
    row = {"issue": "not_shipped", "not_shipped_cause": "in_queue", "claimed_paid": "1.00", "already_refunded": "0"}
    assert small.answer(row).state == "not_shipped.urged"
    for wrong in ("1.001", "x", "-1"):
        assert said(small, {**row, "repair_price": wrong}, as_json=False) == "money_format"
        assert said(small, {**row, "repair_price": wrong}, as_json=True) == "money_format"


def test_amounts_are_kept_as_they_come(small: LoadedPolicy) -> None:
    """An amount that was never told before is read as well; the answer is the same the next time."""
    row = {"issue": "missing_item", "evidence": "confirmed", "warehouse_record": "no_record", "wants": "refund_only"}
    row |= {"already_refunded": "0.00"}
    for fen in (7, 1234, 99_999, 7, 1234):
        told = {**row, "in_stock": True, "claimed_paid": show_money(fen)}
        assert small.answer(told).fen == {"refund_goods": fen}
        assert json.loads(small.answer_json(json.dumps(told)))["amounts"] == {"refund_goods": show_money(fen)}
