"""What YAML says, as nodes that know their place: nothing but mappings, lists and single values.

Every value stays the text that the author wrote; ``no``, ``010`` or ``12:30`` mean nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Protocol

from aftersales.source import Source, Span, Style

DEEPEST: Final = 40
MOST_NODES: Final = 200_000
#: More faults of one file than anybody reads; reading stops there.
MOST_FAULTS: Final = 50
#: What is nothing at all where it stands without quotes.
NULLS: Final = frozenset({"", "~", "null"})


class Mark(Protocol):
    """A place as PyYAML tells it: line and column from 0."""

    @property
    def line(self) -> int:
        """Return the line."""

    @property
    def column(self) -> int:
        """Return the column."""


#: Where a node stands: the source, the mark where it begins, and the mark where it ends, or the last node in it.
Place = tuple[Source, Mark, "Mark | Placed"]


def span_at(place: Place) -> Span:
    """Return the stretch of a place."""
    source, start, end = place
    line, column = end.ends() if isinstance(end, Placed) else (end.line + 1, end.column + 1)
    return Span(source, start.line + 1, start.column + 1, line, column)


class Placed:
    """A node with its place, which is worked out when it is first asked for: of half of all nodes nobody does.

    ``place`` is either.
    """

    __slots__ = ("place",)

    def __init__(self, place: Span | Place) -> None:
        self.place: Any = place  # whoever takes it over makes a span of it as is done here

    @property
    def span(self) -> Span:
        """Return where it stands."""
        if isinstance(self.place, tuple):
            self.place = span_at(self.place)
        span: Span = self.place
        return span

    def starts(self) -> tuple[Source, int, int]:
        """Return where it begins."""
        place: Span | Place = self.place
        if isinstance(place, tuple):
            return place[0], place[1].line + 1, place[1].column + 1
        return place.source, place.line, place.column

    def ends(self) -> tuple[int, int]:
        """Return the line and column behind it."""
        place: Span | Place = self.place
        if not isinstance(place, tuple):
            return place.end_line, place.end_column
        end = place[2]
        return end.ends() if isinstance(end, Placed) else (end.line + 1, end.column + 1)

    def _all(self) -> tuple[object, ...]:
        """Return everything that makes two nodes equal."""
        return (self.span,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Placed) and type(other) is type(self) and other._all() == self._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._all()!r}"


class Scalar(Placed):
    """A single value, as text."""

    __slots__ = ("style", "text")

    def __init__(self, text: str, span: Span | Place, style: Style = "plain") -> None:
        self.text = text
        self.place = span
        self.style = style

    @property
    def quoted(self) -> bool:
        """Say whether it stands in quotes or in a block, so that it is text and nothing else."""
        return self.style != "plain"

    @property
    def is_null(self) -> bool:
        """Say whether the author wrote ``null``, ``~`` or nothing at all."""
        return self.style == "plain" and self.text in NULLS

    def _all(self) -> tuple[object, ...]:
        return self.text, self.span, self.style


class Sequence(Placed):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...], span: Span | Place) -> None:
        self.items = items
        self.place = span

    def _all(self) -> tuple[object, ...]:
        return self.items, self.span


class Mapping(Placed):
    """Keys with their values, in the author's order; no key comes twice."""

    __slots__ = ("entries",)

    def __init__(self, entries: tuple[tuple[Scalar, Node], ...], span: Span | Place) -> None:
        self.entries = entries
        self.place = span

    def get(self, key: str) -> Node | None:
        """Return the value under ``key``, or ``None``."""
        return next((value for name, value in self.entries if name.text == key), None)

    def _all(self) -> tuple[object, ...]:
        return self.entries, self.span


Node = Scalar | Sequence | Mapping


def joined(start: Node, end: Node) -> Span:
    """Return the stretch from the start of one node to the end of another."""
    return Span(*start.starts(), *end.ends())


def from_to(start: Node, end: Node) -> Span | Place:
    """Return the stretch from the start of one node to the end of another, as a place where it is not worked out yet.

    The place keeps no node: whoever takes it over may outlive what was read.
    """
    place, last = start.place, end.place
    while isinstance(last, tuple) and isinstance(last[2], Placed):
        last = last[2].place
    return (place[0], place[1], last[2]) if isinstance(place, tuple) and isinstance(last, tuple) else joined(start, end)


def plain(node: Node) -> object:
    """Return the node as plain data: dicts, lists and texts, ``None`` where the author wrote ``null``.

    Numbers and flags stay the text that was written; whoever knows what belongs there reads them.
    """
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def place(node: Node, path: Iterable[str | int]) -> Span:
    """Return where ``path`` (keys, and numbers of list items from 0) leads, or the nearest part around it that is written.

    A value under a key is shown with its key; of a longer value the key alone.
    """
    span = node.span
    for step in path:
        found = _step(node, step)
        if found is None:
            break
        node, span = found
    return span


def _step(node: Node, step: str | int) -> tuple[Node, Span] | None:
    """Return the part of ``node`` under a key or at a position, with the place that shows it."""
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step], node.items[step].span
    if isinstance(node, Mapping):
        return next(((value, _entry(key, value)) for key, value in node.entries if key.text == step), None)
    return None


def _entry(key: Scalar, value: Node) -> Span:
    """Return the place of ``key: value``; of the key alone where the value is more than one word."""
    if not isinstance(value, Scalar):
        return key.span
    start, end = key.span, value.span
    return Span(start.source, start.line, start.column, end.end_line, end.end_column)
