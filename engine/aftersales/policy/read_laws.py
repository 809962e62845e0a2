"""Compiles ``laws.yaml``: every name of a law resolved, beside facts and params the flat names of what is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from aftersales.expr.scope import Scope
from aftersales.expr.tree import TRUE
from aftersales.expr.types import FLAG
from aftersales.policy.expressions import read_expression
from aftersales.policy.faults import FACT, SOURCE, Faults
from aftersales.policy.flat_names import CASES, DUTIES, NEXT_ACTIONS, SHARED, UNDECIDED, flat_names
from aftersales.policy.laws import Alike, Law
from aftersales.policy.model import Policy
from aftersales.syntax.tree import LawSyntax
from aftersales.text import Text

_SCOPES: Final[Mapping[str, Alike]] = {"same_end": "same_end", "same_answers": "same_answers"}


def read_laws(written: Iterable[LawSyntax], policy: Policy, faults: Faults) -> Mapping[str, Law]:
    """Return the laws of a policy whose flows are compiled; its facts and params share no name with a flat one."""
    laws = tuple(written)
    if not laws:
        return {}
    _check_names(policy, faults)
    one, two = law_scope(policy), law_scope(policy, CASES)
    return {law.name.text: _law(law, two if law.two_cases else one, policy, faults) for law in laws}


def law_scope(policy: Policy, cases: tuple[str, ...] = ()) -> Scope:
    """Return what a law may name; with ``cases`` every name begins with one of them: ``a.liable``."""
    facts = {**{name: fact.type for name, fact in policy.facts.items()}, **flat_names(policy)}
    params = {name: param.type for name, param in policy.params.items()}
    before = tuple(f"{case}." for case in cases) or ("",)
    actions = tuple(f"{start}{action}" for start in before for action in policy.actions)
    return Scope(
        facts={f"{start}{name}": type_ for start in before for name, type_ in facts.items()},
        params={f"{start}{name}": type_ for start in before for name, type_ in params.items()},
        parties=tuple(dict.fromkeys((*policy.parties, SHARED, UNDECIDED))),
        groups={NEXT_ACTIONS: actions, DUTIES: actions},
        cases=cases,
    )


def _law(written: LawSyntax, scope: Scope, policy: Policy, faults: Faults) -> Law:
    at_open = written.at is not None and written.at.text == "open"
    if at_open and written.two_cases and written.at is not None:
        message = Text("两个案件只在终点比较", "two cases are compared at their ends only")
        faults.add("two_cases_at_open", written.at.span, message, Text("去掉 at", "leave at out"))
    return Law(
        name=written.name.text,
        title=written.title.text,
        sources=tuple(name.text for name in written.sources if faults.known(name, policy.sources, SOURCE)),
        at="open" if at_open else "end",
        condition=TRUE if written.condition is None else read_expression(written.condition, scope, FLAG, faults),
        then=read_expression(written.then, scope, FLAG, faults),
        span=written.span,
        two_cases=tuple(name.text for name in written.two_cases if faults.known(name, policy.facts, FACT)),
        scope=None if written.scope is None else _SCOPES[written.scope.text],
    )


def _check_names(policy: Policy, faults: Faults) -> None:
    """Note every fact and param that is called like something that is decided."""
    spans = {
        **{name: fact.span for name, fact in policy.facts.items()},
        **{name: param.span for name, param in policy.params.items()},
    }
    for name in flat_names(policy):
        if name in spans:
            message = Text(
                f"{name} 在 laws.yaml 里另有所指：它是判定结果的名称",
                f"{name} means something else in laws.yaml: it names a part of what is decided",
            )
            faults.add("name_of_a_decision", spans[name], message, Text("换一个名称", "give it another name"))
