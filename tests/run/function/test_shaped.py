"""Plain orders of one shape: their relations looked at by a function of their own, with the same result as all others'."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest

import aftersales
from aftersales import CaseError, LoadedPolicy
from aftersales.case.quick_case import QuickCases
from aftersales.case.quick_shapes import OFTEN
from aftersales.case.quick_values import Unread
from aftersales.run.function.changes import Beyond
from aftersales.run.function.quick import Trails
from aftersales.run.loaded import shipped_folder
from aftersales.study.case_file import read_case_file

#: Changed cases of each worked one.
CHANGED = 12


@pytest.fixture(scope="module")
def policy() -> LoadedPolicy:
    """Load the shipped policy once."""
    return aftersales.load()


def plain_cases() -> Iterator[Any]:
    """Yield worked cases with an order that is claimed whole, without events."""
    for path in sorted((shipped_folder() / "cases").glob("*.yaml")):
        for case in read_case_file(path, path.name):
            data: Any = case.data
            if data.get("order") and not data.get("events") and set(data["claim"]) == {"issue", "opened_at"}:
                yield data


def outcome(decide: Callable[[], Any]) -> object:
    """Return a trail, or that there is none."""
    try:
        return decide()
    except (Beyond, CaseError):
        return None


def changed(data: Any, dice: Random, pools: dict[str, list[object]]) -> Any:
    """Return a case with one or two of what its order tells taken from other cases; some without their postage."""
    order = dict(data["order"])
    for name in dice.sample([*order], dice.choice((1, 1, 2))):
        order[name] = dice.choice(pools[name])
    if "order_paid" in order and dice.random() < 0.3:
        order.pop("postage_paid", None)
    return {**data, "order": order}


def test_a_shape_is_decided_as_any_case(policy: LoadedPolicy) -> None:
    """The same trail, or none: as worked, and with amounts, dates, lines and refunds of other cases.

    What breaks a relation is no plain order, or has no trail.
    """
    dice, trails = Random(20_261_122), Trails(policy.model)  # noqa: S311 (no secret)
    cases, worked = QuickCases(policy.model, lambda: trails.of_relations), list(plain_cases())[::3]
    pools: dict[str, list[object]] = {}
    for data in worked:
        for name, value in data["order"].items():
            pools.setdefault(name, []).append(value)
    for name in ("paid_at", "shipped_at", "delivered_at"):
        pools[name] += [None] * len(pools[name])
    shapes: Counter[tuple[str, ...] | None] = Counter()
    kept, broken = 0, 0
    for data in worked * 2:
        for again in (data, *(changed(data, dice, pools) for _ in range(CHANGED))):
            with suppress(Unread):
                read = cases.read(again)
                expected = outcome(lambda read=read: trails.of(read.told))  # type: ignore[misc]
                if read.shape is None:
                    continue
                found = outcome(lambda read=read: trails.of_shape(read.told, read.shape))  # type: ignore[misc]
                assert found == expected, again
                shapes[read.shape] += 1
                kept, broken = kept + (expected is not None), broken + (expected is None)
    assert sum(count > OFTEN for count in shapes.values()) > 30
    assert broken > 50
    assert kept > 1_000


def test_what_relations_look_at_is_told_by_the_order_alone(policy: LoadedPolicy) -> None:
    """A fact that a relation looks at, or a derived one, told besides the order: then it is a case like any other."""
    cases = QuickCases(policy.model, lambda: policy._trails.of_relations)
    data: dict[str, Any] = {
        "order": {
            "paid_at": "2026-11-01T10:00+08:00",
            "shipped_at": "2026-11-02T10:00+08:00",
            "lines": [{"sku": "A", "quantity": 1, "paid": "59.00"}],
        },
        "claim": {"issue": "wrong_item", "opened_at": "2026-11-06T11:00+08:00"},
    }
    for _ in range(OFTEN):
        cases.read(data)
    shapes = {
        name: cases.read({**data, "facts": {name: value}}).shape
        for name, value in (("evidence", "confirmed"), ("order_paid", "59.00"), ("paid", True), ("ship_late", False))
    }
    assert shapes == {"evidence": ("paid_at", "shipped_at"), "order_paid": None, "paid": None, "ship_late": None}
