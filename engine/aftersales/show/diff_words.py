"""The fixed words of the page that compares two policies, Chinese and English side by side."""

from __future__ import annotations

from typing import Final

from aftersales.text import Text

FROM_TO: Final = Text("{0} → {1}", "{0} → {1}")
COUNTS: Final = Text(
    "改动 {edits} 处：{differs} 处使判定不同，{equal} 处证明判定不变，{none} 处没找到不同的案件，{words} 处只改文字",
    "{edits} edits: {differs} decide cases differently, {equal} are proved to change nothing, "
    "for {none} no differing case was found, {words} change words only",
)
SAME: Final = Text("两份规则说的一样。", "the two policies say the same.")
EDITS: Final = Text("改了什么", "What was edited")
DIFFERENT: Final = Text("判定有什么不同", "What is decided differently")
KINDS: Final = {
    "policy": Text("整份规则", "policy"),
    "state": Text("状态", "state"),
    "flow": Text("流程", "flow"),
    "param": Text("参数", "param"),
    "fact": Text("事实", "fact"),
    "action": Text("动作", "action"),
    "leg": Text("运费段", "leg of postage"),
    "relation": Text("事实之间的关系", "relation between facts"),
}
ADDED: Final = Text("新增", "added")
REMOVED: Final = Text("删去", "removed")
COPIES: Final = Text("（另有 {} 个流程用到）", " (and {} more copies)")
ENDINGS: Final = {
    "differs": Text("判定有不同，见下", "cases are decided differently, see below"),
    "proved_equal": Text(
        "证明过：没有案件走到别处，结果、责任、运费、金额、期限都不变",
        "proved: no case goes another way, no outcome, liability, payer, amount or deadline differs",
    ),
    "none_found": Text(
        "没有找到判定不同的案件（未证明）", "no case was found that is decided differently (not proved)"
    ),
    "words_only": Text("只改文字，不影响判定", "words only, no decision changes"),
}
BEFORE: Final = Text("原", "old")
NOW: Final = Text("现", "new")
RESPECTS: Final = {
    "error": Text("能否判定", "Whether it can be decided"),
    "outcome": Text("结果", "Outcome"),
    "liable": Text("责任方", "Liability"),
    "payer": Text("谁付运费", "Who pays postage"),
    "refund": Text("金额", "Money"),
    "actions": Text("要做的事", "What is to be done"),
    "deadline": Text("期限", "Deadline"),
    "questions": Text("要问的", "What is asked"),
    "stage": Text("停在哪一步", "Where it stands"),
}
BECAUSE: Final = Text("起于改动 {}", "because of edit {}")
SHOWN_AT: Final = Text("在：{}", "at: {}")
MORE_STATES: Final = Text("{0} 等 {1} 处", "{0} and {1} in all")
SMALLEST: Final = Text("最小的案件：", "smallest case: ")
WORKED: Final = Text("案例：{}", "worked case: {}")
NOTHING_TOLD: Final = Text("什么都没告知", "nothing told")
SEEN: Final = Text("查看时刻 {}", "seen at {}")
ISSUE: Final = Text("售后问题", "issue")
STOPPED: Final = Text("判定不了：{}", "cannot be decided: {}")
NONE: Final = Text("无", "none")
DECIDED: Final = Text("能判定", "can be decided")
OWED: Final = Text("另需办理：{}", "duty: {}")
TOTAL_REFUND: Final = Text("退款合计 {}", "refund {}")
CHARGED: Final = Text("收取 {}", "charged {}")
ADVANCED: Final = Text("（先垫付：{}）", " (advanced by {})")
LATE_TO: Final = Text("逾期则 {}", "if late: {}")

PROOF: Final = Text(
    "搜索范围：所有案件（求解器），以及 {} 个案例。", "searched: all cases (solver), and {} worked cases."
)
WORKED_ONLY: Final = Text(
    "搜索范围：只有 {} 个案例。没有装求解器，不能断定没有别的不同；安装：pip install 'aftersales[verify]'",
    "searched: {} worked cases only. No solver is installed, there may be other differences; run: pip install 'aftersales[verify]'",
)
NEW_CASES: Final = Text(
    "“新增”“删去”的状态，其差别显示在通往它的状态上。",
    "what a new or removed state changes is shown where cases would enter it.",
)

WHEN: Final = Text("若 {0} → {1}", "if {0} → {1}")
OTHERWISE: Final = Text("其他情况 → {}", "otherwise → {}")
ALWAYS: Final = Text("→ {}", "→ {}")
ONLY_ONCE: Final = Text("等到：{}", "waits until: {}")
LATE: Final = Text("逾期未答{0} → {1}", "not answered in time: {0} → {1}")
LATE_ANY: Final = Text("逾期 → {}", "if late → {}")
REOPEN: Final = Text("结案后 {0} 内若 {1} → {2}", "reopened within {0} if {1} → {2}")
ANYTIME: Final = Text("随时：{0} → {1}", "at any time: {0} → {1}")
START: Final = Text("从“{}”开始", "starts at “{}”")
FORGETS: Final = Text("重问{}", "asks again: {}")
TAKES: Final = Text("按{}", "taken: {}")
COUNTS_UP: Final = Text("计数{}", "counts {}")
AGAIN: Final = Text("期限重新起算", "the deadline starts anew")
WITHIN: Final = Text("期限 {}", "within {}")
DOES: Final = Text("要做：{0}（{1}）", "to do: {0} ({1})")
AFTER: Final = Text("，先{}", ", after {}")
DUTY: Final = Text("另需办理：{}", "duty: {}")
OFFERS: Final = Text("可选：{}", "offers: {}")
OFFERS_IF: Final = Text("可选：{0}，若 {1}", "offers: {0}, if {1}")
AT_MOST: Final = Text("{0}最多 {1}", "{0}: at most {1}")
LIABLE: Final = Text("责任方：{}", "liable: {}")
LEG: Final = Text("{0}：{1}承担", "{0}: borne by {1}")
NOT_INSURED: Final = Text("，不走运费险", ", without the insurer")
MONEY: Final = {
    "refund": Text("退{0}：{1}", "refund {0}: {1}"),
    "deductions": Text("扣{0}：{1}", "deduct {0}: {1}"),
    "charge": Text("向买家收{0}：{1}", "charge the buyer {0}: {1}"),
    "recover": Text("追偿{0}：{1}", "recover {0}: {1}"),
}
CAP: Final = Text("，最多 {}", ", at most {}")
ENDS: Final = Text("结果：{}", "outcome: {}")
REASON: Final = Text("，理由：{}", ", reason: {}")
USES: Final = Text("走子流程“{}”", "goes through “{}”")
VALUE: Final = Text("{0}：{1}", "{0}: {1}")
FOR_WHOM: Final = Text("（{}）", " ({})")
FROM_DAY: Final = Text("{} 起", "from {}")
UNTIL_DAY: Final = Text("到 {}", "until {}")
BOUNDS: Final = Text("{0}的上下限：{1} 至 {2}", "{0} may be {1} to {2}")
ANSWERS: Final = Text("{0}可答：{1}", "{0} may be: {1}")
ANSWERED: Final = Text("{0}由{1}回答", "{0} is answered by: {1}")
IS: Final = Text("{0} = {1}", "{0} = {1}")
DONE_BY: Final = Text("{0}由{1}做", "{0} is done by: {1}")
PAYS: Final = Text("{}时付款", "{} pays")
GIVES: Final = Text("{0}做完即知：{1}", "{0} done tells: {1}")
ADVANCES: Final = Text("{0}默认由{1}垫付", "{0} is advanced by {1} by default")

PAST: Final = Text("过去的案件", "Past cases")
PAST_COUNTS: Final = Text(
    "{all} 个案件，{changed} 个判定不同；{undecided} 个两份规则都判定不了",
    "{all} cases, {changed} decided differently; neither policy can decide {undecided}",
)
FLOW: Final = Text("流程", "flow")
OF_THEM: Final = Text("其中", "of them")
HOW_MANY: Final = Text("{0} {1}", "{0} {1}")
CASES: Final = Text("不同", "differ")
REFUND_MORE: Final = Text("退款增减", "refund +/-")
CHARGE_MORE: Final = Text("收取增减", "charges +/-")
ALL: Final = Text("合计", "all")
NO_FLOW: Final = Text("（判定不了）", "(not decided)")
REFUNDS: Final = Text("退款合计（元）：{0} → {1}，相差 {2}", "refunds in all (CNY): {0} → {1}, a difference of {2}")
CHARGES: Final = Text("收取合计（元）：{0} → {1}，相差 {2}", "charges in all (CNY): {0} → {1}, a difference of {2}")
NO_CHANGE: Final = Text("没有一个案件的判定改变。", "not one case is decided differently.")
FIRST: Final = Text("例如", "for example")
MORE: Final = Text("另有 {} 个", "{} more")
UNCOUNTED: Final = Text(
    "{} 个案件只有一份规则能判定，没有计入金额。", "{} cases that only one policy can decide are not in the sums."
)
