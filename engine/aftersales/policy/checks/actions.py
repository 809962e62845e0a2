"""Can the actions of every state be done in some order?"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from aftersales.errors import Diagnostic
from aftersales.policy.possible import Analysis
from aftersales.text import Text


def every_order_of_work_begins(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find ``after:`` lists that go round in a circle, so that nothing can be done first."""
    for state in analysis.policy.states.values():
        if not any(todo.after for todo in state.do):
            continue
        try:
            TopologicalSorter({todo.action: todo.after for todo in state.do}).prepare()
        except CycleError as found:
            circle = " → ".join(reversed(found.args[1]))
            message = Text(f"动作的先后成环：{circle}", f"these actions wait for each other: {circle}")
            yield Diagnostic("after_circle", message, state.span)
