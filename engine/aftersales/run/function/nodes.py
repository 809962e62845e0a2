"""The places where a case can be: a state, with the terms that the way there laid down.

Terms are known where the function is written, so that an end's money is written out, not collected while a case is
decided. A start from what was kept knows its nodes by the ways to them, and looks at a node's state when it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aftersales.policy.model import Policy, State, Target
from aftersales.run.laid import Laid

Mark = tuple[object, ...]
#: How a node is first reached: the number of the node before it, and its state's key.
Way = tuple[int, str]
#: The number before a case's first node.
BEFORE_ALL: Final = -1


class Node:
    """A state and the terms laid down on entering it; ``number`` tells nodes of one policy apart."""

    __slots__ = ("_nodes", "laid", "name", "number", "state")

    state: State
    laid: Laid

    def __init__(self, number: int, nodes: Nodes) -> None:
        self.number = number
        #: The name of the function that goes on from here.
        self.name = f"N{number}"
        self._nodes = nodes

    def __getattr__(self, name: str) -> object:
        """Look at the state, and at the terms, when they are first asked for."""
        if name not in {"state", "laid"}:
            raise AttributeError(name)
        self.state, self.laid = self._nodes.seen(self.number)
        return getattr(self, name)


class Nodes:
    """The nodes of a policy, made as they are reached; ``kept`` are those of an earlier start, by their numbers."""

    def __init__(self, policy: Policy, kept: Sequence[Way] = ()) -> None:
        self.policy = policy
        self.ways: list[Way] = list(kept)
        self._all = [Node(number, self) for number in range(len(kept))]
        self._by_way = dict(zip(kept, self._all, strict=True))
        self._by_mark: dict[Mark, Node] = {}

    def start(self) -> Node:
        """Return the node where every case begins."""
        return self._at((BEFORE_ALL, self.policy.flows[self.policy.root].start))

    def after(self, node: Node, target: Target) -> Node:
        """Return the node that ``target`` leads to from ``node``."""
        return self._at((node.number, target.state))

    def numbered(self, number: int) -> Node:
        """Return the node of a number."""
        return self._all[number]

    def seen(self, number: int) -> tuple[State, Laid]:
        """Return the state of a node, and the terms laid down there."""
        return self._laid(self.ways[number])

    def _at(self, way: Way) -> Node:
        found = self._by_way.get(way)
        if found is None:
            state, laid = self._laid(way)
            mark = (state.key, *_mark(laid))
            if mark not in self._by_mark:
                self._by_mark[mark] = node = Node(len(self._all), self)
                node.state, node.laid = state, laid
                self._all.append(node)
                self.ways.append(way)
            found = self._by_way[way] = self._by_mark[mark]
        return found

    def _laid(self, way: Way) -> tuple[State, Laid]:
        before, key = way
        state = self.policy.states[key]
        laid = Laid() if before == BEFORE_ALL else self._all[before].laid.copied()
        laid.lay(state)
        return state, laid


def _mark(laid: Laid) -> Mark:
    """Return what tells two sets of terms apart, in the order in which they were laid down."""
    legs = tuple((leg, id(term.borne), id(term.advanced), term.insured) for leg, term in laid.postage.items())
    books = (laid.refund, laid.deductions, laid.charge, laid.recover)
    return id(laid.liable), legs, *(tuple((name, id(line)) for name, line in book.items()) for book in books)
