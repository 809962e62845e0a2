"""What may be asked of why not: an end by its outcome, title or state, for each part of a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales import LoadedPolicy, UnknownNameError, load
from aftersales.study.explain import explain

OPENED = "2026-11-06T11:00+08:00"
PHOTOS = {"facts": {"photos_sent": True}}


@pytest.fixture(scope="module")
def shop() -> LoadedPolicy:
    """The small shop's policy."""
    return load(Path(__file__).parent / "small")


def test_a_title_asks_as_well_as_a_word(shop: LoadedPolicy) -> None:
    """An outcome by name or by either title, a state by its key or by its name in the case's flow."""
    asked = ("refused", "拒绝", "wrong_item.no_evidence", "no_evidence")
    states = [explain(shop, PHOTOS, why_not=word).why_not[0].asked.states for word in asked]
    both = {"wrong_item.no_evidence", "wrong_item.sent_right"}
    assert states == [both, both, {"wrong_item.no_evidence"}, {"wrong_item.no_evidence"}]


@pytest.mark.parametrize(("word", "near"), [("reships", "reship"), ("refundd", "refunded"), ("补发货", "补发")])
def test_an_unknown_word_names_the_nearest(shop: LoadedPolicy, word: str, near: str) -> None:
    """What is no outcome and no state is a fault with a did-you-mean."""
    with pytest.raises(UnknownNameError) as raised:
        explain(shop, PHOTOS, why_not=word)
    (fault,) = raised.value.diagnostics
    assert fault.code == "unknown_outcome"
    assert fault.hint is not None
    assert fault.hint.en == f"did you mean {near}?"


def test_a_case_that_is_there_already_needs_nothing(shop: LoadedPolicy) -> None:
    """Asked for its own outcome, a case is told so, and nothing is searched."""
    (only,) = explain(shop, {"facts": {"photos_sent": False}}, why_not="refused").why_not
    assert (only.reached, only.stop, only.nearest.tried) == (True, None, 0)


def test_each_part_of_a_case_has_its_own_answer(shop: LoadedPolicy) -> None:
    """Of two parts the one that is there already needs nothing, the other one its own change."""
    lines = [{"sku": "A", "quantity": 1, "paid": "10.00"}, {"sku": "B", "quantity": 1, "paid": "20.00"}]
    parts = [
        {"lines": [{"sku": "A", "quantity": 1}], "facts": {"photos_sent": False}},
        {"lines": [{"sku": "B", "quantity": 1}], "facts": {"photos_sent": True, "warehouse_record": "confirms_seller"}},
    ]
    case = {"order": {"lines": lines}, "claim": {"opened_at": OPENED, "parts": parts}}
    first, second = explain(shop, case, why_not="no_evidence").why_not
    assert (first.reached, second.reached) == (True, False)
    (change,) = second.nearest.found[0].changes
    assert (change.fact, change.old, change.new) == ("photos_sent", True, False)
