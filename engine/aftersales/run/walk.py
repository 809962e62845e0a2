"""A case on its way: what was told and read, the terms laid down, what was done, and the way it came.

A walk is the machine's model. It changes while a case is folded and is never handed out: the fold's results are
frozen copies.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping

from aftersales.case.model import Case
from aftersales.case.view import CaseView
from aftersales.dataclass import dataclass, field
from aftersales.errors import Diagnostic, UnmatchedCaseError
from aftersales.expr.evaluate import evaluate, facts_of
from aftersales.expr.types import UNKNOWN, Value
from aftersales.expr.words import code
from aftersales.instants import zone_named
from aftersales.policy.edges import Edge, Way, anytime_key, branch_key, late_key, reopen_key, source_of, way_of
from aftersales.policy.model import Anytime, Branch, Late, Policy, Reopen, State, Todo
from aftersales.run.clock import deadline
from aftersales.run.decision import PathStep
from aftersales.run.laid import Laid
from aftersales.run.machine import INTERRUPT, LATE, REOPEN, STEP, PolicyMachine
from aftersales.run.reads import names_read, with_inputs
from aftersales.run.standing import Standing, late_edge, needs, stand, supporting
from aftersales.text import Text

#: A policy whose loops its checks could not bound must not hang its caller.
MOST_STEPS = 2_000
#: The fault of a case that no branch fits.
_NO_BRANCH = "no_branch"


@dataclass(slots=True)
class Ledger:
    """What was paid out, line by line (fen), and how many payments each line has had."""

    paid: dict[str, int] = field(default_factory=dict)
    payments: dict[str, int] = field(default_factory=dict)

    def pay(self, line: str, amount: int) -> None:
        """Book ``amount`` fen on ``line``."""
        self.paid[line] = self.paid.get(line, 0) + amount
        self.payments[line] = self.payments.get(line, 0) + 1


class Walk:
    """One case in one policy, at one point of its way. ``now`` is the instant of the event being folded."""

    def __init__(self, machine: PolicyMachine, policy: Policy, case: Case) -> None:
        self.machine = machine
        self.policy = policy
        self.case = case
        self.state = policy.flows[policy.root].start
        self._zone = zone_named(policy.timezone)
        self.now: dt.datetime | None = None
        self.look_at(case.claim.opened_at)
        self.since: dt.datetime | None = self.now
        self.clock_set: dt.datetime | None = None
        self.told: dict[str, Value] = {name: 0 for name, fact in policy.facts.items() if fact.counter}
        self.told.update(case.told)
        self.later: dict[str, Value] = {}
        self.pinned: set[str] = set()
        self.done_here: set[str] = set()
        self.duties: dict[str, dt.datetime | None] = {}
        self.duties_done: set[str] = set()
        self.laid = Laid()
        self.ledger = Ledger()
        self.fired: set[str] = set()
        self.paid_at: dt.datetime | None = None
        self.path: list[PathStep] = []
        self.notes: list[Text] = []
        self.overridden = False
        self.sources: dict[str, None] = {}
        self._chosen: str | None = None
        self._standing: Standing | None = None
        self._enter(None, "opened", {})

    def clone(self) -> Walk:
        """Return a walk that goes on independently from the same point."""
        twin = copy.copy(self)
        for name in (
            "told",
            "later",
            "duties",
            "fired",
            "pinned",
            "done_here",
            "duties_done",
            "path",
            "notes",
            "sources",
        ):
            setattr(twin, name, copy.copy(getattr(self, name)))
        twin.laid = self.laid.copied()
        twin.ledger = Ledger(dict(self.ledger.paid), dict(self.ledger.payments))
        return twin

    @property
    def at_state(self) -> State:
        """Return the state the case is in."""
        return self.policy.states[self.state]

    @property
    def standing(self) -> Standing:
        """Return how the case stands in its state with what is told now."""
        if self._standing is None:
            self._standing = stand(self.policy, self.case, self.at_state, self.told)
        return self._standing

    @property
    def view(self) -> CaseView:
        """Return all that is told, offered here or not."""
        return CaseView(self.policy, self.case, self.told)

    @property
    def due(self) -> dt.datetime | None:
        """Return the deadline of the state, ``None`` where there is none or no clock runs.

        One whose length became known only later has not passed before that: nobody could have kept it.
        """
        within = self.at_state.within
        if within is None or self.since is None:
            return None
        last = deadline(within, self.since, self.standing.view)
        return last if last is None or self.clock_set is None else max(last, self.clock_set)

    def look_at(self, at: dt.datetime | None) -> None:
        """Set the instant of what happens next, shown in the policy's timezone; ``None`` leaves it as it was."""
        if at is not None:
            self.now = at.astimezone(self._zone)

    def tell(self, values: Mapping[str, Value]) -> None:
        """Take answers in; one to a fact that a branch has read waits until the fact is forgotten."""
        clock_ran = self.at_state.within is None or self.due is not None
        for name, value in values.items():
            if name not in self.pinned:
                self.told[name] = value
            elif self.told[name] != value:
                self.later[name] = value
            else:
                self.later.pop(name, None)
        self._standing = None
        if not clock_ran:
            self.clock_set = self.now

    def settle(self) -> None:
        """Go on as far as the known facts reach.

        Raises UnmatchedCaseError where every guard is false, or where the way does not come to rest.
        """
        for _ in range(MOST_STEPS):
            if not self._moves():
                return
        raise UnmatchedCaseError(_restless(self.at_state))

    def _moves(self) -> bool:
        if self.at_state.end is not None:
            return self.machine.trigger(REOPEN, self)
        return self.machine.trigger(INTERRUPT, self) or self.machine.trigger(STEP, self)

    def override(self, state: str, by: str, because: str) -> None:
        """Go on at ``state`` (a key) by the word of ``by``, against the flow; shown in the path and as a warning."""
        self.state, self.since, self.clock_set, self.done_here = state, self.now, None, set()
        self.overridden = True
        self.notes.append(
            Text(
                f"{self.policy.roles[by].zh}改判到“{self.at_state.title.zh}”：{because}",
                f"overridden by the {self.policy.roles[by].en} to {self.at_state.title.en}: {because}",
            )
        )
        self._enter(None, f"override by {by}: {because}", {})

    def pass_time(self, until: dt.datetime | None) -> None:
        """Let every deadline before ``until`` pass; one at ``until`` itself is still in time."""
        for _ in range(MOST_STEPS):
            due = self.due
            if until is None or due is None or due >= until or not self.at_state.late:
                return
            self.pass_deadline(due)
        raise UnmatchedCaseError(_restless(self.at_state))

    def pass_deadline(self, due: dt.datetime) -> None:
        """Let the deadline at ``due`` pass, and go on as far as that leads.

        A case that was overridden may come where no branch fits it: it rests there with a warning, since nobody could
        take back a deadline, and whoever overrode it can do so again.
        """
        self.look_at(due)
        if not self.machine.trigger(LATE, self):
            raise UnmatchedCaseError(_unmatched(self.at_state))
        try:
            self.settle()
        except UnmatchedCaseError as stuck:
            if not self.overridden or stuck.diagnostics[0].code != _NO_BRANCH:
                raise
            self.notes.append(_stuck(self.at_state))

    def choose(self, trigger: str) -> None:
        """Keep the edge that fires on ``trigger`` here (the machine asks once for each trigger)."""
        self._chosen = {
            STEP: self._open_branch,
            LATE: self._late,
            INTERRUPT: self._interrupt,
            REOPEN: self._reopening,
        }[trigger]()

    def along(self, keys: Iterable[str]) -> None:
        """Go along edges that are known to be open, in their order; no guard is looked at again."""
        for key in keys:
            edge = Edge(key, source_of(key), way_of(self.policy, key))
            if isinstance(edge.way, Late):
                self.look_at(self.due)
            self._standing = self.standing
            self.state = edge.target.state
            self.arrive(edge)

    def fires(self, edge: Edge) -> bool:
        """Return whether ``edge`` is the one that was chosen."""
        return edge.key == self._chosen

    def _open_branch(self) -> str | None:
        standing = self.standing
        true = standing.true_branches
        if len(true) > 1:
            raise UnmatchedCaseError(_overlapping(self.at_state))
        if true:
            return branch_key(self.state, true[0])
        if self.at_state.until is None and not standing.unoffered and UNKNOWN not in standing.verdicts:
            raise UnmatchedCaseError(_unmatched(self.at_state))
        return None

    def _late(self) -> str | None:
        index = late_edge(self.standing)
        return None if index is None else late_key(self.state, index)

    def _interrupt(self) -> str | None:
        flow = self.policy.flows[self.at_state.flow]
        keys = ((anytime_key(flow.name, i), way.on) for i, way in enumerate(flow.anytime))
        return next((key for key, fact in keys if key not in self.fired and self._heard(fact) is True), None)

    def _reopening(self) -> str | None:
        """Return the reopening that fires: once a case each, its condition true before its time has run out."""
        for i, way in enumerate(self.at_state.reopen):
            key = reopen_key(self.state, i)
            if key not in self.fired and evaluate(way.when, self.view) is True and self._is_in_time(way):
                return key
        return None

    def _is_in_time(self, way: Reopen) -> bool:
        last = deadline(way.within, self.since, self.view) if self.since is not None else None
        return last is None or self.now is None or self.now <= last

    def _heard(self, fact: str) -> Value:
        return self.later[fact] if fact in self.later else self.standing.view.fact(fact)

    def arrive(self, edge: Edge) -> None:
        """Take in that ``edge`` was taken: pin what its guard read, forget, take, count, and enter the target."""
        because, read = self._read_along(edge.way)
        if isinstance(edge.way, Anytime | Reopen):
            self.fired.add(edge.key)
        target = edge.target
        for name in target.forget:
            self._forget(name)
        self.told.update(target.take)
        for name, more in target.add:
            count = self.told[name]
            self.told[name] = (count if isinstance(count, int) else 0) + more
        if edge.source != target.state or target.restart:
            self.since, self.clock_set, self.done_here = self.now, None, set()
        self._enter(edge.key, because, read)

    def _forget(self, name: str) -> None:
        self.pinned.discard(name)
        self.told.pop(name, None)
        if name in self.later:
            self.told[name] = self.later.pop(name)

    def _read_along(self, way: Way) -> tuple[str, Mapping[str, Value]]:
        if isinstance(way, Late):
            return "no answer in time: " + ", ".join(need.fact for need in needs(self.standing)), {}
        if isinstance(way, Reopen):
            return code(way.when), self._known(facts_of(way.when))
        self._cite(way.sources)
        if isinstance(way, Anytime):
            return way.on, {way.on: True}
        return "otherwise" if way.otherwise else code(way.when), self._pin(way)

    def _pin(self, taken: Branch) -> dict[str, Value]:
        """Hold on to every known fact that was read: by ``until``, by the guards above, by the one taken.

        Return the facts that the author's condition names, with their values.
        """
        standing = self.standing
        read = tuple(dict.fromkeys(self._read_by_guards(taken)))
        closed = with_inputs(self.policy, (*read, *self._conditions_met(read)), self.told)
        self.pinned.update(name for name in closed if name in standing.answers)
        return self._known(read)

    def _known(self, names: Iterable[str]) -> dict[str, Value]:
        values = {name: self.standing.view.fact(name) for name in names}
        return {name: value for name, value in values.items() if value is not UNKNOWN}

    def _read_by_guards(self, taken: Branch) -> Iterator[str]:
        state, view = self.standing.state, self.standing.view
        if state.until is not None:
            yield from supporting(state.until, view)
        for branch in state.branches[: state.branches.index(taken) + 1]:
            yield from names_read(self.policy, branch.when)

    def _conditions_met(self, read: Collection[str]) -> Iterator[str]:
        """Yield what was read to offer the answers that were read: an option's condition is part of its guard."""
        for offer in self.standing.state.offers:
            chosen = (when for option, when in offer.options if option == self.told.get(offer.fact))
            for when in chosen if offer.fact in read else ():
                yield from names_read(self.policy, when)

    def _enter(self, edge: str | None, because: str, read: Mapping[str, Value]) -> None:
        state = self.at_state
        self._standing = None
        self._cite(state.sources)
        self.laid.lay(state)
        for duty in state.duties:
            self.duties.setdefault(duty, self.now)
        self.path.append(PathStep(state.flow, state.name, state.title, because, read, self.now, edge))

    def _cite(self, sources: tuple[str, ...]) -> None:
        self.sources.update(dict.fromkeys(sources))


def still_before(walk: Walk, todo: Todo) -> tuple[str, ...]:
    """Return the actions that must be done here before ``todo`` and are not."""
    return tuple(name for name in todo.after if name not in walk.done_here)


def _stuck(state: State) -> Text:
    return Text(
        f"改判之后，“{state.title.zh}”没有一条分支符合本案：请再改判",
        f"after the override no branch of {state.title.en} fits this case: override it again",
    )


def _unmatched(state: State) -> Diagnostic:
    return Diagnostic(
        _NO_BRANCH,
        Text(f"状态 {state.key} 没有一条分支符合本案", f"no branch of state {state.key} fits this case"),
        state.span,
    )


def _overlapping(state: State) -> Diagnostic:
    return Diagnostic(
        "two_branches",
        Text(f"状态 {state.key} 有两条分支同时成立", f"two branches of state {state.key} fit this case"),
        state.span,
    )


def _restless(state: State) -> Diagnostic:
    return Diagnostic(
        "no_rest",
        Text(f"流程在状态 {state.key} 处不断循环", f"the case never comes to rest, last in state {state.key}"),
        state.span,
    )
