"""How the flows of a policy hang together, as a neutral graph.

An arrow for every hand-over would be a tangle. The root leads to nearly every flow: a strip says so. Flows that many
others hand a case to are meeting points: they stand below, and the cards name them. What leads to many flows names them
too, and so do meeting points. The arrows that are left can be followed. The inlined sub-flows are named on the cards that use them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aftersales.draw.graph import Edge, EdgeKind, Graph, Line, Node, NodeKind, Strip, Words, state_id
from aftersales.draw.ways import shown_states, sub_flows
from aftersales.draw.wording import Wording
from aftersales.policy.model import Flow, Policy
from aftersales.text import Lang, Text

_TITLE: Final = Text("{0}：各流程的关系", "{0}: how the flows connect")
_STAMP: Final = Text(
    "版本 {0} · 箭头和“转到”：办着办着转到另一个流程 · 粗框：许多流程都会转来",
    'version {0} · arrows and "leads to": handed over to another flow · thick frame: many flows lead there',
)
_STEP: Final = Text("{} 步", "{} step")
_STEPS: Final = Text("{} 步", "{} steps")
_END: Final = Text("{} 种结局", "{} end")
_ENDS: Final = Text("{} 种结局", "{} ends")
_INLINED: Final = Text("子流程", "sub-flow")
_ON: Final = Text("转到", "leads to")
_MET: Final = Text("{} 个流程转来", "from {} flows")
_ANYTIME: Final = Text("随时", "any time")
_CALLED: Final = Text("{} 个流程都可转来", "from any of {} flows")
_EACH: Final = Text("；", "; ")
_USES: Final = Text("用到", "uses")
_LED: Final = Text("直接分来", "from reception")
_LEADS: Final = Text("分到标着“直接分来”的每个流程", 'leads to every flow marked "from reception"')


#: A flow that more others hand a case to is a meeting point; one that hands to more names them.
_MOST_ARROWS: Final = 3
_MOST_HEADS: Final = 4
#: So many flows without arrows share a row with the others.
_FEW: Final = 5
#: The rows below, from the top: flows by themselves, meeting points, sub-flows.
_ALONE, _MEETING, _INSIDE = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Web:
    """Which flow hands over to which, and which of that is drawn as arrows."""

    root: str
    leads: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, policy: Policy) -> _Web:
        """Return the hand-overs of a policy, in the author's order."""
        inlined = sub_flows(policy)
        flows = {name: flow for name, flow in policy.flows.items() if name not in inlined}
        leads = {name: dict.fromkeys(_leads_to(policy, flow)) for name, flow in flows.items()}
        return cls(policy.root, {tail: tuple(head for head in heads if head != tail) for tail, heads in leads.items()})

    def into(self, flow: str) -> int:
        """Return how many flows hand over to one; the root aside, of which the card has a strip of its own."""
        return sum(flow in heads for tail, heads in self.leads.items() if tail != self.root)

    def spreads(self, flow: str) -> bool:
        """Tell whether a flow leads to so many that its card names them."""
        return flow == self.root or len(self.leads[flow]) > _MOST_HEADS

    def meeting(self, flow: str) -> bool:
        """Tell whether so many flows lead to one that their cards name it."""
        return self.into(flow) > _MOST_ARROWS

    def named(self, flow: str) -> tuple[str, ...]:
        """Return the flows that a card names because no arrow leads there."""
        every = self.spreads(flow) or self.meeting(flow)
        return () if flow == self.root else tuple(head for head in self.leads[flow] if every or self.meeting(head))

    def arrows(self) -> tuple[tuple[str, str], ...]:
        """Return the hand-overs that are drawn, those from the root to where an arrow begins included."""
        drawn = [(tail, head) for tail in self.leads for head in self.leads[tail] if head not in self.named(tail)]
        drawn = [(tail, head) for tail, head in drawn if tail != self.root]
        first = {tail for tail, _ in drawn} - {head for _, head in drawn}
        if len(self.alone(drawn)) <= _FEW:
            first |= self.alone(drawn)
        return (*((self.root, head) for head in self.leads[self.root] if head in first), *drawn)

    def alone(self, drawn: Iterable[tuple[str, str]]) -> frozenset[str]:
        """Return the flows that no arrow touches, meeting points aside."""
        touched = {self.root, *(flow for arrow in drawn for flow in arrow)}
        return frozenset(flow for flow in self.leads if flow not in touched and not self.meeting(flow))

    def row(self, flow: str) -> int:
        """Return the row below that a flow stands in, 0 for one among the arrows."""
        return _MEETING if self.meeting(flow) else _ALONE if flow in self.alone(self.arrows()) else 0


def overview_graph(policy: Policy, langs: tuple[Lang, ...]) -> Graph:
    """Return the graph of all flows: a card each, and arrows for hand-overs from one to another."""
    wording = Wording(policy, langs)
    web = _Web.of(policy)
    cards = [_flow(policy, policy.flows[name], wording, web) for name in web.leads]
    boxes = [_sub_flow(policy, flow, wording) for flow in sub_flows(policy).values()]
    edges = tuple(Edge(_id(tail), _id(head), EdgeKind.WAY) for tail, head in web.arrows())
    version = tuple(policy.version for _ in langs)
    nodes = sorted((*cards, *boxes), key=lambda node: node.below)
    return Graph(
        wording.filled(_TITLE, wording.of(policy.title)), tuple(nodes), edges, stamp=wording.filled(_STAMP, version)
    )


def _id(name: str) -> str:
    return state_id(f"flow.{name}")


def _flow(policy: Policy, flow: Flow, wording: Wording, web: _Web) -> Node:
    shown = [policy.states[key] for key in shown_states(policy, flow)]
    ends = sum(state.end is not None for state in shown)
    steps = _counted(len(shown) - ends, _STEP, _STEPS, wording)
    lines = [Line((), wording.then((steps, _counted(ends, _END, _ENDS, wording)))), *_used(policy, flow, wording)]
    named = tuple(wording.of(policy.flows[name].title) for name in web.named(flow.name))
    lines += [Line(wording.of(_ON), wording.joined(_EACH, named))] if named else []
    callers = _callers(policy, flow)
    lines += [Line(wording.of(_ANYTIME), wording.filled(_CALLED, _number(callers, wording)))] if callers else []
    met = (Strip(wording.filled(_MET, _number(web.into(flow.name), wording))),) if web.meeting(flow.name) else ()
    led = (Strip(wording.of(_LED)),) if flow.name in web.leads[web.root] else ()
    root = flow.name == web.root
    lines += [Line((), wording.of(_LEADS))] if root else []
    kind = NodeKind.DESK if root or met else NodeKind.CARD
    title = wording.of(flow.title)
    return Node(_id(flow.name), kind, title, (*led, *met), tuple(lines), below=web.row(flow.name), main=root)


def _sub_flow(policy: Policy, flow: Flow, wording: Wording) -> Node:
    shown = [policy.states[key] for key in shown_states(policy, flow)]
    steps = _counted(sum(state.end is None for state in shown), _STEP, _STEPS, wording)
    lines = (Line((), steps), *_used(policy, flow, wording))
    title = wording.of(flow.title)
    return Node(_id(flow.name), NodeKind.BOX, title, (Strip(wording.of(_INLINED)),), lines, below=_INSIDE)


def _used(policy: Policy, flow: Flow, wording: Wording) -> Iterator[Line]:
    """Name the sub-flows that a flow uses."""
    used = dict.fromkeys(policy.states[key].uses or "" for key in shown_states(policy, flow))
    titles = tuple(wording.of(policy.sub_flows[name]) for name in used if name in policy.sub_flows)
    if titles:
        yield Line(wording.of(_USES), wording.all(titles))


def _callers(policy: Policy, flow: Flow) -> int:
    """Return how many flows an interrupt leads from to this one."""
    inside = set(flow.states)
    return sum(
        any(way.target.state in inside for way in other.anytime) for other in policy.flows.values() if other != flow
    )


def _number(number: int, wording: Wording) -> Words:
    return tuple(str(number) for _ in wording.langs)


def _counted(number: int, one: Text, several: Text, wording: Wording) -> Words:
    return wording.filled(one if number == 1 else several, _number(number, wording))


def _leads_to(policy: Policy, flow: Flow) -> Iterator[str]:
    """Yield the flows that a flow hands over to, in the author's order."""
    for states in shown_states(policy, flow).values():
        for state in states:
            for target in (way.target for ways in (state.branches, state.late) for way in ways):
                if target.hands_over:
                    yield policy.states[target.state].flow
