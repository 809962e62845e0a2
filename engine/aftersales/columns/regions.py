"""Several places as one table: where the codes of a row lead from a place, as far as one table of its codes can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from aftersales.columns.nodes import Formula, Holds
from aftersales.columns.rows import truth
from aftersales.columns.standing import Move
from aftersales.columns.tables import LARGEST_TABLE, Grid, Table, axes_of, sizes_of, smallest

if TYPE_CHECKING:
    from aftersales.columns.places import Place


@dataclass(frozen=True, slots=True)
class Exit:
    """Where rows leave a region: resting in a place, at fault (``fault``), or on their way into one (``moving``).

    ``restarts``: the deadline there starts with the arrival.
    """

    place: Place
    fault: str | None
    moving: bool
    restarts: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A place and what follows it closely: the table that tells by which of ``exits`` a row leaves."""

    table: Table
    exits: Sequence[Exit]
    members: Sequence[Place]


def region_of(place: Place) -> Region | None:
    """Return the region that begins in a place; ``None`` where even the place alone is too large for a table."""
    sizes = sizes_of(_formulas(place))
    if prod(sizes.values()) > LARGEST_TABLE:
        return None
    members, waiting = [place], [place]
    while waiting:
        here = waiting.pop(0)
        for move in here.moves:
            target = here.way(move).to
            if target in members:
                continue
            joined = sizes | sizes_of(_formulas(target))
            if prod(joined.values()) <= LARGEST_TABLE:
                sizes = joined
                members.append(target)
                waiting.append(target)
    return _Making(members, sizes).region()


def _formulas(place: Place) -> Iterator[Formula]:
    yield from (where for where, _ in place.ways_on)


@dataclass(slots=True)
class _Making:
    members: list[Place]
    sizes: dict[str | Holds, int]
    exits: dict[Exit, int] = field(default_factory=dict)
    _seen: dict[Formula, Any] = field(default_factory=dict)
    _filled: dict[tuple[int, bool], Any] = field(default_factory=dict)
    _shape: tuple[int, ...] = (1,)

    def region(self) -> Region:
        axes = axes_of(self.sizes)
        self._shape = tuple(axis.size for axis in axes) or (1,)
        cells = self._fill(self.members[0], Grid(axes), (), restarts=False)
        flat = np.ascontiguousarray(np.broadcast_to(cells, self._shape)).ravel()
        return Region(Table(tuple(axes), smallest(flat)), tuple(self.exits), tuple(self.members))

    def _fill(self, place: Place, grid: Grid, behind: tuple[Place, ...], *, restarts: bool) -> Any:
        """Return, for every combination of codes, by which exit rows leave that stand in ``place``."""
        key = (place.number, restarts)
        if key not in self._filled:
            found: Any = np.full(
                self._shape, self._number(Exit(place, None, moving=False, restarts=restarts)), np.uint16
            )
            for where, way in reversed(place.ways_on):
                found = np.where(
                    truth(where, grid, self._seen), self._beyond(place, way, grid, behind, restarts=restarts), found
                )
            self._filled[key] = found
        return self._filled[key]

    def _beyond(self, place: Place, on: Move | str, grid: Grid, behind: tuple[Place, ...], *, restarts: bool) -> Any:
        if not isinstance(on, Move):
            return np.uint16(self._number(Exit(place, on, moving=False, restarts=restarts)))
        way = place.way(on)
        anew = restarts or way.restarts
        if way.to in self.members and way.to not in behind and way.to is not place:
            return self._fill(way.to, grid, (*behind, place), restarts=anew)
        return np.uint16(self._number(Exit(way.to, None, moving=True, restarts=anew)))

    def _number(self, exit_: Exit) -> int:
        return self.exits.setdefault(exit_, len(self.exits))
