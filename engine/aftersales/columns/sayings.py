"""What has to be worked out row by row of those that stay in a place: an amount, or a word that they differ in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aftersales.columns.answers import Answers
from aftersales.columns.nodes import Formula, Holds, Term
from aftersales.columns.rows import Rows
from aftersales.columns.sharing import Node, all_fit
from aftersales.columns.tables import Cascade, Classes


@dataclass(frozen=True, slots=True, eq=False)
class Saying:
    """An amount and where it is not known, or what tells apart rows by a word; one for all places that say the same.

    ``fits``: all of it is sure to fit 64 bits.
    """

    name: str
    what: Classes | tuple[Term, Formula]
    fits: bool = field(init=False)

    def __post_init__(self) -> None:
        """Find out whether it is sure to fit."""
        object.__setattr__(self, "fits", all_fit(self._parts()))

    def _parts(self) -> list[Node]:
        match self.what:
            case (term, open_):
                return [term, open_]
            case Cascade(found):
                return [where for where, _ in found]
            case table:
                return [axis.source for axis in table.axes if isinstance(axis.source, Holds)]

    def work_out(self, rows: Rows) -> None:
        """Work it out, for the rows alone that it does not fit: they are marked."""
        if isinstance(self.what, tuple):
            rows.term(self.what[0])
            rows.truth(self.what[1])
        else:
            self.what.read(rows)

    def write(self, rows: Rows, at: Any, answers: Answers) -> None:
        """Write it down for some rows, which arrays hold ``at`` their places."""
        if not isinstance(self.what, tuple):
            answers.words[self.name][at] = self.what.read(rows)
            return
        answers.lines[self.name][at] = rows.term(self.what[0])
        self.open(rows, at, answers)

    @property
    def is_open(self) -> bool:
        """Return whether an amount is not known in some rows."""
        return isinstance(self.what, tuple) and self.what[1] is not False

    def open(self, rows: Rows, at: Any, answers: Answers) -> None:
        """Write down in which of some rows an amount is not known."""
        if isinstance(self.what, tuple) and self.what[1] is not False:
            answers.open[self.name][at] = rows.truth(self.what[1])
