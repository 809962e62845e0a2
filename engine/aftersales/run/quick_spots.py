"""Where everyday cases rest, by the node of the policy's function: what is the same of all that rest there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aftersales.run.function.books import Layout, laid_out
from aftersales.run.function.nodes import Node

if TYPE_CHECKING:  # brought in for the parts of a decision that are looked at later: a cold start is short
    from aftersales.run.function.places import Place
    from aftersales.run.function.quick import Trails
    from aftersales.run.quick_decide import QuickDecisions

#: Layouts that are kept for one node; those of a policy of strange size are asked for anew.
_MOST_KEPT = 256


class Spot:
    """One node: what a decision says of its state, and what is worked out for its cases once."""

    __slots__ = ("_layouts", "_place", "flow", "has_ended", "node", "of", "reason", "state", "title")

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
        self._layouts: dict[tuple[object, ...], Layout] = {}

    def place(self) -> Place:
        """Return the state as cases rest in it. Raises ``Beyond`` where it cannot be written out."""
        place = self._place
        if place is None:
            place = self._place = self.of.trails.places.at(self.node.state)
        return place

    def layout(self, fen: Mapping[str, int | None], borne: Mapping[str, str]) -> Layout:
        """Return the layout of an answer whose lines are all known. Raises ``Beyond`` as ``laid_out`` does."""
        key = (len(fen), *fen, *borne.values())
        layout = self._layouts.get(key)
        if layout is None:
            layout = laid_out(self.node, fen, borne)
            if len(self._layouts) < _MOST_KEPT:
                self._layouts[key] = layout
        return layout


class Spots(dict[Node, Spot]):
    """The spots of a policy, each made when a case first rests there; ``decisions`` know the long way from there."""

    def __init__(self, trails: Trails, decisions: QuickDecisions) -> None:
        super().__init__()
        self.trails = trails
        self.decisions = decisions

    def __missing__(self, node: Node) -> Spot:
        return self.setdefault(node, Spot(self, node))
