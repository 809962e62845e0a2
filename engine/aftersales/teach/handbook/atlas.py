"""Where everything stands in the book: the chapter of each flow, the number of each step and each end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aftersales.draw.ways import shown_states, sub_flows
from aftersales.policy.arrival import Arrival, join
from aftersales.policy.edges import edges
from aftersales.policy.model import Flow, Policy, State
from aftersales.teach.handbook.ways import Ways


@dataclass(frozen=True, slots=True)
class Place:
    """A step or an end of a chapter, counted from 1 in the author's order, steps and ends apart."""

    flow: str
    number: int
    is_end: bool

    def anchor(self, chapter: int) -> str:
        """Return the name that leads to it."""
        return f"c{chapter}-{'e' if self.is_end else 's'}{self.number}"


@dataclass(frozen=True, slots=True)
class FlowMap:
    """One flow as its chapter shows it: its steps and ends in order, each with the states that it stands for.

    A step that uses a sub-flow stands for the sub-flow's copies too; they have a chapter of their own.
    """

    flow: Flow
    chapter: int
    steps: tuple[tuple[State, tuple[State, ...]], ...]
    ends: tuple[State, ...]
    places: Mapping[str, Place]
    inlined: bool

    @property
    def anchor(self) -> str:
        """Return the name that leads to the chapter."""
        return f"c{self.chapter}"


@dataclass(frozen=True, slots=True)
class Atlas:
    """Every flow and sub-flow that has a chapter, in the order of the chapters, and the ways between them.

    ``arrivals``: what is surely known where a case comes to a state; nothing of one that is left out.
    """

    policy: Policy
    flows: Mapping[str, FlowMap]
    ways: Ways
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)

    def of_state(self, key: str) -> FlowMap:
        """Return the chapter where a state of a flow stands."""
        return self.flows[self.policy.states[key].flow]

    def arrival(self, chapter: FlowMap, state: State) -> Arrival:
        """Return what is surely known in a state of a chapter; a sub-flow's stands for that of every flow that uses it."""
        keys = _copies(self.policy, chapter, state.key) if chapter.inlined else (state.key,)
        known = [self.arrivals.get(key, {}) for key in keys]
        return join(known) if known else {}


def _copies(policy: Policy, chapter: FlowMap, key: str) -> Iterator[str]:
    """Yield what a state of a sub-flow is called in each flow that uses it."""
    uses = [state.key for state in policy.states.values() if state.uses == chapter.flow.name]
    inner = next(key.removeprefix(f"{use}.") for use in uses if key.startswith(f"{use}."))
    yield from (f"{use}.{inner}" for use in uses)


def chart(policy: Policy, first: int, arrivals: Mapping[str, Arrival] | None = None) -> Atlas:
    """Number the chapters of all flows, then of all sub-flows, from ``first`` on, as staff meet them."""
    inlined = sub_flows(policy)
    flows = {name: policy.flows[name] for name in _as_met(policy)}
    used = (policy.states[key].uses for flow in flows.values() for key in flow.states)
    flows |= {name: inlined[name] for name in dict.fromkeys((*used, *inlined)) if name in inlined}
    return Atlas(
        policy,
        {
            name: _map(policy, flow, chapter, inlined=name in inlined)
            for chapter, (name, flow) in enumerate(flows.items(), start=first)
        },
        Ways(policy),
        arrivals or {},
    )


def _as_met(policy: Policy) -> Iterator[str]:
    """Yield all flows: the one where every case begins, those that it hands over to in the author's order, and so on.

    Where no way from there leads to a flow, it comes last.
    """
    after: dict[str, dict[str, None]] = {name: {} for name in policy.flows}
    for edge in edges(policy):
        source = policy.states[edge.source].flow if edge.source in policy.states else edge.source
        after[source][policy.states[edge.target.state].flow] = None
    met = dict.fromkeys((policy.root,))
    waiting = deque(met)
    while waiting:
        new = dict.fromkeys(name for name in after[waiting.popleft()] if name not in met)
        met |= new
        waiting.extend(new)
    yield from {**met, **dict.fromkeys(policy.flows)}


def _map(policy: Policy, flow: Flow, chapter: int, *, inlined: bool) -> FlowMap:
    shown = shown_states(policy, flow)
    first = {key: stands_for for key, stands_for in shown.items() if key == flow.start}
    steps = tuple(
        (policy.states[key], stands_for)
        for key, stands_for in {**first, **shown}.items()
        if policy.states[key].end is None
    )
    ends = tuple(policy.states[key] for key in shown if policy.states[key].end is not None)
    places = {
        state.key: Place(flow.name, number, is_end=False)
        for number, (_, stands_for) in enumerate(steps, start=1)
        for state in stands_for
    }
    places |= {end.key: Place(flow.name, number, is_end=True) for number, end in enumerate(ends, start=1)}
    return FlowMap(flow, chapter, steps, ends, places, inlined)
