"""The policy as one `transitions` machine: the only file that knows that package.

Every callback is one of our own callables, never a name from a policy. Guards are evaluated once for each trigger,
in ``prepare_event``; a transition's condition only compares the edge that was chosen. The machine keeps nothing of a
case, so one machine serves every case of its policy.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Protocol, cast

from aftersales.policy.edges import Edge, edges
from aftersales.policy.model import Anytime, Late, Policy, Reopen

if TYPE_CHECKING:  # the package is brought in when a machine is built: a cold start may do without one
    from transitions import Event, EventData, Machine

STEP = "step"
LATE = "late"
INTERRUPT = "interrupt"
REOPEN = "reopen"


class Walker(Protocol):
    """What the machine moves: something with a state that chooses an edge and is told when it went along it."""

    state: str

    def choose(self, trigger: str) -> None:
        """Evaluate the guards of this trigger once and keep the edge that fires."""

    def fires(self, edge: Edge) -> bool:
        """Return whether ``edge`` is the one that was chosen."""

    def arrive(self, edge: Edge) -> None:
        """Take in that the state is now ``edge``'s target."""


class PolicyMachine:
    """All flows of a policy as one machine; ``trigger`` moves a walker along at most one edge."""

    def __init__(self, policy: Policy, machine: Machine | None = None) -> None:
        self._machine = _built(policy) if machine is None else machine

    def revised(self, policy: Policy, states: Collection[str]) -> PolicyMachine:
        """Return the machine of ``policy``, which differs from this one's only in what leads out of ``states``.

        Both have the same states; this one stays as it is. Far cheaper than a machine of its own.
        """
        machine = copy.copy(self._machine)
        machine.events = {name: _without(event, states) for name, event in self._machine.events.items()}
        for edge in edges(policy, {policy.states[key].flow for key in states}):
            _lead(machine, policy, edge, states)
        return PolicyMachine(policy, machine)

    def trigger(self, name: str, walker: Walker) -> bool:
        """Let ``walker`` go along the edge that it chooses for this trigger; false where it stays."""
        event = self._machine.events.get(name)
        if event is None or walker.state not in event.transitions:
            return False
        return bool(event.trigger(walker))


def _built(policy: Policy) -> Machine:
    from transitions import Machine  # noqa: PLC0415 (see above)

    machine = Machine(
        model=None,
        states=list(policy.states),
        initial=None,
        auto_transitions=False,
        send_event=True,
        prepare_event=_choose,
    )
    for edge in edges(policy):
        _lead(machine, policy, edge, policy.states)
    return machine


def _lead(machine: Machine, policy: Policy, edge: Edge, states: Collection[str]) -> None:
    """Lead along ``edge`` out of those of ``states`` from which it goes."""
    for source in _sources(policy, edge):
        if source in states:
            machine.add_transition(
                _trigger_of(edge), source, edge.target.state, conditions=_condition(edge), after=_arrival(edge)
            )


def _without(event: Event, states: Collection[str]) -> Event:
    """Return an event that leads out of all states but ``states``."""
    twin = copy.copy(event)
    twin.transitions = defaultdict(
        list, {source: ways for source, ways in event.transitions.items() if source not in states}
    )
    return twin


def _trigger_of(edge: Edge) -> str:
    match edge.way:
        case Anytime():
            return INTERRUPT
        case Late():
            return LATE
        case Reopen():
            return REOPEN
        case _:
            return STEP


def _sources(policy: Policy, edge: Edge) -> Iterator[str]:
    if not isinstance(edge.way, Anytime):
        yield edge.source
        return
    yield from (key for key in policy.flows[edge.source].states if policy.states[key].end is None)


def _walker(event: EventData) -> Walker:
    return cast("Walker", event.model)


def _choose(event: EventData) -> None:
    _walker(event).choose(event.event.name)


def _condition(edge: Edge) -> Callable[[EventData], bool]:
    return lambda event: _walker(event).fires(edge)


def _arrival(edge: Edge) -> Callable[[EventData], None]:
    return lambda event: _walker(event).arrive(edge)
