"""Which amounts rows come to that are alike: their choices are settled, what is left is reckoned row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from aftersales.columns.answers import Answers
from aftersales.columns.logic import calendar, const, extreme, floor, pick, total
from aftersales.columns.logic import product as product_of
from aftersales.columns.nodes import Calendar, Extreme, Floor, Pick, Product, Term, Total
from aftersales.columns.places import Atlas
from aftersales.columns.rows import Block, Places, Rows
from aftersales.columns.sayings import Saying
from aftersales.columns.sharing import nodes_of

#: An amount of a line.
Line = tuple[str, Term]


@dataclass(slots=True)
class Paid:
    """Finds the lines of rows that stand for others, by the place each stands in."""

    atlas: Atlas
    _choices: dict[Term, tuple[Pick, ...]] = field(default_factory=dict)
    _settled: dict[tuple[Term, bytes], Term] = field(default_factory=dict)

    def lines(self, block: Block, answers: Answers) -> list[list[Line]]:
        """Return the lines of every row of a block that are not 0; none of a row at fault."""
        found: list[list[Line]] = [[] for _ in range(block.size)]
        fine = answers.error == 0
        said: dict[Saying, list[Places]] = {}
        for i, number in enumerate(answers.standing):
            here = np.flatnonzero((answers.place == i) & fine)
            for saying in self.atlas.places[number].sayings if here.size else ():
                if isinstance(saying.what, tuple) and saying.name in answers.asked:
                    said.setdefault(saying, []).append(here)
        for saying, places in said.items():
            at = np.concatenate(places)
            for row, term in self._of(saying, Rows(block, at, len(at))):
                if term is not const(0):
                    found[int(at[row])].append((saying.name, term))
        return found

    def _of(self, saying: Saying, rows: Rows) -> Iterator[tuple[int, Term]]:
        term = saying.what[0]  # type: ignore[index]  # an amount
        if term not in self._choices:
            self._choices[term] = tuple(node for node in nodes_of([term]) if isinstance(node, Pick))
        choices = self._choices[term]
        if not choices:
            yield from ((row, term) for row in range(rows.size))
            return
        truths = np.array([np.broadcast_to(rows.truth(each.when), (rows.size,)) for each in choices])
        kinds, which = np.unique(truths, axis=1, return_inverse=True)
        settled = [self._settle(term, kind) for kind in kinds.T]
        yield from ((row, settled[kind]) for row, kind in enumerate(which.tolist()))

    def _settle(self, term: Term, truths: np.ndarray) -> Term:
        key = (term, truths.tobytes())
        if key not in self._settled:
            chosen = dict(zip(self._choices[term], truths.tolist(), strict=True))
            self._settled[key] = settled(term, chosen)
        return self._settled[key]


def settled(term: Term, chosen: Mapping[Pick, bool | None]) -> Term:
    """Return an amount with its choices made; ``None`` leaves one open."""
    match term:
        case Pick(when, then, otherwise):
            if chosen[term] is None:
                return pick(when, settled(then, chosen), settled(otherwise, chosen))
            return settled(then if chosen[term] else otherwise, chosen)
        case Total(parts):
            return total((factor, settled(part, chosen)) for factor, part in parts)
        case Product(factors, divisor):
            return product_of((settled(part, chosen) for part in factors), divisor)
        case Floor(part, divisor):
            return floor(settled(part, chosen), divisor)
        case Extreme(which, parts):
            return extreme(which, (settled(part, chosen) for part in parts))
        case Calendar(function, parts):
            return calendar(function, tuple(settled(part, chosen) for part in parts))
        case _:
            return term
