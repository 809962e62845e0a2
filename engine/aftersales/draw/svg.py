"""Graphviz' SVG made fit for a page: one font for all text, no tooltips with ids, the picture's own title."""

from __future__ import annotations

import re
from typing import Final

from aftersales.draw.labels import escaped

_FAMILY: Final = re.compile(r' font-family="([^"]*)"')
_TITLE: Final = re.compile(r"<title>[^<]*</title>\n")
_COMMENT: Final = re.compile(r"<!--(?:(?!-->).)*-->\n?", re.DOTALL)
_START: Final = ' text-anchor="start"'
#: Graphviz lays out 10 pt at whole pixels, 9.75 pt a Chinese character: drawn at 10 pt a long line would leave its card.
_AS_DRAWN: Final = ' font-size="10.00"'
_AS_LAID_OUT: Final = ' font-size="9.75"'
#: Graphviz sets bold words of cards and pills above the middle of their line, by this share of their size.
_BOLD: Final = re.compile(r' y="(-?[\d.]+)"(?= font-weight="bold" font-size="(1[0-2]\.\d+|9\.75)")')
_TOO_HIGH: Final = 0.15
#: What holds lines apart in Graphviz' layout shows nothing in the picture.
_BLANK: Final = re.compile(r"<text [^>]*>(?:\s|\u00a0|&#160;)*</text>\n")

#: Graphviz names the whole picture after its place among those that one run draws.
_WHOLE: Final = re.compile(r'(?<=<g id=")[^"]*(?=" class="graph")')


def tidy(svg: bytes, title: str) -> bytes:
    """Return the same picture, smaller: the font stands on the root, titles and comments of Graphviz are gone."""
    text = _COMMENT.sub("", svg.decode())
    text = _TITLE.sub("", text).replace(_START, "")
    text = _WHOLE.sub("graph0", _BLANK.sub("", text)).replace(_AS_DRAWN, _AS_LAID_OUT)
    families = _FAMILY.findall(text)
    text = _BOLD.sub(_lowered, _FAMILY.sub("", text))
    font = f' font-family="{families[0]}"' if families else ""
    opening = text.index("<svg ")
    body = text.index(">", opening) + 1
    named = f"{text[opening : body - 1]}{font}>\n<title>{escaped(title)}</title>"
    return (text[:opening] + named + text[body:]).encode()


def _lowered(found: re.Match[str]) -> str:
    return f' y="{float(found[1]) + _TOO_HIGH * float(found[2]):.2f}"'
