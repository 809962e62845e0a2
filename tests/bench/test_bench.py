"""The benchmarks measure what they say: the small policy is one and the same everywhere, ratios and targets are right."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aftersales.run.function.reference import by_machine
from aftersales.run.loaded import LoadedPolicy, load
from growth import larger
from hand import decide
from peers.found import ROWS, answer, plain
from peers.spelling import SQL, ZEN, spell
from peers.tree import Ask, Row, Tree, table, whole
from random_cases import SMALL, draw_cases, written, written_fen
from report import Section, Target, write
from rounds import Measured, measure, over_all, seconds, shown


@pytest.fixture(scope="session")
def small() -> LoadedPolicy:
    """The policy that is measured."""
    return load(SMALL)


def test_by_hand_is_the_policy(small: LoadedPolicy) -> None:
    """The function written by hand answers as the machine does, also about what is not offered or above a bound."""
    met, compared = set(), 0
    for case in (*draw_cases(300, 3), *draw_cases(400, 4, gaps=True)):
        right = by_machine(small.machine, small.model, case)
        try:
            found = decide(case)
        except KeyError:
            continue  # it was not told all that it reads
        assert found == right, case
        compared += 1
        met.add(found.state or found.error)
    assert len(met) > 40
    assert compared > 500


def test_full_cases_come_to_an_end(small: LoadedPolicy) -> None:
    """Every case that is timed has all that its issue asks, and all ends that need no silence are met."""
    ends = {small.function(case).state for case in draw_cases(2000, 1)}
    assert ends == set(ROWS)


@pytest.mark.parametrize("gaps", [False, True])
def test_what_is_timed_is_the_policy(small: LoadedPolicy, *, gaps: bool) -> None:
    """The function, the validated form and the JSON form answer as the machine does, on rows of few sets of facts."""
    compared = 0
    for case in draw_cases(600, 6, gaps=gaps):
        right, told = by_machine(small.machine, small.model, case), written(small.model, case)
        assert small.function(case) == right, case
        if right.error is None:
            assert small.answer(told) == right, case
            said = json.loads(small.answer_json(json.dumps(told)))
            whole_answer = {name: getattr(right, name) for name in ("state", "outcome", "liable", "need", "borne")}
            assert said == {**whole_answer, "amounts": written_fen(right.fen)}, case
            compared += 1
    assert compared > 300


def test_the_tree_is_the_policy() -> None:
    """The tree that the peers read comes to the same end with the same amounts as the function by hand."""
    for case in draw_cases(300, 5):
        facts = plain(case)
        row = end_of(whole(), facts)
        fen = {name: eval(text, {}, dict(facts)) for name, text in row.fen.items()}  # noqa: S307
        said = {"outcome": row.outcome, "liable": row.liable, "borne": row.borne}
        assert answer(row.state, fen, said) == decide(case)


def end_of(tree: Tree, facts: dict[str, object]) -> Row:
    """Return the row that a case comes to."""
    while isinstance(tree, Ask):
        tree = tree.yes if eval(tree.when, {}, dict(facts)) else tree.no  # noqa: S307
    return tree


def test_table_has_a_row_for_every_way() -> None:
    """The table has about 30 to 50 rows, which come to every end."""
    rows = [row for _, row in table()]
    assert 30 <= len(rows) <= 50
    assert {row.state for row in rows} == set(ROWS)


def test_spelling() -> None:
    """One condition and one amount as each kind of engine writes them."""
    assert spell("not intact and severity != 'minor'", SQL) == "(NOT (intact)) AND (severity <> 'minor')"
    assert (
        spell("min(a - b, 0) if c else (2 * a + 1) // 2", ZEN)
        == "(c ? min([(a - b), 0]) : floor((((2 * a) + 1)) / (2)))"
    )


def test_larger_policy(tmp_path: Path, small: LoadedPolicy) -> None:
    """The larger policy has each flow as often as asked and decides the issues of the small one alike."""
    large = load(larger(tmp_path / "large", 3))
    assert len(large.model.flows) == 1 + 3 * (len(small.model.flows) - 1)
    for case in draw_cases(50, 6):
        assert large.function(case) == small.function(case)
        copied = {**case, "issue": f"{case['issue']}_2"}
        flow, _, state = small.function(case).state.partition(".")
        assert large.function(copied).state == f"{flow}_2.{state}"


def test_ratios_are_taken_round_by_round() -> None:
    """A ratio is the median of the rounds' ratios, with the least and the most; the medians' ratio is another figure."""
    ours, other = Measured("a", (2.0, 4.0, 3.0)), Measured("b", (1.0, 8.0, 2.0))
    ratio = ours.over(other)
    assert (ratio.middle, ratio.least, ratio.most) == (1.5, 0.5, 2.0)
    assert str(ratio) == "1.50 (0.50–2.00)"


def test_rounds_are_interleaved() -> None:
    """Every candidate has its turn in each round, each time in another place; a short one is repeated."""
    turns: list[str] = []
    now = 0.0

    def clock() -> float:
        return now

    def work(name: str, cost: float) -> int:
        nonlocal now
        turns.append(name)
        now += cost
        return 10

    measured = measure({"a": lambda: work("a", 1.0), "b": lambda: work("b", 2.0)}, 3, clock, 2.0)
    assert turns[4:] == ["a", "a", "b", "b", "a", "a", "a", "a", "b"]
    assert measured["a"].seconds == (0.1, 0.1, 0.1)
    assert measured["b"].middle == 0.2
    assert over_all(turns.append, ["x", "y"])() == 2


@pytest.mark.parametrize(
    ("figure", "text"), [(1.8e-8, "18.0 ns"), (1.3e-6, "1.30 µs"), (0.0521, "52.1 ms"), (3.2, "3.20 s")]
)
def test_lengths_of_time(figure: float, text: str) -> None:
    """Seconds are shown in the unit that fits, with three digits."""
    assert seconds(figure) == text
    assert shown(1070.4) == "1,070"


def test_results(tmp_path: Path) -> None:
    """The page counts the targets, names the missed ones first, and has every table."""
    targets = (Target("a", 1.2, 1.5), Target("b", 8.0, 15, at_least=True), Target("c", 41, 30, unit=" MB"))
    write([Section("Speed", "About.", ("what",), [("x | y",)], targets)], tmp_path / "R.md", "./dev bench")
    text = (tmp_path / "R.md").read_text(encoding="utf-8")
    assert "**1 of 3 targets met**; missed: b (8.00×, at least 15×); c (41.0 MB, at most 30 MB)." in text
    assert "| x \\| y |" in text
    assert len(re.findall(r"\*\*missed\*\*", text)) == 2
