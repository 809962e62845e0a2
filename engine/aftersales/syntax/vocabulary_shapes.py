"""The shapes of the vocabulary files: policy, facts, params with their overlays, actions, sources."""

from __future__ import annotations

from typing import Final, Literal, TypeVar

from aftersales.source import Span
from aftersales.syntax.atoms import AnswerSyntax, Name, TextSyntax
from aftersales.syntax.leaves import (
    BOTH,
    DAY,
    EXPR,
    FLAG,
    MONEY,
    MONEY_OR_RATE,
    NAME,
    VALUE,
    VALUE_OR_NULL,
    one_of,
)
from aftersales.syntax.list_shapes import CADENCE, LIST
from aftersales.syntax.records import Field, Got, Record, defaulted, optional, required
from aftersales.syntax.shapes import ByKind, Keyed, Listed, Made, RefusedError, Shape
from aftersales.syntax.vocabulary import (
    ActionsFileSyntax,
    ActionSyntax,
    FactsFileSyntax,
    FactSyntax,
    LegSyntax,
    OverlayParamSyntax,
    OverlaySyntax,
    ParamSyntax,
    PeriodSyntax,
    PolicyFileSyntax,
    SourceSyntax,
    TierSyntax,
    TitledSyntax,
    ValueSyntax,
)
from aftersales.text import Text

T = TypeVar("T")

KINDS: Final = ("flag", "choice", "count", "money", "rate", "instant", "duration", "time_of_day", "party")
_KIND: Final = one_of(Text("类型", "a type"), *KINDS)
_TITLE: Final = required("title", BOTH, "标题", "the title that people read")
#: Values with titles (choices and flags), or the words of a party fact.
_VALUES: Final[Shape[tuple[ValueSyntax, ...]]] = ByKind(
    Text("取值", "values"),
    sequence=Made(
        Listed(Text("词的列表", "a list of words"), VALUE),
        lambda words, _: tuple(ValueSyntax(word, None, word.span) for word in words),
    ),
    mapping=Keyed(Text("取值", "values"), VALUE, BOTH, ValueSyntax),
)


def keyed(what: Text, record: Record[T]) -> Keyed[Name, T, T]:
    """Return the shape of named things: a set of keys, each with a record."""
    return Keyed(what, NAME, record, lambda _name, made, _span: made)


# facts ---------------------------------------------------------------------------------------------------------------

_FACT_TYPE: Final = required("type", _KIND, "类型", "what kind of value it has")
_FROM: Final = optional("from", NAME, "谁来回答", "who answers: a role, a party, order or policy")
_ASK: Final = optional("ask", BOTH, "提问的话", "the question that is asked")
_FACT_VALUES: Final = defaulted("values", _VALUES, (), "可取的值及其标题", "the values with their titles")
_MIN: Final = optional("min", VALUE, "最小值", "the least value")
_MAX: Final = optional("max", VALUE, "最大值", "the greatest value")
_IS: Final = optional("is", EXPR, "由其他事实推出", "the expression that derives it from other facts")
_COMPUTED: Final = defaulted("computed", FLAG, default=False, zh="由订单记录算出", en="computed from the order record")
_FACT_FLAG: Final = optional("flag", NAME, "为 null 时为否的事实", "the flag that says whether there is a value at all")


def _fact(got: Got) -> FactSyntax:
    """Return a fact; the kind of its values must fit its type."""
    kind, values = got[_FACT_TYPE].text, got[_FACT_VALUES]
    _check_values(kind, values)
    if kind not in {"count", "money"} and (got[_MIN] or got[_MAX]):
        raise RefusedError(Text("只有 count 和 money 有 min、max", "only a count or money has min and max"))
    return FactSyntax(
        name=got.name,
        type=got[_FACT_TYPE],
        title=got[_TITLE],
        span=got.span,
        answered_by=got[_FROM],
        ask=got[_ASK],
        values=values,
        low=got[_MIN],
        high=got[_MAX],
        derived=got[_IS],
        computed=got[_COMPUTED],
        flag=got[_FACT_FLAG],
    )


def _check_values(kind: str, values: tuple[ValueSyntax, ...]) -> None:
    """Refuse values where the type has none, or none where it needs them."""
    if kind not in {"flag", "choice", "party"}:
        if values:
            raise RefusedError(Text(f"{kind} 没有 values", f"a {kind} has no values"))
        return
    if not values:
        raise RefusedError(Text(f"{kind} 缺少 values", f"a {kind} needs its values"))
    titled = [value.title is not None for value in values]
    if kind == "party" and any(titled):
        raise RefusedError(
            Text(
                "party 的 values 写成列表，标题在 policy.yaml",
                "a party's values are a list; policy.yaml has their titles",
            )
        )
    if kind != "party" and not all(titled):
        raise RefusedError(Text(f"{kind} 的每个值都要有标题", f"every value of a {kind} needs a title"))
    if kind == "flag" and sorted(value.value.text for value in values) != ["false", "true"]:
        raise RefusedError(Text("flag 的 values 是 true 和 false", "a flag's values are true and false"))


FACT: Final = Record(
    "fact",
    Text("事实", "a fact"),
    (_FACT_TYPE, _FROM, _TITLE, _ASK, _FACT_VALUES, _MIN, _MAX, _IS, _COMPUTED, _FACT_FLAG),
    _fact,
    most_one_of=(("is", "computed"),),
)
FACTS: Final = keyed(Text("事实", "facts"), FACT)

_FACTS: Final = required("facts", FACTS, "本策略的全部事实", "the facts that a case may know")
_LINE_FACTS: Final = defaulted(
    "line_facts", FACTS, (), "订单行的属性", "what each order line says besides quantity and paid"
)
_HOLDS: Final = defaulted(
    "holds",
    Listed(Text("条件列表", "a list of conditions"), EXPR),
    (),
    "必须成立的关系",
    "relations that every case keeps",
)
FACTS_FILE: Final = Record(
    "facts_file",
    Text("facts.yaml", "facts.yaml"),
    (_FACTS, _LINE_FACTS, _HOLDS),
    lambda got: FactsFileSyntax(got[_FACTS], got[_LINE_FACTS], got[_HOLDS], got.span),
)

# params --------------------------------------------------------------------------------------------------------------

_UP_TO: Final = optional("up_to", MONEY, "不超过此金额", "for amounts up to and including this")
_BELOW: Final = optional("below", MONEY, "低于此金额", "for amounts below this")
_PAY: Final = required("pay", MONEY_OR_RATE, "支付的金额或比率", "what is paid: an amount, or a rate of the amount")
_LEAST: Final = optional("min", MONEY, "至少支付", "the least that is paid")
_MOST: Final = optional("max", MONEY, "至多支付", "the most that is paid")
TIER: Final = Record(
    "tier",
    Text("一档", "a tier"),
    (_UP_TO, _BELOW, _PAY, _LEAST, _MOST),
    lambda got: TierSyntax(got[_UP_TO], got[_BELOW], got[_PAY], got[_LEAST], got[_MOST], got.span),
    most_one_of=(("up_to", "below"),),
)

_PART: Final = optional("value", VALUE, "数值", "the value")
_TIERS: Final = defaulted(
    "tiers",
    Listed(Text("分档列表", "a list of tiers"), TIER),
    (),
    "按金额分档",
    "a table by amount; the first row that fits",
)
_NONE_FOUND: Final = defaulted(
    "none_found",
    FLAG,
    default=False,
    zh="查无规则：按 0 计并警告",
    en="no rule was found: counts as 0, with a warning",
)
_SOURCE: Final = optional("source", NAME, "依据", "the source that stands behind the value")
_VALID_FROM: Final = optional("valid_from", DAY, "自此日起（含）", "the first day it holds")
_VALID_UNTIL: Final = optional("valid_until", DAY, "至此日止（含）", "the last day it holds")


def _period(got: Got) -> PeriodSyntax:
    """Return one period, or the undated value of a param that has no periods."""
    dates = (got[_VALID_FROM], got[_VALID_UNTIL]) if _VALID_FROM.key in got.values else (None, None)
    return PeriodSyntax(got.span, got[_PART], got[_TIERS], got[_NONE_FOUND], got[_SOURCE], *dates)


PERIOD: Final = Record(
    "period",
    Text("一个时期", "a period"),
    (_PART, _TIERS, _NONE_FOUND, _SOURCE, _VALID_FROM, _VALID_UNTIL),
    _period,
    one_of=(("value", "tiers", "none_found"),),
)
_PERIODS: Final = defaulted(
    "periods", Listed(Text("时期列表", "a list of periods"), PERIOD), (), "按日期分段的值", "values by date"
)
_VALUE_FIELDS: Final = (_PART, _TIERS, _PERIODS, _NONE_FOUND, _SOURCE)
_ONE_VALUE: Final = ("value", "tiers", "periods", "none_found")


def _periods(got: Got) -> tuple[PeriodSyntax, ...]:
    """Return the periods of a param, each with the param's source where it has none of its own."""
    if not got[_PERIODS]:
        return (_period(got),)
    return tuple(
        PeriodSyntax(
            each.span,
            each.value,
            each.tiers,
            each.none_found,
            each.source or got[_SOURCE],
            each.valid_from,
            each.valid_until,
        )
        for each in got[_PERIODS]
    )


_PARAM_TYPE: Final = required("type", _KIND, "类型", "what kind of value it has")
_PARAM_VALUES: Final = defaulted(
    "values", _VALUES, (), "可选的值及其标题", "the words a choice param may take, with titles"
)
_FLOOR: Final = optional("floor", VALUE, "下限（法定）", "no value may be below it")
_CEILING: Final = optional("ceiling", VALUE, "上限", "no value may be above it")
_DATED_BY: Final = optional("dated_by", NAME, "按哪个时间点选时期", "the instant fact that chooses the period")
_ON: Final = optional("on", NAME, "分档所依据的金额", "the money fact that the tiers look at")

PARAM: Final = Record(
    "param",
    Text("参数", "a param"),
    (_PARAM_TYPE, _TITLE, *_VALUE_FIELDS, _FLOOR, _CEILING, _DATED_BY, _ON, _PARAM_VALUES),
    lambda got: ParamSyntax(
        name=got.name,
        type=got[_PARAM_TYPE],
        title=got[_TITLE],
        periods=_periods(got),
        span=got.span,
        floor=got[_FLOOR],
        ceiling=got[_CEILING],
        dated_by=got[_DATED_BY],
        on=got[_ON],
        values=got[_PARAM_VALUES],
    ),
    one_of=(_ONE_VALUE,),
    needs={"tiers": "on"},
)
_PARAMS: Final = required(
    "params", keyed(Text("参数", "params"), PARAM), "全部参数", "the figures that law, platform or shop set"
)
PARAMS_FILE: Final = Record("params_file", Text("params.yaml", "params.yaml"), (_PARAMS,), lambda got: got[_PARAMS])

_OVERLAY_PARAM: Final = Record(
    "overlay_param",
    Text("参数的取值", "a param's value"),
    _VALUE_FIELDS,
    lambda got: OverlayParamSyntax(got.name, _periods(got), got.span),
    one_of=(_ONE_VALUE,),
)
_OVERLAY_PARAMS: Final = required(
    "params", keyed(Text("参数", "params"), _OVERLAY_PARAM), "在此改变的参数", "the params whose value differs here"
)


def _overlay(kind: Literal["platform", "shop"], what: Text, doc: Text) -> Record[OverlaySyntax]:
    """Return the shape of a file of ``platforms/`` or ``shops/``."""
    name: Field[Name] = required(kind, NAME, doc.zh, doc.en)
    return Record(
        f"{kind}_file",
        what,
        (name, _OVERLAY_PARAMS),
        lambda got: OverlaySyntax(kind, got[name], got[_OVERLAY_PARAMS], got.span),
    )


PLATFORM_FILE: Final = _overlay(
    "platform", Text("平台文件", "a platform file"), Text("哪个平台", "the platform it is for")
)
SHOP_FILE: Final = _overlay("shop", Text("店铺文件", "a shop file"), Text("哪家店", "the shop it is for"))

# actions and sources -------------------------------------------------------------------------------------------------

ANSWERS: Final = Keyed(
    Text("事实及其值", "facts with their values"), NAME, VALUE_OR_NULL, lambda fact, value, _: AnswerSyntax(fact, value)
)
_BY: Final = required("by", NAME, "谁做", "who does it: a role, a party, or a choice param over roles")
_SAY: Final = optional("say", BOTH, "要说的话", "what to say")
_GIVES: Final = defaulted("gives", ANSWERS, (), "做完即得知的事实", "facts that are told once it is done")
_PAYS: Final = defaulted("pays", FLAG, default=False, zh="付出款项", en="money leaves the seller")
_LIST: Final = optional("list", NAME, "登记到哪张表", "the list it is entered on")
_EVERY: Final = optional("every", CADENCE, "表多久交一次", "how often that list is handed in")
_TO: Final = optional("to", NAME, "表交给谁", "who gets that list")
_INTERNAL: Final = defaulted("internal", FLAG, False, "不面对买家，不需话术", "the buyer is told nothing")  # noqa: FBT003
ACTION: Final = Record(
    "action",
    Text("动作", "an action"),
    (_BY, _TITLE, _SAY, _INTERNAL, _GIVES, _PAYS, _LIST, _EVERY, _TO),
    lambda got: ActionSyntax(
        name=got.name,
        by=got[_BY],
        title=got[_TITLE],
        span=got.span,
        say=got[_SAY],
        gives=got[_GIVES],
        pays=got[_PAYS],
        list=got[_LIST],
        every=got[_EVERY],
        to=got[_TO],
        internal=got[_INTERNAL],
    ),
    most_one_of=(("say", "internal"),),
    needs={"every": "list", "to": "list"},
)
_ACTIONS: Final = required("actions", keyed(Text("动作", "actions"), ACTION), "全部动作", "what people do")
_LISTS: Final = defaulted("lists", keyed(Text("登记表", "lists"), LIST), (), "全部登记表", "the lists cases go on")
ACTIONS_FILE: Final = Record(
    "actions_file",
    Text("actions.yaml", "actions.yaml"),
    (_ACTIONS, _LISTS),
    lambda got: ActionsFileSyntax(got[_ACTIONS], got[_LISTS]),
)

_LAYER: Final = required(
    "layer",
    one_of(Text("层级", "a layer"), "law", "platform", "shop", "document"),
    "层级：法律、平台、店铺或文件",
    "law, platform, shop or document",
)
_ARTICLE: Final = optional("article", VALUE, "条款", "the article")
_DATE: Final = optional("date", DAY, "生效或发布日期", "when it took effect or was published")
SOURCE: Final = Record(
    "source",
    Text("依据", "a source"),
    (_TITLE, _LAYER, _ARTICLE, _DATE),
    lambda got: SourceSyntax(got.name, got[_TITLE], got[_LAYER], got.span, got[_ARTICLE], got[_DATE]),
)
_SOURCES: Final = required(
    "sources", keyed(Text("依据", "sources"), SOURCE), "全部依据", "laws, platform rules, shop choices and documents"
)
SOURCES_FILE: Final = Record(
    "sources_file", Text("sources.yaml", "sources.yaml"), (_SOURCES,), lambda got: got[_SOURCES]
)

# policy --------------------------------------------------------------------------------------------------------------


def _titled(name: Name, title: TextSyntax, span: Span) -> TitledSyntax:
    return TitledSyntax(name, title, span)


def _titles(what: Text) -> Keyed[Name, TextSyntax, TitledSyntax]:
    """Return the shape of words with titles."""
    return Keyed(what, NAME, BOTH, _titled)


_AMOUNT: Final = optional("amount", NAME, "此程运费金额的事实", "the money fact that holds what this leg cost")
_INSURED: Final = optional("insured", NAME, "是否有运费险的事实", "the flag that says an insurer covers this leg")
_ADVANCED: Final = optional(
    "advanced", NAME, "没有另说时由谁垫付", "who advances it where no state says, else the buyer"
)
LEG: Final = Record(
    "leg",
    Text("一程运费", "a leg of postage"),
    (_TITLE, _AMOUNT, _INSURED, _ADVANCED),
    lambda got: LegSyntax(got.name, got[_TITLE], got[_AMOUNT], got[_INSURED], got[_ADVANCED], got.span),
)
_ID: Final = required("id", NAME, "策略的标识", "the policy's name in decisions")
_VERSION: Final = required("version", VALUE, "版本", "its version, as text")
_TIMEZONE: Final = required("timezone", VALUE, "时区", "the timezone that days are counted in")
_CURRENCY: Final = required("currency", VALUE, "货币", "the currency")
_ROOT: Final = required("root", NAME, "每个案件从哪个流程开始", "the flow that every case begins in")
_ROLES: Final = required("roles", _titles(Text("角色", "roles")), "做事的人", "who does actions")
_PARTIES: Final = required(
    "parties", _titles(Text("各方", "parties")), "承担费用的各方", "who can be liable or bear something"
)
_OUTCOMES: Final = required("outcomes", _titles(Text("结果", "outcomes")), "案件可能的结果", "how a case can end")
_LEGS: Final = defaulted("legs", keyed(Text("各程运费", "legs"), LEG), (), "各程运费", "the legs of postage")
POLICY_FILE: Final = Record(
    "policy_file",
    Text("policy.yaml", "policy.yaml"),
    (_ID, _VERSION, _TITLE, _TIMEZONE, _CURRENCY, _ROOT, _ROLES, _PARTIES, _OUTCOMES, _LEGS),
    lambda got: PolicyFileSyntax(
        id=got[_ID],
        version=got[_VERSION],
        title=got[_TITLE],
        timezone=got[_TIMEZONE],
        currency=got[_CURRENCY],
        root=got[_ROOT],
        roles=got[_ROLES],
        parties=got[_PARTIES],
        outcomes=got[_OUTCOMES],
        legs=got[_LEGS],
        span=got.span,
    ),
)
