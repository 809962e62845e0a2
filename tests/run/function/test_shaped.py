"""Plain orders of one shape: their relations looked at by a function of their own, with the same result as all others'."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

import aftersales
from aftersales import CaseError, LoadedPolicy
from aftersales.case.quick_case import QuickCases
from aftersales.case.quick_shapes import OFTEN
from aftersales.case.quick_values import Unread
from aftersales.expr.types import Value
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


def shaped(policy: LoadedPolicy, trails: Trails) -> Iterator[tuple[dict[str, Value], tuple[str, ...]]]:
    """Yield what worked cases with plain orders tell, and the shapes of these."""
    cases = QuickCases(policy.model, lambda: trails.of_relations)
    worked = [
        case.data
        for path in sorted((shipped_folder() / "cases").glob("*.yaml"))
        for case in read_case_file(path, path.name)
    ]
    for data in worked:
        for _ in range(OFTEN + 1):
            try:
                read = cases.read(data)
            except Unread:
                break
        else:
            if read.shape is not None:
                yield read.told, read.shape


def outcome(decide: Callable[[], Any]) -> object:
    """Return a trail, or that there is none."""
    try:
        return decide()
    except (Beyond, CaseError):
        return None


def changed(told: dict[str, Value], dice: Random, pools: dict[str, list[Value]]) -> dict[str, Value]:
    """Return what is told with one or two values taken from other cases, in place of those that are told."""
    return told | {name: dice.choice(pools[name]) for name in dice.sample([*told], dice.choice((1, 1, 2)))}


def test_a_shape_is_decided_as_any_case(policy: LoadedPolicy) -> None:
    """The same trail, or none: as worked, and with amounts and dates of other cases, which break relations."""
    dice, trails = Random(20_261_122), Trails(policy.model)  # noqa: S311 (no secret)
    cases = list(shaped(policy, trails))[::3]
    pools: dict[str, list[Value]] = {}
    for told, _ in cases:
        for name, value in told.items():
            pools.setdefault(name, []).append(value)
    for name in ("paid_at", "shipped_at", "delivered_at"):
        pools[name] += [None] * len(pools[name])
    for told, shape in cases:
        for _ in range(OFTEN):
            outcome(lambda told=told, shape=shape: trails.of_shape(told, shape))  # type: ignore[misc]
    kept, broken = 0, 0
    for told, shape in cases:
        for other in (told, *(changed(told, dice, pools) for _ in range(CHANGED))):
            expected = outcome(lambda other=other: trails.of(other))  # type: ignore[misc]
            assert outcome(lambda other=other, shape=shape: trails.of_shape(other, shape)) == expected  # type: ignore[misc]
            kept, broken = kept + (expected is not None), broken + (expected is None)
    assert broken > 100
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
