"""How the flows of a policy hang together, as a neutral graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import Edge, EdgeKind, Graph, Line, Node, NodeKind
from aftersales.draw.ways import shown_states, sub_flows, ways_of
from aftersales.draw.wording import Wording
from aftersales.policy.model import Flow, Policy
from aftersales.text import Lang, Text

_TITLE: Final = Text("{0}：各流程的关系", "{0}: how the flows hang together")
_STATES: Final = Text("{0} 个状态，{1} 种结局", "{0} states, {1} ends")
_INSIDE: Final = Text("{0} 个状态", "{0} states")
_INLINED: Final = Text("子流程", "sub-flow")


def overview_graph(policy: Policy, langs: tuple[Lang, ...]) -> Graph:
    """Return the graph of all flows: hand-overs as arrows, inlined sub-flows as boxes at the end of dashed ones."""
    wording = Wording(policy, langs)
    inlined = sub_flows(policy)
    flows = {**policy.flows, **inlined}
    ids = {name: f"f{number}" for number, name in enumerate(flows, start=1)}
    nodes = (_node(policy, flow, ids[name], wording, inlined=name in inlined) for name, flow in flows.items())
    edges = dict.fromkeys(
        Edge(ids[tail], ids[head], kind)
        for tail, flow in flows.items()
        for head, kind in _leads_to(policy, flow)
        if head != tail
    )
    return Graph(wording.filled(_TITLE, wording.of(policy.title)), tuple(nodes), tuple(edges), across=True)


def _node(policy: Policy, flow: Flow, name: str, wording: Wording, *, inlined: bool) -> Node:
    kind = NodeKind.START if flow.name == policy.root else NodeKind.BOX if inlined else NodeKind.CARD
    shown = [policy.states[key] for key in shown_states(policy, flow)]
    ends = sum(state.end is not None for state in shown)
    counts = (tuple(str(number) for _ in wording.langs) for number in (len(shown) - ends, ends))
    lines = (Line((), wording.filled(_INSIDE if inlined else _STATES, *counts)),)
    header = wording.of(_INLINED) if inlined else ()
    return Node(name, kind, wording.of(flow.title), header, () if kind is NodeKind.START else lines)


def _leads_to(policy: Policy, flow: Flow) -> Iterator[tuple[str, EdgeKind]]:
    """Return the flows that a flow hands over to or uses, in the author's order; not what its sub-flows use."""
    for key, states in shown_states(policy, flow).items():
        uses = policy.states[key].uses
        if uses:
            yield uses, EdgeKind.LATE
        for way in ways_of(states):
            if way.target.hands_over:
                yield policy.states[way.target.state].flow, EdgeKind.WAY
