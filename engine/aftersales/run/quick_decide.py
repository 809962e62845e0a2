"""Everyday cases decided by the policy's function; whatever it cannot show to be the same is left to the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aftersales.case.quick_case import QuickCase, QuickCases
from aftersales.case.quick_values import Unread
from aftersales.errors import CaseError
from aftersales.policy.edges import way_of
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision, PolicyStamp
from aftersales.run.function.changes import Beyond
from aftersales.run.function.quick import Rest, Trails
from aftersales.run.lazy_record import lazy_decision
from aftersales.run.quick_parts import QuickParts

if TYPE_CHECKING:  # brought in for the parts of a decision that are looked at later: a cold start is short
    from aftersales.run.machine import PolicyMachine
    from aftersales.run.report import Made


class QuickDecisions:
    """Decides everyday cases of one policy; threads may share it."""

    def __init__(self, policy: Policy, machine: Callable[[], PolicyMachine], trails: Trails) -> None:
        self._policy = policy
        self._machine = machine
        self._trails = trails
        self._cases = QuickCases(policy, lambda: trails.of_relations)
        self._reads = self._cases.read
        self._inputs = self._cases.from_order.inputs
        #: Edges that were looked at: not all of them, which would take longer than all else of a start.
        self._safe: set[str] = set()
        self._of_shops: dict[str, Trails] = {}
        self._stamp = PolicyStamp(policy.id, policy.version, policy.digest)

    def decide(self, data: Mapping[str, object]) -> Decision | None:
        """Return the decision of an everyday case, ``None`` where it is for the machine."""
        try:
            case = self._read(data)
            shop = self._cases.own_shop(case)
            trails = self._trails if shop is None else self._trails_of(shop)
            rest = trail, _, _ = self._rest(case, trails)
        except (Unread, Beyond, CaseError, RecursionError):
            return None
        node, (_, outcome, liable, _, _, _, _) = trail[1], trail[3]
        parts = QuickParts(trails, rest, case, self.made)
        return lazy_decision(parts, self._stamp, node.state, outcome, None if liable == "undecided" else liable)

    def made(self, case: QuickCase, taken: tuple[str, ...]) -> Made:
        """Return the walk of a case along the edges that it took, for what is worked out of it."""
        from aftersales.run.report import Made  # noqa: PLC0415 (see the top)
        from aftersales.run.walk import Walk  # noqa: PLC0415

        walk = Walk(self._machine(), self._policy, case.whole())
        walk.along(taken)
        walk.look_at(case.as_of)
        return Made(walk)

    def _read(self, data: Mapping[str, object]) -> QuickCase:
        try:
            return self._reads(data)
        except Unread:
            return self._cases.read_whole(data)

    def _trails_of(self, shop: str) -> Trails:
        """Return the ways of cases of a shop that has params of its own, made when its first case comes."""
        if shop not in self._of_shops:
            from aftersales.policy.narrow import narrow  # noqa: PLC0415 (see the top)

            if not _is_plain(self._policy, shop):
                raise Beyond
            self._of_shops[shop] = Trails(narrow(self._policy, shop=shop))
        return self._of_shops[shop]

    def _rest(self, case: QuickCase, trails: Trails) -> Rest:
        """Return where a case rests when it is seen. Raises ``Beyond`` or a CaseError where the machine must say."""
        trail = trails.of(case.told) if case.shape is None else trails.of_shape(case.told, case.shape)
        if case.as_of is None:
            rest: Rest = trail, case.opened_at, None
        else:
            rest = trail, _, _ = trails.seen(trail, case.opened_at, case.as_of, case.whole)
        taken = trail[0]
        if not self._safe.issuperset(taken):
            self._look_at(taken)
        return rest

    def _look_at(self, taken: tuple[str, ...]) -> None:
        """Raise ``Beyond`` where an edge changes what an order was worked out from."""
        for edge in taken:
            target = way_of(self._policy, edge).target
            if not self._inputs.isdisjoint((*target.forget, *(name for name, _ in target.take))):
                raise Beyond
            self._safe.add(edge)


def _is_plain(policy: Policy, shop: str) -> bool:
    """Return whether what a shop has of its own holds for it at any date and on every platform."""
    own = (value for param in policy.params.values() for value in param.values if value.shop == shop)
    return all(value.platform is None and value.valid_from is None and value.valid_until is None for value in own)
