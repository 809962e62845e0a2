"""Compiles ``actions.yaml``: what people do, what being done tells, and where money leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aftersales.expr.types import Kind, Type, Value
from aftersales.policy.faults import FACT, Faults
from aftersales.policy.model import Action, Param
from aftersales.policy.scripts import check_script
from aftersales.policy.values import read_value
from aftersales.policy.vocabulary import Vocabulary
from aftersales.syntax.tree import ActionSyntax, AnswerSyntax, Name
from aftersales.text import Text


def read_actions(actions: Iterable[ActionSyntax], vocabulary: Vocabulary, faults: Faults) -> Mapping[str, Action]:
    """Return the declared actions."""
    return {action.name.text: _action(action, vocabulary, faults) for action in actions}


def read_answers(answers: Iterable[AnswerSyntax], vocabulary: Vocabulary, faults: Faults) -> dict[str, Value]:
    """Return ``fact: value`` pairs, each a value of its fact; a counter or a derived fact is never told so."""
    found: dict[str, Value] = {}
    for answer in answers:
        if not faults.known(answer.fact, vocabulary.facts, FACT):
            continue
        fact = vocabulary.facts[answer.fact.text]
        if fact.counter or fact.computed:
            message = Text(f"{fact.name} 由系统计算，不能告知", f"{fact.name} is counted or computed, it is never told")
            faults.add("never_told", answer.fact.span, message)
            continue
        if answer.value.is_null and fact.flag is not None:
            found[fact.name] = None
            continue
        found[fact.name] = read_value(answer.value, fact.type, fact.name, faults)
    return found


def _action(written: ActionSyntax, vocabulary: Vocabulary, faults: Faults) -> Action:
    _check_doer(written.by, vocabulary, faults)
    if written.list is not None:
        faults.known(written.list, vocabulary.lists, Text("登记表", "list"))
    if written.to is not None:
        faults.known(written.to, vocabulary.words.doers, Text("角色或一方", "role or party"))
    if written.say is not None:
        check_script(written.say, (*vocabulary.facts, *vocabulary.params), faults)
    return Action(
        name=written.name.text,
        by=written.by.text,
        title=written.title.text,
        span=written.span,
        say=written.say.text if written.say else None,
        gives=read_answers(written.gives, vocabulary, faults),
        pays=written.pays,
        list=written.list.text if written.list else None,
        every=written.every.text if written.every else None,
        to=written.to.text if written.to else None,
        internal=written.internal,
    )


def _check_doer(by: Name, vocabulary: Vocabulary, faults: Faults) -> None:
    doers = vocabulary.words.doers
    param = vocabulary.params.get(by.text)
    if by.text in doers or (param is not None and is_role_param(param, doers)):
        return
    if param is not None:
        message = Text(f"参数 {by} 的取值不全是角色", f"not every value of the param {by} is a role")
        faults.add("wrong_type", by.span, message)
        return
    role_params = (name for name, entry in vocabulary.params.items() if is_role_param(entry, doers))
    faults.known(by, (*doers, *role_params), Text("角色或一方", "role or party"))


def is_role_param(param: Param, doers: tuple[str, ...]) -> bool:
    """Return whether a param chooses who does an action: a choice whose values are all roles or parties."""
    return _is_word(param.type) and set(param.type.values) <= set(doers)


def _is_word(type_: Type) -> bool:
    return type_.kind in {Kind.CHOICE, Kind.PARTY}
