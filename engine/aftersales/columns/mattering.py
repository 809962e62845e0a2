"""Which comparisons matter to rows, as far as their codes tell: those that some way they may go looks at.

What is not settled by codes may be true and may be false. So rows are let go every way that they may go, and what is
looked at there and not settled matters, where both sides of it are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aftersales.columns.logic import compare
from aftersales.columns.nodes import Any_, Both, Const, Formula, Holds, Number, Opposite, Pick, Term
from aftersales.columns.paid import settled
from aftersales.columns.places import Atlas, Place
from aftersales.columns.rows import Places, Rows, Truths
from aftersales.columns.sharing import nodes_of, parts_of
from aftersales.columns.standing import Found, Move

#: Whether something may be true of each row, and whether it may be false.
Possible = tuple[Any, Any]


@dataclass(slots=True)
class Mattering:
    """Finds what matters to some rows; ``matters`` says of each comparison to which rows."""

    atlas: Atlas
    rows: Rows
    matters: dict[Holds, Truths] = field(default_factory=dict)
    _possible: dict[Formula, Possible] = field(default_factory=dict)
    _known: dict[Term, Any] = field(default_factory=dict)
    _waiting: dict[Place, Truths] = field(default_factory=dict)
    _been: dict[Place, Truths] = field(default_factory=dict)

    def go(self) -> None:
        """Let the rows go every way that they may go."""
        every = np.ones(self.rows.size, np.bool_)
        for broken in self.atlas.broken:
            self._look(broken, every)
        self._send(self.atlas.start, every)
        while self._waiting:
            place = next(iter(self._waiting))
            self._step(place, self._waiting.pop(place))

    def _send(self, place: Place, where: Truths) -> None:
        been = self._been.setdefault(place, np.zeros(self.rows.size, np.bool_))
        new = where & ~been
        if new.any():
            been |= new
            self._waiting[place] = self._waiting.get(place, False) | new

    def _step(self, place: Place, here: Truths) -> None:
        for broken in place.rechecked.values():
            self._look(broken, here)
        for where, way in place.ways_on:
            self._look(where, here)
            true, false = self._may(where)
            if isinstance(way, Move) and (here & true).any():
                self._send(place.way(way).to, here & true)
            here = here & false
        if here.any():
            self._rest(place, here)

    def _rest(self, place: Place, here: Truths) -> None:
        stands = place.settled
        self._look_in_turn(place.asked, here)
        self._look_in_turn(stands.faults, here)
        for word in (stands.liable, *stands.borne.values()):
            self._look_in_turn([(where, said) for said, where in word.by.items()], here)
        for line in stands.lines.values():
            self._look(line.known, here)
            self._choose(line.term, here)

    def _look_in_turn(self, found: Iterable[Found], here: Truths) -> None:
        for where, _ in found:
            self._look(where, here)
            here = here & self._may(where)[1]

    def _choose(self, term: Term, here: Truths) -> None:
        """Look at what an amount hangs on."""
        if isinstance(term, Pick):
            self._look(term.when, here)
            true, false = self._may(term.when)
            self._choose(term.then, here & true)
            self._choose(term.otherwise, here & false)
        elif here.any():
            for part in parts_of(term):
                self._choose(part, here)  # type: ignore[arg-type]  # parts of an amount other than a choice

    def _look(self, formula: Formula, here: Truths) -> None:
        """Note that it matters to some rows whether a formula is true."""
        true, false = self._may(formula)
        here = here & true & false
        if not here.any():
            return
        match formula:
            case Holds(_, left, right):
                here = here & self._is_known(left) & self._is_known(right)
                self.matters[formula] = self.matters.get(formula, False) | here
            case Opposite(part):
                self._look(part, here)
            case Both(parts) | Any_(parts):
                for part in parts:
                    self._look(part, here)

    def _may(self, formula: Formula) -> Possible:
        if formula not in self._possible:
            self._possible[formula] = self._found(formula)
        return self._possible[formula]

    def _found(self, formula: Formula) -> Possible:
        match formula:
            case bool():
                return np.bool_(formula), np.bool_(not formula)
            case Holds():
                return np.True_, np.True_
            case Opposite(part):
                true, false = self._may(part)
                return false, true
            case Both(parts):
                trues, falses = zip(*map(self._may, parts), strict=True)
                return _all(trues), _any(falses)
            case Any_(parts):
                trues, falses = zip(*map(self._may, parts), strict=True)
                return _any(trues), _all(falses)
            case _:
                true = self.rows.truth(formula)
                return true, ~true

    def _is_known(self, term: Term) -> Any:
        """Return where an amount is known; where codes do not tell which of two it is, where either is known."""
        if term not in self._known:
            match term:
                case Const():
                    self._known[term] = np.True_
                case Number(column):
                    self._known[term] = self.rows.codes(column) != 0
                case Pick(when, then, otherwise):
                    true, false = self._may(when)
                    self._known[term] = (true & self._is_known(then)) | (false & self._is_known(otherwise))
                case _:
                    parts = [self._is_known(part) for part in parts_of(term)]  # type: ignore[arg-type]  # amounts
                    self._known[term] = _all(parts)
        return self._known[term]

    def settled(self) -> Iterator[tuple[Holds, Holds, Places]]:
        """Yield every comparison as it is where codes have settled its choices, with the rows that it matters to."""
        for holds, where in self.matters.items():
            rows = np.flatnonzero(np.broadcast_to(where, (self.rows.size,)))
            for chosen, which in self._chosen(holds, rows):
                made = compare(holds.op, settled(holds.left, chosen), settled(holds.right, chosen))
                if isinstance(made, Holds):
                    yield holds, made, which

    def _chosen(self, holds: Holds, rows: Places) -> Iterator[tuple[dict[Pick, bool | None], Places]]:
        """Yield how codes settle the choices in a comparison, ``None`` where they do not, and of which rows."""
        choices = [node for node in nodes_of((holds.left, holds.right)) if isinstance(node, Pick)]
        if not choices or not rows.size:
            yield {}, rows
            return
        made = [self._settle(each.when)[rows] for each in choices]
        kinds, which = np.unique(np.array(made), axis=1, return_inverse=True)
        for i, kind in enumerate(kinds.T.tolist()):
            yield dict(zip(choices, (_CHOSEN[each] for each in kind), strict=True)), rows[which == i]

    def _settle(self, when: Formula) -> NDArray[np.uint8]:
        """Return 0 where a formula is false, 1 where it is true, 2 where codes do not tell."""
        true, false = self._may(when)
        found = np.where(true & false, np.uint8(2), np.uint8(1) * true)
        return np.broadcast_to(found, (self.rows.size,))


_CHOSEN = (False, True, None)


def _all(truths: Iterable[Any]) -> Any:
    found: Any = np.True_
    for each in truths:
        found = found & each
    return found


def _any(truths: Iterable[Any]) -> Any:
    found: Any = np.False_
    for each in truths:
        found = found | each
    return found
