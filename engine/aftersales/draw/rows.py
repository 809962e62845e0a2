"""Where the rows under a picture stand: what is in each, what holds them and what they stand under the middle of."""

from __future__ import annotations

import math
from typing import Final

from aftersales.draw.arrangement import Hanging
from aftersales.draw.graph import Graph

#: So many nodes stand in one row below the picture.
_ROW: Final = 5


def aim_of(graph: Graph, bottom: list[str]) -> str | None:
    """Return the node that the rows below stand under: the end of the main path, unless what hangs on it goes deeper."""
    tails = {edge.tail for edge in graph.edges if edge.main}
    below = {node.id for node in graph.nodes if node.below}
    ends = [edge for edge in graph.edges if edge.main and edge.head not in tails]
    last = next((edge.tail if edge.head in below else edge.head for edge in ends), None)
    waiting, hanging = [*tails], set(tails)
    while waiting:
        tail = waiting.pop()
        heads = {edge.head for edge in graph.edges if edge.tail == tail} - hanging - below
        waiting += heads
        hanging |= heads
    deeper = [name for name in bottom if name in hanging]
    return last if last in bottom or not deeper else deeper[len(deeper) // 2]


def lowest(graph: Graph, hanging: Hanging) -> list[str]:
    """Return the nodes that hold the rows below: those that stand lowest, so that no arrow has to bend.

    Where there is no main path, all that lead nowhere hold them in the middle.
    """
    depth = {node.id: 0 for node in graph.nodes if not node.below}
    tails = {edge.tail for edge in graph.edges}
    if not any(edge.main for edge in graph.edges):
        return [name for name in depth if name not in tails]
    steps = [*((edge.tail, edge.head) for edge in graph.edges if {edge.tail, edge.head} <= depth.keys()), *hanging]
    for _ in depth:
        longer = {head: depth[tail] + 1 for tail, head in steps if depth[head] <= depth[tail]}
        if not longer:
            break
        depth |= longer
    most = max(depth.values(), default=0)
    return [name for name, steps in depth.items() if steps == most]


def rows_of(graph: Graph) -> list[list[str]]:
    """Return the nodes of every row, from the top."""
    return [row for number in sorted({node.below for node in graph.nodes} - {0}) for row in _rows(graph, number)]


def _rows(graph: Graph, number: int) -> list[list[str]]:
    """Return the nodes of one group below in as few rows as hold them, all about as long.

    Where the main path ends in one, it comes first, in the middle of its row.
    """
    names = [node.id for node in graph.nodes if node.below == number]
    rows = math.ceil(len(names) / _ROW)
    size = math.ceil(len(names) / rows)
    goal = next((edge.head for edge in graph.edges if edge.main and edge.head in names), None)
    if goal is not None:
        names.remove(goal)
        names.insert(size // 2, goal)
    return [names[start : start + size] for start in range(0, len(names), size)]
