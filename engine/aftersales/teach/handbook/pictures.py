"""The pictures of a handbook, drawn while the rest of it is made."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from aftersales.draw import draw_overview, drawable, flow_pictures
from aftersales.errors import Diagnostic, DrawingError
from aftersales.teach.handbook import words
from aftersales.teach.handbook.model import Picture
from aftersales.teach.handbook.voice import Voice
from aftersales.text import Text

#: Each draws about half of the flows.
_PROCESSES: Final = 2
_SIZE: Final = re.compile(r'<svg width="([0-9.]+)pt" height="([0-9.]+)pt"')


@dataclass(frozen=True, slots=True)
class Pictures:
    """All pictures of a policy while they are being drawn; asking for one waits until it is there."""

    _overview: Future[Picture]
    _flows: Mapping[str, Future[Mapping[str, tuple[Picture, ...]]]]

    def overview(self) -> Picture:
        """Return the picture of how the flows hang together. Raises ``DrawingError`` where Graphviz is missing."""
        return self._overview.result()

    def flow(self, name: str) -> tuple[Picture, ...]:
        """Return the pages of a flow or sub-flow. Raises ``DrawingError`` where Graphviz is missing."""
        return self._flows[name].result()[name]


@contextmanager
def drawing(voice: Voice, lang: str) -> Iterator[Pictures]:
    """Draw the overview and every flow and sub-flow in processes beside this one, where the system can fork."""
    names = tuple(drawable(voice.policy))
    with _beside() as pool:
        shares = {share: pool.submit(_flows, voice, lang, share) for share in (names[::2], names[1::2])}
        flows = {name: drawn for share, drawn in shares.items() for name in share}
        yield Pictures(pool.submit(_overview, voice, lang), flows)


def _beside() -> Executor:
    if "fork" not in multiprocessing.get_all_start_methods():
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(_PROCESSES, multiprocessing.get_context("fork"))


def _overview(voice: Voice, lang: str) -> Picture:
    return _picture(draw_overview(voice.policy, lang=lang).decode(), voice.of(words.OVERVIEW)[0], voice)


def _flows(voice: Voice, lang: str, names: Sequence[str]) -> Mapping[str, tuple[Picture, ...]]:
    found = flow_pictures(voice.policy, names, lang=lang)
    return {name: tuple(_picture(page.svg, page.title, voice) for page in pages) for name, pages in found.items()}


def _picture(svg: str, alt: str, voice: Voice) -> Picture:
    size = _SIZE.search(svg)
    if size is None:
        message = Text("画出来的图没有尺寸", "a picture was drawn without a size")
        raise DrawingError(Diagnostic("drawing_failed", message))
    return Picture(svg, float(size[1]), float(size[2]), voice.same(alt))
