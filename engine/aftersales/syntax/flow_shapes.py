"""The shapes of a flow file: targets, branches, deadlines, offers and states."""

from __future__ import annotations

from typing import Final

from aftersales.dataclass import replace
from aftersales.source import Span
from aftersales.syntax.atoms import ExprText, Name, TextSyntax
from aftersales.syntax.flow import (
    AnytimeSyntax,
    BranchSyntax,
    ByTimeSyntax,
    CascadeSyntax,
    CountSyntax,
    EndSyntax,
    ExitSyntax,
    FlowSyntax,
    LateSyntax,
    OfferSyntax,
    OptionSyntax,
    ReopenSyntax,
    RowSyntax,
    StateSyntax,
    TableSyntax,
    TargetSyntax,
    TodoSyntax,
    UseSyntax,
    WithinDaysSyntax,
    WithinHoursSyntax,
    WithinSyntax,
)
from aftersales.syntax.leaves import BETWEEN, BOTH, COUNT, EXPR, FLAG, LENGTH, NAME, NAMES, VALUE
from aftersales.syntax.records import Got, Record, defaulted, optional, required
from aftersales.syntax.shapes import ByKey, ByKind, Keyed, Lazy, Listed, Made, RefusedError, Shape
from aftersales.syntax.terms_shapes import TERMS_FIELDS, terms
from aftersales.syntax.vocabulary_shapes import ANSWERS, FACTS
from aftersales.text import Text

_TARGET: Final = Text("去向", "a target")
_SOURCES: Final = defaulted("sources", NAMES, (), "依据", "the sources that stand behind it")

# targets -------------------------------------------------------------------------------------------------------------

_TO: Final = optional("to", NAME, "去往的状态", "the state it leads to")
_FLOW: Final = optional("flow", NAME, "移交给的流程", "the flow that the case is handed over to, for good")
_EXIT: Final = optional("exit", NAME, "子流程的出口", "the exit by which a sub-flow is left")
_FORGET: Final = defaulted("forget", NAMES, (), "作废、需重问的事实", "facts that are forgotten, to be asked again")
_TAKE: Final = defaulted(
    "take", ANSWERS, (), "视为已回答的事实", "facts taken as answered (silence recorded as an answer)"
)
_ADD: Final = defaulted(
    "add",
    Keyed(Text("计数", "counters"), NAME, COUNT, lambda fact, count, _: CountSyntax(fact, count)),
    (),
    "计数加几",
    "what is added to counters",
)
_RESTART: Final = defaulted("restart", FLAG, default=False, zh="重新计时", en="the state's deadline begins anew")
_FIRST: Final = optional(
    "first", Lazy(lambda: CASCADE), "自上而下第一个成立的分支", "branches; the first whose condition holds is taken"
)
_BY: Final = optional("by", Lazy(lambda: TABLE), "按一个事实的值分支", "branches by the value of one choice or flag")
_ON_THE_WAY: Final = (_FORGET, _TAKE, _ADD, _RESTART, _SOURCES)
_SIMPLE_FIELDS: Final = (_TO, _FLOW, _EXIT, *_ON_THE_WAY)
_TARGET_FIELDS: Final = (_TO, _FLOW, _EXIT, _BY, _FIRST, *_ON_THE_WAY)
_SIMPLE_WAYS: Final = ("to", "flow", "exit")
_WAYS: Final = ("to", "flow", "exit", "by", "first")


def _target(got: Got) -> TargetSyntax:
    """Return the target that a record's keys spell."""
    nested = (got[_BY] or got[_FIRST]) if _BY.key in got.values else None
    return TargetSyntax(
        span=got.span,
        to=got[_TO],
        flow=got[_FLOW],
        exit=got[_EXIT],
        nested=nested,
        forget=got[_FORGET],
        take=got[_TAKE],
        add=got[_ADD],
        restart=got[_RESTART],
        sources=got[_SOURCES],
    )


_NAMED: Final = Made(NAME, lambda name, span: TargetSyntax(span, to=name))
#: A target that is no table of its own.
_SIMPLE: Final = Record("simple_target", _TARGET, _SIMPLE_FIELDS, _target, one_of=(_SIMPLE_WAYS,))
SIMPLE_TARGET: Final[Shape[TargetSyntax]] = ByKind(_TARGET, scalar=_NAMED, mapping=_SIMPLE)
TARGET: Final[Shape[TargetSyntax]] = ByKind(
    _TARGET,
    scalar=_NAMED,
    mapping=Record("target", _TARGET, _TARGET_FIELDS, _target, one_of=(_WAYS,)),
)

_WHEN: Final = required("when", EXPR, "成立的条件", "the condition")
_OTHERWISE: Final = required("otherwise", TARGET, "其余情形", "where everything else leads")


def _otherwise(got: Got) -> BranchSyntax:
    """Return the branch for everything else; its sources may stand beside the word or in the target."""
    target = got[_OTHERWISE]
    return BranchSyntax(None, replace(target, sources=(*target.sources, *got[_SOURCES])), got.span)


BRANCH: Final[Shape[BranchSyntax]] = ByKey(
    Text("分支", "a branch"),
    (
        (
            "otherwise",
            Record(
                "otherwise",
                Text("otherwise 分支", "an otherwise branch"),
                (_OTHERWISE, _SOURCES),
                _otherwise,
            ),
        ),
        (
            "when",
            Record(
                "branch",
                Text("分支", "a branch"),
                (_WHEN, *_TARGET_FIELDS),
                lambda got: BranchSyntax(got[_WHEN], _target(got), got.span),
                one_of=(_WAYS,),
            ),
        ),
    ),
)


def _cascade(branches: tuple[BranchSyntax, ...], span: Span) -> CascadeSyntax:
    """Return the branches; nothing may follow ``otherwise``."""
    if any(branch.when is None for branch in branches[:-1]):
        raise RefusedError(Text("otherwise 之后不能再有分支", "nothing may stand behind otherwise"))
    return CascadeSyntax(branches, span)


CASCADE: Final[Shape[CascadeSyntax]] = Made(Listed(Text("分支列表", "a list of branches"), BRANCH), _cascade)
_ROWS: Final = Keyed(
    Text("取值及去向", "values with their targets"),
    VALUE,
    TARGET,
    lambda value, target, span: RowSyntax(None if value.text == "otherwise" else value, target, span),
)
TABLE: Final[Shape[TableSyntax]] = Made(
    Keyed(Text("一个事实", "one fact"), NAME, _ROWS, TableSyntax, single=True),
    lambda tables, _: tables[0],
)

# deadlines -----------------------------------------------------------------------------------------------------------

_DAYS: Final = required("days", EXPR, "自然日数", "calendar days: a number or a count expression")
_END_OF_DAY: Final = defaulted("end_of_day", FLAG, default=False, zh="到当日结束", en="until the end of the last day")
_HOURS: Final = required("hours", EXPR, "小时数", "hours: a number or a count expression")
_BETWEEN: Final = required("between", BETWEEN, "只计此时段", "the stretch of each day in which the hours run")
_BY_TIME: Final = required("by", NAME, "钟点参数", "a time-of-day param; past it, the next day")
_LIMIT: Final = Text("时限", "a time limit")
WITHIN: Final[Shape[WithinSyntax]] = ByKind(
    _LIMIT,
    scalar=LENGTH,
    mapping=ByKey(
        _LIMIT,
        (
            (
                "days",
                Record(
                    "within_days",
                    _LIMIT,
                    (_DAYS, _END_OF_DAY),
                    lambda got: WithinDaysSyntax(got[_DAYS], got[_END_OF_DAY], got.span),
                ),
            ),
            (
                "hours",
                Record(
                    "within_hours",
                    _LIMIT,
                    (_HOURS, _BETWEEN),
                    lambda got: WithinHoursSyntax(got[_HOURS], *got[_BETWEEN], got.span),
                ),
            ),
            ("by", Record("by_time", _LIMIT, (_BY_TIME,), lambda got: ByTimeSyntax(got[_BY_TIME], got.span))),
        ),
    ),
)


def _whatever(target: TargetSyntax, span: Span) -> tuple[LateSyntax, ...]:
    """Return the one entry of a ``late:`` that is a target."""
    return (LateSyntax(None, target, span),)


_LATE_BY_FACT: Final = Keyed(Text("逾期去向", "late targets by fact"), NAME, SIMPLE_TARGET, LateSyntax)
LATE: Final[Shape[tuple[LateSyntax, ...]]] = ByKind(
    Text("逾期去向", "a target, or facts with their targets"),
    scalar=Made(_NAMED, _whatever),
    mapping=ByKey(_TARGET, tuple((way, Made(_SIMPLE, _whatever)) for way in _SIMPLE_WAYS), otherwise=_LATE_BY_FACT),
)

# what is done and offered --------------------------------------------------------------------------------------------

_AFTER: Final = defaulted("after", NAMES, (), "排在哪些动作之后", "the actions that come first")
_ORDERED: Final = Keyed(
    Text("动作", "actions"),
    NAME,
    Record("after", Text("动作的先后", "an order of actions"), (_AFTER,), lambda got: got[_AFTER]),
    lambda action, after, _: TodoSyntax(action, after),
)
_TODO: Final[Shape[tuple[TodoSyntax, ...]]] = ByKind(
    Text("动作", "an action"), scalar=Made(NAME, lambda name, _: (TodoSyntax(name),)), mapping=_ORDERED
)
TODOS: Final[Shape[tuple[TodoSyntax, ...]]] = ByKind(
    Text("动作列表", "a list of actions"),
    sequence=Made(
        Listed(Text("动作列表", "a list of actions"), _TODO),
        lambda groups, _: tuple(todo for group in groups for todo in group),
    ),
    mapping=_ORDERED,
)

_AT_MOST: Final = required("at_most", EXPR, "上限", "the greatest amount or count that may be answered")
_OFFERED: Final[Shape[tuple[tuple[OptionSyntax, ...], ExprText | None]]] = ByKey(
    Text("可选的方案", "options with their conditions"),
    (
        (
            "at_most",
            Record("bound", Text("上限", "a bound"), (_AT_MOST,), lambda got: ((), got[_AT_MOST])),
        ),
    ),
    otherwise=Made(
        Keyed(
            Text("可选的方案", "options with their conditions"),
            VALUE,
            EXPR,
            lambda value, condition, _: OptionSyntax(value, condition),
        ),
        lambda options, _: (options, None),
    ),
)
OFFERS: Final = Keyed(
    Text("可以回答什么", "facts with what may be answered"),
    NAME,
    _OFFERED,
    lambda fact, offered, span: OfferSyntax(fact, *offered, span),
)

# states --------------------------------------------------------------------------------------------------------------

_EXITS_TO: Final = defaulted(
    "exits",
    Keyed(Text("出口及去向", "exits with their targets"), NAME, TARGET, ExitSyntax),
    (),
    "子流程各出口的去向",
    "where each exit of the sub-flow leads",
)
_STATE_WITHIN: Final = optional("within", WITHIN, "时限", "the deadline, counted from entry")
_REOPEN_WITHIN: Final = required("within", WITHIN, "了结后多久之内", "how long after the settlement")
REOPEN: Final = Record(
    "reopen",
    Text("重开的情形", "a reopening"),
    (_WHEN, _REOPEN_WITHIN, *_SIMPLE_FIELDS),
    lambda got: ReopenSyntax(got[_WHEN], got[_REOPEN_WITHIN], _target(got), got.span),
    one_of=(_SIMPLE_WAYS,),
)
_TITLE: Final = optional("title", BOTH, "标题", "the title that people read")
_DO: Final = defaulted("do", TODOS, (), "在此应做的动作", "the actions owed where the case rests")
_DUTIES: Final = defaulted("duties", NAMES, (), "从此应尽的义务", "actions owed from here on, once a case")
_OFFER: Final = defaulted("offer", OFFERS, (), "可以回答什么", "what may be answered here")
_LATE: Final = defaulted("late", LATE, (), "逾期去向", "where the case goes when the deadline has passed")
_NO_DEADLINE: Final = optional("no_deadline", BOTH, "为何没有时限", "why there is no deadline")
_UNTIL: Final = optional("until", EXPR, "等到此条件成立", "rest here until this holds")
_STATE_TO: Final = optional("to", TARGET, "去往哪里", "where it always leads")
_USE: Final = optional("use", NAME, "套用的子流程", "the sub-flow that is copied in here")
_OUTCOME: Final = optional("outcome", NAME, "结果（此状态是终点）", "the outcome; makes the state an end")
_REASON: Final = optional("reason", BOTH, "拒绝的理由", "the reason that is told")
_REOPEN: Final = defaulted(
    "reopen",
    Listed(Text("重开情形列表", "a list of reopenings"), REOPEN),
    (),
    "何时重开",
    "when a settled case goes on",
)


def _state(got: Got) -> StateSyntax:
    """Return a state; without a title only where it uses a sub-flow."""
    if got[_TITLE] is None and got[_USE] is None:
        raise RefusedError(Text("状态缺少键 title", "a state lacks its key title"))
    return StateSyntax(
        name=got.name,
        span=got.span,
        title=got[_TITLE],
        sources=got[_SOURCES],
        do=got[_DO],
        duties=got[_DUTIES],
        offers=got[_OFFER],
        within=got[_STATE_WITHIN],
        late=got[_LATE],
        no_deadline=got[_NO_DEADLINE],
        until=got[_UNTIL],
        leads=got[_STATE_TO] or got[_FIRST] or got[_BY],
        use=_use(got[_USE], got[_EXITS_TO], got.span),
        end=_end(got[_OUTCOME], got[_REASON], got.span),
        terms=terms(got),
        reopen=got[_REOPEN],
    )


def _use(flow: Name | None, exits: tuple[ExitSyntax, ...], span: Span) -> UseSyntax | None:
    """Return the use of a sub-flow, where there is one."""
    return UseSyntax(flow, exits, span) if flow else None


def _end(outcome: Name | None, reason: TextSyntax | None, span: Span) -> EndSyntax | None:
    """Return the end, where the state is one."""
    return EndSyntax(outcome, reason, span) if outcome else None


STATE: Final = Record(
    "state",
    Text("状态", "a state"),
    (
        _TITLE, _SOURCES, _DO, _DUTIES, _OFFER, _STATE_WITHIN, _LATE, _NO_DEADLINE, _UNTIL, _STATE_TO, _BY, _FIRST, _USE,
        _EXITS_TO, _OUTCOME, _REASON, *TERMS_FIELDS, _REOPEN,
    ),
    _state,
    one_of=(("to", "by", "first", "use", "outcome"),),
    most_one_of=(
        ("within", "no_deadline"), ("outcome", "until"),
        *(("use", key) for key in ("until", "do", "offer", "within", "no_deadline")),
    ),
    needs={"exits": "use", "reason": "outcome", "late": "within", "reopen": "outcome"},
)  # fmt: skip

_FLOW_NAME: Final = required("flow", NAME, "流程名，与文件名相同", "the flow's name, the same as the file's")
_FLOW_TITLE: Final = required("title", BOTH, "标题", "the title that people read")
_START: Final = required("start", NAME, "起始状态", "the state it begins in")
_EXITS: Final = optional("exits", NAMES, "作为子流程的出口", "its exits; makes it a sub-flow")
_ON: Final = required("on", NAME, "触发的事实", "the flag that fires it")
_ANYTIME: Final = defaulted(
    "anytime",
    Listed(
        Text("随时触发的列表", "a list of interrupts"),
        Record(
            "anytime",
            Text("随时触发", "an interrupt"),
            (_ON, *_SIMPLE_FIELDS),
            lambda got: AnytimeSyntax(got[_ON], _target(got), got.span),
            one_of=(_SIMPLE_WAYS,),
        ),
    ),
    (),
    "随时可能发生的事",
    "what can happen wherever the case rests",
)
_FLOW_FACTS: Final = defaulted("facts", FACTS, (), "只在此流程使用的事实", "facts that only this flow uses")
_STATES: Final = required(
    "states",
    Keyed(Text("状态", "states"), NAME, STATE, lambda _name, state, _span: state),
    "全部状态",
    "its states",
)
FLOW_FILE: Final = Record(
    "flow_file",
    Text("流程文件", "a flow file"),
    (_FLOW_NAME, _FLOW_TITLE, _SOURCES, _START, _EXITS, _ANYTIME, _FLOW_FACTS, _STATES),
    lambda got: FlowSyntax(
        name=got[_FLOW_NAME],
        title=got[_FLOW_TITLE],
        start=got[_START],
        states=got[_STATES],
        span=got.span,
        sources=got[_SOURCES],
        exits=got[_EXITS],
        anytime=got[_ANYTIME],
        facts=got[_FLOW_FACTS],
    ),
)
