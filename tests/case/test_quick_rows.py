"""Rows read by a reader for their keys: right or wrong, usual or hostile, as the long way reads them or left to it."""

import ast
import json
from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from typing import Any

import pytest

import aftersales
from aftersales import LoadedPolicy
from aftersales.case import quick_rows
from aftersales.case.quick_rows import MOST_READERS, QuickRows
from aftersales.case.quick_shapes import OFTEN
from aftersales.case.quick_values import MOST_KEPT, QuickValues, Unread
from told_rows import kinds, long_way

TESTS = Path(__file__).parents[1]
RIGHT: dict[str, object] = {
    "issue": "wrong_item",
    "ship_late": True,
    "days_since_delivered": 3,
    "claimed_paid": "59.00",
    "insured_up_to": "25.00",
    "postage_claimed": "8",
    "carrier_chosen_by": "seller",
    "wants": "exchange",
    "in_stock": False,
}
#: What JSON can say of any fact: right, of another type that is equal to it, or nothing like it.
ODD: tuple[object, ...] = (
    *(True, False, 1, 0, 1.0, 0.0, -0.0, 2, -1, 3650, 3651, 10**9, 10**30, 12.5, None, [], {}, [1], {"a": 1}),
    *("", "true", "false", "1", "12.00", "0.1", "-1", "+1", " 1", "1 ", "1.", ".5", "1e2", "1_0", "١٢", "12.345"),
    *(
        "99999.00",
        "99999.01",
        "999.00",
        "999.01",
        "00.10",
        "NaN",
        "inf",
        "wrong_item",
        "Wrong_item",
        "exchange",
        "buyer",
    ),
    "x" * 5000,
)


@pytest.fixture(scope="module")
def small() -> LoadedPolicy:
    """Load the small policy of the benchmarks once."""
    return aftersales.load(TESTS / "bench" / "small")


def rows_of(policy: LoadedPolicy) -> QuickRows:
    """Return what reads rows of a policy, and has read none yet."""
    return QuickRows(policy.model, QuickValues(policy.model))


def with_readers(policy: LoadedPolicy, dice: Random) -> QuickRows:
    """Return readers of rows that have come often, of many sets of keys."""
    rows = rows_of(policy)
    for _ in range(20):
        keys = [name for name in RIGHT if dice.random() < 0.8]
        for _ in range(OFTEN + 1):
            rows.read({name: RIGHT[name] for name in keys})
    return rows


def test_rows_are_read_as_the_long_way_reads_them(small: LoadedPolicy) -> None:
    """Some values odd, some keys missing or in another order: the same values in the same order, or left to it."""
    dice = Random(5)  # noqa: S311 (no secret)
    rows = with_readers(small, dice)
    met: Counter[bool] = Counter()
    for _ in range(4000):
        names = [name for name in RIGHT if dice.random() < 0.9]
        dice.shuffle(names)
        row = {name: dice.choice(ODD) if dice.random() < 0.08 else RIGHT[name] for name in names}
        if dice.random() < 0.02:
            row["isue"] = "lost"
        right, before = long_way(small, row), json.dumps(row)
        try:
            told = rows.read(row)
        except Unread:
            met[False] += 1
            assert json.dumps(row) == before, "what is not read is not changed"
            continue
        assert right is not None, row
        assert kinds(told) == kinds(right)
        assert told is not row
        assert json.dumps(row) == before
        met[True] += 1
    assert min(met.values()) > 300


def test_each_odd_value_alone(small: LoadedPolicy) -> None:
    """Each odd value of each fact, in rows that have a reader: what the long way refuses is refused."""
    rows = rows_of(small)
    for _ in range(OFTEN):
        rows.read(dict(RIGHT))
    read = 0
    for name in RIGHT:
        for odd in ODD:
            right = long_way(small, {**RIGHT, name: odd})
            row = {**RIGHT, name: odd}
            if right is None:
                with pytest.raises(Unread):
                    rows.read(row)
            else:
                try:
                    told = rows.read(row)
                except Unread:  # a whole number written as 1.0 is left to the long way
                    assert isinstance(odd, int | float)
                else:
                    assert kinds(told) == kinds(right)
                    read += 1
    assert read > len(RIGHT)


def test_a_row_that_makes_up_its_values(small: LoadedPolicy) -> None:
    """A mapping that has a value for every key tells nothing that is not in it, and is not changed."""
    rows = with_readers(small, Random(5))  # noqa: S311 (no secret)
    made_up: defaultdict[str, object] = defaultdict(lambda: "exchange", {"issue": "lost"})
    assert rows.read(made_up) == {"issue": "lost"}
    assert dict(made_up) == {"issue": "lost"}


def test_readers_are_few(small: LoadedPolicy) -> None:
    """However many sets of keys come, so many readers are written; each row is read all the same."""
    rows, dice = rows_of(small), Random(2)  # noqa: S311 (no secret)
    flags = [name for name, fact in small.model.facts.items() if fact.type.kind == "flag" and fact.derived is None]
    for _ in range(3 * MOST_READERS):
        row = {name: dice.random() < 0.5 for name in flags if dice.random() < 0.5}
        for _ in range(OFTEN + 1):
            assert rows.read(row) == row
    assert len(rows._by_keys._readers) == MOST_READERS


def test_meanings_are_few(small: LoadedPolicy) -> None:
    """However many amounts are told, only so many are kept, and each is read right."""
    rows = rows_of(small)
    for fen in range(2 * MOST_KEPT + 10):
        assert rows.read({"claimed_paid": f"{fen // 100}.{fen % 100:02}"}) == {"claimed_paid": fen}
    assert len(rows._values.texts["claimed_paid"]) <= MOST_KEPT


def test_no_name_becomes_code(small: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the texts of readers, and of what finds them, the names of facts stand as quoted texts only."""
    texts: list[str] = []

    def kept(text: str, *rest: Any) -> object:
        texts.append(text)
        return compile(text, *rest)

    monkeypatch.setattr(quick_rows, "compile", kept, raising=False)
    with_readers(small, Random(5))  # noqa: S311 (no secret)
    assert len(texts) > 20
    for text in texts:
        names = {getattr(node, "id", None) or getattr(node, "attr", None) for node in ast.walk(ast.parse(text))}
        assert not names & small.model.facts.keys()
