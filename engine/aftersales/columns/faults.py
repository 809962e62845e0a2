"""Why a row of a table is not decided, in words: a table names a fault by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aftersales.text import Text

#: The faults of rows that could be read, by their codes.
REASONS: Final[Mapping[str, Text]] = {
    "told_disagrees": Text(
        "一个事实的告知值与由其他事实得出的值不同", "a fact is told as something else than follows from the others"
    ),
    "relation_broken": Text("事实之间的关系不成立", "a relation between facts does not hold"),
    "above_maximum": Text("协商金额超过此处的上限", "an offered amount is above its maximum here"),
    "refund_above_maximum": Text("退款或补偿超过上限", "a refund or compensation is above its maximum"),
    "amount_below_zero": Text("金额为负数", "an amount comes out below zero"),
    "no_branch": Text("没有一条分支符合本案", "no branch fits the case"),
    "no_rest": Text("流程不断循环", "the case never comes to rest"),
    "no_period": Text("参数在案件日期没有有效值", "a param has no value that is valid at the case's date"),
    "beyond_columns": Text("数值过大，不能按列计算", "an amount is too large for columns"),
}
