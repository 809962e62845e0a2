"""The edges of a policy by name: what the machine moves along, coverage counts and a path shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from aftersales.dataclass import dataclass
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, Target

Way = Branch | Late | Anytime | Reopen


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a state (or, for an interrupt, from wherever in a flow) to its target."""

    key: str
    source: str
    way: Way

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


def reopen_key(state: str, index: int) -> str:
    """Name reopening ``index`` (from 0) of an end."""
    return f"{state}^{index}"


def edges(policy: Policy, flows: Collection[str] | None = None) -> Iterator[Edge]:
    """Yield every edge of a policy, or of some flows, in the author's order; an interrupt's source is its flow."""
    for flow in (flow for name, flow in policy.flows.items() if flows is None or name in flows):
        for key in flow.states:
            state = policy.states[key]
            yield from (Edge(branch_key(key, i), key, branch) for i, branch in enumerate(state.branches))
            yield from (Edge(late_key(key, i), key, late) for i, late in enumerate(state.late))
            yield from (Edge(reopen_key(key, i), key, way) for i, way in enumerate(state.reopen))
        yield from (Edge(anytime_key(flow.name, i), flow.name, way) for i, way in enumerate(flow.anytime))


def source_of(key: str) -> str:
    """Return where an edge leaves from: a state's key, or the flow of an interrupt."""
    return key[: key.rindex(_sign(key))]


def way_of(policy: Policy, key: str) -> Way:
    """Return the way that an edge's name stands for. Raises ``KeyError`` or ``IndexError`` where there is none."""
    sign, source = _sign(key), source_of(key)
    number = int(key[len(source) + len(sign) :])
    if sign == "!":
        return policy.flows[source].anytime[number]
    state = policy.states[source]
    ways: Mapping[str, Sequence[Way]] = {"->": state.branches, "~": state.late, "^": state.reopen}
    return ways[sign][number]


def _sign(key: str) -> str:
    return next(sign for sign in ("->", "~", "!", "^") if sign in key)
