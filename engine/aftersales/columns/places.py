"""The places that rows can stand in: a state with what the way there changed, laid down and used up.

Places are made when rows first come there, and kept: what leads on from one, and what it comes to, as tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from aftersales.columns.lasting import Lasting
from aftersales.columns.logic import all_of, const, negate
from aftersales.columns.nodes import Formula, Term
from aftersales.columns.once import once
from aftersales.columns.planned import Planned
from aftersales.columns.regions import Region, region_of
from aftersales.columns.sayings import Saying
from aftersales.columns.settled import Line, Settled
from aftersales.columns.sight import Context, View, disagreement
from aftersales.columns.sparse import possible
from aftersales.columns.standing import Found, Move, Standing, WayOn, before_guards, stepped
from aftersales.columns.symbols import Amount, Word, amount, truth
from aftersales.columns.tables import Classes, classes, tells
from aftersales.expr.tree import Expr
from aftersales.policy.flat_names import SHARED, UNDECIDED
from aftersales.policy.model import Fact, Holds, Policy, State
from aftersales.policy.reads import of_offers, of_within
from aftersales.run.laid import Laid
from aftersales.run.reads import names_read, with_inputs

Key = tuple[object, ...]


class Codes:
    """Words by number, from 1; 0 is none. Numbers are given as words turn up."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words: list[str] = list(dict.fromkeys(words))
        self._numbers = {word: i for i, word in enumerate(self.words, 1)}

    def number(self, word: str) -> int:
        """Return the number of a word, a new one where it has none."""
        return self[word]

    def __getitem__(self, word: str) -> int:
        if word not in self._numbers:
            self.words.append(word)
            self._numbers[word] = len(self.words)
        return self._numbers[word]


@dataclass(frozen=True, slots=True)
class Way:
    """Where some rows of a place go on: to which place, and whether its deadline starts anew."""

    to: Place
    restarts: bool


@dataclass(slots=True)
class Result:
    """What the rows that stay in a place come to.

    ``fault`` tells apart what is wrong (``None``: nothing can be). Words (the first need among them) are one number for
    all, or what tells them apart; a line is an amount and where it is not known.
    """

    fault: Classes | None
    words: Mapping[str, int | Classes]
    lines: Mapping[str, tuple[Term, Formula]]


class Atlas:
    """All places of a policy whose rows have the given columns; ``certain`` ones are known in every row."""

    def __init__(self, policy: Policy, columns: Collection[str], certain: Collection[str] = ()) -> None:
        self.policy = policy
        self.making = RLock()
        self.columns = frozenset(name for name in columns if name in policy.facts)
        self.certain = frozenset(certain)
        self.plain = View(policy, self.columns, self.certain)
        self._lasting = Lasting(policy, self.columns)
        self.faults = Codes()
        self.needs = Codes(policy.facts)
        self.bearers = Codes((*policy.parties, SHARED, UNDECIDED))
        self.places: list[Place] = []
        #: What places have in common that differ in what was laid down, or in the state alone.
        self.standings: dict[Key, Standing] = {}
        self.settlements: dict[Key, Settled] = {}
        self._found: dict[Key, Place] = {}
        self._views: dict[Context, View] = {Context(): self.plain}
        self._rechecked: dict[Context, Mapping[int, Formula]] = {}
        self._classes: dict[Key, Classes] = {}
        self._sayings: dict[Key, Saying] = {}
        #: How the rows of the last block settled: the next is likely to be alike.
        self.planned: Planned | None = None

    @once
    def start(self) -> Place:
        """Return where every row begins."""
        state = self.policy.states[self.policy.flows[self.policy.root].start]
        laid = Laid()
        laid.lay(state)
        return self.place(state, Context(), laid, frozenset(), frozenset())

    def place(self, state: State, context: Context, laid: Laid, fired: frozenset[str], quiet: frozenset[str]) -> Place:
        """Return the one place of this kind: ways that differ only in what no longer matters lead to one."""
        lasting = self._lasting
        left = lasting.context(state.key, context, laid)
        fired, quiet = lasting.fired(state.key, fired), lasting.quiet(state.key, quiet)
        key = (state.key, left, _marks(laid), fired, quiet)
        with self.making:
            if key not in self._found:
                made = Place(self, len(self.places), state, left, laid, fired, quiet)
                self.places.append(made)
                self._found[key] = made
        return self._found[key]

    def view(self, context: Context) -> View:
        """Return the rows' facts behind a path."""
        if context not in self._views:
            self._views[context] = View(self.policy, self.columns, self.certain, context, plain=self.plain)
        return self._views[context]

    def classes(self, found: Iterable[tuple[Formula, int]]) -> Classes:
        """Return what tells rows apart, the same one for the same formulas."""
        key = tuple(found)
        with self.making:
            if key not in self._classes:
                self._classes[key] = classes(key)
        return self._classes[key]

    def saying(self, name: str, what: Classes | tuple[Term, Formula]) -> Saying:
        """Return something to be worked out, the same one for all places that say it; ``making`` is held."""
        key = (name, *(what if isinstance(what, tuple) else (id(what),)))
        if key not in self._sayings:
            self._sayings[key] = Saying(name, what)
        return self._sayings[key]

    @once
    def checks(self) -> Sequence[Check]:
        """Return what every row must keep: facts told that also follow, then the relations of the policy."""
        policy = self.policy
        derived = [fact for fact in policy.facts.values() if fact.derived is not None and fact.name in self.columns]
        told = [Check("told_disagrees", fact, frozenset(with_inputs(policy, (fact.name,)))) for fact in derived]
        kept = [
            Check("relation_broken", holds, frozenset(with_inputs(policy, names_read(policy, holds.condition))))
            for holds in policy.holds
        ]
        return [check for check in (*told, *kept) if check.broken(self.plain) is not False]

    @once
    def broken(self) -> Sequence[Formula]:
        """Return where rows break each check, with the facts as they are told."""
        return [check.broken(self.plain) for check in self.checks]

    @once
    def breakable(self) -> Sequence[Formula]:
        """Return where rows could break each check, as far as their codes tell."""
        return [possible(broken) for broken in self.broken]

    def on_facts(self, exprs: Iterable[Expr]) -> Sequence[int]:
        """Return the checks, by their number, on the derived facts that some expressions look up."""
        read = (name for expr in exprs for name in names_read(self.policy, expr))
        names = frozenset(with_inputs(self.policy, read))
        facts = ((i, check.what) for i, check in enumerate(self.checks))
        return [i for i, what in facts if isinstance(what, Fact) and what.name in names]

    @once
    def by_code(self) -> Mapping[str, Sequence[int]]:
        """Return the numbers of the checks by their codes, in the order in which these count."""
        codes = dict.fromkeys(check.code for check in self.checks)
        return {code: [i for i, check in enumerate(self.checks) if check.code == code] for code in codes}

    def rechecked(self, context: Context) -> Mapping[int, Formula]:
        """Return the checks, by their number, that a path has changed, with where rows break them now."""
        if context in self._rechecked:
            return self._rechecked[context]
        with self.making:
            changed, view = context.changed, self.view(context)
            touched = ((i, check) for i, check in enumerate(self.checks) if check.facts & changed)
            self._rechecked[context] = {i: check.broken(view) for i, check in touched}
        return self._rechecked[context]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that every row must keep: a derived fact told as it follows, or a relation; ``facts`` it rests on."""

    code: str
    what: Fact | Holds
    facts: frozenset[str]

    def broken(self, view: View) -> Formula:
        """Return where rows do not keep it."""
        return disagreement(view, self.what) if isinstance(self.what, Fact) else truth(self.what.condition, view).false


def _marks(laid: Laid) -> Key:
    """Return what tells two sets of terms apart: the policy's expressions live as long as it does."""
    legs = tuple((leg, id(term.borne), id(term.advanced), term.insured) for leg, term in laid.postage.items())
    books = (laid.refund, laid.deductions, laid.charge, laid.recover)
    return (id(laid.liable), legs, *(tuple((name, id(line)) for name, line in book.items()) for book in books))


@dataclass(eq=False)
class Place:
    """A state behind a path, and everything about the rows that stand there, made when it is first asked for."""

    atlas: Atlas
    number: int
    state: State
    context: Context
    laid: Laid
    fired: frozenset[str]
    quiet: frozenset[str]
    rank: int = 0
    _ways: dict[str, Way] = field(default_factory=dict)

    @once
    def standing(self) -> Standing:
        """Return how rows stand here."""
        key = (self.state.key, self.context, self.fired, self.quiet)
        made = self.atlas.standings
        if key not in made:
            view = self.atlas.view(self.context)
            made[key] = Standing(self.atlas.policy, self.state, view, self.fired, self.quiet)
        return made[key]

    @once
    def moves(self) -> Sequence[Move]:
        """Return the ways that some row can take."""
        return [move for move in self.standing.moves if move.when is not False]

    @once
    def onward(self) -> Classes:
        """Tell apart: 0 rests here, then what becomes of the other rows by its place in ``ways_on``."""
        return classes((where, i) for i, (where, _) in enumerate(self.ways_on, 1))

    @once
    def ways_on(self) -> Sequence[WayOn]:
        """Return where rows go on or cannot; the first that holds counts."""
        faults = (fault for fault in self.standing.faults if fault[0] is not False)
        found: list[WayOn] = [*faults, *((move.when, move) for move in self.moves)]
        return sorted(found, key=lambda way: not before_guards(way))

    @once
    def before_guards(self) -> int:
        """Return how many of the ways on are found before guards are looked at."""
        return sum(map(before_guards, self.ways_on))

    @once
    def region(self) -> Region | None:
        """Return the table that tells where rows get to from here, as far as one can."""
        return region_of(self)

    @once
    def looked_up_first(self) -> Sequence[int]:
        """Return the checks, by their number, on derived facts that the offers here look up."""
        return self.atlas.on_facts(expr for expr, _ in of_offers(self.state))

    @once
    def looked_up(self) -> Sequence[int]:
        """Return the checks, by their number, on derived facts that the ways on from here look up."""
        return self.atlas.on_facts(_looked_at(self.state))

    @once
    def lates(self) -> Sequence[Move]:
        """Return where a passed deadline leads."""
        return self.standing.lates()

    @once
    def late(self) -> Classes:
        """Tell apart where a passed deadline leads: 0 nowhere, then ``lates``."""
        return classes((move.when, i) for i, move in enumerate(self.lates, 1))

    @once
    def length(self) -> Amount | None:
        """Return the figure that a deadline here rests on; ``None`` where there is none."""
        if self.state.within is None or self.state.end is not None or not self.state.late:
            return None
        return amount(of_within(self.state.within), self.standing.view)

    def way(self, move: Move) -> Way:
        """Return where a move leads."""
        with self.making:
            if move.key not in self._ways:
                self._ways[move.key] = self._go(move)
        return self._ways[move.key]

    @property
    def making(self) -> Any:
        """Return the lock that is held while anything about the policy's places is made."""
        return self.atlas.making

    def _go(self, move: Move) -> Way:
        target = move.target
        state = self.atlas.policy.states[target.state]
        laid = self.laid.copied()
        laid.lay(state)
        fired = self.fired | {move.key} if move.once else self.fired
        touched = {*target.forget, *(name for name, _ in target.take)}
        place = self.atlas.place(state, stepped(self.context, target), laid, fired, self._quiet(touched))
        return Way(place, self.state.key != target.state or target.restart)

    def _quiet(self, touched: set[str]) -> frozenset[str]:
        """Return the interrupts that did not fire here and cannot fire later."""
        if self.state.end is not None:
            return self.quiet - touched
        flow = self.atlas.policy.flows[self.state.flow]
        facts = self.atlas.policy.facts
        offered = {offer.fact for offer in self.state.offers}
        heard = (way.on for way in flow.anytime if way.on not in offered and facts[way.on].derived is None)
        return self.quiet.union(heard) - touched

    @once
    def settled(self) -> Settled:
        """Return what the terms laid down come to here."""
        key = (self.context, _marks(self.laid))
        made = self.atlas.settlements
        if key not in made:
            made[key] = Settled(self.atlas.view(self.context), self.laid)
        return made[key]

    @once
    def wanted(self) -> Sequence[Found]:
        """Return what rows that stay here wait for, derived facts by their own names; the first that holds first."""
        return self.settled.asked if self.state.end is not None else self.standing.asked()

    @once
    def asked(self) -> Sequence[Found]:
        """Return what is asked of rows that stay here, by facts that somebody can answer; the first that holds first."""
        view = self.asked_in
        return [(all_of((where, there)), base) for where, fact in self.wanted for there, base in view.base(fact)]

    @property
    def asked_in(self) -> View:
        """Return the facts as rows that stay here are asked for them."""
        return self.settled.view if self.state.end is not None else self.standing.view

    @once
    def result(self) -> Result:
        """Return what the rows that stay here come to."""
        atlas, settled = self.atlas, self.settled
        words = {"liable": settled.liable, **{f"{leg}_borne": word for leg, word in settled.borne.items()}}
        faults = atlas.classes((where, atlas.faults[code]) for where, code in settled.faults if where is not False)
        return Result(
            fault=faults if tells(faults) else None,
            words={**{name: self._said(word) for name, word in words.items()}, "need": self._need},
            lines={name: (line.term, negate(line.known)) for name, line in settled.lines.items() if _matters(line)},
        )

    @property
    def _need(self) -> int | Classes:
        needs = self.atlas.needs
        found = [(where, needs[fact]) for where, fact in self.asked if where is not False]
        if not found or found[0][0] is True:
            return found[0][1] if found else 0
        return self.atlas.classes(found)

    def _said(self, word: Word) -> int | Classes:
        codes = self.atlas.bearers
        for said, where in word.by.items():
            if where is True:
                return codes[said]
        return self.atlas.classes((where, codes[said]) for said, where in word.by.items())

    @once
    def sayings(self) -> Sequence[Saying]:
        """Return what has to be worked out row by row of those that stay here."""
        words = ((name, said) for name, said in self.result.words.items() if not isinstance(said, int))
        return [self.atlas.saying(name, what) for name, what in (*words, *self.result.lines.items())]

    @once
    def rechecked(self) -> Mapping[int, Formula]:
        """Return the checks, by their number, that the way here has changed, with where rows break them now."""
        return self.atlas.rechecked(self.context)

    def fixed(self, name: str) -> int:
        """Return the word that all rows here have in common, by number; 0 where there is none or they differ."""
        said = self.result.words.get(name, 0) if "result" in self.__dict__ else 0
        return said if isinstance(said, int) else 0


def _looked_at(state: State) -> Iterator[Expr]:
    """Yield what a case looks at to go on from a state."""
    yield from (branch.guard for branch in state.branches)
    yield from (way.when for way in state.reopen)
    if state.until is not None:
        yield state.until


def _matters(line: Line) -> bool:
    return line.term is not const(0) or line.known is not True
