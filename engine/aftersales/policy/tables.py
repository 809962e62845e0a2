"""Flattens ``to``, ``first`` and ``by``, nested as the author likes, to branches with disjoint guards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from aftersales.dataclass import dataclass, replace
from aftersales.expr.build import conjoin, negate, simplify
from aftersales.expr.tree import Compare, Either, Expr, FactRef, In, Literal
from aftersales.expr.types import FLAG, Kind
from aftersales.policy.actions import read_answers
from aftersales.policy.faults import EXIT, FLOW, STATE
from aftersales.policy.frames import Frame
from aftersales.policy.model import Branch, Fact, Target
from aftersales.policy.values import read_value
from aftersales.source import Span
from aftersales.syntax.tree import CascadeSyntax, CountSyntax, Name, RowSyntax, TableSyntax, TargetSyntax
from aftersales.text import Text

Leads = TargetSyntax | CascadeSyntax | TableSyntax

#: What most targets change on the way there: nothing.
_UNCHANGED: Final = Target("")


@dataclass(frozen=True, slots=True)
class _Way:
    """One way on: the author's conditions, the exact ones, and where it leads; still unjoined."""

    when: tuple[Expr, ...]
    guard: tuple[Expr, ...]
    target: Target
    span: Span
    sources: tuple[str, ...]
    otherwise: bool = False


def read_branches(leads: Leads, frame: Frame, until: Expr | None, sources: tuple[str, ...]) -> tuple[Branch, ...]:
    """Return the branches of a state in the author's order.

    ``until`` is part of every guard; ``sources`` are the state's, for branches that name none.
    """
    waiting = () if until is None else (until,)
    return tuple(
        Branch(
            when=_joined(way.when),
            guard=_joined((*waiting, *way.guard)),
            target=way.target,
            span=way.span,
            sources=way.sources or sources,
            otherwise=way.otherwise,
        )
        for way in _ways(leads, frame)
    )


def read_target(target: TargetSyntax, frame: Frame) -> tuple[Target, tuple[str, ...]] | None:
    """Return a target that no table decides, with its sources; ``None`` after a fault."""
    ways = tuple(_ways(target, frame))
    if len(ways) == 1 and not ways[0].guard:
        return ways[0].target, ways[0].sources
    if ways:
        message = Text("这里要直接写出去向，不能再分支", "a single target belongs here, not a table")
        hint = Text("先到一个状态，再由它分支", "go to a state that has the table")
        frame.faults.add("no_table_here", target.span, message, hint)
    return None


def _joined(parts: tuple[Expr, ...]) -> Expr:
    if len(parts) == 1 and isinstance(parts[0], Compare | FactRef | In):
        return parts[0]  # as it is, like most
    return simplify(conjoin(parts))


def _ways(leads: Leads, frame: Frame) -> Iterator[_Way]:
    match leads:
        case TargetSyntax():
            yield from _target_ways(leads, frame, leads.span)
        case CascadeSyntax():
            yield from _cascade_ways(leads, frame)
        case TableSyntax():
            yield from _table_ways(leads, frame)


def _cascade_ways(cascade: CascadeSyntax, frame: Frame) -> Iterator[_Way]:
    above: list[Expr] = []
    for branch in cascade.branches:
        when = () if branch.when is None else (frame.read(branch.when, FLAG),)
        guard = (*(negate(condition) for condition in above), *when)
        ways = _under(when, guard, _target_ways(branch.target, frame, branch.span))
        yield from _marked(ways, otherwise=branch.when is None)
        above.extend(when)


def _table_ways(table: TableSyntax, frame: Frame) -> Iterator[_Way]:
    fact = frame.fact(table.fact)
    if fact is None or not _tabular(fact, table, frame):
        return
    rest = list(_words(fact))
    for row in table.rows:
        if row.value is None:
            guard = _one_of(fact, rest)
            yield from _marked(_under((), (guard,), _target_ways(row.target, frame, row.span)), otherwise=True)
            continue
        test, word = _row_test(row, fact, frame)
        if word in rest:
            rest.remove(word)
        yield from _under((test,), (test,), _target_ways(row.target, frame, row.span))


def _tabular(fact: Fact, table: TableSyntax, frame: Frame) -> bool:
    if fact.type.kind in {Kind.FLAG, Kind.CHOICE, Kind.PARTY}:
        return True
    message = Text(
        f"by 只能按选项、一方或是否来分，{fact.name} 不是",
        f"by tells apart a choice, a party or a flag, which {fact.name} is not",
    )
    frame.faults.add("wrong_type", table.fact.span, message, Text("用 first 写条件", "write conditions under first"))
    return False


def _words(fact: Fact) -> tuple[str | bool, ...]:
    return (True, False) if fact.type.kind is Kind.FLAG else fact.type.values


def _row_test(row: RowSyntax, fact: Fact, frame: Frame) -> tuple[Expr, str | bool]:
    if row.value is None:
        raise AssertionError(row)
    value = read_value(row.value, fact.type, fact.name, frame.faults)
    word = value if isinstance(value, str | bool) else ""
    return is_value(fact, word), word


def is_value(fact: Fact, word: str | bool) -> Expr:  # noqa: FBT001 - a flag's value is a word of the policy
    """Return the condition that a flag, choice or party fact has a value."""
    reference = FactRef(fact.type, fact.name)
    if isinstance(word, bool):
        return reference if word else negate(reference)
    return Compare("==", reference, Literal(fact.type, word))


def _one_of(fact: Fact, words: Iterable[str | bool]) -> Expr:
    left = tuple(words)
    if len(left) == 1:
        return is_value(fact, left[0])
    if fact.type.kind is Kind.FLAG:
        return Either(tuple(is_value(fact, word) for word in left))
    return In(FactRef(fact.type, fact.name), tuple(word for word in left if isinstance(word, str)))


def _under(when: tuple[Expr, ...], guard: tuple[Expr, ...], ways: Iterable[_Way]) -> Iterator[_Way]:
    for way in ways:
        if guard:
            yield _Way((*when, *way.when), (*guard, *way.guard), way.target, way.span, way.sources, way.otherwise)
        else:
            yield way


def _marked(ways: Iterable[_Way], *, otherwise: bool) -> Iterator[_Way]:
    for way in ways:
        yield way if way.otherwise or way.when or not otherwise else replace(way, otherwise=True)


def _target_ways(written: TargetSyntax, frame: Frame, span: Span) -> Iterator[_Way]:
    changes = _changes(written, frame)
    sources = frame.cited(written.sources, ())
    for way in _bare_ways(written, frame, span):
        changed = changes is not _UNCHANGED or (sources and not way.sources)
        yield replace(way, target=_then(changes, way.target), sources=way.sources or sources) if changed else way


def _bare_ways(written: TargetSyntax, frame: Frame, span: Span) -> Iterator[_Way]:
    if written.nested is not None:
        yield from _ways(written.nested, frame)
    elif written.exit is not None:
        yield from _exit_ways(written.exit, frame, span)
    else:
        target = _flow_target(written.flow, frame) if written.flow is not None else _state_target(written.to, frame)
        if target is not None:
            yield _Way((), (), target, span, ())


def _exit_ways(exit_: Name, frame: Frame, span: Span) -> Iterator[_Way]:
    declared = frame.flow.exits
    if declared is None:
        message = Text(f"流程 {frame.flow.name} 没有出口", f"flow {frame.flow.name} has no exits")
        hint = Text("只有声明了 exits 的子流程可以用 exit", "only a sub-flow, which declares exits, is left by one")
        frame.faults.add("no_exits", exit_.span, message, hint)
        return
    if not frame.faults.known(exit_, (name.text for name in declared), EXIT) or exit_.text not in frame.exits:
        return
    out = frame.exits[exit_.text]
    for way in _target_ways(out.target, out.frame, span):
        yield replace(way, span=span)


def _state_target(name: Name | None, frame: Frame) -> Target | None:
    if name is None or not frame.faults.known(name, frame.states(), STATE):
        return None
    return Target(frame.key(name.text))


def _flow_target(name: Name, frame: Frame) -> Target | None:
    flows = frame.shelf.flows
    if not frame.faults.known(name, flows, FLOW):
        return None
    flow = flows[name.text]
    if flow.exits is not None:
        message = Text(f"{name} 是子流程，不能移交", f"{name} is a sub-flow, a case is not handed over to it")
        frame.faults.add("handed_to_sub_flow", name.span, message, Text(f"用 use: {name}", f"use it: use: {name}"))
        return None
    return Target(f"{name}.{flow.start}", hands_over=True)


def _changes(written: TargetSyntax, frame: Frame) -> Target:
    if not (written.forget or written.take or written.add or written.restart):
        return _UNCHANGED
    forget = tuple(name.text for name in written.forget if _forgettable(name, frame))
    visible = tuple(answer for answer in written.take if frame.fact(answer.fact) is not None)
    take = tuple(read_answers(visible, frame.shelf.vocabulary, frame.faults).items())
    add = tuple((count.fact.text, count.count) for count in written.add if _countable(count, frame))
    return Target("", forget, take, add, written.restart)


def _forgettable(name: Name, frame: Frame) -> bool:
    fact = frame.fact(name)
    if fact is None:
        return False
    if fact.counter or fact.computed or fact.derived is not None:
        message = Text(f"{name} 不是别人告知的，无从忘记", f"{name} is not told by anybody, it cannot be forgotten")
        hint = Text("忘记它所依据的事实", "forget the facts that it is made of")
        frame.faults.add("not_forgettable", name.span, message, hint)
        return False
    return True


def _countable(count: CountSyntax, frame: Frame) -> bool:
    fact = frame.fact(count.fact)
    if fact is None or fact.counter:
        return fact is not None
    message = Text(f"{fact.name} 不是计数事实", f"{fact.name} is no counter")
    hint = Text("计数事实写作 type: count, from: policy, max: …", "a counter has type: count, from: policy, max: …")
    frame.faults.add("not_a_counter", count.fact.span, message, hint)
    return False


def _then(first: Target, second: Target) -> Target:
    """Return ``second`` with what happens on the way there: first the one's changes, then the other's."""
    if first is _UNCHANGED:
        return second
    taken = {name: value for name, value in first.take if name not in second.forget}
    return replace(
        second,
        forget=tuple(dict.fromkeys((*first.forget, *second.forget))),
        take=tuple({**taken, **dict(second.take)}.items()),
        add=(*first.add, *second.add),
        restart=first.restart or second.restart,
    )
