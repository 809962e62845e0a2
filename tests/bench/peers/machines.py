"""State machines: the policy's questions as states, walked from the start for every case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import statemachine
import transitions

from aftersales.run.function.answer import Answer
from peers.amounts import Condition, at_end, condition
from peers.found import Facts, Peer, of_answer
from peers.tree import Ask, Row, Tree, rows, whole

_START: Final = "start"
#: A trigger, where from, where to, and on which condition.
Way = tuple[str, str, str, Condition | None]


class _Case:
    """The model of the machine: the facts of one case, and where it is."""

    def __init__(self) -> None:
        self.facts: Facts = {}
        self.state = _START


def machines() -> tuple[Peer, ...]:
    """Return the state machine libraries, bare: one model that is set back to the start for every case."""
    return _transitions(), _statemachine()


def _ways() -> tuple[list[str], list[Way]]:
    """Return the states, and every way on with its trigger and its condition.

    From the start each issue is a trigger of its own; behind it ``step`` asks a flow's questions one by one.
    """
    states = [_START, *(row.state for row in rows())]
    ways: list[Way] = []
    tree = whole()
    issues = []
    while isinstance(tree, Ask) and tree.when.startswith("issue == "):
        issues.append((tree.when.split("'")[1], tree.yes))
        tree = tree.no
    issues.append(("warranty", tree))
    for issue, flow in issues:
        found = list(_of(flow, f"ask_{issue}"))
        states += [source for source, _, _ in found]
        ways.append((issue, _START, f"ask_{issue}", None))
        ways += [("step", *way) for way in found]
    return list(dict.fromkeys(states)), list(dict.fromkeys(ways))


def _of(tree: Tree, name: str) -> Iterator[tuple[str, str, Condition | None]]:
    if isinstance(tree, Row):
        return
    for way, asked in ((tree.yes, condition(tree.when)), (tree.no, None)):
        target = way.state if isinstance(way, Row) else f"{name}_{'y' if asked else 'n'}"
        yield name, target, asked
        yield from _of(way, target)


def _transitions() -> Peer:
    states, ways = _ways()
    case = _Case()
    machine = transitions.Machine(case, states=states, initial=_START, auto_transitions=False)
    for trigger, source, target, asked in ways:
        machine.add_transition(trigger, source, target, conditions=asked and _on_case(case, asked))
    ends = {row.state for row in rows()}

    def decide(facts: Facts) -> Answer:
        case.facts = facts
        machine.set_state(_START)
        case.trigger(facts["issue"])  # type: ignore[attr-defined]  # transitions puts it there
        while case.state not in ends:
            case.trigger("step")  # type: ignore[attr-defined]
        return at_end(case.state, facts)

    return Peer("transitions, model reset", "machine", decide, of_answer)


def _on_case(case: _Case, asked: Condition) -> Callable[[], bool]:
    return lambda: asked(case.facts)


def _statemachine() -> Peer:
    states, ways = _ways()
    ends = {row.state for row in rows()}
    by_id = {name.replace(".", "__"): name for name in states}
    of = {name: statemachine.State(name, value=name, initial=name == _START) for name in by_id.values()}
    events: dict[str, Any] = {}
    for trigger, source, target, asked in ways:
        way = of[source].to(of[target], cond=asked and _on_model(asked))
        events[trigger] = events[trigger] | way if trigger in events else way
    for end in ends:  # a final state would end the machine for good: it could not be set back
        way = of[end].to(of[_START])
        events["again"] = events["again"] | way if "again" in events else way
    members = {key: of[name] for key, name in by_id.items()} | events
    case = _Case()
    machine = type("SmallPolicy", (statemachine.StateMachine,), members)(case)

    def decide(facts: Facts) -> Answer:
        case.facts = facts
        machine.current_state_value = _START
        machine.send(facts["issue"])
        while case.state not in ends:
            machine.send("step")
        return at_end(case.state, facts)

    return Peer("python-statemachine", "machine", decide, of_answer)


def _on_model(asked: Condition) -> Callable[..., bool]:
    def of_model(model: _Case) -> bool:
        return asked(model.facts)

    return of_model
