"""Every kind of fault that is put into a policy, one function each, in the order in which they are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from aftersales.policy.model import Policy
from aftersales.text import Text
from aftersales.verify.mutants import expressions, terms, vocabulary, waiting, ways, work
from aftersales.verify.mutants.expressions import Rule
from aftersales.verify.mutants.mutant import Mutant
from aftersales.verify.mutants.slots import edits_by
from aftersales.verify.mutants.workshop import Finds, Workshop

Makes = Callable[[Workshop, str], Iterator[Mutant]]


@dataclass(frozen=True, slots=True)
class Operator:
    """One kind of fault: its name, its title, and what makes its mutants."""

    name: str
    title: Text
    makes: Makes


def _anywhere(rule: Rule) -> Makes:
    """Return what makes mutants of every expression: of states and of derived facts."""

    def makes(workshop: Workshop, name: str) -> Iterator[Mutant]:
        yield from workshop.edits(name, partial(edits_by, rule=rule))
        yield from vocabulary.derived_by(workshop.policy, name, rule)

    return makes


def _in_states(finds: Finds) -> Makes:
    return lambda workshop, name: workshop.edits(name, finds)


def _beside_states(makes: Callable[[Policy, str], Iterator[Mutant]]) -> Makes:
    return lambda workshop, name: makes(workshop.policy, name)


OPERATORS: Final[tuple[Operator, ...]] = (
    Operator("flipped_comparison", Text("比较号写反或差一格", "comparison flipped"), _anywhere(expressions.flipped)),
    Operator("moved_count", Text("次数、天数加减一", "count one off"), _anywhere(expressions.moved)),
    Operator("negated_condition", Text("条件取反", "condition negated"), _anywhere(expressions.negated)),
    Operator("dropped_condition", Text("且、或少写一项", "condition left out"), _anywhere(expressions.shortened)),
    Operator("wrong_word", Text("选项写错", "another word of a choice"), _anywhere(expressions.reworded)),
    Operator("wrong_party", Text("换了承担的一方", "another party pays"), _in_states(terms.wrong_party)),
    Operator("dropped_liable", Text("没写责任方", "liable left out"), _in_states(terms.dropped_liable)),
    Operator("dropped_postage", Text("运费少写、改写一项", "postage term changed"), _in_states(terms.dropped_postage)),
    Operator("wrong_amount", Text("算式写错", "amount miscalculated"), _anywhere(expressions.miscalculated)),
    Operator("crossed_choice", Text("如果、否则对调", "if and else crossed"), _anywhere(expressions.crossed)),
    Operator("dropped_line", Text("少写一笔金额或上限", "money line or cap left out"), _in_states(terms.dropped_line)),
    Operator("wrong_target", Text("去错地方", "leads elsewhere"), _in_states(ways.misled)),
    Operator("dropped_branch", Text("少写一条分支", "branch left out"), _in_states(ways.dropped_branch)),
    Operator("dropped_change", Text("少写忘记、记下或计数", "forget, take or add left out"), _in_states(ways.dropped_change)),
    Operator("changed_answer", Text("记下的回答写错", "another answer taken"), _in_states(ways.changed_answer)),
    Operator("dropped_offer", Text("可选项少写或放宽", "offer changed"), _in_states(waiting.dropped_offer)),
    Operator("moved_deadline", Text("期限改长改短", "deadline moved"), _in_states(waiting.moved_deadline)),
    Operator("dropped_deadline", Text("没有期限", "deadline left out"), _in_states(waiting.dropped_deadline)),
    Operator("dropped_late", Text("逾期少写一项或次序颠倒", "late edge changed"), _in_states(waiting.dropped_late)),
    Operator("dropped_until", Text("没有等", "until left out"), _in_states(waiting.dropped_until)),
    Operator("dropped_reopen", Text("少写重开", "reopening left out"), _in_states(waiting.dropped_reopen)),
    Operator("dropped_anytime", Text("少写随时", "interrupt left out"), _beside_states(vocabulary.dropped_anytime)),
    Operator("wrong_outcome", Text("结果写错", "another outcome"), _in_states(work.wrong_outcome)),
    Operator("dropped_action", Text("少写一个动作", "action left out"), _in_states(work.dropped_action)),
    Operator("dropped_duty", Text("少写一项义务", "duty left out"), _in_states(work.dropped_duty)),
    Operator("dropped_order", Text("少写先后", "order of work left out"), _in_states(work.dropped_order)),
    Operator("moved_param", Text("参数差一点", "param one off"), _beside_states(vocabulary.moved_param)),
    Operator("moved_tier", Text("分档写错", "tier changed"), _beside_states(vocabulary.moved_tier)),
    Operator("dropped_overlay", Text("少写平台或店铺的规定", "overlay left out"), _beside_states(vocabulary.dropped_overlay)),
    Operator("untold", Text("动作做完少记一项", "action tells less"), _beside_states(vocabulary.untold)),
)  # fmt: skip


def mutants_of(workshop: Workshop) -> Iterator[Mutant]:
    """Yield every mutant of a policy, operator by operator."""
    for operator in OPERATORS:
        yield from operator.makes(workshop, operator.name)
