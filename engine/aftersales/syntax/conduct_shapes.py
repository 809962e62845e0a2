"""The shape of ``conduct.yaml``."""

from __future__ import annotations

from typing import Final

from aftersales.syntax.conduct import (
    AnswerWithinSyntax,
    ConductFileSyntax,
    ConductRuleSyntax,
    PenaltySyntax,
    PhaseSyntax,
    PhrasesSyntax,
)
from aftersales.syntax.leaves import BETWEEN, BOTH, COUNT, DURATION, EXPR, MONEY, NAME, NAMES, TEXT
from aftersales.syntax.records import Got, Record, defaulted, optional, required
from aftersales.syntax.shapes import Listed, RefusedError
from aftersales.syntax.vocabulary_shapes import keyed
from aftersales.text import Text

_LISTED: Final = Listed(Text("说法列表", "a list of phrases"), TEXT)
_ZH: Final = defaulted("zh", _LISTED, (), "中文说法", "phrases in Chinese")
_EN: Final = defaulted("en", _LISTED, (), "英文说法", "phrases in English")
PHRASES: Final = Record(
    "phrases",
    Text("中英文说法", "phrases by language"),
    (_ZH, _EN),
    lambda got: PhrasesSyntax(got[_ZH], got[_EN]),
)

_POINTS: Final = optional("points", COUNT, "扣几分", "how many points the shop loses")
_UP_TO: Final = optional("up_to", COUNT, "最多扣几分", "how many points at most, where it is not always the same")
_MONEY: Final = optional("money", MONEY, "罚多少钱", "how much money the shop loses")
_PLATFORMS: Final = defaulted("platforms", NAMES, (), "哪些平台，不写为全部", "on which platforms, else on all")
_PARAM: Final = optional("param", NAME, "按哪个金额参数赔付", "the money param that says how much is paid")
_PAID_BY: Final = optional("source", NAME, "依据", "the source that stands behind it")
_SOURCE: Final = required("source", NAME, "依据", "the source that stands behind it")


def _penalty(got: Got) -> PenaltySyntax:
    """Return a penalty; a figure that stands here names its source."""
    if got[_PAID_BY] is None and got[_PARAM] is None:
        raise RefusedError(Text("处罚要写明依据", "a penalty names its source"), Text("写上 source", "give source"))
    return PenaltySyntax(
        source=got[_PAID_BY],
        span=got.span,
        points=got[_POINTS],
        up_to=got[_UP_TO],
        param=got[_PARAM],
        money=got[_MONEY],
        platforms=got[_PLATFORMS],
    )


PENALTY: Final = Record(
    "penalty",
    Text("处罚", "a penalty"),
    (_POINTS, _UP_TO, _MONEY, _PARAM, _PLATFORMS, _PAID_BY),
    _penalty,
    one_of=(("points", "money", "param"),),
    needs={"up_to": "points"},
)

_WITHIN: Final = required("within", DURATION, "多久之内答复", "how soon a message is answered")
_BETWEEN: Final = required("between", BETWEEN, "每天几点到几点", "between which times of day")
ANSWER: Final = Record(
    "answer_within",
    Text("答复时限", "how soon to answer"),
    (_WITHIN, _BETWEEN),
    lambda got: AnswerWithinSyntax(got[_WITHIN], got[_BETWEEN], got.span),
)

_TITLE: Final = required("title", BOTH, "规则", "the rule, as people read it")
_PENALTIES: Final = defaulted(
    "penalties", Listed(Text("处罚列表", "a list of penalties"), PENALTY), (), "违反的代价", "what breaking it costs"
)
_WORDS: Final = defaulted(
    "words", PHRASES, PhrasesSyntax(), "任何话术都不能出现的说法", "phrases that no action and no reason may hold"
)
_ALLOW: Final = defaulted(
    "allow", PHRASES, PhrasesSyntax(), "含有禁语但说得对的说法", "right phrases that hold a forbidden one"
)
_LONGEST: Final = optional(
    "longest_number", COUNT, "话术里的数字最长几位", "how many digits in a row a text may hold at most"
)
_ACTIONS: Final = defaulted("actions", NAMES, (), "任何流程都不能有的动作", "actions that no flow may contain")
_EXEMPT: Final = defaulted("exempt", NAMES, (), "不受禁语约束的动作", "actions that the phrases do not bind")
_NEAR: Final = optional("near", EXPR, "什么情况下快要违反", "when a case is near to breaking it")
_LAST_DAY: Final = optional(
    "last_day", NAME, "最后一天提醒：due 或一个时间点", "warns on the last day: due, or an instant fact"
)
_ANSWER: Final = optional("answer", ANSWER, "多快答复买家", "how soon the buyer is answered")
#: A rule says at least one of these: what nobody can check does not stand here.
_CHECKED: Final = (_WORDS, _LONGEST, _ACTIONS, _NEAR, _LAST_DAY, _ANSWER)


def _rule(got: Got) -> ConductRuleSyntax:
    """Return a rule; one that says nothing that can be checked is refused."""
    if all(not got[each] or got[each] == PhrasesSyntax() for each in _CHECKED):
        keys = [each.key for each in _CHECKED]
        raise RefusedError(
            Text("这条规则没有可以核对的内容", "this rule says nothing that can be checked"),
            Text(f"写上 {'、'.join(keys)} 之一", f"give one of {', '.join(keys)}"),
        )
    return ConductRuleSyntax(
        name=got.name,
        title=got[_TITLE],
        source=got[_SOURCE],
        span=got.span,
        platforms=got[_PLATFORMS],
        penalties=got[_PENALTIES],
        words=got[_WORDS],
        allow=got[_ALLOW],
        longest_number=got[_LONGEST],
        actions=got[_ACTIONS],
        exempt=got[_EXEMPT],
        near=got[_NEAR],
        last_day=got[_LAST_DAY],
        answer=got[_ANSWER],
    )


CONDUCT_RULE: Final = Record(
    "conduct_rule",
    Text("行为规则", "a rule of conduct"),
    (
        *(_TITLE, _SOURCE, _PLATFORMS, _PENALTIES, _WORDS, _ALLOW),
        *(_LONGEST, _ACTIONS, _EXEMPT, _NEAR, _LAST_DAY, _ANSWER),
    ),
    _rule,
)
_RULES: Final = required(
    "rules", keyed(Text("行为规则", "rules of conduct"), CONDUCT_RULE), "全部行为规则", "the rules of conduct"
)
_SPEAKERS: Final = defaulted(
    "speakers", NAMES, (), "对买家说话的角色：其动作要有话术", "roles that face the buyer: their actions have words"
)
_PHASE_TITLE: Final = required("title", BOTH, "阶段的名称", "what the phase is called")
_MEANS: Final = required("means", BOTH, "这个阶段要做到什么", "what the phase means")
_DONE_THERE: Final = defaulted("actions", NAMES, (), "这个阶段的动作", "the actions of the phase")
PHASE: Final = Record(
    "phase",
    Text("服务阶段", "a phase of the service"),
    (_PHASE_TITLE, _MEANS, _DONE_THERE),
    lambda got: PhaseSyntax(got.name, got[_PHASE_TITLE], got[_MEANS], got[_DONE_THERE]),
)
_RHYTHM: Final = defaulted(
    "rhythm",
    keyed(Text("服务节奏", "the phases of the service"), PHASE),
    (),
    "每个案件的节奏",
    "the rhythm of every case",
)
CONDUCT_FILE: Final = Record(
    "conduct_file",
    Text("conduct.yaml", "conduct.yaml"),
    (_SPEAKERS, _RHYTHM, _RULES),
    lambda got: ConductFileSyntax(got[_RULES], got[_SPEAKERS], got[_RHYTHM]),
)
