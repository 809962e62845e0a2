"""Compiles ``lists:`` of ``actions.yaml``: the registers that cases are entered on, how often they go out and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from aftersales.dataclass import dataclass
from aftersales.source import Span
from aftersales.text import Text

if TYPE_CHECKING:  # only compiling needs them, deciding does not
    from aftersales.policy.faults import Faults
    from aftersales.syntax.tree import ListSyntax

#: The columns that the engine fills besides facts, with the heads that people read.
COLUMNS: Final[Mapping[str, Text]] = {
    "at": Text("时间", "time"),
    "case": Text("售后单", "case"),
    "order": Text("订单号", "order"),
    "shop": Text("店铺", "shop"),
    "goods": Text("商品", "goods"),
    "goods_in": Text("退回商品", "goods in"),
    "goods_out": Text("换出商品", "goods out"),
    "amount": Text("金额", "amount"),
    "recover": Text("追偿金额", "to recover"),
    "reason": Text("原因", "reason"),
    "responsible": Text("责任方", "responsible"),
    "outcome": Text("结果", "outcome"),
    "action": Text("事项", "entry"),
    "by": Text("经办", "done by"),
    "status": Text("状态", "status"),
}


@dataclass(frozen=True, slots=True)
class Register:
    """A list that cases are entered on. ``every`` is at_once, day, week or month; ``to`` a role or party.

    ``columns`` are names of ``COLUMNS``, of facts, or of ``fill_in``: columns with heads that the shop fills by hand.
    """

    name: str
    title: Text
    every: str
    to: str
    columns: tuple[str, ...]
    fill_in: Mapping[str, Text]
    span: Span


def read_registers(
    lists: Iterable[ListSyntax], doers: Iterable[str], facts: Iterable[str], faults: Faults
) -> Mapping[str, Register]:
    """Return the declared lists; ``doers`` may receive one, ``facts`` of the whole policy may be columns."""
    receivers, known = tuple(doers), tuple(facts)
    return {each.name.text: _register(each, receivers, known, faults) for each in lists}


def _register(written: ListSyntax, doers: tuple[str, ...], facts: tuple[str, ...], faults: Faults) -> Register:
    faults.known(written.to, doers, Text("角色或一方", "role or party"))
    fill_in = {own.name.text: own.title.text for own in written.fill_in}
    for column in written.columns:
        faults.known(column, (*COLUMNS, *facts, *fill_in), Text("栏目或事实", "column or fact"))
    columns = tuple(column.text for column in written.columns)
    for own in written.fill_in:
        if own.name.text in COLUMNS or own.name.text in facts:
            message = Text(f"{own.name} 由系统填写，不能手工填", f"{own.name} is filled in already, not by hand")
            faults.add("name_taken", own.name.span, message)
        elif own.name.text not in columns:
            message = Text(f"columns 里没有用到 {own.name}", f"columns does not name {own.name}")
            faults.add("never_used", own.name.span, message)
    return Register(
        written.name.text, written.title.text, written.every.text, written.to.text, columns, fill_in, written.span
    )
