"""Does every way round ask something anew, and is only forgotten what is known?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from aftersales.dataclass import dataclass, field
from aftersales.errors import Diagnostic
from aftersales.expr.names import facts_of
from aftersales.policy.lore import Lore
from aftersales.policy.model import Anytime, Late
from aftersales.policy.needs import needs_of, told_inputs
from aftersales.policy.possible import Analysis, Move, Way
from aftersales.text import Text


@dataclass(frozen=True, slots=True)
class _Changes:
    """The facts that the moves of one way round take as answered, and those that they forget."""

    taken: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)


def only_what_is_known_is_forgotten(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find facts forgotten where a case may never have been asked for them."""
    for move in analysis.moves_along(lambda way: bool(way.target.forget)):
        for name in move.way.target.forget:
            if not (move.here | move.more) & analysis.lore.fields.bit[name]:
                message = Text(
                    f"这里不一定已经知道 {name}，不能忘记", f"{name} is not surely known here, it cannot be forgotten"
                )
                hint = Text("只忘记走到这里一定读过的事实", "forget only what every way here has read")
                yield Diagnostic("forgets_unknown", message, move.way.span, hint)


def every_count_is_bounded(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find counters that are added to without a guard that keeps them within their bound."""
    fields = analysis.lore.fields
    for move in analysis.moves_along(lambda way: bool(way.target.add)):
        for name, more in move.way.target.add:
            most = analysis.policy.facts[name].type.high or 0
            before = fields.of_fact(name, fields.with_more(move.here, move.more)).values or frozenset()
            if any(isinstance(value, int) and value + more > most for value in before):
                message = Text(
                    f"{name} 加 {more} 后会超过上限 {most}", f"adding {more} takes {name} above its bound {most}"
                )
                hint = Text(f"加上条件，例如 {name} < {most}", f"add it under a condition such as {name} < {most}")
                yield Diagnostic("count_unbounded", message, move.way.span, hint)


def every_round_ends(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find ways round on which nothing is asked anew, nothing counted and no silence taken as an answer.

    An interrupt fires once and closes no circle. Moves that make progress are taken out until nothing changes; what
    still goes round then can go round forever.
    """
    leads = {key: [way for way in ways if not isinstance(way, Anytime)] for key, ways in analysis.taken().items()}
    groups = _groups((key, way.target.state) for key, ways in leads.items() for way in ways)
    going_round = {key for key, ways in leads.items() for way in ways if groups[key] == groups[way.target.state]}
    found = analysis.moves(_hangs_on_what_is_known, going_round)
    moves = [move for move in found if not isinstance(move.way, Anytime)]
    while True:
        round_ = [move for move in moves if groups[move.source] == groups[move.way.target.state]]
        together = _together(round_, groups)
        left = [move for move in round_ if not _progress(analysis, move, together[groups[move.source]])]
        if len(left) == len(moves):
            break
        moves = left
        groups = _groups((move.source, move.way.target.state) for move in moves)
    circle = _circle(moves)
    if circle:
        yield _endless(analysis, moves, circle)


def _hangs_on_what_is_known(way: Way) -> bool:
    """Return whether a move may make progress in some situations only."""
    return isinstance(way, Late) and way.fact is None and bool(way.target.take)


def _together(moves: list[Move], groups: Mapping[str, int]) -> Mapping[int, _Changes]:
    """Return what the moves of each group change."""
    changes = defaultdict[int, _Changes](_Changes)
    for move in moves:
        here = changes[groups[move.source]]
        here.taken.update(name for name, _ in move.target.take)
        here.forgotten.update(move.target.forget)
    return changes


def _groups(leads: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    """Number the states so that two have the same number where each leads to the other (Kosaraju)."""
    ahead, back = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    states: dict[str, None] = {}
    for source, target in dict.fromkeys(leads):
        ahead[source].append(target)
        back[target].append(source)
        states[source] = states[target] = None
    order: list[str] = []
    seen: set[str] = set()
    for state in states:
        if state not in seen:
            order += _finished(state, ahead, seen)
    groups: dict[str, int] = {}
    seen = set()
    for number, state in enumerate(reversed(order)):
        if state not in seen:
            groups.update(dict.fromkeys(_finished(state, back, seen), number))
    return groups


def _finished(start: str, ahead: Mapping[str, list[str]], seen: set[str]) -> list[str]:
    """Return the states not yet ``seen`` that ``start`` leads to, each after all that it leads to."""
    order: list[str] = []
    waiting = [(start, False)]
    while waiting:
        state, done = waiting.pop()
        if done:
            order.append(state)
        elif state not in seen:
            seen.add(state)
            waiting.append((state, True))
            waiting += [(target, False) for target in ahead.get(state, ())]
    return order


def _progress(analysis: Analysis, move: Move, together: _Changes) -> bool:
    """Return whether a move cannot be made again and again with no new answer in between.

    It adds to a counter (which is bounded); or it forgets a fact that nothing on the way round takes for granted, so
    that somebody must answer again; or silence is taken as an answer that nothing on the way round forgets.
    """
    if move.target.add or any(name not in together.taken for name in move.target.forget):
        return True
    return any(name not in together.forgotten for name, _ in move.target.take if _lacks(analysis.lore, move, name))


def _lacks(lore: Lore, move: Move, name: str) -> bool:
    """Return whether a late edge fires only where ``name`` is missing."""
    if not isinstance(move.way, Late):
        return False
    if move.way.fact is not None:
        return name == move.way.fact or told_inputs(lore.policy, move.way.fact) == (name,)
    state = lore.policy.states[move.source]
    known = lore.fields.with_more(move.here, move.more)
    needs = needs_of(lore, state, known) if state.until is None else facts_of(state.until)
    return needs == (name,)


def _circle(moves: list[Move]) -> list[str]:
    """Return the states of one circle, the first again at the end; nothing where there is none."""
    ways: dict[str, set[str]] = {}
    for move in moves:
        ways.setdefault(move.target.state, set()).add(move.source)
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def _endless(analysis: Analysis, moves: list[Move], circle: list[str]) -> Diagnostic:
    closing = next(move for move in moves if move.source == circle[-2] and move.target.state == circle[-1])
    names = " → ".join(analysis.policy.states[key].name for key in circle)
    message = Text(
        f"案件可能一直循环：{names}，途中没有重新提问",
        f"a case can go round forever: {names}; nothing is asked anew on the way",
    )
    hint = Text(
        "在途中 forget 一个读过的事实，或用计数事实限定次数",
        "forget a fact that is read on the way, or count the rounds",
    )
    return Diagnostic("endless_loop", message, closing.way.span, hint)
