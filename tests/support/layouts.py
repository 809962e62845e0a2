"""What Graphviz lays out, read from its JSON: boxes of nodes, texts in them, arrows as lines of points."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from aftersales.draw.dot import laid_out
from aftersales.draw.graph import Graph

Point = tuple[float, float]
Arrow = tuple[str, str, tuple[Point, ...]]
#: Rounding of Graphviz' own figures, in points.
CLOSE = 1.0


@dataclass(frozen=True)
class Box:
    """A rectangle in points, with what stands in it."""

    name: str
    left: float
    bottom: float
    right: float
    top: float
    texts: tuple[Box, ...] = ()

    def overlaps(self, other: Box) -> bool:
        """Tell whether the two share more than an edge."""
        wide = min(self.right, other.right) - max(self.left, other.left) > CLOSE
        return wide and min(self.top, other.top) - max(self.bottom, other.bottom) > CLOSE

    def holds(self, other: Box) -> bool:
        """Tell whether the other lies inside."""
        inside = self.left - CLOSE <= other.left and other.right <= self.right + CLOSE
        return inside and self.bottom - CLOSE <= other.bottom and other.top <= self.top + CLOSE

    def close_to(self, point: Point) -> bool:
        """Tell whether a point lies inside or hardly a sixth of an inch away."""
        x, y = point
        return self.left - 12 < x < self.right + 12 and self.bottom - 12 < y < self.top + 12

    def has(self, point: Point) -> bool:
        """Tell whether a point lies well inside."""
        x, y = point
        return self.left + 2 < x < self.right - 2 and self.bottom + 2 < y < self.top - 2


@dataclass(frozen=True)
class Layout:
    """One page as Graphviz would draw it; ``around`` is the title block."""

    nodes: tuple[Box, ...]
    around: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    page: Box

    def crossings(self) -> Iterator[tuple[Arrow, Arrow]]:
        """Yield every two arrows that cross, but not where both begin or end."""
        reach = [(arrow, _reach(arrow[2])) for arrow in self.arrows]
        for (one, here), (other, there) in combinations(reach, 2):
            if here.overlaps(there):
                shared = [box for box in self.nodes if box.name in {*one[:2]} & {*other[:2]}]
                ways = product(pairwise(one[2]), pairwise(other[2]))
                crossed = (line[0] for line, way in ways if _cross(*line, *way))
                if any(not any(box.close_to(point) for box in shared) for point in crossed):
                    yield one, other


def layouts(graphs: Iterable[Graph]) -> Iterator[Layout]:
    """Yield the layout of every graph; one run of Graphviz for all."""
    text = laid_out(graphs)
    ran = subprocess.run(["neato", "-n2", "-Tjson"], input=text.encode(), capture_output=True, check=True)  # noqa: S607
    said, at = ran.stdout.decode().rstrip(), 0
    while at < len(said):
        placed, end = json.JSONDecoder().raw_decode(said, at)
        at = end + len(said[end : end + 2]) - len(said[end : end + 2].lstrip())
        yield _layout(placed)


def _layout(placed: dict) -> Layout:  # type: ignore[type-arg]
    objects = placed.get("objects", [])
    named = {entry["_gvid"]: entry["name"] for entry in objects}
    nodes = tuple(_node(entry) for entry in objects if "pos" in entry)
    arrows = tuple(
        (named[edge["tail"]], named[edge["head"]], tuple(_curve(edge["pos"])))
        for edge in placed.get("edges", [])
        if edge.get("style") != "invis"
    )
    left, bottom, right, top = map(float, placed["bb"].split(","))
    around = (_label(placed),) if "lp" in placed else ()
    return Layout(nodes, around, arrows, Box("page", left, bottom, right, top))


def _node(entry: dict) -> Box:  # type: ignore[type-arg]
    return _box(entry, entry["pos"], entry["width"], entry["height"])


def _label(entry: dict) -> Box:  # type: ignore[type-arg]
    return _box(entry, entry["lp"], entry["lwidth"], entry["lheight"])


def _box(entry: dict, pos: str, width: str, height: str) -> Box:  # type: ignore[type-arg]
    x, y = map(float, pos.split(","))
    wide, high = float(width) * 36, float(height) * 36
    texts = tuple(_texts(entry.get("_ldraw_", [])))
    return Box(entry["name"], x - wide, y - high, x + wide, y + high, texts)


def _texts(operations: list) -> Iterator[Box]:  # type: ignore[type-arg]
    size = 0.0
    for op in operations:
        if op["op"] == "F":
            size = op["size"]
        if op["op"] == "T" and op["text"].strip():
            x, y = op["pt"]
            left = x - {"l": 0, "c": op["width"] / 2, "r": op["width"]}[op["align"]]
            yield Box(op["text"], left, y - size * 0.1, left + op["width"], y + size * 0.7)


def _curve(pos: str) -> Iterator[Point]:
    """Yield points along the Bézier pieces of an arrow."""
    points = [tuple(map(float, part.split(","))) for part in pos.split() if not part.startswith(("s", "e"))]
    for start in range(0, len(points) - 3, 3):
        piece = points[start : start + 4]
        yield from (_bezier(piece, step / 12) for step in range(13))


def _reach(points: Iterable[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box("", min(xs) - CLOSE, min(ys) - CLOSE, max(xs) + CLOSE, max(ys) + CLOSE)


def _cross(start: Point, end: Point, begin: Point, finish: Point) -> bool:
    """Tell whether two lines cross."""
    apart = _side(start, end, begin) * _side(start, end, finish) < 0
    return apart and _side(begin, finish, start) * _side(begin, finish, end) < 0


def _side(start: Point, end: Point, point: Point) -> float:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _bezier(points: list, at: float) -> Point:  # type: ignore[type-arg]
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * at, a[1] + (b[1] - a[1]) * at) for a, b in pairwise(points)]
    x, y = points[0]
    return float(x), float(y)
