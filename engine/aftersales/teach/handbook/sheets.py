"""Which sheet of paper a picture needs so that its words can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aftersales.teach.handbook.model import Picture

#: On a page with text a picture is never blown up to more than this share of the size that it was drawn in.
LARGEST: Final = 0.85
#: On a larger sheet of its own it may be as large as it was drawn.
_AS_DRAWN: Final = 1.0
#: Below this its smallest words, nine points as drawn, are less than six and a half on paper.
_READABLE: Final = 0.72


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper format with the room (points) between its margins: ``slim`` ones around nothing but a picture."""

    paper: str
    flipped: bool
    width: float
    height: float
    margins: str = "slim"

    def scale(self, picture: Picture, opening: float) -> float:
        """Return by how much a picture is scaled to fill what the first ``opening`` points leave of the room."""
        return min(self.width / picture.width, (self.height - opening) / picture.height)

    @property
    def largest(self) -> float:
        """Return the share of its drawn size that a picture may have."""
        return LARGEST if self.paper == "a4" else _AS_DRAWN


A4: Final = Sheet("a4", flipped=False, width=498, height=724, margins="margins")
_SHEETS: Final = (
    A4,
    Sheet("a4", flipped=True, width=785, height=500),
    Sheet("a3", flipped=False, width=785, height=1096),
    Sheet("a3", flipped=True, width=1133, height=746),
)


def sheet_for(picture: Picture, opening: float) -> Sheet:
    """Return the smallest sheet on which a picture can be read; where it is too large for all, the largest fit."""
    fitting = (sheet for sheet in _SHEETS if sheet.scale(picture, opening) >= _READABLE)
    return next(fitting, None) or max(_SHEETS, key=lambda sheet: sheet.scale(picture, opening))
