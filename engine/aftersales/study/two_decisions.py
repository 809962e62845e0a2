"""One case decided under two policies, and in which respects the decisions differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from aftersales.case.parts import read_parts
from aftersales.errors import CaseError, Diagnostic
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision, MoneyItem
from aftersales.run.loaded import LoadedPolicy
from aftersales.run.parts import decide_parts, fold_parts

#: What two decisions may differ in, what matters most first.
RESPECTS: Final = (
    "error",
    "outcome",
    "liable",
    "payer",
    "refund",
    "actions",
    "deadline",
    "questions",
    "stage",
)
_READ: Final[Mapping[str, Callable[[Decision], object]]] = {
    "outcome": lambda made: (made.outcome, made.reason),
    "liable": lambda made: made.liable,
    "payer": lambda made: {name: leg and (leg.borne_by, leg.advanced_by) for name, leg in made.postage.items()},
    "refund": lambda made: (
        [sorted((item.for_, item.amount) for item in book) for book in _books(made)],
        sorted((moved.from_, moved.to, moved.for_, moved.amount) for moved in made.transfers),
    ),
    "actions": lambda made: (
        [(action.action, action.by, action.after) for action in made.next_actions],
        [(duty.action, duty.by) for duty in made.duties],
    ),
    "deadline": lambda made: (
        made.due,
        {(action.if_late, action.if_late_takes) for action in made.next_actions if action.if_late is not None},
        {duty.due for duty in made.duties if duty.due is not None},
    ),
    "questions": lambda made: {(need.fact, need.from_, need.options, need.at_most) for need in made.needs},
    "stage": lambda made: (made.flow, made.state),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What one policy makes of a case: a decision with the states it passed, or the fault it stopped with."""

    decision: Decision | None = None
    passed: frozenset[str] = frozenset()
    fault: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class TwoDecisions:
    """One case with what the old and what the new policy make of it."""

    case: Mapping[str, object]
    old: Judged
    new: Judged

    @property
    def respects(self) -> tuple[str, ...]:
        """Return in what the two differ, what matters most first; nothing where they are alike.

        Where one stops with a fault and the other does not, that alone is told.
        """
        old, new = self.old.decision, self.new.decision
        if old is None or new is None:
            return () if old is new else ("error",)
        return tuple(name for name in RESPECTS if name in _READ and _READ[name](old) != _READ[name](new))

    @property
    def passed(self) -> frozenset[str]:
        """Return the states that the case has been in under either policy."""
        return self.old.passed | self.new.passed

    def both_pass(self, state: str) -> bool:
        """Return whether the case has been in ``state`` under both policies, as far as they did not stop with a fault."""
        return all(judged.fault is not None or state in judged.passed for judged in (self.old, self.new))


class TwoPolicies:
    """Decides cases under two policies at once; each hears of a case's facts only those that it knows."""

    def __init__(self, old: LoadedPolicy, new: LoadedPolicy) -> None:
        self.old = old
        self.new = new

    def decide(self, case: Mapping[str, object], as_of: dt.datetime | None = None) -> TwoDecisions:
        """Decide ``case`` under both; what either cannot decide is told with its fault."""
        return TwoDecisions(case, self._judged(self.old, case, as_of), self._judged(self.new, case, as_of))

    def ahead(self, case: Mapping[str, object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the outcomes that ``case`` has or may still come to, under the old policy and under the new one."""
        return self._outcomes(self.old, case), self._outcomes(self.new, case)

    def _outcomes(self, policy: LoadedPolicy, case: Mapping[str, object]) -> tuple[str, ...]:
        try:
            decision = policy.decide(self.heard_by(policy.model, case), outlook=True)
        except CaseError:
            return ()
        ways = () if decision.outlook is None else decision.outlook.ways
        found = {decision.outcome} if decision.outcome is not None else {way.outcome for way in ways}
        return tuple(name for name in policy.model.outcomes if name in found)

    def _judged(self, policy: LoadedPolicy, case: Mapping[str, object], as_of: dt.datetime | None) -> Judged:
        try:
            parts = read_parts(policy.model, self.heard_by(policy.model, case))
            walks = fold_parts(policy.machine, policy.model, parts, as_of)
            decision = decide_parts(walks)
        except CaseError as fault:
            return Judged(fault=fault.diagnostics[0])
        return Judged(decision, frozenset(f"{step.flow}.{step.state}" for walk in walks for step in walk.path))

    def heard_by(self, policy: Policy, case: Mapping[str, object]) -> Mapping[str, object]:
        """Return ``case`` without the facts that ``policy`` has not but the other one has."""
        if not self._only_one:
            return case
        heard = dict(case)
        if isinstance(heard.get("facts"), Mapping):
            heard["facts"] = self._known(policy, heard["facts"])
        if isinstance(heard.get("events"), list | tuple):
            heard["events"] = [self._event(policy, event) for event in _items(heard["events"])]
        return heard

    def _event(self, policy: Policy, event: object) -> object:
        if not isinstance(event, Mapping) or "tell" not in event:
            return event
        return {**event, "tell": self._known(policy, event["tell"])}

    def _known(self, policy: Policy, facts: object) -> object:
        if not isinstance(facts, Mapping):
            return facts
        return {name: value for name, value in facts.items() if name in policy.facts or name not in self._only_one}

    @cached_property
    def _only_one(self) -> frozenset[str]:
        return frozenset(set(self.old.model.facts) ^ set(self.new.model.facts))


def _items(listed: object) -> list[object]:
    return list(listed) if isinstance(listed, list | tuple) else []


def _books(made: Decision) -> tuple[tuple[MoneyItem, ...], ...]:
    return (made.refund.lines, made.refund.deductions, made.charges, made.recover)
