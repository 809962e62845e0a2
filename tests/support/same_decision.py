"""What a decision of the engine and one of the trainer's page have in common: all but what an order record brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What is asked of the engine apart.
_APART = {"outlook": None, "parts": None}
#: What only an order record brings.
_OF_THE_ORDER: dict[str, list[object]] = {"paid_to": [], "returned_in_kind": []}


def as_the_page_says_it(decided: Mapping[str, Any]) -> dict[str, Any]:
    """Return the engine's decision (documented JSON) without what a case of the page cannot have; that is empty."""
    if "fault" in decided:
        return dict(decided)
    assert {key: decided[key] for key in _APART} == _APART
    assert {key: decided["refund"][key] for key in _OF_THE_ORDER} == _OF_THE_ORDER
    refund = {key: value for key, value in decided["refund"].items() if key not in _OF_THE_ORDER}
    return {key: value for key, value in decided.items() if key not in _APART} | {"refund": refund}
