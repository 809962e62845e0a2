"""The smallest change of facts under which a case comes to an asked end: a uniform-cost search over the machine itself.

Two kinds of places are looked at, the cheapest first. A *supposed* case has some things told otherwise; the machine
folds it, and every branch that it did not take, but that leads on to what is asked, says what else to change
(``solve``). A *position* is a walk at rest: at the end of a supposed case, or just before one of its deadlines passed;
from there one answer at a time is given, or a deadline passes (``onward``). What is found is decided once more, as a
whole case, before it counts.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from aftersales.case.model import Case, Done, Override, Tell
from aftersales.errors import CaseError
from aftersales.expr.names import facts_of
from aftersales.expr.types import UNKNOWN
from aftersales.policy.edges import branch_key, way_of
from aftersales.policy.fields import Fields
from aftersales.policy.live import Reads
from aftersales.policy.model import Anytime, Policy, Reopen
from aftersales.run.live import LiveFacts
from aftersales.run.machine import PolicyMachine
from aftersales.run.reads import with_inputs
from aftersales.run.report import report
from aftersales.run.walk import Walk
from aftersales.study.nearest_values import distance
from aftersales.study.onward import Answer, Silence, Step, moves
from aftersales.study.reach import reaching
from aftersales.study.solve import Solver, Together
from aftersales.study.suppose import OPENING, Change, fits, made_to_fit, place_of, suppose
from aftersales.study.watched import Moment, moment_of, watch
from aftersales.study.weights import IN_TIME, Weights, is_about_the_claim

#: Places looked at before the search says that it was cut: a few seconds on the shipped policy.
MOST_TRIED: Final = 3_000
#: Changes that are shown, all as small as the first.
MOST_FOUND: Final = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A case, and the states that it is asked to end in or, where they are no ends, to come through."""

    machine: PolicyMachine
    policy: Policy
    case: Case
    as_of: dt.datetime | None
    wanted: frozenset[str]

    def is_met(self, walk: Walk) -> bool:
        """Return whether a walk has come to what is asked."""
        visited = (f"{step.flow}.{step.state}" for step in walk.path)
        return walk.state in self.wanted or any(
            key in self.wanted and self.policy.states[key].end is None for key in visited
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A change that leads to what is asked: what is told otherwise, then how the case goes on.

    ``walk`` is the changed case as the machine decides it. ``in_time``: the first step is taken before a deadline that
    passed without it. ``without_done``: what had been done would not have been owed then and is left out.
    """

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    walk: Walk
    in_time: bool
    without_done: bool

    @property
    def is_another_claim(self) -> bool:
        """Return whether the change is about what the claim is: another issue, another platform."""
        return any(map(is_about_the_claim, self.changes))


@dataclass(frozen=True, slots=True)
class Nearest:
    """The smallest changes found, and how many places were looked at.

    ``complete`` is false where the search was cut: a smaller change, or one at all, may have been missed.
    """

    found: tuple[Found, ...]
    complete: bool
    tried: int


def nearest(question: Question, limit: int = MOST_TRIED) -> Nearest:
    """Return the smallest changes under which the case comes to what is asked, at most ``MOST_FOUND`` as small.

    ``limit`` bounds the work: how many supposed cases and positions are looked at.
    """
    return _Search(question, limit).run()


@dataclass(frozen=True, slots=True)
class _Supposed:
    """A case with some things told otherwise."""

    changes: Together


@dataclass(frozen=True, slots=True)
class _Position:
    """A walk at rest in a supposed case, after some steps."""

    changes: Together
    walk: Walk
    steps: tuple[Step, ...] = ()
    in_time: bool = False
    without_done: bool = False


class _Search:
    def __init__(self, question: Question, limit: int) -> None:
        self._question = question
        self._policy = question.policy
        self._limit = limit
        self._live = LiveFacts(question.policy)
        self._weights = Weights(question.policy, question.wanted)
        self._onward = reaching(question.policy, question.wanted)
        self._anyhow = reaching(question.policy, question.wanted, interrupts=True)
        self._rank = {name: number for number, name in enumerate((*self._policy.facts, *self._policy.line_facts))}
        self._queue: list[tuple[int, tuple[object, ...], int, _Supposed | _Position]] = []
        self._numbers = count()
        self._supposed: set[Together] = set()
        self._best: dict[object, int] = {}
        self._seen: set[object] = set()
        #: What was worked out for a moment of a case, kept with the case so that its parts keep their identity.
        self._known: dict[object, tuple[tuple[Together, ...], Case]] = {}
        self._met: dict[object, tuple[tuple[Together, ...], Case]] = {}
        self._closures: dict[int, tuple[str, ...]] = {}
        self._reads = Reads(Fields(self._policy))
        self._read: dict[str, frozenset[str]] = {}
        self._tried = 0
        self._complete = True
        self._found: list[Found] = []

    def run(self) -> Nearest:
        """Look at one place after another until something is found that nothing unseen can be smaller than."""
        self._suppose(0, frozenset())
        cheapest = None
        while self._queue and len(self._found) < MOST_FOUND:
            cost, _, _, place = heapq.heappop(self._queue)
            if cheapest is not None and cost > cheapest:
                break
            if self._tried >= self._limit:
                self._complete = bool(self._found)
                break
            self._tried += 1
            if isinstance(place, _Supposed):
                self._fold(cost, place.changes)
            elif self._question.is_met(place.walk):
                self._take(place)
            else:
                self._go_on(cost, place)
            if self._found and cheapest is None:
                cheapest = cost
        return Nearest(tuple(self._found), self._complete, self._tried)

    def _push(self, cost: int, place: _Supposed | _Position) -> None:
        changes = sorted(self._rank.get(change.fact, 0) for change in place.changes)
        far = sum(distance(change.old, change.new) for change in place.changes)
        heapq.heappush(self._queue, (cost, (changes, far), next(self._numbers), place))

    def _suppose(self, cost: int, changes: Together) -> None:
        if changes not in self._supposed:
            self._supposed.add(changes)
            self._push(cost, _Supposed(changes))

    def _rest(self, cost: int, place: _Position) -> None:
        """Queue a position, unless one that goes on in the same way was come to more cheaply."""
        if place.walk.state not in self._anyhow and not self._question.is_met(place.walk):
            return
        here = self._onward_from(place)
        if self._best.setdefault(here, cost) < cost or (here, place.changes) in self._seen:
            return
        self._seen.add((here, place.changes))
        self._push(cost, place)

    def _onward_from(self, place: _Position) -> object:
        """Return what decides how a position can go on."""
        walk, live = place.walk, self._live.at(place.walk)
        told = frozenset((name, walk.told[name]) for name in live if name in walk.told)
        later = frozenset(walk.later.items())
        met = self._question.is_met(walk)
        return walk.state, met, told, later, frozenset(walk.fired), walk.laid.marks(), place.in_time and not place.steps

    def _fold(self, cost: int, changes: Together) -> None:
        """Fold a supposed case; queue what could be changed besides, and where it rested."""
        decided = self._decided(changes)
        if decided is None:
            return
        case, walk, moments, without_done = decided
        place = _Position(changes, walk, without_done=without_done)
        self._rest(cost, place)
        if self._question.is_met(walk):
            return
        for moment in moments:
            if moment.before is not None and moment.state.key in self._onward:
                self._rest(cost + IN_TIME, replace(place, walk=moment.before, in_time=True))
        self._change_more(case, changes, (*moments, moment_of(walk)))

    def _decided(self, changes: Together) -> tuple[Case, Walk, tuple[Moment, ...], bool] | None:
        """Return the supposed case folded; where what had been done is then not owed, without it; else ``None``."""
        question = self._question
        case = suppose(self._policy, question.case, sorted(changes, key=lambda change: change.fact))
        if case is None:
            return None
        if not fits(self._policy, case):
            self._repair(case, changes)
            return None
        for without_done in (False, True):
            if without_done:
                case = _without_done(case)
            try:
                walk, moments = watch(question.machine, self._policy, case, question.as_of)
            except CaseError:
                continue
            return case, walk, moments, without_done
        return None

    def _repair(self, case: Case, changes: Together) -> None:
        """Queue a supposed case with its dates in order, unless that undoes one of the changes."""
        more = made_to_fit(case)
        if more is not None and more.fact not in {change.fact for change in changes}:
            together = changes | {more}
            self._suppose(self._weights.together(together), together)

    def _change_more(self, case: Case, changes: Together, moments: Sequence[Moment]) -> None:
        """Queue the supposed cases under which the case would have left a state by a way on to what is asked."""
        told = {(change.fact, change.place) for change in changes}
        for moment in moments:
            for more in (*self._other_branches(case, moment), *self._turns(case, moment)):
                if all((change.fact, change.place) not in told for change in more):
                    together = changes | more
                    self._suppose(self._weights.together(together), together)

    def _other_branches(self, case: Case, moment: Moment) -> tuple[Together, ...]:
        """Return the changes under which the state would have been left by a branch or deadline on to what is asked."""
        state = moment.state
        if state.key not in self._onward:
            return ()
        if state.key not in self._read:
            self._read[state.key] = frozenset(with_inputs(self._policy, self._reads.names_in(state)))
        read = self._read[state.key]
        told = frozenset((name, value) for name, value in moment.told.items() if name in read)
        here = (state.key, moment.edge, told, id(case.order), id(case.events), moment.now if case.events else None)
        if here not in self._known:
            self._known[here] = (tuple(self._solved(case, moment)), case)
        return self._known[here][0]

    def _solved(self, case: Case, moment: Moment) -> Iterator[Together]:
        solver = Solver(self._policy, case, moment, known=self._met, closures=self._closures)
        for index, branch in enumerate(moment.state.branches):
            if branch.target.state in self._onward and moment.edge != branch_key(moment.state.key, index):
                yield from solver.into(index)
        if any(late.target.state in self._onward for late in moment.state.late):
            yield from solver.unsaid()
        if solver.left_out:
            self._complete = False

    def _turns(self, case: Case, moment: Moment) -> Iterator[Together]:
        """Yield what could have interrupted the flow from the opening on, and what did and need not have."""
        for way in self._policy.flows[moment.state.flow].anytime:
            if way.target.state in self._onward and way.on not in moment.told and way.on not in case.told:
                yield frozenset({Change(way.on, UNKNOWN, new=True, place=OPENING)})
        for fact in _turned_by(self._policy, moment):
            place = place_of(self._policy, case, fact, value=True, until=moment.now)
            if place is not None:
                yield frozenset({Change(fact, old=True, new=False, place=place)})

    def _go_on(self, cost: int, place: _Position) -> None:
        case = place.walk.case
        for move in moves(place.walk, self._question.machine, self._onward):
            if isinstance(move.step, Silence) and place.in_time and not place.steps:
                continue
            steps = (*place.steps, move.step)
            self._rest(cost + self._weights.step(move.step), replace(place, walk=move.walk, steps=steps))
            self._change_more(case, place.changes, (*move.moments, moment_of(move.walk)))

    def _take(self, place: _Position) -> None:
        """Decide what was found as a whole case, and keep it where the machine confirms it."""
        if any(_alike(place, found) for found in self._found):
            return
        walk = self._confirmed(place)
        if walk is not None:
            changes = tuple(sorted(place.changes, key=lambda change: self._rank.get(change.fact, 0)))
            self._found.append(Found(changes, place.steps, walk, place.in_time, place.without_done))

    def _confirmed(self, place: _Position) -> Walk | None:
        told = [Tell(step.at, {step.fact: step.value}) for step in place.steps if isinstance(step, Answer)]
        case = place.walk.case
        as_of = place.walk.now if place.steps else self._question.as_of
        until = [event for event in case.events if not place.steps or _by(event.at, place.walk.now)]
        events = sorted([*until, *told], key=lambda event: event.at.timestamp() if event.at else 0.0)
        try:
            walk, _ = watch(self._question.machine, self._policy, replace(case, events=tuple(events)), as_of)
            report(walk)
        except CaseError:
            return None
        return walk if self._question.is_met(walk) else None


def _by(at: dt.datetime | None, until: dt.datetime | None) -> bool:
    return at is None or until is None or at <= until


def _without_done(case: Case) -> Case:
    return replace(case, events=tuple(event for event in case.events if not isinstance(event, Done | Override)))


def _alike(place: _Position, found: Found) -> bool:
    """Return whether a position shows nothing new: the same told otherwise or, if nothing is, the same asked."""
    if place.changes or found.changes:
        return {change.fact for change in place.changes} == {change.fact for change in found.changes}
    return _asked(place.steps) == _asked(found.steps)


def _turned_by(policy: Policy, moment: Moment) -> tuple[str, ...]:
    """Return the facts that interrupted or reopened the case at a moment."""
    match None if moment.edge is None else way_of(policy, moment.edge):
        case Anytime(on=fact):
            return (fact,)
        case Reopen(when=when):
            return facts_of(when)
    return ()


def _asked(steps: Sequence[Step]) -> frozenset[str]:
    return frozenset(step.fact if isinstance(step, Answer) else step.state for step in steps)
