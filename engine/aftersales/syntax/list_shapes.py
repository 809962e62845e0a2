"""The shape of ``lists:`` in ``actions.yaml``: registers, how often they go out, to whom, and their columns."""

from __future__ import annotations

from typing import Final

from aftersales.source import Span
from aftersales.syntax.atoms import Name, TextSyntax
from aftersales.syntax.leaves import BOTH, NAME, NAMES, one_of
from aftersales.syntax.records import Record, defaulted, required
from aftersales.syntax.shapes import Keyed
from aftersales.syntax.vocabulary import ListSyntax, TitledSyntax
from aftersales.text import Text

CADENCE: Final = one_of(Text("周期", "a cadence"), "at_once", "day", "week", "month")


def _titled(name: Name, title: TextSyntax, span: Span) -> TitledSyntax:
    return TitledSyntax(name, title, span)


_TITLE: Final = required("title", BOTH, "标题", "the title that people read")
_EVERY: Final = required("every", CADENCE, "多久交一次：at_once、day、week、month", "how often it goes out")
_TO: Final = required("to", NAME, "交给谁", "who gets it: a role or a party")
_COLUMNS: Final = required("columns", NAMES, "各栏：固定栏目、事实或手工栏", "its columns: fixed ones, facts, fill_in")
_FILL_IN: Final = defaulted(
    "fill_in",
    Keyed(Text("手工填写的栏", "columns filled in by hand"), NAME, BOTH, _titled),
    (),
    "留空、由店铺自己填的栏（如买家账号）",
    "columns left empty for the shop to fill in, such as the buyer's account",
)
LIST: Final = Record(
    "list",
    Text("一张表", "a list"),
    (_TITLE, _EVERY, _TO, _COLUMNS, _FILL_IN),
    lambda got: ListSyntax(got.name, got[_TITLE], got[_EVERY], got[_TO], got[_COLUMNS], got[_FILL_IN], got.span),
)
