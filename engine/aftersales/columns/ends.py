"""The last parts of a query: a table says what each place comes to, and by which formula an amount is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.columns.dialects import Dialect, select
from aftersales.columns.logic import all_of, const, negate
from aftersales.columns.nodes import Formula, Term
from aftersales.columns.phrases import Phrases
from aftersales.columns.places import Atlas, Place
from aftersales.columns.sharing import Node
from aftersales.columns.standing import Found
from aftersales.columns.steps import HERE, PLACE, Steps
from aftersales.columns.symbols import Word
from aftersales.policy.flat_names import line_names

_BOOKS: Final = ("refund", "deduction", "charge", "recover")
_ERROR: Final = "error"
#: What a place comes to: one number for all places that come to the same.
_KIND: Final = "_kind"
#: What a row waits for, before a derived fact (marked) is opened to what is asked instead.
_WANTS: Final = "_wants"
_OPEN: Final = "is:"

Worded = tuple[Found, ...]
Priced = tuple[Formula, Term]


@dataclass(slots=True)
class _Sheet:
    """One column of the answers: each way of working it out has a number, from 1; 0 is nothing."""

    is_word: bool
    numbers: dict[Worded | Priced, int] = field(default_factory=dict)

    def number(self, way: Worded | Priced) -> int:
        return self.numbers.setdefault(way, len(self.numbers) + 1) if way else 0

    @property
    def worded(self) -> list[Worded]:
        return [way for way in self.numbers if self.is_word]  # type: ignore[misc]

    @property
    def priced(self) -> list[Priced]:
        return [way for way in self.numbers if not self.is_word]  # type: ignore[misc]

    @property
    def is_plain(self) -> bool:
        """Return whether every place settles the word by itself."""
        return self.is_word and all(len(way) == 1 and way[0][0] is True for way in self.worded)


@dataclass(slots=True)
class Ends:
    """What the rows of one query come to; ``keep`` is passed through."""

    atlas: Atlas
    dialect: Dialect
    phrases: Phrases
    steps: Steps
    keep: Sequence[str]
    _sheets: dict[str, _Sheet] = field(default_factory=dict)
    _kinds: dict[tuple[int, ...], int] = field(default_factory=dict)
    _kind_of: list[tuple[int, int]] = field(default_factory=list)
    _opened: dict[str, list[Found]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        policy = self.atlas.policy
        words = ["state", "outcome", "liable", *(f"{leg}_borne" for leg in policy.legs)]
        lines = [f"{book}_{name}" for book in _BOOKS for name in line_names(policy, book)]
        lines += [f"insured_{leg.name}" for leg in policy.legs.values() if leg.insured is not None]
        names = (*words, *lines, "need", _ERROR)
        self._sheets = {name: _Sheet(name not in lines) for name in names}
        for place in self.steps.places:
            kind = tuple(self._of_place(place))
            self._kind_of.append((place.number, self._kinds.setdefault(kind, len(self._kinds))))

    @property
    def roots(self) -> Iterator[Node]:
        """Yield the formulas and amounts that are worked out, as often as they are."""
        for sheet in self._sheets.values():
            yield from (where for way in sheet.worded for where, _ in way)
            yield from (part for way in sheet.priced for part in way)
        yield from (where for bases in self._opened.values() for where, _ in bases)

    def _of_place(self, place: Place) -> Iterator[int]:
        settled, end = place.settled, place.state.end
        words: dict[str, Iterable[Found]] = {
            "state": [(True, place.state.key)],
            "outcome": [] if end is None else [(True, end.outcome)],
            "liable": _by_word(settled.liable),
            **{f"{leg}_borne": _by_word(word) for leg, word in settled.borne.items()},
            "need": self._wanted(place),
            _ERROR: self._wrong(place),
        }
        for name, sheet in self._sheets.items():
            line = settled.lines.get(name)
            if sheet.is_word:
                yield sheet.number(tuple(words.get(name, ())))
            elif line is None or (line.term is const(0) and line.known is True):
                yield 0
            else:
                yield sheet.number((negate(line.known), line.term))

    def _wanted(self, place: Place) -> list[Found]:
        """Return what rows wait for; only where the way here has changed what it rests on, what is asked instead."""
        found = []
        for where, fact in place.wanted:
            bases = list(place.asked_in.base(fact))
            if len(bases) > 1 and not place.asked_in.touches(fact):
                self._opened[f"{_OPEN}{fact}"] = bases
                found.append((where, f"{_OPEN}{fact}"))
            else:
                found += [(all_of((where, there)), base) for there, base in bases]
        return [(where, fact) for where, fact in found if where is not False]

    def _wrong(self, place: Place) -> list[Found]:
        every = range(len(self.atlas.checks))
        return [found for found in (*self.steps.checked(place, every), *place.settled.faults) if found[0] is not False]

    def parts(self, faults: Sequence[str]) -> Iterator[str]:
        """Yield the tables of places and the last parts; ``faults`` are the codes behind the numbers below 0."""
        name, table = self.dialect.quoted, self.dialect.table
        yield table("places", (PLACE, _KIND), self._kind_of)
        yield table(
            "kinds", (_KIND, *map(_of, self._sheets)), [[i, *self._cells(kind)] for kind, i in self._kinds.items()]
        )
        yield self.dialect.part("known", *self._joined())
        wants = self._word(name(_of("need")), "need")
        yield self.dialect.part("waiting", f"known.*, {wants} AS {name(_WANTS)}", "known")
        here, answers = name(HERE), [each for each in self._sheets if each != _ERROR]
        codes = " ".join(f"WHEN {-1 - i} THEN {self.dialect.word(code)}" for i, code in enumerate(faults))
        wrong = f"CASE {here} {codes} ELSE {self._word(name(_of(_ERROR)), _ERROR)} END AS {_ERROR}"
        kept = [name(each) for each in self.keep]
        outputs = [f"{self._output(each)} AS {name(each)}" for each in answers]
        yield self.dialect.part("decided", ",\n    ".join([*kept, *outputs, wrong]), "waiting")

    def shown(self) -> str:
        """Return the query of the last part: nothing but the error of a row at fault."""
        name = self.dialect.quoted
        answers = [name(each) for each in self._sheets if each != _ERROR]
        blank = [f"CASE WHEN {name(_ERROR)} IS NULL THEN {each} END AS {each}" for each in answers]
        return select(",\n  ".join([*map(name, self.keep), *blank, name(_ERROR)]), "decided")

    def _cells(self, kind: tuple[int, ...]) -> Iterator[int | str | None]:
        """Yield what is written down for a kind of place: a word that all rows there have, else a number."""
        for sheet, number in zip(self._sheets.values(), kind, strict=True):
            if sheet.is_plain:
                yield sheet.worded[number - 1][0][1] if number else None
            else:
                yield number

    def _joined(self) -> tuple[str, str]:
        """Return the rows with what their places come to: columns and source."""
        name = self.dialect.quoted
        numbers = [f"k.{name(_of(each))}" for each in self._sheets]
        places = f"LEFT JOIN {name('places')} AS p ON p.{name(PLACE)} = e.{name(HERE)}"
        kinds = f"LEFT JOIN {name('kinds')} AS k ON k.{name(_KIND)} = p.{name(_KIND)}"
        return ", ".join(["e.*", *numbers]), f"{name('ended')} AS e {places} {kinds}"

    def _output(self, name: str) -> str:
        if name == "need":
            return self._asked()
        column = self.dialect.quoted(_of(name))
        return self._word(column, name) if self._sheets[name].is_word else self._amount(column, name)

    def _asked(self) -> str:
        """Return the first need from what a row waits for: a derived fact is opened to one that somebody can answer."""
        wants, whens = self.dialect.quoted(_WANTS), []
        for marked, bases in self._opened.items():
            whens.append(f"WHEN {self.dialect.word(marked)} THEN {self._first(tuple(bases))}")
        return f"CASE {wants} {' '.join(whens)} ELSE {wants} END" if whens else wants

    def _word(self, column: str, name: str) -> str:
        """Return a column of words, as text of the dialect."""
        sheet = self._sheets[name]
        whens = " ".join(f"WHEN {number} THEN {self._first(way)}" for way, number in self._ways(sheet.worded, sheet))
        chosen = column if sheet.is_plain else f"CASE {column} {whens} ELSE NULL END"
        return f"CAST({chosen} AS {self.dialect.text})"

    def _amount(self, column: str, name: str) -> str:
        sheet, whens = self._sheets[name], []
        for open_, term in sheet.priced:
            amount = self.phrases.amount(term)
            if open_ is not False:
                amount = f"CASE WHEN {self.phrases.truth(open_)} THEN NULL ELSE {amount} END"
            whens.append(f"WHEN {sheet.numbers[open_, term]} THEN {amount}")
        return self.dialect.whole.format(value=f"CASE {column} {' '.join(whens)} ELSE 0 END" if whens else "0")

    @staticmethod
    def _ways(worded: Sequence[Worded], sheet: _Sheet) -> Iterator[tuple[Worded, int]]:
        yield from ((way, sheet.numbers[way]) for way in worded)

    def _first(self, way: Worded) -> str:
        """Return a ``CASE`` that gives the word of the first formula that is true."""
        otherwise, whens = "NULL", []
        for where, word in way:
            if where is True:
                otherwise = self.dialect.word(word)
                break
            whens.append(f"WHEN {self.phrases.truth(where)} THEN {self.dialect.word(word)}")
        return f"CASE {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise


def _of(name: str) -> str:
    """Return the column of the table of kinds that belongs to a column of the answers."""
    return f"_{name}"


def _by_word(word: Word) -> list[Found]:
    return [(where, said) for said, where in word.by.items() if where is not False]
