"""The fixed words of the terminal pages, Chinese and English side by side."""

from __future__ import annotations

from typing import Final

from aftersales.text import Text

DASH: Final = "-"
UNKNOWN: Final = Text("未知", "unknown")
NOT_YET: Final = Text("未定", "not yet")

STATUS: Final = {
    "open": Text("处理中", "open"),
    "settled": Text("已有结果，事项未办完", "settled, actions left"),
    "closed": Text("已办结", "closed"),
}
LAYER: Final = {
    "law": Text("法律", "law"),
    "platform": Text("平台规则", "platform"),
    "shop": Text("店铺选择", "shop"),
    "document": Text("文件", "document"),
}

STANDS: Final = Text("状态", "status")
OUTCOME: Final = Text("结果", "outcome")
LIABLE: Final = Text("责任方", "liable")
REASON: Final = Text("理由", "reason")
DUE: Final = Text("期限", "due")
PART: Final = Text("第 {} 部分", "part {}")

NEXT: Final = Text("下一步", "Next")
WHO_DOES: Final = Text("谁", "who")
WHAT: Final = Text("做什么", "what")
UNTIL: Final = Text("最迟", "until")
IF_LATE: Final = Text("逾期则", "if late")
TAKEN_AS: Final = Text("按“{}”处理", "taken as: {}")
AFTER: Final = Text("先完成：{}", "after: {}")
PAYS: Final = Text("付 {}", "pays {}")
SAY: Final = Text("话术：{}", "say: {}")

NEEDS: Final = Text("待确认", "Questions")
ASKED: Final = Text("由{}回答", "answered by: {}")
AT_MOST: Final = Text("最多 {}", "at most {}")

DUTIES: Final = Text("另需办理", "Duties")
SINCE: Final = Text("起于", "since")
LIST: Final = Text("登记表", "list")

POSTAGE: Final = Text("运费", "Postage")
LEG: Final = Text("段", "leg")
ADVANCED: Final = Text("垫付", "advanced by")
BORNE: Final = Text("承担", "borne by")
AMOUNT: Final = Text("金额", "amount")
INSURER: Final = Text("保险赔付", "insurer pays")

REFUND: Final = Text("退款", "Refund")
FOR: Final = Text("项目", "for")
DUE_NOW: Final = Text("现应付", "due now")
PAID: Final = Text("已付", "paid")
HOW: Final = Text("算法", "how")
TOTAL: Final = Text("合计", "total")
DEDUCTION: Final = Text("扣：{}", "less: {}")
MAXIMUM: Final = Text("本案最多可退 {}", "at most {} can be refunded in this case")
BACK_TO: Final = Text("退到 {}：{}", "back to {}: {}")
OTHER_WAY: Final = Text("其他方式（不经原付款）", "the buyer another way")
ALSO_BACK: Final = Text("另退还{}（抵 {}）", "also returned: {} (worth {})")
IN_KIND: Final = {"points": Text("积分", "points"), "coupon": Text("优惠券", "coupon")}
WAITS: Final = Text("{}：等待 {}", "{}: waits for {}")

CHARGES: Final = Text("向买家收取", "Charged to the buyer")
RECOVER: Final = Text("向第三方追偿", "Recovered from others")
TRANSFERS: Final = Text("款项往来", "Transfers")
FROM: Final = Text("付款方", "from")
TO: Final = Text("收款方", "to")

OPENED: Final = Text("受理", "opened")
LATE: Final = Text("期限已过", "the deadline passed")
SILENT: Final = Text("逾期未答：{}", "not answered in time: {}")
PATH: Final = Text("经过", "Path")
SOURCES: Final = Text("依据", "Sources")
ARTICLE: Final = Text("第 {} 条", "art. {}")
WARNINGS: Final = Text("注意", "Warnings")

OUTLOOK: Final = Text("可能的结果", "Outlook")
ANYHOW: Final = Text("无论如何", "in any case")
FOR_EXAMPLE: Final = Text("例如 {}", "for example {}")
SILENCE: Final = Text("无人答复时", "if nobody answers")
MORE: Final = Text("另有 {} 种结果未列出", "{} more not shown")
INCOMPLETE: Final = Text("可能性太多，未全部查完", "too many ways: the search stopped early")
RANGE: Final = Text("{} 至 {}", "{} to {}")
FROM_ON: Final = Text("{} 起", "from {}")

REFUNDS: Final = Text("退款", "refund")
COLON: Final = Text("：", ": ")
JOINT: Final = Text("；", "; ")
COMMA: Final = Text("、", ", ")

KEYS: Final = Text(
    "输入编号、选项词或标题；n 换题，t 让期限过去，b 退一步，q 结束",
    "number, word or title; n: other question, t: time passes, b: back, q: quit",
)
FREE_KEYS: Final = Text(
    "输入{}；n 换题，t 让期限过去，b 退一步，q 结束",
    "{}; n: other question, t: time passes, b: back, q: quit",
)
QUIT: Final = Text("已结束，案件未办完。", "stopped; the case is not finished.")
AT_START: Final = Text("已经是第一步。", "this is the first step already.")
NO_DEADLINE: Final = Text("这里没有期限。", "there is no deadline here.")
TIME_PASSED: Final = Text("时间来到 {}", "time is now {}")
ONLY_ONE: Final = Text("没有别的问题。", "there is no other question.")
NO_OPTION: Final = Text("没有这个选项：{}", "there is no such option: {}")
NO_COUNT: Final = Text("请输入 0 或正整数：{}", "a whole number, 0 or more, belongs here: {}")
NO_INSTANT: Final = Text("没有这个日期或时刻：{}", "there is no such day or time: {}")
NO_ANSWER: Final = Text("请输入答案。", "please answer.")

FORMATS: Final = {
    "money": Text("金额，例如 12.00", "an amount such as 12.00"),
    "count": Text("数量，例如 2", "a number such as 2"),
    "rate": Text("比例，例如 30%", "a rate such as 30%"),
    "instant": Text("时间，例如 2026-11-06 11:00", "an instant such as 2026-11-06 11:00"),
    "duration": Text("时长，例如 48h", "a length of time such as 48h"),
    "time_of_day": Text("钟点，例如 20:00", "a time of day such as 20:00"),
}
OR_NONE: Final = Text("{}；没有就填“无”", "{}; 'none' where there is none")

ANSWERED_BY: Final = Text("回答人", "answered by")
SOUND: Final = Text(
    "没有发现错误：{flows} 个流程，{states} 个状态，{branches} 条出路，{facts} 项事实，{params} 个参数，{actions} 个动作。",
    "no fault found: {flows} flows, {states} states, {branches} ways on, {facts} facts, {params} params, {actions} actions.",
)

CASES: Final = Text("案例：{passed} 个通过，{failed} 个未通过", "cases: {passed} passed, {failed} failed")
COVERAGE: Final = Text("分支覆盖", "Branch coverage")
FLOW: Final = Text("流程", "flow")
WALKED: Final = Text("走过", "walked")
WAYS: Final = Text("出路", "ways on")
SHARE: Final = Text("占比", "share")
NOT_WALKED: Final = Text("没有案例走过的出路", "Ways on that no case walks")
NOT_MET: Final = Text("没有案例用到的守则", "Laws that no case meets")
OTHERWISE: Final = Text("其他情况", "otherwise")
ANYTIME: Final = Text("随时：{}", "at any time: {}")

SHEET: Final = Text("{}（{}，交{}）", "{} ({}, to {})")
PERIOD: Final = Text("期间", "period")
RECEIVER: Final = Text("交给", "receiver")
UNDATED: Final = Text("无日期", "undated")
OPEN_ENTRY: Final = Text("待办", "open")
DONE_ENTRY: Final = Text("已办", "done")
NO_ENTRIES: Final = Text("没有要登记的事项。", "nothing to enter.")
