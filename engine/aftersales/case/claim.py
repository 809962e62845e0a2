"""Reading the claim: what the problem is, when it was reported, and which units it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aftersales.case.faults import Place
from aftersales.case.fields import ISSUE, OPENED_AT, Fields, read_fields
from aftersales.case.lines import MOST_LINES, LineDraft, find_line
from aftersales.case.model import Claim, ClaimedUnits
from aftersales.case.order import OrderDraft
from aftersales.case.units import taken
from aftersales.case.values import read_value
from aftersales.dataclass import dataclass
from aftersales.errors import ConflictError
from aftersales.expr.types import UNKNOWN, Value
from aftersales.policy.model import Policy
from aftersales.text import Text

_LINE_KEYS: Final = ("sku", "line", "quantity", "replacement")


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim as read, and the facts that it tells."""

    claim: Claim
    told: Mapping[str, Value]


def read_claim(policy: Policy, data: object, place: Place, order: OrderDraft | None) -> ClaimDraft | None:
    """Read the claim; ``None`` where it is no record at all."""
    known = (ISSUE,) if ISSUE in policy.facts else ()
    fields = read_fields(data, place, (*known, OPENED_AT, "lines"), facts=policy.facts)
    if fields is None:
        return None
    opened_at = fields.instant(OPENED_AT)
    told: dict[str, Value] = {}
    if fields.has(ISSUE):
        told[ISSUE] = read_value(policy, policy.facts[ISSUE], fields.entries[ISSUE], fields.at(ISSUE))
    if opened_at is not None and OPENED_AT in policy.facts:
        told[OPENED_AT] = opened_at
    units = _read_units(fields, order) if fields.has("lines") else None
    return ClaimDraft(Claim(opened_at, units), {name: value for name, value in told.items() if value is not UNKNOWN})


def _read_units(claim: Fields, order: OrderDraft | None) -> tuple[ClaimedUnits, ...]:
    """Read ``claim.lines`` in the order of the order's lines; each of them once, never more units than are left."""
    drafts: Sequence[LineDraft] = order.lines if order is not None else ()
    if not drafts:
        claim.at("lines").fault(
            "no_lines", Text("订单没有商品行，无从指明", "the order has no lines that the claim could name")
        )
        return ()
    gone = taken(order.order) if order is not None else {}
    units: dict[int, ClaimedUnits] = {}
    for place, data in claim.items("lines", MOST_LINES):
        found = _read_line(data, place, drafts, gone)
        if found is not None and found.line in units:
            number = found.line
            place.fault(
                "line_twice",
                Text(f"第 {number} 行写了两次", f"line {number} is claimed twice"),
                kind=ConflictError,
            )
        if found is not None:
            units[found.line] = found
    if not units and not claim.place.faults.found:
        claim.at("lines").fault("no_lines", Text("没有写明任何一行", "no line is claimed"))
    return tuple(units[number] for number in sorted(units))


def _read_line(data: object, place: Place, drafts: Sequence[LineDraft], gone: Mapping[int, int]) -> ClaimedUnits | None:
    """Read one claimed line and hold its units against what is left."""
    fields = read_fields(data, place, _LINE_KEYS)
    if fields is None or not fields.require("quantity"):
        return None
    draft, quantity = find_line(fields, drafts), fields.count("quantity", 1)
    if draft is None or quantity is None or draft.quantity is None:
        return None
    left = draft.quantity - gone.get(draft.number, 0)
    if quantity > left:
        bought, away = draft.quantity, draft.quantity - left
        fields.at("quantity").fault(
            "more_than_left",
            Text(
                f"申请 {quantity} 件，只剩 {left} 件：买了 {bought} 件，其他售后单已处理 {away} 件",
                f"{quantity} units are claimed, {left} are left: {bought} bought, {away} taken by other cases",
            ),
            kind=ConflictError,
        )
        return None
    return ClaimedUnits(draft.number, quantity, fields.text("replacement"))
