"""The states of a flow as a picture shows them: one unit per card, with the questions and deadlines that lead on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from aftersales.draw.graph import EdgeKind
from aftersales.draw.questions import Leaf, Question, Step, asked_in, leaves
from aftersales.expr.tree import Expr
from aftersales.expr.types import Value
from aftersales.policy.arrival import Arrival
from aftersales.policy.edges import late_key
from aftersales.policy.model import Flow, Policy, State, Target


@dataclass(frozen=True, slots=True)
class LateWay:
    """Where a passed deadline leads: from which state, for want of which facts (none: whatever is missing)."""

    target: Target
    keys: tuple[str, ...]
    state: State
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What led out of a sub-flow: the answers given to it, or a condition that came true."""

    answers: tuple[tuple[Question, tuple[Value, ...]], ...]
    until: Expr | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of an inlined sub-flow's box, for one or several reasons."""

    leaf: Leaf
    reasons: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A shown state: itself, or the box that a sub-flow's copy is folded into (``states``: all it stands for).

    ``step`` is what is asked there (of a box: nothing, its ways out are ``exits``). ``late`` leaves out the deadlines
    that stay in the state and only take something for answered: these are ``taken``. ``known`` has been answered, or taken
    for given, on every way in.
    """

    state: State
    states: tuple[str, ...]
    step: Step | None = None
    exits: tuple[Exit, ...] = ()
    late: tuple[LateWay, ...] = ()
    taken: tuple[LateWay, ...] = ()
    known: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Return the key of the shown state."""
        return self.state.key

    def leaves(self) -> Iterator[tuple[EdgeKind, Leaf]]:
        """Yield where one goes from here, branches first."""
        if self.step is not None:
            yield from ((EdgeKind.WAY, leaf) for leaf in leaves(self.step))
        yield from ((EdgeKind.WAY, way.leaf) for way in self.exits)
        yield from ((EdgeKind.LATE, Leaf(late.target, late.keys)) for late in self.late)


def units_of(policy: Policy, flow: Flow, arrivals: Mapping[str, Arrival]) -> dict[str, Unit]:
    """Return the units of a flow by the key of the shown state, in the author's order; ends too."""
    return {key: _unit(states, arrivals) for key, states in shown_states(policy, flow).items()}


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


def _unit(states: tuple[State, ...], arrivals: Mapping[str, Arrival]) -> Unit:
    state = states[0]
    keys = tuple(one.key for one in states)
    late = tuple(_late(one) for one in states)
    ways = _joined(way for ways in late for way in ways if len(states) == 1 or way.target.state not in keys)
    taken = tuple(way for way in ways if len(states) == 1 and _stays(way))
    leaving = tuple(way for way in ways if way not in taken)
    if len(states) > 1:
        return Unit(state, keys, exits=_exits(states, arrivals), late=leaving)
    arrival = arrivals.get(state.key, {})
    return Unit(state, keys, asked_in(state, arrival), late=leaving, taken=taken, known=frozenset(arrival))


def _late(state: State) -> Iterator[LateWay]:
    for index, late in enumerate(state.late):
        yield LateWay(late.target, (late_key(state.key, index),), state, (late.fact,) if late.fact else ())


def _stays(way: LateWay) -> bool:
    return way.target.state == way.state.key and bool(way.target.take)


def _joined(ways: Iterable[LateWay]) -> tuple[LateWay, ...]:
    """Make deadlines of one state that lead the same way one."""
    found: list[LateWay] = []
    for way in ways:
        place = next(
            (i for i, one in enumerate(found) if (one.state.key, one.target) == (way.state.key, way.target)), None
        )
        if place is None:
            found.append(way)
        else:
            before = found[place]
            found[place] = replace(before, keys=before.keys + way.keys, facts=before.facts + way.facts)
    return tuple(found)


def _exits(states: tuple[State, ...], arrivals: Mapping[str, Arrival]) -> tuple[Exit, ...]:
    inside = {state.key for state in states}
    found: dict[Target, Exit] = {}
    for state in states:
        step = asked_in(state, arrivals.get(state.key))
        for said, leaf in paths(step) if step else ():
            if leaf.target.state in inside:
                continue
            reason = Said(said, None if said else state.until)
            before = found.get(leaf.target)
            found[leaf.target] = Exit(leaf, (reason,)) if before is None else _either(before, leaf, reason)
    return tuple(found.values())


def _either(before: Exit, leaf: Leaf, reason: Said) -> Exit:
    keys = tuple(dict.fromkeys((*before.leaf.keys, *leaf.keys)))
    return Exit(replace(before.leaf, keys=keys), (*before.reasons, reason))


def paths(
    step: Step, said: tuple[tuple[Question, tuple[Value, ...]], ...] = ()
) -> Iterator[tuple[tuple[tuple[Question, tuple[Value, ...]], ...], Leaf]]:
    """Yield every leaf with the questions and answers on the way to it."""
    if isinstance(step, Leaf):
        yield said, step
        return
    for answer in step.answers:
        yield from paths(answer.then, (*said, (step, answer.values)))
