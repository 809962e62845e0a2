"""The fixed words of the page about past cases replayed, Chinese and English side by side."""

from __future__ import annotations

from typing import Final

from aftersales.text import Text

TITLE: Final = Text("回放过去的案件", "Past cases replayed")
COUNTS: Final = Text("案件 {cases}，判定了 {decided}", "{cases} cases, {decided} decided")
CHANGED: Final = Text("，判定不同 {changed}（{share}）", ", {changed} decided differently ({share})")
UNDECIDED: Final = Text("判定不了的案件 {}：", "cases that cannot be decided: {}")
OUTCOMES: Final = Text("结果：{}", "outcomes: {}")
OF_THEM: Final = Text("其中：{}", "of them: {}")
HOW_MANY: Final = Text("{0} {1}", "{0} {1}")
FIRST: Final = Text("例如：", "for instance:")
NO_CHANGE: Final = Text("没有案件判定不同。", "no case is decided differently.")
FROM_TO: Final = Text("{0} → {1}", "{0} → {1}")
GROUPS: Final = {
    "flow": Text("按流程", "By flow"),
    "payer": Text("按付款方", "By payer"),
    "reason": Text("按原因", "By reason"),
}
HEADS: Final = {
    "flow": Text("流程", "flow"),
    "payer": Text("付款方", "payer"),
    "reason": Text("原因", "reason"),
    "cases": Text("案件", "cases"),
    "changed": Text("不同", "changed"),
    "refund": Text("退款", "refunds"),
    "charge": Text("收取", "charged"),
    "recover": Text("追回", "recovered"),
    "pays": Text("付出", "pays"),
    "receives": Text("收到", "receives"),
    "postage": Text("运费", "postage"),
}
PLAIN: Final = Text("{}", "{}")
MORE: Final = Text("{} ±", "{} ±")
OLD: Final = Text("原{}", "{}, old")
NEW: Final = Text("现{}", "{}, new")
ALL: Final = Text("合计", "all")
NO_REASON: Final = Text("（未说明）", "(not told)")
CASE_HEADS: Final = {
    "case": Text("案件", "case"),
    "reason": Text("原因", "reason"),
    "flow": Text("流程", "flow"),
    "state": Text("状态", "state"),
    "outcome": Text("结果", "outcome"),
    "liable": Text("责任方", "liable"),
    "refund": Text("退款", "refund"),
    "charge": Text("向买家收取", "charged to buyer"),
    "recover": Text("向第三方追回", "recovered"),
    "payers": Text("谁付", "who pays"),
    "fault": Text("判定不了的原因", "why it cannot be decided"),
}
CHANGES: Final = Text("改变", "changed")
OLD_POLICY: Final = Text("原规则：{}", "old policy: {}")
NEW_POLICY: Final = Text("现规则：{}", "new policy: {}")
