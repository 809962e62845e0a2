"""What is decided about the rows of a frame, by number: arrays as long as the frame, written a block of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aftersales.columns.rows import Codes, Truths, Whole

#: The column that says why a row is not decided.
ERROR: Final = "error"
#: So many values has a byte.
_BYTE: Final = 256


class Arrays(dict[str, Any]):
    """Arrays by name, each made when it is first asked for."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Any:
        """Make the array of a name."""
        self[name] = self._make(name)
        return self[name]


@dataclass(slots=True)
class Answers:
    """What is decided about the rows of a block: by number the fault, and words that a place leaves open.

    ``place`` says which of ``standing``, numbers of places, a row stands in.
    ``words`` are 0 where the place says (``Place.fixed``). ``lines`` are fen, ``open`` where a line is not known; a
    line that is not there is 0 in every row. Of words and lines only those that are ``asked`` for are written. ``room``
    gives the memory of a line as it is, for who writes all of it.
    """

    size: int
    asked: Collection[str]
    error: Codes
    words: dict[str, NDArray[np.uint16]]
    lines: dict[str, Whole]
    open: dict[str, Truths]
    room: Callable[[str], Whole]
    place: NDArray[Any] = field(init=False)
    standing: Sequence[int] = ()

    def stand(self, standing: Sequence[int]) -> NDArray[Any]:
        """Return where it is written in which of some places every row stands; all in the first until then."""
        self.standing = standing
        self.place = np.zeros(self.size, np.uint8 if len(standing) <= _BYTE else np.uint16)
        return self.place

    def spread(self, name: str, amounts: Whole, groups: Iterable[Any]) -> None:
        """Write a line for all rows: their ``amounts`` in some groups of rows, each by its places, 0 in all others."""
        has = np.zeros(self.size, np.uint8)
        for places in groups:
            has[places] = 1
        line = self.lines[name] = self.room(name)
        np.multiply(amounts, has, out=line)


@dataclass(slots=True)
class Sheet:
    """The answers about all rows of a frame, written block by block; ``words`` count from 1, 0 is none.

    Amounts are made as long as the frame at once, so that the system gives their memory in large pages, and set to 0 a
    block at a time, just before amounts are written there; if they are sparse, the system gives them as 0.
    """

    size: int
    asked: Collection[str]
    is_sparse: bool = False
    error: Codes = field(init=False)
    words: dict[str, NDArray[Any]] = field(default_factory=dict)
    lines: dict[str, Whole] = field(default_factory=dict)
    open: dict[str, Truths] = field(init=False)

    def __post_init__(self) -> None:
        """Make room for what every frame has; nothing in it points back to it, so that its memory goes with it."""
        size = self.size
        self.error = np.zeros(size, np.uint8)
        self.open = Arrays(lambda _: np.zeros(size, np.bool_))

    def part(self, start: int, size: int) -> Answers:
        """Return room for what is decided about the next rows."""
        rows, open_ = slice(start, start + size), self.open
        return Answers(
            size,
            self.asked,
            self.error[rows],
            Arrays(lambda _: np.zeros(size, np.uint16)),
            Arrays(lambda name: self._blank(name, start, size)),
            Arrays(lambda name: open_[name][rows]),
            lambda name: self._room(name, start, size),
        )

    def close(self, start: int, answers: Answers) -> None:
        """Set to 0 what no row of a block has."""
        for name in self.lines.keys() - answers.lines.keys():
            self._blank(name, start, answers.size)

    def words_of(self, name: str, kind: Any) -> NDArray[Any]:
        """Return where a column of words is written."""
        if name not in self.words:
            self.words[name] = np.zeros(self.size, kind)
        return self.words[name]

    def codes(self, name: str) -> NDArray[Any] | None:
        """Return a column of words, or of errors, as codes; ``None`` where nothing is said."""
        return self.error if name == ERROR else self.words.get(name)

    def _blank(self, name: str, start: int, size: int) -> Whole:
        """Return where a part of a line is written, as 0."""
        part = self._room(name, start, size)
        if not self.is_sparse:
            part.fill(0)
        return part

    def _room(self, name: str, start: int, size: int) -> Whole:
        """Return where a part of a line is written."""
        if name not in self.lines:
            self.lines[name] = np.zeros(self.size, np.int64) if self.is_sparse else np.empty(self.size, np.int64)
            if not self.is_sparse:
                self.lines[name][:start] = 0
        return self.lines[name][start : start + size]
