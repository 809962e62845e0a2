"""The pictures of a handbook, drawn while the rest of it is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from aftersales.draw import Atlas, draw_overview, drawable, drawn_flows, flow_atlas
from aftersales.errors import Diagnostic, DrawingError
from aftersales.policy.arrival import Arrival
from aftersales.teach.handbook import words
from aftersales.teach.handbook.beside import beside
from aftersales.teach.handbook.model import Picture
from aftersales.teach.handbook.voice import Voice
from aftersales.text import Text

_SIZE: Final = re.compile(r'<svg width="([0-9.]+)pt" height="([0-9.]+)pt"')

_Pages = Mapping[str, tuple[Picture, ...]]


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of a policy while they are being drawn; asking for one waits until all are there."""

    _told: Callable[[int], object]

    @property
    def arrivals(self) -> Mapping[str, Arrival]:
        """What is surely known where a case comes to a state: the drawing has to find it out first, and tells it."""
        return cast("Mapping[str, Arrival]", self._told(0))

    def overview(self) -> Picture:
        """Return the picture of how the flows hang together. Raises ``DrawingError`` where Graphviz is missing."""
        return cast("tuple[Picture, _Pages]", self._told(1))[0]

    def flow(self, name: str) -> tuple[Picture, ...]:
        """Return the pages of a flow or sub-flow. Raises ``DrawingError`` where Graphviz is missing."""
        return cast("tuple[Picture, _Pages]", self._told(1))[1][name]


@contextmanager
def drawing(voice: Voice, lang: str) -> Iterator[Pictures]:
    """Draw the overview and every flow and sub-flow beside what this process does."""
    with beside(partial(_drawn, voice, lang)) as told:
        yield Pictures(told)


def _drawn(voice: Voice, lang: str) -> Iterator[object]:
    """Yield what all pictures have in common, then draw everything, half of the flows in one more process."""
    atlas = flow_atlas(voice.policy, lang=lang)
    yield atlas.arrivals
    names = tuple(drawable(voice.policy))
    with beside(lambda: iter([_flows(voice, atlas, names[1::2])])) as others:
        overview = _overview(voice, lang)
        pages = _flows(voice, atlas, names[::2])
        yield overview, {**pages, **others(0)}


def _overview(voice: Voice, lang: str) -> Picture:
    return _picture(draw_overview(voice.policy, lang=lang).decode(), voice.of(words.OVERVIEW)[0], voice)


def _flows(voice: Voice, atlas: Atlas, names: Sequence[str]) -> _Pages:
    found = drawn_flows(atlas, names, at_once=1)
    return {name: tuple(_picture(page.svg, page.title, voice) for page in pages) for name, pages in found.items()}


def _picture(svg: str, alt: str, voice: Voice) -> Picture:
    size = _SIZE.search(svg)
    if size is None:
        message = Text("画出来的图没有尺寸", "a picture was drawn without a size")
        raise DrawingError(Diagnostic("drawing_failed", message))
    return Picture(svg, float(size[1]), float(size[2]), voice.same(alt))
