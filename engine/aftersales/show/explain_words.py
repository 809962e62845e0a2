"""The fixed words of the pages that explain a case, Chinese and English side by side."""

from __future__ import annotations

from typing import Final

from aftersales.text import Text

WHY: Final = Text("为什么", "Why")
TOOK: Final = Text("{0} → {1}", "{0} → {1}")
GOES_ON: Final = Text("→ {}", "→ {}")
LATE: Final = Text("期限 {0} 已过，{1}未答 → {2}", "the deadline {0} passed, not answered: {1} → {2}")
LATE_ALONE: Final = Text("期限 {0} 已过 → {1}", "the deadline {0} passed → {1}")
ANYTIME: Final = Text("随时可发生：{0} → {1}", "at any time: {0} → {1}")
REOPENED: Final = Text("结案后重开：{0} → {1}", "reopened: {0} → {1}")
OVERRIDDEN: Final = Text("{0}改判：{1} → {2}", "overridden by the {0}: {1} → {2}")
ENDED: Final = Text("到此结束：{}", "ends here: {}")
WAITS_FOR: Final = Text("等待答复：{}", "waits for: {}")
WAITS: Final = Text("在此等待", "waits here")
UNTIL: Final = Text("最迟 {}", "until {}")
OTHERWISE: Final = Text("其他都不成立", "none of the others holds")

NOT_TAKEN: Final = Text("没走：", "not taken:")
OPEN: Final = Text("可能的去向：", "ways on from here:")
WAY: Final = Text("“{0}”：{1}", "“{0}”: {1}")
NOT_ANSWERED: Final = Text("{0}未答，须为“{1}”", "{0} is not answered; needs “{1}”")
IS_NOT: Final = Text("{0}：{1}，不是“{2}”", "{0}: {1}, not “{2}”")
NOT_OFFERED: Final = Text("此处不能选“{0}”：{1}", "“{0}” is not offered here: {1}")
NEVER_OFFERED: Final = Text("此处不能选“{}”", "“{}” is not offered here")
NOT_KNOWN: Final = Text("还不知道{0}（须为：{1}）", "not known yet: {0} (needs {1})")
ABOVE: Final = Text("前面的“{}”先成立", "“{}” came first")
ABOVE_OPEN: Final = Text("先要看前面的“{}”", "“{}” is looked at first")
OTHER_ANSWERS: Final = Text("{0}：{1}；另外 {2} 种答复各有去处", "{0}: {1}; {2} other answers lead elsewhere")
OR: Final = Text("”或“", "” or “")

READING: Final = Text("{0}：{1}", "{0}: {1}")
TOLD: Final = Text("（{0}，{1}）", " ({0}, {1})")
BY: Final = Text("（{}）", " ({})")
WITH_CASE: Final = Text("（随案告知，{}）", " (told with the case, {})")
SILENCE: Final = Text("（无人答复，按此处理）", " (nobody answered, taken as this)")
TAKEN: Final = Text("（由流程带入）", " (set by the flow)")
COUNTED: Final = Text("（系统计数）", " (counted)")
COMPUTED: Final = Text("（按订单算出）", " (computed from the order)")
FROM: Final = Text(" ← {}", " ← {}")
SOURCE: Final = Text("（{}）", " ({})")

WHY_NOT: Final = Text("为什么不是“{}”", "Why not “{}”")
REACHED: Final = Text("本案已经是“{}”。", "the case is there already: “{}”.")
STOP: Final = Text("卡在：{}", "stopped at: {}")
STILL_OPEN: Final = Text("还能到，停在：{}", "still possible; it rests at: {}")
WENT: Final = Text("实际走的：{}", "the way taken: {}")
WOULD_LEAD: Final = Text("能走到的路，为什么没走：", "ways that would have led there, and why they were closed:")
WOULD_WAIT: Final = Text("能走到的路，还差什么：", "ways that lead there, and what is missing:")
ANYTHING: Final = Text("要答的", "what is asked")
BY_SILENCE: Final = Text("只在“{}”逾期未答时走这里", "only where “{}” is not answered in time")
ONLY_BY_TURN: Final = Text(
    "照常走到不了，只有随时可发生的事（买家撤销、平台介入）或结案后重开才行",
    "no ordinary way leads there, only what may happen at any time or a reopening",
)
NO_WAY: Final = Text("规则里没有一条路从本案走到“{}”。", "no way of the policy leads from this case to “{}”.")

SMALLEST: Final = Text("最小的改变", "The smallest change")
AS_SMALL: Final = Text("同样小的另一种改变", "Another change as small")
CHANGED: Final = Text("改：{}", "changed: {}")
ADDED: Final = Text("补：{}", "added: {}")
FROM_TO: Final = Text("{0}：{1} → {2}", "{0}: {1} → {2}")
NOT_TOLD: Final = Text("未答", "not told")
AT_ONCE: Final = Text("（一开始就有）", " (from the start)")
IN_TIME: Final = Text("（在 {} 前答复，不逾期）", " (answered by {}, in time)")
NO_ANSWER: Final = Text("等：“{0}”到 {1} 仍未答", "wait: “{0}” not answered by {1}")
SO_THAT: Final = Text("（{}）", " ({})")
THEN: Final = Text("之后照常往下走，还需：", "then on as usual, with:")
LEADS: Final = Text("→ {}", "→ {}")
COMES_TO: Final = Text("结果：{0}   退款：{1}   {2}", "outcome: {0}   refund: {1}   {2}")
CONFIRMED: Final = Text("（改后重新判定过）", "(decided again with the change)")
WITHOUT_DONE: Final = Text(
    "本案已做的动作在改变后的案件里不算数", "what was done in this case does not count in the changed one"
)
ANOTHER_CLAIM: Final = Text(
    "按本案的售后问题和平台走不到，要换成另一种才行",
    "this claim does not lead there: only another issue or platform does",
)
NOT_FOUND: Final = Text(
    "找不到这样的改变：试遍 {} 种（改已答的、补未答的、等期限过去），都到不了。",
    "there is no such change: all {} were tried (told otherwise, answered, left to the deadline), none leads there.",
)
PERHAPS_SMALLER: Final = Text(
    "可走的路太多，没有全部查完：也许还有更小的改变。", "too many ways to look at all: there may be a smaller change."
)
CUT: Final = Text(
    "查到上限（{} 种）还没找到，不能断定没有。用 --limit 可以查得更多。",
    "the search stopped at its limit of {} and found none: there may be one. --limit looks further.",
)
