"""Where everyday cases rest, by the node of the policy's function: what is the same of all that rest there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aftersales.case.quick_shapes import OFTEN
from aftersales.run.function.books import NOTHING_LAID, Layout, laid_out
from aftersales.run.function.nodes import Node

if TYPE_CHECKING:  # brought in for the parts of a decision that are looked at later: a cold start is short
    from aftersales.run.decision import Decision
    from aftersales.run.function.places import Place
    from aftersales.run.function.quick import Trails
    from aftersales.run.quick_decide import QuickDecisions
    from aftersales.run.quick_money import PutMoney
    from aftersales.run.quick_parts import QuickParts

#: Layouts that are kept for one node; those of a policy of strange size are laid out anew.
_MOST_KEPT = 256


class Books:
    """One layout: the lines that the seller pays, and what puts its money in the places of a decision."""

    __slots__ = ("_times", "_untravelled", "layout", "put", "refund")

    def __init__(self, layout: Layout, untravelled: Mapping[str, None]) -> None:
        self.layout = layout
        #: Where an answer has the amounts of the lines that the seller pays.
        self.refund = tuple(flat for _, _, flat in layout.refund)
        self.put: PutMoney = self._put
        self._untravelled = untravelled
        self._times = 0

    def _put(
        self,
        decision: Decision,
        parts: QuickParts,
        fen: Mapping[str, int],
        waits: bool,  # noqa: FBT001 (see ``put_money``)
    ) -> bool:
        """Put the money in its places; where that was often done, write a function that does so from then on."""
        from aftersales.run.quick_money import put_money, written_money  # noqa: PLC0415 (see the top)

        self._times += 1
        if self._times >= OFTEN:
            self.put = written_money(self.layout, self._untravelled)
        return put_money(self.layout, self._untravelled, decision, parts, fen, waits)


class Spot:
    """One node: what a decision says of its state, and what is worked out for its cases once."""

    __slots__ = ("_books", "_place", "flow", "has_ended", "node", "of", "reason", "state", "title")

    def __init__(self, of: Spots, node: Node) -> None:
        state = node.state
        self.of = of
        self.node = node
        self.flow = state.flow
        self.state = state.name
        self.title = state.title
        self.reason = None if state.end is None else state.end.reason
        self.has_ended = state.end is not None
        self._place: Place | None = None
        self._books: dict[tuple[object, ...], Books] = {}

    def place(self) -> Place:
        """Return the state as cases rest in it. Raises ``Beyond`` where it cannot be written out."""
        place = self._place
        if place is None:
            place = self._place = self.of.trails.places.at(self.node.state)
        return place

    def books(self, fen: Mapping[str, int | None], borne: Mapping[str, str]) -> Books:
        """Return the layout of an answer whose lines are all known. Raises ``Beyond`` as ``laid_out`` does."""
        key = (len(fen), *fen, *borne.values())
        books = self._books.get(key)
        if books is None:
            books = Books(laid_out(self.node, fen, borne), self.of.untravelled)
            if len(self._books) < _MOST_KEPT:
                self._books[key] = books
        return books


class Spots(dict[Node, Spot]):
    """The spots of a policy, each made when a case first rests there; ``decisions`` know the long way from there."""

    def __init__(self, trails: Trails, decisions: QuickDecisions) -> None:
        super().__init__()
        self.trails = trails
        #: Every leg as one that is not travelled.
        self.untravelled: Mapping[str, None] = dict.fromkeys(trails.policy.legs)
        #: What an answer without a line or a leg comes to.
        self.nothing = Books(NOTHING_LAID, self.untravelled)
        self.decisions = decisions

    def __missing__(self, node: Node) -> Spot:
        return self.setdefault(node, Spot(self, node))
