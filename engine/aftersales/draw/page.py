"""One page of a flow in the making: the neutral graph that a renderer takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

from aftersales.draw.cards import card_lines, desk_lines, doers, reopening
from aftersales.draw.graph import (
    Edge,
    EdgeKind,
    Graph,
    Line,
    LineKind,
    Node,
    NodeKind,
    Strip,
    Table,
    Words,
    state_id,
)
from aftersales.draw.legend import legend_of
from aftersales.draw.pages import is_desk
from aftersales.draw.plan import Place, Plan
from aftersales.draw.questions import Answer, Leaf, Question, passed_over
from aftersales.draw.reasons import docked_text, exit_texts, late_text, needed, notes
from aftersales.draw.spine import Way
from aftersales.draw.ways import LateWay, Unit
from aftersales.draw.wording import Wording
from aftersales.policy.edges import anytime_key, reopen_key, source_of
from aftersales.policy.model import State, Target
from aftersales.text import Text

_SOURCES: Final = Text("依据", "sources")
_LATE: Final = Text("逾期", "late")
_START: Final = Text("开始", "start")
_FROM: Final = Text("接第 {} 页", "from page {}")
_FROM_PAGES: Final = Text("接第 {} 页", "from pages {}")
_TO_PAGE: Final = Text("续第 {} 页", "to page {}")
_BACK: Final = Text("↑ 回到：{}", "↑ back to: {}")
_BACK_PAGE: Final = Text("↑ 回到第 {1} 页：{0}", "↑ back to page {1}: {0}")
_ON: Final = Text("→ {}", "→ {}")
_ON_PAGE: Final = Text("→ 第 {1} 页：{0}", "→ page {1}: {0}")
_ANYTIME: Final = Text("随时", "any time")
_LEAVES: Final = Text("回到主流程", "back to the flow")
_INSIDE: Final = Text("子流程", "sub-flow")
_PAGE: Final = Text("第 {0}/{1} 页", "page {0}/{1}")
_STAGE: Final = Text("第 {0}/{1} 页：{2}", "page {0}/{1}: {2}")
_STAMP: Final = Text("{0} · 版本 {1} · 图 {2}", "{0} · version {1} · picture {2}")
#: A deadline's arrow passes so many questions of the main path; more ways off it would be in its way.
_MOST_PASSED: Final = 2
#: So many digits of a page's digest tell whether a copy on the wall is the latest.
_DIGITS: Final = 8


@dataclass(slots=True)
class PageDrawing:
    """Collects nodes and arrows; ``graph`` may be called once."""

    plan: Plan
    number: int
    wording: Wording
    sources: bool = False
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    #: What was drawn once and is led to again: questions that several answers share, connectors to pages.
    drawn: dict[object, str] = field(default_factory=dict)
    main: Mapping[str, Way] = field(default_factory=dict)
    #: The sources named on the page.
    cited: list[str] = field(default_factory=list)
    #: The answers on the main path.
    spine: set[tuple[Question, Answer]] = field(default_factory=set)

    def graph(self) -> Graph:
        """Return the page."""
        self.main = self.plan.main[self.number]
        page = self.plan.pages[self.number - 1]
        below = self.plan.below[self.number]
        for key in page.units:
            self._entry(key)
            self._card(self.plan.units[key])
        for way in self.main.values():
            self.spine.update(way.answers)
        for key in page.units:
            self._ways_on(self.plan.units[key])
        for key in below:
            self._end(key, below=1)
        self._interrupts()
        self._reopenings()
        self._follow()
        return self._finished()

    def _finished(self) -> Graph:
        wording, policy = self.wording, self.plan.policy
        pages = len(self.plan.pages)
        first = self.plan.pages[self.number - 1].units[:1]
        stage = wording.of(self.plan.units[first[0]].state.title) if first else ()
        counts = tuple(tuple(str(n) for _ in wording.langs) for n in (self.number, pages))
        nodes = tuple(self.nodes)
        digest = sha256(repr((nodes, self.edges)).encode()).hexdigest()[:_DIGITS]
        known = tuple(tuple(text for _ in wording.langs) for text in (policy.version, digest))
        return Graph(
            wording.of(self.plan.flow.title),
            nodes,
            tuple(self.edges),
            subtitle=wording.filled(_STAGE, *counts, stage) if pages > 1 and stage else (),
            stamp=wording.filled(_STAMP, wording.of(policy.title), *known),
            tables=self._sources_cited(),
            legend=legend_of(nodes, tuple(self.edges), wording),
            page=self.number,
            pages=pages,
        )

    def _follow(self) -> None:
        """Mark what the main path leads to, also where another way drew it first."""
        heads = {edge.head for edge in self.edges if edge.main}
        self.nodes[:] = [replace(node, main=node.main or node.id in heads) for node in self.nodes]

    def _sources_cited(self) -> tuple[Table, ...]:
        """Return the sources that the page names, with their titles, where they are asked for."""
        sources = self.plan.policy.sources
        used = dict.fromkeys(name for name in self.cited if name in sources)
        rows = tuple(self.wording.source_row(sources[name]) for name in used)
        return (Table(self.wording.of(_SOURCES), rows),) if rows else ()

    def _entry(self, key: str) -> None:
        """Draw where the case comes from: the flow's start, or other pages."""
        wording = self.wording
        if key == self.plan.owner[self.plan.flow.start]:
            self._arrow(self._node("start", NodeKind.START, wording.of(_START), main=True), state_id(key), main=True)
            return
        pages = self.plan.from_pages(self.number, key)
        if pages:
            numbers = wording.every(tuple(tuple(str(page) for _ in wording.langs) for page in pages))
            led = {self.plan.owner.get(way.leaf.target.state) for way in self.main.values()}
            main = key in (self.main or self.plan.pages[self.number - 1].units[:1]) and key not in led
            entry = self._node(
                None, NodeKind.START, wording.filled(_FROM_PAGES if len(pages) > 1 else _FROM, numbers), main=main
            )
            self._arrow(entry, state_id(key), main=main)

    def _card(self, unit: Unit) -> None:
        state = unit.state
        kind = NodeKind.BOX if state.uses else NodeKind.DESK if is_desk(unit) else NodeKind.CARD
        lines = desk_lines(unit, self.wording) if kind is NodeKind.DESK else card_lines(unit, self.wording)
        docked = tuple(self._docked(unit))
        late = (*unit.taken, *(way for way in unit.late if not self._drawn_late(unit, way)))
        ways = tuple(key for way in late for key in way.keys)
        aside = self.plan.aside.get(unit.key)
        on = (Line((), self._title_there(aside.target, Place.OTHER_FLOW)),) if aside else ()
        if kind is NodeKind.DESK or aside:
            ways += tuple(key for _, leaf in unit.leaves() for key in leaf.keys)
        again = self.plan.reopenings.get(unit.key, ())
        reopened = dict.fromkeys(reopening(way, self.wording) for _, way in again)
        self.nodes.append(
            Node(
                state_id(unit.key),
                kind,
                self.wording.of(state.title),
                self._header(unit),
                (*reopened, *lines, *docked, *on, *self._cited(state)),
                unit.states,
                (*(key for key, _ in again), *ways),
                below=int(aside is not None),
                main=unit.key in self.main,
            )
        )

    def _header(self, unit: Unit) -> tuple[Strip, ...]:
        """Return the strip of a card: who acts, the outcome of an end, or that it is a sub-flow."""
        state = unit.state
        if state.end:
            outcome = self.plan.policy.outcomes.get(state.end.outcome)
            return (Strip(self.wording.of(outcome)),) if outcome else ()
        if state.uses:
            return (Strip(self.wording.of(_INSIDE)),)
        return tuple(map(self.wording.strip, doers(unit, self.wording)))

    def _cited(self, state: State) -> tuple[Line, ...]:
        sources = state.sources or self.plan.flow.sources
        if not self.sources or not sources:
            return ()
        self.cited += sources
        return (self.wording.cited(sources),)

    def _end(self, key: str, *, below: int = 0, main: bool = False) -> str:
        """Draw an end once; those that many ways share stand ``below``."""
        unit = self.plan.units[key]
        name = state_id(key)
        if key not in self.drawn:
            self.drawn[key] = name
            state = unit.state
            ways = tuple(reopen_key(key, index) for index in range(len(state.reopen)))
            lines = (*card_lines(unit, self.wording), *self._cited(state))
            title, header = self.wording.of(state.title), self._header(unit)
            self.nodes.append(Node(name, NodeKind.END, title, header, lines, unit.states, ways, below=below, main=main))
        return name

    def _ways_on(self, unit: Unit) -> None:
        if self.plan.aside.get(unit.key):
            return
        tail, goal = state_id(unit.key), self.main.get(unit.key)
        if isinstance(unit.step, Question) and not is_desk(unit):
            self._answers(unit, tail, unit.step)
        elif isinstance(unit.step, Leaf):
            self._lead(unit, tail, unit.step, (), main=goal is not None)
        for way in unit.exits:
            main = goal is not None and goal.leaf == way.leaf
            self._lead(unit, tail, way.leaf, exit_texts(way, self.wording), main=main)
        for late in unit.late:
            self._late(unit, late)

    def _answers(self, unit: Unit, tail: str, question: Question) -> None:
        """Draw the answers to a question, each with what it leads to; a single one needs no pill."""
        for answer in question.answers:
            main = (question, answer) in self.spine and unit.key in self.main
            said = () if len(question.answers) == 1 else (self._said(unit.state, question, answer),)
            then, known = passed_over(answer.then)
            text = (*said, *needed(known, self.wording))
            if isinstance(then, Leaf):
                self._lead(unit, tail, then, text, main=main)
                continue
            pill = self._pill(tail, NodeKind.ANSWER, text, then.keys, main=main) if text else tail
            self._question(unit, pill, then, main=main)

    def _question(self, unit: Unit, tail: str, question: Question, *, main: bool) -> None:
        """Draw a question that follows on an answer; one that several answers lead to is drawn once."""
        drawn = self.drawn.get((unit.key, question))
        spine = any((question, answer) in self.spine for answer in question.answers) and unit.key in self.main
        title = self.wording.question(question.subject)
        name = drawn or self._node(None, NodeKind.QUESTION, title, ways=question.keys, main=spine)
        self._arrow(tail, name, ways=question.keys, main=main)
        if drawn is None:
            self.drawn[(unit.key, question)] = name
            self._answers(unit, name, question)

    def _said(self, state: State, question: Question, answer: Answer) -> Words:
        return self.wording.answer(question.subject, answer, state.offers)

    def _lead(self, unit: Unit, tail: str, leaf: Leaf, texts: tuple[Words, ...], *, main: bool) -> None:
        """Draw where a branch leads: on to a node, or as a stub where that stands elsewhere."""
        told = (*notes(leaf.target, self.wording), *self._branch_sources(unit, leaf))
        place = self.plan.place(self.number, unit.key, leaf.target)
        if place is Place.BACK or (place is Place.BELOW and not main):
            said = (*texts[:1], self._title_there(leaf.target, place), *texts[1:], *told)
            self._stub(tail, said, leaf.keys, back=place is Place.BACK, main=main)
            return
        said = (*texts, *told)
        pill = self._pill(tail, NodeKind.ANSWER, said, leaf.keys, main=main) if said else tail
        below = state_id(self.plan.owner[leaf.target.state]) if place is Place.BELOW else None
        self._arrow(pill, below or self._head(leaf.target, place, leaf.keys, main=main), ways=leaf.keys, main=main)

    def _late(self, unit: Unit, late: LateWay) -> None:
        """Draw a passed deadline that leads to a card or end of its own; others stand on the card (``_docked``)."""
        if not self._drawn_late(unit, late):
            return
        texts = (*late_text(late, unit, self.wording), *notes(late.target, self.wording))
        pill = self._pill(state_id(unit.key), NodeKind.LATE, texts, late.keys)
        place = self.plan.place(self.number, unit.key, late.target)
        self._arrow(pill, self._head(late.target, place, late.keys), EdgeKind.LATE, ways=late.keys)

    def _drawn_late(self, unit: Unit, late: LateWay) -> bool:
        """Tell whether a deadline gets an arrow: to a card here not far down the path, or an end that only they lead to."""
        head = self.plan.owner.get(late.target.state)
        if head is None or self.plan.place(self.number, unit.key, late.target) is not Place.HERE:
            return False
        if self.plan.asked_between(self.number, unit.key, head) > _MOST_PASSED:
            return False
        return self.plan.end(head) is None or not self._reached(head)

    def _docked(self, unit: Unit) -> Iterator[Line]:
        """Say on the card where a passed deadline leads that gets no arrow."""
        for late in unit.late:
            if not self._drawn_late(unit, late):
                place = self.plan.place(self.number, unit.key, late.target)
                there = self._title_there(late.target, place)
                text = docked_text(late, unit, there, self.wording)
                label = self.wording.of(_LATE) if late.state.key == unit.key else ()
                yield Line(label, text, LineKind.LATE)

    def _reached(self, head: str) -> bool:
        """Tell whether an arrow of this page leads to a card or end anyway, so that a deadline may be a stub."""
        return any(
            self.plan.owner.get(leaf.target.state) == head and kind is EdgeKind.WAY
            for _, kind, leaf in self.plan.leaves(self.number)
        )

    def _head(self, target: Target, place: Place, keys: tuple[str, ...], *, main: bool = False) -> str:
        """Return the node a way leads to: a card or end here, or an arrow that names the page or flow it goes on in."""
        wording = self.wording
        if place is Place.HERE:
            head = self.plan.owner[target.state]
            return self._end(head, main=main) if self.plan.end(head) else state_id(head)
        if place is Place.OTHER_PAGE:
            return self._connector(target, main=main)
        if place is Place.OUTSIDE:
            return self._node(None, NodeKind.FLOW, wording.of(_LEAVES), ways=keys, main=main)
        flow = self.plan.policy.flows[self.plan.policy.states[target.state].flow]
        return self._node(None, NodeKind.FLOW, wording.of(flow.title), ways=keys, main=main)

    def _connector(self, target: Target, *, main: bool) -> str:
        head = self.plan.owner[target.state]
        if ("page", head) not in self.drawn:
            title = self.wording.of(self.plan.units[head].state.title)
            self.drawn[("page", head)] = self._node(None, NodeKind.PAGE, title, lines=(self._to_page(head),), main=main)
        return self.drawn[("page", head)]

    def _to_page(self, head: str) -> Line:
        number = tuple(str(self.plan.home[head]) for _ in self.wording.langs)
        return Line((), self.wording.filled(_TO_PAGE, number))

    def _title_there(self, target: Target, place: Place) -> Words:
        """Name what stands elsewhere, with its page where that is another one."""
        wording = self.wording
        head = self.plan.owner.get(target.state)
        if head is None:
            flow = self.plan.policy.flows[self.plan.policy.states[target.state].flow]
            return wording.filled(_ON, wording.of(flow.title) if place is Place.OTHER_FLOW else wording.of(_LEAVES))
        title = wording.of(self.plan.units[head].state.title)
        home = self.plan.home.get(head, self.number)
        page = tuple(str(home) for _ in wording.langs)
        if place is Place.BACK:
            return wording.filled(_BACK if home == self.number else _BACK_PAGE, title, page)
        return wording.filled(_ON if home == self.number else _ON_PAGE, title, page)

    def _reopenings(self) -> None:
        """Lead from an end on the page to the card on it that a settled case is reopened in."""
        drawn = {node.id for node in self.nodes}
        for key in self.plan.pages[self.number - 1].units:
            for name, _ in self.plan.reopenings.get(key, ()):
                tail = state_id(source_of(name))
                if tail in drawn:
                    self._arrow(tail, state_id(key), ways=(name,))

    def _interrupts(self) -> None:
        """Say of each interrupt of the flow where it leads, on the card or end itself if that is on the page."""
        for index, way in enumerate(self.plan.interrupts(self.number)):
            key = anytime_key(self.plan.flow.name, index)
            line = Line(self.wording.of(_ANYTIME), self.wording.fact(way.on), LineKind.CLOCK)
            head = self.plan.owner.get(way.target.state)
            if head is None:
                flow = self.plan.policy.flows[self.plan.policy.states[way.target.state].flow]
                self._node(None, NodeKind.FLOW, self.wording.of(flow.title), lines=(line,), ways=(key,), below=1)
                continue
            place = next((number for number, node in enumerate(self.nodes) if node.id == state_id(head)), None)
            if place is None:
                title = self.wording.of(self.plan.units[head].state.title)
                lines = (line, self._to_page(head))
                self._node(None, NodeKind.PAGE, title, lines=lines, ways=(key,), below=1)
                continue
            node = self.nodes[place]
            self.nodes[place] = replace(node, lines=(line, *node.lines), ways=(*node.ways, key))

    def _branch_sources(self, unit: Unit, leaf: Leaf) -> tuple[Words, ...]:
        said = frozenset(unit.state.sources or self.plan.flow.sources)
        if not self.sources or said.issuperset(leaf.sources):
            return ()
        self.cited += leaf.sources
        return (self.wording.cited_short(leaf.sources),)

    def _stub(
        self,
        tail: str,
        texts: tuple[Words, ...],
        keys: tuple[str, ...],
        *,
        back: bool,
        main: bool = False,
    ) -> None:
        lines = tuple(Line((), text) for text in texts[1:])
        stub = self._node(None, NodeKind.STUB, texts[0], lines=lines, ways=keys, main=main)
        self._arrow(tail, stub, back=back, ways=keys, main=main)

    def _pill(
        self, tail: str, kind: NodeKind, texts: tuple[Words, ...], keys: tuple[str, ...], *, main: bool = False
    ) -> str:
        lines = tuple(Line((), text) for text in texts[1:])
        pill = self._node(None, kind, texts[0], lines=lines, ways=keys, main=main)
        self._arrow(tail, pill, EdgeKind.LATE if kind is NodeKind.LATE else EdgeKind.WAY, ways=keys, main=main)
        return pill

    def _arrow(
        self,
        tail: str,
        head: str,
        kind: EdgeKind = EdgeKind.WAY,
        *,
        back: bool = False,
        ways: tuple[str, ...] = (),
        main: bool = False,
    ) -> None:
        self.edges.append(Edge(tail, head, kind, back=back, ways=ways, main=main))

    def _node(self, name: str | None, kind: NodeKind, title: Words, **more: object) -> str:
        node = Node(name or f"n{len(self.nodes)}", kind, title, **more)  # type: ignore[arg-type]
        self.nodes.append(node)
        return node.id
