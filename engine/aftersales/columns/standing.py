"""Where rows stand in one state: which way they go on, what keeps them here, what they wait for; as formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from aftersales.columns.logic import all_of, any_of, compare, negate
from aftersales.columns.nodes import Formula
from aftersales.columns.sight import Context, View
from aftersales.columns.symbols import Amount, Symbol, Truth, Word, amount, blockers, known_of, truth
from aftersales.expr.evaluate import facts_of
from aftersales.expr.tree import All, Either, Expr
from aftersales.policy.edges import anytime_key, branch_key, late_key, reopen_key
from aftersales.policy.model import Offer, Policy, State, Target

#: The fault of an answer above its bound here.
_ABOVE: Final = "above_maximum"
#: Where something holds, and what.
Found = tuple[Formula, str]


@dataclass(frozen=True, slots=True)
class Move:
    """Rows for which ``when`` is true go along an edge; the first that fits counts, an interrupt before any guard."""

    when: Formula
    key: str
    target: Target
    once: bool = False
    interrupts: bool = False


#: Where rows go along an edge, or cannot go on: the code of the fault.
WayOn = tuple[Formula, Move | str]


@dataclass(slots=True)
class Standing:
    """One state seen by the rows that stand in it.

    ``faults`` come first, then ``moves``; what is left rests here. ``missing`` are the facts it waits for, in groups of
    which the first that holds counts; ``quiet`` are interrupts that did not fire and need not be looked at again.
    """

    policy: Policy
    state: State
    whole: View
    fired: frozenset[str]
    quiet: frozenset[str]
    view: View = field(init=False)
    faults: list[Found] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    missing: list[list[Found]] = field(default_factory=list)
    unoffered: Formula = False
    opens: dict[str, list[Found]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hidden: dict[str, Formula] = {}
        for offer in self.state.offers:
            hidden[offer.fact] = self._offered(offer)
        kept = {name: where for name, where in hidden.items() if where is not False}
        whole = self.whole
        self.view = View(self.policy, whole.columns, whole.certain, whole.context, kept, whole) if kept else whole
        if self.state.end is not None:
            self.moves = list(self._reopenings())
            return
        self.moves = [*self._interrupts(), *self._branches()]
        self.missing = list(self._waited_for())
        self.faults += [
            (where, code)
            for view in {id(v): v for v in (whole, self.view)}.values()
            for where, code in view.faults.items()
        ]

    def _offered(self, offer: Offer) -> Formula:
        """Return where an answer does not count here; note where it is above its bound, and what options wait for."""
        said = self.whole.fact(offer.fact)
        if offer.at_most is not None:
            most = amount(offer.at_most, self.whole)
            self.opens[offer.fact] = list(_first(blockers(offer.at_most, self.whole)))
            if isinstance(said, Amount):
                above = all_of((said.known, most.known, compare("<", most.term, said.term)))
                self.faults.append((above, _ABOVE))
            return all_of((known_of(said), negate(most.known)))
        counts, never = self._options(offer, said)
        self.unoffered = any_of((self.unoffered, never))
        return all_of((known_of(said), negate(counts)))

    def _options(self, offer: Offer, said: Symbol) -> tuple[Formula, Formula]:
        """Return where an answer counts and where it surely does not."""
        counts: list[Formula] = []
        open_: list[Formula] = []
        waits: list[Found] = []
        for option, when in offer.options:
            here, condition = _is(said, option), truth(when, self.whole)
            counts.append(all_of((here, condition.true)))
            open_.append(all_of((here, negate(condition.false))))
            waits += blockers(when, self.whole)
        self.opens[offer.fact] = list(_first(waits))
        return any_of(counts), all_of((known_of(said), negate(any_of(open_))))

    def _interrupts(self) -> Iterator[Move]:
        flow = self.policy.flows[self.state.flow]
        for i, way in enumerate(flow.anytime):
            key = anytime_key(flow.name, i)
            if key not in self.fired and way.on not in self.quiet:
                heard = self.view.fact(way.on)
                yield Move(
                    heard.true if isinstance(heard, Truth) else False, key, way.target, once=True, interrupts=True
                )

    def _branches(self) -> Iterator[Move]:
        verdicts = [truth(branch.guard, self.view) for branch in self.state.branches]
        for i, branch in enumerate(self.state.branches):
            yield Move(verdicts[i].true, branch_key(self.state.key, i), branch.target)
        if self.state.until is None:
            none = all_of((*(verdict.false for verdict in verdicts), negate(self.unoffered)))
            interrupted = any_of(move.when for move in self._interrupts())
            self.faults.append((all_of((none, negate(interrupted))), "no_branch"))

    def _reopenings(self) -> Iterator[Move]:
        for i, way in enumerate(self.state.reopen):
            key = reopen_key(self.state.key, i)
            if key not in self.fired:
                yield Move(truth(way.when, self.whole).true, key, way.target, once=True)

    def _waited_for(self) -> Iterator[list[Found]]:
        for group in self._wanting():
            yield [found for where, fact in group for found in self._opened(where, fact)]

    def _opened(self, where: Formula, fact: str) -> Iterator[Found]:
        """Yield what an offered fact's options wait for, then the fact itself."""
        yield from ((all_of((where, there)), first) for there, first in self.opens.get(fact, ()))
        yield where, fact

    def _wanting(self) -> Iterator[list[Found]]:
        here: Formula = True
        if self.state.until is not None:
            here = truth(self.state.until, self.view).true
            for where, fact in _wanted(self.state.until, self.view):
                yield [(all_of((negate(here), where)), fact)]
        for branch in self.state.branches:
            yield [(all_of((here, where)), fact) for where, fact in blockers(branch.when, self.view)]
            here = all_of((here, negate(truth(branch.when, self.view).true)))

    def asked(self) -> list[Found]:
        """Return what is missing, derived facts by their own names; the first that holds first."""
        return [found for group in self.missing for found in group]

    def lates(self) -> list[Move]:
        """Return where a passed deadline leads; the first that fits counts."""
        waiting: dict[str, Formula] = {}
        for where, fact in (found for group in self.missing for found in _first(group)):
            waiting[fact] = any_of((waiting.get(fact, False), where))
            for there, base in _first(self.view.base(fact)):
                waiting[base] = any_of((waiting.get(base, False), all_of((where, there))))
        return [
            Move(True if late.fact is None else waiting.get(late.fact, False), late_key(self.state.key, i), late.target)
            for i, late in enumerate(self.state.late)
        ]


def before_guards(on: WayOn) -> bool:
    """Return whether a case comes to this before it looks at its guards: an amount above what is offered, an interrupt."""
    _, way = on
    return way.interrupts if isinstance(way, Move) else way == _ABOVE


def _first(found: Iterable[Found]) -> Iterator[Found]:
    """Yield each fact only where none before it holds."""
    before: Formula = False
    for where, fact in found:
        first = all_of((where, negate(before)))
        before = any_of((before, where))
        if first is not False:
            yield first, fact


def _is(said: Symbol, option: object) -> Formula:
    """Return where a fact is known to be ``option``."""
    match said, option:
        case Truth(true, false), bool():
            return true if option else false
        case Word(), str():
            return said.word(option)
        case _:
            raise TypeError(option)


def _wanted(condition: Expr, view: View) -> Iterator[Found]:
    """Yield where facts do not yet make ``condition`` true, known or not."""
    open_ = negate(truth(condition, view).true)
    if open_ is False:
        return
    if isinstance(condition, All | Either):
        for operand in condition.operands:
            yield from ((all_of((open_, where)), fact) for where, fact in _wanted(operand, view))
        return
    yield from ((open_, fact) for fact in facts_of(condition))


def stepped(context: Context, target: Target) -> Context:
    """Return the context behind an edge: first forget, then take, then count."""
    taken, counts = dict(context.taken), dict(context.counts)
    forgotten = set(context.forgotten)
    for name in target.forget:
        taken.pop(name, None)
        counts.pop(name, None)
        forgotten.add(name)
    for name, value in target.take:
        taken[name] = value
        forgotten.discard(name)
    for name, more in target.add:
        counts[name] = counts.get(name, 0) + more
    return Context(frozenset(forgotten), tuple(sorted(taken.items(), key=_by_name)), tuple(sorted(counts.items())))


def _by_name(item: tuple[str, object]) -> str:
    return item[0]
