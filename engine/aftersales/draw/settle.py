"""Trying other arrangements of a page that is hard to read, and keeping the one that Graphviz lays out best."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

from aftersales.draw.arrangement import Arrangement, nearby
from aftersales.draw.graph import Graph
from aftersales.draw.judge import Drawn, Judge

#: A page that is no worse stays as it is.
_GOOD: Final = 0.9
#: So much better has another arrangement to be.
_BETTER: Final = 0.3
#: So many arrangements of a page are tried at a time, and so many times.
_AT_ONCE: Final = 6
_ROUNDS: Final = 4

#: Lays out sketches, all in one run of Graphviz.
LayOut = Callable[[Sequence[str]], Sequence[str]]


class Sketch(Protocol):
    """A page without its texts: everything has its size already."""

    @property
    def graph(self) -> Graph:
        """The page that it is of."""

    @property
    def loose(self) -> frozenset[str]:
        """What Graphviz does not place in the end."""

    def text(self, arrangement: Arrangement) -> str:
        """Return the page in one arrangement as DOT text."""


@dataclass(slots=True)
class _Page:
    """A page, the best arrangement so far and how bad it is."""

    sketch: Sketch
    judge: Judge
    best: Arrangement
    cost: float
    troubled: frozenset[str]
    waiting: Iterator[Arrangement] | None = None

    def others(self) -> tuple[Arrangement, ...]:
        """Return what to try next: first what differs little from the best so far."""
        if self.waiting is None:
            self.waiting = nearby(self.sketch.graph, self.best, self.troubled)
        return tuple(islice(self.waiting, _AT_ONCE))

    def look_at(self, arrangement: Arrangement, drawn: Drawn, most: float) -> None:
        """Take an arrangement that is better than the best so far, and costs less than ``most``."""
        cost = self.judge.cost(drawn, min(most, self.cost))
        if cost < min(most, self.cost):
            self.best, self.cost, self.troubled = arrangement, cost, self.judge.troubled(drawn)
            self.waiting = None


def settled(
    sketches: Sequence[Sketch], first: Sequence[Arrangement], plains: Sequence[str], lay_out: LayOut
) -> list[Arrangement]:
    """Return the arrangement of each page: its first, unless one that differs little is easier to read.

    The pages in their first arrangement are laid out already, in Graphviz' plain format: ``plains``. The same pages and
    the same Graphviz give the same arrangements. Pages without a main path stay as they are.
    """
    best = list(first)
    pages = {
        number: _page(sketch, first[number], plains[number])
        for number, sketch in enumerate(sketches)
        if any(edge.main for edge in sketch.graph.edges)
    }
    for _ in range(_ROUNDS):
        _improve([page for page in pages.values() if page.cost > _GOOD], lay_out)
    for number, page in pages.items():
        best[number] = page.best
    return best


def _page(sketch: Sketch, first: Arrangement, plain: str) -> _Page:
    drawn = Drawn.read(plain)
    judge = Judge.of(sketch.graph, sketch.loose, drawn)
    return _Page(sketch, judge, first, judge.cost(drawn, math.inf), judge.troubled(drawn))


def _improve(pages: Sequence[_Page], lay_out: LayOut) -> None:
    """Give each page the best of the arrangements near its own."""
    tried = [(page, page.cost - _BETTER, other) for page in pages for other in page.others()]
    plains = lay_out([page.sketch.text(other) for page, _, other in tried]) if tried else ()
    for (page, most, other), plain in zip(tried, plains, strict=True):
        page.look_at(other, Drawn.read(plain), most)
