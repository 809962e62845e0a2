"""The facts and params of the rows that stand in one place: told, taken, counted, forgotten, derived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from aftersales.case.params import PLATFORM, Choice, choose
from aftersales.columns.logic import all_of, among, any_of, compare, const, extreme, negate, number, pick, product
from aftersales.columns.nodes import Formula, Term
from aftersales.columns.symbols import (
    NOWHERE,
    Amount,
    Symbol,
    Truth,
    Word,
    beyond,
    blockers,
    evaluate,
    known_of,
    literal,
    unknown,
)
from aftersales.errors import UnmatchedCaseError
from aftersales.expr.types import UNKNOWN, Kind, Type, Value
from aftersales.instants import LONGEST, day_end, day_start, zone_named
from aftersales.money import LARGEST
from aftersales.policy.model import Fact, Param, Policy, Tier
from aftersales.run.reads import with_inputs

#: The largest count of a row; above it the row is refused.
LARGEST_COUNT: Final = 1_000_000
#: How far from 0 a number of each kind can be in a row.
BOUNDS: Final[Mapping[Kind, int]] = {
    Kind.MONEY: LARGEST,
    Kind.COUNT: LARGEST_COUNT,
    Kind.RATE: 100_000,
    Kind.INSTANT: 1 << 33,
    Kind.DURATION: int(LONGEST.total_seconds()),
    Kind.TIME_OF_DAY: 86_400,
}
#: A part of the rows, and what a param comes to there.
Case = tuple[Formula, Choice]


@dataclass(frozen=True, slots=True)
class Context:
    """What a path has changed of the facts: forgotten, taken (answers recorded), counted."""

    forgotten: frozenset[str] = frozenset()
    taken: tuple[tuple[str, Value], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def changed(self) -> frozenset[str]:
        """Return every fact that a row no longer speaks for."""
        return self.forgotten.union((name for name, _ in self.taken), (name for name, _ in self.counts))


def words_of(policy: Policy, type_: Type) -> tuple[str, ...]:
    """Return the words of a choice or party type; their codes in a column count from 1."""
    return type_.values or (tuple(policy.parties) if type_.kind is Kind.PARTY else ())


def told(policy: Policy, fact: Fact, *, certain: bool = False) -> Symbol:
    """Return what a column tells of a fact; a ``certain`` column knows it in every row, and counts words from 0."""
    first = 0 if certain else 1
    match fact.type.kind:
        case Kind.FLAG:
            return Truth(among(fact.name, (first + 1,), first + 2), among(fact.name, (first,), first + 2))
        case Kind.CHOICE | Kind.PARTY:
            words = words_of(policy, fact.type)
            size = len(words) + first
            return Word({said: among(fact.name, (i,), size) for i, said in enumerate(words, first)})
        case kind:
            scale = 10_000 if kind is Kind.RATE else 1
            most = min(BOUNDS[kind], fact.type.high if fact.type.high is not None else BOUNDS[kind])
            known = True if certain else among(fact.name, (1,), 2)
            return Amount(number(fact.name, most), known, scale)


@dataclass(slots=True)
class View:
    """The rows of one place, seen through their columns; ``hidden`` says where an answer does not count.

    ``certain`` columns are known in every row.
    """

    policy: Policy
    columns: Collection[str]
    certain: Collection[str] = frozenset()
    context: Context = field(default_factory=Context)
    hidden: Mapping[str, Formula] = field(default_factory=dict)
    plain: View | None = None
    faults: dict[Formula, str] = field(default_factory=dict)
    _facts: dict[str, Symbol] = field(default_factory=dict)
    _params: dict[str, list[Case]] = field(default_factory=dict)
    _symbols: dict[str, Symbol] = field(default_factory=dict)

    def fact(self, name: str) -> Symbol:
        """Return what the rows know of a fact: told, else derived."""
        if name not in self._facts:
            fact = self.policy.facts[name]
            self._facts[name] = unknown(fact.type)
            self._facts[name] = self._look_up(fact)
        return self._facts[name]

    def _look_up(self, fact: Fact) -> Symbol:
        if self.plain is not None and not self.touches(fact.name):
            return self.plain.fact(fact.name)
        said = self.told(fact)
        if fact.derived is None:
            return said
        return joined(said, evaluate(fact.derived, self))

    def touches(self, name: str) -> bool:
        """Return whether the way here has changed a fact, or something that it rests on."""
        changed = self.context.changed.union(self.hidden)
        return any(part in changed for part in with_inputs(self.policy, (name,)))

    def told(self, fact: Fact) -> Symbol:
        """Return what is told of a fact itself."""
        taken, counts = dict(self.context.taken), dict(self.context.counts)
        if fact.name in taken:
            said = literal(taken[fact.name], fact.type)
        elif fact.counter and (fact.name in counts or fact.name not in self.context.forgotten):
            said = literal(counts.get(fact.name, 0), fact.type)
        elif fact.name in self.context.forgotten or fact.name not in self.columns:
            return unknown(fact.type)
        else:
            said = told(self.policy, fact, certain=fact.name in self.certain)
        return said if fact.name not in self.hidden else _only(negate(self.hidden[fact.name]), said)

    def is_none(self, name: str) -> bool:
        """Return whether a path has recorded that there is none."""
        return (name, None) in self.context.taken

    def present(self, name: str) -> Truth:
        """Return whether a fact that may be none is there; a row tells that it is none by the fact's flag."""
        if self.is_none(name):
            return Truth(true=False, false=True)
        return Truth(known_of(self.fact(name)), false=False)

    def param(self, name: str) -> Symbol:
        """Return what a param comes to in the rows."""
        if name not in self._symbols:
            if self.plain is not None and not self._chosen_anew(name):
                self._symbols[name] = self.plain.param(name)
            else:
                self._symbols[name] = self._in_cases(self.policy.params[name])
        return self._symbols[name]

    def _chosen_anew(self, name: str) -> bool:
        param = self.policy.params[name]
        facts = (PLATFORM, param.dated_by, param.on)
        return any(fact in self.policy.facts and self.touches(fact) for fact in facts if fact is not None)

    def _in_cases(self, param: Param) -> Symbol:
        met = [(where, self._of_choice(param, choice)) for where, choice in self._cases(param)]
        if param.type.kind is Kind.FLAG:
            truths = [(where, symbol) for where, symbol in met if isinstance(symbol, Truth)]
            return Truth(
                any_of(all_of((where, symbol.true)) for where, symbol in truths),
                any_of(all_of((where, symbol.false)) for where, symbol in truths),
            )
        if param.type.kind in (Kind.CHOICE, Kind.PARTY):
            return self._word_in_cases(met)
        return _amount_in_cases(met)

    @staticmethod
    def _word_in_cases(met: list[tuple[Formula, Symbol]]) -> Word:
        by: dict[str, Formula] = {}
        for where, symbol in met:
            for said, there in symbol.by.items() if isinstance(symbol, Word) else ():
                by[said] = any_of((by.get(said, False), all_of((where, there))))
        return Word(by)

    def _of_choice(self, param: Param, choice: Choice) -> Symbol:
        said = choice.value
        if said is UNKNOWN and choice.entry is not None and choice.blocker is not None and choice.blocker == param.on:
            tiers = choice.entry.value
            on = self.fact(choice.blocker)
            if isinstance(tiers, tuple) and isinstance(on, Amount):
                return Amount(_tiered(tiers, on.term), on.known)
        return unknown(param.type) if said is UNKNOWN else literal(said, param.type)

    def param_blockers(self, name: str) -> Iterator[tuple[Formula, str]]:
        """Yield, where a param is not known, which fact keeps it unknown."""
        open_ = negate(known_of(self.param(name)))
        for where, choice in self._cases(self.policy.params[name]):
            met = all_of((open_, where))
            if choice.blocker is not None and met is not False:
                yield met, choice.blocker

    def _cases(self, param: Param) -> list[Case]:
        """Return the parts of the rows in which one choice is made, by platform and by day."""
        if param.name not in self._params:
            self._params[param.name] = list(self._chosen(param))
        return self._params[param.name]

    def _chosen(self, param: Param) -> Iterator[Case]:
        zone = zone_named(self.policy.timezone)
        for on_platform, platform in self._platforms(param):
            for on_day, day in self._days(param, zone):
                where = all_of((on_platform, on_day))
                if where is False:
                    continue
                known: dict[str, Value] = {PLATFORM: platform, **({param.dated_by: day} if param.dated_by else {})}
                try:
                    yield where, choose(param, None, _Known(known), zone)
                except UnmatchedCaseError as fault:
                    self.faults[where] = fault.diagnostics[0].code

    def _platforms(self, param: Param) -> Iterator[tuple[Formula, Value]]:
        """Yield the platforms that a param tells apart, where the rows are of each, and where theirs is unknown."""
        if not any(entry.platform for entry in param.values) or PLATFORM not in self.policy.facts:
            yield True, UNKNOWN
            return
        symbol = self.fact(PLATFORM)
        if isinstance(symbol, Word):
            yield from ((where, said) for said, where in symbol.by.items())
        yield negate(known_of(symbol)), UNKNOWN

    def _days(self, param: Param, zone: dt.tzinfo) -> Iterator[tuple[Formula, Value]]:
        """Yield a day of every stretch between the periods of a param, where the rows fall in it, and the unknown."""
        bounds = sorted(set(_bounds(param, zone)))
        if param.dated_by is None or not bounds:
            yield True, UNKNOWN
            return
        at = self.fact(param.dated_by)
        if not isinstance(at, Amount):
            raise TypeError(param.name)
        edges = [int(bound.timestamp()) for bound in bounds]
        for low, high in zip((None, *edges), (*edges, None), strict=True):
            from_ = True if low is None else compare("<=", const(low), at.term)
            to = True if high is None else compare("<", at.term, const(high))
            day = bounds[0] - dt.timedelta(days=1) if low is None else dt.datetime.fromtimestamp(low, dt.UTC)
            yield all_of((at.known, from_, to)), day
        yield negate(at.known), UNKNOWN

    def base(self, name: str) -> Iterator[tuple[Formula, str]]:
        """Yield, where an unknown fact is asked for, which fact that somebody can answer is asked instead.

        The first that holds of a row counts; the fact itself comes last, and first where it is known.
        """
        fact = self.policy.facts[name]
        if fact.ask is None and fact.derived is not None:
            for where, part in blockers(fact.derived, self):
                yield from ((all_of((where, there)), asked) for there, asked in self.base(part))
        yield True, name


@dataclass(frozen=True, slots=True)
class _Known:
    """Looks up what is known of a fact."""

    values: Mapping[str, Value]

    def __call__(self, name: str) -> Value:
        return self.values.get(name, UNKNOWN)


def joined(said: Symbol, follows: Symbol) -> Symbol:
    """Return what is told or follows; where both are known, rows in which they differ are refused elsewhere."""
    match said, follows:
        case Truth(), Truth():
            return Truth(any_of((said.true, follows.true)), any_of((said.false, follows.false)))
        case Word(), Word():
            words = dict.fromkeys((*said.by, *follows.by))
            return Word({each: any_of((said.word(each), follows.word(each))) for each in words})
        case Amount(), Amount():
            if follows.scale != said.scale and follows.known is not False and said.known is not False:
                raise beyond("同一事实有两种比例", "one fact is counted in two units")
            scale = follows.scale if said.known is False else said.scale
            return Amount(pick(follows.known, follows.term, said.term), any_of((said.known, follows.known)), scale)
        case _:
            raise TypeError(said, follows)


def _only(where: Formula, symbol: Symbol) -> Symbol:
    """Return a symbol that is known only where a formula is true."""
    match symbol:
        case Truth(true, false):
            return Truth(all_of((where, true)), all_of((where, false)))
        case Word(by):
            kept = {said: all_of((where, there)) for said, there in by.items()}
            return Word({said: there for said, there in kept.items() if there is not False})
        case Amount(term, known, scale):
            return Amount(term, all_of((where, known)), scale)


def _amount_in_cases(met: list[tuple[Formula, Symbol]]) -> Amount:
    """Return the number that the cases give, each where it is known."""
    parts = [(all_of((where, symbol.known)), symbol) for where, symbol in met if isinstance(symbol, Amount)]
    known = [(where, symbol) for where, symbol in parts if where is not False]
    if not known:
        return NOWHERE
    *others, (_, last) = known
    term, scale = last.term, last.scale
    for where, symbol in reversed(others):
        term = pick(where, symbol.term, term)
    return Amount(term, any_of(where for where, _ in known), scale)


def _tiered(tiers: tuple[Tier, ...], on: Term) -> Term:
    """Return what the first row of a tier table that fits pays."""
    paid = const(0)
    for tier in reversed(tiers):
        paid = pick(_fits(tier, on), _pays(tier, on), paid)
    return paid


def _fits(tier: Tier, on: Term) -> Formula:
    if tier.up_to is not None:
        return compare("<=", on, const(tier.up_to))
    return True if tier.below is None else compare("<", on, const(tier.below))


def _pays(tier: Tier, on: Term) -> Term:
    if isinstance(tier.pay, int):
        pay = const(tier.pay)
    else:
        pay = product((on, const(tier.pay.numerator)), tier.pay.denominator)
    pay = pay if tier.least is None else extreme("max", (pay, const(tier.least)))
    return pay if tier.most is None else extreme("min", (pay, const(tier.most)))


def _bounds(param: Param, zone: dt.tzinfo) -> Iterable[dt.datetime]:
    """Yield the first instants at which another entry of a param may hold."""
    for entry in param.values:
        if entry.valid_from is not None:
            yield day_start(entry.valid_from.astimezone(zone).date(), zone)
        if entry.valid_until is not None:
            yield day_end(entry.valid_until.astimezone(zone).date(), zone) + dt.timedelta(seconds=1)


def disagreement(view: View, fact: Fact) -> Formula:
    """Return where a derived fact is told as something else than follows."""
    if fact.derived is None:
        return False
    said, follows = view.told(fact), evaluate(fact.derived, view)
    match said, follows:
        case Truth(), Truth():
            return any_of((all_of((said.true, follows.false)), all_of((said.false, follows.true))))
        case Word(), Word():
            same = any_of(all_of((where, follows.word(each))) for each, where in said.by.items())
            return all_of((said.known, follows.known, negate(same)))
        case Amount(), Amount():
            return all_of((said.known, follows.known, compare("!=", said.term, follows.term)))
        case _:
            raise TypeError(fact.name)


def amount_of(view: View, name: str) -> Amount:
    """Return the number of a fact; nowhere known in a policy without it."""
    symbol = view.fact(name) if name in view.policy.facts else NOWHERE
    if not isinstance(symbol, Amount):
        raise TypeError(name)
    return symbol
