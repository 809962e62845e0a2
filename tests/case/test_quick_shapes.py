"""Records that come again and again with the same keys: read as they are read one value after another."""

import ast
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import aftersales
from aftersales import LoadedPolicy
from aftersales.case import quick_shapes
from aftersales.case.quick_shapes import MOST_SHAPES, OFTEN, Shapes
from aftersales.case.quick_values import QuickValues, Unread
from told_rows import kinds, long_way

SMALL = Path(__file__).parents[1] / "bench" / "small"
#: What is told of any fact: right, of another type that is equal to it, or nothing like it.
ODD: tuple[object, ...] = (True, False, 1, 0, 1.0, 0.0, 2, None, "true", "1", "12.00", "-1", 12.5, [], {}, 10**9, "")
KEYS = ("issue", "ship_late", "days_since_delivered", "claimed_paid", "insured_up_to", "wants", "in_stock")
RIGHT: dict[str, object] = {
    "issue": "wrong_item",
    "ship_late": True,
    "days_since_delivered": 3,
    "claimed_paid": "59.00",
    "insured_up_to": "25.00",
    "wants": "exchange",
    "in_stock": False,
}


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """Load the small policy of the benchmarks once."""
    return aftersales.load(SMALL)


def test_rows_are_read_alike(small: LoadedPolicy) -> None:
    """Right or wrong, and of whatever type: the same values, or left to the long way; from the first row on."""
    dice, values = Random(1), QuickValues(small.model)  # noqa: S311 (no secret)
    met: Counter[bool] = Counter()
    for _ in range(4000):
        row = {**RIGHT, **{name: dice.choice(ODD) for name in KEYS if dice.random() < 0.15}}
        right = long_way(small, row)
        try:
            told = values.read(row)
        except Unread:
            continue
        assert right is not None, row
        assert kinds(told) == kinds(right)
        met[right == RIGHT] += 1
    assert met.total() > 1000


def test_a_row_at_fault_is_never_read(small: LoadedPolicy) -> None:
    """Each wrong value alone, in rows whose keys came often: what the long way refuses is refused here."""
    values = QuickValues(small.model)
    for _ in range(OFTEN):
        values.read(RIGHT)
    for name in KEYS:
        for odd in ODD:
            row = {**RIGHT, name: odd}
            right = long_way(small, row)
            if right is None:
                with pytest.raises(Unread):
                    values.read(row)
            elif type(odd) is not float:
                assert kinds(values.read(row)) == kinds(right)


def test_what_is_read_is_the_readers_own(small: LoadedPolicy) -> None:
    """The record stays as it was, and what was read of it does not change with it."""
    values, row = QuickValues(small.model), dict(RIGHT)
    for _ in range(OFTEN + 1):
        told = values.read(row)
    assert row == RIGHT
    row["issue"] = "lost"
    assert told["issue"] == "wrong_item"


def test_keys_that_are_no_facts(small: LoadedPolicy) -> None:
    """A name that the policy does not know is never read over, however often it comes."""
    values = QuickValues(small.model)
    for _ in range(OFTEN + 1):
        with pytest.raises(Unread):
            values.read({**RIGHT, "isue": "lost"})
    assert values.reader(("id", "issue"), ("id",))({"id": "C1", "issue": "lost"}) == {"issue": "lost"}


def test_readers_are_few() -> None:
    """However many different keys come, only so many readers are written, and only for those that come often."""
    shapes = Shapes(lambda keys: lambda _: dict.fromkeys(keys))
    for number in range(2 * MOST_SHAPES):
        record = {str(number): None}
        made = [shapes.count(record) for _ in range(OFTEN)]
        assert made[:-1] == [None] * (OFTEN - 1)
    assert len(shapes.readers) == MOST_SHAPES


def test_no_name_becomes_code(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the text of a reader the names of facts stand as quoted texts only."""
    texts: list[str] = []

    def kept(text: str, *rest: str) -> object:
        texts.append(text)
        return compile(text, *rest)

    monkeypatch.setattr(quick_shapes, "compile", kept, raising=False)
    QuickValues(small.model).reader(tuple(RIGHT))
    names = {getattr(node, "id", None) or getattr(node, "attr", None) for node in ast.walk(ast.parse(texts[0]))}
    assert not names & set(RIGHT)
