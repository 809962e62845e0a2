"""The edges of a policy by name: what the machine moves along, coverage counts and a path shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aftersales.policy.model import Anytime, Branch, Late, Policy, Target


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a state (or, for an interrupt, from wherever in a flow) to its target."""

    key: str
    source: str
    way: Branch | Late | Anytime

    @property
    def target(self) -> Target:
        """Return where it leads."""
        return self.way.target


def branch_key(state: str, index: int) -> str:
    """Name branch ``index`` (from 0, the author's order) of a state."""
    return f"{state}->{index}"


def late_key(state: str, index: int) -> str:
    """Name late edge ``index`` (from 0) of a state."""
    return f"{state}~{index}"


def anytime_key(flow: str, index: int) -> str:
    """Name interrupt ``index`` (from 0) of a flow."""
    return f"{flow}!{index}"


def edges(policy: Policy) -> Iterator[Edge]:
    """Yield every edge of a policy, flow by flow in the author's order; an interrupt's source is its flow."""
    for flow in policy.flows.values():
        for key in flow.states:
            state = policy.states[key]
            yield from (Edge(branch_key(key, i), key, branch) for i, branch in enumerate(state.branches))
            yield from (Edge(late_key(key, i), key, late) for i, late in enumerate(state.late))
        yield from (Edge(anytime_key(flow.name, i), flow.name, way) for i, way in enumerate(flow.anytime))
