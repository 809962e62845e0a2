"""What every renderer does alike: which signs are shown, what is not torn apart, how wide a cell is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from aftersales.teach.handbook.model import Line, Row, Run

#: A few words in brackets, as after the name of an action: who does it.
_BRACKETS: Final = re.compile(r"（[^（）]{1,6}）")
#: Joins two signs so that no line ends between them.
_JOINER: Final = "\u2060"
#: So many texts are kept as they are shown: a book says most of them more than once.
_KEPT: Final = 1 << 14


@lru_cache(_KEPT)
def shown(text: str) -> str:
    """Return text without signs that do not print; a few words in brackets stay on one line."""
    printed = text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
    return _BRACKETS.sub(lambda found: _JOINER.join(found[0]), printed)


def span_of_first(row: Row, columns: int) -> int:
    """Return over how many columns the first cell of a row runs."""
    return columns - len(row.cells) + 1


def in_each_language(line: Line) -> list[list[tuple[Run, str]]]:
    """Return the runs of a line with their words, once for each language shown."""
    return [[(run, run.words[place]) for run in line] for place in range(len(line[0].words) if line else 0)]
