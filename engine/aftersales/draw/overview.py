"""How the flows of a policy hang together, as a neutral graph.

The root leads to nearly every flow: an arrow each would hide all others. A strip says so, arrows lead from the root
only to flows that no other hands a case to. The inlined sub-flows are named on the cards that use them, and what is left are the hand-overs between flows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aftersales.draw.graph import Edge, EdgeKind, Graph, Line, Node, NodeKind, Strip, Words, state_id
from aftersales.draw.ways import shown_states, sub_flows
from aftersales.draw.wording import Wording
from aftersales.policy.model import Flow, Policy
from aftersales.text import Lang, Text

_TITLE: Final = Text("{0}：各流程的关系", "{0}: how the flows hang together")
_STAMP: Final = Text(
    "版本 {0} · 箭头：办着办着转到另一个流程", "version {0} · arrows: a case is handed over to another flow"
)
_STEP: Final = Text("{} 步", "{} step")
_STEPS: Final = Text("{} 步", "{} steps")
_END: Final = Text("{} 种结局", "{} end")
_ENDS: Final = Text("{} 种结局", "{} ends")
_INLINED: Final = Text("子流程", "sub-flow")
_USES: Final = Text("用到", "uses")
_LED: Final = Text("直接分来", "straight from the start")
_LEADS: Final = Text("分到标着“直接分来”的每个流程", "leads to every flow marked so")


def overview_graph(policy: Policy, langs: tuple[Lang, ...]) -> Graph:
    """Return the graph of all flows: a card each, and arrows for hand-overs from one to another."""
    wording = Wording(policy, langs)
    inlined = sub_flows(policy)
    leads = {name: tuple(dict.fromkeys(_leads_to(policy, flow))) for name, flow in policy.flows.items()}
    flows = {**policy.flows, **inlined}
    nodes = tuple(
        _node(policy, flow, wording, inlined=flow.name in inlined, led=flow.name in leads[policy.root])
        for flow in flows.values()
    )
    handed = {head for tail, heads in leads.items() for head in heads if tail not in (policy.root, head)}
    edges = tuple(
        Edge(_id(tail), _id(head), EdgeKind.WAY)
        for tail, heads in leads.items()
        for head in heads
        if tail != head and (tail != policy.root or head not in handed)
    )
    version = tuple(policy.version for _ in langs)
    return Graph(wording.filled(_TITLE, wording.of(policy.title)), nodes, edges, stamp=wording.filled(_STAMP, version))


def _id(name: str) -> str:
    return state_id(f"flow.{name}")


def _node(policy: Policy, flow: Flow, wording: Wording, *, inlined: bool, led: bool) -> Node:
    shown = [policy.states[key] for key in shown_states(policy, flow)]
    ends = sum(state.end is not None for state in shown)
    steps = _counted(len(shown) - ends, _STEP, _STEPS, wording)
    counts = (steps,) if inlined else (steps, _counted(ends, _END, _ENDS, wording))
    lines = [Line((), wording.then(counts))]
    used = tuple(dict.fromkeys(state.uses for state in shown if state.uses))
    if used:
        titles = wording.all(tuple(wording.of(policy.sub_flows[name]) for name in used if name in policy.sub_flows))
        lines.append(Line(wording.of(_USES), titles))
    if flow.name == policy.root:
        lines.append(Line((), wording.of(_LEADS)))
    header = (Strip(wording.of(_INLINED)),) if inlined else (Strip(wording.of(_LED)),) if led else ()
    kind = NodeKind.DESK if flow.name == policy.root else NodeKind.BOX if inlined else NodeKind.CARD
    alone = inlined or flow.name == policy.root
    return Node(
        _id(flow.name), kind, wording.of(flow.title), header, tuple(lines), below=inlined, main=alone and not inlined
    )


def _counted(number: int, one: Text, several: Text, wording: Wording) -> Words:
    return wording.filled(one if number == 1 else several, tuple(str(number) for _ in wording.langs))


def _leads_to(policy: Policy, flow: Flow) -> Iterator[str]:
    """Yield the flows that a flow hands over to, in the author's order."""
    for states in shown_states(policy, flow).values():
        for state in states:
            for target in (way.target for ways in (state.branches, state.late) for way in ways):
                if target.hands_over:
                    yield policy.states[target.state].flow
