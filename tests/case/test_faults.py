import pathlib

import pytest
import yaml

from aftersales import errors
from aftersales.case.faults import MOST_FAULTS, Path
from aftersales.case.read import read_case
from aftersales.errors import CaseError, CaseShapeError
from aftersales.source import Source, Span
from aftersales.text import Lang
from small_policy import SMALL

FAULTY = [
    pytest.param(case["case"], case["error"], case["faults"], id=case["name"])
    for case in yaml.safe_load(pathlib.Path(__file__).with_name("faults.yaml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("data", "error", "faults"), FAULTY)
def test_says_what_is_wrong_and_where(data: object, error: str, faults: list[dict[str, str]]) -> None:
    """A case at fault is refused with all its faults: code, place and message in the author's terms, hint."""
    with pytest.raises(CaseError) as caught:
        read_case(SMALL, data)
    found = [
        {"code": fault.code, "message": fault.message.en} | ({"hint": fault.hint.en} if fault.hint else {})
        for fault in caught.value.diagnostics
    ]
    assert found == faults
    assert type(caught.value) is getattr(errors, error)


@pytest.mark.parametrize(("data", "error", "faults"), FAULTY)
def test_says_it_in_chinese(data: object, error: str, faults: list[dict[str, str]]) -> None:
    """Every fault has a Chinese message of its own."""
    with pytest.raises(CaseError) as caught:
        read_case(SMALL, data)
    for fault in caught.value.diagnostics:
        assert any("一" <= sign <= "龥" for sign in fault.message.zh)


def test_points_into_the_file() -> None:
    """Where the data came from a file, the fault shows the line with the place marked."""
    source = Source("case.yaml", "facts:\n  evidence: confirm\n")
    places: dict[Path, Span] = {("facts", "evidence"): Span(source, 2, 13, 2, 20)}
    with pytest.raises(CaseError) as caught:
        read_case(SMALL, {"facts": {"evidence": "confirm"}}, where=places.get)
    assert [str(fault.span) for fault in caught.value.diagnostics] == ["case.yaml:2:13"]
    assert "evidence: confirm" in caught.value.to(Lang.EN).splitlines()[1]


def test_keeps_the_first_faults() -> None:
    """A hopeless case is refused with a readable number of faults."""
    with pytest.raises(CaseShapeError) as caught:
        read_case(SMALL, {"events": [{}] * 500})
    assert len(caught.value.diagnostics) == MOST_FAULTS


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"order": {"lines": [{}] * 1_001}}, "order.lines: at most 1000 entries, not 1001"),
        ({"events": [{}] * 10_001}, "events: at most 10000 entries, not 10001"),
        ({"order": {"refunds": [{}] * 1_001}}, "order.refunds: at most 1000 entries, not 1001"),
        ({"order": {"id": "x" * 201}}, "order.id: a text has 1 to 200 characters"),
        ({"order": {"id": 10**30}}, "order.id: text belongs here, not something else"),
        ({"facts": {"previous_exchanges": 10**5000}}, "facts.previous_exchanges: … is outside 0 to 1000000"),
        (
            {"facts": {"previous_exchanges": 1.0}},
            "facts.previous_exchanges: a whole number belongs here, not the fraction 1.0",
        ),
        ({"facts": {1: 2}}, "facts: every key is text"),
        ({"facts": {"x" * 500: 2}}, f"facts.{'x' * 39}…: there is no key or fact {'x' * 39}… here"),
    ],
    ids=["lines", "events", "refunds", "word", "number", "count", "fraction", "key", "name"],
)
def test_has_bounds(data: object, message: str) -> None:
    """Nothing in a case is longer, larger or more than its bound."""
    with pytest.raises(CaseError) as caught:
        read_case(SMALL, data)
    assert [fault.message.en for fault in caught.value.diagnostics] == [message]


def test_never_repeats_personal_data() -> None:
    """A refused phone number does not come back in the message."""
    with pytest.raises(CaseError) as caught:
        read_case(SMALL, {"claim": {"phone": "13812345678"}})
    assert "138" not in caught.value.to(Lang.ZH) + str(caught.value)
