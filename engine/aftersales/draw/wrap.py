"""Breaking text into lines of equal width, where a Chinese character is as wide as two Latin letters."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_WIDE = frozenset("WF")
#: A Latin word with what follows it up to its blank, or one other character with the punctuation that clings to it.
_PIECE = re.compile(r"[!-~]+ *|.[,.;:!?)，。、；：！？）》”’]* *", re.DOTALL)


def width(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return sum(2 if east_asian_width(character) in _WIDE else 1 for character in text)


def wrap(text: str, columns: int) -> tuple[str, ...]:
    """Break ``text`` into lines of at most ``columns`` columns; a single longer word is cut."""
    lines, line = [], ""
    for piece in _pieces(text, columns):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return (*lines, line.rstrip()) if line.strip() or not lines else tuple(lines)


def _pieces(text: str, columns: int) -> list[str]:
    found = _PIECE.findall(" ".join(text.split()))
    return [part for piece in found for part in _cut(piece, columns)]


def _cut(piece: str, columns: int) -> list[str]:
    if width(piece.rstrip()) <= columns:
        return [piece]
    return [piece[start : start + columns] for start in range(0, len(piece), columns)]
