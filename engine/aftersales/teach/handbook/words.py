"""The fixed words of the handbook, Chinese and English side by side."""

from __future__ import annotations

from typing import Final

from aftersales.text import Text

LIST: Final = Text("、", ", ")
OR: Final = Text("或", " or ")
JOINT: Final = Text("；", "; ")
JOINT_OR: Final = Text("；或", "; or ")
COMMA: Final = Text("，", ", ")
NAMED: Final = Text("{}：", "{}: ")
SPACE: Final = Text(" ", " ")
WITH_ARTICLE: Final = Text("{0} 第 {1} 条", "{0} art. {1}")
IN_BRACKETS: Final = Text("{0}（{1}）", "{0} ({1})")
BRACKETS: Final = Text("（{}）", " ({})")
BLANK: Final = Text(" {}", " {}")
SLASH: Final = Text(" / ", " / ")
CARE: Final = Text("当心：{}", "take care: {}")
NUMBERED: Final = Text("{0}. {1}", "{0}. {1}")
STEP_ON: Final = Text(" → ", " → ")
DASH: Final = Text("—", "—")
AND: Final = Text(" 且 ", " and ")
KNOWN: Final = Text("已知", "known")
IS_KNOWN: Final = Text("{}已知", "{} is known")
LAYER: Final = {
    "law": Text("法律", "law"),
    "platform": Text("平台规则", "platform"),
    "shop": Text("店铺选择", "shop"),
    "document": Text("培训材料", "document"),
}

# ── the whole book ──
TITLE: Final = Text("{}：培训手册", "{}: handbook")
POLICY: Final = Text("规则", "policy")
VERSION: Final = Text("版本", "version")
DIGEST: Final = Text("规则指纹（SHA-256）", "digest of the policy (SHA-256)")
COUNTED: Final = Text("{0} 个流程，{1} 个子流程", "{0} flows, {1} sub-flows")
CONTENTS: Final = Text("目录", "Contents")
PART_WORK: Final = Text("怎么做售后", "How we work")
PART_FLOWS: Final = Text("流程", "Flows")
PART_SUB_FLOWS: Final = Text("子流程", "Sub-flows")
PART_REFERENCE: Final = Text("查阅", "Reference")

# ── how we work ──
RHYTHM: Final = Text("服务节奏", "The service rhythm")
READING: Final = Text("怎么读一章", "How to read a chapter")
CONDUCT: Final = Text("怎么说，什么绝不能说", "What to say and what never to say")
OVERVIEW: Final = Text("各流程的关系", "How the flows connect")
READ_PICTURE: Final = Text(
    "图：从上往下看。一张卡片是一步，顶上写谁做；箭头上是答案；粗线是最常走的路，虚线是逾期；顶上写着结果（如“仅退款”）的粗框是结局。图里的“续第 2 页”“接第 1 页”指这张流程图的第几页，不是书页。",
    "The picture: read it from the top. A card is a step, its strip says who acts; answers stand on the arrows; the bold line is the usual way, a dashed one is for what comes too late; a thick frame with a result in its head, such as refund only, is an end. 'to page 2' and 'from page 1' inside a picture count the pages of that flow's picture, not of the book.",
)
READ_QUESTIONS: Final = Text(
    "要问的：这个流程会问到的每个问题、问谁、有哪些答案、在第几步问。只问还没有答案的。",
    "Questions: everything this flow asks, whom, the answers, and in which step. Only what is not known yet is asked.",
)
READ_STEPS: Final = Text(
    "判断表：一步一张。找到答案符合的那一行，往右看下一步。期限过了还没有答案，走“逾期”那一行：谁不答复，后果归谁。",
    "Decision tables: one per step. Find the row that fits the answers and read the next step on its right. Where the deadline passes without an answer, the line 'if late' holds: whoever stayed silent bears the consequence.",
)
READ_ENDS: Final = Text(
    "结局：每个结局谁的责任、谁出运费、退多少、做什么、依据什么。金额写成算法，具体数字看案例。有运费险的，先由保险赔。“转来前已定的”是前一个流程转过来时已经定下的责任、运费和金额，照样算数。",
    "Ends: who is liable, who bears the postage, what is refunded, what is done, and by which rule. Amounts are formulas; the cases show figures. Insured postage is paid by the insurer first. 'As settled before' is what an earlier flow laid down before it handed over; it still holds.",
)
READ_CASES: Final = Text(
    "案例：由规则引擎在印制本手册时判定，不是手写的。",
    "Cases: decided by the engine when this handbook was made, not written by hand.",
)
READ_START: Final = Text(
    "每一单都从第 {0} 章开始，由那里转到对应的流程；也可以从目录直接翻到。“依据”写的是编号，内容在第 {1} 章。",
    "Every case begins in chapter {0}, which leads to its flow. Sources are given by their ids: chapter {1} says what they are.",
)
READ_MARKS: Final = Text(
    "记号：“—”是这一项不用看；“记为”“视为”是当作已经这样回答；“重问”是以前的回答作废，再问一次；〔 〕里填这一单的金额或日期。",
    "Marks: where '—' stands, that answer does not matter; 'taken as' counts as answered so; 'ask again': the earlier answer no longer holds. What stands in [ ] is filled in from the case.",
)
PHASE: Final = Text("阶段", "phase")
MEANS: Final = Text("意思", "what it means")
DO_THERE: Final = Text("这时常做的事", "what is done there")
NO_RHYTHM: Final = Text("规则没有写明服务节奏。", "The policy names no rhythm.")
RULE: Final = Text("规则", "rule")
NEVER_SAY: Final = Text("绝不能出现的说法", "phrases never to use")
RIGHT_PHRASES: Final = Text("可以这样说：{}", "right: {}")
LONGEST: Final = Text("数字最长 {} 位", "no number of more than {} digits")
COST: Final = Text("违反的代价", "what it costs")
POINTS: Final = Text("扣 {} 分", "{} points")
POINTS_TO: Final = Text("扣 {0} 至 {1} 分", "{0} to {1} points")
FINE: Final = Text("罚 {} 元", "CNY {}")
PAYS_PARAM: Final = Text("赔付：{}", "pays: {}")
ON_PLATFORMS: Final = Text("只限{}", "only on {}")
LAST_DAY: Final = Text("“{}”的最后一天", "on the last day of: {}")
LAST_DAY_DUE: Final = Text("期限当天", "on the day something is due")
ANSWER_WITHIN: Final = Text("{0}内答复（{1}–{2}）", "answer within {0} ({1}–{2})")
EXEMPT: Final = Text("例外：{}", "except: {}")
NO_RULES: Final = Text("规则没有写明禁语。", "The policy forbids no phrase.")

# ── a flow ──
COMES_FROM: Final = Text("从哪里来", "comes from")
BEHIND: Final = Text("依据", "sources")
ANYTIME: Final = Text("随时", "at any time")
ANYTIME_TO: Final = Text("{0} → ", "{0} → ")
STEPS: Final = (Text("{} 步", "{} step"), Text("{} 步", "{} steps"))
END_KINDS: Final = (Text("{} 种结局", "{} end"), Text("{} 种结局", "{} ends"))
IN_SHORT: Final = Text("一共", "in all")
USED_BY: Final = Text("用在", "used by")

QUESTIONS: Final = Text("要问的问题", "Questions to ask")
ASK: Final = Text("问题", "question")
ASKED_OF: Final = Text("谁回答", "who answers")
ANSWERS: Final = Text("答案", "answers")
IN_STEPS: Final = Text("步骤", "steps")
FROM_ORDER: Final = Text("从订单记录里看，不用问：{}", "Looked up in the order record, not asked: {}")
NO_QUESTIONS: Final = Text("这个流程不问问题。", "This flow asks nothing.")
KINDS: Final = {
    "count": Text("个数", "a number"),
    "money": Text("金额（元）", "an amount (CNY)"),
    "rate": Text("百分比", "a percentage"),
    "instant": Text("日期和时间", "a date and time"),
    "duration": Text("时长", "a length of time"),
    "time_of_day": Text("钟点", "a time of day"),
    "party": Text("责任方", "a party"),
}

DECISIONS: Final = Text("一步一步判断", "Decisions, step by step")
STEP: Final = Text("步骤 {}", "step {}")
END: Final = Text("结局 {}", "end {}")
CHAPTER: Final = Text("第 {} 章", "chapter {}")
BACK_TO_USER: Final = Text("回到主流程", "back to the flow")
IS_SUB_FLOW: Final = Text("走子流程", "use the sub-flow")
DO: Final = Text("做", "do")
AFTER: Final = Text("{0}（先{1}）", "{0} (first: {1})")
BY: Final = Text("{0}（{1}）", "{0} ({1})")
ALSO: Final = Text("另外要做", "also owed")
WAIT: Final = Text("等到", "wait until")
WITHIN: Final = Text("时限", "deadline")
NO_LIMIT: Final = Text("不限时", "no deadline")
IF_LATE: Final = Text("逾期", "if late")
LATE_AT: Final = Text("{}逾期：", "late at {}: ")
NOT_ANSWERED: Final = Text("{}仍无答复 → ", "still no answer to {} → ")
ALWAYS: Final = Text("接着", "then")
OFFERS: Final = Text("可选", "on offer")
AMOUNT_OFFERED: Final = Text("金额", "amount")
OFFERED_IF: Final = Text("{0}（须{1}）", "{0} (only if {1})")
AT_MOST: Final = Text("{0}，最多 {1}", "{0}, at most {1}")
NEXT: Final = Text("下一步", "next")
OTHERS: Final = Text("其他", "any other")
OTHERS_AS: Final = Text("其他（如{}）", "any other, such as {}")
OTHERWISE: Final = Text("否则", "otherwise")
ANY: Final = Text("不论哪种", "any")
ALL_OTHERS: Final = Text("其他情况", "in all other cases")
FIRST_FITS: Final = Text("从上往下看，第一行符合的为准。", "Read from the top: the first row that fits holds.")
WHERE: Final = Text("子流程走到", "in the sub-flow at")
SAME_STEP: Final = Text("留在本步骤", "stay in this step")
ASK_AGAIN: Final = Text("重问：{}", "ask again: {}")
TAKEN_AS: Final = Text("记为：{}", "taken as: {}")
COUNTS_AS: Final = Text("{0}视为“{1}”", "{0}: taken as {1}")
COUNTED_AS: Final = Text("视为“{}”", "taken as {}")
COUNTS_AS_FIGURE: Final = Text("{0}视为 {1}", "{0}: taken as {1}")
IS: Final = Text("{0}＝{1}", "{0} = {1}")
COUNTED_UP: Final = Text("{}加 {}", "{} plus {}")
NEW_DEADLINE: Final = Text("重新计时", "the deadline starts anew")
HOLDS_HERE: Final = Text("此时", "holds from here")

ENDS: Final = Text("结局", "Ends")
END_HEAD: Final = Text("结局与走法", "end, and the way there")
PAYER: Final = Text("责任与运费", "liable, postage")
MONEY: Final = Text("退款", "refund")
DO_AND_WHEN: Final = Text("要做的事与时限", "to do, deadline")
INTERRUPTED: Final = Text("随时：{}", "at any time: {}")
ENTERED_ON: Final = Text("{0}→{1}（{2}）", "{0} → {1} ({2})")
REOPENS: Final = Text("{0}内若{1} → ", "within {0}, if {1} → ")
REASON: Final = Text("理由", "reason")
LIABLE: Final = Text("责任", "liable")
UNDECIDED: Final = Text("未定", "undecided")
AS_BEFORE: Final = Text("其余按转来前已定的", "the rest: as settled before")
LIABLE_IS: Final = Text("责任：{}", "liable: {}")
LEG_IS: Final = Text("{0}：{1}", "{0}: {1}")
BEARS: Final = Text("{}承担", "{}")
NOTHING_TO_BEAR: Final = Text("无需承担", "nothing to bear")
AS_ANSWERED: Final = Text("按“{}”的回答", "as '{}' is answered")
ADVANCED: Final = Text("{0}，{1}垫付", "{0}, advanced by {1}")
OR_ADVANCED: Final = Text("{0}，可能由{1}垫付", "{0}, possibly advanced by {1}")
UNINSURED: Final = Text("{0}，保险不赔", "{0}, not insured")
BACK: Final = Text("买家垫付的{}", "what the buyer advanced: {}")
BACK_IF: Final = Text("买家垫付的{}（不归买家承担时）", "what the buyer advanced, where it is not the buyer's: {}")
ONLY_AFTER: Final = Text("{0}（走过{1}才有）", "{0} (only after {1})")
QUOTED: Final = Text("“{}”", '"{}"')
BACK_INSURED: Final = Text(
    "买家垫付的{}（减去运费险已赔的）", "what the buyer advanced, less what the freight insurance has paid: {}"
)
BACK_INSURED_IF: Final = Text(
    "买家垫付的{}（不归买家承担时，减去运费险已赔的）",
    "what the buyer advanced, where it is not the buyer's, less what the freight insurance has paid: {}",
)
REST: Final = Text("{}其余", "{} the rest")
SHARE: Final = Text("{0} {1}", "{0} {1}")
NO_REFUND: Final = Text("不退款", "no refund")
NO_GOODS_REFUND: Final = Text("不退货款", "no refund of goods")
AS_SETTLED: Final = Text("照转来前已定的（没有的不退）", "as settled before, if anything")
LESS: Final = Text("其中已扣：{}", "already taken off: {}")
CHARGE: Final = Text("应收（已付的不再收）：{}", "due from the buyer (unless already paid): {}")
RECOVER: Final = Text("向{0}追：{1}", "from {0}: {1}")
AMOUNT: Final = Text("{0}＝{1}", "{0} = {1}")
CAPPED: Final = Text("{0}，至多 {1}", "{0}, at most {1}")

TALK: Final = Text("怎么说", "What to say")
MATTER: Final = Text("什么时候", "when")
SCRIPT: Final = Text("话术", "script")
NO_SCRIPTS: Final = Text("这个流程没有对买家说的话。", "Nothing is said to the buyer in this flow.")
SLOT: Final = Text("〔{}〕", "[{}]")
SLOTS: Final = {
    "refund_due": Text("现在应退金额", "amount due now"),
    "refund_total": Text("退款总额", "total refund"),
    "due": Text("期限", "deadline"),
}
NEVER: Final = Text("这里尤其不能说、不能做", "Never here")
NEVER_ELSE: Final = Text("适用于所有流程的，见第 {} 章。", "What holds in every flow: chapter {}.")

CASES: Final = Text("案例", "Worked cases")
CASE: Final = Text("案例 {}", "case {}")
#: Behind a title that stands on a further page once more.
CONTINUED: Final = Text("（续）", " (continued)")
NO_CASES: Final = Text("这个流程还没有案例。", "There is no worked case of this flow yet.")
ORDER: Final = Text("订单", "order")
GOODS: Final = Text("{0} × {1}，实付 {2}", "{0} × {1}, paid {2}")
GOODS_PRICED: Final = Text("{0} × {1}，应付 {2}", "{0} × {1}, price {2}")
GOODS_UNPAID: Final = Text("{0} × {1}", "{0} × {1}")
POSTAGE_PAID: Final = Text("运费 {}", "postage {}")
CLAIM: Final = Text("申请", "claim")
PATH: Final = Text("怎么走的", "the way")
AT: Final = Text("时间", "time")
WHY: Final = Text("因为", "because")
OPENED: Final = Text("受理", "opened")
SILENT: Final = Text("逾期未答：{}", "not answered in time: {}")
DEADLINE_PASSED: Final = Text("期限已过", "the deadline passed")
DEADLINE_PASSED_AT: Final = Text("“{}”期限已过", "the deadline passed at '{}'")
TOO_LATE: Final = Text("过了期限，结果不变", "too late, stays as it is")
ANSWERED: Final = Text("{0}：{1}", "{0}: {1}")
CHOSEN: Final = Text("店里定了“{}”", "the shop chose '{}'")
ANEW: Final = Text("再问，{}", "asked again, {}")
RESULT: Final = Text("判定", "decided")
STATUS: Final = {
    "open": Text("处理中", "open"),
    "settled": Text("已有结果，事项未办完", "settled, actions left"),
    "closed": Text("已办结", "closed"),
}
POSTAGE: Final = Text("运费", "postage")
LEG_ADVANCED: Final = Text("垫付", "advanced by")
LEG_BORNE: Final = Text("承担", "borne by")
LEG_AMOUNT: Final = Text("金额", "amount")
LEG_INSURED: Final = Text("保险赔", "insurer pays")
REFUND_LINE: Final = Text("金额项目", "money")
DERIVATION: Final = Text("怎么算的", "how it came about")
TOTAL: Final = Text("退款合计", "refund in all")
CHARGED: Final = Text("应收（已付的不再收）：{}", "due from the buyer (unless already paid): {}")
CHARGED_BACK: Final = Text("买家已付，退回：{}", "paid by the buyer, goes back: {}")
RECOVERED: Final = Text("追偿：{}", "recover: {}")
EQUALS: Final = Text("= {}", "= {}")
BETWEEN: Final = Text("{0}{1}{2}", "{0}{1}{2}")
LISTED: Final = Text("{0} 和 {1}", "{0} and {1}")
CHOSEN_OF: Final = {
    "max": Text("{} 中最高者", "the highest of {}"),
    "min": Text("{} 中最低者", "the lowest of {}"),
}
CHOSEN_OF_TWO: Final = {
    "max": Text("{} 中较高者", "the higher of {}"),
    "min": Text("{} 中较低者", "the lower of {}"),
}
BOUND: Final = {
    "max": Text("{0}，不低于 {1}", "{0}, at least {1}"),
    "min": Text("{0}，不高于 {1}", "{0}, at most {1}"),
}
WAITS: Final = Text("待定，等：{}", "waits for: {}")
NEXT_ACTIONS: Final = Text("接着做", "to do next")
TO_ASK: Final = Text("还要问", "still to ask")
UNTIL: Final = Text("{0}，最迟 {1}", "{0}, by {1}")

# ── reference ──
FIGURES: Final = Text("数字表", "Figures")
FIGURE: Final = Text("数字", "figure")
VALUE: Final = Text("值", "value")
BOUNDS: Final = Text("上下限", "bounds")
FLOOR: Final = Text("不低于 {}", "at least {}")
CEILING: Final = Text("不高于 {}", "at most {}")
ON_PLATFORM: Final = Text("{0}：{1}", "{0}: {1}")
SAMPLE_SHOP: Final = Text("示例店铺：{}", "sample shop: {}")
FOR_SHOP: Final = Text("店铺 {0}：{1}", "shop {0}: {1}")
FROM_DAY: Final = Text("{1} 起 {0}", "{0} from {1}")
UNTIL_DAY: Final = Text("{1} 止 {0}", "{0} until {1}")
FROM_TO: Final = Text("{1} 至 {2} {0}", "{0} from {1} to {2}")
NONE_FOUND: Final = Text("没有规定（按 0）", "no rule found (0)")
UP_TO: Final = Text("不超过 {0} 时 {1}", "{1} up to {0}")
BELOW: Final = Text("不到 {0} 时 {1}", "{1} below {0}")
ELSE: Final = Text("其余 {}", "else {}")
FOR_OTHERS: Final = Text("其他：{}", "any other: {}")
AT_LEAST_PAY: Final = Text("{0}，最少 {1}", "{0}, at least {1}")
AT_MOST_PAY: Final = Text("{0}，最多 {1}", "{0}, at most {1}")
TIERS_ON: Final = Text("按“{}”分档", "tiers by: {}")
REGISTERS: Final = Text("登记表", "Registers")
REGISTER: Final = Text("表", "register")
EVERY: Final = Text("多久一次", "how often")
HOW_OFTEN: Final = {
    "at_once": Text("当场", "at once"),
    "day": Text("每天", "every day"),
    "week": Text("每周", "every week"),
    "month": Text("每月", "every month"),
}
RECEIVER: Final = Text("交给", "goes to")
ENTERED_BY: Final = Text("哪些事要登记", "what is entered")
COLUMNS: Final = Text("栏目", "columns")
SOURCES: Final = Text("依据", "Sources")
SOURCE_ID: Final = Text("编号", "id")
SOURCE_TITLE: Final = Text("内容", "what it says")
SOURCE_LAYER: Final = Text("层级", "layer")
SOURCE_DATE: Final = Text("日期", "date")
GLOSSARY: Final = Text("中英文词汇", "Glossary")
GLOSSARY_NOTE: Final = Text("按类别；中文按拼音顺序。", "By kind, in the order of the English words.")
CHINESE: Final = Text("中文", "Chinese")
ENGLISH: Final = Text("English", "English")
KIND_PEOPLE: Final = Text("角色与各方", "Roles and parties")
KIND_OUTCOMES: Final = Text("结果", "Outcomes")
KIND_LEGS: Final = Text("运费", "Postage")
KIND_FLOWS: Final = Text("流程", "Flows")
KIND_FACTS: Final = Text("事实", "Facts")
KIND_ACTIONS: Final = Text("动作", "Actions")
KIND_STATES: Final = Text("步骤与结局", "Steps and ends")
