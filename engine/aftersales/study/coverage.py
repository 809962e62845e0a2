"""Branch coverage: which edges of a policy the worked cases walk, and which they leave untried."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from aftersales.policy.edges import Edge, edges
from aftersales.policy.model import Anytime, Policy


@dataclass(frozen=True, slots=True)
class FlowCoverage:
    """How many edges a flow has, and the ones that no case walked, in the author's order."""

    flow: str
    total: int
    missing: tuple[Edge, ...]

    @property
    def walked(self) -> int:
        """Return how many edges were walked."""
        return self.total - len(self.missing)


def cover(policy: Policy, walked: AbstractSet[str]) -> tuple[FlowCoverage, ...]:
    """Compare the edges of ``policy`` with the keys of those ``walked``, flow by flow; flows without edges are left out."""
    by_flow: dict[str, list[Edge]] = {}
    for edge in edges(policy):
        by_flow.setdefault(_flow_of(edge, policy), []).append(edge)
    return tuple(
        FlowCoverage(flow, len(ways), tuple(way for way in ways if way.key not in walked))
        for flow, ways in by_flow.items()
    )


def _flow_of(edge: Edge, policy: Policy) -> str:
    return edge.source if isinstance(edge.way, Anytime) else policy.states[edge.source].flow
