"""Which arrows leave a node to the left of the main path and which to the right, so that it runs down the middle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.draw.graph import Edge, Node
from aftersales.draw.wrap import width

#: About as wide as a card's text becomes, and as that of anything smaller.
_CARD: Final = 42
_PILL: Final = 22
#: What lies between two nodes.
_GAP: Final = 3
#: So much more room on one side is as bad as a way that crosses another.
_CROSSED: Final = 20


def balanced(edges: Sequence[Edge], nodes: Sequence[Node] = ()) -> tuple[Edge, ...]:
    """Return the arrows with those of each node in the order in which they leave it, from left to right.

    The author's order stays; the arrow of the main path moves to where about as much hangs to its left as to its right,
    all that hangs on the path above included. Ways that only come back to the path run next to it, and what leads to
    where another way led before stays on that side, so that they cross nothing.
    """
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.tail].append(edge)
    path = {end for edge in edges if edge.main for end in (edge.tail, edge.head)}
    tree = _Tree(
        out, {node.id: _columns(node) for node in nodes}, set(path), {node.id for node in nodes if node.states}
    )
    sides = _Sides(right=_apart_from(path, tree, edges))
    steps = _steps(out)
    for tail in steps:
        spine = next((edge for edge in out[tail] if edge.main), None)
        if spine is None:
            continue
        others = [_Branch(edge, tree.width(edge.head), tree.reached(edge.head)) for edge in out[tail] if edge != spine]
        sides.pass_by(steps[tail])
        near = [branch for branch in others if tree.comes_back(branch.reached) and not sides.hold(branch)]
        left, right = sides.parted([branch for branch in others if branch not in near], path)
        beside = [branch.edge for branch in near]
        on_left = sides.run_beside(near, [max(steps[end] for end in branch.reached & path) for branch in near])
        out[tail] = [*left, *([*beside, spine] if on_left else [spine, *beside]), *right]
    return tuple(edge for leaving in out.values() for edge in leaving)


def joins_left(edges: Sequence[Edge], roots: Iterable[str]) -> frozenset[str]:
    """Return the roots whose way meets what leaves the main path first to the left; ``edges`` are balanced."""
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.tail].append(edge)
    steps = _steps(out)
    tree = _Tree(out, {}, set(steps), set())
    leaving = [(tail, edge) for tail in steps for edge in out.get(tail, ()) if not edge.main]
    sides = [
        (tree.reached(edge.head) - steps.keys(), out[tail].index(edge) < _place(out[tail])) for tail, edge in leaving
    ]
    met = {
        root: next((left for reached, left in sides if not reached.isdisjoint(tree.reached(root))), False)
        for root in roots
    }
    return frozenset(root for root, left in met.items() if left)


def _place(leaving: Sequence[Edge]) -> int:
    """Return the place of the main path's arrow among those that leave a node, the first where there is none."""
    return next((number for number, edge in enumerate(leaving) if edge.main), 0)


def _steps(out: Mapping[str, Sequence[Edge]]) -> dict[str, int]:
    """Return the nodes of the main path by their place on it, from the top."""
    ways = {tail: edge.head for tail, leaving in out.items() for edge in leaving if edge.main}
    found: dict[str, int] = {}
    for start in [*(tail for tail in ways if tail not in ways.values()), *ways]:
        node: str | None = start
        while node is not None and node not in found:
            found[node] = len(found)
            node = ways.get(node)
    return found


@dataclass(frozen=True, slots=True)
class _Branch:
    """A way off the main path: how much room it takes, and all that it reaches."""

    edge: Edge
    room: int
    reached: set[str]


@dataclass(slots=True)
class _Sides:
    """How much hangs on each side of the main path so far, and what that reaches."""

    left: int = 0
    right: int = 0
    on_left: set[str] = field(default_factory=set)
    on_right: set[str] = field(default_factory=set)
    #: Where the ways that run beside the main path come back to it, by their side.
    beside_left: list[int] = field(default_factory=list)
    beside_right: list[int] = field(default_factory=list)

    def pass_by(self, step: int) -> None:
        """Forget the ways that have come back above a place on the main path."""
        self.beside_left = [back for back in self.beside_left if back > step]
        self.beside_right = [back for back in self.beside_right if back > step]

    def run_beside(self, near: Sequence[_Branch], backs: list[int]) -> bool:
        """Let ways that come back run beside the main path, where others do already, else where less hangs.

        Returns whether that is to its left.
        """
        on_left = self.left < self.right
        if bool(self.beside_left) != bool(self.beside_right):
            on_left = bool(self.beside_left)
        (self.beside_left if on_left else self.beside_right).extend(backs)
        room = sum(branch.room for branch in near)
        self.left, self.right = self.left + room * on_left, self.right + room * (not on_left)
        return on_left

    def parted(self, branches: Sequence[_Branch], path: set[str]) -> tuple[list[Edge], list[Edge]]:
        """Return the ways that leave to the left and to the right: where they have led before, else where room is."""
        held_left = [branch for branch in branches if not self.on_left.isdisjoint(branch.reached - path)]
        others = [branch for branch in branches if branch not in held_left]
        held_right = [branch for branch in others if not self.on_right.isdisjoint(branch.reached - path)]
        free = [branch for branch in others if branch not in held_right]
        self.left += sum(branch.room for branch in held_left)
        self.right += sum(branch.room for branch in held_right)
        rooms = [branch.room for branch in free]
        cuts = [at for at in range(len(free) + 1) if _apart(free[:at], free[at:], path)]
        place = min(cuts, key=lambda at: self._uneven(sum(rooms[:at]), sum(rooms[at:])) + self._crossed(at, len(free)))
        self.left, self.right = self.left + sum(rooms[:place]), self.right + sum(rooms[place:])
        left, right = [*free[:place], *held_left], [*held_right, *free[place:]]
        self.on_left.update(*(branch.reached - path for branch in left))
        self.on_right.update(*(branch.reached - path for branch in right))
        return [branch.edge for branch in left], [branch.edge for branch in right]

    def hold(self, branch: _Branch) -> bool:
        """Tell whether a way leads to what hangs on a side already."""
        return not (self.on_left | self.on_right).isdisjoint(branch.reached)

    def _crossed(self, at: int, every: int) -> int:
        """Return how bad it is that ways cross those that run beside the main path."""
        return _CROSSED * (at * bool(self.beside_left) + (every - at) * bool(self.beside_right))

    def _uneven(self, left: int, right: int) -> int:
        return abs(self.left + left - self.right - right)


def _apart(some: Sequence[_Branch], others: Sequence[_Branch], path: set[str]) -> bool:
    """Tell whether two groups of ways never come together, the main path aside."""
    reached = set().union(*(branch.reached for branch in some)) - path
    return reached.isdisjoint(set().union(*(branch.reached for branch in others)))


def _apart_from(path: set[str], tree: _Tree, edges: Sequence[Edge]) -> int:
    """Return how much room all takes that never joins the main path's tree: it stands to the right of it."""
    heads = {edge.head for edge in edges}
    roots = [tail for tail in tree.out if tail not in heads and tail not in path]
    joined = set().union(*(tree.reached(edge.head) for tail in path for edge in tree.out.get(tail, ())))
    return sum(tree.width(root) for root in roots if joined.isdisjoint(tree.reached(root))) if path else 0


class _Tree:
    """What hangs on a node, each node counted once: ``seen`` are those counted, and the main path."""

    def __init__(
        self, out: Mapping[str, Sequence[Edge]], columns: Mapping[str, int], seen: set[str], cards: set[str]
    ) -> None:
        self.out, self.columns, self.path, self.seen, self.cards = out, columns, frozenset(seen), seen, cards

    def width(self, node: str) -> int:
        """Return how much room all that is new from a node on takes side by side; 0 for pills on a way back."""
        if node in self.seen:
            return 0
        self.seen.add(node)
        heads = [edge.head for edge in self.out.get(node, ())]
        below = sum(map(self.width, heads))
        comes_back = bool(heads) and not below and node not in self.cards
        return 0 if comes_back else max(below, self.columns.get(node, 1) + _GAP)

    def comes_back(self, reached: set[str]) -> bool:
        """Tell whether a way leads back to the main path and nowhere else."""
        return not self.path.isdisjoint(reached) and all(self.out.get(node) for node in reached - self.path)

    def reached(self, node: str) -> set[str]:
        """Return what a node leads to, itself included, as far as the main path and no further."""
        found, waiting = {node}, [node]
        while waiting:
            tail = waiting.pop()
            heads = {edge.head for edge in self.out.get(tail, ())} - found if tail not in self.path else set()
            found |= heads
            waiting += heads
        return found


def _columns(node: Node) -> int:
    """Return about how wide a node is, in columns of text."""
    said = [*node.title, *(entry for line in node.lines for entry in line.text)]
    most = _CARD if node.header or node.states else _PILL
    return min(most, max(map(width, said), default=0))
