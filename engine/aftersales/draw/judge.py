"""How hard a page is to read as Graphviz laid it out: ways that cross or pass close by, and a main path at one edge.

Lengths are in inches here, as in Graphviz' plain format.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Final, NamedTuple

from aftersales.draw.graph import Graph, NodeKind

Point = tuple[float, float]

#: A way that passes a box closer than this seems to touch it.
_CLOSE: Final = 6 / 72
#: A crossing closer to a box than this is hard to follow; so close to a box that both ways end at it, it is none.
_BESIDE: Final = 12 / 72
#: The main path may stand so far from the middle, in parts of the width.
_LEAN: Final = 0.08
#: So much further is no trouble yet.
_LITTLE: Final = 0.03
#: The cards of a straight main path stand under one another but for rounding.
_STRAIGHT: Final = 3 / 72
#: A wider page does not fit a wall.
_WIDEST: Final = 1.8
#: A curve bent less than this is drawn as a line by the reader's eye.
_BEND: Final = 0.02
#: How long the head of an arrow is: Graphviz ends the points before it.
_ARROW: Final = 7 / 72
#: Where on each piece of a curve points are taken, its end aside, and what each of its four corners counts there.
_STEPS: Final = (0.25, 0.5, 0.75)
_PARTS: Final = tuple(((1 - at) ** 3, 3 * (1 - at) * (1 - at) * at, 3 * (1 - at) * at * at, at**3) for at in _STEPS)

#: How bad each fault is, in ways that touch a box.
_CROSSING: Final = 3.0
_CROSSING_BESIDE: Final = 1.5
_LEANING: Final = 20.0
_BENT: Final = 10.0
_WRONG: Final = 40.0
_LARGER: Final = 6.0
_HIGHER: Final = 4.0


class Box(NamedTuple):
    """Where something stands."""

    left: float
    low: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """The middle from left to right."""
        return (self.left + self.right) / 2

    def apart(self, other: Box, by: float) -> bool:
        """Tell whether another box lies further away than ``by``."""
        aside = self.left - other.right > by or other.left - self.right > by
        return aside or self.low - other.top > by or other.low - self.top > by

    def away(self, point: Point) -> float:
        """Return how far a point is from the box, 0 inside."""
        aside = max(self.left - point[0], 0.0, point[0] - self.right)
        above = max(self.low - point[1], 0.0, point[1] - self.top)
        return math.hypot(aside, above)


class Curve(NamedTuple):
    """An arrow as a line of points, and the box around it."""

    tail: str
    head: str
    points: tuple[Point, ...]
    around: Box


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page as Graphviz laid it out."""

    boxes: Mapping[str, Box]
    curves: tuple[Curve, ...]

    @classmethod
    def read(cls, plain: str) -> Drawn:
        """Return a page from Graphviz' plain format."""
        lines = plain.splitlines()
        nodes = (line.split(maxsplit=6) for line in lines if line.startswith("node "))
        boxes = {row[1].strip('"'): _box(*map(float, row[2:6])) for row in nodes}
        edges = (line.split() for line in lines if line.startswith("edge ") and " invis " not in line)
        return cls(boxes, tuple(map(_curve, edges)))

    def crossings(self) -> list[tuple[str, ...]]:
        """Return the tails and heads of each two arrows that cross: those of the one, then those of the other."""
        return [names for _, names in _crossed(self)]


@dataclass(frozen=True, slots=True)
class Judge:
    """What is looked for on the layouts of one page: ``path`` stands on the main path, ``steps`` are its arrows.

    It begins at ``first``. ``loose`` is what Graphviz does not place in the end. ``width`` and ``height`` are those of the first layout.
    """

    path: frozenset[str]
    steps: tuple[tuple[str, str], ...]
    first: str | None
    loose: frozenset[str]
    width: float = 0.0
    height: float = 0.0

    @classmethod
    def of(cls, graph: Graph, loose: frozenset[str], drawn: Drawn) -> Judge:
        """Return the judge of a page by its first layout."""
        path = frozenset(node.id for node in graph.nodes if node.main and node.kind is not NodeKind.FLOW)
        first = next((node.id for node in graph.nodes if node.main and node.kind is NodeKind.START), None)
        steps = tuple((edge.tail, edge.head) for edge in graph.edges if edge.main and {edge.tail, edge.head} <= path)
        bare = cls(path, steps, first, loose)
        whole = bare.extent(drawn)
        return replace(bare, width=whole.right - whole.left, height=whole.top - whole.low)

    def cost(self, drawn: Drawn, most: float) -> float:
        """Return how bad a layout is, or some figure of at least ``most`` where it is no better than that."""
        found = self._stands(drawn)
        faults = chain((fault for fault, _ in _crossed(drawn)), (fault for fault, _ in _touched(drawn)))
        while found < most:
            fault = next(faults, None)
            if fault is None:
                break
            found += fault
        return found

    def troubled(self, drawn: Drawn) -> frozenset[str]:
        """Return what ways that cross or touch a box join and touch; all of the page where its main path leans."""
        if self.leans(drawn) > _LEAN + _LITTLE:
            return frozenset(drawn.boxes)
        return frozenset(name for _, names in chain(_crossed(drawn), _touched(drawn)) for name in names)

    def _stands(self, drawn: Drawn) -> float:
        """Return how bad it is where the main path stands and how large the page is."""
        whole = self.extent(drawn)
        wide, high = whole.right - whole.left, whole.top - whole.low
        larger = max(0.0, wide * high / self.width / self.height - 1)
        found = _LARGER * larger + _HIGHER * max(0.0, high / self.height - 1) + _WRONG * (wide > high * _WIDEST)
        if self.first is not None:
            top = drawn.boxes[self.first].top
            found += _WRONG * any((box.low + box.top) / 2 > top for box in drawn.boxes.values())
        bent = any(abs(drawn.boxes[tail].middle - drawn.boxes[head].middle) > _STRAIGHT for tail, head in self.steps)
        return found + _BENT * bent + _LEANING * max(0.0, self.leans(drawn) - _LEAN)

    def leans(self, drawn: Drawn) -> float:
        """Return how far the main path stands from the middle of the page, in parts of its width."""
        if not self.path:
            return 0.0
        whole = self.extent(drawn)
        middle = sum(drawn.boxes[name].middle for name in self.path) / len(self.path)
        return abs(middle - whole.middle) / (whole.right - whole.left)

    def extent(self, drawn: Drawn) -> Box:
        """Return how much room a layout takes, but for what is loose."""
        held = [box for name, box in drawn.boxes.items() if name not in self.loose]
        return _around([*held, *(curve.around for curve in drawn.curves)])


def _touched(drawn: Drawn) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield how bad it is for each box that a way passes too close by, and their names."""
    for tail, head, points, around in drawn.curves:
        for name in _near(around, drawn.boxes):
            if name in {tail, head}:
                continue
            box = drawn.boxes[name]
            away = min((box.away(point) for point in _along(points, box)), default=_CLOSE)
            if away < _CLOSE:
                yield 1.0 if away else _WRONG, (tail, head, name)


def _crossed(drawn: Drawn) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield how bad it is for each two ways that cross, and what these join."""
    for number, one in enumerate(drawn.curves):
        left, low, right, top = one.around
        for other in drawn.curves[number + 1 :]:
            begin, under, end, over = other.around
            if begin > right or end < left or under > top or over < low:
                continue
            place = _meeting(one.points, other.points)
            shared = {one.tail, one.head} & {other.tail, other.head}
            if place is not None and all(drawn.boxes[name].away(place) > _BESIDE for name in shared):
                beside = any(box.away(place) < _BESIDE for box in drawn.boxes.values())
                yield _CROSSING + _CROSSING_BESIDE * beside, (one.tail, one.head, other.tail, other.head)


def _near(around: Box, boxes: Mapping[str, Box]) -> list[str]:
    """Return the boxes that are not clear of another."""
    left, low, right, top = around.left - _CLOSE, around.low - _CLOSE, around.right + _CLOSE, around.top + _CLOSE
    return [
        name
        for name, (begin, under, end, over) in boxes.items()
        if begin < right and end > left and under < top and over > low
    ]


def _along(points: Sequence[Point], box: Box) -> Iterator[Point]:
    """Yield points of a line that may be near a box, closer to each other than ``_CLOSE``."""
    for (x, y), (onward, down) in pairwise(points):
        if _span(x, y, onward, down).apart(box, _CLOSE):
            continue
        pieces = max(1, int((abs(onward - x) + abs(down - y)) / _CLOSE))
        for number in range(pieces + 1):
            yield x + (onward - x) * number / pieces, y + (down - y) * number / pieces


def _meeting(one: Sequence[Point], other: Sequence[Point]) -> Point | None:
    """Return where two lines of points cross first."""
    spans = [(start, end, _span(*start, *end)) for start, end in pairwise(other)]
    for start, end in pairwise(one):
        here = _span(*start, *end)
        for begin, finish, there in spans:
            if not here.apart(there, 0.0):
                first, last = _turn(begin, finish, start), _turn(begin, finish, end)
                if first * last < 0 and _turn(start, end, begin) * _turn(start, end, finish) < 0:
                    part = first / (first - last)
                    return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])
    return None


def _turn(start: Point, end: Point, point: Point) -> float:
    """Return on which side of a line a point lies: positive to the left."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _span(x: float, y: float, onward: float, down: float) -> Box:
    return Box(min(x, onward), min(y, down), max(x, onward), max(y, down))


def _around(boxes: Sequence[Box]) -> Box:
    lefts, lows, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(lows), max(rights), max(tops))


def _box(x: float, y: float, wide: float, high: float) -> Box:
    return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _curve(row: Sequence[str]) -> Curve:
    """Return an arrow from its row: tail, head, how many points, and these."""
    figures = [*map(float, row[4 : 4 + 2 * int(row[3])])]
    corners = [*zip(figures[::2], figures[1::2], strict=True)]
    points = [corners[0]]
    for start in range(0, len(corners) - 3, 3):
        points += _bent(*corners[start : start + 4])
    points.append(_tip(*corners[-2:]))
    xs, ys = zip(*points, strict=True)
    return Curve(row[1].strip('"'), row[2].strip('"'), tuple(points), Box(min(xs), min(ys), max(xs), max(ys)))


def _tip(before: Point, last: Point) -> Point:
    """Return where the head of an arrow ends whose line ends in ``last``."""
    aside, down = last[0] - before[0], last[1] - before[1]
    long = math.hypot(aside, down) or 1.0
    return last[0] + aside / long * _ARROW, last[1] + down / long * _ARROW


def _bent(start: Point, out: Point, back: Point, end: Point) -> list[Point]:
    """Return points of one piece of a curve after its start, only the end where it is straight."""
    (x, y), (outer, down), (inner, up), (last, low) = start, out, back, end
    aside, under = last - x, low - y
    if abs(aside * (down - y) - under * (outer - x)) + abs(aside * (up - y) - under * (inner - x)) < _BEND:
        return [end]
    return [
        *((a * x + b * outer + c * inner + d * last, a * y + b * down + c * up + d * low) for a, b, c, d in _PARTS),
        end,
    ]
