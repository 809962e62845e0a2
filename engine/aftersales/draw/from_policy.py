"""A flow as a neutral graph: a card per state, a box per inlined sub-flow, pills for what leads on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from aftersales.draw.cards import card_lines, doers
from aftersales.draw.graph import Edge, EdgeKind, Graph, Line, Node, NodeKind, Words
from aftersales.draw.reasons import notes, said
from aftersales.draw.ways import Way, loops, shown_states, ways_of
from aftersales.draw.wording import Wording
from aftersales.policy.edges import anytime_key
from aftersales.policy.model import Flow, Policy, State, Target
from aftersales.text import Lang, Text

_START: Final = Text("开始", "start")
_BACK: Final = Text("↺ {}", "↺ {}")
_ON: Final = Text("→ {}", "→ {}")
_ANYTIME: Final = Text("随时：{}", "at any time: {}")
_LEAVES: Final = Text("回到主流程", "back to the flow")
#: A state with more ways out than this makes the picture too wide for a page: it runs from left to right then.
_WIDE: Final = 9
_INSIDE: Final = Text("子流程", "sub-flow")


def flow_graph(policy: Policy, flow: Flow, langs: tuple[Lang, ...]) -> Graph:
    """Return the graph of one flow; ids count up in the author's order."""
    return _Drawing(policy, flow, Wording(policy, langs)).graph()


@dataclass(slots=True)
class _Drawing:
    """A flow's graph in the making."""

    policy: Policy
    flow: Flow
    wording: Wording
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    #: The state that shows each state: itself, or the box that its copy is folded into.
    shows: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    loops: frozenset[tuple[str, str]] = frozenset()
    #: What an arrow leads to already; a deadline that leads there too becomes a stub.
    reached: set[str] = field(default_factory=set)

    def graph(self) -> Graph:
        shown = shown_states(self.policy, self.flow)
        self.loops = loops(self.policy, self.flow)
        self.shows = {state.key: key for key, states in shown.items() for state in states}
        self.ids = {key: f"s{number}" for number, key in enumerate(shown, start=1)}
        ways = [(key, way) for key, states in shown.items() for way in ways_of(states)]
        self.reached = {way.target.state for _, way in ways if way.kind is EdgeKind.WAY}
        self._node("start", NodeKind.START, self.wording.of(_START))
        for key, states in shown.items():
            self._card(self.policy.states[key], tuple(state.key for state in states))
        self.edges.append(Edge("start", self.ids[self.shows[self.flow.start]]))
        for key, way in ways:
            self._way(key, way)
        self._interrupts()
        ways_per_state = Counter(key for key, _ in ways)
        across = max(ways_per_state.values(), default=0) > _WIDE
        return Graph(self.wording.of(self.flow.title), tuple(self.nodes), tuple(self.edges), across)

    def _card(self, state: State, stands_for: tuple[str, ...]) -> None:
        kind = NodeKind.END if state.end else NodeKind.BOX if state.uses else NodeKind.CARD
        header, tint = self._header(state)
        lines = tuple(card_lines(state, self.wording))
        self.nodes.append(Node(self.ids[state.key], kind, self._title(state), header, lines, tint, stands_for))

    def _title(self, state: State) -> Words:
        return self.wording.of(state.title)

    def _header(self, state: State) -> tuple[Words, int | None]:
        """Return the strip of a card and the number of its colour: that of who acts first."""
        if state.end:
            outcome = self.policy.outcomes.get(state.end.outcome)
            return (self.wording.of(outcome) if outcome else ()), None
        if state.uses:
            return self.wording.of(_INSIDE), None
        acting = doers(state, self.wording)
        known = (*self.policy.roles, *self.policy.parties)
        tint = known.index(acting[0]) if acting and acting[0] in known else None
        return (self.wording.all(tuple(map(self.wording.who, acting))) if acting else ()), tint

    def _way(self, key: str, way: Way) -> None:
        """Draw one way out: straight, through a pill, or as a stub where it leads back or to what is reached before."""
        keys = tuple(reason.key for reason in way.reasons)
        texts = (*said(self.policy.states[key], way, self.wording), *notes(way.target, self.wording))
        tail = self.ids[key]
        if self._as_stub(key, way):
            texts = (*texts[:1], self._stub_title(key, way.target), *texts[1:])
            pill = self._pill(NodeKind.STUB, texts, keys, stands_for=(way.target.state,))
            self.edges.append(Edge(tail, pill, way.kind, back=True, ways=keys))
        elif texts:
            pill = self._pill(NodeKind.LATE if way.kind is EdgeKind.LATE else NodeKind.GUARD, texts, keys)
            self.edges.append(Edge(tail, pill, way.kind, ways=keys))
            self.edges.append(Edge(pill, self._head(way.target), way.kind, ways=keys))
        else:
            self.edges.append(Edge(tail, self._head(way.target), way.kind, ways=keys))

    def _as_stub(self, key: str, way: Way) -> bool:
        shown = self.shows.get(way.target.state)
        if shown is None:
            return False
        known = way.kind is EdgeKind.LATE and shown in self.reached
        self.reached.add(shown)
        return known or (key, shown) in self.loops

    def _stub_title(self, key: str, target: Target) -> Words:
        back = (key, self.shows[target.state]) in self.loops
        return self.wording.filled(_BACK if back else _ON, self._title(self.policy.states[target.state]))

    def _pill(
        self, kind: NodeKind, texts: tuple[Words, ...], ways: tuple[str, ...], stands_for: tuple[str, ...] = ()
    ) -> str:
        lines = tuple(Line((), text) for text in texts[1:])
        return self._node(f"p{len(self.nodes)}", kind, texts[0], lines=lines, states=stands_for, ways=ways)

    def _head(self, target: Target) -> str:
        """Return the node a way leads to: a state shown here, or an arrow that names the flow it goes on in."""
        if target.state in self.shows:
            return self.ids[self.shows[target.state]]
        flow = self.policy.flows[self.policy.states[target.state].flow]
        title = self.wording.of(flow.title if target.hands_over else _LEAVES)
        return self._node(f"f{len(self.nodes)}", NodeKind.FLOW, title, states=(target.state,))

    def _interrupts(self) -> None:
        for index, interrupt in enumerate(self.flow.anytime):
            title = self.wording.filled(_ANYTIME, self.wording.fact(interrupt.on))
            ways = (anytime_key(self.flow.name, index),)
            tail = self._node(f"a{index + 1}", NodeKind.ANYTIME, title, ways=ways)
            self.edges.append(Edge(tail, self._head(interrupt.target), EdgeKind.ANYTIME, ways=ways))

    def _node(
        self,
        name: str,
        kind: NodeKind,
        title: Words,
        lines: tuple[Line, ...] = (),
        states: tuple[str, ...] = (),
        ways: tuple[str, ...] = (),
    ) -> str:
        self.nodes.append(Node(name, kind, title, lines=lines, states=states, ways=ways))
        return name
