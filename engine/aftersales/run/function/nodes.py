"""The places where a case can be: a state, with the terms that the way there laid down.

Terms are known where the function is written, so that an end's money is written out, not collected while a case is
decided.
"""

from __future__ import annotations

from aftersales.dataclass import dataclass
from aftersales.policy.model import Policy, State, Target
from aftersales.run.laid import Laid

Mark = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A state and the terms laid down on entering it; ``number`` tells nodes of one policy apart."""

    number: int
    state: State
    laid: Laid

    @property
    def name(self) -> str:
        """Return the name of the function that goes on from here."""
        return f"N{self.number}"


class Nodes:
    """The nodes of a policy, made as they are reached."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._by_mark: dict[Mark, Node] = {}
        self._all: list[Node] = []

    def start(self) -> Node:
        """Return the node where every case begins."""
        return self._node(self.policy.flows[self.policy.root].start, Laid())

    def after(self, node: Node, target: Target) -> Node:
        """Return the node that ``target`` leads to from ``node``."""
        return self._node(target.state, node.laid)

    def numbered(self, number: int) -> Node:
        """Return the node of a number."""
        return self._all[number]

    def _node(self, key: str, before: Laid) -> Node:
        state = self.policy.states[key]
        laid = before.copied()
        laid.lay(state)
        mark = (key, *_mark(laid))
        if mark not in self._by_mark:
            self._by_mark[mark] = Node(len(self._all), state, laid)
            self._all.append(self._by_mark[mark])
        return self._by_mark[mark]


def _mark(laid: Laid) -> Mark:
    """Return what tells two sets of terms apart, in the order in which they were laid down."""
    legs = tuple((leg, id(term.borne), id(term.advanced), term.insured) for leg, term in laid.postage.items())
    books = (laid.refund, laid.deductions, laid.charge, laid.recover)
    return id(laid.liable), legs, *(tuple((name, id(line)) for name, line in book.items()) for book in books)
