"""What rows come to that stay where they stand: for all places at once that say the same, amount by amount.

Of several faults of a row the first that is found is kept: an amount that does not fit, a check that the row breaks,
then the faults of what is laid down in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from aftersales.columns.answers import Answers
from aftersales.columns.nodes import Number, Term
from aftersales.columns.places import Atlas, Place
from aftersales.columns.planned import Numbers, Planned, Planning
from aftersales.columns.rows import Block, Places, Rows, Truths, Whole
from aftersales.columns.sayings import Saying
from aftersales.columns.sparse import found
from aftersales.columns.tables import Classes, Table

#: The code of rows with an amount that does not fit 64 bits.
BEYOND: Final = "beyond_columns"


@dataclass(slots=True)
class Checks:
    """Which rows of a block break which check: ``None`` where all rows keep it, with the facts as they are told."""

    atlas: Atlas
    block: Block
    told: Sequence[Truths | None] = field(init=False)
    kept: bool = field(init=False)

    def __post_init__(self) -> None:
        """Work out once, for all rows, which checks they break."""
        rows = Rows(self.block, None, self.block.size)
        pairs = zip(self.atlas.broken, self.atlas.breakable, strict=True)
        self.told = [found(broken, near, rows) for broken, near in pairs]
        self.kept = all(each is None for each in self.told)

    def concern(self, place: Place, checks: Iterable[int]) -> bool:
        """Return whether rows that stand in a place could break one of some checks."""
        again = place.rechecked
        return not (self.kept and not again) and any(self.told[i] is not None or i in again for i in checks)

    def broken(self, place: Place, rows: Rows, checks: Iterable[int]) -> Truths | None:
        """Return the rows that break one of some checks, with what the way here has changed; ``None``: nobody."""
        again = place.rechecked
        found: Truths | None = None
        for i in checks:
            whole = self.told[i]
            if i in again:
                there = np.broadcast_to(rows.truth(again[i]), (rows.size,))
            elif whole is not None:
                there = whole if rows.places is None else whole.take(rows.places)
            else:
                continue
            found = there if found is None else found | there
        return found


@dataclass(slots=True)
class Settling:
    """The rows of one block that have come to rest, ``standing`` by the number of the place."""

    atlas: Atlas
    block: Block
    answers: Answers
    checks: Checks
    standing: Mapping[int, Sequence[Places | None]]
    _rows: dict[Numbers, Rows] = field(default_factory=dict)
    _all_rows: dict[Term, Whole] = field(default_factory=dict)

    def settle(self) -> None:
        """Write down what the rows come to."""
        place = self.answers.stand(tuple(self.standing))
        for i, groups in enumerate(self.standing.values()):
            for places in groups:
                place[everywhere(places)] = i
        plan = self._plan()
        whole = Rows(self.block, None, self.block.size)
        self._all_rows = {term: whole.whole(term) for term in plan.everywhere}
        for saying, numbers, spread in plan.sayings:
            if spread is not None and saying.name in self.answers.asked:
                self._spread(saying, spread, numbers)
            else:
                self._say(saying, self._of(numbers))
        for rows in self._rows.values():
            if rows.beyond is not None:
                self._refuse(rows, rows.beyond, self.atlas.faults[BEYOND])
        self._check()
        whole.all_rows = self._all_rows
        for table, numbers in plan.faults:
            if not (isinstance(table, Table) and table.is_nought(whole)):
                self._find(table, self._of(numbers))

    def _spread(self, saying: Saying, term: Term, numbers: Numbers) -> None:
        """Write down an amount for all rows, 0 for those that do not stand in some places."""
        amounts = self.block.numbers[term.column] if isinstance(term, Number) else self._all_rows[term]
        groups = [everywhere(places) for number in numbers for places in self.standing[number]]
        self.answers.spread(saying.name, amounts, groups)
        if saying.is_open:
            rows = self._of(numbers)
            saying.open(rows, everywhere(rows.places), self.answers)

    def _plan(self) -> Planned:
        """Return how rows settle that stand in these places; most blocks are like the one before."""
        before = self.atlas.planned
        if before is not None and before.places == tuple(self.standing):
            return before
        sayings, faults = dict[Saying, list[int]](), dict[int, tuple[Classes, list[int]]]()
        for number in self.standing:
            place = self.atlas.places[number]
            for saying in place.sayings:
                if saying.name in self.answers.asked or not saying.fits:
                    sayings.setdefault(saying, []).append(number)
            fault = place.result.fault
            if fault is not None:
                faults.setdefault(id(fault), (fault, []))[1].append(number)
        rows = {number: self._count(groups) for number, groups in self.standing.items()}
        said = {saying: tuple(numbers) for saying, numbers in sayings.items()}
        wrong = [(fault, tuple(numbers)) for fault, numbers in faults.values()]
        self.atlas.planned = made = Planning(self.block.size, rows, said, wrong).planned()
        return made

    def _count(self, groups: Sequence[Places | None]) -> int:
        return sum(self.block.size if places is None else len(places) for places in groups)

    def _of(self, numbers: Numbers) -> Rows:
        """Return the rows that stand in some places."""
        if numbers not in self._rows:
            groups = [places for number in numbers for places in self.standing[number]]
            whole = groups[0] if len(groups) == 1 else np.concatenate([each for each in groups if each is not None])
            size = self.block.size if whole is None else len(whole)
            self._rows[numbers] = Rows(self.block, whole, size, all_rows=self._all_rows)
        return self._rows[numbers]

    def _say(self, saying: Saying, rows: Rows) -> None:
        """Write down an amount or a word; one that nobody asked for matters only where it may not fit."""
        if saying.name in self.answers.asked:
            saying.write(rows, everywhere(rows.places), self.answers)
        else:
            saying.work_out(rows)

    def _check(self) -> None:
        """Refuse the rows that break a check."""
        for number in self.standing:
            place = self.atlas.places[number]
            if self.checks.kept and not place.rechecked:
                continue
            rows = self._of((number,))
            for code, checks in self.atlas.by_code.items():
                broken = self.checks.broken(place, rows, checks)
                if broken is not None:
                    self._refuse(rows, broken, self.atlas.faults[code])

    def _find(self, faults: Classes, rows: Rows) -> None:
        """Refuse the rows at fault with what is laid down."""
        wrong = faults.read(rows)
        if not isinstance(wrong, int):
            self._refuse(rows, wrong != 0, wrong)

    def _refuse(self, rows: Rows, where: Truths, code: Any) -> None:
        """Write down a fault for the rows that have none yet."""
        if not where.any():
            return
        at = everywhere(rows.places)
        errors = self.answers.error[at]
        self.answers.error[at] = np.where(where & (errors == 0), code, errors)


def everywhere(places: Places | None) -> Any:
    """Return what rows at some places, or all, are picked by."""
    return slice(None) if places is None else places
