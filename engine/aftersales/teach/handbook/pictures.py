"""The pictures of a handbook, drawn while the rest of it is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Final

from aftersales.draw import draw_overview, flow_pictures
from aftersales.errors import Diagnostic, DrawingError
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Picture
from aftersales.teach.handbook.voice import Voice
from aftersales.text import Text

_SIZE: Final = re.compile(r'<svg width="([0-9.]+)pt" height="([0-9.]+)pt"')

_Flows = Future[Mapping[str, tuple[Picture, ...]]]


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of a policy while they are being drawn; asking for one waits until it is there."""

    _overview: Future[bytes]
    _flows: _Flows
    _voice: Voice

    def overview(self) -> Picture:
        """Return the picture of how the flows hang together. Raises ``DrawingError`` where Graphviz is missing."""
        return _picture(self._overview.result().decode(), self._voice.of(words.OVERVIEW)[0], self._voice)

    def flow(self, name: str) -> tuple[Picture, ...]:
        """Return the pages of a flow or sub-flow. Raises ``DrawingError`` where Graphviz is missing."""
        return self._flows.result()[name]


def start_drawing(
    voice: Voice, lang: str, pool: Executor, drawn: Callable[[Sequence[Picture]], object] | None = None
) -> Pictures:
    """Begin to draw the overview and every flow and sub-flow; ``drawn`` is handed the flows' pictures once they are."""
    flows = pool.submit(_flows, voice, lang)
    if drawn is not None:
        flows.add_done_callback(partial(_hand_over, drawn))
    return Pictures(pool.submit(draw_overview, voice.policy, lang=lang), flows, voice)


def _hand_over(drawn: Callable[[Sequence[Picture]], object], flows: _Flows) -> None:
    if flows.exception() is None:
        drawn([picture for pictures in flows.result().values() for picture in pictures])


def _flows(voice: Voice, lang: str) -> Mapping[str, tuple[Picture, ...]]:
    found = flow_pictures(voice.policy, lang=lang)
    return {name: tuple(_picture(page.svg, page.title, voice) for page in pages) for name, pages in found.items()}


def _picture(svg: str, alt: str, voice: Voice) -> Picture:
    size = _SIZE.search(svg)
    if size is None:
        message = Text("画出来的图没有尺寸", "a picture was drawn without a size")
        raise DrawingError(Diagnostic("drawing_failed", message))
    return Picture(svg, float(size[1]), float(size[2]), voice.same(alt))
