"""The machine takes no code from a policy: names are names, callbacks are our own."""

from collections.abc import Callable
from typing import Any

import pytest
from transitions import EventData, Machine

import aftersales
from aftersales.policy.edges import Edge
from aftersales.run.machine import STEP, PolicyMachine


def test_no_callback_is_a_name(desk: aftersales.LoadedPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine calls was handed in as a callable: nothing is ever looked up or imported by its name."""
    seen: list[object] = []
    resolve = Machine.resolve_callable

    def watched(func: Callable[..., Any] | str, event_data: EventData) -> Callable[..., Any]:
        seen.append(func)
        return resolve(func, event_data)

    monkeypatch.setattr(Machine, "resolve_callable", staticmethod(watched))
    LoadedWalk(PolicyMachine(desk.model)).go()
    assert seen
    assert not [func for func in seen if isinstance(func, str)]


class LoadedWalk:
    """A walker that takes the first edge offered."""

    def __init__(self, machine: PolicyMachine) -> None:
        self.machine = machine
        self.state = "reception.classify"
        self.arrived: list[str] = []

    def go(self) -> None:
        """Take one step, and say where it led."""
        assert self.machine.trigger(STEP, self)
        assert self.arrived == ["reception.classify->0"]

    def choose(self, trigger: str) -> None:
        """Choose nothing beforehand."""

    def fires(self, edge: Edge) -> bool:
        """Let the first edge of a state fire."""
        return edge.key.endswith("->0")

    def arrive(self, edge: Edge) -> None:
        """Note the edge."""
        self.arrived.append(edge.key)
