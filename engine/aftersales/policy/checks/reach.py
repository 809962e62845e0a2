"""Can a case reach every state?"""

from __future__ import annotations

from collections.abc import Iterator

from aftersales.errors import Diagnostic
from aftersales.policy.model import Flow
from aftersales.policy.possible import Analysis
from aftersales.text import Text


def every_state_is_reached(analysis: Analysis) -> Iterator[Diagnostic]:
    """Find flows and states that no way from the root leads to; a sub-flow's state counts where one copy is reached."""
    policy = analysis.policy
    reached = {policy.states[key].span for key in analysis.ways}
    for flow in policy.flows.values():
        if flow.start not in analysis.ways:
            yield _unreached_flow(flow, policy.root)
            continue
        for key in flow.states:
            state = policy.states[key]
            if state.span not in reached:
                message = Text(f"没有路径通向状态 {state.name}", f"no way leads to state {state.name}")
                yield Diagnostic("unreachable_state", message, state.span)


def _unreached_flow(flow: Flow, root: str) -> Diagnostic:
    return Diagnostic(
        "unreachable_flow",
        Text(f"从 {root} 出发到不了流程 {flow.name}", f"no way leads from {root} to flow {flow.name}"),
        flow.span,
        Text(f"用 {{flow: {flow.name}}} 移交给它", f"hand over to it with {{flow: {flow.name}}}"),
    )
