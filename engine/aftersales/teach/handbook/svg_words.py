"""A picture for print, taken apart: its shapes stay SVG, its words are set by Typst like the rest of the book.

Typst reads the fonts anew for every text in an SVG, which takes it longer than setting all the pages of a handbook.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_MOVED: Final = re.compile(r'transform="scale\(1 1\) rotate\(0\) translate\((-?[\d.]+) (-?[\d.]+)\)"')
_TEXT: Final = re.compile(
    r'<text x="(?P<x>-?[\d.]+)" y="(?P<y>-?[\d.]+)"(?P<bold> font-weight="bold")?'
    r' font-size="(?P<size>[\d.]+)" fill="(?P<ink>#[0-9a-f]{6})">(?P<said>[^<]*)</text>\n'
)


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A line of words in a picture: where it begins, its foot line and its size, in points of the picture."""

    left: float
    foot: float
    size: float
    bold: bool
    ink: str
    said: str


def taken_apart(svg: str) -> tuple[str, tuple[PlacedWord, ...]]:
    """Return a picture of Graphviz without its words, and the words in their order; any other picture as it is."""
    moved = _MOVED.search(svg)
    if moved is None:
        return svg, ()
    return _TEXT.sub("", svg), tuple(_words(svg, float(moved[1]), float(moved[2])))


def _words(svg: str, right: float, down: float) -> Iterator[PlacedWord]:
    for found in _TEXT.finditer(svg):
        left, foot = float(found["x"]) + right, float(found["y"]) + down
        yield PlacedWord(
            left, foot, float(found["size"]), bool(found["bold"]), found["ink"], html.unescape(found["said"])
        )
