"""What the language reference says that the shipped policy covers is there: states, cases, lists, rules."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pytest

import aftersales
from aftersales.errors import CaseError
from aftersales.study.case_file import WrittenCase, read_case_file
from aftersales.study.decide import decide_written
from aftersales.study.lists import Wanted, make_lists
from reference import FLOWS, WORD, section, tables


@dataclass(frozen=True, slots=True)
class Covered:
    """One row of what the shipped policy covers."""

    what: str
    states: tuple[str, ...]
    cases: tuple[str, ...]


def contents(second: str) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield what each row of the contents with this second head is about, and the names in its other two cells."""
    for head, rows in tables(section("What the shipped policy covers")):
        if head[1] == second:
            yield from ((row[0], tuple(WORD.findall(row[1])), tuple(WORD.findall(row[2]))) for row in rows)


def covered(names: Iterable[str]) -> tuple[Covered, ...]:
    """Return what the shipped policy covers, ``late_tmall_*`` written out; what no case is named like stays as it is."""
    known = sorted(names)
    return tuple(
        Covered(what, states, tuple(case for pattern in cases for case in fnmatch.filter(known, pattern) or [pattern]))
        for what, states, cases in contents("states")
    )


@pytest.fixture(scope="module")
def shipped() -> aftersales.LoadedPolicy:
    """Load the shipped policy."""
    return aftersales.load()


@pytest.fixture(scope="module")
def cases() -> Mapping[str, WrittenCase]:
    """Read every shipped case, by its name."""
    files = sorted((FLOWS / "cases").glob("*.yaml"))
    return {case.name or "": case for path in files for case in read_case_file(path, path.name)}


@pytest.fixture(scope="module")
def decided(
    shipped: aftersales.LoadedPolicy, cases: Mapping[str, WrittenCase]
) -> Mapping[str, aftersales.Decision | None]:
    """Return the decision of every shipped case, by its name; ``None`` for one that ends in an error."""
    return {name: _decided(shipped, case) for name, case in cases.items()}


def _decided(policy: aftersales.LoadedPolicy, case: WrittenCase) -> aftersales.Decision | None:
    try:
        return decide_written(policy, case)
    except CaseError:
        return None


@pytest.fixture(scope="module")
def worked(decided: Mapping[str, aftersales.Decision | None]) -> Mapping[str, frozenset[str] | None]:
    """Return the states that every shipped case passes in any of its parts; ``None`` for one that ends in an error."""
    return {name: None if made is None else frozenset(_passed(made)) for name, made in decided.items()}


def _passed(made: aftersales.Decision) -> Iterator[str]:
    yield from (f"{step.flow}.{step.state}" for part in made.parts or (made,) for step in part.path)


def test_what_is_covered_is_there(
    shipped: aftersales.LoadedPolicy, worked: Mapping[str, frozenset[str] | None]
) -> None:
    """Every state and every case that the table of contents names exists, and every row names both."""
    rows = covered(worked)
    assert len(rows) > 200
    assert [row.what for row in rows if not row.states or not row.cases] == []
    assert sorted({state for row in rows for state in row.states} - set(shipped.model.states)) == []
    assert sorted({case for row in rows for case in row.cases} - set(worked)) == []


def test_every_end_is_covered(shipped: aftersales.LoadedPolicy, worked: Mapping[str, frozenset[str] | None]) -> None:
    """Every end of the shipped policy stands in a row of the table of contents."""
    named = {state for row in covered(worked) for state in row.states}
    ends = {key for key, state in shipped.model.states.items() if state.end is not None}
    assert sorted(ends - named) == []


def test_what_is_covered_is_walked(worked: Mapping[str, frozenset[str] | None]) -> None:
    """Each case of a row passes one of its states (unless it ends in an error), each state is passed by one of them."""
    astray, idle = [], []
    for row in covered(worked):
        passed = {case: worked[case] for case in row.cases}
        astray += [case for case, states in passed.items() if states is not None and not states & set(row.states)]
        walked = {state for states in passed.values() for state in states or ()}
        idle += [state for state in row.states if state not in walked]
    assert (astray, idle) == ([], [])


def duties() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Return every row of the duties around a case."""
    return tuple(contents("lists, conduct rules, params"))


def test_duties_around_a_case_are_there(shipped: aftersales.LoadedPolicy, cases: Mapping[str, WrittenCase]) -> None:
    """Every list, rule and param that the duties name exists, as do their cases; no list and no rule is left out."""
    model = shipped.model
    named = {name for _, names, _ in duties() for name in names}
    assert sorted(named - {*model.lists, *model.conduct.rules, *model.params}) == []
    assert sorted({*model.lists, *model.conduct.rules} - named) == []
    assert sorted({case for *_, of_row in duties() for case in of_row} - set(cases)) == []


def test_cases_of_a_duty_are_entered_and_warned(
    shipped: aftersales.LoadedPolicy,
    cases: Mapping[str, WrittenCase],
    decided: Mapping[str, aftersales.Decision | None],
) -> None:
    """The cases of a duty are entered on each of its lists, and come near to breaking one of its rules."""
    model = shipped.model
    missed: list[tuple[str, object]] = []
    for what, names, of_row in duties():
        sheets = make_lists(shipped, [cases[name] for name in of_row], Wanted()).sheets
        missed += [
            (what, name) for name in sorted({*names} & {*model.lists} - {sheet.register.name for sheet in sheets})
        ]
        rules = [model.conduct.rules[name].title.en for name in names if name in model.conduct.rules]
        said = [note.en for name in of_row for note in getattr(decided[name], "warnings", ())]
        if rules and of_row and not any(rule in note for rule in rules for note in said):
            missed.append((what, said))
    assert missed == []
