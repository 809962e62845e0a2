"""A case of several parts: each is walked on its own, what is once an order is shared in the order of the parts.

What an earlier part refunds stands for the later ones like a pending refund of another case: outbound postage by
goods value with the cumulative floor, threshold postage once, payments back the way they came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from aftersales.case.model import Case, OtherRefund
from aftersales.case.units import claimed_stretches
from aftersales.dataclass import replace
from aftersales.money import allocate
from aftersales.policy.model import Policy
from aftersales.run.decision import Decision, Refund, Status
from aftersales.run.fold import fold
from aftersales.run.machine import PolicyMachine
from aftersales.run.outlook import look_ahead
from aftersales.run.report import report
from aftersales.run.settlement import GOODS, settle_money
from aftersales.run.walk import Walk
from aftersales.text import Text

_TITLE = Text("一单多个问题", "several problems of one order")
#: The outcome under which the buyer keeps the goods that money goes back for.
_KEPT = "partial_refund"


def fold_parts(
    machine: PolicyMachine, policy: Policy, cases: Sequence[Case], as_of: dt.datetime | None = None
) -> tuple[Walk, ...]:
    """Walk every part to ``as_of``, by default to the last event of all parts. Raises a CaseError as ``fold`` does."""
    seen_at = as_of or cases[0].as_of or _last_event(cases)
    walks: list[Walk] = []
    earlier: list[OtherRefund] = []
    for number, case in enumerate(cases, start=1):
        order = case.order
        if order is not None and earlier:
            case = replace(case, order=replace(order, refunds=(*order.refunds, *earlier)))  # noqa: PLW2901 (the part as it stands behind the earlier ones)
        walk = fold(machine, policy, case, seen_at if len(cases) > 1 else as_of)
        earlier.extend(_pending(walk, number))
        walks.append(walk)
    return tuple(walks)


def decide_parts(walks: Sequence[Walk], *, outlook: bool = False) -> Decision:
    """Return the decision of a case: of its only part, or of all parts with each beside it.

    With ``outlook`` every part shows the ends that are still reachable.
    """
    made = (report(walk) for walk in walks)
    looked = (
        replace(part, outlook=look_ahead(walk)) if outlook else part for part, walk in zip(made, walks, strict=True)
    )
    decisions = tuple(looked)
    return decisions[0] if len(decisions) == 1 else _together(walks[0].policy, decisions)


def _last_event(cases: Sequence[Case]) -> dt.datetime | None:
    return max((event.at for case in cases for event in case.events if event.at is not None), default=None)


def _pending(walk: Walk, number: int) -> Iterator[OtherRefund]:
    """Yield what a part gives back, as the later parts see it: units with their goods, and the outbound postage."""
    order, end = walk.case.order, walk.at_state.end
    if order is None:
        return
    money = settle_money(walk)
    name = f"part {number}"
    deducted = {item.for_: item.amount for item in money.deductions if item.amount}
    kept = end is not None and end.outcome == _KEPT
    for line in money.lines:
        if line.for_ == GOODS:
            stretches = claimed_stretches(order, walk.case.claim)
            paid = [part.paid for part in stretches]
            weights = paid if sum(paid) else [part.last - part.first for part in stretches]
            shares = allocate(line.amount, weights) if stretches else ()
            for part, share in zip(stretches, shares, strict=True):
                units = part.last - part.first
                yield OtherRefund(name, part.line.number, units, GOODS, share, deducted, "pending", kept=kept)
                deducted = {}
        elif line.for_ in walk.policy.legs:
            yield OtherRefund(name, None, 0, line.for_, line.amount, {}, "pending")


def _together(policy: Policy, parts: tuple[Decision, ...]) -> Decision:
    first = parts[0]
    return replace(
        first,
        flow=policy.root,
        state="parts",
        title=_TITLE,
        status=_status([part.status for part in parts]),
        outcome=_same([part.outcome for part in parts]),
        reason=None,
        liable=_same([part.liable for part in parts]),
        next_actions=tuple(action for part in parts for action in part.next_actions),
        duties=tuple({duty.action: duty for part in parts for duty in part.duties}.values()),
        needs=tuple({need.fact: need for part in parts for need in part.needs}.values()),
        due=min((part.due for part in parts if part.due is not None), default=None),
        postage=dict.fromkeys(policy.legs),
        refund=_refund([part.refund for part in parts]),
        charges=tuple(item for part in parts for item in part.charges),
        recover=tuple(item for part in parts for item in part.recover),
        transfers=tuple(move for part in parts for move in part.transfers),
        path=(),
        sources=tuple({source.id: source for part in parts for source in part.sources}.values()),
        warnings=tuple(dict.fromkeys(warning for part in parts for warning in part.warnings)),
        parts=parts,
    )


def _status(statuses: list[Status]) -> Status:
    if "open" in statuses:
        return "open"
    return "settled" if "settled" in statuses else "closed"


def _same(values: list[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _refund(parts: list[Refund]) -> Refund:
    """Add the parts up; each part's maximum counts what the earlier ones left."""
    known = [part.maximum for part in parts if part.maximum is not None]
    return Refund(
        total=sum(part.total for part in parts),
        paid=sum(part.paid for part in parts),
        due=sum(part.due for part in parts),
        maximum=sum(known) if len(known) == len(parts) else None,
        lines=tuple(line for part in parts for line in part.lines),
        deductions=tuple(item for part in parts for item in part.deductions),
        waiting=tuple(waiting for part in parts for waiting in part.waiting),
        paid_to=tuple(back for part in parts for back in part.paid_to),
        returned_in_kind=tuple(item for part in parts for item in part.returned_in_kind),
    )
