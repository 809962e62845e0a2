"""Junk in any place of a case, with or without parts, is a named fault: never another exception."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aftersales

DESK = aftersales.load(Path(__file__).parents[1] / "run" / "desk")
AT = "2026-11-06T12:00:00+08:00"
LINES = [{"sku": "A", "quantity": 1}]
ONE = {"issue": "lost_parcel", "lines": LINES}
WHOLE: dict[str, Any] = {
    "id": "C1",
    "as_of": "2026-11-07T11:00:00+08:00",
    "order": {"id": "1", "lines": [{"sku": "A", "quantity": 2, "paid": "10.00"}]},
    "claim": {"opened_at": "2026-11-06T11:00:00+08:00", "parts": [{**ONE, "facts": {"photos_sent": True}}, ONE]},
    "facts": {"cash_on_delivery": False},
    "events": [
        {"id": "e1", "at": AT, "part": 1, "tell": {"evidence": "confirmed"}},
        {"at": AT, "tell": {"in_stock": True}},
        {"at": AT, "part": 2, "correct": {"issue": "wrong_item"}},
        {"at": AT, "part": 1, "override": {"to": "reception.cancelled"}, "by": "supervisor", "because": "…"},
    ],
}
SINGLE = {
    **WHOLE,
    "claim": {"opened_at": "2026-11-06T11:00:00+08:00", **ONE},
    "events": [{key: value for key, value in event.items() if key != "part"} for event in WHOLE["events"]],
}
JUNK: st.SearchStrategy[object] = st.sampled_from(
    [None, 0, -1, 1.5, True, "", "x", "99999999999", [], [None], [[]], {}, {"a": 1}]
)


def places(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return every place of ``data``."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        inner = list(data.items())
    elif isinstance(data, list):
        inner = list(enumerate(data))
    return [found for key, value in inner for found in ((*path, key), *places(value, (*path, key)))]


@pytest.mark.parametrize("case", [pytest.param(WHOLE, id="parts"), pytest.param(SINGLE, id="one problem")])
@given(data=st.data())
def test_junk_anywhere_is_a_named_fault(case: dict[str, Any], data: st.DataObject) -> None:
    """Whatever stands at whatever place, the case is decided or a CaseError says what is wrong."""
    *way, last = data.draw(st.sampled_from(places(case)))
    broken: Any = copy.deepcopy(case)
    inner = broken
    for step in way:
        inner = inner[step]
    inner[last] = data.draw(JUNK)
    status, codes = "fault", set[str]()
    try:
        status = DESK.decide(broken).status
    except aftersales.CaseError as fault:
        codes = {diagnostic.code for diagnostic in fault.diagnostics}
    assert status != "fault" or codes


def test_both_cases_are_decided_as_they_are() -> None:
    """Unbroken, both are decided: what fails above fails for the junk."""
    assert DESK.decide(WHOLE).parts is not None
    assert DESK.decide(SINGLE).state == "cancelled"


@pytest.mark.parametrize("junk", [0, "", "x", [], [None], True])
@pytest.mark.parametrize("place", ["facts", "events"])
def test_no_junk_is_taken_for_nothing(place: str, junk: object) -> None:
    """What is there and is no record (or no list) is a fault, also where it looks empty."""
    if place == "events" and junk == []:
        return
    with pytest.raises(aftersales.CaseError):
        DESK.decide({**WHOLE, place: junk})


@pytest.mark.parametrize("as_of", ["nonsense", "2026-11-07T11:00:00", 5])
def test_an_instant_of_a_caller_is_read_like_any_other(as_of: Any) -> None:
    """Text that is no instant, or one without an offset, is a named fault wherever a caller hands one in."""
    opened = DESK.open(SINGLE)
    for ask in (
        lambda: DESK.decide(SINGLE, as_of=as_of),
        lambda: DESK.open(SINGLE, as_of),
        lambda: opened.advance(as_of=as_of),
    ):
        with pytest.raises(aftersales.CaseShapeError, match="as_of: "):
            ask()
