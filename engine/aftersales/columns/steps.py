"""How rows of a query go from place to place: every place's ways on by number, and a table of where each leads.

Places whose ways hang on the same formulas share a program. Which way a row would take under every program is one text
of two digits a program, worked out once; a step looks a row's two digits up in the table of ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.columns.dialects import Dialect, select
from aftersales.columns.nodes import Formula
from aftersales.columns.order import deepest, reached
from aftersales.columns.phrases import Phrases
from aftersales.columns.places import Atlas, Place
from aftersales.columns.standing import Found, Move, WayOn
from aftersales.columns.symbols import beyond

#: Where a row stands at first and in the end; below 0 the fault that stops it.
PLACE: Final = "_place"
HERE: Final = "_here"
#: Where in the text of ways the row's next two digits are.
_AT: Final = "_at"
_WAYS: Final = "_ways"
_WAY: Final = "_way"
#: So many ways fit two digits, so many texts are joined at once.
_MOST_WAYS: Final = 99
_AT_ONCE: Final = 50


@dataclass(slots=True)
class Steps:
    """The steps of one query; ``fault`` gives the number below 0 that stands for a fault."""

    atlas: Atlas
    dialect: Dialect
    phrases: Phrases
    fault: Callable[[str], int]
    places: Sequence[Place] = field(init=False)
    count: int = field(init=False)
    _programs: dict[tuple[Formula, ...], int] = field(default_factory=dict)
    _edges: list[tuple[int, str, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places, self.count = reached(self.atlas), deepest(self.atlas)
        found = {place.number: self._ways(place) for place in self.places}
        position = {number: self._position(tuple(where for where, _ in ways)) for number, ways in found.items()}
        for number, ways in found.items():
            for i, (_, to) in enumerate(ways, 1):
                self._edges.append((number, f"{i:02}", to, position.get(to, 1)))

    @property
    def roots(self) -> Iterator[Formula]:
        """Yield the formulas that decide where rows go, as often as they are asked."""
        for program in self._programs:
            yield from program

    def parts(self, before: str) -> Iterator[str]:
        """Yield the parts of the query that follow a part; the last, ``ended``, has where every row came to.

        Rows that would take the same ways under every program are one row on their way.
        """
        name, part = self.dialect.quoted, self.dialect.part
        place, here, ways = (name(each) for each in (PLACE, HERE, _WAYS))
        yield part(name("ready"), f"{before}.*, {self._text()} AS {ways}", before)
        yield self.dialect.table("ways", (PLACE, _WAY, "_to", "_then"), self._edges)
        yield from self._walked() if self.dialect.recursive else self._stepped()
        same = " AND ".join(f"w.{each} = r.{each}" for each in (ways, place))
        yield part(name("ended"), f"r.*, w.{here} AS {here}", f"{name('ready')} AS r INNER JOIN arrived AS w ON {same}")

    def _start(self) -> str:
        """Return a query of the rows at the start."""
        name, first = self.dialect.quoted, tuple(where for where, _ in self._ways(self.atlas.start))
        at = f"{2 * self._programs.get(first, 0) + 1} AS {name(_AT)}"
        started = f"DISTINCT {name(_WAYS)}, {name(PLACE)}, {name(PLACE)} AS {name(HERE)}, {at}"
        return select(started, name("ready"))

    def _taken(self, kind: str, source: str) -> str:
        """Return rows with the way that each takes."""
        name = self.dialect.quoted
        takes = f"w.{name(_WAY)} = SUBSTR(s.{name(_WAYS)}, s.{name(_AT)}, 2)"
        return f"{source} AS s {kind} JOIN {name('ways')} AS w ON w.{name(PLACE)} = s.{name(HERE)} AND {takes}"

    def _walked(self) -> Iterator[str]:
        """Yield all the places on the rows' ways, step after step, then those from which no way leads on."""
        name = self.dialect.quoted
        ways, place, here, at = (name(each) for each in (_WAYS, PLACE, HERE, _AT))
        moved = select(f"s.{ways}, s.{place}, w.{name('_to')}, w.{name('_then')}", self._taken("INNER", "walked"))
        yield f"walked ({ways}, {place}, {here}, {at}) AS (\n{self._start()}\nUNION ALL\n{moved}\n)"
        left = f"{self._taken('LEFT', 'walked')}\nWHERE w.{place} IS NULL"
        yield self.dialect.part("arrived", f"s.{ways}, s.{place}, s.{here}", left)

    def _stepped(self) -> Iterator[str]:
        """Yield one part for each step, where an engine knows no recursion."""
        name = self.dialect.quoted
        ways, place, here, at = (name(each) for each in (_WAYS, PLACE, HERE, _AT))
        moved = (f"COALESCE(w.{name(to)}, s.{now}) AS {now}" for to, now in (("_to", here), ("_then", at)))
        what = ", ".join((f"s.{ways}", f"s.{place}", *moved))
        yield f"step_0 AS (\n{self._start()}\n)"
        for step in range(self.count):
            yield self.dialect.part(f"step_{step + 1}", what, self._taken("LEFT", f"step_{step}"))
        yield self.dialect.part("arrived", "*", f"step_{self.count}")

    def _text(self) -> str:
        """Return the text that has, for every program, which way a row takes: 00 where it stays."""
        said = [self._way(program) for program in self._programs] or ["'00'"]
        groups = [said[i : i + _AT_ONCE] for i in range(0, len(said), _AT_ONCE)]
        return _together([_together(group) for group in groups])

    def _way(self, program: tuple[Formula, ...]) -> str:
        whens = " ".join(f"WHEN {self.phrases.truth(where)} THEN '{i:02}'" for i, where in enumerate(program, 1))
        return f"CASE {whens} ELSE '00' END"

    def _position(self, program: tuple[Formula, ...]) -> int:
        if not program:
            return 1
        if len(program) > _MOST_WAYS:
            raise beyond("一个状态的去向过多", "too many ways lead on from one state")
        return 2 * self._programs.setdefault(program, len(self._programs)) + 1

    def _ways(self, place: Place) -> list[tuple[Formula, int]]:
        """Return where rows of a place go on to, a fault among them by its number; the first that holds counts."""
        early = place.before_guards
        found: list[WayOn] = [
            *self.checked(place, place.looked_up_first),
            *place.ways_on[:early],
            *self.checked(place, place.looked_up),
            *place.ways_on[early:],
        ]
        return [(where, self._to(place, way)) for where, way in found if where is not False]

    def _to(self, place: Place, way: Move | str) -> int:
        return place.way(way).to.number if isinstance(way, Move) else self.fault(way)

    def checked(self, place: Place, numbers: Sequence[int]) -> Iterator[Found]:
        """Yield where rows of a place break some checks, with what the way there has changed."""
        again = self.atlas.rechecked(place.context)
        for number in numbers:
            yield again.get(number, self.atlas.broken[number]), self.atlas.checks[number].code


def _together(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"CONCAT({', '.join(texts)})"
