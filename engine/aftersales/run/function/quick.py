"""A policy as a function: scalar facts in, an answer out; what it cannot show to be the same, the machine decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from aftersales.errors import CaseError
from aftersales.expr.types import Value
from aftersales.policy.edges import late_key, source_of, way_of
from aftersales.policy.model import Policy, Target
from aftersales.run.function.answer import Answer
from aftersales.run.function.changes import Beyond, Change
from aftersales.run.function.nodes import Node
from aftersales.run.function.written import NO_CODES, Told, Trail, Written

if TYPE_CHECKING:  # brought in where the machine, or a deadline, is asked: a cold start is short
    from aftersales.case.model import Case
    from aftersales.run.machine import PolicyMachine
    from aftersales.run.standing import Standing

OPENED_AT: Final = "opened_at"
#: Deadlines that may pass one after another before the machine is asked what is wrong.
MOST_DEADLINES: Final = 2_000

#: One row of facts, as the engine holds values, and how long after they were told the case is seen.
Function = Callable[..., Answer]


def policy_function(policy: Policy, machine: Callable[[], PolicyMachine], trails: Trails) -> Function:
    """Return the policy's function of ``facts`` and ``elapsed`` (``None``: no deadline passes).

    Facts are taken as the engine holds them, unchecked; a fact that nobody told is left out. It never raises about a
    case at fault: the answer then has the fault's code.
    """

    def reference(told: Told, elapsed: dt.timedelta | None = None) -> Answer:
        from aftersales.run.function.reference import by_machine  # noqa: PLC0415 (see the top)

        return by_machine(machine(), policy, told, elapsed)

    def timed(told: Told, elapsed: dt.timedelta) -> Answer:
        try:
            return trails.later(told, elapsed)
        except (Beyond, CaseError, RecursionError):
            return reference(told, elapsed)

    written = Written(policy, trail=False)
    written.give(by_machine=reference, timed=timed)
    head = (" if elapsed is not None: return timed(f, elapsed)", " told = f")
    return written.start(head, (" except (Beyond, CaseError, RecursionError):", "  return by_machine(told)"))


class Trails:
    """A policy's function that also says which way a case came: for decisions, and where time passes."""

    def __init__(self, policy: Policy, codes: Mapping[str, bytes] = NO_CODES) -> None:
        self.policy = policy
        self._written = Written(policy, trail=True, codes=codes)
        self._start: Callable[[Told], Trail] = self._written.start()
        #: The params that have one value in every case.
        self.fixed: Mapping[str, Value] = self._written.names.fixed

    def codes(self) -> dict[str, bytes]:
        """Return the code of the functions written so far: with it a later start of the same policy is shorter."""
        return self._written.codes()

    def of(self, told: Told) -> Trail:
        """Return how far what is told at once leads. Raises ``Beyond`` or a CaseError where the machine must say."""
        return self._start(told)

    def later(self, told: Mapping[str, Value], elapsed: dt.timedelta) -> Answer:
        """Return the answer ``elapsed`` after everything was told. Raises as ``of`` does."""
        from aftersales.run.function.reference import case_of  # noqa: PLC0415 (see the top)

        trail, since = self.of(told), told.get(OPENED_AT)
        if not isinstance(since, dt.datetime):
            return trail[3]
        return self.seen(trail, case_of(self.policy, told), since, since + elapsed)[3]

    def seen(self, trail: Trail, case: Case, since: dt.datetime, seen: dt.datetime) -> Trail:
        """Return where a trail that came to rest at ``since`` has got to by ``seen``, deadline by deadline.

        ``case`` says what there is besides what the trail was told. Raises as ``of`` does.
        """
        taken, node, told, answer = trail
        for _ in range(MOST_DEADLINES):
            late = self._late(node, told, case, since, seen)
            if late is None:
                return taken, node, told, answer
            index, due = late
            target, key = node.state.late[index].target, late_key(node.state.key, index)
            edges, node, told, answer = self._after(node, told, target)
            since = due if any(self._moves(edge) for edge in (key, *edges)) else since
            taken = (*taken, key, *edges)
        raise Beyond

    def due(self, node: Node, told: Told, case: Case, since: dt.datetime) -> dt.datetime | None:
        """Return the deadline of a case in ``node`` since ``since``; ``None`` where none runs or is known."""
        from aftersales.run.clock import deadline  # noqa: PLC0415 (see the top)

        within = node.state.within
        return None if within is None else deadline(within, since, self._standing(node, told, case).view)

    def _late(
        self, node: Node, told: Told, case: Case, since: dt.datetime, seen: dt.datetime
    ) -> tuple[int, dt.datetime] | None:
        """Return which late edge a case takes when its deadline passes before ``seen``, and when that is."""
        from aftersales.run.standing import late_edge  # noqa: PLC0415 (see the top)

        due = self.due(node, told, case, since) if node.state.late else None
        if due is None or due >= seen:
            return None
        index = late_edge(self._standing(node, told, case))
        if index is None:
            raise Beyond
        return index, due

    def _standing(self, node: Node, told: Told, case: Case) -> Standing:
        from aftersales.run.standing import stand  # noqa: PLC0415 (see the top)

        return stand(self.policy, case, node.state, told)

    def _after(self, node: Node, told: Told, target: Target) -> Trail:
        after = Change(target)(told)
        self._written.agree(after)
        trail: Trail = self._written.from_node(self._written.nodes.after(node, target))(after, after.get)
        return trail

    def _moves(self, edge: str) -> bool:
        """Return whether the clock of the state starts anew with an edge."""
        target = way_of(self.policy, edge).target
        return target.restart or target.state != source_of(edge)
