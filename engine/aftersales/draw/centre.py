"""What stands below a picture is moved under its middle: Graphviz itself would hang it under one of the cards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

#: A node in a laid out graph as Graphviz writes it: its name, and what it says of it.
_NODE: Final = re.compile(r'^\t+"?([^"\s]+)"?\t+\[(.*?)\];$', re.DOTALL | re.MULTILINE)
_ARROW: Final = re.compile(r"^\t+\S+ -> \S+\t+\[(.*?)\];\n", re.DOTALL | re.MULTILINE)
_PLACE: Final = re.compile(r'\bpos="([^",]+),([^",]+)"')
#: The points of an arrow; Graphviz breaks long lines with a backslash.
_WAY: Final = re.compile(r'\bpos="([^"]+)"')
_ACROSS: Final = re.compile(r"(-?[\d.]+),")
#: Where the title stood: it is placed anew over the page as it then is.
_TITLE: Final = re.compile(r'\b(?:bb|lp)="[^"]*",\s*')
_WIDTH: Final = re.compile(r"\bwidth=\"?([\d.]+)")
#: Points to the inch: widths are written in inches, places in points.
_INCH: Final = 72
_HEIGHT: Final = re.compile(r"\bheight=\"?([\d.]+)")


class Size(NamedTuple):
    """How wide and high a node is, in inches as Graphviz writes them."""

    width: str
    height: str


class _Span(NamedTuple):
    """How far something reaches from left to right."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def sizes(laid_out: str) -> dict[str, Size]:
    """Return the size of every node of a laid out graph."""
    found: dict[str, Size] = {}
    for node in _NODE.finditer(laid_out):
        wide, high = _WIDTH.search(node[2]), _HEIGHT.search(node[2])
        if wide is not None and high is not None:
            found[node[1]] = Size(wide[1], high[1])
    return found


def centred(laid_out: str, rows: Iterable[Iterable[str]]) -> str:
    """Return a laid out graph with each of the rows, as a whole, under the middle of all the rest."""
    seen = _ARROW.sub(lambda found: "" if "style=invis" in found[1] else found[0], laid_out)
    spans = dict(_spans(seen))
    moved: dict[str, float] = {}
    groups = [[name for name in row if name in spans] for row in rows]
    below = {name for row in groups for name in row}
    rest = _joined([*(span for name, span in spans.items() if name not in below), *_arrows(seen)])
    for row in groups if rest is not None else ():
        span = _joined(spans[name] for name in row)
        if span is not None and rest is not None:
            moved |= dict.fromkeys(row, rest.middle - span.middle)
    return _NODE.sub(lambda found: _shifted(found[0], moved.get(found[1], 0.0)), _TITLE.sub("", seen))


def _spans(laid_out: str) -> Iterator[tuple[str, _Span]]:
    for node in _NODE.finditer(laid_out):
        place, width = _PLACE.search(node[2]), _WIDTH.search(node[2])
        if place is not None and width is not None:
            half = float(width[1]) * _INCH / 2
            yield node[1], _Span(float(place[1]) - half, float(place[1]) + half)


def _arrows(laid_out: str) -> Iterator[_Span]:
    for arrow in _ARROW.finditer(laid_out):
        way = _WAY.search(arrow[1])
        if way is not None:
            across = [float(x) for x in _ACROSS.findall(way[1])]
            yield _Span(min(across), max(across))


def _joined(spans: Iterable[_Span]) -> _Span | None:
    found = list(spans)
    return _Span(min(one.left for one in found), max(one.right for one in found)) if found else None


def _shifted(node: str, by: float) -> str:
    return _PLACE.sub(lambda place: f'pos="{float(place[1]) + by:.2f},{place[2]}"', node) if by else node
