"""The ways out of a state as a picture shows them: branches to one place merged, copies of a sub-flow folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from aftersales.draw.graph import EdgeKind
from aftersales.expr.tree import All, Compare, Expr, FactRef, In, Literal, Not
from aftersales.expr.types import Value
from aftersales.policy.edges import branch_key, late_key
from aftersales.policy.model import Branch, Flow, Policy, State, Target


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one goes a way: a branch's ``condition`` (``None``: always or otherwise), or the ``fact`` nobody told in time.

    ``number`` is the branch's place among all, from 1; 0 where their order decides nothing. ``inside`` is the
    sub-flow's state that the way leaves from, where the picture shows the sub-flow as one box.
    """

    key: str
    condition: Expr | None = None
    fact: str | None = None
    number: int = 0
    otherwise: bool = False
    inside: State | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way out, for one or several reasons."""

    kind: EdgeKind
    target: Target
    reasons: tuple[Reason, ...]


def shown_states(policy: Policy, flow: Flow) -> dict[str, tuple[State, ...]]:
    """Return the states that get a node, each with the states it stands for: itself and its sub-flow's copies."""
    shown: dict[str, tuple[State, ...]] = {}
    box = None
    for key in flow.states:
        state = policy.states[key]
        if box and key.startswith(f"{box}."):
            shown[box] = (*shown[box], state)
        else:
            shown[key] = (state,)
            box = key if state.uses else None
    return shown


def sub_flows(policy: Policy) -> dict[str, Flow]:
    """Return the sub-flows by name under their own titles, with the states of the first flow that uses each."""
    found: dict[str, Flow] = {}
    for state in policy.states.values():
        if state.uses and state.uses not in found:
            keys = tuple(key for key in policy.states if key.startswith(f"{state.key}."))
            start = state.branches[0].target.state
            title = policy.sub_flows.get(state.uses, state.title)
            found[state.uses] = Flow(state.uses, title, start, keys, state.span, state.sources)
    return found


def ways_of(states: tuple[State, ...]) -> tuple[Way, ...]:
    """Return the ways out of one shown state, in the author's order, ways to the same place merged."""
    inside = {state.key for state in states}
    ways = (way for state in states for way in _ways(state, boxed=len(states) > 1))
    return _merged(way for way in ways if len(states) == 1 or way.target.state not in inside)


def question_of(state: State) -> str | None:
    """Return the one fact that every branch of the state asks first, by its value, or ``None``."""
    asked = {_first(condition)[0] for branch in state.branches if (condition := plain(branch.when)) is not None}
    return asked.pop() if len(asked) == 1 else None


def answer_of(condition: Expr) -> tuple[tuple[Value, ...], Expr | None]:
    """Return which values of the state's question the condition names, and what it asks besides."""
    match condition:
        case All((first, *rest)):
            return _first(first)[1], plain(All(tuple(rest)))
    return _first(condition)[1], None


def plain(condition: Expr) -> Expr | None:
    """Drop what is always true from a conjunction; ``None`` where nothing is left."""
    match condition:
        case Literal(value=True):
            return None
        case All(operands):
            left = tuple(operand for operand in operands if not isinstance(operand, Literal))
            return None if not left else left[0] if len(left) == 1 else All(left)
    return condition


def loops(policy: Policy, flow: Flow) -> frozenset[tuple[str, str]]:
    """Return the (from, to) pairs of shown states that lead back to a state the case has already been in."""
    shown = shown_states(policy, flow)
    owner = {state.key: key for key, states in shown.items() for state in states}
    nexts = {key: [owner[w.target.state] for w in ways_of(s) if w.target.state in owner] for key, s in shown.items()}
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    for root in (owner[flow.start], *shown):
        _search(root, nexts, done, found)
    return frozenset(found)


def _search(root: str, nexts: dict[str, list[str]], done: set[str], found: set[tuple[str, str]]) -> None:
    """Walk depth first from ``root`` with our own stack; an edge to a state on the stack closes a loop."""
    stack = [] if root in done else [(root, iter(nexts[root]))]
    path = {root}
    done.add(root)
    while stack:
        key, rest = stack[-1]
        head = next(rest, None)
        if head is None:
            path.discard(key)
            stack.pop()
        elif head in path:
            found.add((key, head))
        elif head not in done:
            done.add(head)
            path.add(head)
            stack.append((head, iter(nexts[head])))


def _ways(state: State, *, boxed: bool) -> Iterator[Way]:
    inside = state if boxed else None
    numbered = not boxed and _order_decides(state.branches)
    for index, branch in enumerate(state.branches):
        condition = plain(branch.when)
        reason = Reason(
            branch_key(state.key, index),
            state.until if boxed and condition is None else condition,
            number=index + 1 if numbered else 0,
            otherwise=branch.otherwise,
            inside=inside,
        )
        yield Way(EdgeKind.WAY, branch.target, (reason,))
    for index, late in enumerate(state.late):
        reason = Reason(late_key(state.key, index), fact=late.fact, inside=inside)
        yield Way(EdgeKind.LATE, late.target, (reason,))


def _order_decides(branches: tuple[Branch, ...]) -> bool:
    """Tell whether two conditions can hold at once, so that the one above wins; an ``otherwise`` says so itself."""
    asked = [_tests(condition) for b in branches if not b.otherwise and (condition := plain(b.when)) is not None]
    return any(not _disjoint(one, other) for one, other in combinations(asked, 2))


def _tests(condition: Expr) -> dict[str, frozenset[Value]]:
    operands = condition.operands if isinstance(condition, All) else (condition,)
    return {name: frozenset(values) for name, values in map(_first, operands) if name is not None}


def _disjoint(one: dict[str, frozenset[Value]], other: dict[str, frozenset[Value]]) -> bool:
    return any(one[name].isdisjoint(other[name]) for name in one.keys() & other.keys())


def _first(condition: Expr) -> tuple[str | None, tuple[Value, ...]]:
    """Return the fact and the values that a condition, or the first part of it, names; ``(None, ())`` for others."""
    match condition:
        case Compare("==", FactRef(name=name), Literal(value=value)):
            return name, (value,)
        case Compare("!=", FactRef(name=name, type=kind), Literal(value=value)) if kind.values:
            return name, tuple(other for other in kind.values if other != value)
        case In(FactRef(name=name), values):
            return name, values
        case FactRef(name=name):
            return name, (True,)
        case Not(FactRef(name=name)):
            return name, (False,)
        case All((first, *_)):
            return _first(first)
    return None, ()


def _merged(ways: Iterable[Way]) -> tuple[Way, ...]:
    merged: list[Way] = []
    for way in ways:
        place = next((i for i, seen in enumerate(merged) if (seen.kind, seen.target) == (way.kind, way.target)), None)
        if place is None:
            merged.append(way)
        else:
            merged[place] = replace(merged[place], reasons=merged[place].reasons + way.reasons)
    return tuple(merged)
