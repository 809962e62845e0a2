"""The decision table of a step: its questions as columns, its ways on as rows, as a person would write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import All, Compare, Expr, FactRef, In, Literal, Not, ParamRef
from aftersales.expr.types import Value
from aftersales.policy.model import Branch, State, Target


@dataclass(frozen=True, slots=True)
class Answers:
    """What a row asks of one fact: one of ``values``, or every one of ``conditions``; neither: whatever it is."""

    values: tuple[Value, ...] = ()
    conditions: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A row: the answers by fact (or by param, where a figure of the shop decides), and where they lead. ``otherwise`` marks the author's word for all that is left.

    ``inside`` is the step of a sub-flow that it leaves from, where the sub-flow is one step of the table's flow.
    """

    answers: Mapping[str, Answers]
    target: Target
    otherwise: bool = False
    inside: State | None = None
    sources: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A table: the facts that it asks, in the author's order, and its rows; in ``ordered`` ones the first row holds."""

    facts: tuple[str, ...]
    ways: tuple[Way, ...]
    ordered: bool


def decision_of(states: Sequence[State]) -> Decision:
    """Return the table of a step: of one state, or of one that uses a sub-flow and the copies it stands for."""
    inside = {state.key for state in states}
    boxed = len(states) > 1
    written = [
        _way(branch, state if boxed else None)
        for state in states
        for branch in state.branches
        if not (boxed and branch.target.state in inside)
    ]
    ordered = not boxed and _order_decides(written)
    ways = _merged(written, ordered=ordered)
    facts = tuple(dict.fromkeys(fact for way in written for fact in way.answers))
    return Decision(facts, ways, ordered)


def others(way: Way, facts: Iterable[str], above: Sequence[Way]) -> frozenset[str]:
    """Return the facts of an *otherwise* row that stand for any value not named above, next to the same answers.

    A row without any answers stands for all that no row above fits, which is more than that.
    """
    if not way.otherwise or not way.answers:
        return frozenset()
    beside = [one for one in above if all(one.answers.get(fact) == said for fact, said in way.answers.items())]
    return frozenset(fact for fact in facts if fact not in way.answers and any(fact in one.answers for one in beside))


def _way(branch: Branch, inside: State | None) -> Way:
    answers: dict[str, Answers] = {}
    for condition in conditions_of(branch.when):
        name, values = values_of(condition)
        if name is not None and name not in answers:
            answers[name] = Answers(values=values)
        else:
            about = name or (*facts_of(condition), *params_of(condition))[0]
            said = answers.get(about, Answers())
            answers[about] = Answers(said.values, (*said.conditions, condition))
    return Way(answers, branch.target, branch.otherwise, inside, branch.sources)


def conditions_of(when: Expr) -> tuple[Expr, ...]:
    """Return what a branch asks, one by one; what is always true is left out."""
    operands = when.operands if isinstance(when, All) else (when,)
    return tuple(
        one
        for operand in operands
        for one in (conditions_of(operand) if isinstance(operand, All) else (operand,))
        if not isinstance(one, Literal)
    )


def values_of(condition: Expr) -> tuple[str | None, tuple[Value, ...]]:
    """Return the fact and the values that a condition names, ``(None, ())`` where it compares otherwise."""
    match condition:
        case Compare("==", FactRef(name=name), Literal(value=value)):
            return name, (value,)
        case Compare("!=", FactRef(name=name, type=kind), Literal(value=value)) if kind.values:
            return name, tuple(other for other in kind.values if other != value)
        case In(FactRef(name=name), values):
            return name, values
        case FactRef(name=name) | ParamRef(name=name):
            return name, (True,)
        case Not(FactRef(name=name) | ParamRef(name=name)):
            return name, (False,)
    return None, ()


def _order_decides(ways: Sequence[Way]) -> bool:
    """Tell whether two rows can fit at once, so that the upper one holds; an *otherwise* says so itself."""
    return any(not _disjoint(one, other) for one, other in combinations((w for w in ways if not w.otherwise), 2))


def _disjoint(one: Way, other: Way) -> bool:
    return any(
        said.values and other.answers[fact].values and not set(said.values) & set(other.answers[fact].values)
        for fact, said in one.answers.items()
        if fact in other.answers
    )


def _merged(ways: Sequence[Way], *, ordered: bool) -> tuple[Way, ...]:
    """Join rows that lead to the same place and differ in the values of one fact only.

    Where the order decides, only neighbours are joined; rows right above one for all that is left are part of it.
    """
    merged: list[Way] = []
    for way in ways:
        if ordered and way.otherwise and not way.answers:
            merged.append(_with_those_above(way, merged))
            continue
        candidates = range(max(len(merged) - 1, 0), len(merged)) if ordered else range(len(merged))
        place = next((i for i in candidates if _joinable(merged[i], way)), None)
        if place is None:
            merged.append(way)
        else:
            merged[place] = _join(merged[place], way)
    return tuple(merged)


def _with_those_above(way: Way, merged: list[Way]) -> Way:
    """Take the rows off that stand right above and lead to the same place; return the row with their sources."""
    sources = way.sources
    while merged and (merged[-1].target, merged[-1].inside) == (way.target, way.inside):
        sources = (*merged.pop().sources, *sources)
    return replace(way, sources=sources)


def _joinable(one: Way, other: Way) -> bool:
    if (one.target, one.otherwise, one.inside) != (other.target, other.otherwise, other.inside) or one.otherwise:
        return False
    return one.answers.keys() == other.answers.keys() and len(_differing(one, other)) == 1


def _differing(one: Way, other: Way) -> list[str]:
    """Return the facts that two rows answer differently; one that differs by more than values counts twice."""
    differing = [fact for fact, said in one.answers.items() if said != other.answers[fact]]
    odd = [fact for fact in differing if not _only_values(one, fact) or not _only_values(other, fact)]
    return [*differing, *odd]


def _only_values(way: Way, fact: str) -> bool:
    return bool(way.answers[fact].values) and not way.answers[fact].conditions


def _join(one: Way, other: Way) -> Way:
    fact = _differing(one, other)[0]
    values = (*one.answers[fact].values, *other.answers[fact].values)
    joined = Answers(tuple(dict.fromkeys(values)))
    return replace(one, answers={**one.answers, fact: joined}, sources=(*one.sources, *other.sources))
