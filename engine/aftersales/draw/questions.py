"""What a person asks to find the way on: a state's conditions as questions with answers.

The author's conditions are a cascade: a branch means its condition and none above. Here they become a tree, each
question asked where the first condition left needs it; answers that lead the same way are one. Which condition is
*known* plays no part: the tree says what decides, the engine when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from aftersales.expr.tree import All, Compare, Comparison, Either, Expr, FactRef, In, Literal, Not
from aftersales.expr.types import Kind, Value
from aftersales.policy.arrival import Arrival
from aftersales.policy.edges import branch_key
from aftersales.policy.model import State, Target

#: What is asked: a fact by its name, or a condition that holds or not.
Subject = str | Expr

#: Written the other way round, so that a condition and its opposite are one question.
_DENIED: Final[Mapping[Comparison, Comparison]] = {"!=": "==", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where the answers lead, for the branches (by edge key) that lead there; ``sources`` are theirs alone."""

    target: Target
    keys: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The values that lead the same way; ``rest``: they are all that no other answer names, and more than two."""

    values: tuple[Value, ...]
    then: Step
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A fact or condition that is asked, and its answers in the author's order."""

    subject: Subject
    answers: tuple[Answer, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the edge keys of all branches behind the answers."""
        return tuple(dict.fromkeys(key for answer in self.answers for key in answer.then.keys))


Step = Leaf | Question


@dataclass(frozen=True, slots=True)
class _Test:
    """What is asked, which answers a branch takes, and every answer there is, in the order of its type."""

    subject: Subject
    values: frozenset[Value]
    every: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """A branch with what of its condition is still to ask, in the author's order."""

    tests: tuple[_Test, ...]
    leaf: Leaf

    def test(self, subject: Subject) -> _Test | None:
        """Return what the branch still asks of ``subject``."""
        return next((test for test in self.tests if test.subject == subject), None)


def asked_in(state: State, arrival: Arrival | None = None) -> Step | None:
    """Return the questions of a state as a tree, or where it leads at once; ``None`` for an end.

    Only answers are named that are offered here and, by ``arrival``, possible.
    """
    ways = tuple(
        _Way(tuple(_together(_tests(branch.when, holds=True))), Leaf(branch.target, (key,), branch.sources))
        for index, branch in enumerate(state.branches)
        for key in (branch_key(state.key, index),)
    )
    return _Asking(_offered(state), arrival or {}, {}).step(ways)


def leaves(step: Step) -> Iterator[Leaf]:
    """Yield where the tree leads, in the order of the answers."""
    if isinstance(step, Leaf):
        yield step
        return
    for answer in step.answers:
        yield from leaves(answer.then)


def told_by(condition: Expr) -> dict[Subject, frozenset[Value]]:
    """Return which answers are known where a condition holds, as far as it names them one by one."""
    return {test.subject: test.values for test in _together(_tests(condition, holds=True))}


def passed_over(step: Step) -> tuple[Step, tuple[Subject, ...]]:
    """Return what is asked after all questions with a single answer, and these: they need only be known."""
    known: tuple[Subject, ...] = ()
    while isinstance(step, Question) and len(step.answers) == 1:
        known, step = (*known, step.subject), step.answers[0].then
    return step, known


def _offered(state: State) -> dict[str, tuple[Value, ...]]:
    return {offer.fact: tuple(value for value, _ in offer.options) for offer in state.offers if offer.options}


def _together(tests: Iterable[_Test]) -> Iterator[_Test]:
    """Make two tests of one subject one."""
    found: dict[Subject, _Test] = {}
    for test in tests:
        before = found.get(test.subject)
        found[test.subject] = replace(test, values=test.values & before.values) if before else test
    yield from found.values()


def _tests(condition: Expr, *, holds: bool) -> Iterator[_Test]:
    """Yield what must be answered how for ``condition`` to hold (or not); what is always true is left out."""
    match condition:
        case Not(operand=inner):
            yield from _tests(inner, holds=not holds)
        case All(operands) if holds:
            for operand in operands:
                yield from _tests(operand, holds=True)
        case Either(operands) if not holds:
            for operand in operands:
                yield from _tests(operand, holds=False)
        case Literal(value=bool(value)) if value == holds:
            return
        case _:
            yield _test(condition, holds=holds)


def _test(condition: Expr, *, holds: bool) -> _Test:
    found = _finite(condition)
    if found is not None:
        return found if holds else replace(found, values=frozenset(found.every) - found.values)
    if isinstance(condition, Compare) and condition.op in _DENIED:
        condition, holds = replace(condition, op=_DENIED[condition.op]), not holds
    return _Test(condition, frozenset({holds}), (True, False))


def _finite(condition: Expr) -> _Test | None:
    """Return the one fact that a condition is about, the values that fulfil it, and all it can have."""
    match condition:
        case FactRef(name=name, type=kind) if kind.kind is Kind.FLAG:
            return _Test(name, frozenset({True}), (True, False))
        case Not(FactRef(name=name)):
            return _Test(name, frozenset({False}), (True, False))
        case Compare("==", FactRef(name=name, type=kind), Literal(value=value)) if kind.values:
            return _Test(name, frozenset({value}), kind.values)
        case Compare("!=", FactRef(name=name, type=kind), Literal(value=value)) if kind.values:
            return _Test(name, frozenset(kind.values) - {value}, kind.values)
        case In(FactRef(name=name, type=kind), values) if kind.values:
            return _Test(name, frozenset(values), kind.values)
        case Either(operands):
            return _either([_finite(operand) for operand in operands])
    return None


def _either(parts: list[_Test | None]) -> _Test | None:
    known = [part for part in parts if part]
    if len(known) < len(parts) or len({part.subject for part in known}) != 1:
        return None
    return replace(known[0], values=frozenset().union(*(part.values for part in known)))


@dataclass(frozen=True, slots=True)
class _Asking:
    """A tree in the making; ``made`` keeps what was made for the same ways left, so that it is drawn once."""

    offered: Mapping[str, tuple[Value, ...]]
    arrival: Arrival
    made: dict[tuple[_Way, ...], Step | None]

    def step(self, ways: tuple[_Way, ...]) -> Step | None:
        """Return what to ask next, or the leaf where nothing is left to ask.

        What is surely known is not asked where its answers all lead the same way.
        """
        if not ways:
            return None
        if not ways[0].tests:
            return ways[0].leaf
        if ways not in self.made:
            self.made[ways] = self._question(ways)
        return self.made[ways]

    def _question(self, ways: tuple[_Way, ...]) -> Step | None:
        subject = ways[0].tests[0].subject
        tests = [test for way in ways if (test := way.test(subject))]
        values = self._values(subject, tests)
        answers: list[Answer] = []
        for value in values:
            then = self.step(tuple(_without(way, subject) for way in ways if _allows(way, subject, value)))
            if then is not None:
                _add(answers, Answer((value,), then, rest=not _named(tests, value)))
        if not answers:
            return None
        told = len(values) == 1 or (len(answers) == 1 and isinstance(subject, str) and subject in self.arrival)
        return answers[0].then if told else Question(subject, tuple(answers))

    def _values(self, subject: Subject, tests: list[_Test]) -> tuple[Value, ...]:
        """Return the values that can be given here, in the order in which the author's branches name them."""
        known = self.arrival.get(subject) if isinstance(subject, str) else None
        offered = self.offered.get(subject) if isinstance(subject, str) else None
        named = [value for test in tests for value in test.every if value in test.values]
        return tuple(
            value
            for value in dict.fromkeys((*named, *tests[0].every))
            if (known is None or known.values is None or value in known.values)
            and (offered is None or value in offered)
        )


def _add(answers: list[Answer], new: Answer) -> None:
    """Put an answer to those before, or into the one that leads the same way."""
    for number, answer in enumerate(answers):
        then = _merged(answer.then, new.then)
        if then is not None:
            answers[number] = Answer((*answer.values, *new.values), then, rest=answer.rest or new.rest)
            return
    answers.append(new)


def _merged(one: Step, other: Step) -> Step | None:
    """Return both as one step where they ask and lead the same, ``None`` where they do not."""
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        if one.target != other.target:
            return None
        both = (*one.keys, *other.keys), (*one.sources, *other.sources)
        return Leaf(one.target, *(tuple(dict.fromkeys(entries)) for entries in both))
    return one if one == other else None


def _without(way: _Way, subject: Subject) -> _Way:
    return replace(way, tests=tuple(test for test in way.tests if test.subject != subject))


def _allows(way: _Way, subject: Subject, value: Value) -> bool:
    test = way.test(subject)
    return test is None or value in test.values


def _named(tests: Iterable[_Test], value: Value) -> bool:
    """Tell whether a branch names the value itself, not only all but another."""
    return any(value in test.values and 2 * len(test.values) <= len(test.every) for test in tests)
