"""A policy as one SQL query over a table of facts.

Rows go from place to place, one step of the query for all places at the same distance from the start; then one table
says what each place comes to, and by which formula its amounts are worked out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.columns.dialects import DIALECTS, Dialect, part, select
from aftersales.columns.logic import Formula, Term, all_of, const, negate
from aftersales.columns.order import inner, levels_of, reached
from aftersales.columns.phrases import Phrases
from aftersales.columns.places import Atlas, Place
from aftersales.columns.sight import BOUNDS, words_of
from aftersales.columns.standing import Found
from aftersales.columns.symbols import Word, beyond
from aftersales.errors import Diagnostic, UnknownNameError, did_you_mean
from aftersales.expr.types import Kind
from aftersales.instants import EARLIEST, LATEST
from aftersales.policy.flat_names import line_names
from aftersales.policy.model import Fact, Policy
from aftersales.text import Text, clip

#: The faults of values that cannot be read.
_UNREAD: Final = ("unknown_value", "out_of_bounds", "instant_format", "beyond_columns")
_BOOKS: Final = ("refund", "deduction", "charge", "recover")
#: Where rows stand while they are on their way, and where they have come to.
_PLACE: Final = "_place"
_WRONG: Final = "error"
#: What a row waits for, before a derived fact (marked) is opened to what is asked instead.
_WANTS: Final = "_wants"
_OPEN: Final = "is:"


def columns_of(policy: Policy) -> tuple[str, ...]:
    """Return the columns that a table of facts has by default.

    Every fact but what the policy counts and what follows from other facts; the flags of dates and amounts that may be
    none are there, since they tell that there is none.
    """
    flags = {fact.flag for fact in policy.facts.values() if fact.flag is not None}
    facts = (fact for fact in policy.facts.values() if not fact.counter)
    return tuple(fact.name for fact in facts if fact.derived is None or fact.ask is not None or fact.name in flags)


def query(
    policy: Policy,
    dialect: str,
    *,
    table: str = "facts",
    columns: Collection[str] | None = None,
    keep: Sequence[str] = (),
) -> str:
    """Return the policy as one query over ``table``; ``columns`` are the facts that it has, ``keep`` is passed through.

    Money is whole fen, instants are timestamps with a timezone, words are text; NULL is an unknown fact. Deadlines do
    not count: every row is seen when it was told. Raises UnknownNameError for a column, BeyondColumnsError for what
    SQL cannot say.
    """
    read = tuple(columns or columns_of(policy))
    unknown = [name for name in read if name not in policy.facts or policy.facts[name].counter]
    if unknown:
        raise UnknownNameError(*(_not_a_fact(name, policy) for name in unknown))
    return _Query(policy, DIALECTS[dialect], table, read, tuple(keep)).text()


def _not_a_fact(name: str, policy: Policy) -> Diagnostic:
    shown = clip(name)
    message = Text(f"没有事实 {shown}", f"there is no fact {shown}")
    return Diagnostic("unknown_name", message, hint=did_you_mean(shown, columns_of(policy)))


@dataclass(slots=True)
class _Programs:
    """What places share: each way of working something out has a number, from 1."""

    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)

    def number(self, program: Iterable[object]) -> int:
        found = tuple(program)
        return self.numbers.setdefault(found, len(self.numbers) + 1) if found else 0


@dataclass(slots=True)
class _Query:
    policy: Policy
    dialect: Dialect
    table: str
    columns: tuple[str, ...]
    keep: tuple[str, ...]
    atlas: Atlas = field(init=False)
    phrases: Phrases = field(init=False)
    _last: str = ""
    within: frozenset[int] = frozenset()
    calendar: bool = False
    faults: list[str] = field(default_factory=list)
    opened: dict[str, list[Found]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.atlas = Atlas(self.policy, self.columns)
        self.phrases = Phrases(self.policy, self.dialect)
        for code in _UNREAD:
            self._fault(code)

    def text(self) -> str:
        """Return the whole query."""
        self.within = frozenset(inner(self.atlas))
        levels = levels_of(self.atlas, self.within)
        steps = [self._step(number, places) for number, places in enumerate(levels, 1)]
        self._last = self._name(f"step_{len(steps)}")
        ends = self._ends(reached(self.atlas))
        self.calendar = self.phrases.calendar_used
        parts = [self._read(), *steps, *ends]
        return "WITH " + ",\n".join(parts)

    def _name(self, name: str) -> str:
        return self.dialect.quoted(name)

    def _fault(self, code: str) -> int:
        """Return the number that stands for a fault: below 0."""
        if code not in self.faults:
            self.faults.append(code)
        return -1 - self.faults.index(code)

    def _read(self) -> str:
        """Return the first part: the columns as numbers and words, and the rows that cannot be read."""
        facts = [self.policy.facts[name] for name in self.columns]
        read = [f"{self._as_read(fact)} AS {self._name(fact.name)}" for fact in facts]
        kept = [self._name(name) for name in self.keep]
        checks = [(text, code) for fact in facts for text, code in self._bad(fact)]
        whens = " ".join(f"WHEN {text} THEN {self._fault(code)}" for text, code in checks)
        wrong = f"CASE {whens} ELSE 0 END" if whens else "0"
        table = ".".join(self._name(part) for part in self.table.split("."))
        rows, here = self._name("read"), self._name(_PLACE)
        return ",\n".join((
            part(rows, ", ".join([*kept, *read]), table),
            part(self._name("step_0"), f"{rows}.*, {wrong} AS {here}", rows),
        ))  # fmt: skip

    def _as_read(self, fact: Fact) -> str:
        column = self._name(fact.name)
        if fact.type.kind is Kind.INSTANT:
            return self.dialect.seconds.format(column=column)
        if fact.type.kind in (Kind.MONEY, Kind.COUNT):
            return self.dialect.whole.format(value=column)
        if fact.type.kind in (Kind.RATE, Kind.DURATION, Kind.TIME_OF_DAY):
            raise beyond(f"事实 {fact.name} 的类型", f"fact {fact.name} of its type")
        return column

    def _bad(self, fact: Fact) -> Iterator[tuple[str, str]]:
        """Yield where a value of a column cannot be read, with the fault's code."""
        column, kind = self._name(fact.name), fact.type
        if kind.kind in (Kind.CHOICE, Kind.PARTY):
            words = ", ".join(self.dialect.word(word) for word in words_of(self.policy, kind))
            yield f"{column} NOT IN ({words})", "unknown_value"
        elif kind.kind is Kind.INSTANT:
            first, last = int(EARLIEST.timestamp()), int(LATEST.timestamp())
            if self.calendar:
                yield f"{column} < {self.phrases.first_instant()} AND {column} >= {first}", "beyond_columns"
            yield f"{column} < {first} OR {column} > {last}", "instant_format"
        elif kind.kind is not Kind.FLAG:
            high = BOUNDS[kind.kind] if kind.high is None else min(kind.high, BOUNDS[kind.kind])
            yield f"{column} < {kind.low or 0} OR {column} > {high}", "out_of_bounds"

    def _step(self, number: int, places: Sequence[Place]) -> str:
        """Return one part: where the rows of some places go on to."""
        before, here = self._name(f"step_{number - 1}"), self._name(_PLACE)
        whens = "\n    ".join(
            f"WHEN {place.number} THEN {text}" for place in places if (text := self._onward(place)) is not None
        )
        moved = f"CASE {here}\n    {whens}\n    ELSE {here} END" if whens else here
        kept = ", ".join(self._name(name) for name in (*self.keep, *self.columns))
        return part(self._name(f"step_{number}"), f"{kept}, {moved} AS {here}", before)

    def _onward(self, place: Place) -> str | None:
        checks = [
            *self._checked(place, place.looked_up_first),
            *place.faults[: place.above],
            *self._checked(place, place.looked_up),
            *place.faults[place.above :],
        ]
        ways: list[tuple[Formula, object]] = [
            (where, self._fault(code)) for where, code in checks if where is not False
        ]
        ways += [(move.when, self._target(place.way(move).to)) for move in place.moves]
        return self._first(ways, str(place.number)) if ways else None

    def _target(self, place: Place) -> str:
        """Return the number of a place, or at once where its rows go on to."""
        onward = self._onward(place) if place.number in self.within else None
        return str(place.number) if onward is None else onward

    def _checked(self, place: Place, numbers: Iterable[int]) -> Iterator[Found]:
        again = self.atlas.rechecked(place.context)
        for number in numbers:
            check = self.atlas.checks[number]
            yield again.get(number, check.broken(self.atlas.plain)), check.code

    def _first(self, ways: Iterable[tuple[Formula, object]], otherwise: str) -> str:
        """Return a ``CASE`` that gives what belongs to the first formula that is true."""
        whens = []
        for where, what in ways:
            if where is True:
                otherwise = str(what)
                break
            if where is not False:
                whens.append(f"WHEN {self.phrases.truth(where)} THEN {what}")
        return f"CASE {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise

    def _ends(self, places: Iterable[Place]) -> list[str]:
        """Return the table of places, and the last parts: what each row comes to."""
        sheets = {name: _Programs() for name in self._outputs()}
        sheets[_WRONG] = _Programs()
        rows = [[place.number, *self._of_place(place, sheets)] for place in places]
        table = self.dialect.table("places", [_PLACE, *(_of(name) for name in sheets)], rows)
        return [table, *self._select(sheets)]

    def _outputs(self) -> list[str]:
        policy = self.policy
        lines = [f"{book}_{name}" for book in _BOOKS for name in line_names(policy, book)]
        lines += [f"insured_{leg.name}" for leg in policy.legs.values() if leg.insured is not None]
        return ["state", "outcome", "liable", *(f"{leg}_borne" for leg in policy.legs), *lines, "need"]

    def _of_place(self, place: Place, sheets: dict[str, _Programs]) -> Iterator[int]:
        settled, end = place.settled, place.state.end
        words = {"liable": settled.liable, **{f"{leg}_borne": word for leg, word in settled.borne.items()}}
        for name, programs in sheets.items():
            if name == "state":
                yield programs.number([(True, place.state.key)])
            elif name == "outcome":
                yield programs.number([] if end is None else [(True, end.outcome)])
            elif name == "need":
                yield programs.number(self._wanted(place))
            elif name == _WRONG:
                yield programs.number(self._wrong(place))
            elif name in words:
                yield programs.number(_by_word(words[name]))
            else:
                line = settled.lines.get(name)
                none = line is None or (line.term is const(0) and line.known is True)
                yield programs.number([] if none or line is None else [(negate(line.known), line.term)])

    def _wanted(self, place: Place) -> list[Found]:
        """Return what rows wait for; only where the way here has changed what it rests on, what is asked instead."""
        found = []
        for where, fact in place.wanted:
            bases = list(place.asked_in.base(fact))
            if len(bases) > 1 and not place.asked_in.touches(fact):
                self.opened[f"{_OPEN}{fact}"] = bases
                found.append((where, f"{_OPEN}{fact}"))
            else:
                found += [(all_of((where, there)), base) for there, base in bases]
        return [(where, fact) for where, fact in found if where is not False]

    def _asked(self) -> str:
        """Return the first need from what a row waits for: a derived fact is opened to one that somebody can answer."""
        wants, whens = self._name(_WANTS), []
        for marked, bases in self.opened.items():
            asked = self._first([(where, self.dialect.word(base)) for where, base in bases], "NULL")
            whens.append(f"WHEN {self.dialect.word(marked)} THEN {asked}")
        return f"CASE {wants} {' '.join(whens)} ELSE {wants} END" if whens else wants

    def _wrong(self, place: Place) -> list[Found]:
        every = range(len(self.atlas.checks))
        return [found for found in (*self._checked(place, every), *place.settled.faults) if found[0] is not False]

    def _select(self, sheets: dict[str, _Programs]) -> list[str]:
        """Return the last parts: every column by its place's number, and nothing but the error of a row at fault."""
        wrong = self._sheet(sheets.pop(_WRONG), _WRONG, words=True)
        here, error, places = self._name(_PLACE), self._name(_WRONG), self._name("places")
        codes = " ".join(f"WHEN {-1 - i} THEN {self.dialect.word(code)}" for i, code in enumerate(self.faults))
        faults = f"CASE {here} {codes} ELSE {wrong} END" if codes else wrong
        kept = [self._name(name) for name in self.keep]
        numbers = [self._name(_of(name)) for name in (*sheets, _WRONG)]
        facts = [f"s.{self._name(name)}" for name in (*self.keep, *self.columns)]
        wants = self._sheet(sheets["need"], "need", words=True)
        outputs = [f"{self._output(name, programs)} AS {self._name(name)}" for name, programs in sheets.items()]
        blank = [f"CASE WHEN {error} IS NULL THEN {self._name(name)} END AS {self._name(name)}" for name in sheets]
        ended = ", ".join([*facts, f"s.{here}", *(f"p.{number}" for number in numbers)])
        decided = ",\n    ".join([*kept, *outputs, f"{faults} AS {error}"])
        shown = ",\n  ".join([*kept, *blank, error])
        end = part("decided", decided, "waiting")
        return [
            part("ended", ended, f"{self._last} AS s LEFT JOIN {places} AS p ON p.{here} = s.{here}"),
            part("waiting", f"ended.*, {wants} AS {self._name(_WANTS)}", "ended"),
            f"{end}\n{select(shown, 'decided')}\n",
        ]

    def _output(self, name: str, programs: _Programs) -> str:
        if name == "need":
            return self._asked()
        if name in ("state", "outcome", "liable") or name.endswith("_borne"):
            return self._sheet(programs, name, words=True)
        return self._sheet(programs, name, words=False)

    def _sheet(self, programs: _Programs, name: str, *, words: bool) -> str:
        """Return what a place's number for a column stands for."""
        nothing = "NULL" if words else "0"
        whens = []
        for program, number in programs.numbers.items():
            whens.append(f"WHEN {number} THEN {self._worded(program) if words else self._amount(program)}")
        chosen = f"CASE {self._name(_of(name))} {' '.join(whens)} ELSE {nothing} END" if whens else nothing
        return f"CAST({chosen} AS {self.dialect.text})" if words else self.dialect.whole.format(value=chosen)

    def _worded(self, program: tuple[object, ...]) -> str:
        ways = [(where, self.dialect.word(str(word))) for where, word in _pairs(program)]
        return self._first(ways, "NULL")

    def _amount(self, program: tuple[object, ...]) -> str:
        ((open_, term),) = _pairs(program)
        return self._first([(open_, "NULL")], self.phrases.amount(_as_term(term)))


def _of(name: str) -> str:
    """Return the column of the table of places that has the numbers for a column of the answers."""
    return f"_{name}"


def _pairs(program: tuple[object, ...]) -> list[tuple[Formula, object]]:
    found = []
    for pair in program:
        if not isinstance(pair, tuple):
            raise TypeError(pair)
        found.append((pair[0], pair[1]))
    return found


def _as_term(term: object) -> Term:
    return term  # type: ignore[return-value]


def _by_word(word: Word) -> list[tuple[Formula, str]]:
    return [(where, said) for said, where in word.by.items() if where is not False]
