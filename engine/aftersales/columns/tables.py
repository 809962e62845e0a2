"""Telling rows apart: the first of some formulas that is true of a row, read from a table of its codes.

A row's codes in the columns that the formulas look at make one whole number, and the answer for every such number is
worked out beforehand. Where there would be too many, the formulas are worked out over the rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aftersales.columns.nodes import Any_, Both, Const, Formula, Holds, Opposite, Test
from aftersales.columns.rows import Codes, Rows, Truths, truth

Found = NDArray[Any]

#: The most entries of a table: it has to stay in the cache.
LARGEST_TABLE: Final = 1 << 15
#: So many values has a byte.
_BYTE: Final = 256


@dataclass(frozen=True, slots=True)
class Axis:
    """One digit of a table's key: a column's code, or whether a comparison holds."""

    source: str | Holds
    size: int
    stride: int


@dataclass(slots=True)
class Grid:
    """All combinations of digits at once, an axis of an array for each."""

    axes: Sequence[Axis]
    places: dict[str | Holds, int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {axis.source: i for i, axis in enumerate(self.axes)}

    def _along(self, source: str | Holds) -> NDArray[np.int64]:
        place = self.places[source]
        shape = [1] * len(self.axes)
        shape[place] = self.axes[place].size
        return np.arange(self.axes[place].size).reshape(shape)

    def codes(self, column: str) -> NDArray[np.int64]:
        """Return the codes of a column."""
        return self._along(column)

    def holds(self, formula: Holds) -> Truths:
        """Return both answers of a comparison."""
        return self._along(formula).astype(np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What holds of a row, as a number: ``cells`` at the row's key, or ``one`` for every row."""

    axes: tuple[Axis, ...]
    cells: NDArray[Any]
    _codes: tuple[tuple[Axis, ...], ...] = field(init=False)
    _holds: tuple[tuple[Axis, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put axes together as far as their digits are one number of a byte."""
        object.__setattr__(self, "_codes", tuple(_bytes(axis for axis in self.axes if isinstance(axis.source, str))))
        object.__setattr__(self, "_holds", tuple(_bytes(axis for axis in self.axes if isinstance(axis.source, Holds))))

    def read(self, rows: Rows) -> Found | int:
        """Return the number of every row, or one for all."""
        if not self.axes:
            return int(self.cells[0])
        steps = [_step(axes, rows.codes) for axes in self._codes] + [_step(axes, rows.digits) for axes in self._holds]
        # Every key is that of a cell; to clip it spares an array of wider keys.
        found: Found = self.cells.take(_sum(steps), mode="clip")
        return found

    def is_nought(self, whole: Rows) -> bool:
        """Return whether every row of a block has number 0, as far as amounts tell that are there for ``whole``."""
        sources = [axis.source for axis in self.axes]
        return not self.cells[0] and all(isinstance(each, Holds) and _is_never(each, whole) for each in sources)


def _is_never(holds: Holds, whole: Rows) -> bool:
    """Return whether a comparison of amounts that are there for all rows is true of none."""
    sides = (holds.left, holds.right)
    is_there = all(isinstance(side, Const) or side in whole.all_rows for side in sides)
    return is_there and not whole.holds(holds).any()


def _sum(steps: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the sum of what digits add to a key; every table has less than 2¹⁶ entries."""
    key = steps[0]
    for step in steps[1:]:
        key = np.add(key, step, dtype=np.uint16)
    return key


def _step(axes: Sequence[Axis], digits: Callable[[Any], Codes]) -> NDArray[Any]:
    """Return what some digits that lie behind one another add to the key."""
    found: NDArray[Any] = digits(axes[0].source)
    for axis in axes[1:]:
        found = found * np.uint8(axis.size) + digits(axis.source)
    return found if axes[-1].stride == 1 else np.multiply(found, axes[-1].stride, dtype=np.uint16)


def _bytes(axes: Iterable[Axis]) -> Iterator[tuple[Axis, ...]]:
    """Yield axes that lie behind one another, as many at a time as together have 256 values at most."""
    some: list[Axis] = []
    for axis in axes:
        if some and (some[-1].stride != axis.size * axis.stride or prod(each.size for each in (*some, axis)) > _BYTE):
            yield tuple(some)
            some = []
        some.append(axis)
    if some:
        yield tuple(some)


@dataclass(frozen=True, slots=True, eq=False)
class Cascade:
    """What holds of a row, where a table would be too large: the formulas one after the other."""

    found: tuple[tuple[Formula, int], ...]
    otherwise: int

    def read(self, rows: Rows) -> Found | int:
        """Return the number of every row."""
        numbers = np.full(rows.size, self.otherwise, np.uint16)
        for where, number in reversed(self.found):
            numbers[np.broadcast_to(rows.truth(where), (rows.size,))] = number
        return numbers


Classes = Table | Cascade


def classes(found: Iterable[tuple[Formula, int]], otherwise: int = 0) -> Classes:
    """Return what tells rows apart: the number of the first formula that is true, ``otherwise`` where none is."""
    kept = [(where, number) for where, number in found if where is not False]
    sizes = sizes_of(where for where, _ in kept)
    if prod(sizes.values()) > LARGEST_TABLE:
        return Cascade(tuple(kept), otherwise)
    axes = axes_of(sizes)
    shape = tuple(axis.size for axis in axes) or (1,)
    cells = np.full(shape, otherwise, np.uint16)
    grid, seen = Grid(axes), dict[Formula, Any]()
    for where, number in reversed(kept):
        cells[np.broadcast_to(truth(where, grid, seen), shape)] = number
    return Table(tuple(axes), smallest(cells.ravel()))


def tells(found: Classes) -> bool:
    """Return whether any row can have a number other than 0."""
    return not isinstance(found, Table) or bool(found.cells.any())


def sizes_of(formulas: Iterable[Formula]) -> dict[str | Holds, int]:
    """Return the digits that formulas look at, each with the number of its values."""
    sizes: dict[str | Holds, int] = {}
    for formula in formulas:
        _collect(formula, sizes)
    return sizes


def axes_of(sizes: Mapping[str | Holds, int]) -> list[Axis]:
    """Return digits with their places in a key: codes before comparisons."""
    entries, axes = prod(sizes.values()), []
    for source, size in sorted(sizes.items(), key=lambda each: not isinstance(each[0], str)):
        entries //= size
        axes.append(Axis(source, size, entries))
    return axes


def smallest(cells: NDArray[Any]) -> NDArray[Any]:
    """Return the cells of a table as bytes where their numbers fit."""
    return cells.astype(np.uint8) if cells.max(initial=0) < 256 else cells


def _collect(formula: Formula, sizes: dict[str | Holds, int]) -> None:
    waiting, seen = [formula], set[Formula]()
    while waiting:
        part = waiting.pop()
        if isinstance(part, bool) or part in seen:
            continue
        seen.add(part)
        match part:
            case Test(column, _, size):
                sizes[column] = size
            case Holds():
                sizes[part] = 2
            case Opposite(inside):
                waiting.append(inside)
            case Both(parts) | Any_(parts):
                waiting.extend(parts)
