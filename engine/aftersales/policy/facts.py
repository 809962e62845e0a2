"""Compiles ``facts.yaml`` and the local facts of flow files: types first, then what derived facts are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from aftersales.dataclass import replace
from aftersales.expr.names import nodes
from aftersales.expr.tree import Present
from aftersales.expr.types import FLAG, Kind, Type
from aftersales.policy.arrival import inputs
from aftersales.policy.computed import COMPUTED_FACTS, COMPUTED_FLAGS
from aftersales.policy.expressions import read_expression
from aftersales.policy.faults import FACT, PARTY, Faults
from aftersales.policy.model import Fact, Holds
from aftersales.policy.values import read_value
from aftersales.policy.vocabulary import LINE_ATTRIBUTES, ORDER, POLICY, Vocabulary, Words
from aftersales.syntax.tree import FactsFileSyntax, FactSyntax, FlowSyntax, Name, ScalarText, ValueSyntax
from aftersales.text import Text

#: The largest bound of a counter: each of its values is told apart where what can happen is tried.
MOST_COUNTED: Final = 1_000


def declare_facts(
    file: FactsFileSyntax, flows: Iterable[FlowSyntax], words: Words, faults: Faults
) -> Mapping[str, Fact]:
    """Return every fact with its type, title and who answers it, not yet with what it is derived from."""
    found: dict[str, Fact] = {}
    for written, flow in _all_facts(file, flows):
        name = written.name.text
        if name in found:
            other = found[name].span
            message = Text(f"事实 {name} 已在 {other} 声明", f"fact {name} is already declared at {other}")
            faults.add("declared_twice", written.name.span, message)
            continue
        found[name] = _declare(written, flow, words, faults)
    return found


def declare_line_facts(file: FactsFileSyntax, words: Words, faults: Faults) -> Mapping[str, Fact]:
    """Return the declared attributes of order lines."""
    found: dict[str, Fact] = {}
    for written in file.line_facts:
        name = written.name.text
        if name in LINE_ATTRIBUTES:
            message = Text(f"每个订单行都已有 {name}", f"every order line already has {name}")
            faults.add("declared_twice", written.name.span, message)
        found[name] = _fact(written, None, words, faults)
    return found


def derive_facts(
    vocabulary: Vocabulary, file: FactsFileSyntax, flows: Iterable[FlowSyntax], faults: Faults
) -> Mapping[str, Fact]:
    """Return the facts with the expressions of the derived ones; flags that nullable facts name are checked."""
    facts = dict(vocabulary.facts)
    for written, flow in _all_facts(file, flows):
        fact = facts[written.name.text]
        if written.derived is not None and fact.span == written.span:
            scope = vocabulary.scope((flow,) if flow else (), derives=True)
            facts[fact.name] = replace(fact, derived=read_expression(written.derived, scope, fact.type, faults))
    for written, _ in _all_facts(file, flows):
        _check_flag(written, facts, faults)
        _check_present(written, facts, faults)
    _check_circle(facts, faults)
    return facts


def _check_present(written: FactSyntax, facts: Mapping[str, Fact], faults: Faults) -> None:
    derived = facts[written.name.text].derived
    for node in nodes(derived) if derived is not None else ():
        if isinstance(node, Present) and facts[node.fact].flag is None:
            message = Text(
                f"{node.fact} 总有值，不必问 present", f"{node.fact} is never none, present says nothing of it"
            )
            hint = Text(f"给 {node.fact} 写上 flag: {written.name}", f"give {node.fact} flag: {written.name}")
            faults.add("never_none", written.derived.span if written.derived else written.span, message, hint)


def _check_circle(facts: Mapping[str, Fact], faults: Faults) -> None:
    try:
        TopologicalSorter({name: inputs(fact) for name, fact in facts.items()}).prepare()
    except CycleError as found:
        circle = tuple(reversed(found.args[1]))
        shown = " → ".join(circle)
        message = Text(f"派生事实互相依赖成环：{shown}", f"derived facts are made of each other in a circle: {shown}")
        faults.add("derived_circle", facts[circle[0]].span, message)


def read_holds(vocabulary: Vocabulary, file: FactsFileSyntax, faults: Faults) -> tuple[Holds, ...]:
    """Return the relations between facts that every case must keep."""
    scope = vocabulary.scope()
    return tuple(Holds(read_expression(text, scope, FLAG, faults), text.span) for text in file.holds)


def _all_facts(file: FactsFileSyntax, flows: Iterable[FlowSyntax]) -> Iterator[tuple[FactSyntax, str | None]]:
    yield from ((written, None) for written in file.facts)
    for flow in flows:
        yield from ((written, flow.name.text) for written in flow.facts)


def _declare(written: FactSyntax, flow: str | None, words: Words, faults: Faults) -> Fact:
    fact = _fact(written, flow, words, faults)
    _check_origin(written, fact, faults)
    if fact.counter:
        _check_bound(written, fact, faults)
    return fact


def _check_bound(written: FactSyntax, fact: Fact, faults: Faults) -> None:
    """Note a counter without a bound, or with one so large that its values cannot be told apart one by one."""
    if fact.type.high is None:
        message = Text(f"计数事实 {fact.name} 需要上限", f"the counter {fact.name} needs a bound")
        faults.add("no_bound", written.span, message, Text("写上 max: 2", "give max: 2, say"))
    elif fact.type.high > MOST_COUNTED:
        message = Text(
            f"计数事实 {fact.name} 的上限大于 {MOST_COUNTED:,}",
            f"the bound of the counter {fact.name} is above {MOST_COUNTED:,}",
        )
        hint = Text(f"max 最多写 {MOST_COUNTED}", f"give max: {MOST_COUNTED} at most")
        faults.add("bound_too_large", written.high.span if written.high else written.span, message, hint)


def _fact(written: FactSyntax, flow: str | None, words: Words, faults: Faults) -> Fact:
    type_ = read_type(written.type, written.values, words, faults)
    type_ = _bounded(written, type_, faults)
    derived = written.derived is not None
    answered_by = _answered_by(written, words, faults)
    return Fact(
        name=written.name.text,
        type=type_,
        title=written.title.text,
        answered_by=answered_by,
        span=written.span,
        ask=written.ask.text if written.ask else None,
        value_titles=_value_titles(written),
        computed=written.computed,
        flag=written.flag.text if written.flag else None,
        counter=answered_by == POLICY and type_.kind is Kind.COUNT and not derived and not written.computed,
        flow=flow,
    )


def read_type(kind_name: Name, values: Iterable[ValueSyntax], words: Words, faults: Faults) -> Type:
    """Return the type that ``type:`` and ``values:`` declare, without bounds."""
    if not faults.known(kind_name, (kind.value for kind in Kind), Text("类型", "type")):
        return FLAG
    kind = Kind(kind_name.text)
    listed = tuple(entry.value for entry in values)
    if kind is Kind.PARTY:
        return Type(kind, _parties(listed, words, faults) or tuple(words.parties))
    if kind is Kind.CHOICE:
        return Type(kind, _choice_words(kind_name, listed, faults))
    return Type(kind, low=0 if kind in {Kind.COUNT, Kind.MONEY} else None)


def _parties(listed: Iterable[ScalarText], words: Words, faults: Faults) -> tuple[str, ...]:
    return tuple(word.text for word in listed if faults.known(Name(word.text, word.span), words.parties, PARTY))


def _choice_words(kind_name: Name, listed: tuple[ScalarText, ...], faults: Faults) -> tuple[str, ...]:
    if len(listed) < 2:
        message = Text("选项至少要有两个取值", "a choice has at least two values")
        faults.add("too_few_values", kind_name.span, message)
    for word in listed:
        if not (word.text.isidentifier() and word.text.isascii()):
            message = Text(f"{word.text} 不能作为取值的名字", f"{word.text} is no name for a value")
            hint = Text("用英文小写字母、数字和下划线", "use lower-case letters, digits and underscores")
            faults.add("bad_name", word.span, message, hint)
    return tuple(word.text for word in listed) or ("nothing",)


def _bounded(written: FactSyntax, type_: Type, faults: Faults) -> Type:
    if type_.kind not in {Kind.COUNT, Kind.MONEY}:
        return type_
    low = _bound(written.low, type_, written.name.text, faults)
    high = _bound(written.high, type_, written.name.text, faults)
    if low is not None and high is not None and low > high:
        faults.add(
            "reversed_bounds",
            written.low.span if written.low else written.span,
            Text("下限高于上限", "min is above max"),
        )
    return replace(type_, low=type_.low if low is None else low, high=high)


def _bound(written: ScalarText | None, type_: Type, name: str, faults: Faults) -> int | None:
    if written is None:
        return None
    value = read_value(written, Type(type_.kind), name, faults)
    return value if isinstance(value, int) else None


def _answered_by(written: FactSyntax, words: Words, faults: Faults) -> str:
    if written.answered_by is None:
        return ORDER if written.computed else POLICY
    answerers = (*words.doers, ORDER, POLICY)
    faults.known(written.answered_by, answerers, Text("回答者", "answerer"))
    return written.answered_by.text


def _value_titles(written: FactSyntax) -> Mapping[str, Text]:
    return {entry.value.text: entry.title.text for entry in written.values if entry.title is not None}


def _check_origin(written: FactSyntax, fact: Fact, faults: Faults) -> None:
    told = written.derived is None and not written.computed
    if told and written.answered_by is None:
        message = Text(f"没有写明谁回答 {fact.name}", f"nobody is named who answers {fact.name}")
        faults.add("no_answerer", written.name.span, message, Text("写上 from", "give from: a role, a party or order"))
    if told and not fact.counter and fact.ask is None:
        message = Text(f"{fact.name} 没有提问文字", f"{fact.name} has no question")
        faults.add("no_ask", written.name.span, message, Text("写上 ask: {zh, en}", "give ask: {zh, en}"))
    if written.computed and fact.name not in COMPUTED_FACTS:
        message = Text(f"引擎不会计算 {fact.name}", f"the engine computes no {fact.name}")
        known = ", ".join(COMPUTED_FACTS)
        faults.add("unknown_computed", written.name.span, message, Text(f"可以是：{known}", f"one of: {known}"))
    kind = Kind.FLAG if fact.name in COMPUTED_FLAGS else Kind.MONEY
    if written.computed and fact.type.kind is not kind:
        what = Text("是否事实" if kind is Kind.FLAG else "金额", "a flag" if kind is Kind.FLAG else "money")
        message = Text(f"{fact.name} 由引擎计算，是{what.zh}", f"{fact.name} is computed, as {what.en}")
        faults.add("wrong_type", written.type.span, message)


def _check_flag(written: FactSyntax, facts: Mapping[str, Fact], faults: Faults) -> None:
    if written.flag is None or not faults.known(written.flag, facts, FACT):
        return
    if facts[written.flag.text].derived != Present(written.name.text):
        message = Text(f"{written.flag} 不是 present({written.name})", f"{written.flag} is not present({written.name})")
        hint = Text(
            f"给 {written.flag} 写上 is: present({written.name})", f"give {written.flag} is: present({written.name})"
        )
        faults.add("bad_flag", written.flag.span, message, hint)
