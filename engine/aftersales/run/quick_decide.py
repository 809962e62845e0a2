"""Everyday cases decided by the policy's function; whatever it cannot show to be the same is left to the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from aftersales.case.quick_case import QuickCase, QuickCases
from aftersales.case.quick_values import Unread
from aftersales.errors import CaseError
from aftersales.policy.edges import edges, way_of
from aftersales.policy.model import Policy, Target
from aftersales.policy.narrow import narrow, shops_of
from aftersales.run.decision import Decision, PolicyStamp
from aftersales.run.function.changes import Beyond
from aftersales.run.function.quick import Trails
from aftersales.run.lazy_record import LazyDecision, draft
from aftersales.run.quick_parts import QuickParts
from aftersales.run.quick_spots import Spots

if TYPE_CHECKING:  # brought in for the parts of a decision that are looked at later: a cold start is short
    from aftersales.run.machine import PolicyMachine
    from aftersales.run.report import Made


#: After so many cases all edges of a policy are looked at: from then on no case needs to name the ones that it took.
_MANY: Final = 2_000
#: A decision before it is given away, when its parts can still be set.
_DRAFT: Final = draft(Decision, "told_by")
_new: Final[Any] = object.__new__


class QuickDecisions:
    """Decides everyday cases of one policy; threads may share it."""

    def __init__(self, policy: Policy, machine: Callable[[], PolicyMachine], trails: Trails) -> None:
        self._policy = policy
        self._machine = machine
        self._spots = Spots(trails, self)
        self._cases = QuickCases(policy, lambda: trails.of_relations)
        self._plain = self._cases.plain
        self._shops = shops_of(policy)
        self._inputs = self._cases.from_order.inputs
        #: Edges that were looked at, while these are not all of them: that would take longer than all else of a start.
        self._safe: set[str] = set()
        self._looked = 0
        #: The edges that change what an order was worked out from, once all were looked at.
        self._unsafe: frozenset[str] | None = None
        self._of_shops: dict[str, Spots] = {}
        self._stamp = PolicyStamp(policy.id, policy.version, policy.digest)

    def decide(self, data: Mapping[str, object]) -> Decision | None:
        """Return the decision of an everyday case, ``None`` where it is for the machine."""
        try:
            try:
                case = self._plain(data)
            except (Unread, KeyError, TypeError):
                case = None
            if case is None:
                case = self._otherwise(data)
            shop, told, shape, since, due = case.order[1], case.told, case.shape, case.opened_at, None
            spots = self._spots if shop is None or shop not in self._shops else self._spots_of(shop)
            trails = spots.trails
            trail = trails.of(told) if shape is None else trails.of_shape(told, shape)
            if case.as_of is not None:
                trail, since, due = trails.seen(trail, since, case.as_of, case)
            unsafe = self._unsafe
            if unsafe is None:
                self._look_at(trail[0])
            elif unsafe and not unsafe.isdisjoint(trail[0]):
                return None
        except (Unread, Beyond, CaseError, RecursionError):
            return None
        spot, (_, outcome, liable, _, _, _, _) = spots[trail[1]], trail[3]
        made = _new(_DRAFT)
        made.told_by = parts = _new(QuickParts)
        parts.case = case
        parts.spot = spot
        parts.trail = trail
        parts.since = since
        parts.due = due
        parts.long_way = parts.amounts = None
        parts.begun = False
        made.policy = self._stamp
        made.flow = spot.flow
        made.state = spot.state
        made.title = spot.title
        made.outcome = outcome
        made.reason = spot.reason
        made.liable = None if liable == "undecided" else liable
        made.outlook = made.parts = None
        made.__class__ = LazyDecision
        return made  # type: ignore[no-any-return]

    def made(self, case: QuickCase, taken: tuple[str, ...]) -> Made:
        """Return the walk of a case along the edges that it took, for what is worked out of it."""
        from aftersales.run.report import Made  # noqa: PLC0415 (see the top)
        from aftersales.run.walk import Walk  # noqa: PLC0415

        walk = Walk(self._machine(), self._policy, case.whole())
        walk.along(taken)
        walk.look_at(case.as_of)
        return Made(walk)

    def _otherwise(self, data: Mapping[str, object]) -> QuickCase:
        """Read a case that is no plain one. Raises ``Unread`` and CaseErrors as ``read_whole`` does."""
        try:
            return self._cases.by_parts(data)
        except Unread:
            return self._cases.read_whole(data)

    def _spots_of(self, shop: str) -> Spots:
        """Return the spots of cases of a shop that has params of its own, made when its first case comes."""
        if shop not in self._of_shops:
            if not _is_plain(self._policy, shop):
                raise Beyond
            self._of_shops[shop] = Spots(Trails(narrow(self._policy, shop=shop)), self)
        return self._of_shops[shop]

    def _look_at(self, taken: tuple[str, ...]) -> None:
        """Raise ``Beyond`` where an edge changes what an order was worked out from; after many cases, look at all edges."""
        for edge in taken:
            if edge not in self._safe:
                if self._is_unsafe(way_of(self._policy, edge).target):
                    raise Beyond
                self._safe.add(edge)
        self._looked += 1
        if self._looked >= _MANY:
            self._unsafe = frozenset(edge.key for edge in edges(self._policy) if self._is_unsafe(edge.target))

    def _is_unsafe(self, target: Target) -> bool:
        return not self._inputs.isdisjoint((*target.forget, *(name for name, _ in target.take)))


def _is_plain(policy: Policy, shop: str) -> bool:
    """Return whether what a shop has of its own holds for it at any date and on every platform."""
    own = (value for param in policy.params.values() for value in param.values if value.shop == shop)
    return all(value.platform is None and value.valid_from is None and value.valid_until is None for value in own)
