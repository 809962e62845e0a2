"""How the rows of a block settle: what is worked out once for all of them, and how every line is written.

To pick amounts out of a column takes many times longer than to go through it from end to end. So what many rows need is
worked out for the whole block, and a line that many rows have is written for all of them, as 0 for the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.columns.nodes import Calendar, Extreme, Floor, Holds, Number, Pick, Product, Term, Total
from aftersales.columns.sayings import Saying
from aftersales.columns.sharing import Node, all_fit, nodes_of, parts_of
from aftersales.columns.tables import Classes, Table

#: To pick one amount out, or to put it in its place, takes as long as so many steps through a column.
_PICK: Final = 6
#: Where one row in so many needs something, working it out for all rows is thought about.
_MANY: Final = 32
#: How many times as long as a sum some kinds of amounts take.
_STEPS: Final[Mapping[type, int]] = {Total: 1, Extreme: 1, Product: 5, Floor: 3, Pick: 4, Holds: 1}

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """How rows settle that stand in ``places``, by number.

    ``everywhere`` are the amounts that are worked out for all rows; ``sayings`` come line by line, each with the places
    that say it, and its amount where that is written for all rows: it is the first of its line then.
    """

    places: Numbers
    everywhere: Sequence[Term]
    sayings: Sequence[tuple[Saying, Numbers, Term | None]]
    faults: Sequence[tuple[Classes, Numbers]]


@dataclass(slots=True)
class Planning:
    """Plans for a block of ``size`` rows, ``rows`` of which stand in every place."""

    size: int
    rows: Mapping[int, int]
    sayings: Mapping[Saying, Numbers]
    faults: Sequence[tuple[Classes, Numbers]]
    _chosen: dict[Term, None] = field(default_factory=dict)

    def planned(self) -> Planned:
        """Return the plan."""
        self._choose()
        lines = defaultdict[str, list[Saying]](list)
        for saying in self.sayings:
            lines[saying.name].append(saying)
        sayings = [each for line in lines.values() for each in self._line(line)]
        return Planned(tuple(self.rows), tuple(self._chosen), sayings, self.faults)

    def _line(self, line: Sequence[Saying]) -> Iterator[tuple[Saying, Numbers, Term | None]]:
        ready = [(saying, term) for saying in line if (term := self._ready(saying)) is not None]
        first, amount = max(ready, key=lambda each: self._count(each[0]), default=(None, None))
        if first is not None and self._count(first) * _MANY > self.size:
            yield first, self.sayings[first], amount
        else:
            first = None
        yield from ((saying, self.sayings[saying], None) for saying in line if saying is not first)

    def _ready(self, saying: Saying) -> Term | None:
        """Return the amount that is said, if it is there for all rows."""
        if isinstance(saying.what, tuple) and (isinstance(saying.what[0], Number) or saying.what[0] in self._chosen):
            return saying.what[0]
        return None

    def _count(self, saying: Saying) -> int:
        return self._rows(self.sayings[saying])

    def _rows(self, places: Numbers) -> int:
        return sum(self.rows[number] for number in places)

    def _choose(self) -> None:
        """Choose what is worked out for all rows, parts before what they are part of."""
        uses, written = Counter[Term](), dict[Term, int]()
        for term, places in dict.fromkeys(self._needed()):
            uses[term] += self._rows(places)
        for saying in self.sayings:
            if isinstance(saying.what, tuple):
                written[saying.what[0]] = max(written.get(saying.what[0], 0), self._count(saying))
        for term in _amounts(nodes_of(uses)):
            if term in uses and self._pays(term, uses[term], written.get(term, 0)):
                self._chosen[term] = None

    def _pays(self, term: Term, uses: int, written: int) -> bool:
        """Return whether an amount is worked out faster for all rows than for as many as need it."""
        leaves, steps = self._weigh(term)
        spared = uses * (_PICK * (leaves - 1) + steps) + written * 2 * _PICK
        return leaves > 0 and spared > self.size * steps and all_fit((term,))

    def _needed(self) -> Iterator[tuple[Term, Numbers]]:
        """Yield every amount that many rows need, with the places that these stand in."""
        roots: list[tuple[Sequence[Node], Numbers]] = []
        roots += [(saying.what, places) for saying, places in self.sayings.items() if isinstance(saying.what, tuple)]
        for table, places in self.faults:
            if isinstance(table, Table):
                roots.append(([axis.source for axis in table.axes if isinstance(axis.source, Holds)], places))
        for nodes, places in roots:
            if self._rows(places) * _MANY > self.size:
                yield from ((term, places) for term in _amounts(nodes_of(nodes)))

    def _weigh(self, term: Term) -> tuple[int, int]:
        """Return of how many columns and chosen amounts an amount is made, and in how many steps; none if by dates."""
        waiting: list[Node] = [term]
        seen, leaves, steps = set[Node](), 0, 0
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if isinstance(node, Calendar):
                return 0, 0
            if isinstance(node, Number) or node in self._chosen:
                leaves += 1
            else:
                steps += _STEPS.get(type(node), 0)
                waiting += parts_of(node)
        return leaves, steps


def _amounts(nodes: Sequence[Node]) -> Iterator[Term]:
    """Yield those that are amounts of several parts."""
    yield from (node for node in nodes if isinstance(node, Total | Product | Floor | Extreme | Pick))
