"""Compiles flow files: every state flat, with its offers, deadline, terms and branches; sub-flows are copied in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from aftersales.dataclass import dataclass, replace
from aftersales.expr.tree import TRUE
from aftersales.expr.types import FLAG, Kind
from aftersales.policy.faults import ACTION, EXIT, FLOW, OUTCOME, STATE
from aftersales.policy.frames import Frame, Shelf, WayOut, flows_within, host_frame
from aftersales.policy.model import (
    Anytime,
    Branch,
    End,
    Flow,
    Late,
    Offer,
    Reopen,
    State,
    Target,
    Todo,
)
from aftersales.policy.tables import read_branches, read_target
from aftersales.policy.terms import read_terms, read_within
from aftersales.policy.values import read_value
from aftersales.syntax.tree import (
    AnytimeSyntax,
    EndSyntax,
    FlowSyntax,
    LateSyntax,
    Name,
    OfferSyntax,
    ReopenSyntax,
    StateSyntax,
    TodoSyntax,
    UseSyntax,
)
from aftersales.text import Text

#: How many states a policy may have. Sub-flows that use each other twice over double with every level.
MOST_STATES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Flows:
    """All flows and all their states, by name and by key."""

    flows: Mapping[str, Flow]
    states: Mapping[str, State]


def read_flows(shelf: Shelf, root: Name) -> Flows:
    """Return the flows; sub-flows live only as copies inside the flows that use them."""
    _check_root(shelf, root)
    used: set[str] = set()
    flows: dict[str, Flow] = {}
    states: dict[str, State] = {}
    for written in shelf.flows.values():
        if written.exits is None:
            own = {state.key: state for state in islice(_states(host_frame(shelf, written)), MOST_STATES - len(states))}
            used.update(flows_within(shelf, written))
            flows[written.name.text] = _flow(written, tuple(own), shelf)
            states.update(own)
    _check_sub_flows(shelf, used)
    if len(states) >= MOST_STATES:
        message = Text(
            f"状态超过 {MOST_STATES} 个，子流程的副本也算在内",
            f"more than {MOST_STATES} states, copies of sub-flows counted",
        )
        shelf.faults.add("too_many_states", root.span, message)
    return Flows(flows, states)


def _check_root(shelf: Shelf, root: Name) -> None:
    if shelf.faults.known(root, shelf.flows, FLOW) and shelf.flows[root.text].exits is not None:
        message = Text(f"{root} 是子流程，不能作总流程", f"{root} is a sub-flow, it cannot be the root")
        shelf.faults.add("root_is_sub_flow", root.span, message)


def _check_sub_flows(shelf: Shelf, used: set[str]) -> None:
    for name, written in shelf.flows.items():
        if written.exits is None:
            continue
        if name not in used:
            message = Text(f"没有流程使用子流程 {name}", f"no flow uses the sub-flow {name}")
            shelf.faults.add("unused_flow", written.name.span, message)
        for interrupt in written.anytime:
            message = Text("子流程没有 anytime", "a sub-flow has no anytime")
            hint = Text("写在使用它的流程里", "write it in the flow that uses it: it covers the copy")
            shelf.faults.add("anytime_in_sub_flow", interrupt.span, message, hint)


def _flow(written: FlowSyntax, states: tuple[str, ...], shelf: Shelf) -> Flow:
    frame = host_frame(shelf, written)
    _check_start(frame)
    return Flow(
        name=written.name.text,
        title=written.title.text,
        start=frame.key(written.start.text),
        states=states,
        span=written.span,
        sources=frame.sources,
        anytime=tuple(_present(_anytime(way, frame) for way in written.anytime)),
    )


def _check_start(frame: Frame) -> None:
    frame.faults.known(frame.flow.start, frame.states(), STATE)


def _present(found: Iterable[Anytime | None]) -> Iterator[Anytime]:
    return (way for way in found if way is not None)


def _anytime(written: AnytimeSyntax, frame: Frame) -> Anytime | None:
    fact = frame.fact(written.on)
    found = read_target(written.target, frame)
    if fact is not None and fact.type.kind is not Kind.FLAG:
        message = Text(
            f"anytime 要一个是否事实，{fact.name} 不是", f"anytime waits for a flag, which {fact.name} is not"
        )
        frame.faults.add("wrong_type", written.on.span, message)
    if fact is None or found is None:
        return None
    target, sources = found
    return Anytime(frame.host, fact.name, target, written.span, sources or frame.sources)


def _states(frame: Frame) -> Iterator[State]:
    for written in frame.flow.states:
        yield from read_state(written, frame)


def read_state(written: StateSyntax, frame: Frame) -> Iterator[State]:
    """Yield a state as it stands in ``frame``; one that uses a sub-flow with all states of its copy behind it."""
    if written.use is None:
        yield _state(written, frame)
    else:
        yield from _used(written, written.use, frame)


def _state(written: StateSyntax, frame: Frame) -> State:
    sources = frame.cited(written.sources, frame.sources)
    until = None if written.until is None else frame.read(written.until, FLAG)
    branches = () if written.leads is None else read_branches(written.leads, frame, until, sources)
    return State(
        key=frame.key(written.name.text),
        flow=frame.host,
        name=f"{frame.prefix}{written.name}",
        title=(written.title or frame.flow.title).text,
        span=written.name.span,
        sources=sources,
        do=tuple(_todos(written.do, frame)),
        duties=tuple(name.text for name in written.duties if _is_action(name, frame)),
        offers=tuple(_offers(written.offers, frame)),
        until=until,
        branches=branches,
        within=None if written.within is None else read_within(written.within, frame),
        no_deadline=written.no_deadline.text if written.no_deadline else None,
        late=tuple(_late_edges(written.late, frame)),
        terms=read_terms(written.terms, frame),
        end=None if written.end is None else _end(written.end, frame),
        reopen=tuple(_reopenings(written.reopen, frame)),
    )


def _is_action(name: Name, frame: Frame) -> bool:
    return frame.faults.known(name, frame.shelf.vocabulary.actions, ACTION)


def _todos(written: Iterable[TodoSyntax], frame: Frame) -> Iterator[Todo]:
    todos = tuple(written)
    here = [todo.action.text for todo in todos]
    for todo in todos:
        known = _is_action(todo.action, frame)
        before = tuple(name.text for name in todo.after if _is_done_here(name, here, frame))
        if known:
            yield Todo(todo.action.text, before)


def _is_done_here(name: Name, here: list[str], frame: Frame) -> bool:
    if name.text in here:
        return True
    if _is_action(name, frame):
        message = Text(
            f"这个状态不做 {name}，不能排在它之后", f"{name} is not done in this state, nothing comes after it"
        )
        frame.faults.add("after_elsewhere", name.span, message, Text("把它也写进 do", "list it under do as well"))
    return False


def _offers(written: Iterable[OfferSyntax], frame: Frame) -> Iterator[Offer]:
    for offer in written:
        fact = frame.fact(offer.fact)
        if fact is None:
            continue
        if offer.at_most is not None:
            if fact.type.kind not in {Kind.MONEY, Kind.COUNT}:
                message = Text(
                    f"at_most 限定金额或计数，{fact.name} 不是",
                    f"at_most bounds money or a count, which {fact.name} is not",
                )
                frame.faults.add("wrong_type", offer.fact.span, message)
            yield Offer(fact.name, at_most=frame.read(offer.at_most, replace(fact.type, low=None, high=None)))
            continue
        if fact.type.kind not in {Kind.FLAG, Kind.CHOICE, Kind.PARTY}:
            message = Text(
                f"{fact.name} 不是选项，不能列出可选项", f"{fact.name} is no choice, it has no options to offer"
            )
            frame.faults.add("wrong_type", offer.fact.span, message, Text("用 at_most 限定", "bound it by at_most"))
            continue
        options = tuple(
            (read_value(option.value, fact.type, fact.name, frame.faults), frame.read(option.condition, FLAG))
            for option in offer.options
        )
        yield Offer(fact.name, options)


def _late_edges(written: Iterable[LateSyntax], frame: Frame) -> Iterator[Late]:
    for late in written:
        fact = None if late.fact is None else frame.fact(late.fact)
        found = read_target(late.target, frame)
        if found is not None and (late.fact is None or fact is not None):
            yield Late(fact.name if fact else None, found[0], late.span)


def _end(written: EndSyntax, frame: Frame) -> End:
    frame.faults.known(written.outcome, frame.shelf.vocabulary.words.outcomes, OUTCOME)
    return End(written.outcome.text, written.reason.text if written.reason else None)


def _reopenings(written: Iterable[ReopenSyntax], frame: Frame) -> Iterator[Reopen]:
    for reopen in written:
        when = frame.read(reopen.when, FLAG)
        within = read_within(reopen.within, frame)
        found = read_target(reopen.target, frame)
        if found is not None:
            yield Reopen(when, within, found[0], reopen.span)


def _used(written: StateSyntax, use: UseSyntax, frame: Frame) -> Iterator[State]:
    copy = copy_frame(written, use, frame)
    if copy is None:
        return
    sources = frame.cited(written.sources, frame.sources)
    start = Target(copy.key(copy.flow.start.text))
    yield State(
        key=frame.key(written.name.text),
        flow=frame.host,
        name=f"{frame.prefix}{written.name}",
        title=(written.title or copy.flow.title).text,
        span=written.name.span,
        sources=sources,
        do=tuple(_todos(written.do, frame)),
        duties=tuple(name.text for name in written.duties if _is_action(name, frame)),
        branches=(Branch(TRUE, TRUE, start, use.span, sources),),
        terms=read_terms(written.terms, frame),
        uses=use.flow.text,
    )
    _check_start(copy)
    yield from _states(copy)


def copy_frame(written: StateSyntax, use: UseSyntax, frame: Frame) -> Frame | None:
    """Return the frame of the copy that ``written`` makes of a sub-flow; ``None`` where the use is at fault."""
    flows, faults = frame.shelf.flows, frame.faults
    name = use.flow.text
    if not faults.known(use.flow, flows, FLOW):
        return None
    if name in frame.above:
        circle = " → ".join((*frame.above[frame.above.index(name) :], name))
        message = Text(f"子流程互相使用成环：{circle}", f"sub-flows use each other in a circle: {circle}")
        faults.add("use_circle", use.flow.span, message)
        return None
    flow = flows[name]
    if flow.exits is None:
        message = Text(f"流程 {name} 没有出口，不能被使用", f"flow {name} has no exits, it cannot be used")
        hint = Text(f"声明 exits，或用 {{flow: {name}}} 移交", f"declare its exits, or hand over with {{flow: {name}}}")
        faults.add("use_of_a_flow", use.flow.span, message, hint)
        return None
    _check_exits(use, flow, frame)
    return replace(
        frame,
        flow=flow,
        sources=frame.cited(flow.sources, frame.sources),
        prefix=f"{frame.prefix}{written.name}.",
        exits={row.exit.text: WayOut(row.target, frame) for row in use.exits},
        above=(*frame.above, name),
    )


def _check_exits(use: UseSyntax, flow: FlowSyntax, frame: Frame) -> None:
    declared = [name.text for name in flow.exits or ()]
    mapped = {row.exit.text for row in use.exits}
    for row in use.exits:
        if row.exit.text not in declared:
            frame.faults.known(row.exit, declared, EXIT)
    missing = [name for name in declared if name not in mapped]
    if missing:
        message = Text(
            f"没有写 {flow.name} 从 {'、'.join(missing)} 离开后去哪",
            f"no way is given for {', '.join(missing)}, by which {flow.name} can be left",
        )
        frame.faults.add("unmapped_exit", use.flow.span, message, Text("写在 exits 下", "map each under exits"))
