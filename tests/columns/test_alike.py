"""Rows that are decided kind by kind come to what they come to one by one, and to what the machine answers."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from aftersales import LoadedPolicy
from aftersales.columns import alike, keys
from aftersales.columns.frames import Decider, decide_frame
from aftersales.columns.keys import index_of, keys_of, packed, turn
from aftersales.columns.memory import held
from aftersales.columns.rows import Block
from aftersales.columns.typed import read_typed
from row_frames import Told, draw_told, expected, frame_of

Made = dict[tuple[str, ...], Decider]
DICE = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few rows that rest in few places, each of a kind of its own, be decided kind by kind."""
    monkeypatch.setattr(alike, "LEAST", 1)
    monkeypatch.setattr(alike, "_FEW_PLACES", 1)
    monkeypatch.setattr(alike, "_SHARE", 1)


def drawn(policy: LoadedPolicy, count: int, seed: int) -> tuple[list[Told], pl.DataFrame]:
    """Draw rows that are all seen at once."""
    told: list[Told] = [(row, None) for row, _ in draw_told(policy, count, seed)]
    return told, frame_of(policy.model, told).drop("elapsed")


def kinds(decider: Decider) -> int:
    """Return how many kinds a decider knows."""
    known = decider.alike._kinds  # what is tested
    return 0 if known is None else known.all.size


@pytest.mark.parametrize(("name", "count"), [("desk", 400), ("small", 400), ("shipped", 150)])
def test_kinds_come_to_what_the_machine_answers(request: pytest.FixtureRequest, name: str, count: int) -> None:
    """Every column of every row is what the machine answers, unknown facts and faults among them."""
    policy: LoadedPolicy = request.getfixturevalue(name)
    told, frame = drawn(policy, count, 11)
    made: Made = {}
    decide_frame(policy.model, frame, made=made)
    found = decide_frame(policy.model, frame, made=made).to_dicts()
    assert kinds(next(iter(made.values()))) > count / 10
    for (row, _), wanted, got in zip(told, expected(policy, told), found, strict=True):
        assert got == wanted, row


def test_kinds_are_learned_as_they_turn_up(desk: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever rows come before and beside, a row comes to the same; amounts of one kind differ row by row."""
    _, frame = drawn(desk, 2_000, 5)
    noise = {name: pl.Series(DICE.integers(0, 9_999, frame.height)) for name in ("claimed_paid", "already_refunded")}
    frame = frame.with_columns((pl.col(name) * 0 + more).alias(name) for name, more in noise.items())
    monkeypatch.setattr(alike, "LEAST", 1 << 60)
    right = decide_frame(desk.model, frame, made={})
    monkeypatch.setattr(alike, "LEAST", 1)
    monkeypatch.setattr(alike, "_STRETCH", 333)
    decider = Decider(desk.model, frame.columns)
    parts, known = [], []
    for first in range(0, frame.height, 250):
        parts.append(decider.decide(frame[first : first + 250])[0])
        known.append(kinds(decider))
    assert known[-1] > known[1] > 0
    assert pl.concat(parts).equals(right)


def test_too_many_kinds(desk: LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of too many kinds are decided one by one, to the same."""
    _, frame = drawn(desk, 500, 5)
    made: Made = {}
    right = decide_frame(desk.model, frame, made=made)
    monkeypatch.setattr(alike, "_SHARE", 500)
    assert decide_frame(desk.model, frame, made=made).equals(right)
    assert next(iter(made.values())).alike.is_off


def test_what_nobody_knows_makes_no_kinds(desk: LoadedPolicy) -> None:
    """Comparisons of numbers that are not known tell no rows apart, whatever lies in memory where a number is null."""
    known = pl.Series([None] * 100 + [0] * 300)
    frame = pl.DataFrame({"issue": ["cancel_order"] * 400, "shipped": [False] * 400, "already_refunded": [5_000] * 400})
    frame = frame.with_columns((known + pl.Series(DICE.integers(0, 9_999, 400))).alias("claimed_paid"))
    assert len(np.unique(held(frame["claimed_paid"], np.int64).values(0, 400))) > 300
    made: Made = {}
    decide_frame(desk.model, frame, made=made)
    decide_frame(desk.model, frame, made=made)
    assert kinds(next(iter(made.values()))) == 3


@pytest.mark.parametrize("size", [8, 64, 1_000, 1_001])
@pytest.mark.parametrize("flat", [0, 12, 30])
def test_keys_hold_every_code(size: int, flat: int) -> None:
    """Rows have one key where they have the same codes in all columns, flat ones and others, and only there."""
    bits = {f"column_{i}": 1 + i % 8 for i in range(30)}
    codes: dict[str, Any] = {name: DICE.integers(0, 1 << bit, size, np.uint8) for name, bit in bits.items()}
    codes = {name: np.where(DICE.random(size) < 0.9, 0, values).astype(np.uint8) for name, values in codes.items()}
    made = keys_of([*bits.items()][flat:], [*bits.items()][:flat])
    words = made.of(Block(size, codes, {}, "Asia/Shanghai"))
    assert len(words) == made.size
    told = list(zip(*(values.tolist() for values in codes.values()), strict=True))
    keys_ = list(zip(*(word.tolist() for word in words), strict=True))
    assert len(set(zip(told, keys_, strict=True))) == len(set(told)) == len(set(keys_))


@pytest.mark.parametrize(("planes", "size"), [(1, 1), (64, 64), (65, 200), (150, 1_000)])
def test_bits_lie_behind_one_another(planes: int, size: int) -> None:
    """The first bit of a row's words is its bit in the first plane, and so on; words without a plane are left."""
    bits = DICE.integers(0, 2, (planes, size), np.uint8)
    words = np.zeros((5, size), np.uint64)
    left = turn(np.packbits(bits, axis=1, bitorder="little"), words)  # type: ignore[arg-type]  # rows of an array
    assert len(left) == 5 - -(-planes // 64)
    found = np.unpackbits(np.ascontiguousarray(words.T).view(np.uint8), axis=1, bitorder="little")
    assert np.array_equal(found[:, :planes], bits.T)
    assert not found[:, planes:].any()


@pytest.mark.parametrize(("nulls", "certain"), [(0.3, False), (0.0, False), (0.0, True)])
def test_bits_in_memory_are_those_of_codes(desk: LoadedPolicy, nulls: float, *, certain: bool) -> None:
    """The bits of flags and of what is known lie in memory as their codes tell, wherever a part begins."""
    known = pl.Series(DICE.random(700) >= nulls)
    for name, values, bits in (("shipped", DICE.random(700) < 0.5, 2), ("claimed_paid", DICE.integers(0, 9, 700), 1)):
        column = pl.DataFrame({"x": values}).select(pl.when(known).then("x")).to_series()
        for first, start, size in ((0, 0, 700), (5, 0, 640), (8, 64, 100), (3, 13, 333)):
            part = read_typed(desk.model.facts[name], column[first:], certain=certain).part(start, size)
            plain = Block(size, {name: part.codes}, {}, "Asia/Shanghai").planes(name, bits)
            for here, wanted in zip(part.planes or (), plain, strict=True):
                assert np.array_equal(bits_of(here, size), bits_of(wanted, size))


def bits_of(plane: Any, size: int) -> Any:
    """Return the bits of some rows."""
    return np.unpackbits(plane, bitorder="little")[:size]


def test_two_keys_in_one_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is found by all of its words: one whose hash begins as another's, or is the same, is not taken for it."""
    words = packed([[(np.arange(200, dtype=np.uint8), 0)]], 200)
    monkeypatch.setattr(keys, "hashed", lambda words: words[0])
    made = index_of(1).and_new(words[:, :100])
    assert made is not None
    assert made[0].find(words).tolist() == [*range(1, 101), *[0] * 100]
    monkeypatch.setattr(keys, "hashed", lambda words: words[0] // np.uint64(2))
    assert index_of(1).and_new(words) is None
