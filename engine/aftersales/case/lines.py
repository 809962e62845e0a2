"""Reading the lines of an order, and finding one again by its number or sku."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from aftersales.case.faults import Place
from aftersales.case.fields import LONGEST_TITLE, Fields, read_count, read_fields
from aftersales.case.values import read_value
from aftersales.dataclass import dataclass
from aftersales.errors import ConflictError, UnknownNameError, did_you_mean
from aftersales.expr.types import UNKNOWN, Unknown, Value
from aftersales.money import LARGEST, show_money
from aftersales.policy.model import Policy
from aftersales.text import Text, clip

MOST_LINES: Final = 1_000
_LINE_KEYS: Final = (
    "sku", "title", "quantity", "unit_price", "paid", "currency", "shipped_at", "delivered_at", "bundle",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineDraft:
    """An order line as far as it could be read; ``None`` is absent or at fault, amounts in fen."""

    number: int
    sku: str | None
    title: str
    quantity: int | None
    paid: int | None
    unit_price: int | None
    shipped_at: dt.datetime | None | Unknown
    delivered_at: dt.datetime | None | Unknown
    attributes: Mapping[str, Value]
    fields: Fields
    bundle: str | None = None

    @property
    def gross(self) -> int | None:
        """Return the list price of all units, in fen; ``None`` where there is no unit price."""
        return None if self.quantity is None or self.unit_price is None else self.quantity * self.unit_price


def read_lines(policy: Policy, order: Fields) -> tuple[LineDraft, ...]:
    """Read ``order.lines``; lines that are no record are left out, and their number with them."""
    drafts = []
    for number, (place, data) in enumerate(order.items("lines", MOST_LINES), 1):
        fields = read_fields(data, place, (*_LINE_KEYS, *policy.line_facts))
        if fields is not None:
            drafts.append(_read_line(policy, number, fields))
    if order.has("lines") and not drafts and not order.place.faults.found:
        order.at("lines").fault("no_lines", Text("订单至少有一行商品", "an order has at least one line"))
    return tuple(drafts)


def _read_line(policy: Policy, number: int, fields: Fields) -> LineDraft:
    """Read one order line."""
    fields.require("sku", "quantity")
    draft = LineDraft(
        number=number,
        sku=fields.text("sku"),
        title=fields.text("title", LONGEST_TITLE) or "",
        quantity=fields.count("quantity", 1),
        paid=fields.money("paid"),
        unit_price=fields.money("unit_price"),
        shipped_at=line_instant(fields, "shipped_at"),
        delivered_at=line_instant(fields, "delivered_at"),
        attributes=_attributes(policy, fields),
        fields=fields,
        bundle=fields.text("bundle"),
    )
    if draft.gross is not None and draft.gross > LARGEST:
        most = show_money(LARGEST)
        fields.at("unit_price").fault(
            "money_format", Text(f"数量 × 单价超过上限 {most}", f"quantity × unit price is more than {most}")
        )
    return draft


def line_instant(fields: Fields, key: str) -> dt.datetime | None | Unknown:
    """Read an instant that may be null (it did not happen); ``UNKNOWN`` where it is absent or at fault."""
    if not fields.has(key):
        return UNKNOWN
    if fields.entries[key] is None:
        return None
    return fields.instant(key) or UNKNOWN


def _attributes(policy: Policy, fields: Fields) -> Mapping[str, Value]:
    """Read the line facts that the policy declares."""
    return {
        name: read_value(policy, fact, fields.entries[name], fields.at(name))
        for name, fact in policy.line_facts.items()
        if fields.has(name)
    }


def find_line(fields: Fields, drafts: Sequence[LineDraft]) -> LineDraft | None:
    """Return the order line that an entry names by ``line`` or ``sku``; both must mean the same one."""
    if not fields.has("line") and not fields.has("sku"):
        fields.place.fault("key_missing", Text("缺少 sku 或 line", "sku is missing, or line"))
        return None
    sku = fields.text("sku")
    if not fields.has("line"):
        return _find_sku(sku, fields.at("sku"), drafts) if sku is not None else None
    found = find_number(fields.entries["line"], fields.at("line"), drafts)
    if found is not None and sku is not None and found.sku != sku:
        fields.at("sku").fault(
            "line_disagrees",
            Text(
                f"第 {found.number} 行是 {found.sku}，不是 {clip(sku)}",
                f"line {found.number} is {found.sku}, not {clip(sku)}",
            ),
            kind=ConflictError,
        )
        return None
    return found


def find_number(data: object, place: Place, drafts: Sequence[LineDraft]) -> LineDraft | None:
    """Return the order line with the number (from 1) that ``data`` gives."""
    number = read_count(data, place, 1)
    if number is None:
        return None
    found = next((draft for draft in drafts if draft.number == number), None)
    if found is None:
        place.fault(
            "unknown_line",
            Text(f"订单没有第 {number} 行", f"the order has no line {number}"),
            kind=UnknownNameError,
        )
    return found


def _find_sku(sku: str, place: Place, drafts: Sequence[LineDraft]) -> LineDraft | None:
    """Return the one order line with ``sku``."""
    found = [draft for draft in drafts if draft.sku == sku]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(draft.number) for draft in found)
        place.fault(
            "line_ambiguous",
            Text(
                f"{clip(sku)} 在第 {numbers} 行都有，请写明 line",
                f"{clip(sku)} is on lines {numbers}: name the line by its number",
            ),
        )
        return None
    known = [draft.sku for draft in drafts if draft.sku is not None]
    place.fault(
        "unknown_sku",
        Text(f"订单里没有 {clip(sku)}", f"the order has no {clip(sku)}"),
        kind=UnknownNameError,
        hint=did_you_mean(clip(sku), known),
    )
    return None
