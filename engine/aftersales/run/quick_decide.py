"""Everyday cases decided by the policy's function; whatever it cannot show to be the same is left to the machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from aftersales.case.quick_case import QuickCase, QuickCases
from aftersales.case.quick_values import Unread
from aftersales.errors import CaseError
from aftersales.expr.tree import ParamRef
from aftersales.policy.edges import way_of
from aftersales.policy.model import Policy, State, WithinDuration
from aftersales.run.decision import Decision, PolicyStamp
from aftersales.run.function.changes import Beyond
from aftersales.run.function.quick import Trails
from aftersales.run.function.written import Trail
from aftersales.run.lazy_decision import LazyDecision

if TYPE_CHECKING:  # brought in for the parts of a decision that are looked at later: a cold start is short
    from aftersales.run.machine import PolicyMachine
    from aftersales.run.report import Made
    from aftersales.run.walk import Walk


class QuickDecisions:
    """Decides everyday cases of one policy; threads may share it."""

    def __init__(self, policy: Policy, machine: Callable[[], PolicyMachine], trails: Trails) -> None:
        self._policy = policy
        self._machine = machine
        self._trails = trails
        self._cases = QuickCases(policy)
        self._inputs = self._cases.from_order.inputs
        #: Edges, and states, that were looked at: not all of them, which would take longer than all else of a start.
        self._safe: set[str] = set()
        self._lengths: dict[str, dt.timedelta | None] = {}
        self._stamp = PolicyStamp(policy.id, policy.version, policy.digest)

    def decide(self, data: Mapping[str, object]) -> Decision | None:
        """Return the decision of an everyday case, ``None`` where it is for the machine."""
        try:
            case = self._cases.read(data)
            taken, node, _, answer = self._trail(case)
        except (Unread, Beyond, CaseError, RecursionError):
            return None
        state = node.state
        known = {
            "policy": self._stamp,
            "flow": state.flow,
            "state": state.name,
            "title": state.title,
            "outcome": answer.outcome,
            "reason": state.end.reason if state.end is not None else None,
            "liable": None if answer.liable == "undecided" else answer.liable,
            "outlook": None,
            "parts": None,
        }
        return LazyDecision.of(_Later(self, case, taken).part, known)

    def walk(self, case: QuickCase, taken: tuple[str, ...]) -> Walk:
        """Return the walk of a case along the edges that it took."""
        from aftersales.run.walk import Walk  # noqa: PLC0415 (see the top)

        walk = Walk(self._machine(), self._policy, self._cases.case(case.copy))
        walk.along(taken)
        walk.look_at(case.as_of)
        return walk

    def _trail(self, case: QuickCase) -> Trail:
        """Return the way of a case to when it is seen. Raises ``Beyond`` or a CaseError where the machine must say."""
        trail = self._trails.of(case.told)
        opened_at, as_of = case.opened_at, case.as_of
        if as_of is not None and opened_at is not None and self._may_be_late(trail[1].state, as_of - opened_at):
            trail = self._trails.seen(trail, self._cases.case(case.copy), opened_at, as_of)
        if not self._safe.issuperset(trail[0]):
            self._look_at(trail[0])
        return trail

    def _look_at(self, taken: tuple[str, ...]) -> None:
        """Raise ``Beyond`` where an edge changes what an order was worked out from."""
        for edge in taken:
            target = way_of(self._policy, edge).target
            if not self._inputs.isdisjoint((*target.forget, *(name for name, _ in target.take))):
                raise Beyond
            self._safe.add(edge)

    def _may_be_late(self, state: State, passed: dt.timedelta) -> bool:
        """Return whether the deadline of a state may have passed in this time."""
        if state.key not in self._lengths:
            self._lengths[state.key] = self._fixed_length(state)
        length = self._lengths[state.key]
        return bool(state.late) and (length is None or length < passed)

    def _fixed_length(self, state: State) -> dt.timedelta | None:
        """Return how long a state waits, where that is one length of time in every case."""
        expr = state.within.length if isinstance(state.within, WithinDuration) else None
        length = self._trails.fixed.get(expr.name) if isinstance(expr, ParamRef) else None
        return length if isinstance(length, dt.timedelta) else None


class _Later:
    """The parts of a decision that are worked out when one of them is first looked at."""

    def __init__(self, decisions: QuickDecisions, case: QuickCase, taken: tuple[str, ...]) -> None:
        self._decisions = decisions
        self._case = case
        self._taken = taken

    @cached_property
    def _made(self) -> Made:
        from aftersales.run.report import Made  # noqa: PLC0415 (see the top)

        return Made(self._decisions.walk(self._case, self._taken))

    def part(self, name: str) -> object:
        """Return one part of the decision."""
        from aftersales.run.report import PARTS  # noqa: PLC0415 (see the top)

        return PARTS[name](self._made)
