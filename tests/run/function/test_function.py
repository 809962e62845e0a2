"""The policy as a function: what it answers, when it leaves a case to the machine, and what its text is made of."""

import ast
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

import aftersales
from aftersales import AmountError, Answer, CaseShapeError, LoadedPolicy, UnknownNameError
from aftersales.expr.types import Value
from aftersales.run.function import reference
from aftersales.run.function.quick import Trails, policy_function
from aftersales.run.function.reference import by_machine
from aftersales.run.function.written import Written

SMALL = Path(__file__).parents[2] / "bench" / "small"
OPENED = dt.datetime(2026, 11, 6, 3, 0, tzinfo=dt.UTC)
ROW: dict[str, Value] = {
    "issue": "wrong_item",
    "evidence": "confirmed",
    "wants": "return_and_refund",
    "return_received": True,
    "inspection_verdict": "confirmed",
    "claimed_paid": 5900,
    "already_refunded": 0,
    "postage_claimed": 800,
    "return_postage": 1200,
    "insured_up_to": 1000,
}
ISSUES = ("not_shipped", "not_received", "lost", "missing_item", "wrong_item", "quality", "no_reason", "warranty")


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """Load the small policy of the benchmarks once."""
    return aftersales.load(SMALL)


def test_an_end_with_its_money(small: LoadedPolicy) -> None:
    """Goods and both legs, the insurer's share apart; every amount in fen."""
    answer = small.function(ROW)
    assert answer == Answer(
        state="wrong_item.refunded",
        outcome="return_and_refund",
        liable="seller",
        borne={"outbound": "seller", "return": "seller"},
        fen={"refund_goods": 5900, "refund_outbound": 800, "refund_return": 200, "insured_return": 1000},
        need=None,
        error=None,
    )
    assert answer.refund_total == 6900


def test_money_that_waits_is_none(small: LoadedPolicy) -> None:
    """A receipt that nobody told blocks its own line only, and is what is asked for."""
    answer = small.function({name: value for name, value in ROW.items() if name != "return_postage"})
    assert answer.fen == {"refund_goods": 5900, "refund_outbound": 800, "refund_return": None}
    assert (answer.need, answer.refund_total) == ("return_postage", None)


def test_a_rest_asks_its_first_question(small: LoadedPolicy) -> None:
    """What is not known is asked for in the author's order; answers that rest alike are one shared object."""
    answer = small.function({"issue": "wrong_item"})
    assert (answer.state, answer.outcome, answer.need) == ("wrong_item.verify", None, "evidence")
    assert small.function({"issue": "wrong_item"}) is answer


def test_shared_answers_cannot_be_changed(small: LoadedPolicy) -> None:
    """What answers share is read-only: no caller can change what the next one gets."""
    answer = small.function({"issue": "wrong_item"})
    with pytest.raises(TypeError):
        answer.fen["refund_goods"] = 1  # type: ignore[index]


def test_a_fault_is_a_code(small: LoadedPolicy) -> None:
    """A case at fault is no exception here: the answer has the code of its fault and nothing else."""
    answer = small.function({**ROW, "already_refunded": 6000})
    assert answer == Answer("", None, "undecided", {}, {}, None, "relation_broken")


@pytest.mark.parametrize(("hours", "state"), [(48, "wrong_item.choose"), (49, "wrong_item.way_back")])
def test_a_deadline_passes_after_its_last_instant(small: LoadedPolicy, hours: int, state: str) -> None:
    """At the deadline itself the case still waits; after it, silence is recorded and the case goes on."""
    row: dict[str, Value] = {
        "issue": "wrong_item",
        "evidence": "confirmed",
        "platform": "taobao",
        "in_stock": True,
        "opened_at": OPENED,
    }
    assert small.function(row, dt.timedelta(hours=hours)).state == state
    assert by_machine(small.machine, small.model, row, dt.timedelta(hours=hours)).state == state


def test_without_an_instant_no_clock_runs(small: LoadedPolicy) -> None:
    """A row that does not say when it was told rests, however much later it is seen."""
    row: dict[str, Value] = {"issue": "wrong_item", "evidence": "confirmed"}
    assert small.function(row, dt.timedelta(days=400)).state == "wrong_item.choose"


def test_everyday_rows_need_no_machine(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function decides on its own; only what it cannot show to be the same goes to the machine."""

    def refuse(*_: object) -> Answer:
        raise AssertionError

    monkeypatch.setattr(reference, "by_machine", refuse)
    function = policy_function(small.model, lambda: small.machine, Trails(small.model))
    assert function(ROW).state == "wrong_item.refunded"
    assert function({"issue": "lost"}).need == "carrier_chosen_by"
    with pytest.raises(AssertionError):
        function({**ROW, "freight_insured": False})


def test_answer_reads_what_a_case_writes(small: LoadedPolicy) -> None:
    """Amounts as text, flags as text or flags: the same answer as from the engine's own values."""
    written = {name: f"{value // 100}.{value % 100:02}" for name, value in ROW.items() if type(value) is int}
    assert small.answer({**ROW, **written, "return_received": "true"}) == small.function(ROW)


@pytest.mark.parametrize(
    ("row", "error", "code"),
    [
        ({"issue": "wrong_itm"}, UnknownNameError, "unknown_value"),
        ({"isue": "wrong_item"}, UnknownNameError, "unknown_name"),
        ({"claimed_paid": 59.0}, CaseShapeError, "money_format"),
        ({"return_received": 1}, CaseShapeError, "not_a_flag"),
        ({"days_since_delivered": True}, CaseShapeError, "not_a_count"),
        ({"claimed_paid": None}, CaseShapeError, "null_value"),
        ({"issue": ["wrong_item"]}, CaseShapeError, "not_text"),
        ({"claimed_paid": "59.001"}, CaseShapeError, "money_format"),
    ],
)
def test_answer_names_what_cannot_be_read(
    small: LoadedPolicy, row: dict[str, object], error: type[aftersales.CaseError], code: str
) -> None:
    """Nothing is read loosely, also where an equal value of another type was read before."""
    small.answer({"return_received": True, "days_since_delivered": 1})
    with pytest.raises(error) as fault:
        small.answer(row)
    assert [diagnostic.code for diagnostic in fault.value.diagnostics] == [code]


def test_answer_raises_what_cannot_be_decided(small: LoadedPolicy) -> None:
    """An amount above its bound is the machine's own fault, with its maximum."""
    row = {"issue": "wrong_item", "evidence": "confirmed", "wants": "partial_refund", "offered_amount": "20.01"}
    with pytest.raises(AmountError, match=r"the maximum here is 20\.00"):
        small.answer(row)


def test_json_in_and_out(small: LoadedPolicy) -> None:
    """A JSON object of facts gives a JSON object: amounts as text, null for a line that waits."""
    text = '{"issue": "wrong_item", "evidence": "confirmed", "wants": "partial_refund", "offered_amount": "18.00"}'
    assert ast.literal_eval(small.answer_json(f" {text} ").replace("null", "None")) == {
        "state": "wrong_item.kept",
        "outcome": "partial_refund",
        "liable": "seller",
        "need": None,
        "borne": {},
        "amounts": {"refund_goods": "18.00"},
    }
    assert small.answer_json(text.encode()) == small.answer_json(text)


#: Rows as text that readers of JSON do not all read alike.
STRANGE = (
    '{"issue": "lost", "issue": "warranty"}',
    '{"claimed_paid": 12345678901234567890}',
    '{"days_since_delivered": -0}',
    '{"days_since_delivered": 1e0}',
    '{"claimed_paid": NaN}',
    '{"issue": "\\ud800"}',
    '{"issue": "lost", "in_stock": 1}',
    '{"issue": "lo\nst"}',
    '{"issue": ["lost"]}',
    '{"isue": "lost"}',
    '[{"issue": "lost"}]',
    '{"issue": "lost"}}',
    '{"issue": "lost",}',
    "[" * 100_000,
    b'\xef\xbb\xbf{"issue": "lost"}',
    '{"issue": "lost"}'.encode("utf-16"),
    b'{"issue": "\xff"}',
    '{"issue": "lost", "carrier_chosen_by": "seller", "claimed_paid": "59.00", "already_refunded": "0.00"}',
)


def refuse(_text: object) -> NoReturn:
    """Read nothing."""
    raise ValueError


@pytest.fixture(scope="module")
def unread() -> LoadedPolicy:
    """Load the small policy so that it reads no JSON at one go."""
    policy = aftersales.load(SMALL)
    policy._rows._rows.read_json = refuse
    return policy


@pytest.mark.parametrize("text", STRANGE)
def test_json_is_read_as_python_reads_it(small: LoadedPolicy, unread: LoadedPolicy, text: str | bytes) -> None:
    """The fast reader of JSON changes no answer and no fault; without it all is read by Python's own."""
    said = []
    for policy in (small, unread):
        try:
            said.append(policy.answer_json(text))
        except aftersales.CaseError as fault:
            said.append(" ".join(diagnostic.code for diagnostic in fault.diagnostics))
    assert said[0] == said[1]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"issue": "lost"} x', "nan", b"\xff"])
def test_what_is_no_json_object_is_refused(small: LoadedPolicy, text: str | bytes) -> None:
    """Only a JSON object is a row of facts."""
    with pytest.raises(CaseShapeError, match="a JSON object belongs here"):
        small.answer_json(text)


def words_of(policy: LoadedPolicy) -> Iterator[str]:
    """Yield every name and word that the author of a policy chose."""
    model = policy.model
    for words in (model.facts, model.params, model.parties, model.outcomes, model.legs, model.flows, model.states):
        yield from words
    for fact in model.facts.values():
        yield from fact.type.values


def test_no_word_of_an_author_becomes_code(desk: LoadedPolicy) -> None:
    """In the generated text a policy's names stand as quoted texts only; identifiers are the generator's own."""
    written = Written(desk.model, trail=False)
    written.give(by_machine=None, timed=None)
    written.start_surely()({"issue": "wrong_item", "evidence": "confirmed", "photos_sent": True})
    written.codes()
    authored = set(words_of(desk))
    assert len(written.texts) > 3
    for text in written.texts.values():
        for node in ast.walk(ast.parse(text)):
            names = {getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "name", None)}
            assert not authored & names


def test_threads_may_share_a_policy_from_its_first_decision_on() -> None:
    """Functions are written when they are first called; many callers at once get the answers that one gets."""
    rows = [{**ROW, "issue": issue, "evidence": word} for issue in ISSUES for word in ("none", "confirmed")] * 20
    alone = aftersales.load(SMALL)
    expected = [alone.function(row) for row in rows]
    for _ in range(5):
        shared = aftersales.load(SMALL, cache=False)
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(shared.function, rows)) == expected
