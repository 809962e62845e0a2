"""From one case that the solver found to a case that anybody can read: what was told when, and where nobody answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aftersales.expr.names import facts_of
from aftersales.expr.tree import Expr
from aftersales.expr.types import Kind, Value
from aftersales.instants import zone_named
from aftersales.money import show_money
from aftersales.policy.model import Anytime, Branch, Late, Reopen
from aftersales.policy.reads import of_terms, of_within
from aftersales.run.standing import late_edge
from aftersales.verify.carried import Carried
from aftersales.verify.figures import shop_is
from aftersales.verify.places import Passage, Place
from aftersales.verify.replay import Document, Replay
from aftersales.verify.solver import Model
from aftersales.verify.symbols import Amount, OneOf, Symbol, Truth

#: When every story begins: a working day's morning.
OPENED: Final = dt.datetime(2026, 11, 6, 10, 0)  # noqa: DTZ001  # the policy's timezone is added where it is used
ISSUE: Final = "issue"
_STEP: Final = dt.timedelta(minutes=1)


def way_to(carried: Carried, place: Place, model: Model) -> tuple[Passage, ...]:
    """Return the passages along which a case came to ``place``."""
    found: list[Passage] = []
    here = place
    while here != carried.lines.start:
        last = next((way for way in carried.lines.into[here] if model.holds(carried.taken(way))), None)
        if last is None:
            return ()
        found.append(last)
        here = last.source
    return tuple(reversed(found))


@dataclass(slots=True, repr=False)
class Story:
    """A case as it is told, step by step; ``told`` is what the machine has heard and not forgotten."""

    carried: Carried
    model: Model
    replay: Replay
    now: dt.datetime = field(init=False)
    first: dict[str, object] = field(default_factory=dict)
    events: list[tuple[dt.datetime, dict[str, object]]] = field(default_factory=list)
    told: dict[str, object] = field(default_factory=dict)
    seen: dt.datetime | None = None

    def __post_init__(self) -> None:
        policy = self.carried.vocabulary.policy
        self.now = OPENED.replace(tzinfo=zone_named(policy.timezone))

    def along(
        self, way: Sequence[Passage], place: Place, also: Iterable[Expr], names: Iterable[str] = ()
    ) -> Document | None:
        """Return the case that goes along ``way`` to ``place`` and there tells what its money and ``also`` read.

        The facts called ``names`` are told too.

        ``None`` where a deadline cannot be set, so that it cannot pass.
        """
        self._begin(way)
        exprs = list(also)
        for number, passage in enumerate(way):
            if not self._go(passage, way[number + 1 :]):
                return None
        self._tell(
            place, self._behind([*exprs, *self._terms((*(p.target for p in way), place))]) + self._legs() + list(names)
        )
        return self.document()

    def _begin(self, way: Sequence[Passage]) -> None:
        """Name the issue with the claim where the first thing that happens reads it."""
        first = way[0] if way else None
        if first is None or not isinstance(first.edge.way, Branch):
            return
        if ISSUE in self.carried.reads(first.source, first.edge.way):
            self.first[ISSUE] = self._value(first.source, ISSUE)
            self.told[ISSUE] = self.first[ISSUE]

    def _go(self, passage: Passage, ahead: Sequence[Passage]) -> bool:
        way = passage.edge.way
        self._answer_after_all(passage.source)
        match way:
            case Branch():
                self._tell(passage.source, self._known(passage, way))
            case Anytime(on=on) if self.told.get(on) is not True:
                self.now += _STEP
                self._anew({on: True})
            case Reopen(when=when):
                self._tell(passage.source, self._behind([when]))
            case Late():
                self._tell_in_time(passage, ahead)
                if not self._wait(passage, way):
                    return False
        change = self.carried.change(passage.edge)
        for name in (*change.anew, *change.none):
            self.told.pop(name, None)
        self.told.update({name: self._written(name, value) for name, value in change.taken.items()})
        return True

    def _known(self, passage: Passage, branch: Branch) -> list[str]:
        """Return the facts that are known as a branch is taken."""
        doubtful = self.carried.doubtful(passage.source, branch)
        return [
            name
            for name in self.carried.reads(passage.source, branch)
            if name not in doubtful or self._is_known(passage, name)
        ]

    def _is_known(self, passage: Passage, name: str) -> bool:
        return self.model.holds(self.carried.known_there(passage.source, name))

    def _answer_after_all(self, place: Place) -> None:
        """Tell what is answered here although silence, or the way here, had taken another answer for it."""
        for name in sorted(self.carried.takeable):
            before, now = self.carried.arriving(place, name), self.carried.version(place, name)
            if before is not now and self.value(before) != self.value(now):
                self.now += _STEP
                self._tell(place, [name])

    def _tell_in_time(self, passage: Passage, ahead: Sequence[Passage]) -> None:
        """Tell before a deadline what leads the next silence in the same state, whose clock does not start anew."""
        following = next(iter(ahead), None)
        if following is None or following.source.state != passage.source.state or passage.edge.target.restart:
            return
        way, late = following.edge.way, passage.edge.way
        named = late.fact if isinstance(late, Late) else None
        silent = {*self.carried.change(passage.edge).taken, *(self._told_behind(named) if named is not None else ())}
        reads = self._known(following, way) if isinstance(way, Branch) else self._deciding(following)
        self._tell(following.source, [name for name in reads if name not in silent])
        self._tell_in_time(following, ahead[1:])

    def _told_behind(self, name: str) -> frozenset[str]:
        return self.carried.vocabulary.told_behind(name)

    def _deciding(self, passage: Passage) -> list[str]:
        """Return the facts that are known as a deadline passes, so that silence leads along ``passage``."""
        return [name for name in self.carried.decides(passage.edge) if self._is_known(passage, name)]

    def _wait(self, passage: Passage, late: Late) -> bool:
        """Let the deadline pass, everybody having answered whose silence would lead elsewhere.

        Where the clock of an earlier silence runs on, the case may have gone along with it already.
        """
        state = self.carried.state(passage.source)
        clock = () if state.within is None else self.carried.vocabulary.told_in(of_within(state.within))
        self._tell(passage.source, {*self._deciding(passage), *clock})
        standing = self.replay.standing(self.document())
        if standing is None or standing.state.key != state.key:
            return standing is not None and standing.state.key == passage.target.state
        if late_edge(standing) != state.late.index(late):
            return False
        due = self.replay.due(self.document())
        if due is None:
            return False
        self.now = self.seen = due + _STEP
        return True

    def _behind(self, exprs: Iterable[Expr]) -> list[str]:
        facts = self.carried.vocabulary.policy.facts
        named = [name for expr in exprs for name in facts_of(expr) if name in facts]
        found = [self.carried.vocabulary.told_in(expr) for expr in exprs if set(facts_of(expr)) <= set(facts)]
        told = frozenset().union(*found, *(self.carried.vocabulary.told_behind(name) for name in named))
        return sorted(told)

    def _terms(self, places: Iterable[Place]) -> Iterable[Expr]:
        for place in places:
            state = self.carried.state(place)
            yield from (expr for expr, _ in of_terms(state.terms, state.span))

    def _legs(self) -> list[str]:
        """Return the facts that say what a leg costs and whether it is insured."""
        policy = self.carried.vocabulary.policy
        names = [name for leg in policy.legs.values() for name in (leg.amount, leg.insured) if name is not None]
        return [
            *names,
            *(name for name in ("insurance_payout", "claimed_paid", "already_refunded") if name in policy.facts),
        ]

    def _tell(self, place: Place, names: Iterable[str]) -> None:
        answers = (answer for name in sorted(names) for answer in self._answers(place, name))
        new = {fact: value for fact, value in answers if self.told.get(fact) != value}
        if new:
            self._anew(new)

    def _answers(self, place: Place, name: str) -> Iterable[tuple[str, object]]:
        """Yield what is told for a fact: where its flag says that there is none, the flag alone."""
        facts, flags = self.carried.vocabulary.policy.facts, self.carried.vocabulary.flags
        if facts[name].counter:
            return
        flag = flags.get(name)
        if flag is not None and flag != name:
            there = self.carried.sight(place).fact(flag)
            holds = isinstance(there, Truth) and self.model.holds(there.yes)
            if self.carried.vocabulary.derivation(flag) is None:
                yield flag, holds
            if not holds:
                return
        yield name, self._value(place, name)

    def _anew(self, values: Mapping[str, object]) -> None:
        """Tell ``values`` now, a minute later where one of them was told otherwise just now."""
        if self.events and self.events[-1][0] == self.now and set(values) & set(self.events[-1][1]):
            self.now += _STEP
        if not self.events or self.events[-1][0] != self.now:
            self.events.append((self.now, {}))
        self.events[-1][1].update(values)
        self.told.update(values)

    def _value(self, place: Place, name: str) -> object:
        return self._written(name, self.carried.version(place, name))

    def _written(self, name: str, symbol: Symbol) -> object:
        kind = self.carried.vocabulary.policy.facts[name].type.kind
        return written(self.value(symbol), kind, self.now.tzinfo)

    def value(self, symbol: Symbol) -> Value:
        """Return what a symbol is in this case."""
        match symbol:
            case Truth(yes=yes):
                return self.model.holds(yes)
            case OneOf(by=by):
                return next((word for word, when in by.items() if self.model.holds(when)), None)
            case Amount(value=value):
                return self.model.value(value)
            case _:
                return None

    def document(self) -> Document:
        """Return the case as it stands, in the form of a case file."""
        shops = {value.shop for param in self.carried.vocabulary.policy.params.values() for value in param.values}
        shop = next((name for name in shops if name is not None and self.model.holds(shop_is(name))), None)
        issues = self.carried.vocabulary.policy.facts[ISSUE].type.values if ISSUE in self.first else ()
        return Document(
            issue=self.first.get(ISSUE),
            opened_at=OPENED.replace(tzinfo=self.now.tzinfo),
            shop=shop,
            events=tuple((at, dict(values)) for at, values in self.events),
            as_of=self.seen if self.seen is not None and (not self.events or self.events[-1][0] < self.seen) else None,
            issues=issues,
        )


def written(value: Value, kind: Kind, zone: dt.tzinfo | None) -> object:
    """Return a value as a case file writes it: money as text with two decimals, an instant with its offset."""
    if kind is Kind.MONEY and isinstance(value, int):
        return show_money(value)
    if kind is Kind.INSTANT and isinstance(value, int):
        return dt.datetime.fromtimestamp(value, zone).isoformat()
    return value
