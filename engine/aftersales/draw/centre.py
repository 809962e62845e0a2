"""What stands below a picture is moved under its middle: Graphviz itself would hang it under one of the cards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

#: So a statement of a laid out graph ends, and so what it says begins behind its name: there is no line break in a text.
_END: Final = ";\n"
_SAYS: Final = "\t["
_ARROW: Final = " -> "
_UNSEEN: Final = "style=invis"
#: Behind the label, which is long; quotes in it are escaped.
_PLACED: Final = 'pos="'
_PLACE: Final = re.compile(r'pos="([^",]+),([^",]+)"')
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


class _Statement(NamedTuple):
    """What Graphviz says of a node or an arrow, and the lines before it that belong to neither: ``name`` is empty of others."""

    before: str
    name: str
    said: str

    @property
    def is_node(self) -> bool:
        return bool(self.name) and _ARROW not in self.name

    @property
    def is_unseen(self) -> bool:
        return _ARROW in self.name and _UNSEEN in self.said

    @property
    def span(self) -> _Span | None:
        """How far a node reaches, ``None`` where it has no place."""
        place, width = self.place, _WIDTH.search(self.said, max(0, self.said.rfind(_PLACED)))
        if place is None or width is None:
            return None
        half = float(width[1]) * _INCH / 2
        return _Span(float(place[1]) - half, float(place[1]) + half)

    @property
    def place(self) -> re.Match[str] | None:
        """Where a node stands."""
        return _PLACE.match(self.said, max(0, self.said.rfind(_PLACED)))

    def shifted(self, by: float) -> str:
        """Return a statement as Graphviz reads it, its node moved to the right."""
        place = self.place if by else None
        if place is None:
            return self.before + self.said
        there = f'{_PLACED}{float(place[1]) + by:.2f},{place[2]}"'
        return self.before + self.said[: place.start()] + there + self.said[place.end() :]


def sizes(laid_out: str) -> dict[str, Size]:
    """Return the size of every node of a laid out graph."""
    found: dict[str, Size] = {}
    for node in (one for one in _statements(laid_out) if one.is_node):
        wide, high = _WIDTH.search(node.said, max(0, node.said.rfind(_PLACED))), _HEIGHT.search(node.said)
        if wide is not None and high is not None:
            found[node.name] = Size(wide[1], high[1])
    return found


def centred(laid_out: str, rows: Iterable[Iterable[str]]) -> str:
    """Return a laid out graph with each of the rows, as a whole, under the middle of all the rest."""
    statements = [one._replace(said="") if one.is_unseen else one for one in _statements(laid_out)]
    spans = {one.name: span for one in statements if one.is_node and (span := one.span) is not None}
    moved: dict[str, float] = {}
    groups = [[name for name in row if name in spans] for row in rows]
    below = {name for row in groups for name in row}
    rest = _joined([*(span for name, span in spans.items() if name not in below), *_arrows(statements)])
    for row in groups if rest is not None else ():
        span = _joined(spans[name] for name in row)
        if span is not None and rest is not None:
            moved |= dict.fromkeys(row, rest.middle - span.middle)
    return "".join(one.shifted(moved.get(one.name, 0.0)) for one in statements)


def _statements(laid_out: str) -> Iterator[_Statement]:
    *every, last = laid_out.split(_END)
    for text in every:
        head = text.find(_SAYS)
        if head < 0:
            yield _Statement("", "", _TITLE.sub("", text) + _END)
        else:
            begins = text.rfind("\n", 0, head) + 1
            yield _Statement(text[:begins], text[begins:head].strip().strip('"'), text[begins:] + _END)
    yield _Statement("", "", last)


def _arrows(statements: Iterable[_Statement]) -> Iterator[_Span]:
    for one in statements:
        way = _WAY.search(one.said) if _ARROW in one.name else None
        if way is not None:
            across = [float(x) for x in _ACROSS.findall(way[1])]
            yield _Span(min(across), max(across))


def _joined(spans: Iterable[_Span]) -> _Span | None:
    found = list(spans)
    return _Span(min(one.left for one in found), max(one.right for one in found)) if found else None
